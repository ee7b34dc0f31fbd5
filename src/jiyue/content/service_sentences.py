"""Service items in words: names of the elements, and what is wrong with a line of a file."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content.models import ServiceGuide, ServiceItem
from jiyue.content.needs import Audience, LifeEvent, Theme
from jiyue.content.service_blocks import ORIGINALS, SOURCES
from jiyue.domain.service_items import Line, Problem

ELEMENTS: Mapping[str, Any] = {
    "code": gettext_lazy("事项编码"), "name": gettext_lazy("事项名称"), "item_class": gettext_lazy("事项类型"),
    "item_basis": gettext_lazy("设定依据"), "audiences": gettext_lazy("服务对象"), "themes": gettext_lazy("办事主题"),
    "life_events": gettext_lazy("人生事件和企业事件"), "charged": gettext_lazy("是否收费"),
    "charge_basis": gettext_lazy("收费依据（事项）"), "title": gettext_lazy("指南标题"),
    "handling_body": gettext_lazy("办理机构"), "section": gettext_lazy("责任科室"), "place": gettext_lazy("办理地点"),
    "hours": gettext_lazy("办公时间"), "telephone": gettext_lazy("咨询电话"),
    "complaint_telephone": gettext_lazy("投诉电话"), "fee_standard": gettext_lazy("收费标准"),
    "fee_basis": gettext_lazy("收费依据"), "legal_days": gettext_lazy("法定办结时限（工作日）"),
    "promised_days": gettext_lazy("承诺办结时限（工作日）"), "limit_note": gettext_lazy("时限说明"),
    "scope": gettext_lazy("适用范围"), "conditions": gettext_lazy("申报条件"), "certificates": gettext_lazy("所需证件"),
    "materials": gettext_lazy("申请材料"), "process": gettext_lazy("办理流程"),
    "review_procedure": gettext_lazy("审查程序"), "result": gettext_lazy("办理结果"), "visits": gettext_lazy("到现场次数"),
    "legal_basis": gettext_lazy("本地办理依据"), "online_depth": gettext_lazy("网办深度"),
    "online_address": gettext_lazy("在线办理网址"), "query_address": gettext_lazy("办理进度查询网址"),
    "consultation_address": gettext_lazy("网上咨询网址"), "supervision_address": gettext_lazy("电子监察网址"),
    "questions": gettext_lazy("常见问题"), "index_number": gettext_lazy("索引号"),
    "disclosure": gettext_lazy("公开方式"), "disclosure_reason": gettext_lazy("不主动公开的理由"),
    "disclosure_period": gettext_lazy("公开期限"),
}  # fmt: skip
PARTS: Mapping[str, Any] = {
    "name": gettext_lazy("名称"), "original": gettext_lazy("原件还是复印件"), "copies": gettext_lazy("份数"),
    "source": gettext_lazy("材料来源"), "needed_when": gettext_lazy("什么情况下需要"),
    "needs_form": gettext_lazy("需要填写表格"), "instructions": gettext_lazy("填写说明"), "what": gettext_lazy("做什么"),
    "how_long": gettext_lazy("多长时间"), "who": gettext_lazy("谁来做"), "question": gettext_lazy("问题"),
    "answer": gettext_lazy("回答"),
}  # fmt: skip
SENTENCES: Mapping[str, Any] = {
    "not_object": gettext_lazy("应当是一组“名称：值”，写的是 %(given)s"),
    "strange_key": gettext_lazy("没有“%(given)s”这一项，请核对名称"),
    "not_text": gettext_lazy("应当是文字，写的是 %(given)s"),
    "not_list": gettext_lazy("应当是清单，写的是 %(given)s"),
    "not_number": gettext_lazy("应当是 %(limit)s 的整数，写的是 %(given)s"),
    "not_yes_no": gettext_lazy("应当是“是”或“否”（true、false），写的是 %(given)s"),
    "not_link": gettext_lazy("不是完整的网址：%(given)s"),
    "unreadable": gettext_lazy("含有看不见的控制字符，或者写成了几行"),
    "too_long": gettext_lazy("有 %(given)s 个字，最多 %(limit)s 个"),
    "empty": gettext_lazy("不能为空"),
    "wrong_form": gettext_lazy("写法不对：%(given)s"),
    "unknown": gettext_lazy("没有“%(given)s”这个值，可以用：%(limit)s"),
    "too_many": gettext_lazy("有 %(given)s 项，最多 %(limit)s 项"),
    "twice": gettext_lazy("“%(given)s”重复"),
    "repeated": gettext_lazy("和第 %(given)s 行的事项编码重复"),
    "charge_without_basis": gettext_lazy("收费事项必须写明收费依据"),
    "too_many_lines": gettext_lazy("文件超过 %(limit)s 行，这一行起没有读"),
    "line_too_long": gettext_lazy("这一行超过 %(limit)s KB"),
    "not_utf8": gettext_lazy("这一行不是 UTF-8 编码"),
    "not_json": gettext_lazy("这一行不是完整的 JSON，或者同一个名称写了两次"),
    "alone": gettext_lazy("“事项”表里没有编码 %(given)s"),
}
# The words of coded values, for people; the codes stay in the exchange format.
WORDS: Mapping[str, Mapping[Any, Any]] = {
    "item_class": dict(ServiceItem.ItemClass.choices),
    "audiences": dict(Audience.choices),
    "themes": dict(Theme.choices),
    "life_events": dict(LifeEvent.choices),
    "disclosure": dict(ServiceGuide.Disclosure.choices),
    "online_depth": dict(ServiceGuide.OnlineDepth.choices),
    "original": dict(ORIGINALS),
    "source": dict(SOURCES),
}


def element(field: str) -> str:
    """`materials.2.copies` as 申请材料第 2 项的份数."""
    if not field:
        return ""
    name, _dot, rest = field.partition(".")
    place, _dot, part = rest.partition(".")
    words = str(ELEMENTS.get(name, name))
    if place:
        words = _("%(element)s第 %(n)s 项") % {"element": words, "n": place}
    return _("%(element)s的%(part)s") % {"element": words, "part": PARTS.get(part, part)} if part else words


def sentence(problem: Problem) -> str:
    """One problem as a sentence, without the line's number."""
    what = str(SENTENCES[problem.code]) % {"given": problem.given, "limit": problem.limit}
    where = element(problem.field)
    return f"{where}：{what}" if where else what


def of_line(line: Line) -> list[str]:
    """Everything wrong with a line of a file, each with the line's number."""
    if not line.number:
        return [_("“材料”等表：%(what)s") % {"what": sentence(problem)} for problem in line.problems]
    return [_("第 %(n)s 行：%(what)s") % {"n": line.number, "what": sentence(problem)} for problem in line.problems]


def value_in_words(name: str, value: Any) -> str:
    """A value of an element or of a part of a row as a person reads it; empty for nothing."""
    if value is None or value in ("", [], ()):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    known = WORDS.get(name, {})
    if isinstance(value, list | tuple):
        return "、".join(str(known.get(each, each)) for each in value)
    return str(known.get(value, value))


def row_in_words(row: Mapping[str, Any]) -> str:
    """A material, step or question in one line."""
    shown = [(name, value_in_words(name, value)) for name, value in row.items() if value not in ("", None, False)]
    return "；".join(f"{PARTS.get(name, name)}：{words}" for name, words in shown)
