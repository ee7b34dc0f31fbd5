"""Pages of columns, by their kind, and the closed pages of their lists."""

from collections.abc import Callable
from typing import Any

from jiyue.publishing import pages
from jiyue.publishing.composing.ground import block_of, ground
from jiyue.publishing.frame import Link
from jiyue.publishing.framing import address_of_column, children_of
from jiyue.publishing.models import ListPage, PublicItem
from jiyue.publishing.pages import ListBlock, Page
from jiyue.publishing.reading import Reader, picture_of

PICTURED_KINDS = frozenset({"gallery", "topics"})
SINGLE_PAGE_KINDS = frozenset({"overview", "disclosure_guide"})


def compose_column(reader: Reader, column: dict[str, Any]) -> Page:
    """The page of a column, by its kind."""
    compose = _COLUMN_PAGES.get(column["kind"], _list_column)
    return compose(reader, column)


def compose_list_page(reader: Reader, column: dict[str, Any], page: ListPage) -> pages.ColumnPage:
    """A closed list page; its neighbours are the page before and the page after (the newest page for the last one)."""
    following = reader.list_pages(column).filter(number=page.number + 1).exists()
    return pages.ColumnPage(
        **ground(reader, column["name"], list_address(column, page.number), column=column),
        items=tuple(reader.page(page)),
        number=page.number,
        newer=list_address(column, page.number + 1) if following else address_of_column(column),
        older=list_address(column, page.number - 1) if page.number > 1 else "",
        pictured=column["kind"] in PICTURED_KINDS,
    )


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
        siblings=tuple(_siblings(reader, column)),
        pictured=column["kind"] in PICTURED_KINDS,
    )


def _why_empty(column: dict[str, Any]) -> str:
    keeper = column["responsible"]
    return f"这个栏目由{keeper}负责，目前还没有发布内容。" if keeper else "这个栏目目前还没有发布内容。"


def _sub_lists(reader: Reader, column: dict[str, Any]) -> list[ListBlock]:
    children = children_of(reader.structure, column["id"])
    blocks = [block_of(reader, child) for child in children if child["kind"] not in {"leaders", "institutions"}]
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
    **dict.fromkeys(SINGLE_PAGE_KINDS, _single_page_column),
}
