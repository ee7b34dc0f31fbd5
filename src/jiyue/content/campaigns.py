"""A survey, an opinion call or a result as plain data: what snapshots hold beside the common facts, and what still lacks."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from lxml import html

from jiyue.content.guides import row_words
from jiyue.content.models import CampaignResult, Interview, PolicyDocument, Record, Survey, Transcript
from jiyue.content.models.campaigns import Campaign
from jiyue.content.models.records import State
from jiyue.domain.deadlines import local
from jiyue.domain.questionnaires import Fault, faults

Lack = tuple[str, str]
SHORTEST_SURVEY = timedelta(hours=1)
LONGEST_INTERVIEW = timedelta(hours=12)
COMMENTED = ("p", "h2", "h3", "h4", "li")
LONGEST_QUOTE = 2000
SENTENCES = {
    "no_questions": lambda _n: _("还没有题目"),
    "too_many_questions": lambda n: _("题目太多，最多 %(n)d 题") % {"n": n},
    "too_few_options": lambda n: _("至少要有 %(n)d 个选项，每行一个") % {"n": n},
    "too_many_options": lambda n: _("选项太多，最多 %(n)d 个") % {"n": n},
    "option_twice": lambda _n: _("有两个选项是一样的"),
    "option_too_long": lambda n: _("每个选项最多 %(n)d 个字") % {"n": n},
    "rows": lambda n: _("行数要在 1 到 %(n)d 之间") % {"n": n},
    "least_and_most": lambda _n: _("至少选几项、至多选几项前后矛盾，或者超过了选项的个数"),
    "points": lambda n: _("分级要在 3 到 %(n)d 之间") % {"n": n},
    "after": lambda n: _("“只问在第 %(n)d 题……”：要填前面的一道单选题或者多选题") % {"n": n},
    "after_option": lambda n: _("“选了第 %(n)d 项的人”：那道题没有这一项") % {"n": n},
}


def campaign_facts(record: Record) -> dict[str, Any]:
    """What a survey's snapshot holds besides its plain fields."""
    return {"questions": record.stream("questions")} if isinstance(record, Survey) else {}


def campaign_text(detail: Mapping[str, Any]) -> str:
    """The words of a campaign that a search should find."""
    seated = (detail.get("host_name", ""), detail.get("guests", ""))
    return "\n".join(filter(None, (detail.get("purpose", ""), *seated, *row_words(detail).values())))


def paragraphs(body: str) -> list[str]:
    """The text of each part of a rendered body on which an opinion can be given; the first has number 1."""
    return [_words(part)[:LONGEST_QUOTE] for part in _parts(_tree(body))]


def marked(body: str, link: Callable[[int], str], *, word: str, said: str) -> str:
    """The same body with a link at the end of each of these parts; `said` with its number is read to who cannot see."""
    tree = _tree(body)
    for n, part in enumerate(list(_parts(tree)), start=1):
        anchor = html.Element("a", attrib={"class": "opinion-link", "href": link(n), "aria-label": said % {"n": n}})
        anchor.text = word
        part.append(anchor)
    whole = html.tostring(tree, encoding="unicode")
    return whole.removeprefix("<div>").removesuffix("</div>")


def _tree(body: str) -> html.HtmlElement:
    return html.fragment_fromstring(body, create_parent="div")


def _parts(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for part in tree.iter(*COMMENTED):
        if _words(part) and not any(above.tag in ("li", "td", "th", "figure") for above in part.iterancestors()):
            yield part


def _words(part: html.HtmlElement) -> str:
    return " ".join(part.text_content().split())


# ── what still lacks ──


def lacks_of_campaign(record: Campaign, *, on: date) -> list[Lack]:
    """Pairs of field and sentence; empty when it may be submitted."""
    found: list[Lack] = []
    if not record.purpose.strip():
        found.append(("purpose", _("请写明为什么做这次调查或征集，结果用来做什么")))
    if not record.asked_by.strip():
        found.append(("asked_by", _("请写明主办单位")))
    if record.opens_at is None:
        found.append(("opens_at", _("请填写开始时间")))
    if record.closes_at is None:
        found.append(("closes_at", _("请填写截止时间")))
    elif record.opens_at and record.closes_at - record.opens_at < SHORTEST_SURVEY:
        found.append(("closes_at", _("截止时间要晚于开始时间，至少相隔一小时")))
    elif local(record.closes_at).date() < on and not record.versions.exists():
        found.append(("closes_at", _("截止时间已经过了，没有人来得及参加")))
    if isinstance(record, Survey):
        found += [("questions", _sentence(fault)) for fault in faults(record.stream("questions"))]
    return found


def lacks_of_interview(record: Interview, *, on: date) -> list[Lack]:
    """Pairs of field and sentence; empty when it may be submitted."""
    found: list[Lack] = []
    for field, sentence in (
        ("purpose", _("请写明谈什么")),
        ("asked_by", _("请写明主办单位")),
        ("guests", _("请写明嘉宾")),
    ):
        if not getattr(record, field).strip():
            found.append((field, sentence))
    found += [(name, _("请填写访谈的时间")) for name in ("opens_at", "closes_at") if getattr(record, name) is None]
    if record.opens_at and record.closes_at:
        if record.closes_at <= record.opens_at:
            found.append(("closes_at", _("结束时间要晚于开始时间")))
        elif record.closes_at - record.opens_at > LONGEST_INTERVIEW:
            found.append(("closes_at", _("一次访谈最长 %(n)d 小时，时间长的分几次办") % {"n": 12}))
        elif local(record.closes_at).date() < on and not record.versions.exists() and record.has_live:
            found.append(("closes_at", _("访谈已经过了，请去掉“文字直播”，直接写访谈实录")))
    if record.has_live and not record.recorders:
        found.append(("recorders", _("请选择由谁发文字直播；签发以后，只有这些人在访谈前后的时间里能发")))
    return found


def lacks_of_transcript(record: Transcript) -> list[Lack]:
    return [] if record.meeting else [("meeting", _("请选择这是哪一次访谈的实录"))]


def lacks_of_result(record: CampaignResult) -> list[Lack]:
    if record.campaign is None or not record.figures:
        return [("title", _("结果要从“调查征集”里那一次的结果页面生成，不能空手写"))]
    return []


def lacks_of_decision(document: PolicyDocument) -> list[Lack]:
    """A major decision needs the call in which its draft was public, or the recorded reason why there was none (INT-13)."""
    call, reason = document.opinion_call, document.no_call_reason.strip()
    if not document.major_decision:
        return []
    if call is None and not reason:
        return [("opinion_call", _("这是涉及公众的重大决策：请选择征求意见的页面，没有征求的写明原因"))]
    # Signed at some time and not taken back: a correction on its way does not undo that it was public.
    if call is not None and (
        call.state == State.WITHDRAWN or not call.versions.filter(sign_offs__isnull=False).exists()
    ):
        return [("opinion_call", _("“%(title)s”还没有公开，不能算征求过意见") % {"title": call.title})]
    return []


def foreign_campaigns(record: Record) -> dict[str, str]:
    """By field: a sentence for each of these links that leads to another site."""
    found = {}
    if isinstance(record, PolicyDocument) and record.opinion_call and record.opinion_call.site_id != record.site_id:
        found["opinion_call"] = _("请选择本网站的意见征集")
    if isinstance(record, CampaignResult):
        named = record.final_document
        if named and named.site_id != record.site_id:
            found["final_document"] = _("请选择本网站的文件")
        if record.campaign and record.campaign.site_id != record.site_id:
            found["campaign"] = _("调查或征集不属于本网站")
    if isinstance(record, Transcript) and record.meeting and record.meeting.site_id != record.site_id:
        found["meeting"] = _("请选择本网站的访谈")
    return found


def note_answered(survey: Survey, digest: str) -> None:
    """The first answer is there: from now on the questions stay. For `interaction`, which leaves its own trace."""
    Survey.objects.filter(pk=survey.pk, answered_as="").update(answered_as=digest)


def _sentence(fault: Fault) -> str:
    said = SENTENCES[fault.code](fault.limit)
    return _("第 %(n)d 题：%(said)s") % {"n": fault.number, "said": said} if fault.number else said


def site_questions() -> list[tuple[str, dict[str, Any]]]:
    """What a survey about the site itself asks (INT-18): a beginning, which its editor changes as she likes."""
    parts, lines = "找政策\n找办事指南\n写信咨询\n看新闻", "栏目好找\n搜索能找到\n内容是新的\n答复有用"
    asked: list[tuple[str, dict[str, Any]]] = [
        ("multiple", {"question": "您来网站做什么？", "options": parts}),
        ("scale", {"question": "总的来说，您对本网站满意吗？", "points": 5, "low": "很不满意", "high": "很满意"}),
        ("matrix", {"question": "下面各项怎么样？", "rows": lines, "columns": "好\n一般\n差"}),
        ("text", {"question": "还有什么要改进？", "longest": 500, "needed": False}),
    ]
    return [(kind, {"needed": True, **value}) for kind, value in asked]
