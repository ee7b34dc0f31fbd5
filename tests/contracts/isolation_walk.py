"""The walk of the deeper isolation tests: who opens which pages, what is put into their forms, and what must not happen."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from http.cookies import SimpleCookie

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from jiyue.console.gate import OFFERED, may_open
from jiyue.content.actions import save_column
from jiyue.content.blocks import INLINE_FEATURES
from jiyue.content.models import Placement, Record
from jiyue.identity.roles import Duty
from jiyue.publishing.models import PublicItem
from jiyue.publishing.projection import apply
from jiyue.review.actions import approve, submit
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Review, SignOff
from jiyue.review.placing import offer
from tests.cast import TEST, Cast, Tenant, account, build_cast, draft, organisation, reviewed, tenant
from tests.clock import NOW
from tests.contracts import console_walk
from tests.contracts.console_forms import Form, forms_in
from tests.contracts.console_things import Things, things_of
from tests.contracts.console_walk import address
from tests.contracts.foreign_rows import Foreign, number_apart, tables_written

SECRET = "zq9secretmark"  # in every title and name of the foreign site's content; survives JSON and HTML escapes
PERSON = "zq8personmark"  # in every name of its people
APART = 900_001
ROLES = ("editor", "first", "second", "final", "secrecy", "manager", "operator", "supervisor", "auditor")
TRAIL = frozenset({"console_trail", "console_trail_export", "console_trail_check"})
# The operator's duty is the whole platform, without its content: these tables are hers on every site.
OPERATORS = re.compile(r"(identity|estate|foundation|publishing)_|content_columnlimit$")
# An editor may offer a record of her own to any site: a placement that waits for the taker's answer, with its trace.
OFFERING = frozenset({"content_placement", "foundation_auditevent"})
STRUCTURAL = re.compile(r"(^|-)(count|order|deleted|type|id|position|p|year|level|order)$")
# Forms that are answered without a row being written; every other one must be accepted when it names nothing foreign.
WRITES_NOTHING = frozenset(
    {
        "console_trail_check",
        "console_check_try",  # a text is tried and not kept
        "console_page_rules_examine",  # the site has no pages yet; one that has is examined by its own test
        "console_catalogue_import",  # a file that is no table; a table that is one is brought by its own test
        "console_reprint_draft",  # the original is not there; one that is is brought by its own test
        "console_error_reports",  # a file of nothing and no answer to hand out; those that are stand in their own test
        "console_call_files",
        "console_comment_files",
        "console_superior_files",
        "console_notice_words",  # the words as they stand; changed ones are brought by its own test
        "console_live_word",  # no signed plan gives anybody the word; one that does stands in the interviews' own test
        "console_promoted_new",  # the address of a page that is not public; one that is is brought by its own test
        *(f"wagtailadmin_choose_page_{kind}_link" for kind in ("external", "email", "phone", "anchor")),
    }
)


@dataclass
class Stage:
    """Our site, a neighbour whose public matter may be taken, and the foreign site of which nothing may be seen."""

    people: dict
    own: Things
    foreign: Things
    reviews: list[Review]
    placements: list[Placement]
    item: PublicItem
    rows: Foreign

    @cached_property
    def keys(self) -> dict[str, list[str]]:
        """What of the foreign site could stand in a field of this name."""
        there = self.foreign
        column, kinds = there.tenant.columns, there.by_kind
        units = [there.tenant.organisation.pk]
        found = {
            "column": [column["yw"].pk], "columns": [column["yw"].pk], "parent": [column["zwdt"].pk],
            "documents": [kinds[Record.Kind.POLICY_DOCUMENT].pk], "part_of": [kinds[Record.Kind.TOPIC].pk],
            "site": [there.tenant.site.pk, there.tenant.site.host], "superior_site": [there.tenant.site.pk],
            "responsible": units, "drafting_unit": units, "organisation": units, "unit": units, "superior": units,
            "vertical_superior": units, "owner": units, "operator": units, "record": [there.record.pk, there.public.pk],
            "cover": [there.picture.pk], "image": [there.picture.pk], "poster": [there.picture.pk],
            **{name: [there.attachment.pk] for name in ("blank", "instructions_file", "sample")},
            "document": [there.attachment.pk], "media": [there.attachment.pk], "account": [there.tenant.editor.username],
            "manager": [there.tenant.manager.username], "target": [f"/{column['yw'].path}/"],
            "next": [address("console_path", there)], "back": [address("console_path", there)],
            "revision_id": [there.record.latest_revision_id], "id": [there.picture.pk, there.attachment.pk],
            "class": ["article"], "q": [there.tenant.site.host], "content_class": [],
        }  # fmt: skip
        return {name: [str(value) for value in values] for name, values in found.items()}


@dataclass
class Walk:
    """One person's way through the console, and what went wrong on it."""

    stage: Stage
    part: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    found: list[tuple] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    sent: int = 0

    def __post_init__(self) -> None:
        self.client.force_login(self.stage.people[self.part], backend="jiyue.identity.backends.AccountBackend")
        self.cookies = SimpleCookie(self.client.cookies.output(header="", sep=";"))

    def forms(self) -> list[Form]:
        """Every form on every page the person may open for her own site, each once."""
        known: dict[tuple, Form] = {}
        person = self.stage.people[self.part]
        for at in (at for at in own_addresses(self.stage) if may_open(person, route_of(at))):
            answer = self.attempt(Form("get", at, {}))[0]
            if answer.status_code == 200 and not answer.streaming:
                for form in forms_in(answer.content, at=at):
                    for whole in with_body(form, self.stage.own):
                        key = (whole.method, whole.address, *whole.fields.get("act", ()), *sorted(whole.fields))
                        known.setdefault(key, whole)
        return [
            *known.values(),
            *(form for form in second_steps(self.stage) if may_open(person, route_of(form.address))),
        ]

    def whole_way(self) -> None:
        """Every form as it is, altered, and turned to the foreign thing."""
        tried: set[tuple[str, str]] = set()
        for form in self.forms():
            self.attempt(form, plain=True)
            for other in (*altered(form, self.stage, tried), *turned(form, self.stage)):
                self.attempt(other)

    def attempt(self, form: Form, *, plain: bool = False) -> list:
        """Send a form, see what it did and showed, and undo it; gives the answers."""
        self.sent += 1
        route = route_of(form.address)
        with transaction.atomic(), tables_written() as written:
            pages = self._send(form)
            done = self.stage.rows.changed(written) - lawful(self.part, route, written)
            crossing = self.stage.rows.pointed_at(written) if self.part != "operator" else set()
            if plain and form.method == "post" and may_open(self.stage.people[self.part], route):
                (self.accepted if written and pages[0].status_code < 400 else self.refused).add(route)
            transaction.set_rollback(True)
        self.client.cookies = SimpleCookie(self.cookies.output(header="", sep=";"))
        shown = {mark for page in pages for mark in marks_in(page) if (route, self.part) not in told_by_duty(mark)}
        failed = [page.status_code for page in pages if page.status_code >= 500]
        if done or crossing or shown or failed:
            self.found.append((route, form.address, foreign_in(form), *map(sorted, (done, crossing, shown)), failed))
        return pages

    def _send(self, form: Form) -> list:
        send = self.client.post if form.method == "post" else self.client.get
        pages = [send(form.address, form.payload())]
        if pages[0].status_code == 302 and pages[0].headers["Location"].startswith("/"):
            pages.append(self.client.get(pages[0].headers["Location"]))
        if ":preview_on_" in route_of(form.address):
            pages.append(self.client.get(form.address))
        return pages


def marks_in(page) -> list[str]:
    """The foreign marks an answer shows; a user name that was typed is told back and is no leak."""
    content = page.getvalue() if page.streaming else page.content
    return [mark for mark in (SECRET, PERSON) if mark.encode() in content.replace(f"{PERSON}_".encode(), b"")]


def foreign_in(form: Form) -> dict[str, list[str]]:
    return {name: values for name, values in form.fields.items() if any(str(APART)[:3] in value for value in values)}


def told_by_duty(mark: str) -> set[tuple[str, str]]:
    """Where a name may be read: the auditor's trail, and the operator's lists of people."""
    everything = {(route, "auditor") for route in TRAIL}
    return everything | ({(route, "operator") for route in OFFERED} if mark == PERSON else set())


def lawful(part: str, route: str, written: set[str]) -> set[str]:
    if part == "operator":
        return {table for table in written if OPERATORS.match(table)}
    return OFFERING if (part, route) == ("editor", "console_offer") else set()


# ---- the stage -------------------------------------------------------------------------------------------------------


def set_stage(cast: Cast, *, now: datetime) -> Stage:
    console_walk.load()
    account("ch_spare", Duty.EDITING, cast.city.organisation, now=now)
    own = things_of(cast.city, "本市", now=now)
    show(cast.city)
    reviews = [waiting_at(cast.city, level, now=now) for level in ("second", "secrecy", "final")]
    public = draft(cast.outside, now=now, title="邻江的公开稿件")
    reviewed(cast.outside, public, now=now)
    show(cast.outside)
    offered = offer(record=public, site=cast.city.site, by=cast.outside.editor, now=now)
    number_apart(APART)
    foreign = things_of(abroad(now), f"外市密档{SECRET}", now=now)
    people = {**cast.city.people, "operator": cast.operator, "supervisor": cast.supervisor, "auditor": cast.auditor}
    item = PublicItem.objects.get(identity=public.identity)
    return Stage(people, own, foreign, reviews, [offered], item, Foreign(foreign.tenant.site))


def the_stage() -> Stage:
    """The stage with a cast of its own, at the tests' usual moment."""
    return set_stage(build_cast(now=NOW), now=NOW)


def abroad(now: datetime) -> Tenant:
    unit = organisation("外市人民政府", "990300001", "city", now=now)
    made = tenant("www.waishi.localhost", unit, PERSON, code="9903000001", now=now)
    for slug in ("yw", "zcwj"):
        column = made.columns[slug]
        column.name = f"{column.name}{SECRET}"
        save_column(column=column, by=TEST, now=now)
    return made


def show(of: Tenant) -> None:
    """Enter what is signed off into the list of public items, as a release would."""
    rows = SignOff.objects.filter(site=of.site, subject="record").order_by("sequence")
    known = PublicItem.objects.filter(site=of.site).values("identity")
    apply(of.site, rows.exclude(identity__in=known), columns={column.pk for column in of.columns.values()})


def waiting_at(of: Tenant, level: str, *, now: datetime) -> Review:
    review = submit(record=draft(of, now=now, title=f"等待{level}"), by=of.editor, now=now)
    while review.level != level:
        review = approve(review=review, by=of.people[review.level], now=now, gates=ALL_GATES, reason="不涉密")
    return review


def second_steps(stage: Stage) -> list[Form]:
    """Forms that only the answer to another form shows."""
    ticked = {"record": [str(stage.own.record.pk)], "confirmed": ["1"]}
    return [Form("post", reverse("console_submit_many"), ticked)]


def own_addresses(stage: Stage) -> list[str]:
    found = [address(name, stage.own) for name in sorted(OFFERED) if "logout" not in name]
    found += [reverse("console_review", args=[review.pk]) for review in stage.reviews]
    found += [reverse("console_review", args=[stage.own.structure.pk]), reverse("console_take", args=[stage.item.pk])]
    found += [reverse("console_placement", args=[placement.identity]) for placement in stage.placements]
    return [*found, reverse("console_path", args=[stage.own.public.pk])]


# ---- filled forms, and what is put into them -----------------------------------------------------------------------------


def with_body(form: Form, things: Things) -> list[Form]:
    """An editor's form has its blocks drawn by script: they are added here, and its preview is another form."""
    route = route_of(form.address)
    if form.method != "post" or not route.startswith("console_") or not route.endswith((":add", ":edit")):
        return [form]
    fields = {name: values for name, values in form.fields.items() if not name.startswith("action-")}
    drawn = body_of(things) | DRAWN.get(route.partition(":")[0], lambda _things: {})(things)
    whole = replace(form, fields={**fields, **{name: [str(value)] for name, value in drawn.items()}})
    path, _, query = form.address.partition("?")
    preview = reverse(route.replace(":", ":preview_on_"), args=resolve(path).args or resolve(path).kwargs.values())
    return [whole, replace(whole, address=f"{preview}?{query}" if query else preview)]


def body_of(things: Things) -> dict:
    words = {"title": "讲话", "transcript": "文字稿"}
    return nested_form_data({"body": streamfield([
        ("paragraph", rich_text("<p>正文。</p>", features=INLINE_FEATURES)),
        ("image", {"image": things.picture.pk, "alt": "湖", "decorative": "", "caption": ""}),
        ("attachment", {"document": things.attachment.pk, "title": "附表"}),
        ("video", {"media": things.attachment.pk, "poster": things.picture.pk, **words}),
        ("audio", {"media": things.attachment.pk, **words}),
    ])})  # fmt: skip


def rows_of(things: Things) -> dict:
    """The rows of a service guide: what to bring, with its files, what happens, what people ask."""
    file = things.attachment.pk
    material = {
        "name": "申请表", "original": "original", "copies": "1", "source": "applicant", "needed_when": "", "needs_form": "on",
        "blank": file, "instructions": "照样表填写", "instructions_file": file, "sample": file,
    }  # fmt: skip
    return nested_form_data({
        "materials": streamfield([("material", material)]),
        "process": streamfield([("step", {"name": "受理", "what": "看材料齐不齐", "how_long": "", "who": ""})]),
        "questions": streamfield([("question", {"question": "要预约吗", "answer": "不用"})]),
    })  # fmt: skip


def questions_of(_things: Things) -> dict:
    """A survey of one question."""
    question = {
        "question": "您多久来一次", "hint": "", "needed": "on", "options": "每周\n每月", "after": "", "after_option": "",
    }  # fmt: skip
    return nested_form_data({"questions": streamfield([("single", question)])})


# What scripts draw in an editor besides the body.
DRAWN = {"console_service_guide": rows_of, "console_survey": questions_of}


def embedded(things: Things) -> str:
    """A paragraph that names foreign files the way Wagtail stores them, as the rich text editor would send it."""
    entities = {
        "0": {"type": "DOCUMENT", "mutability": "MUTABLE", "data": {"id": things.attachment.pk}},
        "1": {"type": "IMAGE", "mutability": "IMMUTABLE", "data": {"id": things.picture.pk, "format": "left", "alt": ""}},
        "2": {"type": "LINK", "mutability": "MUTABLE", "data": {"id": things.public.pk}},
    }  # fmt: skip
    ranges = [{"offset": int(key), "length": 1, "key": int(key)} for key in entities]
    block = {
        "key": "a",
        "type": "unstyled",
        "depth": 0,
        "text": "甲乙丙",
        "inlineStyleRanges": [],
        "entityRanges": ranges,
    }
    return json.dumps({"blocks": [block], "entityMap": entities})


def altered(form: Form, stage: Stage, tried: set[tuple[str, str]]) -> Iterator[Form]:
    """The form with one field at a time naming something foreign, then with all of them.

    The nine editors share most fields and the code behind them: each is tried alone in the first editor that has it.
    """
    route = route_of(form.address)
    family = route.rpartition(":")[2] if route.startswith("console_") and ":" in route else form.address
    for name, values in form.fields.items():
        if (family, name) in tried:
            continue
        for wanted in wanted_in(form, name, stage):
            tried.add((family, name))
            yield form.with_value(name, wanted)
            if len(values) > 1:
                yield form.with_value(name, *values, wanted)
    yield with_everything(form, stage)
    if "body-0-value" in form.fields:
        yield form.with_value("body-0-value", embedded(stage.foreign))


def with_everything(form: Form, stage: Stage) -> Form:
    """Every field foreign at once, and beside them every name that any form of the console knows."""
    foreign = {name: wanted[:1] for name in form.fields if (wanted := wanted_in(form, name, stage))}
    others = {name: values[:1] for name, values in stage.keys.items() if values}
    return replace(form, fields={**others, **form.fields, **foreign})


def wanted_in(form: Form, name: str, stage: Stage) -> list[str]:
    last = name.rpartition("-")[2]
    if last in stage.keys:
        return stage.keys[last]
    if STRUCTURAL.search(name):
        return []
    given = [value for value in (*form.fields[name], *form.choices.get(name, ())) if value]
    numbered = all(value.isdecimal() for value in given)
    return [str(APART), str(APART + 1)] if numbered and (given or form.choices.get(name)) else []


def turned(form: Form, stage: Stage) -> Iterator[Form]:
    """The filled form, sent to the foreign thing's own address: with our values, and with its own."""
    there = address(route_of(form.address), stage.foreign)
    if there is None or there == form.address.partition("?")[0]:
        return
    query = f"?column={stage.keys['column'][0]}" if there.endswith("/add/") else ""
    for each in (form, with_everything(form, stage)):
        yield replace(each, address=there + query)


def route_of(at: str) -> str:
    try:
        return resolve(at.partition("?")[0]).view_name
    except Resolver404:
        return ""
