"""The way days are counted is a rule like others: decided by two, from a day on, frozen in what began before (Q-01, Q-02)."""

from datetime import datetime, timedelta

import pytest

from jiyue.domain.canonical import digest_of
from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.domain.limits import Span, Unit
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.changing import apply_changes, notice_packs
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import FrozenRule, Obligation
from jiyue.obligations.queries import explain
from jiyue.rules import explaining
from jiyue.rules.actions import Unusable, propose_override
from jiyue.rules.models import KnownPack
from tests.apps.obligations.facts import NEWS, REPLY, Stated, fact
from tests.apps.rules.decisions import approved_override

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hebi")]
COUNTING = "deadline.counting"
CLOSING = "value: {start-day: counted, day-ends: '17:30', named-day: not-counted}"
DAY = timedelta(days=1)


def due_local(subject: str) -> datetime:
    return local(Obligation.objects.get(subject=subject).due_at)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SHANGHAI)


@pytest.fixture
def source(cast, now) -> Stated:
    """Two letters, one of yesterday and one of the day after tomorrow; a promise; a column."""
    promise = Span(3, Unit.DAYS)
    stated = Stated([
        fact(cast.city, subject="letter:1", started_at=now - DAY),
        fact(cast.city, subject="letter:2", started_at=now + 2 * DAY),
        fact(cast.city, subject="promise:1", started_at=now + 2 * DAY, limit=promise),
        fact(cast.city, NEWS, subject="column:1", started_at=at(2026, 11, 10)),
    ])  # fmt: skip
    apply_changes(sources=[stated], now=now)
    refresh(stated, now=now)
    return stated


@pytest.mark.req("CAL-03")
def test_another_way_of_counting_reaches_what_begins_from_its_day_on_and_nothing_before(cast, source, pair, now):
    # Saturday 21 November 2026: from Friday the fifth working day is the 27th, from Monday the 30th.
    assert (due_local("letter:1"), due_local("letter:2")) == (
        at(2026, 11, 27, 23, 59, 59),
        at(2026, 11, 30, 23, 59, 59),
    )
    approved_override(cast.city.organisation, COUNTING, CLOSING, now.date(), pair, now=now)
    assert apply_changes(sources=[source], now=now) == 1
    refresh(source, now=now)
    assert due_local("letter:1") == at(2026, 11, 27, 23, 59, 59)
    assert due_local("letter:2") == at(2026, 11, 27, 17, 30)
    assert due_local("promise:1") == at(2026, 11, 26, 23, 59, 59)  # of its own, not a text's
    assert due_local("column:1") == at(2026, 11, 24, 23, 59, 59)
    assert AuditEvent.objects.filter(code="obligations.due_moved").count() == 1


def test_the_way_of_counting_stands_in_the_frozen_rule_and_is_explained(cast, source, pair, now):
    approved_override(cast.city.organisation, COUNTING, CLOSING, now.date(), pair, now=now)
    apply_changes(sources=[source], now=now)
    old, new = (explain(Obligation.objects.get(subject=f"letter:{number}")) for number in (1, 2))
    assert (old.moved, new.moved) == (False, False)
    (line, note) = explaining.counting(old.answer, old.answer.limit)
    assert "平台约定，不是规定" in line and "Q-01、Q-02" in line and "各文本均未说明" in note
    (line,) = explaining.counting(new.answer, new.answer.limit)
    assert "《澄湖市留言办理规定》第三条" in line and "17:30" in line
    assert FrozenRule.objects.filter(answer__parameter=REPLY).count() == 2


def test_a_rule_that_was_kept_before_there_was_such_a_setting_counts_as_it_did(cast, source):
    row = Obligation.objects.select_related("rule").get(subject="letter:1")
    older = {name: value for name, value in row.rule.answer.items() if name != "counting"}
    row.rule = FrozenRule.objects.create(digest=digest_of(older), answer=older)
    row.save(update_fields=["rule"])
    told = explain(row)
    assert (told.moved, list(explaining.counting(told.answer, told.answer.limit))) == (False, [])


@pytest.mark.parametrize(
    "value", ["value: midnight", "value: {start-day: counted}", "value: [counted]", "limit: 3 days"]
)
def test_what_is_no_way_of_counting_is_refused(cast, pair, now, value):
    with pytest.raises(Unusable) as refused:
        propose_override(
            organisation=cast.city.organisation, parameter=COUNTING, value=value, from_on=now.date(), document="规定",
            grounds="本地要求", by=pair[0], now=now,
        )  # fmt: skip
    assert refused.value.problems


def test_a_value_without_a_day_that_came_with_an_upgrade_leaves_what_has_begun(source, now):
    notice_packs(sources=[source], now=now)
    known = KnownPack.objects.get(name="national")
    known.values = [row for row in known.values if row[0] != COUNTING]
    known.save()
    events = AuditEvent.objects.filter(code="obligations.due_moved").count()
    assert notice_packs(sources=[source], now=now) == 1
    assert notice_packs(sources=[source], now=now) == 0
    assert AuditEvent.objects.filter(code="obligations.due_moved").count() == events
