"""Surveys, opinion calls and their results as pages: from what was signed, with how they stand at the moment of baking."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content.campaigns import marked
from jiyue.domain.campaigns import OPEN, standing
from jiyue.publishing import pages
from jiyue.publishing.frame import Link
from jiyue.publishing.models import PublicItem
from jiyue.publishing.reading import Reader

OUTCOMES = {
    "adopted": gettext_lazy("采纳"), "partly": gettext_lazy("部分采纳"), "rejected": gettext_lazy("不采纳"),
    "beside": gettext_lazy("与本次征集无关"),
}  # fmt: skip


def campaign_parts(reader: Reader, item: PublicItem, content: dict[str, Any], *, at_origin: str) -> dict[str, Any]:
    """What survey and opinion call show besides what all documents show, by the names of `pages.CampaignPage`.

    `at_origin` is the address where it can be joined, which is the record's own site.
    """
    detail = content["detail"]
    opens_at, closes_at = (_moment(detail[name]) or reader.at for name in ("opens_at", "closes_at"))
    state, _turns_at = standing(opens_at=opens_at, closes_at=closes_at, at=reader.at)
    return {
        "purpose": detail["purpose"], "asked_by": detail["asked_by"], "contact": detail["contact"],
        "opens_at": opens_at, "closes_at": closes_at, "state": state, "join": at_origin if state == OPEN else "",
        "results": tuple(_results(reader, item)), "documents": tuple(_decided(reader, item)),
    }  # fmt: skip


def join_address(address: str) -> str:
    """Where the counter takes part for the page at this address, which may be on another host."""
    host, mark, path = address.partition("://")
    origin = f"{host}://{path.split('/', 1)[0]}" if mark else ""
    return f"{origin}/hudong/join?of={quote(address.removeprefix(origin))}"


def questions_of(content: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row["question"] for row in content["detail"]["questions"])


def opinion_body(content: dict[str, Any], join: str) -> str:
    """The draft, while opinions are taken with a way to say something at each of its parts."""
    if not join or not content["body"].strip():
        return str(content["body"])
    return marked(content["body"], lambda n: f"{join}&at={n}", word=_("提意见"), said=_("对第 %(n)s 段提意见"))


def result_parts(reader: Reader, content: dict[str, Any]) -> dict[str, Any]:
    """What a result shows besides, by the names of `pages.CampaignResultPage`."""
    detail, figures = content["detail"], content["detail"]["figures"]
    campaign = reader.listed_item(detail["campaign"]) if detail["campaign"] else None
    of = reader.content(campaign)["title"] if campaign else ""
    total = figures.get("answers", 0)
    return {
        "total": total, "counted_at": _moment(figures.get("at")) or reader.at,
        "campaign": Link(title=of, address=campaign.address) if campaign else None,
        "asked_by": figures.get("asked_by", ""),
        "opens_at": _moment(figures.get("opens_at")), "closes_at": _moment(figures.get("closes_at")),
        "charts": tuple(map(_chart, figures.get("questions", ()))),
        "outcomes": tuple(_outcomes(figures.get("groups", ()), total)),
        "treated": tuple(map(_treated, figures.get("groups", ()))),
        "documents": tuple(_links(reader, [detail["final_document"]] if detail["final_document"] else [])),
    }  # fmt: skip


def calls_behind(reader: Reader, item: PublicItem, content: dict[str, Any]) -> list[Link]:
    """The call in which a document's draft was public, and what came of it."""
    named = content["detail"].get("opinion_call")
    own = str(item.identity)
    results = [
        (found, told) for found, told in reader.results_about(item.identity)
        if told["detail"]["final_document"] == own
    ]  # fmt: skip
    calls = [named] if named else [told["detail"]["campaign"] for _found, told in results]
    links = list(_links(reader, list(dict.fromkeys(calls))))
    return links + [Link(title=told["title"], address=found.address) for found, told in results]


def _results(reader: Reader, item: PublicItem) -> Iterator[Link]:
    own = str(item.identity)
    for found, content in reader.results_about(item.identity):
        if content["detail"]["campaign"] == own:
            yield Link(title=content["title"], address=found.address)


def _decided(reader: Reader, item: PublicItem) -> Iterator[Link]:
    """Documents that came of it: they name it, or its result names them."""
    own = str(item.identity)
    named = [str(found.identity) for found, _content in reader.documents_after(item.identity)]
    named += [
        content["detail"]["final_document"] for _found, content in reader.results_about(item.identity)
        if content["detail"]["campaign"] == own and content["detail"]["final_document"]
    ]  # fmt: skip
    return _links(reader, list(dict.fromkeys(named)))


def _links(reader: Reader, identities: list[str]) -> Iterator[Link]:
    for identity in identities:
        found = reader.listed_item(identity)
        if found is not None:
            yield Link(title=reader.content(found)["title"], address=found.address)


def _chart(facts: dict[str, Any]) -> pages.TallyChart:
    title = f"{facts['number']}. {facts['words']}"
    answered, quotes = facts["answered"], tuple(facts.get("quotes", ()))
    if "rows" in facts:
        parts = tuple(
            pages.TallyChart(
                title=row["label"], answered=sum(row["counts"]),
                bars=tuple(_bar(label, n, sum(row["counts"])) for label, n in zip(facts["columns"], row["counts"], strict=True)),
            )
            for row in facts["rows"]
        )  # fmt: skip
        return pages.TallyChart(title=title, answered=answered, parts=parts)
    bars = tuple(_bar(row["label"], row["count"], answered, _place(row)) for row in facts.get("options", ()))
    mean = _("平均 %(mean)s 分") % {"mean": facts["mean"]} if facts.get("mean") else ""
    note = _("按排在第一位的次数") if facts["kind"] == "ranking" else mean
    return pages.TallyChart(title=title, answered=answered, note=note, bars=bars, quotes=quotes)


def _place(row: dict[str, Any]) -> str:
    return _("平均名次 %(place)s") % {"place": row["place"]} if row.get("place") else ""


def _bar(label: str, count: int, of: int, note: str = "") -> pages.TallyBar:
    return pages.TallyBar(label=label, count=count, share=f"{100 * count / of:.1f}" if of else "0.0", note=note)


def _outcomes(groups: list[dict[str, Any]], total: int) -> Iterator[pages.TallyBar]:
    for code, word in OUTCOMES.items():
        count = sum(group["count"] for group in groups if group["outcome"] == code)
        if count:
            yield _bar(str(word), count, total)


def _treated(group: dict[str, Any]) -> pages.Treated:
    return pages.Treated(
        title=group["title"], summary=group["summary"], count=group["count"],
        outcome=str(OUTCOMES[group["outcome"]]), reason=group["reason"],
    )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
