"""How rules are said on screens: topics, kinds, kinds of copies, states. Word, shape and colour belong together."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiyue.domain.rule_terms import Kind
from jiyue.domain.rulesets import Copy, Level
from jiyue.rules.models import Proposal

TOPICS: Mapping[str, Any] = {
    "life-cycle": _("开办、下线与关停"),
    "domains": _("域名"),
    "platform": _("平台"),
    "columns": _("栏目"),
    "content": _("内容发布与保障"),
    "disclosure": _("政府信息公开"),
    "interaction": _("互动交流"),
    "notices": _("公告与备案"),
    "new-media": _("政务新媒体"),
    "inspection": _("检查指标"),
    "page-rules": _("模板对照检查"),
    "supervision": _("监管与考核"),
    "security": _("安全与保密"),
}
KINDS: Mapping[Kind, Any] = {
    Kind.DEADLINE: _("期限"),
    Kind.RECURRENCE: _("频次"),
    Kind.QUOTA: _("数量"),
    Kind.RATIO: _("比例"),
    Kind.RETENTION: _("保存期"),
    Kind.ELIGIBILITY: _("资格"),
    Kind.SETTING: _("设置"),
}
LEVELS: Mapping[Level, Any] = {
    Level.NATION: _("国家"),
    Level.PROVINCE: _("省级"),
    Level.CITY: _("市级"),
    Level.COUNTY: _("县级"),
}
COPIES: Mapping[Copy, Any] = {
    Copy.ISSUED: _("已读印发原文"),
    Copy.REPRINT: _("据转载"),
    Copy.SECONDARY: _("据他人转述"),
    Copy.NOTES: _("据资料摘记"),
    Copy.UNSOURCED: _("无出处"),
    Copy.CONVENTION: _("平台约定，不是规定"),
}
MATTERS: Mapping[str, Any] = {
    "override": _("地方调整"),
    "assignment": _("适用规则包"),
    "pack": _("自有规则包"),
    "calendar": _("工作日历"),
    "standard": _("数据标准"),
    "edition": _("规则包更新"),
    "calendars": _("工作日历"),
    "standards": _("数据标准"),
}
# Shapes of the style sheet: how far a copy can be trusted, how a proposal stands.
TRUST: Mapping[Copy, str] = {
    Copy.ISSUED: "full", Copy.REPRINT: "three", Copy.SECONDARY: "two", Copy.NOTES: "one", Copy.UNSOURCED: "cross",
    Copy.CONVENTION: "hollow",
}  # fmt: skip
STANDING: Mapping[str, str] = {
    Proposal.State.PROPOSED: "two", Proposal.State.APPROVED: "full", Proposal.State.REFUSED: "cross",
}  # fmt: skip
