"""Service items and guides for tests: built through the actions, whole enough to be submitted."""

from datetime import datetime
from typing import Any

from jiyue.content.actions import save_column, store_attachment
from jiyue.content.models import Column, ServiceGuide, ServiceItem
from jiyue.content.servicing import save_item
from tests.cast import TEST, Cast, Tenant, draft

STEPS = [
    {"type": "step", "value": {"name": "受理", "what": "窗口当场核对材料", "how_long": "当场", "who": "综合窗口"}},
    {"type": "step", "value": {"name": "决定", "what": "审查后作出决定", "how_long": "5 个工作日", "who": "许可科"}},
]


def with_services(tenant: Tenant, *, now: datetime) -> Tenant:
    """The same tenant with the services channel and its entrance, 办事服务 at `/zwfw/bszn/`."""
    top = Column(
        site=tenant.site, kind=Column.Kind.CHANNEL, channel=Column.Channel.SERVICES, name="政务服务", slug="zwfw",
        responsible=tenant.organisation, position=20,
    )  # fmt: skip
    tenant.columns["zwfw"] = save_column(column=top, by=TEST, now=now)
    entrance = Column(
        site=tenant.site, parent=top, kind=Column.Kind.SERVICES, channel=Column.Channel.SERVICES, name="办事服务",
        slug="bszn", responsible=tenant.organisation, position=21,
    )  # fmt: skip
    tenant.columns["bszn"] = save_column(column=entrance, by=TEST, now=now)
    return tenant


def item_of(cast: Cast, *, now: datetime, **fields: Any) -> ServiceItem:
    """An item in the catalogue of the city, kept by its overseer."""
    given = {
        "code": "990100-SL-0001", "name": "取水许可", "organisation": cast.city.organisation, "item_class": "licensing",
        "legal_basis": "《取水许可和水资源费征收管理条例》第四条", "audiences": ["legal-person"], "themes": ["utilities"],
        "life_events": ["running"], "system_host": "zwfw.chenghu.localhost", **fields,
    }  # fmt: skip
    return save_item(item=ServiceItem(**given), by=cast.overseer, now=now)


def material(tenant: Tenant, *, now: datetime, **fields: Any) -> dict[str, Any]:
    """A form with its blank, how to fill it in, and a sample."""
    files = {
        part: store_attachment(
            site=tenant.site, name=f"{part}.txt", data=f"取水许可申请表（{part}）".encode(), title=part, by=tenant.editor,
            now=now,
        ).pk
        for part in ("blank", "sample")
    }  # fmt: skip
    value = {
        "name": "取水许可申请表", "original": "original", "copies": 1, "source": "applicant", "needed_when": "",
        "needs_form": True, "instructions": "用黑色签字笔填写，单位名称与执照一致。", "instructions_file": None, **files,
        **fields,
    }  # fmt: skip
    return {"type": "material", "value": value}


def guide_of(tenant: Tenant, item: ServiceItem | None, *, now: datetime, **fields: Any) -> ServiceGuide:
    """A guide that could be submitted as it is."""
    given: dict[str, Any] = {
        "title": "取水许可办事指南", "item": item, "handling_body": "澄湖市水利和湖泊局", "place": "湖滨路1号政务大厅二楼",
        "hours": "工作日 9:00—17:00", "telephone": "000-12345", "fee_standard": "不收费", "legal_days": 20,
        "promised_days": 10, "conditions": "取水用途合法", "certificates": "营业执照", "body": [],
        "materials": [material(tenant, now=now)], "process": STEPS, "online_depth": 4,
        "online_address": "https://zwfw.chenghu.localhost/apply/1", **fields,
    }  # fmt: skip
    guide = draft(tenant, now=now, kind="service_guide", column=given.pop("column", "yw"), **given)
    return guide.typed
