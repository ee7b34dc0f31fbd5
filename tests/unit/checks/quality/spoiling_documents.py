"""Real official documents, and copies of them spoilt in one place each.

Written without regard to how the detectors work: a spoiler only knows how people get it wrong. Where a document offers
nothing to spoil in that way, or the result would still be right, the spoiler gives None.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jiyue.checks.matter import Matter
from jiyue.checks.reading import matter_of_text
from tests.unit.checks.quality.real import official_documents

SEED = 20261122
Chance = random.Random


@dataclass(frozen=True)
class Spoilt:
    """A document spoilt in one way; `detector` is who should notice, between `start` and `end` where that is one place."""

    kind: str
    detector: str
    matter: Matter


_NUMBER = re.compile(r"(?P<code>[\u4e00-\u9fff]{2,8})〔(?P<year>\d{4})〕(?P<serial>\d{1,3})号")
_DAY = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_NUMERALS = "零一二三四五六七八九"


def _spoilt(matter: Matter, kind: str, detector: str, text: str | None, **fields: str) -> Spoilt | None:
    if text is None:
        return None
    again = matter_of_text(text, source=matter.source)
    return Spoilt(kind, detector, replace(again, fields={**matter.fields, **fields}))


def _one(pattern: re.Pattern[str], text: str, chance: Chance) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return chance.choice(found) if found else None


def _put(text: str, found: re.Match[str], words: str) -> str:
    return text[: found.start()] + words + text[found.end() :]


# -- document numbers ----------------------------------------------------------------------------------------------

BRACKETS = ("[]", "［］", "（）", "()", "【】", "《》", "〈〉", "〔]", "[〕")


def number_brackets(matter: Matter, chance: Chance) -> Spoilt | None:
    found = _one(_NUMBER, matter.text, chance)
    pair = chance.choice(BRACKETS)
    text = (
        _put(matter.text, found, f"{found['code']}{pair[0]}{found['year']}{pair[1]}{found['serial']}号")
        if found
        else None
    )
    return _spoilt(matter, "number: wrong brackets", "document.number", text)


def number_ordinal(matter: Matter, chance: Chance) -> Spoilt | None:
    found = _one(_NUMBER, matter.text, chance)
    text = _put(matter.text, found, f"{found['code']}〔{found['year']}〕第{found['serial']}号") if found else None
    return _spoilt(matter, "number: 第 before the serial", "document.number", text)


def number_zeros(matter: Matter, chance: Chance) -> Spoilt | None:
    found = _one(_NUMBER, matter.text, chance)
    zeros = "0" * chance.randint(1, 2)
    text = _put(matter.text, found, f"{found['code']}〔{found['year']}〕{zeros}{found['serial']}号") if found else None
    return _spoilt(matter, "number: zeros before the serial", "document.number", text)


def number_without_end(matter: Matter, chance: Chance) -> Spoilt | None:
    found = _one(_NUMBER, matter.text, chance)
    text = _put(matter.text, found, found[0][:-1]) if found else None
    return _spoilt(matter, "number: 号 missing", "document.number", text)


def number_future(matter: Matter, chance: Chance) -> Spoilt | None:
    found = _one(_NUMBER, matter.text, chance)
    year = chance.randint(2027, 2099)
    text = _put(matter.text, found, f"{found['code']}〔{year}〕{found['serial']}号") if found else None
    return _spoilt(matter, "number: a year to come", "document.number", text)


def number_other_than_field(matter: Matter, chance: Chance) -> Spoilt | None:
    """The number under the title with another serial than the field."""
    value = matter.fields.get("document_number", "")
    found = _NUMBER.fullmatch(value)
    line = re.search(rf"^{re.escape(value)}\s*$", matter.text, re.M) if found else None
    serial = int(found["serial"]) + chance.randint(1, 9) if found else 0
    text = _put(matter.text, line, f"{found['code']}〔{found['year']}〕{serial}号\n") if found and line else None
    return _spoilt(matter, "number: not that of the field", "document.number", text)


def number_wrong_year(matter: Matter, chance: Chance) -> Spoilt | None:
    """The number's year is not that in which the document was signed."""
    value = matter.fields.get("document_number", "")
    found = _NUMBER.fullmatch(value)
    if not found or not re.search(rf"^{re.escape(value)}\s*$", matter.text, re.M):
        return None
    year = int(found["year"]) - chance.randint(2, 12)
    wrong = f"{found['code']}〔{year}〕{found['serial']}号"
    return _spoilt(
        matter,
        "number: not the year of signing",
        "document.number",
        matter.text.replace(value, wrong, 1),
        document_number=wrong,
    )


# -- dates ---------------------------------------------------------------------------------------------------------


def date_impossible(matter: Matter, chance: Chance) -> Spoilt | None:
    found = _one(_DAY, matter.text, chance)
    month, day = chance.choice(
        ((2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31), (13, 5), (14, 1), (5, 32), (0, 12), (7, 0))
    )
    text = _put(matter.text, found, f"{found['year']}年{month}月{day}日") if found else None
    return _spoilt(matter, "date: no such day", "document.date", text)


def date_impossible_without_year(matter: Matter, chance: Chance) -> Spoilt | None:
    found = _one(_DAY, matter.text, chance)
    month, day = chance.choice(((2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31), (13, 5), (5, 32), (8, 45)))
    text = _put(matter.text, found, f"每年{month}月{day}日") if found else None
    return _spoilt(matter, "date: no such day, without a year", "document.date", text)


def date_wrong_weekday(matter: Matter, chance: Chance) -> Spoilt | None:
    found = _one(_DAY, matter.text, chance)
    day = _real(found) if found else None
    if found is None or day is None:
        return None
    named = "一二三四五六日"[(day.weekday() + chance.randint(1, 6)) % 7]
    form = chance.choice(("（星期%s）", "（周%s）", "星期%s"))
    return _spoilt(
        matter, "date: wrong day of the week", "document.date", _put(matter.text, found, found[0] + form % named)
    )


def date_other_than_field(matter: Matter, chance: Chance) -> Spoilt | None:
    written = _signed(matter)
    if written is None:
        return None
    other = written - timedelta(days=chance.randint(1, 300))
    return _spoilt(matter, "date: signature against field", "document.date", matter.text, written_on=other.isoformat())


def date_after_release(matter: Matter, chance: Chance) -> Spoilt | None:
    written = _signed(matter)
    if written is None:
        return None
    released = written - timedelta(days=chance.randint(1, 400))
    return _spoilt(
        matter,
        "date: signed after release",
        "document.date",
        matter.text,
        published_on=released.isoformat(),
        written_on="",
    )


def date_effect_before_issue(matter: Matter, chance: Chance) -> Spoilt | None:
    written = _signed(matter)
    if written is None or "施行" in matter.text:
        return None
    kind = chance.choice(("通知", "意见", "办法"))
    early = written - timedelta(days=chance.randint(5, 1500))
    at = re.search(r"\n(?=[^\n]{2,20}\n(?:\d{4}年\d|[一二三四五六七八九〇]{4}年))", matter.text)
    if at is None:
        return None
    clause = f"\n本{kind}自{early.year}年{early.month}月{early.day}日起施行。"
    return _spoilt(
        matter,
        "date: in force before it was signed",
        "document.date",
        matter.text[: at.start()] + clause + matter.text[at.start() :],
    )


def date_range(matter: Matter, chance: Chance) -> Spoilt | None:
    found = _one(_DAY, matter.text, chance)
    day = _real(found) if found else None
    if found is None or day is None:
        return None
    last = day - timedelta(days=chance.randint(1, 700))
    words = f"{found[0]}{chance.choice(('至', '到', '—', '－'))}{last.year}年{last.month}月{last.day}日"
    return _spoilt(
        matter, "date: a period that ends before it begins", "document.date", _put(matter.text, found, words)
    )


def _real(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _signed(matter: Matter) -> date | None:
    """The day of the signature as the field gives it, where the text prints the same."""
    found = _DAY.search(matter.fields.get("written_on", ""))
    day = _real(found) if found else None
    if day is None:
        return None
    chinese = "".join("〇一二三四五六七八九"[int(sign)] for sign in str(day.year)) + "年"
    printed = re.search(rf"\n(?:{day.year}年{day.month}月{day.day}日|{chinese}[^\n]{{4,6}}日)", matter.text)
    return day if printed else None


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
    return _spoilt(matter, "index number: not the form", "document.index-number", matter.text, index_number=wrong)


def index_digit(matter: Matter, chance: Chance) -> Spoilt | None:
    value = matter.fields.get("index_number", "")
    if not value:
        return None
    at = chance.choice([place for place, sign in enumerate(value.split("/")[0]) if sign != "0"])
    wrong = value[:at] + str((int(value[at]) + chance.randint(1, 9)) % 10) + value[at + 1 :]
    return _spoilt(
        matter, "index number: one digit of the code wrong", "document.index-number", matter.text, index_number=wrong
    )


def index_year(matter: Matter, chance: Chance) -> Spoilt | None:
    value = matter.fields.get("index_number", "")
    wrong = re.sub(r"/\d{4}-", f"/{chance.choice((chance.randint(2027, 2099), chance.randint(1000, 1900)))}-", value)
    return (
        _spoilt(matter, "index number: impossible year", "document.index-number", matter.text, index_number=wrong)
        if value
        else None
    )


# -- numbering -----------------------------------------------------------------------------------------------------

_ARTICLE = re.compile(r"^第([一二三四五六七八九十百]+)条(?=[ \u3000])", re.M)
_CHAPTER = re.compile(r"^(?:## )?第([一二三四五六七八九十]+)章(?=[ \u3000])", re.M)
_SECOND = re.compile(r"^（([一二三四五六七八九十]+)）", re.M)
_FIRST = re.compile(r"^([一二三四五六七八九十]+)、", re.M)


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


def _lost(pattern: re.Pattern[str], kind: str) -> Callable[[Matter, Chance], Spoilt | None]:
    def spoil(matter: Matter, chance: Chance) -> Spoilt | None:
        found = _inner(pattern, matter.text, chance)
        text = matter.text[: found[0].start()] + matter.text[found[1].start() :] if found else None
        return _spoilt(matter, f"{kind}: one lost", "document.articles", text)

    return spoil


def _twice(pattern: re.Pattern[str], kind: str) -> Callable[[Matter, Chance], Spoilt | None]:
    def spoil(matter: Matter, chance: Chance) -> Spoilt | None:
        found = _inner(pattern, matter.text, chance)
        text = None
        if found:
            label, after, _number = found
            text = matter.text[: after.start(1)] + label[1] + matter.text[after.end(1) :]
        return _spoilt(matter, f"{kind}: number twice", "document.articles", text)

    return spoil


def _mistyped(pattern: re.Pattern[str], kind: str) -> Callable[[Matter, Chance], Spoilt | None]:
    def spoil(matter: Matter, chance: Chance) -> Spoilt | None:
        found = _inner(pattern, matter.text, chance)
        text = None
        if found:
            label, _after, number = found
            # One is left out: a list may begin anew anywhere.
            wrong = chance.choice([n for n in (number + 10, number + 2, number + 3, number - 1, number - 2) if n > 1])
            text = matter.text[: label.start(1)] + _chinese(wrong) + matter.text[label.end(1) :]
        return _spoilt(matter, f"{kind}: number mistyped", "document.articles", text)

    return spoil


# -- issuers, attachments, fields ----------------------------------------------------------------------------------

_SHORT = {
    "国务院办公厅": "国办", "广州市人民政府": "市政府", "广州市人民政府办公厅": "市政府办",
    "广州市人力资源和社会保障局": "广州市人社局",
    "国务院": "国务院办公厅",
}  # fmt: skip
_OTHERS = ("某某市财政局", "某某省教育厅", "某某县人民政府", "某某区卫生健康委员会", "某某市住房和城乡建设局")
_SPOKEN = (
    "某某市发改委",
    "某某区人社局",
    "某某县住建局",
    "某某市卫健委",
    "某某市文旅局",
    "某某省工信厅",
    "市财政局",
    "区教育局",
    "某某市府办",
)


def issuer_short(matter: Matter, chance: Chance) -> Spoilt | None:
    """A field filled with a short form; the title and signature go by it so that only the field is wrong."""
    return _spoilt(
        matter, "issuer: short form in the field", "document.issuer", matter.text, issuer=chance.choice(_SPOKEN)
    )


def issuer_other(matter: Matter, chance: Chance) -> Spoilt | None:
    """The signature of another body than the title names."""
    value = matter.fields.get("issuer", "")
    signature = re.search(rf"\n{re.escape(value)}\s*\n(?=\d{{4}}年|[一二]\D{{3}}年)", matter.text) if value else None
    if (
        not signature
        or not matter.text.replace("\n", "").startswith(value)
        or "印发" in matter.text[:100]
        or "转发" in matter.text[:100]
    ):
        return None
    return _spoilt(
        matter,
        "issuer: signature against title",
        "document.issuer",
        _put(matter.text, signature, f"\n{chance.choice(_OTHERS)}\n"),
    )


def issuer_none(matter: Matter, chance: Chance) -> Spoilt | None:
    """Number and text, but no issuer in field, title and signature."""
    value = matter.fields.get("issuer", "")
    signature = (
        re.search(rf"\n{re.escape(value)}\s*\n(?:\d{{4}}年|[一二]\D{{3}}年)[^\n]*", matter.text) if value else None
    )
    if not signature or not matter.text.startswith(value + "关于") or chance.random() > 1:
        return None
    text = (matter.text[: signature.start()] + "\n").removeprefix(value)
    return _spoilt(
        matter,
        "issuer: none",
        "document.issuer",
        text,
        issuer="",
        title=matter.fields.get("title", "").removeprefix(value),
    )


_NAMES = (
    "工作方案",
    "任务分工表",
    "申报表",
    "联系人名单",
    "评分标准",
    "项目清单",
    "材料目录",
    "考核办法",
    "实施细则",
    "责任分解表",
)


def _with_attachments(matter: Matter, chance: Chance) -> tuple[str, str, list[str]] | None:
    """A document that names three attachments before its signature and holds them behind it."""
    at = re.search(r"\n(?=[^\n]{2,20}\n(?:\d{4}年\d|[一二]\D{3}年))", matter.text)
    if at is None or "附件" in matter.text:
        return None
    names = chance.sample(_NAMES, 3)
    sections = "".join(f"\n附件{number}\n{name}\n一、范围\n适用于本次工作。" for number, name in enumerate(names, 1))
    note = "\n附件：" + "\n".join(f"{number}.{name}" for number, name in enumerate(names, 1))
    return matter.text[: at.start()] + "（详见附件2）" + note + matter.text[at.start() :], sections, names


def sound_attachments(matter: Matter, chance: Chance) -> Matter | None:
    """Nothing is wrong with it: a negative."""
    made = _with_attachments(matter, chance)
    return replace(matter_of_text(made[0] + made[1], source=matter.source), fields=matter.fields) if made else None


def attachment_missing(matter: Matter, chance: Chance) -> Spoilt | None:
    made = _with_attachments(matter, chance)
    if not made:
        return None
    text, sections, _names = made
    lost = chance.randint(1, 3)
    kept = "".join(part for part in re.split(r"(?=\n附件\d)", sections) if not part.startswith(f"\n附件{lost}"))
    return _spoilt(matter, "attachment: named, not there", "document.attachment", text + kept)


def attachments_all_missing(matter: Matter, chance: Chance) -> Spoilt | None:
    made = _with_attachments(matter, chance)
    return _spoilt(matter, "attachment: none of the named there", "document.attachment", made[0]) if made else None


def attachment_unnamed(matter: Matter, chance: Chance) -> Spoilt | None:
    made = _with_attachments(matter, chance)
    if not made:
        return None
    extra = f"\n附件4\n{chance.choice([name for name in _NAMES if name not in made[2]])}\n一、范围\n适用于本次工作。"
    return _spoilt(matter, "attachment: there, not named", "document.attachment", made[0] + made[1] + extra)


def attachment_file_missing(matter: Matter, chance: Chance) -> Spoilt | None:
    """Attachments as files, one forgotten."""
    made = _with_attachments(matter, chance)
    if not made:
        return None
    files = [f"附件{number}：{name}.docx" for number, name in enumerate(made[2], 1)]
    files.pop(chance.randrange(3))
    spoilt = _spoilt(matter, "attachment: file forgotten", "document.attachment", made[0])
    return replace(spoilt, matter=replace(spoilt.matter, attachments=tuple(files))) if spoilt else None


def attachment_reference(matter: Matter, chance: Chance) -> Spoilt | None:
    made = _with_attachments(matter, chance)
    text = (made[0] + made[1]).replace("（详见附件2）", f"（详见附件{chance.randint(4, 9)}）") if made else None
    return _spoilt(matter, "attachment: reference to none", "document.attachment", text)


def attachment_numbers(matter: Matter, chance: Chance) -> Spoilt | None:
    made = _with_attachments(matter, chance)
    wrong = chance.choice((("\n2.", "\n1."), ("\n2.", "\n4."), ("\n3.", "\n4."), ("\n3.", "\n2.")))
    text = None
    if made:
        note = made[0].index("\n附件：")
        text = made[0][:note] + made[0][note:].replace(*wrong, 1) + made[1]
    return _spoilt(matter, "attachment: note misnumbered", "document.attachment", text)


def title_empty(matter: Matter, chance: Chance) -> Spoilt | None:
    return _spoilt(matter, "title: empty", "document.metadata", matter.text, title=" " * chance.randint(0, 3))


def title_stop(matter: Matter, chance: Chance) -> Spoilt | None:
    title = matter.fields.get("title", "")
    return _spoilt(
        matter, "title: full stop", "document.metadata", matter.text, title=title + chance.choice("。，；、：")
    )


def title_long(matter: Matter, chance: Chance) -> Spoilt | None:
    start = chance.randint(0, max(0, len(matter.text) - 400))
    words = "".join(matter.text[start : start + chance.randint(160, 300)].split()).rstrip("。，；、：")
    return (
        _spoilt(matter, "title: body pasted into it", "document.metadata", matter.text, title=words)
        if len(words) > 110
        else None
    )


def title_place(matter: Matter, chance: Chance) -> Spoilt | None:
    title = matter.fields.get("title", "")
    words = chance.choice(("XX", "××", "（待定）", "测试", "xxx", "＊＊", "待补充"))
    at = chance.choice((0, len(title)))
    wrong = chance.choice(
        (title[:at] + words + title[at:], "测试", "测试标题", "无标题", "新建文档", "标题1", "test", "未命名")
    )
    return _spoilt(matter, "title: a word that held a place", "document.metadata", matter.text, title=wrong)


def body_place(matter: Matter, chance: Chance) -> Spoilt | None:
    number = _one(_NUMBER, matter.text, chance)
    day = _one(_DAY, matter.text, chance)
    if number is None or day is None:
        return None
    sign = chance.choice(("X", "×", "XX", "××"))
    found, words = chance.choice((
        (number, f"{number['code']}〔{number['year']}〕{sign}号"), (number, f"{number['code']}〔20{sign[0] * 2}〕{sign}号"),
        (day, f"{day['year']}年{sign}月{sign}日"), (day, f"20{sign[0] * 2}年{sign}月{sign}日"), (day, day[0] + "（待定）"),
    ))  # fmt: skip
    return _spoilt(matter, "body: a place not filled in", "document.metadata", _put(matter.text, found, words))


SPOILERS: tuple[Callable[[Matter, Chance], Spoilt | None], ...] = (
    number_brackets, number_ordinal, number_zeros, number_without_end, number_future, number_other_than_field,
    number_wrong_year, date_impossible, date_impossible_without_year, date_wrong_weekday, date_other_than_field,
    date_after_release, date_effect_before_issue, date_range, index_form, index_digit, index_year,
    _lost(_ARTICLE, "articles"), _twice(_ARTICLE, "articles"), _mistyped(_ARTICLE, "articles"),
    _lost(_CHAPTER, "chapters"), _twice(_CHAPTER, "chapters"), _mistyped(_CHAPTER, "chapters"),
    _lost(_SECOND, "（一）"), _twice(_SECOND, "（一）"), _mistyped(_SECOND, "（一）"),
    _lost(_FIRST, "一、"), _twice(_FIRST, "一、"), _mistyped(_FIRST, "一、"),
    issuer_short, issuer_other, issuer_none, attachment_missing, attachments_all_missing, attachment_unnamed,
    attachment_file_missing, attachment_reference, attachment_numbers,
    title_empty, title_stop, title_long, title_place, body_place,
)  # fmt: skip


def spoilt_documents(times: int = 200) -> Iterator[Spoilt]:
    """`times` documents of each kind, the same every time; a document is spoilt more than once where there are few."""
    documents = [matter for matter in official_documents() if len(matter.text) < 30_000]
    for place, spoil in enumerate(SPOILERS):
        chance = random.Random(SEED + place)  # noqa: S311 - a fixed draw
        made = 0
        for _attempt in range(times * 60):
            spoilt = spoil(chance.choice(documents), chance)
            if spoilt:
                yield spoilt
                made += 1
            if made == times:
                break
