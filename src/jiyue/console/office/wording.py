"""The trace in words: the facts of an event as a person reads them, in its sentence (`event_words`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiyue.checks.models import CheckSetting, UnitWord
from jiyue.concerns.models import Concern, Step
from jiyue.console.detector_words import detector_word
from jiyue.console.office.event_words import WORDS
from jiyue.content.models import (
    Column,
    ColumnDecision,
    ColumnFiling,
    EditorialPlan,
    InformationClass,
    Record,
    Withholding,
)
from jiyue.content.models.placements import Placement
from jiyue.content.models.reprinting import KeptText, PermittedSource
from jiyue.content.models.takings import TakingRule
from jiyue.disclosure.words import ACTS as REQUEST_ACTS
from jiyue.disclosure.words import STATES as REQUEST_STATES
from jiyue.estate.models import MarkPicture, Notice, Site
from jiyue.identity.models import Organisation
from jiyue.identity.roles import Duty, Role
from jiyue.interaction.enquiry_words import ACTS as ENQUIRY_ACTS
from jiyue.interaction.enquiry_words import ENDS as ENQUIRY_ENDS
from jiyue.interaction.models import GROUNDS, Case, CommentAct, LiveWord, OpinionGroup, PublicVersion, ReplyMark
from jiyue.interaction.words import ACTS, STATES
from jiyue.publishing.models import Incident
from jiyue.review.checklist import Principle
from jiyue.review.models import Finding, InspectedItem, LeakCase, Level, Review

_CODES: dict[str, tuple] = {
    "duty": (Duty,),
    "level": (Level, Organisation.Level),
    "act": (Review.Act,),
    "kind": (
        *(Record.Kind, Notice.Kind, Incident.Kind, Column.Kind, Organisation.Kind, Site.Kind),
        *(CheckSetting.Kind, LeakCase.Kind, EditorialPlan.Kind),
    ),
    "family": (UnitWord.Family,),
    "concern": (Concern.Kind,),
    "step": (Step.Kind,),
    "handling": (Finding.Handling,),
    "result": (InspectedItem.Result,),
    "mark": (MarkPicture.Mark,),
    "severity": (UnitWord.Severity,),
    "before": (Site.Status, Placement.State, TakingRule.State),
    "after": (Site.Status, Placement.State, TakingRule.State),
    "channel": (Column.Channel,),
    "update_class": (Column.UpdateClass,),
    "serves": (Column.Serves,),
    "content_class": (Record.Kind,),
    "principle": (Principle,),
    "outcome": (ColumnDecision.Outcome,),
    "role": (Role, KeptText.Role),
    "state": (ColumnDecision.State, ColumnFiling.State, PermittedSource.State, Withholding.State),
    "change": (ColumnFiling.Change,),
    "information_class": (InformationClass,),
}
_FACTS = {
    "points": _("解读要点"), "audience": _("讲给谁听"), "ready_on": _("材料完成日期"), "forms": _("解读形式"),
    "name": _("名称"), "short_name": _("简称"), "code": _("机构代码"), "level": _("行政层级"), "kind": _("类型"),
    "division_code": _("行政区划代码"), "superior": _("属地上级"), "vertical_superior": _("垂直管理上级"),
    "username": _("账号名"), "unit": _("单位"), "host": _("域名"), "serves_public": _("提供办事服务"),
    "identification_code": _("网站标识码"), "icp_number": _("ICP备案号"), "police_number": _("公安备案号"),
    "party_mark": _("党政机关网站标识"), "contact": _("联系方式"), "email": _("电子邮箱"), "address": _("联系地址"),
    "approval_url": _("网上审批入口"), "mailbox_url": _("领导信箱入口"), "call_centre": _("呼叫中心电话"),
    "agency_url": _("全程代办入口"),
    "error_report_url": _("网站找错入口"), "colour": _("主色"), "blocks": _("功能"), "owner": _("主办单位"),
    "operator": _("承办单位"), "mourning": _("哀悼模式"), "superior_site": _("上级网站"), "slug": _("网址名"),
    "serves": _("专题用途"), "publishes_figures": _("公布来信办理统计"),
    "channel": _("所属频道"), "description": _("说明"), "keywords": _("关键词"), "update_class": _("更新类别"),
    "position": _("次序"), "path": _("网址"), "responsible": _("责任单位"), "number": _("序号"),
    "content": _("公开内容"), "basis": _("依据"), "information_class": _("信息类别"), "limit": _("公开时限"),
    "renewal": _("更新周期"), "title": _("标题"), "author": _("作者"), "origin": _("来源"), "licence": _("使用权"),
    "permission": _("授权依据"), "valid_until": _("授权到期日"),
}  # fmt: skip


# Facts that are moments, as ISO text.
MOMENTS = frozenset(
    {"done_at", "until", "effective_at", "act_by", "due_before", "due_after", "changed_at", "released_at"}
)
_MATTERS: Mapping[str, Mapping[Any, Any]] = {
    "matter": {
        "override": _("地方调整"), "assignment": _("适用规则包"), "pack": _("自有规则包"), "calendar": _("工作日历"),
        "standard": _("数据标准"),
    },
    "cause": {"calendar": _("工作日历变化"), "rule": _("规则变化"), "class": _("办理类别变化")},
    "letter_act": ACTS,
    "disclosure_act": REQUEST_ACTS,
    "disclosure_from": REQUEST_STATES,
    "disclosure_to": REQUEST_STATES,
    "letter_from": STATES,
    "letter_to": STATES,
    "public_state": dict(PublicVersion.State.choices),
    "mailbox_act": {"opened": _("开通"), "changed": _("修改"), "closed": _("停用")},
    "channel": dict(Case.Source.choices),
    "reply_fault": dict(ReplyMark.Fault.choices),
    "block_change": {"written": _("新建"), "changed": _("修改"), "removed": _("删除")},
    "opinion_outcome": dict(OpinionGroup.Outcome.choices),
    "enquiry_act": {
        **{one.value: words for one, words in ENQUIRY_ACTS.items()}, "open": _("开始"), "rate": _("评价"),
        "letter": _("转为信件"), "topic": _("改登事项和摘要"), "on": _("上岗"), "off": _("下岗"),
    },
    "enquiry_end": {one.value: words for one, words in ENQUIRY_ENDS.items()},
    "live_act": dict(LiveWord.Act.choices),
    "comment_act": dict(CommentAct.Act.choices),
    "comment_order_act": {"set": _("登记"), "ended": _("取消")},
    "ground": GROUNDS,
    "moved": {"in": _("放入"), "out": _("移出")},
}  # fmt: skip


def labels() -> list[tuple[str, Any]]:
    """Every kind of event with its name, for the filter."""
    return [(code, words.label) for code, words in WORDS.items()]


def label(code: str) -> str:
    """The name of an event; its code when a later version of the program wrote it."""
    return str(WORDS[code].label) if code in WORDS else code


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """What happened, in one sentence. A fact that an older row does not have is a dash."""
    if code not in WORDS:
        return code
    return str(WORDS[code].sentence) % _Readable({name: readable(name, value) for name, value in facts.items()})


def changes(facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The facts that changed, from an event's before and after: name, old, new."""
    before, after = facts.get("before"), facts.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    names = [name for name in after if before.get(name) != after[name]]
    return [
        (str(_FACTS.get(name, name)), readable(name, before.get(name)), readable(name, after[name])) for name in names
    ]


def readable(name: str, value: Any) -> str:
    """One fact as a person reads it: codes as words, lists with commas, nothing as a dash."""
    if name in MOMENTS and value:
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M:%S}"
    if name == "active":
        return gettext("启用") if value else gettext("停用")
    if name == "detector":
        return detector_word(value)
    if name == "findings" and isinstance(value, dict):
        return "、".join(f"{detector_word(code)} × {count}" for code, count in value.items())
    if name == "organisation" and not value:
        return gettext("全平台")
    if name == "content_class" and not value:
        return gettext("其余全部类别")
    if name in _MATTERS and value in _MATTERS[name]:
        return str(_MATTERS[name][value])
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return "、".join(readable("level", entry) for entry in value if entry) or "—"
    if isinstance(value, dict):
        return str(value.get("name", "—"))
    return next((str(known(value).label) for known in _CODES.get(name, ()) if value in known.values), str(value or "—"))


class _Readable(dict):
    def __missing__(self, name: str) -> str:
        return "—"
