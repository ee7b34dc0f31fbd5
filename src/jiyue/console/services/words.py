"""Faults of guides, verdicts and differences in words: what it is, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content.models import ItemDifference
from jiyue.content.service_sentences import ELEMENTS, PARTS, element, row_in_words, value_in_words
from jiyue.domain.service_quality import Fault, Group
from jiyue.domain.service_usability import Finding, Verdict

GROUPS: Mapping[str, Any] = {
    Group.ELEMENTS: gettext_lazy("要素不全"), Group.FORMS: gettext_lazy("材料缺表格"), Group.LINKS: gettext_lazy("链接不对"),
    Group.LIMITS: gettext_lazy("时限矛盾"), Group.CONTRADICTIONS: gettext_lazy("和通用事项不一致"),
    Group.EXAMINATION: gettext_lazy("没有按期复查"),
}  # fmt: skip
MORE_ELEMENTS: Mapping[str, Any] = {
    "title": gettext_lazy("指南标题"), "basis": gettext_lazy("设定依据"), "time_limit": gettext_lazy("办理时限"),
}  # fmt: skip
# What is wrong, and what to do; both know `at` (element or material), `ours` and `theirs`.
FAULTS: Mapping[tuple[str, str], tuple[Any, Any]] = {
    (Group.ELEMENTS, "missing"): (gettext_lazy("没有%(at)s"), gettext_lazy("补上后送审")),
    (Group.FORMS, "blank"): (gettext_lazy("“%(at)s”没有空白表格"), gettext_lazy("上传空白表格")),
    (Group.FORMS, "instructions"): (gettext_lazy("“%(at)s”没有填写说明"), gettext_lazy("写上填写说明，或者上传说明文件")),
    (Group.FORMS, "sample"): (gettext_lazy("“%(at)s”没有样表"), gettext_lazy("上传一份填好的样表，个人信息要用虚构的")),
    (Group.LINKS, "no_address"): (
        gettext_lazy("标明可以网上办理，却没有办理网址"), gettext_lazy("填写办理网址，或者把网办深度改为实际的程度")),
    (Group.LINKS, "broken"): (gettext_lazy("%(at)s不是完整的网址：%(ours)s"), gettext_lazy("改成完整的网址")),
    (Group.LINKS, "foreign"): (
        gettext_lazy("%(at)s指向 %(ours)s，登记的办理系统是 %(theirs)s"),
        gettext_lazy("核对链接；办理系统换了域名的，请目录编制单位先改通用事项")),
    (Group.LIMITS, "promised_longer"): (
        gettext_lazy("承诺 %(ours)s 个工作日，比法定的 %(theirs)s 个工作日还长"), gettext_lazy("核对两个时限后改正")),
    (Group.LIMITS, "legal_differs"): (
        gettext_lazy("法定时限写 %(ours)s 个工作日，同一事项别处写 %(theirs)s 个"),
        gettext_lazy("按设定依据核对，同一事项各处要一致")),
    (Group.CONTRADICTIONS, "no_item"): (
        gettext_lazy("没有对应的通用事项"), gettext_lazy("在指南里选择通用事项；目录里没有的，请督办人员先登记")),
    (Group.CONTRADICTIONS, "item_ended"): (gettext_lazy("通用事项已经取消"), gettext_lazy("撤下这份指南")),
    (Group.CONTRADICTIONS, "outside_catalogue"): (
        gettext_lazy("事项不在本单位或上级的目录里"), gettext_lazy("改选本级目录里的事项")),
    (Group.CONTRADICTIONS, "charged_item_free"): (
        gettext_lazy("通用事项登记为收费，指南写的是“%(ours)s”"),
        gettext_lazy("核对收费标准；已经取消收费的，请督办人员改通用事项")),
    (Group.CONTRADICTIONS, "free_item_charges"): (
        gettext_lazy("通用事项登记为不收费，指南写的是“%(ours)s”"),
        gettext_lazy("没有依据的不得收费；确有依据的，请督办人员先登记")),
    (Group.EXAMINATION, "no_day"): (gettext_lazy("没有定复查日期"), gettext_lazy("在指南里填写复查日期")),
    (Group.EXAMINATION, "day_passed"): (gettext_lazy("复查日期 %(ours)s 已过"), gettext_lazy("核对内容，记下复查情况")),
}  # fmt: skip
VETOES: Mapping[str, Any] = {
    "no-services": gettext_lazy("提供办事服务"),
    "guides": gettext_lazy("办事指南要素齐全"),
    "guides-few": gettext_lazy("事项较少时，不是每份指南都缺要素"),
}
VERDICTS: Mapping[str, tuple[Any, str]] = {
    Verdict.PASS: (gettext_lazy("符合要求"), "full"),
    Verdict.FAIL: (gettext_lazy("触发单项否决"), "cross"),
    Verdict.UNCHECKED: (gettext_lazy("没有判断"), "bar"),
}
WHY: Mapping[str, Any] = {
    "offered": gettext_lazy("公开了 %(of)s 份办事指南"),
    "none": gettext_lazy("一份办事指南都没有公开"),
    "need_not": gettext_lazy("本网站不要求提供办事服务"),
    "not_set": gettext_lazy("规则里没有给出判断的数目"),
    "no_guides": gettext_lazy("没有公开的指南可以判断"),
    "lacking": gettext_lazy("%(of)s 份里有 %(counted)s 份缺 %(missing)s 类以上要素，达到 %(items)s 份就触发"),
    "complete": gettext_lazy("%(of)s 份里没有缺 %(missing)s 类以上要素的"),
    "enough_items": gettext_lazy("公开的指南不少于 %(items)s 份，不适用"),
    "all_lacking": gettext_lazy("只有 %(of)s 份，每一份都缺 %(missing)s 类以上要素"),
    "not_all": gettext_lazy("只有 %(of)s 份，缺 %(missing)s 类以上要素的有 %(counted)s 份"),
}


def fault(found: Fault) -> str:
    """What is wrong, in a sentence."""
    return str(FAULTS[found.group, found.code][0]) % _values(found)


def advice(found: Fault) -> str:
    """What to do about it."""
    return str(FAULTS[found.group, found.code][1]) % _values(found)


def why(finding: Finding, *, missing: int, items: int) -> str:
    """Why a veto item came out as it did."""
    return str(WHY[finding.why]) % {"of": finding.of, "counted": finding.counted, "missing": missing, "items": items}


def element_of(name: str) -> str:
    """An element as the lists of faults name it."""
    return str(MORE_ELEMENTS.get(name) or ELEMENTS.get(name, name))


def place(row: ItemDifference) -> str:
    """Which element, material or step a difference is about."""
    if not row.field:
        return _("整个事项")
    words = element(row.field)
    if not row.row:
        return words
    named = _("第 %(n)s 步") % {"n": row.row} if row.field == "process" else f"“{row.row}”"
    part = str(PARTS.get(row.part, row.part)) if row.part else ""
    return " · ".join(filter(None, (words, named, part)))


def side(row: ItemDifference, value: Any) -> str:
    """One side of a difference, as a person reads it; empty for nothing."""
    if not row.field:
        return _whole(value)
    if isinstance(value, dict):
        return row_in_words(value)
    return value_in_words(row.part or row.field, value)


def _whole(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("title") or value.get("name") or value.get("code"))
    return str(value or "")


def _values(found: Fault) -> dict[str, str]:
    at = found.at if found.group == Group.FORMS else element_of(found.at)
    return {"at": at, "ours": found.ours, "theirs": found.theirs}
