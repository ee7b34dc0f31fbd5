"""Characters taken for one another: the same sound, or the same look. Written down for this project."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "looks.txt"
# Groups of one look; what sounds alike is not listed again.
LOOKS = tuple(
    group
    for line in _FILE.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for group in line.split()
)


@cache
def alike(one: str, other: str) -> bool:
    """Whether one character may have been typed or read for the other."""
    if any(one in group and other in group for group in LOOKS):
        return True
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its tables take a third of a second, and seldom are needed

    sounds = lazy_pinyin(one + other, style=Style.NORMAL)
    return len(sounds) == 2 and sounds[0] == sounds[1]
