"""Official documents whose own number, index number or numbering of articles and chapters is wrong in one place."""

import re

from jiyue.checks.matter import Matter
from tests.unit.checks.quality.spoiling import NUMBER, Chance, Spoiler, Spoilt, one_of, put, spoilt_in

BRACKETS = ("[]", "［］", "（）", "()", "【】", "《》", "〈〉", "〔]", "[〕")


def number_brackets(matter: Matter, chance: Chance) -> Spoilt | None:
    found = one_of(NUMBER, matter.text, chance)
    pair = chance.choice(BRACKETS)
    text = (
        put(matter.text, found, f"{found['code']}{pair[0]}{found['year']}{pair[1]}{found['serial']}号")
        if found
        else None
    )
    return spoilt_in(matter, "number: wrong brackets", "document.number", text)


def number_ordinal(matter: Matter, chance: Chance) -> Spoilt | None:
    found = one_of(NUMBER, matter.text, chance)
    text = put(matter.text, found, f"{found['code']}〔{found['year']}〕第{found['serial']}号") if found else None
    return spoilt_in(matter, "number: 第 before the serial", "document.number", text)


def number_zeros(matter: Matter, chance: Chance) -> Spoilt | None:
    found = one_of(NUMBER, matter.text, chance)
    zeros = "0" * chance.randint(1, 2)
    text = put(matter.text, found, f"{found['code']}〔{found['year']}〕{zeros}{found['serial']}号") if found else None
    return spoilt_in(matter, "number: zeros before the serial", "document.number", text)


def number_without_end(matter: Matter, chance: Chance) -> Spoilt | None:
    found = one_of(NUMBER, matter.text, chance)
    text = put(matter.text, found, found[0][:-1]) if found else None
    return spoilt_in(matter, "number: 号 missing", "document.number", text)


def number_future(matter: Matter, chance: Chance) -> Spoilt | None:
    found = one_of(NUMBER, matter.text, chance)
    year = chance.randint(2027, 2099)
    text = put(matter.text, found, f"{found['code']}〔{year}〕{found['serial']}号") if found else None
    return spoilt_in(matter, "number: a year to come", "document.number", text)


def number_other_than_field(matter: Matter, chance: Chance) -> Spoilt | None:
    """The number under the title with another serial than the field."""
    value = matter.fields.get("document_number", "")
    found = NUMBER.fullmatch(value)
    line = re.search(rf"^{re.escape(value)}\s*$", matter.text, re.M) if found else None
    serial = int(found["serial"]) + chance.randint(1, 9) if found else 0
    text = put(matter.text, line, f"{found['code']}〔{found['year']}〕{serial}号\n") if found and line else None
    return spoilt_in(matter, "number: not that of the field", "document.number", text)


def number_wrong_year(matter: Matter, chance: Chance) -> Spoilt | None:
    """The number's year is not that in which the document was signed."""
    value = matter.fields.get("document_number", "")
    found = NUMBER.fullmatch(value)
    if not found or not re.search(rf"^{re.escape(value)}\s*$", matter.text, re.M):
        return None
    year = int(found["year"]) - chance.randint(2, 12)
    wrong = f"{found['code']}〔{year}〕{found['serial']}号"
    return spoilt_in(
        matter,
        "number: not the year of signing",
        "document.number",
        matter.text.replace(value, wrong, 1),
        document_number=wrong,
    )


# -- index numbers -------------------------------------------------------------------------------------------------


def index_form(matter: Matter, chance: Chance) -> Spoilt | None:
    value = matter.fields.get("index_number", "")
    if not value:
        return None
    code, rest = value.split("/")
    year, serial = rest.split("-")
    wrong = chance.choice((
        f"{code[:-1]}/{year}-{serial}", f"{code}{chance.randint(0, 9)}/{year}-{serial}", f"{code}{year}-{serial}",
        f"{code}/{year}-{serial[1:]}",
        f"{code}/{year}{serial}", f"{code}/{year}—{serial}", f"{code}/{year[1:]}-{serial}", f"{code}／{year}-{serial}",
    ))  # fmt: skip
    return spoilt_in(matter, "index number: not the form", "document.index-number", matter.text, index_number=wrong)


def index_digit(matter: Matter, chance: Chance) -> Spoilt | None:
    value = matter.fields.get("index_number", "")
    if not value:
        return None
    at = chance.choice([place for place, sign in enumerate(value.split("/")[0]) if sign != "0"])
    wrong = value[:at] + str((int(value[at]) + chance.randint(1, 9)) % 10) + value[at + 1 :]
    return spoilt_in(
        matter, "index number: one digit of the code wrong", "document.index-number", matter.text, index_number=wrong
    )


def index_year(matter: Matter, chance: Chance) -> Spoilt | None:
    value = matter.fields.get("index_number", "")
    wrong = re.sub(r"/\d{4}-", f"/{chance.choice((chance.randint(2027, 2099), chance.randint(1000, 1900)))}-", value)
    return (
        spoilt_in(matter, "index number: impossible year", "document.index-number", matter.text, index_number=wrong)
        if value
        else None
    )


# -- numbering -----------------------------------------------------------------------------------------------------

_NUMERALS = "零一二三四五六七八九"
ARTICLE = re.compile(r"^第([一二三四五六七八九十百]+)条(?=[ \u3000])", re.M)
CHAPTER = re.compile(r"^(?:## )?第([一二三四五六七八九十]+)章(?=[ \u3000])", re.M)
SECOND = re.compile(r"^（([一二三四五六七八九十]+)）", re.M)
FIRST = re.compile(r"^([一二三四五六七八九十]+)、", re.M)


def _chinese(number: int) -> str:
    hundred, rest = divmod(number, 100)
    ten, one = divmod(rest, 10)
    words = (_NUMERALS[hundred] + "百") if hundred else ""
    if ten:
        words += ("" if ten == 1 and not hundred else _NUMERALS[ten]) + "十"
    elif hundred and one:
        words += "零"
    return words + (_NUMERALS[one] if one else "")


def _inner(pattern: re.Pattern[str], text: str, chance: Chance) -> tuple[re.Match[str], re.Match[str], int] | None:
    """A label with a proper neighbour on both sides: the label, the next one, and its number."""
    found = list(pattern.finditer(text))
    numbers = {_chinese(number): number for number in range(1, 400)}
    places = [
        place for place in range(1, len(found) - 1)
        if (number := numbers.get(found[place][1], 0)) > 1
        and numbers.get(found[place - 1][1]) == number - 1 and numbers.get(found[place + 1][1]) == number + 1
    ]  # fmt: skip
    if not places:
        return None
    place = chance.choice(places)
    return found[place], found[place + 1], numbers[found[place][1]]


def lost(pattern: re.Pattern[str], kind: str) -> Spoiler:
    def spoil(matter: Matter, chance: Chance) -> Spoilt | None:
        found = _inner(pattern, matter.text, chance)
        text = matter.text[: found[0].start()] + matter.text[found[1].start() :] if found else None
        return spoilt_in(matter, f"{kind}: one lost", "document.articles", text)

    return spoil


def twice(pattern: re.Pattern[str], kind: str) -> Spoiler:
    def spoil(matter: Matter, chance: Chance) -> Spoilt | None:
        found = _inner(pattern, matter.text, chance)
        text = None
        if found:
            label, after, _number = found
            text = matter.text[: after.start(1)] + label[1] + matter.text[after.end(1) :]
        return spoilt_in(matter, f"{kind}: number twice", "document.articles", text)

    return spoil


def mistyped(pattern: re.Pattern[str], kind: str) -> Spoiler:
    def spoil(matter: Matter, chance: Chance) -> Spoilt | None:
        found = _inner(pattern, matter.text, chance)
        text = None
        if found:
            label, _after, number = found
            # One is left out: a list may begin anew anywhere.
            wrong = chance.choice([n for n in (number + 10, number + 2, number + 3, number - 1, number - 2) if n > 1])
            text = matter.text[: label.start(1)] + _chinese(wrong) + matter.text[label.end(1) :]
        return spoilt_in(matter, f"{kind}: number mistyped", "document.articles", text)

    return spoil


DOCUMENT_NUMBERS: tuple[Spoiler, ...] = (
    number_brackets, number_ordinal, number_zeros, number_without_end, number_future, number_other_than_field,
    number_wrong_year,
)  # fmt: skip
NUMBERING: tuple[Spoiler, ...] = (
    index_form, index_digit, index_year,
    lost(ARTICLE, "articles"), twice(ARTICLE, "articles"), mistyped(ARTICLE, "articles"),
    lost(CHAPTER, "chapters"), twice(CHAPTER, "chapters"), mistyped(CHAPTER, "chapters"),
    lost(SECOND, "（一）"), twice(SECOND, "（一）"), mistyped(SECOND, "（一）"),
    lost(FIRST, "一、"), twice(FIRST, "一、"), mistyped(FIRST, "一、"),
)  # fmt: skip
