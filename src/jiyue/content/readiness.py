"""Is this record fit to be submitted? Every reason why not, in words, at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiyue.content.answers import lacks_of_answer
from jiyue.content.belonging import foreign_links
from jiyue.content.campaigns import (
    lacks_of_campaign,
    lacks_of_decision,
    lacks_of_interview,
    lacks_of_result,
    lacks_of_transcript,
)
from jiyue.content.cases import demands_of_document, demands_of_interpretation
from jiyue.content.guide_readiness import lacks
from jiyue.content.headings import demands_of_answers
from jiyue.content.interpretations import demands
from jiyue.content.media_bounds import beyond
from jiyue.content.models import (
    CampaignResult,
    Interpretation,
    Interview,
    OpinionCall,
    PolicyDocument,
    PublicAnswer,
    Record,
    ServiceGuide,
    Survey,
    Topic,
    Transcript,
)
from jiyue.content.originals import against_reprint
from jiyue.content.policies import changeable_documents
from jiyue.content.rendering import shortcomings
from jiyue.content.rights import ended_in
from jiyue.content.standards import exchanged, faults_of, faults_of_draft
from jiyue.identity.models import Organisation
from jiyue.rules.standards import Fault, sentence

WITHOUT_BODY = frozenset({
    Record.Kind.LEADER, Record.Kind.INSTITUTION, Record.Kind.TOPIC, Record.Kind.SERVICE_GUIDE, Record.Kind.PUBLIC_ANSWER,
    Record.Kind.SURVEY, Record.Kind.CAMPAIGN_RESULT, Record.Kind.INTERVIEW,
})  # fmt: skip
EARLIEST_YEAR, LATEST_YEAR = 1949, 2200


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the field (or "body") it belongs to, and the sentence for the editor."""

    field: str
    message: str


def problems(record: Record, *, on: date) -> list[Problem]:
    """Everything that stands in the way of submitting on a day (Asia/Shanghai); empty when the record is ready."""
    record = record.typed
    found = [*_common(record), *_body(record)]
    found += [Problem("body", message) for message in (*ended_in(record, on=on), *beyond(record, on=on))]
    if record.kind == Record.Kind.POLICY_DOCUMENT:
        found += _policy_document(record)
        found += [Problem(demand.field, demand.message) for demand in demands_of_document(record, on=on)]
    if isinstance(record, Interpretation):
        found += _interpretation(record, on)
    if isinstance(record, Topic):
        found += _topic(record)
    if isinstance(record, ServiceGuide):
        found += [Problem(field, message) for field, message in lacks(record)]
    if isinstance(record, PublicAnswer):
        found += [Problem(field, message) for field, message in lacks_of_answer(record)]
    found += [Problem(field, message) for field, message in _of_campaign(record, on)]
    told = {problem.field for problem in found}
    return [*found, *(problem for problem in _of_standard(faults_of_draft(record, on=on)) if problem.field not in told)]


def nonconforming(content: Mapping[str, Any], *, organisation: Organisation, on: date) -> list[Problem]:
    """In what a frozen version breaks the data standards in force for its unit on a day (PLAT-08); empty when it conforms."""
    return list(_of_standard(faults_of(exchanged(content), organisation=organisation, on=on)))


def _of_standard(faults: Iterable[Fault]) -> list[Problem]:
    return [Problem(_field_of(fault), _("不符合数据标准：%(why)s") % {"why": sentence(fault)}) for fault in faults]


def _field_of(fault: Fault) -> str:
    """The field of the form behind a field of the standard."""
    match fault.path:
        case ("detail", str(name), *_rest):
            return name
        case ("original", str(name), *_rest):
            return f"original_{name}"
        case ("topic", *_rest):
            return "part_of"
        case (str(name), *_rest):
            return name
    return "title"


def _common(record: Record) -> list[Problem]:
    found = []
    if not record.title.strip():
        found.append(Problem("title", _("请填写标题")))
    if not record.source.strip():
        found.append(Problem("source", _("请填写来源")))
    if record.responsible_id is None:
        found.append(Problem("responsible", _("请选择责任单位")))
    dated = record.event_on or getattr(record, "issued_on", None) or getattr(record, "written_on", None)
    if record.information_class and dated is None:
        found.append(Problem("event_on", _("选了信息类别，请填写事项发生日期；公开时限从这一天算起")))
    if record.event_time and record.event_on is None:
        found.append(Problem("event_time", _("填了时刻，请同时填写事项发生日期")))
    if record.column.closed_at is not None:
        found.append(Problem("column", _("“%(name)s”栏目已经关闭，请换一个栏目") % {"name": record.column.name}))
    found += [Problem(field, sentence) for field, sentence in foreign_links(record).items()]
    found += [Problem(field, sentence) for field, sentence in against_reprint(record)]
    if record.cover and not record.cover_alt.strip():
        found.append(Problem("cover_alt", _("请为题图写替代文字")))
    return found


def _body(record: Record) -> list[Problem]:
    blocks = record.body.get_prep_value() if record.body else []
    if not blocks and record.kind not in WITHOUT_BODY:
        return [Problem("body", _("正文还是空的"))]
    return [Problem("body", str(lack.message)) for lack in shortcomings(blocks) if lack.refuses]


def _interpretation(record: Interpretation, on: date) -> list[Problem]:
    none = [] if record.documents.exists() else [Problem("documents", _("请选择这篇解读对应的政策文件"))]
    asked = [*demands(record, on=on), *demands_of_interpretation(record), *demands_of_answers(record)]
    return [*none, *(Problem(demand.field, demand.message) for demand in asked)]


def _of_campaign(record: Record, on: date) -> list[tuple[str, str]]:
    if isinstance(record, Survey | OpinionCall):
        return lacks_of_campaign(record, on=on)
    if isinstance(record, CampaignResult):
        return lacks_of_result(record)
    if isinstance(record, Interview):
        return lacks_of_interview(record, on=on)
    if isinstance(record, Transcript):
        return lacks_of_transcript(record)
    return lacks_of_decision(record) if isinstance(record, PolicyDocument) else []


def _topic(record: Topic) -> list[Problem]:
    """A topic has a purpose, an owner (as everything has) and an end (COL-09; Hebi art. 14, Chaoyang art. 25)."""
    found = []
    if not record.summary.strip():
        found.append(Problem("summary", _("请在摘要里写明专题的目的")))
    if record.ends_on is None:
        found.append(Problem("ends_on", _("请填写预计结束日期；到期后归档，或者改为新的日期")))
    return [*found, *_work(record)]


def _work(record: Topic) -> list[Problem]:
    """A task of the year says of which year and what is to be reached; what is none says nothing of the kind (COL-11)."""
    if not record.work_kind:
        told = record.work_year or record.work_number or record.work_target
        return [Problem("work_kind", _("填了年度任务的内容，请选择年度任务类别"))] if told else []
    found = []
    if record.work_year is None or not EARLIEST_YEAR <= record.work_year <= LATEST_YEAR:
        found.append(Problem("work_year", _("请填写任务年度，例如 2026")))
    if not record.work_target.strip():
        found.append(Problem("work_target", _("请写明年度目标，读者凭它看进展")))
    return found


def _policy_document(record) -> list[Problem]:
    found = []
    if not record.issuer.strip():
        found.append(Problem("issuer", _("请填写发文机关")))
    if record.written_on is None:
        found.append(Problem("written_on", _("请填写成文日期")))
    if record.expires_on and record.effective_on and record.expires_on < record.effective_on:
        found.append(Problem("expires_on", _("失效日期早于施行日期")))
    return [*found, *_named_documents(record)]


def _named_documents(record) -> list[Problem]:
    """What it amends and repeals, asked again: a document may have been withdrawn since it was named."""
    allowed = changeable_documents(record)
    found: list[Problem] = []
    for name in ("amends", "repeals"):
        lost = getattr(record, name).exclude(pk__in=allowed.values("pk")).values_list("title", flat=True)
        sentence = _("“%(title)s”已经撤下，或者不由本单位管，请从名单里去掉")
        found += [Problem(name, sentence % {"title": title}) for title in lost]
    both = record.amends.filter(pk__in=record.repeals.values("pk")).values_list("title", flat=True)
    found += [Problem("repeals", _("“%(title)s”不能既修改又废止") % {"title": title}) for title in both]
    return found
