"""What a service guide still lacks before it can be submitted: every element of the guide, in a sentence at its field.

The required elements are those of the practice in `ServiceGuide`'s fields: who, where, when, how much, how long always;
conditions, certificates and process for what one applies for.
"""

from collections.abc import Iterator
from typing import cast
from urllib.parse import urlsplit

from django.db.models import Field
from django.utils.translation import gettext as _

from jiyue.content.models import ServiceGuide, ServiceItem

ALWAYS = ("handling_body", "place", "hours", "telephone", "fee_standard")
APPLIED_FOR = ("conditions", "certificates")
LINKS = ("query_address", "consultation_address", "supervision_address")

Lack = tuple[str, str]


def lacks(guide: ServiceGuide) -> list[Lack]:
    """Pairs of field and sentence; empty when the guide is whole."""
    return [
        *_item(guide), *_elements(guide), *_limits(guide), *_fee(guide), *_materials(guide), *_online(guide),
        *_disclosure(guide),
    ]  # fmt: skip


def is_applied_for(guide: ServiceGuide) -> bool:
    """Does one apply for it? A mere public service without materials or an online form is only used."""
    of_power = guide.item is not None and guide.item.item_class != ServiceItem.ItemClass.PUBLIC_SERVICE
    return of_power or bool(guide.materials) or guide.online_depth >= guide.OnlineDepth.APPLICATION


def may_lead_to(guide: ServiceGuide, address: str) -> bool:
    """Is this an address of the item's handling system (or below its host)?"""
    host, allowed = urlsplit(address).hostname or "", guide.item.system_host if guide.item else ""
    return bool(allowed) and (host == allowed or host.endswith(f".{allowed}"))


def _item(guide: ServiceGuide) -> Iterator[Lack]:
    if guide.item is None:
        yield "item", _("请选择这份指南对应的通用事项；目录里没有的，请目录编制单位的督办人员先登记")
    elif guide.item.ended_on is not None:
        yield "item", _("通用事项“%(name)s”已经取消，不能再发布它的指南") % {"name": guide.item.name}


def _elements(guide: ServiceGuide) -> Iterator[Lack]:
    for name in (*ALWAYS, *(APPLIED_FOR if is_applied_for(guide) else ())):
        if not getattr(guide, name).strip():
            yield name, _("请填写%(element)s") % {"element": _name(name)}
    if is_applied_for(guide) and not guide.process:
        yield "process", _("请填写办理流程，至少一个步骤")


def _name(field: str) -> str:
    return str(cast(Field, ServiceGuide._meta.get_field(field)).verbose_name)


def _limits(guide: ServiceGuide) -> Iterator[Lack]:
    if guide.promised_days is None and not guide.limit_note.strip():
        yield "promised_days", _("请填写承诺办结时限；不按工作日计算的，写在时限说明里")
    if guide.legal_days is not None and guide.promised_days is not None and guide.promised_days > guide.legal_days:
        yield "promised_days", _("承诺办结时限比法定办结时限还长")


def _fee(guide: ServiceGuide) -> Iterator[Lack]:
    names_a_sum = any(sign.isdigit() for sign in guide.fee_standard)
    if not names_a_sum or guide.item is None:
        return
    if not guide.item.charged:
        yield "fee_standard", _("通用事项登记为不收费，这里却写了金额；确实收费的，请目录编制单位先登记收费依据")
    elif not guide.fee_basis.strip():
        yield "fee_basis", _("写了收费金额，请写明收费依据的文件名称和文号")


def _materials(guide: ServiceGuide) -> Iterator[Lack]:
    for number, row in enumerate(guide.stream("materials"), 1):
        if not row.get("needs_form"):
            continue
        instructed = row.get("instructions") or row.get("instructions_file")
        parts = ((row.get("blank"), _("空白表格")), (instructed, _("填写说明")), (row.get("sample"), _("样表")))
        missing = [word for there, word in parts if not there]
        if missing:
            what = {"n": number, "name": row["name"], "missing": "、".join(missing)}
            yield "materials", _("第 %(n)s 项材料“%(name)s”需要填写表格，还缺：%(missing)s") % what


def _online(guide: ServiceGuide) -> Iterator[Lack]:
    depth = guide.OnlineDepth
    if guide.online_depth >= depth.APPLICATION and not guide.online_address:
        yield "online_address", _("网办深度是网上申请或全程网办的，请填写在线办理网址")
    if guide.online_depth == depth.DOWNLOAD and not any(row.get("blank") for row in guide.stream("materials")):
        yield "online_depth", _("网办深度是网上下载表格，但申请材料里没有空白表格")
    if guide.online_address and guide.item is not None and not may_lead_to(guide, guide.online_address):
        known = guide.item.system_host
        yield "online_address", (
            _("在线办理网址只能指向办理系统 %(host)s") % {"host": known} if known
            else _("通用事项还没有登记办理系统域名，不能放在线办理的链接")
        )  # fmt: skip


def _disclosure(guide: ServiceGuide) -> Iterator[Lack]:
    if guide.disclosure == guide.Disclosure.WITHHELD:
        yield "disclosure", _("公开方式选了“不予公开”，不能送审发布")
    elif guide.disclosure == guide.Disclosure.ON_REQUEST and not guide.disclosure_reason.strip():
        yield "disclosure_reason", _("不主动公开的，请写明理由")
