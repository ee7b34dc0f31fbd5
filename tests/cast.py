"""The people, sites and columns that tests tell their stories with. Built through the actions, never past them."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace

from jiyue.content.actions import create_record, save_column
from jiyue.content.models import Column, Record
from jiyue.domain.actors import process
from jiyue.estate.actions import appoint, save_site
from jiyue.estate.models import Block, Site
from jiyue.identity.actions import give_membership, open_account, save_organisation
from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import Duty, Role
from jiyue.review.actions import approve, submit, submit_structure
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Review

PASSWORD = "chenghu-demo-2026"
TEST = process("test")
COLUMNS = [
    ("zwdt", "政务动态", Column.Kind.CHANNEL, Column.Channel.NEWS, None),
    ("yw", "政务要闻", Column.Kind.NEWS, Column.Channel.NEWS, "zwdt"),
    ("tzgg", "通知公告", Column.Kind.NOTICES, Column.Channel.NEWS, "zwdt"),
    ("zwgk", "政务公开", Column.Kind.CHANNEL, Column.Channel.OPENNESS, None),
    ("zcwj", "政策文件", Column.Kind.POLICY_DOCUMENTS, Column.Channel.OPENNESS, "zwgk"),
    ("zcjd", "政策解读", Column.Kind.INTERPRETATIONS, Column.Channel.OPENNESS, "zwgk"),
    ("ldxx", "领导信息", Column.Kind.LEADERS, Column.Channel.OPENNESS, "zwgk"),
    ("jgzn", "机构职能", Column.Kind.INSTITUTIONS, Column.Channel.OPENNESS, "zwgk"),
    ("ztzl", "专题专栏", Column.Kind.CHANNEL, Column.Channel.TOPICS, None),
]
SITE_PEOPLE = {
    "editor": Role.EDITOR,
    "first": Role.FIRST_REVIEWER,
    "second": Role.SECOND_REVIEWER,
    "final": Role.FINAL_REVIEWER,
    "secrecy": Role.SECRECY_REVIEWER,
    "manager": Role.SITE_MANAGER,
}
DUTY = {Role.EDITOR: Duty.EDITING, Role.SITE_MANAGER: Duty.ADMINISTERING}


@dataclass
class Tenant:
    """One site with its unit, columns by slug and people by part (editor, first, second, final, secrecy, manager)."""

    site: Site
    organisation: Organisation
    columns: dict[str, Column]
    people: dict[str, User]

    def __getattr__(self, part: str) -> User:
        try:
            return self.__dict__["people"][part]  # a copy in the making has none yet
        except KeyError as error:
            raise AttributeError(part) from error


@dataclass
class Cast:
    """`city` is the site of most stories, `outside` the foreign one of every permission test."""

    city: Tenant
    outside: Tenant
    operator: User
    supervisor: User
    auditor: User
    overseer: User
    province: Organisation
    extra: SimpleNamespace = field(default_factory=SimpleNamespace)


def build_cast(*, now: datetime) -> Cast:
    province = organisation("示范省人民政府", "990000001", "province", now=now)
    city = organisation("澄湖市人民政府", "990100001", "city", superior=province, now=now)
    other = organisation("邻江市人民政府", "990200001", "city", superior=province, now=now)
    return Cast(
        city=tenant("www.chenghu.localhost", city, "ch", code="9901000001", now=now),
        outside=tenant("www.linjiang.localhost", other, "lj", code="9902000001", now=now),
        operator=member("yunwei", Role.OPERATOR, Duty.ADMINISTERING, None, now=now),
        supervisor=member("jianguan", Role.SUPERVISOR, Duty.SUPERVISING, city, now=now),
        auditor=member("shenji", Role.AUDITOR, Duty.SUPERVISING, None, now=now),
        overseer=member("duban", Role.OVERSEER, Duty.ADMINISTERING, city, now=now),
        province=province,
    )


def platform_people(cast: Cast) -> dict[str, User]:
    """Those with a role over the platform or a part of the tree, by that role."""
    return {
        "operator": cast.operator, "supervisor": cast.supervisor, "auditor": cast.auditor, "overseer": cast.overseer,
    }  # fmt: skip


def organisation(name: str, code: str, level: str, *, now: datetime, superior=None, kind="government") -> Organisation:
    unit = Organisation(name=name, code=code, level=level, kind=kind, superior=superior)
    return save_organisation(organisation=unit, by=TEST, now=now)


def tenant(host: str, unit: Organisation, prefix: str, *, code: str, now: datetime) -> Tenant:
    site = Site(
        name=unit.name, kind=Site.Kind.PORTAL, host=host, owner=unit, identification_code=code,
        icp_number="示ICP备99010000号-1", police_number="示公网安备 99010002000001号", party_mark="99010000000000001",
        contact="000-12345", address="湖滨路1号", error_report_url="https://error.example.invalid/report",
        blocks=list(Block.values),
    )  # fmt: skip
    save_site(site=site, by=TEST, now=now)
    people = {part: person(f"{prefix}_{part}", site, role, unit, now=now) for part, role in SITE_PEOPLE.items()}
    return Tenant(site=site, organisation=unit, columns=columns_of(site, unit, now=now), people=people)


def columns_of(site: Site, unit: Organisation, *, now: datetime) -> dict[str, Column]:
    made: dict[str, Column] = {}
    for position, (slug, name, kind, channel, parent) in enumerate(COLUMNS):
        column = Column(
            site=site, parent=made.get(parent), kind=kind, channel=channel, name=name, slug=slug, responsible=unit,
            description=f"{name}的说明", keywords=name, position=position,
        )  # fmt: skip
        made[slug] = save_column(column=column, by=TEST, now=now)
    return made


def person(username: str, site: Site, role: str, unit: Organisation, *, now: datetime) -> User:
    user = account(username, DUTY.get(role, Duty.REVIEWING), unit, now=now)
    appoint(user=user, site=site, role=role, by=TEST, now=now)
    return user


def member(username: str, role: str, duty: str, unit: Organisation | None, *, now: datetime) -> User:
    user = account(username, duty, unit, now=now)
    give_membership(user=user, role=role, organisation=unit, by=TEST, now=now)
    return user


def account(username: str, duty: str, unit: Organisation | None, *, now: datetime) -> User:
    return open_account(
        username=username, name=f"样{username}", duty=duty, organisation=unit, password=PASSWORD, by=TEST, now=now
    )


def draft(tenant: Tenant, *, now: datetime, kind: str = Record.Kind.ARTICLE, column: str = "yw", **fields) -> Record:
    """A draft that could be submitted as it is."""
    given = {
        "title": "澄湖市启动冬季湖岸清洁行动", "source": "市政府办公室", "responsible": tenant.organisation,
        "body": [{"type": "paragraph", "value": "<p>行动从本月开始，到明年三月结束。</p>", "id": "p1"}], **fields,
    }  # fmt: skip
    body = given.pop("body")
    record = create_record(kind=kind, column=tenant.columns[column], by=tenant.editor, now=now, **given)
    return with_body(record, body, by=tenant.editor, now=now)


def with_body(record: Record, blocks: list, *, by: User, now: datetime) -> Record:
    """The same draft with another body, saved as an editor would."""
    from jiyue.content.actions import save_draft

    record = record.typed
    record.body = record.body.stream_block.to_python(blocks)
    return save_draft(record=record, by=by, now=now)


def reviewed(tenant: Tenant, record: Record, *, now: datetime, **how) -> Review:
    """Submit and give all signatures; signs off."""
    review = submit(record=record, by=tenant.editor, now=now, **how)
    return sign_all(tenant, review, now=now)


def sign_all(tenant: Tenant, review: Review, *, now: datetime) -> Review:
    """Give whatever signatures are still missing."""
    while review.status == Review.Status.OPEN:
        review = approve(
            review=review, by=tenant.people[review.level], now=now, gates=ALL_GATES, reason="不涉及国家秘密和工作秘密",
            looked_at=drawn(review),
        )  # fmt: skip
    return review


def drawn(review: Review) -> list[str]:
    """What was drawn of a batch, for whoever says that she read it."""
    return json.loads(review.version.content).get("sample", [])


def structured(tenant: Tenant, *, now: datetime) -> Review:
    """Sign off a site's profile and columns, which its first release needs."""
    return sign_all(tenant, submit_structure(site=tenant.site, by=tenant.manager, now=now), now=now)
