"""Pages of public items: documents of every kind, and what is left where one was withdrawn or merged."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.publishing import pages
from jiyue.publishing.composing import lineage
from jiyue.publishing.composing.answers import answer_facts, service_links, talk_parts
from jiyue.publishing.composing.campaigns import (
    calls_behind,
    campaign_parts,
    join_address,
    opinion_body,
    questions_of,
    result_parts,
)
from jiyue.publishing.composing.columns import leader_cards
from jiyue.publishing.composing.ground import day, ground
from jiyue.publishing.composing.guides import guide_parts
from jiyue.publishing.composing.interviews import interview_parts, transcript_parts
from jiyue.publishing.composing.library import VALIDITIES, shelf_links
from jiyue.publishing.composing.related import with_related
from jiyue.publishing.composing.voices import voices_of
from jiyue.publishing.frame import Download, Link, LinkGroup
from jiyue.publishing.framing import origin_of
from jiyue.publishing.models import PublicItem
from jiyue.publishing.pages import ListBlock, Page
from jiyue.publishing.reading import Reader, hour_known, picture_of
from jiyue.publishing.renditions.matter import Paper, paper_of
from jiyue.publishing.sealed import check_item
from jiyue.publishing.shelving import NEEDS
from jiyue.publishing.validity import badge_of
from jiyue.review.ledger import genuine
from jiyue.review.models import SignOff

FORMS = {
    "text": gettext_lazy("文字解读"),
    "digital": gettext_lazy("数字解读"),
    "graphic": gettext_lazy("图表图解"),
    "audio": gettext_lazy("音频解读"),
    "video": gettext_lazy("视频解读"),
    "animation": gettext_lazy("动漫解读"),
    "scene": gettext_lazy("场景演示"),
}
WORKS = {
    "agenda": gettext_lazy("折子工程"), "livelihood": gettext_lazy("便民实事"), "project": gettext_lazy("重点项目")
}  # fmt: skip
SCOPES = {"active": gettext_lazy("主动公开"), "on_request": gettext_lazy("依申请公开")}


def compose_item(reader: Reader, item: PublicItem) -> Page:
    """The page of a public item. Raises SealBroken when its content is not what was signed."""
    content = reader.content(item)
    return with_related(reader, _ITEM_PAGES[item.kind](reader, item, content), item, content)


def compose_draft(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    """The page that `content` would make, whoever signed it or nobody; for previews."""
    return with_related(reader, _ITEM_PAGES[item.kind](reader, item, content), item, content)


def compose_gone(reader: Reader, item: PublicItem) -> pages.GonePage:
    """The 410 page of a withdrawn item. It does not repeat the title: that may be what was wrong."""
    return pages.GonePage(
        **ground(reader, _("这个页面已经撤下"), item.address, column=reader.columns.get(item.column_id)),
        reason=_("内容发布有误，发布单位已将其撤下。"),
        withdrawn_at=item.changed_at,
    )


def compose_moved(reader: Reader, item: PublicItem) -> pages.MovedPage:
    """The stub left where a merged item was."""
    [row] = genuine([item.sign_off])
    target = row.instruction["target"]
    return pages.MovedPage(**ground(reader, _("这个页面已合并到新的地址"), item.address), target=target)


def _document(reader: Reader, item: PublicItem, content: dict[str, Any]) -> dict[str, Any]:
    column = reader.columns.get(item.column_id)
    pictures = [facts["address"] for facts in content["files"] if "width" in facts]
    base = ground(reader, content["title"], item.address, column)
    base["description"] = content["summary"] or content["text"][:120]
    if item.placed_by_id:
        base["canonical"] = _at_origin(item)
    return base | {
        "keywords": tuple(content["keywords"]),
        "published_at": item.published_at,
        "hour_known": hour_known(content),
        "source": content["source"],
        "author": content["author"],
        "subtitle": content["subtitle"],
        "body": content["body"],
        "images": tuple(pictures),
        "origin": _origin(item, content),
        "banner": lineage.banner(reader, item, content),
        "corrections": tuple(_corrections(item)),
        "voices": voices_of(reader, item, content),
    }


def _origin(item: PublicItem, content: dict[str, Any]) -> Link | None:
    if item.placed_by_id:
        return Link(title=item.sign_off.site.name, address=_at_origin(item))
    original = content["original"]
    if not original["address"]:
        return None
    return Link(title=original["source"] or content["source"], address=original["address"])


def _at_origin(item: PublicItem) -> str:
    """The address of a placed record at its own site: the one that search engines should keep."""
    origin = PublicItem.objects.select_related("site").get(identity=item.identity, placed_by=None)
    return origin_of(origin.site.host) + check_item(origin).address


def _corrections(item: PublicItem) -> list[pages.Correction]:
    if item.serial == item.sign_off.sequence:  # still the first sign-off: spares a query for each of many pages
        return []
    rows = SignOff.objects.filter(identity=item.identity, act=SignOff.Act.CORRECT)
    rows = rows.filter(sequence__lte=item.sign_off.sequence).order_by("sequence")
    return [pages.Correction(at=row.effective_at, what=row.instruction.get("reason", "")) for row in genuine(rows)]


def _article(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    return pages.ArticlePage(**_document(reader, item, content))


def _notice(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    return pages.NoticePage(**_document(reader, item, content), valid_until=day(content["detail"]["valid_until"]))


def _policy_document(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    detail = content["detail"]
    return pages.PolicyDocumentPage(
        **_document(reader, item, content),
        index_number=detail["index_number"],
        document_number=detail["document_number"],
        issuers=tuple(name for name in detail["issuer"].split("、") if name),
        drafting_unit=detail["drafting_unit"] or "",
        written_on=day(detail["written_on"]),
        issued_on=day(detail["issued_on"]),
        effective_on=day(detail["effective_on"]),
        expires_on=day(detail["expires_on"]),
        validity=badge_of(item),
        validity_note=lineage.note(item, content),
        lineage=lineage.ties(reader, item, content),
        subject_class=content["subject_class"],
        public_scope=str(SCOPES[detail["public_scope"]]),
        outline=tuple(_outline(content)),
        interpretations=tuple(_interpretations(reader, item)),
        questions=tuple(_questions_about(reader, item)),
        issuer_shelves=shelf_links(reader, item, content, "issuer"),
        subject_shelves=shelf_links(reader, item, content, "subject"),
        need_shelves=shelf_links(reader, item, content, *NEEDS),
        related=tuple(_beside(reader, item, content)),
        editions=tuple(_editions(reader, item, content)),
    )


def _beside(reader: Reader, item: PublicItem, content: dict[str, Any]) -> list[LinkGroup]:
    """The guides that name a document (SERV-10), and the call in which its draft was public (INT-13)."""
    links = tuple(
        Link(title=guide["title"], address=found.address, note=guide["detail"]["handling_body"])
        for found, guide in reader.services_of(item.identity)
    )
    calls = tuple(calls_behind(reader, item, content))
    named = ((_("办事指南"), links), (_("草案征求意见"), calls))
    return [LinkGroup(title=title, links=found) for title, found in named if found]


def paper_for(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Paper:
    """What the files of a document say, with how it stands."""
    code = badge_of(item)
    badge = "" if code in ("", "valid", "unchecked") else str(VALIDITIES[code])
    mark = lineage.banner(reader, item, content) or lineage.note(item, content)
    origin = reader.frame.origin
    return paper_of(
        content, mark=mark, badge=badge, address=origin + item.address, site=reader.frame.name, origin=origin
    )


def _editions(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Iterator[Download]:
    if reader.store is None:  # a preview keeps no files, and its pictures have no digest yet
        return
    for file in reader.files_of(item, paper_for(reader, item, content)):
        title = _("PDF 版") if file.form == "pdf" else _("Word 版")
        yield Download(title=title, address=file.address, kind=file.form.upper(), size=file.size, pages=file.pages)


def _interpretations(reader: Reader, item: PublicItem) -> list[pages.InterpretationLink]:
    return [
        pages.InterpretationLink(
            title=content["title"],
            address=found.address,
            form=str(FORMS[content["detail"]["form"]]),
            published_at=found.published_at,
            hour_known=hour_known(content),
        )
        for found, content in reader.interpretations_of(item.identity)
    ]


def _questions_about(reader: Reader, item: PublicItem) -> Iterator[pages.PublicQuestion]:
    """What the public asked about a document, from the interpretations that answer it."""
    for found, content in reader.interpretations_of(item.identity):
        for row in content["detail"].get("answers", ()):
            if row["document"] == str(item.identity):
                yield _question(row, found.address, title=content["title"])


def _question(row: dict[str, str], address: str, *, title: str = "") -> pages.PublicQuestion:
    anchored = f"{address}#{row['anchor']}" if row["anchor"] else address
    return pages.PublicQuestion(words=row["words"], address=anchored, section=row["section"], title=title)


def _interpretation(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    explained = [reader.listed_item(identity) for identity in content["detail"]["documents"]]
    return pages.InterpretationPage(
        **_document(reader, item, content),
        form=str(FORMS[content["detail"]["form"]]),
        interpreting_unit=content["responsible"],
        policies=tuple(_policy_link(reader, found) for found in explained if found is not None),
        questions=tuple(_question(row, "") for row in content["detail"].get("answers", ())),
        outline=tuple(_outline(content)),
    )


def _policy_link(reader: Reader, item: PublicItem) -> pages.PolicyLink:
    content = reader.content(item)
    return pages.PolicyLink(
        title=content["title"],
        address=item.address,
        document_number=content["detail"].get("document_number", ""),
        published_at=item.published_at,
        hour_known=hour_known(content),
        validity=badge_of(item),
    )


def _outline(content: dict[str, Any]) -> list[pages.OutlineItem]:
    """Headings and articles; none when the only heading is the document's own title."""
    # Headings are levels 2 to 4 of the body, articles (第三条) level 5; the page speaks of chapter, section, article.
    return [
        pages.OutlineItem(
            title=entry["text"], anchor=entry["id"], level=3 if entry["level"] == 5 else entry["level"] - 1
        )
        for entry in content["outline"]
        if entry["text"] != content["title"]
    ]


def _leader(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    column, detail = reader.columns.get(item.column_id), content["detail"]
    return pages.LeaderPage(
        **ground(reader, content["title"], item.address, column),
        name=content["title"],
        post=detail["post"],
        duties="" if _tells_duties(content) else detail["duties"],
        body=content["body"],
        picture=picture_of(content["cover"]),
        published_at=item.published_at,
        hour_known=hour_known(content),
        others=tuple(card for card in leader_cards(reader, column) if card.address != item.address) if column else (),
    )


def _tells_duties(content: dict[str, Any]) -> bool:
    """Has the text a section of its own about the division of work? Then the field would say it twice."""
    return any(entry["text"] == "工作分工" for entry in content["outline"])


def _institution(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    detail = content["detail"]
    return pages.InstitutionPage(
        **ground(reader, content["title"], item.address, reader.columns.get(item.column_id)),
        name=content["title"],
        published_at=item.published_at,
        hour_known=hour_known(content),
        head=detail["head"],
        body=content["body"],
        office_address=detail["address"],
        office_hours=detail["hours"],
        phone=detail["telephone"],
    )


def _topic(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    detail = content["detail"]
    return pages.TopicPage(
        **ground(reader, content["title"], item.address, reader.columns.get(item.column_id)),
        purpose=content["summary"],
        keeper=content["responsible"],
        picture=picture_of(content["cover"]),
        ends_on=day(detail["ends_on"]),
        archived_on=day(detail["ends_on"]) or item.changed_at.date() if detail["archived"] else None,
        body=content["body"],
        lists=tuple(_told(reader, item, content)),
        work=_work(reader, content) if "work_kind" in detail else None,
    )


def _told(reader: Reader, item: PublicItem, content: dict[str, Any]) -> list[ListBlock]:
    """What tells of a topic, newest first; of a task of the year every note of progress, in the order they came."""
    cards = reader.told_of(item.identity)
    if "work_kind" in content["detail"]:
        none = _("各责任单位报送的进展会按时间列在这里。")
        return [ListBlock(title=_("工作进展"), items=tuple(reversed(cards)), empty_why=none)]
    return [ListBlock(title=_("专题内容"), items=tuple(cards))] if cards else []


def _work(reader: Reader, content: dict[str, Any]) -> pages.WorkFacts:
    detail = content["detail"]
    named = [reader.listed_item(identity) for identity in detail.get("documents", ())]
    return pages.WorkFacts(
        kind=str(WORKS[detail["work_kind"]]), year=detail["work_year"], number=detail.get("work_number", ""),
        target=detail["work_target"], documents=tuple(_policy_link(reader, found) for found in named if found is not None),
    )  # fmt: skip


def _gallery(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    # Pictures and films stand in the body as they were reviewed, each with its words.
    return pages.GalleryPage(**_document(reader, item, content))


def _plain(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    base = ground(reader, content["title"], item.address, reader.columns.get(item.column_id))
    return pages.PlainPage(**base, body=content["body"], updated_at=item.changed_at)


def _service_guide(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    documents = [reader.listed_item(identity) for identity in content["detail"].get("documents", ())]
    named = [found for found in documents if found is not None]
    return pages.ServiceGuidePage(
        **_document(reader, item, content),
        **guide_parts(content),
        **talk_parts(reader, item, content),
        policies=tuple(_policy_link(reader, found) for found in named),
        interpretations=tuple(link for found in named for link in _interpretations(reader, found)),
    )


def _public_answer(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    facts = _document(reader, item, content) | answer_facts(content)
    return pages.PublicAnswerPage(**facts, services=tuple(service_links(reader, content)))


def _survey(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    parts = campaign_parts(reader, item, content, at_origin=_join(item))
    return pages.SurveyPage(**_document(reader, item, content), **parts, questions=questions_of(content))


def _opinion_call(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    parts = campaign_parts(reader, item, content, at_origin=_join(item))
    base = _document(reader, item, content) | {"body": opinion_body(content, parts["join"])}
    return pages.OpinionCallPage(**base, **parts)


def _own(item: PublicItem) -> str:
    """The address at the record's own site, also for another one that shows it."""
    return _at_origin(item) if item.placed_by_id else item.address


def _join(item: PublicItem) -> str:
    """Where to take part."""
    return join_address(_own(item))


def _interview(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    parts = interview_parts(reader, item, content, at_origin=_own(item))
    return pages.InterviewPage(**_document(reader, item, content), **parts)


def _transcript(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    return pages.TranscriptPage(**_document(reader, item, content), **transcript_parts(reader, content))


def _campaign_result(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    return pages.CampaignResultPage(**_document(reader, item, content), **result_parts(reader, content))


_ITEM_PAGES: dict[str, Callable[[Reader, PublicItem, dict[str, Any]], Page]] = {
    "article": _article,
    "notice": _notice,
    "policy_document": _policy_document,
    "interpretation": _interpretation,
    "leader": _leader,
    "institution": _institution,
    "topic": _topic,
    "gallery": _gallery,
    "plain_page": _plain,
    "service_guide": _service_guide,
    "public_answer": _public_answer,
    "survey": _survey,
    "opinion_call": _opinion_call,
    "campaign_result": _campaign_result,
    "interview": _interview,
    "transcript": _transcript,
}
