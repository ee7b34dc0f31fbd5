"""How days are counted where the texts are silent (Q-01, Q-02): a setting of the rule packs, like any other rule.

No text says whether the day of the event counts, when the last day ends, or whether 1月31日前 includes the 31st. What the
program does unless a pack says otherwise is written in the national pack as what it is, a convention and no rule.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

PARAMETER: Final = "deadline.counting"
END_OF_DAY: Final = time(23, 59, 59)
PARTS: Final = ("start-day", "day-ends", "named-day")
COUNTED: Final = {"counted": True, "not-counted": False}
MIDNIGHT: Final = "midnight"
_HOUR: Final = re.compile(r"(1[2-9]|2[0-3]):([0-5][0-9])")


class NotACounting(ValueError):
    """The setting says no way of counting; `part` is what is wrong or missing, `found` what was written there."""

    def __init__(self, part: str, found: str) -> None:
        super().__init__(f"{part}: {found!r}")
        self.part, self.found = part, found


@dataclass(frozen=True)
class Counting:
    """The three answers. `day_ends` is when the last day of a limit ends, in Asia/Shanghai."""

    start_day_counts: bool = False
    day_ends: time = END_OF_DAY
    named_day_counts: bool = True


USUAL: Final = Counting()


def read_counting(setting: Any) -> Counting:
    """`{start-day: not-counted, day-ends: midnight, named-day: counted}`; all three parts. Raises NotACounting.

    `day-ends` is `midnight` or a close of work from 12:00 to 23:59.
    """
    if not isinstance(setting, Mapping):
        raise NotACounting("value", str(setting))
    foreign = [str(part) for part in setting if part not in PARTS]
    if foreign:
        raise NotACounting(foreign[0], foreign[0])
    start, ends, named = (setting.get(part) for part in PARTS)
    return Counting(_counted("start-day", start), _end(ends), _counted("named-day", named))


def _counted(part: str, word: Any) -> bool:
    if not isinstance(word, str) or word not in COUNTED:
        raise NotACounting(part, "" if word is None else str(word))
    return COUNTED[word]


def _end(word: Any) -> time:
    if word == MIDNIGHT:
        return END_OF_DAY
    found = _HOUR.fullmatch(word) if isinstance(word, str) else None
    if found is None:
        raise NotACounting("day-ends", "" if word is None else str(word))
    return time(int(found[1]), int(found[2]))
