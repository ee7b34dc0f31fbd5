"""Pages of columns, by their kind, and the closed pages of their lists."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from jiyue.content.models import Column
from jiyue.publishing import lists, pages
from jiyue.publishing.composing.answers import ANSWERS, answer_lines, compose_answers_column
from jiyue.publishing.composing.ground import block_of, ground
from jiyue.publishing.composing.library import library_link
from jiyue.publishing.composing.services import compose_entrance
from jiyue.publishing.frame import Link
from jiyue.publishing.framing import address_of_column, children_of
from jiyue.publishing.models import ListPage, PublicItem
from jiyue.publishing.offers import services_column
from jiyue.publishing.pages import ListBlock, Page
from jiyue.publishing.projection import LOCAL, month_span
from jiyue.publishing.read_keys import years_key
from jiyue.publishing.reading import Reader, picture_of

WHOLE_YEAR = 200  # items; a longer year shows its newest and leads into the list by month
PICTURED_KINDS = frozenset({"gallery", "topics"})
SINGLE_PAGE_KINDS = frozenset({"overview", "disclosure_guide"})


def compose_column(reader: Reader, column: dict[str, Any]) -> Page:
    """The page of a column, by its kind."""
    if column is services_column(reader):
        return compose_entrance(reader, column)
    compose = _COLUMN_PAGES.get(column["kind"], _list_column)
    return compose(reader, column)


def compose_list_page(reader: Reader, column: dict[str, Any], page: ListPage) -> pages.ColumnPage | pages.AnswersPage:
    """A closed list page; its neighbours are the page before and the page after (the newest page for the last one)."""
    following = reader.list_pages(column).filter(number=page.number + 1).exists()
    shared: dict[str, Any] = {
        **ground(reader, column["name"], list_address(column, page.number), column=column),
        "number": page.number,
        "newer": list_address(column, page.number + 1) if following else address_of_column(column),
        "older": list_address(column, page.number - 1) if page.number > 1 else "",
    }  # fmt: skip
    if column["kind"] == ANSWERS:
        lines = tuple(answer_lines(reader, lists.items_of(page)))
        return pages.AnswersPage(**shared, lines=lines, years=tuple(_years_of(column, (line.item for line in lines))))
    items = tuple(reader.page(page))
    pictured = column["kind"] in PICTURED_KINDS
    return pages.ColumnPage(**shared, items=items, years=tuple(_years_of(column, items)), pictured=pictured)


def has_years(column: dict[str, Any]) -> bool:
    """Does the column show a list that can be read by year?"""
    return column["kind"] not in _COLUMN_PAGES or column["kind"] == ANSWERS


def year_address(column: dict[str, Any], year: int) -> str:
    """The address above those of the year's documents: who shortens one of theirs comes here."""
    return f"{address_of_column(column)}{year:04d}/"


def compose_year(reader: Reader, column: dict[str, Any], year: int) -> pages.YearPage | None:
    """What a column published in a year; None when it published nothing."""
    row = Column(pk=column["id"])
    total = lists.of_year(row, year).count()
    cards = reader.year(column, year, WHOLE_YEAR if total <= WHOLE_YEAR else lists.LENGTH)
    if not cards:
        return None
    reader.note(years_key(column["id"]))
    address, word = year_address(column, year), _("%(year)s年") % {"year": year}
    title = _("%(column)s（%(year)s）") % {"column": column["name"], "year": word}
    base, crumb = ground(reader, title, address, column), pages.Crumb(title=word, address=address)
    return pages.YearPage(
        **base | {"crumbs": (*base["crumbs"], crumb)},
        year=year,
        total=total,
        months=tuple(_months(cards)),
        gates=tuple(_gates(column, row, year)) if total > len(cards) else (),
        years=tuple(_years(column, year)),
        siblings=tuple(_siblings(reader, column)),
    )


def _months(cards: list[pages.ListItem]) -> list[ListBlock]:
    by_month = groupby(cards, key=lambda card: card.published_at.astimezone(LOCAL).month)
    return [ListBlock(title=_("%(month)s月") % {"month": month}, items=tuple(found)) for month, found in by_month]


def _gates(column: dict[str, Any], row: Column, year: int) -> Iterator[Link]:
    """The months of a long year, each to the list page that holds its newest item."""
    for month in range(12, 0, -1):
        found = lists.within(row, *month_span(year, month))
        newest = found.first()
        if newest is not None:
            page = lists.page_holding(row, newest)
            address = list_address(column, page.number) if page else address_of_column(column)
            note = _("%(count)s 条") % {"count": found.count()}
            yield Link(title=_("%(month)s月") % {"month": month}, address=address, note=note)


def _years(column: dict[str, Any], current: int | None = None) -> list[Link]:
    """All years of the column, unless there is one only: then there is nothing to choose."""
    found = lists.years(Column(pk=column["id"]))
    links = [Link(title=str(year), address=year_address(column, year), current=year == current) for year in found]
    return links if len(links) > 1 else []


def _years_of(column: dict[str, Any], items: Iterable[pages.ListItem]) -> Iterator[Link]:
    """The years of these items only: a list of all years would have every closed page baked anew each January."""
    for year in sorted({item.published_at.astimezone(LOCAL).year for item in items}, reverse=True):
        yield Link(title=str(year), address=year_address(column, year))


def list_address(column: dict[str, Any], number: int) -> str:
    return f"{address_of_column(column)}list/{number}.html"


def _list_column(reader: Reader, column: dict[str, Any]) -> Page:
    last = reader.list_pages(column).order_by("-number").first()
    items = tuple(reader.newest(column))
    return pages.ColumnPage(
        **ground(reader, column["name"], address_of_column(column), column),
        items=items,
        lists=tuple(_sub_lists(reader, column)),
        older=list_address(column, last.number) if last else "",
        total=reader.total(column),
        empty_why="" if items else _why_empty(column),
        years=tuple(_years(column)),
        siblings=tuple(_siblings(reader, column)),
        pictured=column["kind"] in PICTURED_KINDS,
        library=library_link() if column["kind"] == "policy_documents" else None,
    )


def _why_empty(column: dict[str, Any]) -> str:
    keeper = column["responsible"]
    if not keeper:
        return _("这个栏目目前还没有发布内容。")
    return _("这个栏目由%(unit)s负责，目前还没有发布内容。") % {"unit": keeper}


def _sub_lists(reader: Reader, column: dict[str, Any]) -> list[ListBlock]:
    children = children_of(reader.structure, column["id"])
    # A column that is one page, or a page of people, is named in the row of columns above and has no news of its own.
    blocks = [block_of(reader, child) for child in children if has_years(child)]
    return [block for block in blocks if block.items]


def _siblings(reader: Reader, column: dict[str, Any]) -> list[Link]:
    near = children_of(reader.structure, column["parent"]) if column["parent"] else []
    return [Link(title=each["name"], address=address_of_column(each), current=each is column) for each in near]


def _single_page_column(reader: Reader, column: dict[str, Any]) -> Page:
    pairs = reader.contents_in(column, 1)
    if not pairs or pairs[0][0].kind != "plain_page":
        return _list_column(reader, column)
    item, content = pairs[0]
    base = ground(reader, content["title"], address_of_column(column), column)
    return pages.PlainPage(
        **base | {"canonical": reader.frame.origin + item.address}, body=content["body"], updated_at=item.changed_at
    )


def _leaders_column(reader: Reader, column: dict[str, Any]) -> Page:
    cards = tuple(leader_cards(reader, column))
    groups = (pages.LeaderGroup(title=column["name"], leaders=cards),) if cards else ()
    base = ground(reader, column["name"], address_of_column(column), column)
    return pages.LeadersPage(**base, groups=groups, empty_why="" if cards else _why_empty(column))


def leader_cards(reader: Reader, column: dict[str, Any]) -> list[pages.LeaderCard]:
    return [
        pages.LeaderCard(
            name=content["title"],
            post=content["detail"].get("post", ""),  # a column may hold other matter than its kind
            address=item.address,
            picture=picture_of(content["cover"]),
        )
        for item, content in _in_order(reader.contents_in(column))
    ]


def _institutions_column(reader: Reader, column: dict[str, Any]) -> Page:
    lines = tuple(
        pages.InstitutionLine(
            name=content["title"],
            address=item.address,
            phone=content["detail"].get("telephone", ""),
            duties=content["summary"],
        )
        for item, content in _in_order(reader.contents_in(column))
    )
    groups = (pages.InstitutionGroup(title=column["name"], institutions=lines),) if lines else ()
    base = ground(reader, column["name"], address_of_column(column), column)
    return pages.InstitutionsPage(**base, groups=groups, empty_why="" if lines else _why_empty(column))


def _in_order(pairs: list[tuple[PublicItem, dict[str, Any]]]) -> list[tuple[PublicItem, dict[str, Any]]]:
    return sorted(pairs, key=lambda pair: (pair[1]["detail"].get("position", 0), pair[0].serial))


_COLUMN_PAGES: dict[str, Callable[[Reader, dict[str, Any]], Page]] = {
    "leaders": _leaders_column,
    "institutions": _institutions_column,
    ANSWERS: compose_answers_column,
    **dict.fromkeys(SINGLE_PAGE_KINDS, _single_page_column),
}
