"""The page of a service guide: tables out of the signed facts (SERV-04), and the documents it rests on (SERV-10)."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from jiyue.content.models import ServiceGuide
from jiyue.content.needs import Audience
from jiyue.content.service_blocks import ORIGINALS, SOURCES
from jiyue.publishing import pages
from jiyue.publishing.composing.services import class_word, depth_word, words_of
from jiyue.publishing.frame import Download, Link
from jiyue.publishing.offers import APPLICATION

ROW_WORDS = dict((*ORIGINALS, *SOURCES))


def guide_parts(content: dict[str, Any]) -> dict[str, Any]:
    """What a guide's page shows besides what all documents show, by the names of `pages.ServiceGuidePage`."""
    detail = content["detail"]
    item = detail["item"] or {}
    return {
        "item_class": class_word(item["item_class"]) if item else "",
        "depth": depth_word(detail["online_depth"]),
        "glance": tuple(_glance(detail, item)),
        "rows": tuple(_rows(content, detail, item)),
        "more": tuple(_more(detail, item)),
        "materials": tuple(map(_material, detail["materials"])),
        "steps": tuple(_step(row) for row in detail["process"]),
        "questions": tuple(
            pages.GuideQuestion(question=row["question"], answer=_lines(row["answer"])) for row in detail["questions"]
        ),
        "online": _online(detail),
        "links": tuple(_links(detail)),
        "telephone": detail["telephone"],
        "place": detail["place"],
        "operator": detail["handling_body"],
        "audiences": words_of(Audience, item.get("audiences", ())),
    }


def _glance(detail: dict[str, Any], item: dict[str, Any]) -> Iterator[pages.Row]:
    """Who, where, how long, how much, how online: the box that most readers came for."""
    yield from _named(
        (_("谁可以办"), _some(*words_of(Audience, item.get("audiences", ())))),
        (_("到哪里办"), _some(detail["place"], detail["hours"])),
        (_("多久办好"), _some(_days(detail["promised_days"]) or detail["limit_note"])),
        (_("收多少钱"), _some(detail["fee_standard"])),
        (_("网上能办到哪一步"), _some(depth_word(detail["online_depth"]))),
        (_("要跑几次"), _some(_visits(detail["visits"]))),
        (_("问谁"), _some(detail["telephone"])),
    )


def _rows(content: dict[str, Any], detail: dict[str, Any], item: dict[str, Any]) -> Iterator[pages.Row]:
    charge = detail["fee_basis"] or item.get("charge_basis", "")
    basis = (*_lines(item.get("legal_basis", "")), *_lines(detail["legal_basis"]))
    yield from _named(
        (_("事项名称"), _some(item.get("name", ""))),
        (_("事项编码"), _some(item.get("code", ""))),
        (_("事项类型"), _some(class_word(item["item_class"]) if item else "")),
        (_("服务对象"), _some("、".join(words_of(Audience, item.get("audiences", ()))))),
        (_("适用范围"), _lines(detail["scope"])),
        (_("办理机构"), _some(detail["handling_body"], detail["section"])),
        (_("办理地点"), _some(detail["place"])),
        (_("办公时间"), _some(detail["hours"])),
        (_("咨询电话"), _some(detail["telephone"])),
        (_("投诉电话"), _some(detail["complaint_telephone"])),
        (_("法定办结时限"), _some(_days(detail["legal_days"]))),
        (_("承诺办结时限"), _some(_days(detail["promised_days"]))),
        (_("时限说明"), _some(detail["limit_note"])),
        (_("收费标准"), _some(detail["fee_standard"])),
        (_("收费依据"), _lines(charge)),
        (_("到现场次数"), _some(_visits(detail["visits"]))),
        (_("办理结果"), _some(detail["result"])),
        (_("网办深度"), _some(depth_word(detail["online_depth"]))),
        (_("办理依据"), basis),
        (_("主题分类"), _some(content["subject_class"])),
    )


def _more(detail: dict[str, Any], item: dict[str, Any]) -> Iterator[pages.Row]:
    mode = str(ServiceGuide.Disclosure(detail["disclosure"]).label)
    yield from _named(
        (_("申报条件"), _lines(detail["conditions"])),
        (_("所需证件"), _lines(detail["certificates"])),
        (_("审查程序"), _lines(detail["review_procedure"])),
        (_("公开方式"), _some(mode, detail["disclosure_reason"], detail["disclosure_period"])),
        (_("索引号"), _some(detail["index_number"])),
        (_("目录编制单位"), _some(item.get("organisation", ""))),
    )


def _named(*pairs: tuple[str, tuple[str, ...]]) -> Iterator[pages.Row]:
    return (pages.Row(name=name, lines=lines) for name, lines in pairs if lines)


def _some(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _days(days: int | None) -> str:
    if days is None:
        return ""
    return _("%(days)s 个工作日") % {"days": days} if days else _("当场办结")


def _visits(visits: int | None) -> str:
    if visits is None:
        return ""
    return _("%(times)s 次") % {"times": visits} if visits else _("不用到现场")


def _step(row: dict[str, Any]) -> pages.GuideStep:
    return pages.GuideStep(
        name=row["name"], what=row["what"], how_long=row.get("how_long") or "", who=row.get("who") or ""
    )


def _material(row: dict[str, Any]) -> pages.GuideMaterial:
    copies = _("%(count)s 份") % {"count": row["copies"]} if row.get("copies") else ""
    return pages.GuideMaterial(
        name=row["name"],
        asked=_some(str(ROW_WORDS.get(row["original"], "")), copies, str(ROW_WORDS.get(row["source"], ""))),
        needed_when=row.get("needed_when") or "",
        instructions=_lines(row.get("instructions") or ""),
        blank=_download(row["blank"], _("空白表格")),
        instructions_file=_download(row["instructions_file"], _("填写说明")),
        sample=_download(row["sample"], _("样表")),
    )


def _download(facts: dict[str, Any] | None, title: str) -> Download | None:
    if not facts:
        return None
    kind = PurePath(facts["name"]).suffix.lstrip(".").upper()
    return Download(title=title, address=facts["address"], kind=kind, size=facts["size"])


def _online(detail: dict[str, Any]) -> Link | None:
    address = detail["online_address"]
    if not address or detail["online_depth"] < APPLICATION:
        return None
    return Link(title=_("在线办理"), address=address, note=urlsplit(address).hostname or "")


def _links(detail: dict[str, Any]) -> Iterator[Link]:
    named = (
        ("query_address", _("查办理进度")), ("consultation_address", _("网上咨询")),
        ("supervision_address", _("办件公示和电子监察")),
    )  # fmt: skip
    return (
        Link(title=title, address=detail[name], note=urlsplit(detail[name]).hostname or "")
        for name, title in named
        if detail[name]
    )
