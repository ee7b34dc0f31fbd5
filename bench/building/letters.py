"""A city whose entrance took in many letters for fifty bureaus: what the inbox is measured on.

All letters were written on the entrance's site and handed to the bureaus. One in twenty is open, with its duty; one in
a hundred of these is late. The handler of the first bureau has 200 of them in hand, her colleagues the rest. One in five
letters of that bureau was written to a leader, whose mailbox a third person keeps.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection

BUREAUS, OWN = 50, 200
CHUNK = 20_000
KINDS = ("enquiry", "enquiry", "complaint", "suggestion", "help")
TITLES = ("公交站牌晚上看不清", "小区门口积水", "办理居住证要带什么材料", "建议延长图书馆开放时间", "老人补贴没有到账")
OPEN_STATES = ("received", "accepted", "handling", "handling", "handling", "waiting", "reviewing", "ready")


def build_letters(count: int, *, now: datetime) -> SimpleNamespace:
    """Sites, people, `count` letters and the duty of each, as such a database stands after years."""
    from jiyue.interaction.models import Case
    from jiyue.obligations.models import Obligation

    built = _people_and_sites(now)
    rule = _frozen()
    columns = {model: [field.column for field in model._meta.concrete_fields] for model in (Case, Obligation)}
    rows: dict[Any, list[tuple]] = {Case: [], Obligation: []}
    for case, duty in _letters(count, built, rule, now):
        for model, row in ((Case, case), (Obligation, duty)):
            rows[model].append(tuple(row[column] for column in columns[model]))
        if len(rows[Case]) == CHUNK:
            _write(columns, rows)
    _write(columns, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in columns:
                cursor.execute(f"select setval('{model._meta.db_table}_id_seq', {count + 1})")
        if connection.vendor == "postgresql":
            # What its own upkeep does by and by; without it PostgreSQL looks into every row an index names. SQLite has no
            # such upkeep and Jiyue does none: with figures of its own about uneven columns it would read all letters.
            cursor.execute("vacuum analyze")
    built.open = Obligation.objects.pending().count()
    built.late = Obligation.objects.late(now).count()
    return built


def _people_and_sites(now: datetime) -> SimpleNamespace:
    from jiyue.domain.actors import process
    from jiyue.estate.models import Appointment, Block, Site
    from jiyue.identity.actions import give_membership
    from jiyue.identity.models import Organisation, User
    from jiyue.identity.roles import Duty, Role

    city = Organisation.objects.create(name="示范市", code="C", level="city", kind="government")
    city.lineage = f"/{city.pk}/"
    city.save()
    units = Organisation.objects.bulk_create(
        [Organisation(name=f"局{n:02}", code=f"U{n}", level="city", kind="department", superior=city)
         for n in range(BUREAUS)]
    )  # fmt: skip
    for unit in units:
        unit.lineage = f"{city.lineage}{unit.pk}/"
    Organisation.objects.bulk_update(units, ["lineage"])
    names = [("市政府网站", "portal", city), *((unit.name, "department", unit) for unit in units)]
    entrance, *bureaus = Site.objects.bulk_create(
        [Site(name=name, kind=kind, host=f"s{n}.example.localhost", owner=owner, status="online",
              blocks=[Block.INTERACTION]) for n, (name, kind, owner) in enumerate(names)]
    )  # fmt: skip

    def person(name: str, duty: str) -> User:
        return User.objects.create(username=name, name=name, duty=duty, organisation=units[0])

    handler, colleague = person("handler", Duty.EDITING), person("colleague", Duty.EDITING)
    few, thirty = person("few", Duty.EDITING), person("thirty", Duty.EDITING)
    reviewer, clerk = person("reviewer", Duty.REVIEWING), person("clerk", Duty.EDITING)
    supervisor = person("supervisor", Duty.SUPERVISING)
    keeper = person("keeper", Duty.EDITING)
    for one in (handler, colleague, keeper):
        Appointment.objects.create(user=one, site=bureaus[0], role=Role.LETTER_HANDLER)
    for one, site in ((few, bureaus[1]), (thirty, bureaus[2])):
        Appointment.objects.create(user=one, site=site, role=Role.LETTER_HANDLER)
    Appointment.objects.create(user=reviewer, site=bureaus[0], role=Role.REPLY_REVIEWER)
    Appointment.objects.create(user=clerk, site=entrance, role=Role.LETTER_CLERK)
    give_membership(user=supervisor, role=Role.SUPERVISOR, organisation=city, by=process("bench"), now=now)
    return SimpleNamespace(
        entrance=entrance, bureaus=bureaus, units=units, handler=handler, colleague=colleague, few=few, thirty=thirty,
        reviewer=reviewer, clerk=clerk, supervisor=supervisor, keeper=keeper,
        mailbox=_mailbox(entrance, bureaus[0], keeper, now),
    )  # fmt: skip


def _mailbox(entrance: Any, desk: Any, keeper: Any, now: datetime) -> Any:
    from jiyue.content.models import Column, Leader, LeaderMailbox

    column = Column.objects.create(
        site=entrance, kind=Column.Kind.GENERAL, channel=Column.Channel.NEWS, name="领导信息", slug="ld",
        responsible=entrance.owner,
    )  # fmt: skip
    leader = Leader.objects.create(
        site=entrance, column=column, kind="leader", title="某某", responsible=entrance.owner, created_by=keeper,
        created_at=now, changed_at=now,
    )  # fmt: skip
    return LeaderMailbox.objects.create(
        site=entrance, leader=leader, wording="受理对全市工作的意见建议", desk=desk, keeper=keeper, opened_at=now
    )


def _frozen() -> Any:
    from django.utils import timezone

    from jiyue.obligations.engine import Engine
    from jiyue.rules.library import shipped

    answer = shipped().ruleset("hebi").answer("message.reply", timezone.localdate())
    return Engine(now=timezone.now()).frozen(answer)


def _letters(count: int, built: SimpleNamespace, rule: Any, now: datetime) -> Iterator[tuple[dict, dict]]:
    """Oldest first, over ten years; the open ones among the newest, as they are."""
    draw = random.Random(7)  # noqa: S311 - drawn data, the same every time
    hands = _hands(built)
    first_open = count - count // 20
    step = timedelta(days=3600) / max(1, first_open)
    for number in range(count):
        desk = number % BUREAUS
        is_open = number >= first_open
        at = now - timedelta(hours=draw.randrange(1, 160)) if is_open else now - timedelta(days=3610) + number * step
        case = _case(number, at, built, desk, draw)
        if is_open:
            case |= {"state": draw.choice(OPEN_STATES), "handler_id": hands(desk)}
            if case["handler_id"] is not None:
                case["state"] = "handling"
        else:
            case |= {"state": "closed", "accepted_at": at, "met_at": at + timedelta(days=draw.randrange(1, 9))}
        late = is_open and draw.random() < 0.01
        due = now - timedelta(minutes=draw.randrange(1, 9000)) if late else at + timedelta(days=7)
        yield case, _duty(number, case, built, desk, rule, due)


def _hands(built: SimpleNamespace) -> Callable[[int], int | None]:
    """Who has the open letter of a bureau in hand: 200 the handler, 3 and 30 the two who are compared."""
    left = {0: [built.handler.pk] * OWN, 1: [built.few.pk] * 3, 2: [built.thirty.pk] * 30}

    def hand(desk: int) -> int | None:
        if left.get(desk):
            return left[desk].pop()
        return built.colleague.pk

    return hand


def _case(number: int, at: datetime, built: SimpleNamespace, desk: int, draw: random.Random) -> dict[str, Any]:
    led = desk == 0 and number // BUREAUS % 5 == 0
    return {
        "id": number + 1, "accused_id": None, "identified_at": None, "mail_stopped_at": None, "presented_at": None,
        "instructed_at": None, "number": f"{at:%Y%m%d}-{number:07}", "token": None, "site_id": built.entrance.pk,
        "desk_id": built.bureaus[desk].pk, "kind": "leader_letter" if led else draw.choice(KINDS), "source": "web",
        "mailbox_id": built.mailbox.pk if led else None, "addressee": "某某" if led else "", "outer_number": "",
        "handed_by": "", "language": "zh-hans", "title": f"{draw.choice(TITLES)}（{number}）",
        "text": "湖滨路的公交站牌晚上看不清，请问什么时候能修？" * 6, "page": "", "fields": "{}", "sender": "",
        "sender_mark": f"{number % 300_000:064x}", "consents": bool(number % 2), "ticket_salt": "", "ticket_key": "",
        "ticket_due": False, "handler_id": None, "level_id": None, "merged_into_id": None, "parent_id": None,
        "received_at": at, "recorded_at": at, "clock_at": at, "accepted_at": None, "assigned_at": None,
        "proposed_at": None, "extended_at": None, "met_at": None, "ended_at": None, "rating": None, "version": 1,
    }  # fmt: skip


def _duty(number: int, case: dict, built: SimpleNamespace, desk: int, rule: Any, due: datetime) -> dict[str, Any]:
    empty = dict.fromkeys(
        ("event_at", "latest_at", "reminded_at", "escalated_at", "escalated_to_id", "second_step_at", "second_step_by_id",
         "waived_at", "ended_at")
    )  # fmt: skip
    return {
        **empty, "id": number + 1, "parameter": rule.answer["parameter"], "source": "letters",
        "subject": f"letter:{number + 1}", "title": case["number"], "area": "", "site_id": built.bureaus[desk].pk,
        "unit_id": built.units[desk].pk, "person_id": case["handler_id"], "started_at": case["clock_at"],
        "recorded_at": case["clock_at"], "due_at": due, "act_by": due, "provisional": False, "rule_id": rule.pk,
        "own_limit": "", "stopped": "[]", "pack": "hebi", "remind_at": due - timedelta(days=2), "second_step_reason": "",
        "met_at": case["met_at"], "by_hand": False, "evidence": "{}", "done_at": case["met_at"],
    }  # fmt: skip


def _write(columns: dict[Any, list[str]], rows: dict[Any, list[tuple]]) -> None:
    for model, chunk in rows.items():
        if connection.vendor == "postgresql":
            _copy(model, columns[model], chunk)
        else:
            _insert(model, columns[model], chunk)
        chunk.clear()


def _copy(model: Any, columns: list[str], chunk: list[tuple]) -> None:
    with connection.cursor() as cursor:
        command = f"copy {model._meta.db_table} ({', '.join(columns)}) from stdin"
        with cursor.cursor.copy(command) as into:
            for row in chunk:
                into.write_row(row)


def _insert(model: Any, columns: list[str], chunk: list[tuple]) -> None:
    from django.db import transaction

    marks = ", ".join(["%s"] * len(columns))
    adapt = connection.ops.adapt_datetimefield_value
    written = [tuple(adapt(value) if isinstance(value, datetime) else value for value in row) for row in chunk]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"insert into {model._meta.db_table} ({', '.join(columns)}) values ({marks})", written)  # noqa: S608
