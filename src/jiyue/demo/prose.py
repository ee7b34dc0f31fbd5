"""Turn the light markup of the demo texts into raw body blocks, and relative dates into Chinese ones.

Markup, one block a line unless said otherwise:

    ## heading, ### smaller heading        - bullet            1. numbered item        **strong**
    > quotation —— who said it             ![alt](scene/seed) caption                  a picture
    |= caption of a table                  |= caption with || at the end: first column is a header too
    | cell | cell |                        the first row is the header
    @[title](name.docx)                    an attachment whose text stands under `attachments`
    @audio[title](seconds)                 a silent recording; the transcript stands under `transcript`

Placeholders count from the day of the document: {date:-3} 2026年11月18日, {md:-3} 11月18日, {month:-1} 2026年10月,
{quarter:-1} 2026年三季度, {year:-1} 2025, {weekday:1} 星期一;
{written} and {effective}, when the document was signed and takes effect;
{number:KEY}, {title:KEY}, {dated:KEY} name another document.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from jiyue.demo.files import FileSpec, picture, recording, word_document
from jiyue.demo.places import DemoTextError

Block = dict[str, Any]
PLACEHOLDER = re.compile(r"\{([a-z]+)(?::([^{}]*))?\}")
PICTURE = re.compile(r"!\[(?P<alt>[^\]]+)\]\((?P<scene>\w+)/(?P<seed>\d+)\)\s*(?P<caption>.*)")
ATTACHMENT = re.compile(r"@\[(?P<title>[^\]]+)\]\((?P<name>[^)]+)\)")
AUDIO = re.compile(r"@audio\[(?P<title>[^\]]+)\]\((?P<seconds>\d+)\)")
STRONG = re.compile(r"\*\*(.+?)\*\*")


def chinese_date(day: date) -> str:
    """2026年11月18日, as under an official document."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_before(day: date, months: int) -> date:
    """The first day of the month `months` after the one `day` lies in; negative counts back."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _date(day: date, shift: int) -> str:
    return chinese_date(day + timedelta(days=shift))


def _month_day(day: date, shift: int) -> str:
    moved = day + timedelta(days=shift)
    return f"{moved.month}月{moved.day}日"


def _month(day: date, shift: int) -> str:
    moved = month_before(day, shift)
    return f"{moved.year}年{moved.month}月"


def _quarter(day: date, shift: int) -> str:
    moved = month_before(day, 3 * shift)
    return f"{moved.year}年{'一二三四'[(moved.month - 1) // 3]}季度"


def _weekday(day: date, shift: int) -> str:
    return "星期" + "一二三四五六日"[(day + timedelta(days=shift)).weekday()]


RELATIVE: dict[str, Callable[[date, int], str]] = {
    "date": _date,
    "md": _month_day,
    "month": _month,
    "quarter": _quarter,
    "weekday": _weekday,
    "year": lambda day, shift: str(day.year + shift),
}
Lookup = Callable[[str, str], str]


def fill(text: str, day: date, lookup: Lookup | None = None) -> str:
    """Replace every placeholder; `lookup(word, key)` answers those naming another document.

    Raises DemoTextError for a placeholder nobody knows.
    """

    def one(match: re.Match[str]) -> str:
        word, argument = match[1], match[2] or "0"
        if word in RELATIVE:
            return RELATIVE[word](day, int(argument))
        if lookup is None:
            raise DemoTextError(f"unknown placeholder: {match[0]}")
        return lookup(word, argument)

    return PLACEHOLDER.sub(one, text)


def inline(text: str) -> str:
    """One line of prose as safe HTML with nothing but strong in it."""
    return STRONG.sub(r"<strong>\1</strong>", html.escape(text, quote=False))


class BodyWriter:
    """Collects blocks and the files they name as "@0", "@1"… in order of appearance."""

    def __init__(self, *, attachments: dict[str, str], transcript: str) -> None:
        self.blocks: list[Block] = []
        self.files: list[FileSpec] = []
        self._attachments = attachments
        self._transcript = transcript

    def write(self, text: str) -> None:
        """Append everything `text` describes."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        for kind, run in groupby(lines, key=_kind_of):
            getattr(self, f"_{kind}")(list(run))

    def add(self, kind: str, value: Any) -> None:
        """Append one ready block."""
        self.blocks.append({"type": kind, "value": value})

    def _file(self, spec: FileSpec) -> str:
        self.files.append(spec)
        return f"@{len(self.files) - 1}"

    def _paragraph(self, lines: list[str]) -> None:
        for line in lines:
            self.add("paragraph", f"<p>{inline(line)}</p>")

    def _heading(self, lines: list[str]) -> None:
        for line in lines:
            marks, _, text = line.partition(" ")
            self.add("heading", {"text": text, "level": str(len(marks))})

    def _bullets(self, lines: list[str]) -> None:
        self.add("list", {"ordered": False, "items": [inline(line[2:]) for line in lines]})

    def _numbers(self, lines: list[str]) -> None:
        self.add("list", {"ordered": True, "items": [inline(line.split(". ", 1)[1]) for line in lines]})

    def _quotation(self, lines: list[str]) -> None:
        for line in lines:
            text, _, who = line[2:].partition("——")
            self.add("quotation", {"text": text.strip(), "attribution": who.strip()})

    def _table(self, lines: list[str]) -> None:
        for caption, rows in _tables(lines):
            self.add("table", table_value(caption, rows))

    def _picture(self, lines: list[str]) -> None:
        for line in lines:
            found = _match(PICTURE, line)
            spec = picture(found["scene"], int(found["seed"]))
            facts = {"alt": found["alt"], "decorative": False, "caption": found["caption"]}
            self.add("image", {"image": self._file(spec), **facts})

    def _attachment(self, lines: list[str]) -> None:
        for line in lines:
            found = _match(ATTACHMENT, line)
            if found["name"] not in self._attachments:
                raise DemoTextError(f"no text for the attachment {found['name']}")
            spec = word_document(found["name"], found["title"], self._attachments[found["name"]])
            self.add("attachment", {"document": self._file(spec), "title": found["title"]})

    def _audio(self, lines: list[str]) -> None:
        for line in lines:
            found = _match(AUDIO, line)
            spec = recording(found["title"], int(found["seconds"]))
            facts = {"poster": None, "title": found["title"], "transcript": self._transcript}
            self.add("audio", {"media": self._file(spec), **facts})


def _match(pattern: re.Pattern[str], line: str) -> re.Match[str]:
    found = pattern.fullmatch(line)
    if not found:
        raise DemoTextError(f"cannot read: {line}")
    return found


STARTS = (
    ("![", "picture"),
    ("@audio[", "audio"),
    ("@[", "attachment"),
    ("|", "table"),
    ("## ", "heading"),
    ("### ", "heading"),
    ("- ", "bullets"),
    ("> ", "quotation"),
)


def _kind_of(line: str) -> str:
    for start, kind in STARTS:
        if line.startswith(start):
            return kind
    return "numbers" if re.match(r"\d+\. ", line) else "paragraph"


def _tables(lines: Iterable[str]) -> Iterator[tuple[str, list[list[str]]]]:
    caption, rows = "", list[list[str]]()
    for line in lines:
        if line.startswith("|="):
            if rows:
                yield caption, rows
            caption, rows = line[2:].strip(), []
        else:
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
    if not caption or not rows:
        raise DemoTextError(f"a table needs a caption and rows: {caption or rows}")
    yield caption, rows


def table_value(caption: str, rows: list[list[str]]) -> Block:
    """The raw value of a table block; a caption ending in || makes the first column a header."""
    both = caption.endswith("||")
    if len({len(row) for row in rows}) != 1:
        raise DemoTextError(f"rows of different length: {caption}")
    return {
        "data": rows,
        "cell": [],
        "first_row_is_table_header": True,
        "first_col_is_header": both,
        "table_header_choice": "both" if both else "row",
        "table_caption": caption.removesuffix("||").strip(),
        "mergeCells": [],
    }
