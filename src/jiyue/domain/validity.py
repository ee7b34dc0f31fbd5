"""时效: what a document is worth on a day, from what it says of itself and what later documents do to it.

A document that repeals or amends another one does so from its own day of effect (自……起施行，……同时废止). Days are
calendar days in Asia/Shanghai; a last day (有效期至) still counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Act(StrEnum):
    """What a later document does to an earlier one."""

    AMENDS = "amends"
    REPEALS = "repeals"


@dataclass(frozen=True)
class Effect:
    """A later document, by its identity, amends or repeals from a day on."""

    by: str
    act: Act
    on: date


@dataclass(frozen=True)
class Standing:
    """What holds: the code, since when, by which document, and the next day on which it may change.

    `code` is "" (nothing stated), unchecked, not_yet, valid, amended, repealed or expired. `since` and `by` are absent
    where only the document's own field says so.
    """

    code: str
    since: date | None = None
    by: str = ""
    turns_on: date | None = None


def standing(
    stated: str, *, on: date, effective_on: date | None = None, expires_on: date | None = None,
    effects: Iterable[Effect] = (),
) -> Standing:  # fmt: skip
    """How a document stands on a day.

    `stated` is what its own page says: in_force, amended, expired, repealed, unchecked or "". What ends it outweighs
    what changes it, and the earliest end counts: an expired document that is repealed later expired.
    """
    known = sorted(effects, key=lambda effect: (effect.on, effect.act, effect.by))
    turns_on = _next_turn(on, effective_on, expires_on, known)
    past = [effect for effect in known if effect.on <= on]
    ends = [Standing("repealed", effect.on, effect.by, turns_on) for effect in past if effect.act == Act.REPEALS]
    if stated == "repealed":
        return ends[0] if ends else Standing(stated)
    if stated == "expired":
        return Standing(stated)
    if expires_on is not None and expires_on < on:
        ends.append(Standing("expired", expires_on + ONE_DAY, "", turns_on))
    if ends:
        return min(ends, key=lambda end: end.since or date.min)
    if effective_on is not None and effective_on > on:
        return Standing("not_yet", turns_on=turns_on)
    if past:
        return Standing("amended", past[-1].on, past[-1].by, turns_on)
    return Standing(OWN_WORD.get(stated, ""), turns_on=turns_on)


OWN_WORD = {"in_force": "valid", "amended": "amended", "unchecked": "unchecked"}


def _next_turn(on: date, effective_on: date | None, expires_on: date | None, effects: list[Effect]) -> date | None:
    days = [effect.on for effect in effects]
    days += [effective_on] if effective_on else []
    # The last day of the calendar has no day after it; a document "until 9999-12-31" never turns.
    days += [expires_on + ONE_DAY] if expires_on and expires_on < date.max else []
    return min((day for day in days if day > on), default=None)
