"""Loads the demo city through the same actions that people use, with the clock of each document's own story.

Nothing here writes a row itself: what the demo shows has passed the same checks, reviews and signatures as real matter.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from jiyue.content.actions import create_record, save_column, save_draft, store_attachment, store_picture
from jiyue.content.arranging import report_column_change
from jiyue.content.models import Attachment, Column, ColumnFiling, Picture, PolicyDocument, Record
from jiyue.demo.campaigning import Campaigns
from jiyue.demo.checking import Teller, night
from jiyue.demo.commenting import Comments
from jiyue.demo.desk_work import DeskWork
from jiyue.demo.disclosing import Disclosures
from jiyue.demo.enquiring import Enquiries
from jiyue.demo.explaining import Explainer
from jiyue.demo.files import FileSpec
from jiyue.demo.inspecting import Inspector
from jiyue.demo.interviewing import Interviews
from jiyue.demo.lettering import Letters, open_mailboxes
from jiyue.demo.places import Account, Places
from jiyue.demo.places import Column as DemoColumn
from jiyue.demo.places import Site as DemoSite
from jiyue.demo.planning import Planner
from jiyue.demo.servicing import Services
from jiyue.demo.stewarding import Loaded, Stewardship, look
from jiyue.demo.texts import City, Document, load_city
from jiyue.domain.actors import process
from jiyue.estate.actions import appoint, post_notice, save_site, set_status
from jiyue.estate.models import Block, Site
from jiyue.identity.actions import give_membership, open_account, save_organisation
from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import PLATFORM_ROLES, Role, duty_of
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import approve, send_back, submit, submit_structure, submit_withdrawal
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Review
from jiyue.search.actions import promote

SHANGHAI = ZoneInfo("Asia/Shanghai")
LOADER = process("demo")
SECRECY = "不涉及国家秘密、工作秘密和个人隐私，同意公开。"
ERROR_REPORTS = "https://zfwzgl.www.gov.cn/exposure/jiucuo.html"
FOUNDED = timedelta(days=400)  # the city's sites are older than their oldest document
MAILBOXES_AGO = timedelta(days=40)
STEP = timedelta(minutes=7)  # between two steps of a review
# Site, title of the page, what people ask, what is told beside it.
PROMOTED = (
    ("rsj", "工伤认定怎么申请，单位不配合怎么办", "工伤，工伤认定，受伤", "先看这一页，再带材料到窗口"),
    ("wjw", "生育登记和产前检查怎么办", "准生证，生育登记，怀孕", "网上可办，不用到现场"),
    ("jyj", "怎么查自己住的地方对应哪所学校", "学区，划片，上学", "输入住址就能查"),
)
Say = Callable[[str], object]


def load_if_absent(*, say: Say) -> bool:
    """Load the city unless its portal exists; gives whether it was loaded now."""
    today = datetime.now(SHANGHAI)
    city = load_city(today=today.date())
    portal = next(iter(city.places.sites.values()))
    if Site.objects.filter(host=portal.host).exists():
        return False
    CityLoader(city, now=today, say=say).load()
    return True


def addresses() -> str:
    """What a person needs to know after the start: where things are, and who can sign in."""
    places = load_city(today=datetime.now(SHANGHAI).date()).places
    lines = ["", f"{places.name}（演示数据，全部虚构）已就绪", "", "门户："]
    lines += [f"  {settings.PORTAL_ADDRESS.format(host=site.host)}/  {site.name}" for site in places.sites.values()]
    lines += ["", f"后台：  {settings.WAGTAILADMIN_BASE_URL}/", f"演示账号（密码都是 {places.password}）："]
    lines += [
        f"  {account.username:<16} {account.name}  {'、'.join(str(Role(role).label) for role in account.roles) or '领导'}"
        for account in places.accounts
    ]
    return "\n".join([*lines, "", "按 Ctrl+C 停止", ""])


class CityLoader:
    """One loading of one city; holds what has been made so far, by the keys of the texts."""

    def __init__(self, city: City, *, now: datetime, say: Say) -> None:
        self.city = city
        self.places: Places = city.places
        self.now = now
        self.founded = now - FOUNDED
        self.say = say
        self.units: dict[str, Organisation] = {}
        self.people: dict[str, User] = {}
        self.sites: dict[str, Site] = {}
        self.columns: dict[tuple[str, str], Column] = {}
        self.records: dict[str, Record] = {}
        self.files: dict[tuple[str, str], Picture | Attachment] = {}

    def load(self) -> None:
        """Units, sites, people, columns, then every document's story, all or nothing; then the first releases."""
        # Stopped half way, the database holds no city at all, and the next start loads it from the beginning.
        with transaction.atomic():
            self._found()
            self._tell_all()
            self.stewardship.tell()
            self._planner().tell()
            self._services().tell()
            Teller(self.sites, self.columns, self._person, self._sign, self.now).tell()
            Explainer(self.sites, self.columns, self._person, self._sign, self.now).tell()
            self._inspector().publish()
            Campaigns(self.sites, self.columns, self._person, self._sign, self.now).tell()
            Interviews(self.sites, self.columns, self._person, self._sign, self.now).tell()
            self._comments().order(self.now - MAILBOXES_AGO)
            open_mailboxes(self.sites, self._person, self._sign, self.now - MAILBOXES_AGO)
            self._add_columns()
        self._publish()
        self._services().compare()
        self._recommend()
        # Tickets are files: they are written once the city is there to stay.
        Letters(self.sites, self._person, self._sign, self.now).tell()
        Enquiries(self.sites, self._person, self.now).tell()
        DeskWork(self.sites, self._person, self.now).tell()
        Disclosures(self.sites, self._person, self.now).tell()
        self._comments().tell()
        look(now=datetime.now(UTC))
        night(now=datetime.now(UTC))
        self._inspector().follow_up(now=datetime.now(UTC))

    def _comments(self) -> Comments:
        return Comments(self.sites, self.columns, self._person, self.now)

    def _inspector(self) -> Inspector:
        return Inspector(self.sites, self.columns, self._person, self._sign, self.people["jianguan"], self.now)

    def _recommend(self) -> None:
        """Answers put above all others, as each site's manager would."""
        for key, title, words, note in PROMOTED:
            site = self.sites[key]
            record = Record.objects.filter(site=site, title=title).first()
            item = record and PublicItem.objects.filter(site=site, identity=record.identity).first()
            if item is not None:
                by = self._person(key, Role.SITE_MANAGER)
                promote(site=site, words=words, address=item.address, note=note, by=by, now=datetime.now(UTC))

    def _found(self) -> None:
        for key in self.places.organisations:
            self._unit(key)
        for site in self.places.sites.values():
            self._site(site)
        for account in self.places.accounts:
            self._account(account)
        self.stewardship.found()
        for site in self.places.sites.values():
            self._structure(site)

    def _tell_all(self) -> None:
        self.say(f"正在装入{self.places.name}：{len(self.city.documents)} 篇稿件")
        for count, document in enumerate(self.city.documents, start=1):
            self._tell(document)
            if count % 25 == 0:
                self.say(f"  已装入 {count} 篇")

    @cached_property
    def stewardship(self) -> Stewardship:
        """The city's own rules and lists. Asked for once units, sites and people stand."""
        accounts = (account for account in self.places.accounts if not account.everywhere)
        overseers = [account.username for account in accounts if Role.OVERSEER in account.roles]
        proposer, answerer = (self.people[username] for username in overseers)
        managers = {key: self._person(key, Role.SITE_MANAGER) for key in self.sites}
        loaded = Loaded(self.units, self.sites, self.columns, (proposer, answerer), managers, self.records)
        return Stewardship(loaded, founded=self.founded, now=self.now)

    def _planner(self) -> Planner:
        decider = self.stewardship.answerer
        return Planner(self.units, self.sites, self.columns, self.people, decider, self._person, self._sign, self.now)

    def _services(self) -> Services:
        return Services(
            self.units, self.sites, self.columns, self.stewardship.proposer, self._person, self._sign, self.now
        )

    # ---- places and people ---------------------------------------------------------------------------------------

    def _unit(self, key: str) -> Organisation:
        if key in self.units:
            return self.units[key]
        facts = self.places.organisations[key]
        unit = Organisation(
            name=facts.name, short_name=facts.short, code=facts.code, level=facts.level, kind=facts.kind,
            division_code=getattr(facts, "division_code", ""),
            superior=self._unit(facts.superior) if facts.superior else None,
            vertical_superior=self._unit(facts.vertical_superior) if facts.vertical_superior else None,
        )  # fmt: skip
        self.units[key] = save_organisation(organisation=unit, by=LOADER, now=self.founded)
        return unit

    def _site(self, facts: DemoSite) -> None:
        portal = next(iter(self.sites.values()), None)
        site = Site(
            name=facts.name, kind=facts.kind, host=facts.host, owner=self._unit(facts.sponsor),
            operator=self._unit(facts.operator), identification_code=facts.identification_code, icp_number=facts.icp,
            police_number=facts.police, party_mark=f"DEMO-{facts.identification_code}", contact=facts.phone,
            email=facts.email,
            address=facts.address, error_report_url=ERROR_REPORTS, colour=facts.colour.lower(),
            blocks=list(Block.values), superior_site=portal,
        )  # fmt: skip
        save_site(site=site, by=LOADER, now=self.founded)
        set_status(site=site, status=Site.Status.ONLINE, reason="演示数据", by=LOADER, now=self.founded)
        self.sites[facts.key] = site

    def _account(self, facts: Account) -> None:
        unit = self.units[facts.organisation]
        user = open_account(
            username=facts.username, name=facts.name, duty=facts.duty or duty_of(facts.roles[0]), organisation=unit,
            password=self.places.password, by=LOADER, now=self.founded,
        )  # fmt: skip
        self.people[facts.username] = user
        for role in facts.roles:
            if role in PLATFORM_ROLES:
                of_city = role in {Role.SUPERVISOR, Role.OVERSEER} and not facts.everywhere
                scope = self.units["city"] if of_city else None
                give_membership(user=user, role=role, organisation=scope, by=LOADER, now=self.founded)
            for site in facts.sites:
                appoint(user=user, site=self.sites[site], role=role, by=LOADER, now=self.founded)

    def _structure(self, facts: DemoSite) -> None:
        for position, column in enumerate(facts.columns):
            self._column(facts.key, column, None, position)
        for case in self.places.offline:
            if case.site == facts.key:
                starts = self.now - timedelta(days=case.days_ago)
                post_notice(
                    site=self.sites[facts.key], kind="offline", text=case.reason, starts_at=starts,
                    until=starts + timedelta(days=case.days), by=LOADER, now=self.founded,
                )  # fmt: skip
        manager = self._person(facts.key, "site_manager")
        review = submit_structure(site=self.sites[facts.key], by=manager, now=self.founded)
        self._sign(review, facts.key, self.founded)

    def _column(self, site: str, facts: DemoColumn, parent: Column | None, position: int) -> None:
        column = Column(
            site=self.sites[site], parent=parent, kind=facts.kind, channel=facts.channel, name=facts.title,
            slug=facts.slug, description=facts.description, keywords=",".join(facts.keywords),
            update_class=facts.update, responsible=self.units[facts.responsible], position=position,
            publishes_figures=facts.kind == Column.Kind.ANSWERS,
        )  # fmt: skip
        self.columns[site, facts.path] = save_column(column=column, by=LOADER, now=self.founded)
        for place, child in enumerate(facts.children):
            self._column(site, child, column, place)

    def _add_columns(self) -> None:
        """Columns that came after the site was open: signed as part of its structure, reported, and not yet on file."""
        for row in self.stewardship.rows["new_columns"]:
            site, at = self.sites[row["site"]], self.now - timedelta(hours=row["hours_ago"])
            column = Column(
                site=site, parent=self.columns[row["site"], row["parent"]], kind=row["kind"], channel=row["channel"],
                name=row["title"], slug=row["slug"], description=row["description"], keywords=row["title"],
                update_class=row["update"], responsible=site.owner, position=99,
            )  # fmt: skip
            save_column(column=column, by=LOADER, now=at)
            manager = self._person(row["site"], Role.SITE_MANAGER)
            self._sign(submit_structure(site=site, by=manager, now=at), row["site"], at)
            filing = ColumnFiling.objects.get(column=column)
            report_column_change(filing=filing, note=row["note"], by=manager, now=at + 5 * STEP)

    # ---- documents -----------------------------------------------------------------------------------------------

    def _tell(self, document: Document) -> None:
        """One document's story up to the stage in which the demo finds it."""
        record = self._draft(document)
        self.records[document.key] = record
        if document.stage == "draft":
            return
        editor, begins = self.people[document.editor], self._done_by(document) - 5 * STEP
        publish_at = self._tomorrow() if document.stage == "scheduled" else None
        review = submit(record=record, by=editor, now=begins, publish_at=publish_at)
        if document.returned:
            review = self._sign(review, document.site, begins, until=document.returned.level)
            by = self._person(document.site, f"{document.returned.level}_reviewer")
            send_back(review=review, by=by, now=begins + STEP, reason=document.returned.reason)
        elif document.stage in {"secrecy", "first", "second", "final"}:
            self._sign(review, document.site, begins, until=document.stage)
        else:
            self._sign(review, document.site, begins)
            self._go_on(document, record)

    def _done_by(self, document: Document) -> datetime:
        """When its last step was taken: nobody has done today, at eight in the morning, what the text dates at nine."""
        return min(document.published_at, self.now)

    def _go_on(self, document: Document, record: Record) -> None:
        """What happened to it after it was public: a correction, a withdrawal."""
        editor = self.people[document.editor]
        if document.correction:
            at = document.correction.at
            record = self._with_body(Record.objects.get(pk=record.pk), document, editor, at)
            instruction = {"reason": document.correction.reason, "finder": document.correction.finder}
            review = submit(record=record, by=editor, now=at, instruction=instruction)
            self._sign(review, document.site, at)
        if document.withdrawal:
            at = document.withdrawal.at
            review = submit_withdrawal(
                record=Record.objects.get(pk=record.pk), kind=document.withdrawal.kind,
                reason=document.withdrawal.reason, by=editor, now=at,
            )  # fmt: skip
            self._sign(review, document.site, at)

    def _draft(self, document: Document) -> Record:
        editor, at = self.people[document.editor], self._done_by(document) - 8 * STEP
        column = self.columns[document.site, document.column]
        record = create_record(
            kind=document.kind, column=column, by=editor, now=at, title=document.title, summary=document.summary,
            source=document.source, keywords=",".join(document.keywords), responsible=column.responsible,
            emergency=document.emergency, review_on=self.stewardship.review_dates().get(document.key),
            **self._facts(document),
        )  # fmt: skip
        if document.interprets:
            record.documents.set([self.records[document.interprets].typed])
        for name, changed in self._changed_by(document).items():
            getattr(record, name).set(changed)
        if document.topic and document.topic in self.records:
            record.part_of = self.records[document.topic].typed
        if document.cover:
            record.cover, record.cover_alt = self._file(document.site, document.cover, editor, at), document.cover_alt
        old = (document.correction.new, document.correction.old) if document.correction else None
        return self._with_body(record, document, editor, at, replace=old)

    def _changed_by(self, document: Document) -> dict[str, list[PolicyDocument]]:
        """What a document amends and repeals; the older one says nothing of it itself."""
        links = {"amended": "amends", "repealed": "repeals"}
        found: dict[str, list[PolicyDocument]] = {}
        for older in self.city.documents:
            if older.policy and older.policy.superseded_by == document.key:
                found.setdefault(links[older.policy.validity], []).append(self.records[older.key].typed)
        return found

    def _facts(self, document: Document) -> dict:
        facts: dict = {}
        if document.policy:
            policy = document.policy
            facts |= {
                "index_number": policy.index_number, "document_number": policy.number,
                "issuer": self.units[policy.issuer].name, "drafting_unit": self.units[policy.issuer],
                "written_on": policy.written_on, "issued_on": policy.written_on, "effective_on": policy.effective_on,
                "expires_on": policy.expires_on, "subject_class": policy.subject,
                "form_class": policy.genre, "addressee": policy.addressee,
                "public_effect": policy.effect, **policy.needs,
                "validity": "in_force" if policy.superseded_by else policy.validity,
            }  # fmt: skip
        if document.kind == "topic":
            facts |= {"ends_on": document.ends_on, "archived": document.archived}
        if document.kind == "leader":
            facts |= {"post": document.post, "duties": document.duties}
        if document.office:
            office = document.office
            facts |= {
                "address": office.address,
                "telephone": office.telephone,
                "hours": office.hours,
                "head": office.head,
            }
        if document.form:
            facts["form"] = document.form
        return facts

    def _with_body(
        self, record: Record, document: Document, editor: User, at: datetime, *, replace: tuple[str, str] | None = None
    ) -> Record:
        record = record.typed
        blocks = [self._block(document, block, editor, at, replace) for block in document.blocks]
        record.body = record.body.stream_block.to_python(blocks)
        return save_draft(record=record, by=editor, now=at)

    def _block(
        self, document: Document, block: dict, editor: User, at: datetime, replace: tuple[str, str] | None
    ) -> dict:
        def filled(value):
            if isinstance(value, dict):
                return {name: filled(inner) for name, inner in value.items()}
            if isinstance(value, list):
                return [filled(inner) for inner in value]
            if isinstance(value, str) and value.startswith("@") and value[1:].isdecimal():
                return self._file(document.site, document.files[int(value[1:])], editor, at).pk
            return value.replace(*replace) if replace and isinstance(value, str) else value

        return {"id": str(uuid.uuid4()), **filled(dict(block))}

    def _file(self, site: str, spec: FileSpec, editor: User, at: datetime) -> Picture | Attachment:
        if (site, spec.name) not in self.files:
            store = store_picture if spec.kind == "picture" else store_attachment
            self.files[site, spec.name] = store(
                site=self.sites[site], name=spec.name, data=spec.content(), title=spec.title, by=editor, now=at
            )
        return self.files[site, spec.name]

    # ---- reviews and releases ------------------------------------------------------------------------------------

    def _sign(self, review: Review, site: str, begins: datetime, *, until: str = "") -> Review:
        """Give signature after signature, up to (not including) the level `until`."""
        at = begins
        while review.status == Review.Status.OPEN and review.level != until:
            at += STEP
            by = self._person(site, f"{review.level}_reviewer")
            reason = SECRECY if review.level == "secrecy" else ""
            review = approve(review=review, by=by, now=at, gates=ALL_GATES, reason=reason)
        return review

    def _person(self, site: str, role: str) -> User:
        return self.people[self.places.team(site, role).username]

    def _tomorrow(self) -> datetime:
        return (self.now + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)

    def _publish(self) -> None:
        publisher = Publisher()
        for site in self.sites.values():
            outcome = publisher.publish(site, now=datetime.now(UTC))
            self.say(f"  {site.host}：{outcome.pages} 页")
