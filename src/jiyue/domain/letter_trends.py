"""What many letters have in common, and how a period compares with others: pure, reproducible, without a dictionary.

Nothing here judges what anybody says. Words count by how many different people used them; what fewer than `FEWEST` said is
not shown. `LIKENESS` is that of the hints at duplicates: the share of pairs of characters that two texts have in common.
"""

import hashlib
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import eq
from typing import Final

FEWEST: Final = 3  # people
LIKENESS: Final = 0.5
SHORTEST, LONGEST = 3, 8  # characters of what is sought
LONGEST_SHOWN: Final = 20  # characters of a phrase
MOST_PHRASES: Final = 20
CANDIDATES: Final = 200
COMPARED: Final = 600  # characters of a text
MOST_GROUPS: Final = 100
ORDERS, AGREEING, NEIGHBOURS = 16, 3, 3
PRIME: Final = (1 << 61) - 1
KEPT_PAIRS: Final = 2000  # letters whose pairs are kept at hand
MANY: Final = 5000  # letters from which on rare words are left out before they are kept
BOXES: Final = 1 << 25  # so many that of a hundred thousand long titles few rare words share one; a byte each
RISES: Final = 2  # times as many as before
_FACTORS = tuple(
    (int.from_bytes(digest[:7]) + 1, int.from_bytes(digest[8:15]))
    for digest in (hashlib.sha256(b"order %d" % order).digest() for order in range(ORDERS))
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_NO_EDGE = frozenset("的了是在和与及等有对从到被把请问吗呢吧我你您他她它们这那不就都也还要能可以什么怎为关于上下中个一")


class Length(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """A month, quarter or year; days of Beijing, both included. `code` is `2026-11`, `2026-Q4` or `2026`."""

    length: Length
    since: date
    until: date

    @property
    def code(self) -> str:
        if self.length == Length.MONTH:
            return f"{self.since:%Y-%m}"
        return (
            f"{self.since.year}-Q{(self.since.month + 2) // 3}"
            if self.length == Length.QUARTER
            else f"{self.since.year}"
        )

    @property
    def before(self) -> "Period":
        """The one that ends the day before this begins."""
        return period_at(self.length, self.since - timedelta(days=1))

    @property
    def year_ago(self) -> "Period":
        """The same one of the year before."""
        return period_at(self.length, self.since.replace(year=self.since.year - 1))

    def first_days(self, count: int) -> "Period":
        """Its first days alone, all of them where it has no more."""
        return replace(self, until=min(self.until, self.since + timedelta(days=count - 1)))

    def is_running(self, today: date) -> bool:
        return self.since <= today < self.until

    def compared(self, today: date) -> tuple["Period", "Period", "Period"]:
        """This one, the one before and that of a year ago; of a running one as many days of each as have begun."""
        if not self.is_running(today):
            return self, self.before, self.year_ago
        days = (today - self.since).days + 1
        return self.first_days(days), self.before.first_days(days), self.year_ago.first_days(days)


def period_at(length: Length, day: date) -> Period:
    """The period of this length in which a day lies."""
    months = {Length.MONTH: 1, Length.QUARTER: 3, Length.YEAR: 12}[length]
    first = (day.month - 1) // months * months + 1
    since = date(day.year, first, 1)
    after = date(day.year + (first + months > 12), (first + months - 1) % 12 + 1, 1)
    return Period(length, since, after - timedelta(days=1))


def period_of(code: str) -> Period | None:
    """The period that a code names; None for what names none."""
    found = re.fullmatch(r"(20\d\d)(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?", code)
    if found is None:
        return None
    year, month, quarter = int(found[1]), found[2], found[3]
    if month:
        return period_at(Length.MONTH, date(year, int(month), 1))
    return (
        period_at(Length.QUARTER, date(year, 3 * int(quarter), 1))
        if quarter
        else period_at(Length.YEAR, date(year, 1, 1))
    )


@dataclass(frozen=True)
class Told:
    """One letter: `person` stands for who wrote it, without telling who; letters of unknown senders are each another's."""

    key: int
    person: str
    title: str
    text: str
    unit: str = ""


@dataclass(frozen=True)
class Phrase:
    """Words that stand in the titles of letters of several people. `weight` is for how many letters one of `before` stands,
    measured by one of now: where only some of a period were read, 1 otherwise.
    """

    words: str
    letters: int
    people: int
    before: int = 0
    weight: float = 1.0

    @property
    def rises(self) -> bool:
        return self.letters >= max(FEWEST, RISES * self.before * self.weight)


@dataclass(frozen=True)
class Group:
    """Letters of several people that say nearly the same. `words` is what their titles share; empty where that is nothing."""

    words: str
    letters: int
    people: int
    units: tuple[str, ...]


def phrases(
    letters: Sequence[Told],
    *,
    hide: Callable[[str, list[str]], bool],
    earlier: Sequence[Told] = (),
    weight: float = 1.0,
) -> list[Phrase]:
    """What titles have in common, the most frequent first. `hide` says of words and some titles with them that they tell
    of a person; these are left out. `earlier` are the letters of the period before, `weight` that of each of them (`Phrase`).
    """
    people, count = _counted(letters)
    often = [words for words, who in people.items() if len(who) >= FEWEST]
    often.sort(key=lambda words: (-len(people[words]), -len(words), words))
    chosen: list[str] = []
    hidden: set[str] = set()
    for words in often[: CANDIDATES * 10]:
        if len(chosen) >= MOST_PHRASES:
            break
        longer = any(
            words in other and count[other] * 10 >= count[words] * 7 for other in often[:CANDIDATES] if other != words
        )
        if longer or _known(words, chosen):
            continue
        whole = _whole(words, letters)
        if not whole or whole in hidden or _known(whole, chosen):
            continue
        if hide(whole, [one.title for one in letters if whole in one.title][:5]):
            hidden.add(whole)
        else:
            chosen.append(whole)
    found = [_phrase(words, letters, earlier, weight) for words in chosen]
    return sorted(found, key=lambda one: (-one.people, -len(one.words), one.words))


def groups(letters: Sequence[Told], *, hide: Callable[[str, list[str]], bool]) -> list[Group]:
    """Letters that say nearly the same, of at least `FEWEST` people, the largest `MOST_GROUPS` first. Reproducible: by pairs of
    characters. Time and memory grow with the letters, not with their square: pairs of characters are made anew where two
    letters are compared, and only those are that agree in the least pairs of several orders.
    """
    leader = list(range(len(letters)))
    pairs = lru_cache(maxsize=KEPT_PAIRS)(lambda number: _pairs(_compared(letters[number])))
    for one, other in _candidates([_signed(_compared(letter)) for letter in letters]):
        mine, theirs = _root(leader, one), _root(leader, other)
        if mine != theirs and len(pairs(one) & pairs(other)) >= LIKENESS * len(pairs(one) | pairs(other)):
            leader[max(mine, theirs)] = min(mine, theirs)
    joined: dict[int, list[Told]] = defaultdict(list)
    for number, letter in enumerate(letters):
        joined[_root(leader, number)].append(letter)
    several = [(len({one.person for one in members}), members) for members in joined.values() if len(members) >= FEWEST]
    largest = sorted((each for each in several if each[0] >= FEWEST), key=lambda each: (-each[0], -len(each[1])))
    found = [_group(members, hide) for _people, members in largest[:MOST_GROUPS]]
    return sorted(found, key=lambda one: (-one.people, -one.letters, one.words))


def change(now: int, before: int) -> int | None:
    """By how many per cent it grew, rounded towards nought; None where there was nothing before."""
    return int(100 * (now - before) / before) if before else None


def _counted(letters: Sequence[Told]) -> tuple[dict[str, set[str]], Counter[str]]:
    """Who says which words in a title, and in how many titles they stand. Of very many letters only words of which `FEWEST`
    may say so are kept: those that fewer say are found out before, by counting what falls into the same of many boxes.
    """
    boxes = _boxes(letters) if len(letters) > MANY else None
    people: dict[str, set[str]] = defaultdict(set)
    count: Counter[str] = Counter()
    for one in letters:
        for words in set(_stretches(one.title)):
            if boxes is None or boxes[hash(words) % BOXES] >= FEWEST:
                people[words].add(one.person)
                count[words] += 1
    return people, count


def _boxes(letters: Iterable[Told]) -> Sequence[int]:
    boxes = bytearray(BOXES)
    for one in letters:
        for box in {hash(words) % BOXES for words in _stretches(one.title)}:
            boxes[box] = min(boxes[box] + 1, FEWEST)
    return boxes


def _stretches(title: str) -> Iterator[str]:
    for stretch in _HAN.findall(title):
        for size in range(SHORTEST, LONGEST + 1):
            for at in range(len(stretch) - size + 1):
                words = stretch[at : at + size]
                if words[0] not in _NO_EDGE and words[-1] not in _NO_EDGE:
                    yield words


def _phrase(words: str, letters: Iterable[Told], earlier: Iterable[Told], weight: float) -> Phrase:
    people = [one.person for one in letters if words in one.title]
    return Phrase(words, len(people), len(set(people)), sum(words in one.title for one in earlier), weight)


def _known(words: str, chosen: Iterable[str]) -> bool:
    return any(words in other or other in words or _overlaps(words, other) for other in chosen)


def _whole(words: str, letters: Iterable[Told]) -> str:
    """The words with what stands before and after them more often than not, `LONGEST_SHOWN` characters at most; empty where
    fewer than `FEWEST` people say the whole.
    """
    holding = [one for one in letters if words in one.title]
    for side in (-1, 1):
        while len(words) < LONGEST_SHOWN and (sign := _mostly(words, holding, side)):
            words = sign + words if side < 0 else words + sign
            holding = [one for one in holding if words in one.title]
    return words.strip("".join(_NO_EDGE)) if len({one.person for one in holding}) >= FEWEST else ""


def _mostly(words: str, letters: Iterable[Told], side: int) -> str:
    """The Chinese character that more often than not stands before (-1) or after (1) the words; empty where none does."""
    signs: Counter[str] = Counter()
    for one in letters:
        for found in re.finditer(words, one.title):
            at = found.start() - 1 if side < 0 else found.end()
            signs[one.title[at : at + 1] if at >= 0 else ""] += 1
    (sign, count), *_rest = signs.most_common(1) or [("", 0)]
    return sign if _HAN.fullmatch(sign) and 2 * count > signs.total() else ""


def _overlaps(words: str, other: str) -> bool:
    """Does one begin with two or more of the characters with which the other ends?"""
    return any(
        words.endswith(other[:size]) or other.endswith(words[:size]) for size in range(2, min(len(words), len(other)))
    )


def _group(members: Sequence[Told], hide: Callable[[str, list[str]], bool]) -> Group:
    people, count = _counted(members)
    titles = [one.title for one in members]
    shared = sorted(people, key=lambda words: (-count[words], -len(words), words))[:30]
    wholes = dict.fromkeys(_whole(one, members) for one in shared if len(people[one]) >= FEWEST)
    words = next((one for one in wholes if one and not hide(one, [t for t in titles if one in t][:5])), "")
    units = tuple(sorted({one.unit for one in members if one.unit}))
    return Group(words, len(members), len({one.person for one in members}), units)


def _candidates(signed: Sequence[tuple[int, Sequence[int]]]) -> Iterator[tuple[int, int]]:
    """Letters whose least pair is the same by one of `ORDERS` fixed orders of all pairs (MinHash), and in `AGREEING` of them
    altogether: of two that have half of their pairs in common, one in five hundred is missed. Of letters with the same least
    pair those stand beside each other that agree in the orders after it too. The order of letters and the machine change
    nothing.
    """
    for order in range(ORDERS):
        after = [(order + step) % ORDERS for step in range(NEIGHBOURS)]

        def place(number: int, after: Sequence[int] = after) -> tuple[int, ...]:
            return (*(signed[number][1][each] for each in after), number)

        numbers = sorted((number for number, (size, _least) in enumerate(signed) if size), key=place)
        first = last = -1
        for number in numbers:
            if first < 0 or signed[first][1][order] != signed[number][1][order]:
                first = last = number
                continue
            if signed[last][1][after[1]] != signed[number][1][after[1]]:
                yield from _if_alike(signed, (first,), number)
                first = last = number
                continue
            yield from _if_alike(signed, {first, last}, number)
            last = number


def _if_alike(
    signed: Sequence[tuple[int, Sequence[int]]], ones: Iterable[int], other: int
) -> Iterator[tuple[int, int]]:
    size, least = signed[other]
    for one in ones:
        its_size, its_least = signed[one]
        agreeing = sum(map(eq, least, its_least))
        if agreeing >= AGREEING and min(size, its_size) >= LIKENESS * max(size, its_size):
            yield min(one, other), max(one, other)


def _signed(text: str) -> tuple[int, Sequence[int]]:
    """How many pairs of characters a text has, and by each order the place of the least one."""
    codes = {ord(pair[0]) << 21 | ord(pair[1]) for pair in _pairs(text)}
    places = [min((factor * code + addend) % PRIME for code in codes) for factor, addend in _FACTORS] if codes else []
    return len(codes), array("Q", places)


def _compared(letter: Told) -> str:
    return letter.title + letter.text[:COMPARED]


def _root(leader: list[int], at: int) -> int:
    while leader[at] != at:
        leader[at] = leader[leader[at]]
        at = leader[at]
    return at


def _pairs(text: str) -> set[str]:
    plain = "".join(letter for letter in text if letter.isalnum())
    return {plain[n : n + 2] for n in range(len(plain) - 1)}
