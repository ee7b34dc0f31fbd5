"""来信公开 of a site: an answer's page, the list and its facets. By year there are the pages that every list has."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from jiyue.publishing import answered, lists, pages
from jiyue.publishing.composing.ground import day, ground
from jiyue.publishing.composing.machines import takes_letters
from jiyue.publishing.frame import Link
from jiyue.publishing.framing import address_of_column
from jiyue.publishing.models import PublicItem
from jiyue.publishing.pages import Crumb, Facet, Page
from jiyue.publishing.reading import Reader
from jiyue.publishing.sealed import SealBroken

ANSWERS = "answers"  # the kind of column
FACETS = {"kind": "letter_kind", "unit": "unit"}
FACET = re.compile(r"(?P<facet>kind|unit)/(?P<code>[a-z0-9_]{1,20})/")
FIGURES = "statistics/"
MOST_LISTED = 100
MOST_ANSWERS, MOST_GUIDES = 10, 5  # on the page of a guide, and on that of an answer


def answer_facts(content: dict[str, Any]) -> dict[str, Any]:
    """What an answer's page shows besides what all documents show, by the names of `pages.PublicAnswerPage`."""
    detail = content["detail"]
    return {
        "letter_kind": kind_word(detail["letter_kind"]), "unit": detail["answering_unit"],
        "received_on": day(detail["received_on"]), "accepted_on": day(detail["accepted_on"]),
        "addressee": detail.get("written_to", ""),
        "answered_on": day(detail["answered_on"]), "question": _paragraphs(detail["question"]),
        "answer": _paragraphs(detail["answer"]), "rating": detail["rating"],
        **({"banner": _("来信人要求重办，这件事正在重新办理，新的答复会更正在这里。")} if detail["standing"] else {}),
    }  # fmt: skip


def service_links(reader: Reader, content: dict[str, Any]) -> Iterator[Link]:
    """From an answer to the service item that it is about: its guides on this site, or its name alone (SERV-10)."""
    service = content["detail"].get("service")
    if not service:
        return
    guides = reader.guides_of(service["identity"], MOST_GUIDES)
    for item, guide in guides:
        yield Link(title=guide["title"], address=item.address, note=guide["detail"]["handling_body"])
    if not guides:
        yield Link(title=service["name"], address="")


def talk_parts(reader: Reader, item: PublicItem, content: dict[str, Any]) -> dict[str, Any]:
    """From a guide to what was answered about its item, and to asking about it (SERV-10)."""
    service = content["detail"]["item"]
    if not service:
        return {}
    found = reader.answers_about(service["identity"], MOST_ANSWERS + 1)
    columns = answers_columns(reader) if found else []
    # A guide of another site has no data here by which the counter could know it.
    writes = takes_letters(reader) and not item.placed_by_id
    return {
        "answers": tuple(answer_line(reader, *pair) for pair in found[:MOST_ANSWERS]),
        "all_answers": address_of_column(columns[0]) if len(found) > MOST_ANSWERS and columns else "",
        "write": f"/hudong/write?guide={item.address}" if writes else "",
    }


def kind_word(code: str) -> str:
    return str(answered.KINDS(code).label)


def answers_columns(reader: Reader) -> list[dict[str, Any]]:
    return [column for column in reader.open_columns() if column["kind"] == ANSWERS]


def compose_answers_column(reader: Reader, column: dict[str, Any]) -> pages.AnswersPage:
    """The newest answers, with the ways to narrow them."""
    last = reader.list_pages(column).order_by("-number").first()
    base = address_of_column(column)
    items = lists.newest(reader.row_of(column))
    return pages.AnswersPage(
        **ground(reader, column["name"], base, column),
        **_shared(reader, column),
        lines=tuple(answer_lines(reader, items)),
        total=reader.total(column),
        older=f"{base}list/{last.number}.html" if last else "",
        writes=takes_letters(reader),
    )


def answer_lines(reader: Reader, items: Any) -> Iterator[pages.AnswerLine]:
    """The days, the unit and the kind of each answer among the items (INT-05); what is no answer has no line."""
    for item, content in reader.listed_contents(items):
        if item.kind != answered.KIND:
            continue
        yield answer_line(reader, item, content)


def answer_line(reader: Reader, item: PublicItem, content: dict[str, Any]) -> pages.AnswerLine:
    detail = content["detail"]
    return pages.AnswerLine(
        item=reader.card_of(item, content), letter_kind=kind_word(detail["letter_kind"]),
        unit=detail["answering_unit"], addressee=detail.get("written_to", ""),
        accepted_on=day(detail["accepted_on"]), answered_on=day(detail["answered_on"]),
    )  # fmt: skip


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def compose_answers(reader: Reader, address: str) -> Page | None:
    """The page of one value of a facet; None for every other address and for values that nothing has."""
    for column in answers_columns(reader):
        base = address_of_column(column)
        found = FACET.fullmatch(address.removeprefix(base)) if address.startswith(base) else None
        if found:
            return _of_facet(reader, column, found["facet"], found["code"])
    return None


def answer_addresses(reader: Reader, column: dict[str, Any]) -> list[str]:
    """Every address below a column of answers that is no list page and no item."""
    base = address_of_column(column)
    return [f"{base}{facet}/{code}/" for facet in FACETS for code in _values(column, facet)]


def _of_facet(reader: Reader, column: dict[str, Any], facet: str, code: str) -> pages.AnswersPage | None:
    values = _values(column, facet)
    if code not in values:
        return None
    value, total = values[code]
    reader.row_of(column)
    rows = answered.places(column["id"], **{FACETS[facet]: value})[:MOST_LISTED]
    items = PublicItem.objects.filter(pk__in=[row.item_id for row in rows]).order_by("-published_at", "-serial")
    lines = tuple(answer_lines(reader, items))
    word = kind_word(value) if facet == "kind" else value
    if any((line.letter_kind if facet == "kind" else line.unit) != word for line in lines):
        raise SealBroken(f"column:{column['id']}")
    address = f"{address_of_column(column)}{facet}/{code}/"
    base = ground(reader, _("%(column)s：%(value)s") % {"column": column["name"], "value": word}, address, column)
    return pages.AnswersPage(
        **base | {"crumbs": (*base["crumbs"], Crumb(title=word, address=address))},
        **_shared(reader, column, address), lines=lines, total=total,
        entrance=Link(title=column["name"], address=address_of_column(column)),
    )  # fmt: skip


def _shared(reader: Reader, column: dict[str, Any], current: str = "") -> dict[str, Any]:
    base = address_of_column(column)
    years = [Link(title=str(year), address=f"{base}{year:04d}/") for year in lists.years(reader.row_of(column))]
    return {
        "facets": tuple(_facets(column, current)), "years": tuple(years),
        "figures": Link(title=_("来信办理统计"), address=f"{base}{FIGURES}") if column.get("publishes_figures") else None,
        "empty_why": _("还没有公开的来信和答复。"),
    }  # fmt: skip


def _facets(column: dict[str, Any], current: str) -> Iterator[Facet]:
    base = address_of_column(column)
    for facet, title in (("kind", _("按类别")), ("unit", _("按答复单位"))):
        links = [
            Link(
                title=kind_word(value) if facet == "kind" else value, address=f"{base}{facet}/{code}/",
                note=_("%(count)s 件") % {"count": count}, current=f"{base}{facet}/{code}/" == current,
            )
            for code, (value, count) in _values(column, facet).items()
        ]  # fmt: skip
        if len(links) > 1:
            yield Facet(title=title, links=tuple(links))


def _values(column: dict[str, Any], facet: str) -> dict[str, tuple[str, int]]:
    found = answered.numbers(column["id"], FACETS[facet])
    if facet == "kind":
        return {code: (code, found[code]) for code in answered.KINDS.values if code in found}
    return {answered.code_of(unit): (unit, found[unit]) for unit in sorted(found)}
