"""Text in words. One dictionary for checks and search: it takes 30 MB, and each process needs it at most once."""

from functools import cache
from types import ModuleType

FREQUENCY = 20_000  # high enough that the segmenter keeps the word whole
# Words that the dictionary lacks and that official texts are full of.
OWN_WORDS = (
    "放管服",
    "营商环境",
    "双随机",
    "一网通办",
    "跨省通办",
    "好差评",
    "公租房",
    "保租房",
    "低保",
    "医保",
    "社保",
)


@cache
def segmenter() -> ModuleType:
    """`rjieba` with our words. Its dictionary takes a quarter of a second, and most texts of the checks never need it."""
    import rjieba  # noqa: PLC0415

    for word in OWN_WORDS:
        rjieba.add_word(word, FREQUENCY, "n")
    return rjieba
