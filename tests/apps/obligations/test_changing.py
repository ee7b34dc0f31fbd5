"""Rule changes reach what is open, once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from jiyue.domain.limits import Span, Unit
from jiyue.domain.rule_terms import Deadline
from jiyue.domain.rulesets import Since
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.changing import apply_changes, notice_packs
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import AppliedChange, Obligation
from jiyue.rules.library import Library, shipped
from jiyue.rules.models import KnownPack
from tests.apps.obligations.facts import REPLY, Stated, fact
from tests.apps.rules.decisions import approved_calendar, approved_override, approved_pack, assigned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hebi")]
DAY = timedelta(days=1)


@pytest.fixture
def source(cast, now) -> Stated:
    """One letter of yesterday, one that is recorded ahead of its day."""
    stated = Stated([fact(cast.city, subject="letter:1", started_at=now - DAY),
                     fact(cast.city, subject="letter:2", started_at=now + 2 * DAY)])  # fmt: skip
    apply_changes(sources=[stated], now=now)  # the assignment of the city itself
    refresh(stated, now=now)
    return stated


def limits() -> list[str]:
    return [str(row.answer.limit) for row in Obligation.objects.order_by("subject")]


def test_each_approved_change_is_applied_once_and_only_forwards(cast, source, pair, now):
    approved_override(cast.city.organisation, REPLY, "limit: 3 working-days", now.date(), pair, now=now)
    assert apply_changes(sources=[source], now=now) == 1
    assert apply_changes(sources=[source], now=now) == 0
    assert limits() == ["5 working-days", "3 working-days"]
    assert AuditEvent.objects.filter(code="obligations.due_moved").count() == 1


def test_a_worker_killed_before_it_noted_the_change_applies_it_again_to_no_effect(cast, source, pair, now):
    approved_override(cast.city.organisation, REPLY, "limit: 3 working-days", now.date(), pair, now=now)
    apply_changes(sources=[source], now=now)
    AppliedChange.objects.order_by("-pk").first().delete()
    assert apply_changes(sources=[source], now=now) == 1
    assert AuditEvent.objects.filter(code="obligations.due_moved").count() == 1


def test_an_assignment_and_an_own_pack_reach_what_begins_later(cast, source, pair, now):
    approved_pack("chenghu", {REPLY: {"2026-01-01": "6 working-days"}}, now.date(), pair, now=now)
    assigned(cast.city.organisation, "chenghu", now.date(), pair, now=now)
    assert apply_changes(sources=[source], now=now) == 2
    assert limits() == ["5 working-days", "6 working-days"]


@pytest.mark.req("CAL-01")
def test_a_calendar_moves_what_runs(source, pair, now):
    before = list(Obligation.objects.order_by("subject").values_list("due_at", flat=True))
    approved_calendar(2026, {"2026-11-26": "停电放假"}, {}, pair, now=now)
    assert apply_changes(sources=[source], now=now) == 1
    after = list(Obligation.objects.order_by("subject").values_list("due_at", flat=True))
    assert all(later > earlier for earlier, later in zip(before, after, strict=True))


def test_a_pack_that_is_seen_first_is_only_remembered(source, now):
    assert notice_packs(sources=[source], now=now) == 0
    assert set(KnownPack.objects.values_list("name", flat=True)) == set(shipped().names)
    events = AuditEvent.objects.count()
    notice_packs(sources=[source], now=now)
    assert AuditEvent.objects.count() == events


def upgraded(monkeypatch, **how) -> None:
    """The next version of the program ships another pack of Hebi."""
    library = shipped()
    pack = library.pack("hebi")
    (value,) = pack.values[REPLY]
    shorter = replace(value, terms=Deadline(Span(1, Unit.WORKING_DAYS)))
    values = (value, replace(shorter, since=Since.read(how["since"]))) if "since" in how else (shorter,)
    newer = Library(library.folder, [replace(pack, version="2027-01-01", values={**pack.values, REPLY: values})])
    for module in ("obligations.changing", "rules.queries"):
        monkeypatch.setattr(f"jiyue.{module}.shipped", lambda: newer)


def test_a_value_that_came_with_an_upgrade_reaches_what_began_since_its_day(source, now, monkeypatch):
    notice_packs(sources=[source], now=now)
    upgraded(monkeypatch, since=(now + DAY).date().isoformat())
    assert notice_packs(sources=[source], now=now) == 1
    assert notice_packs(sources=[source], now=now) == 0
    assert limits() == ["5 working-days", "1 working-day"]
    (told,) = AuditEvent.objects.filter(code="rules.pack_noticed", subject="pack:hebi").exclude(data__values=[])
    assert told.data["values"] == [[REPLY, date(2026, 11, 22).isoformat()]]


@pytest.mark.req("PLAT-07")
def test_a_value_corrected_in_place_changes_nothing_that_has_begun(source, now, monkeypatch):
    notice_packs(sources=[source], now=now)
    upgraded(monkeypatch)
    assert notice_packs(sources=[source], now=now) == 0
    refresh(source, now=now)
    assert limits() == ["5 working-days", "5 working-days"]
