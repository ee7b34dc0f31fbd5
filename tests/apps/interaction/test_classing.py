"""办理类别: the class of a letter moves its limit by the rule of its first day, and never hides a lapse (INT-04)."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import handling
from jiyue.interaction.accounts import classes_counted, counted_anew, is_genuine, sums_of
from jiyue.interaction.classing import classes_for, classify
from jiyue.interaction.duties import LetterSource
from jiyue.interaction.handling import duty_of
from jiyue.interaction.models import Case, LetterAccount
from jiyue.interaction.statistics import letter_statistics
from jiyue.interaction.stepping import NotNow, NotYours, subject_of
from jiyue.interaction.tickets import told
from jiyue.obligations.engine import recompute, refresh
from jiyue.obligations.models import Obligation
from jiyue.obligations.queries import explain
from tests.apps.interaction.test_handling import under
from tests.letters import answered, handled, letter, office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SHORT, LONG = "建议、咨询类", "需要核实或办理的"


@pytest.fixture
def desk(cast, now):
    under(cast, "xiangxi", now=now)
    return office(cast.city, now=now)


@pytest.fixture
def case(desk, now):
    found = letter(desk.tenant, now=now)
    refresh(LetterSource(), now=now)
    return found


def classed(case, name, by, now):
    return classify(case=case, of_class=name, reason="要到现场核实", by=by, now=now)


def working_days_given(duty: Obligation) -> int:
    return sum(day.counted for day in explain(duty).moments.due.days)


@pytest.mark.req("INT-04")
def test_the_class_gives_the_limit_from_the_moment_of_the_letter(case, desk, now):
    assert [each.name for each in classes_for(case)] == [SHORT, LONG]
    assert working_days_given(duty_of(case)) == 7
    classed(case, LONG, desk.clerk, now + 2 * DAY)
    duty = duty_of(case)
    assert (working_days_given(duty), duty.started_at, duty.latest_at) == (15, case.clock_at, None)
    assert (case.reply_class, explain(duty).moments.of_class.name) == (LONG, LONG)
    moved = AuditEvent.objects.filter(code="obligations.due_moved").latest("pk")
    assert moved.data["cause"] == "class" and datetime.fromisoformat(moved.data["due_after"]) == duty.due_at
    classed(case, SHORT, desk.clerk, now + 3 * DAY)
    assert working_days_given(duty_of(case)) == 7
    step = case.steps.latest("pk")
    assert (step.act, step.note, step.reason) == ("classify", SHORT, "要到现场核实")


@pytest.mark.req("INT-04")
def test_a_lapse_is_never_hidden_by_another_class(case, desk, now):
    late = duty_of(case).act_by + timedelta(hours=1)
    classed(case, LONG, desk.clerk, late)
    duty = duty_of(case)
    assert (working_days_given(duty), duty.state(late)) == (7, "overdue")
    recompute(years=[now.year], now=late)
    refresh(LetterSource(), now=late)
    assert duty_of(case).state(late) == "overdue"
    answered(case, desk, now=late)
    account = LetterAccount.objects.get(case=case)
    assert (account.in_time, is_genuine(account)) == (False, True)


def test_a_shorter_class_may_make_it_late_and_the_longer_one_does_not_heal_it(case, desk, now):
    classed(case, LONG, desk.clerk, now)
    later = now + 12 * DAY
    assert duty_of(case).state(later) in ("open", "due_soon")
    classed(case, SHORT, desk.clerk, later)
    assert duty_of(case).state(later) == "overdue"
    classed(case, LONG, desk.clerk, later + DAY)
    assert duty_of(case).state(later + DAY) == "overdue"


def test_in_time_is_judged_by_the_class_and_counted_by_it(case, desk, now):
    classed(case, LONG, desk.clerk, now)
    answered(case, desk, now=now + 12 * DAY)
    site, year = desk.tenant.site, str(local(now).year)
    account = LetterAccount.objects.get(case=case)
    assert (account.in_time, is_genuine(account)) == (True, True)
    assert classes_counted(site.pk)[year][LONG]["received"] == 1
    assert counted_anew(site.pk) == sums_of(site.pk)
    day = local(now).date()
    found = letter_statistics(
        Site.objects.filter(pk=site.pk), since=day, until=day, now=now + 13 * DAY, whole="合计"
    )  # fmt: skip
    assert [(line.name, line.received, line.late) for line in found.classes] == [(LONG, 1, 0)]


def test_the_sender_reads_class_reason_and_day(case, desk, now):
    classed(case, LONG, desk.clerk, now)
    ticket = told(case)
    assert (ticket["class"], ticket["until"]) == (LONG, local(duty_of(case).act_by).date().isoformat())
    assert ticket["steps"][-1]["why"] == "要到现场核实"


@pytest.mark.parametrize(("name", "reason"), [("没有的类", "要核实"), (LONG, " "), ("", "要核实")])
def test_what_cannot_be_is_told(case, desk, now, name, reason):
    with pytest.raises(ValidationError):
        classify(case=case, of_class=name, reason=reason, by=desk.clerk, now=now)
    case.refresh_from_db()
    assert case.reply_class == "" and case.classed == []


def test_the_same_class_again_is_no_step(case, desk, now):
    classed(case, LONG, desk.clerk, now)
    with pytest.raises(ValidationError):
        classed(case, LONG, desk.clerk, now)


def test_only_desk_and_handler_class_it_and_only_while_it_is_open(case, desk, now):
    with pytest.raises(NotYours):
        classed(case, LONG, desk.handler, now)
    handled(case, desk, now=now)
    classed(case, LONG, desk.handler, now)
    with pytest.raises(NotYours):
        classed(case, SHORT, desk.replier, now)
    handling.submit_reply(case=case, text="已修好", by=desk.handler, now=now)
    handling.approve_reply(case=case, gates=["policy", "legal", "wording"], by=desk.replier, now=now)
    handling.send_reply(case=case, by=desk.handler, now=now)
    with pytest.raises(NotNow):
        classed(case, SHORT, desk.handler, now)


def test_a_class_that_was_written_into_the_letter_moves_no_figure(case, desk, now):
    Case.objects.filter(pk=case.pk).update(reply_class=LONG, classed=[[LONG, now.isoformat()]])
    case.refresh_from_db()
    answered(case, desk, now=now + 12 * DAY)
    assert LetterAccount.objects.get(case=case).in_time is False


def test_reopened_it_keeps_its_class(case, desk, now):
    classed(case, LONG, desk.clerk, now)
    answered(case, desk, now=now + DAY)
    Case.objects.filter(pk=case.pk).update(clock_at=now + 2 * DAY, met_at=None, state="handling")
    refresh(LetterSource(), subjects=[subject_of(case)], now=now + 2 * DAY)
    case.refresh_from_db()
    assert working_days_given(duty_of(case)) == 15


def test_a_rule_without_classes_asks_for_none(cast, now):
    plain = letter(cast.outside, now=now)
    assert classes_for(plain) == ()
    assert "classify" not in {step.act for step in plain.steps.all()}
