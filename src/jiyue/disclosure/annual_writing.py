"""The annual report as a draft's blocks and as files: six parts, tables two to four, in the order of the official form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils.translation import override

from jiyue.content.tables import grid_value
from jiyue.disclosure.annual_words import COLUMNS, FIVE, LINES, ONE, SIX, TWO
from jiyue.disclosure.exporting import FOUR, THREE, four_rows, headings, table_of, three_rows
from jiyue.disclosure.models import AnnualReport
from jiyue.domain.disclosure_annual import LINES as ROWS
from jiyue.domain.disclosure_annual import Prose
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.publishing.renditions.matter import Block, Heading, Paper, Paragraph, Run
from jiyue.publishing.renditions.typesetting import Typesetter
from jiyue.publishing.renditions.word import docx

FORMS = ("docx", "pdf")
Rows = list[list[Any]]


@dataclass(frozen=True)
class Annual:
    """A report as it stands: `three` and `four` as stated, None before that; for a whole, who is in it and who is missing."""

    site: Site
    year: int
    whole: bool
    saved: AnnualReport | None
    two: Mapping[str, Mapping[str, str]]
    three: Mapping[str, Mapping[str, int]] | None
    four: Mapping[str, Mapping[str, int]] | None
    stated: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    without_two: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """As it is published; a whole is the government's own report."""
        return f"{self.site.owner.name}{self.year}年政府信息公开工作年度报告"

    def prose(self, name: Prose) -> str:
        return str(getattr(self.saved, name.value)) if self.saved is not None else ""


def blocks_of(annual: Annual) -> list[dict[str, Any]]:
    """The body of a draft. The tables are those that were stated when it is called."""
    with override("zh-hans"):
        return [{"type": kind, "value": value, "id": str(uuid4())} for kind, value in _blocks(annual)]


def file_of(annual: Annual, form: str) -> bytes:
    """The report as docx or pdf. Raises typesetting.TypesettingFailed; KeyError for another form."""
    with override("zh-hans"):
        paper = _paper(annual)
    if form == "docx":
        return docx(paper, picture=lambda _digest: b"")
    if form != "pdf":
        raise KeyError(form)
    typesetter = Typesetter(Home(settings.JIYUE_HOME).prepare().objects)
    try:
        return typesetter.pdf(paper)
    finally:
        typesetter.close()


def tables_two(annual: Annual) -> list[tuple[str, Rows]]:
    """Table two, as the form prints it: a heading for each item of article 20, and its rows."""
    found: dict[tuple[str, tuple[str, ...]], Rows] = {}
    for line in ROWS:
        place = (line.item, line.columns)
        rows = found.setdefault(place, [["信息内容", *(str(COLUMNS[column]) for column in line.columns)]])
        cells = annual.two.get(line.name, {})
        rows.append([str(LINES[line.name]), *(cells.get(column, "") for column in line.columns)])
    return [(f"第二十条第{item}项", rows) for (item, _columns), rows in found.items()]


def _parts(annual: Annual) -> Iterator[tuple[str, list[tuple[str, Rows] | str]]]:
    """Heading by heading, the paragraphs and tables below it."""
    yield ONE, list(_lines(annual.prose(Prose.OVERVIEW)))
    yield TWO, list(tables_two(annual))
    below: list[tuple[str, Rows] | str] = []
    if annual.missing:
        below.append(f"本表由{len(annual.stated)}个单位的年报表汇总，没有报送的单位：{'、'.join(annual.missing)}。")
    if annual.without_two:
        below.append(f"第二部分没有下列单位的数字：{'、'.join(annual.without_two)}。")
    if annual.three is not None:
        below.append(("", [["", *headings()], *([name, *cells] for _row, name, cells in three_rows(annual.three))]))
    yield THREE, below
    yield FOUR, [("", four_rows(annual.four))] if annual.four is not None else []
    yield FIVE, list(_lines(annual.prose(Prose.PROBLEMS)))
    yield SIX, list(_lines(annual.prose(Prose.OTHERS)))


def _blocks(annual: Annual) -> Iterator[tuple[str, Any]]:
    for heading, parts in _parts(annual):
        yield "heading", {"text": heading, "level": "2"}
        for part in parts:
            if isinstance(part, str):
                yield "paragraph", f"<p>{escape(part)}</p>"
            else:
                caption, rows = part
                width = max(len(row) for row in rows)
                grid: list[list[str | None]] = [
                    [str(one) for one in [*row, *[""] * (width - len(row))]] for row in rows
                ]
                yield "table", grid_value(grid, [], header="both", caption=caption or heading)


def _paper(annual: Annual) -> Paper:
    blocks: list[Block] = []
    for heading, parts in _parts(annual):
        blocks.append(Heading((Run(heading),), 1))
        for part in parts:
            if isinstance(part, str):
                blocks.append(Paragraph((Run(part),)))
            else:
                caption, rows = part
                blocks.append(table_of(rows, max(len(row) for row in rows), caption or heading))
    return Paper(
        title=annual.title, number="", issuers=(), mark="", badge="", address="", site="", language="zh-CN",
        dated=f"{annual.year}-12-31", keywords=(), signed=True, signature=("", ""), blocks=tuple(blocks),
    )  # fmt: skip


def _lines(text: str) -> Iterator[str]:
    yield from (line.strip() for line in text.splitlines() if line.strip())
