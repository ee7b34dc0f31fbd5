"""Fees: computed from the table, asked for by letter, paid, taken back, or unpaid in time."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from jiyue.disclosure import actions, charging, grounds, handling, reporting, tickets
from jiyue.disclosure.annual import fees_in
from jiyue.disclosure.duties import DisclosureSource
from jiyue.disclosure.models import FeeNotice, Request
from jiyue.disclosure.policies import parts_of
from jiyue.disclosure.queries import todo_for
from jiyue.disclosure.receiving import CITIZEN
from jiyue.disclosure.stepping import ChangedMeanwhile, NotNow, NotYours, take
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure import Act, Who
from jiyue.domain.disclosure_fees import FeeClock
from jiyue.domain.disclosure_outcomes import Row
from jiyue.obligations.actions import NotPossible
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from tests.disclosure import asked, dropped, taken
from tests.letters import box, office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BASIS = "本单位收费管理办法（示例）"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now - 60 * DAY)


@pytest.fixture
def request_(cast, desk, now):
    request = asked(cast.city, now=now)
    actions.accept(request=request, by=desk.clerk, now=now)
    return request


def charged(request: Request, desk, *, now, **changed):
    given = {
        "method": "by_quantity", "count": 101, "how": "到市财政统一缴费窗口缴纳。", "until": local(now + 10 * DAY).date(),
        "until_basis": BASIS, **changed,
    }  # fmt: skip
    charging.ask_fee(request=request, by=desk.handler, now=now, **given)
    return charging.charge(request=request, by=desk.replier, now=now)


def test_the_notice_says_what_how_until_when_and_on_what_it_rests(cast, desk, now):
    receipt = dropped(cast.city, now=now)
    request = taken(receipt, now=now)
    actions.accept(request=request, by=desk.clerk, now=now)
    fee = charged(request, desk, now=now)
    assert (fee.amount, fee.own, fee.clock, request.state) == (720, True, "runs", "paying")
    said = "\n".join(fee.letter.content["lines"])
    for words in (
        "国办函〔2020〕109号）第四条、第五条，", "第1至第30页，30页，每页0元", "第31至第100页，70页，每页10元，计700元",
        "合计720元", "统一缴费窗口", BASIS,
        "不再处理该申请",
    ):  # fmt: skip
        assert words in said
    # the notice by itself is not what is contested; the rule packs name remedies against answers alone
    assert "行政复议" not in said and "据转载" not in said
    tickets.write_due(now=now)
    state = box().tickets.read(receipt.number, receipt.code)
    assert state["steps"][-1]["until"] == fee.until.isoformat()
    assert [file["name"].rpartition(".")[2] for file in state["files"]] == ["pdf", "docx"]
    assert "收费通知" in state["files"][0]["name"]


@pytest.mark.parametrize(("given", "field"), [
    ({"method": "by_weight"}, "method"), ({"count": 0}, "count"), ({"count": 10**9}, "count"), ({"count": 30}, "count"),
    ({"how": " "}, "how"), ({"until": None}, "until"), ({"until_basis": " "}, "until_basis"),
    ({"method": "by_item", "count": 20, "before": -1}, "before"),
])  # fmt: skip
def test_a_notice_that_says_too_little_is_refused_at_its_field(request_, desk, now, given, field):
    with pytest.raises(ValidationError) as refusal:
        charged(request_, desk, now=now, **given)
    assert list(refusal.value.message_dict) == [field]
    assert not FeeNotice.objects.exists()


def test_a_day_that_is_over_is_no_time_to_pay(request_, desk, now):
    with pytest.raises(ValidationError, match="今天以后"):
        charged(request_, desk, now=now, until=local(now).date())


def test_paid_in_time_the_request_goes_on_and_its_clock_ran(request_, desk, now):
    refresh(DisclosureSource(), now=now)
    before = Obligation.objects.get(parameter="disclosure-request.reply").act_by
    charged(request_, desk, now=now)
    with pytest.raises(NotNow):
        charged(request_, desk, now=now)
    with pytest.raises(ValidationError, match="还没有缴"):
        handling.submit(request=request_, decision="disclosed", text="给", confirmed=True, by=desk.handler, now=now)
    with pytest.raises(NotYours):
        charging.pay(request=request_, paid_on=local(now).date(), receipt="", by=desk.handler, now=now)
    later = now + 3 * DAY
    with pytest.raises(ValidationError, match="之间"):
        charging.pay(request=request_, paid_on=local(later + DAY).date(), receipt="", by=desk.clerk, now=later)
    charging.pay(request=request_, paid_on=local(later).date(), receipt="示0001", by=desk.clerk, now=later)
    assert request_.state == "handling"
    refresh(DisclosureSource(), now=later)
    assert Obligation.objects.get(parameter="disclosure-request.reply").act_by == before
    assert fees_in(request_.desk, local(later).year) == (1, 720)
    with pytest.raises(ValidationError, match="没有等着缴"):
        charging.waive(request=request_, reason="错了", by=desk.handler, now=later)


@pytest.mark.parametrize("clock", [FeeClock.STOPS, FeeClock.RESTARTS])
def test_where_a_units_rules_say_so_the_clock_stands_still_or_begins_anew(request_, desk, now, monkeypatch, clock):
    monkeypatch.setattr(charging, "fee_clock_of", lambda _request: clock)
    fee = charged(request_, desk, now=now)
    later = now + 5 * DAY
    charging.pay(request=request_, paid_on=local(later).date(), receipt="", by=desk.clerk, now=later)
    refresh(DisclosureSource(), now=later)
    duty = Obligation.objects.pending().get(parameter="disclosure-request.reply", started_at=request_.clock_at)
    if clock == FeeClock.STOPS:
        assert duty.stops == ((local(fee.charged_at).date(), local(later).date()),)
    else:
        assert local(request_.clock_at).date() == local(later).date() and duty.stops == ()


def test_a_units_own_rule_names_the_time_to_pay(request_, desk, now, monkeypatch):
    monkeypatch.setattr(grounds, "_table", lambda answer: {"payment": "20 working-days", "clock": "stops"})
    until, basis = grounds.payment_until(request_, now)
    assert until > local(now + 20 * DAY).date() and basis
    assert grounds.fee_clock_of(request_) == FeeClock.STOPS
    monkeypatch.setattr(grounds, "_table", lambda answer: {"payment": "someday", "clock": "never"})
    assert grounds.payment_until(request_, now) is None
    assert grounds.fee_clock_of(request_) == FeeClock.RUNS


def test_unpaid_in_time_it_is_answered_so_and_counted_so(request_, desk, now):
    fee = charged(request_, desk, now=now)
    unpaid = {"request": request_, "decision": "fee_unpaid", "text": "没有缴纳", "confirmed": True, "by": desk.handler}
    with pytest.raises(ValidationError, match="没有逾期未缴"):
        handling.submit(**unpaid, now=now + DAY)
    assert not todo_for(desk.handler, now=now + DAY)
    late = now + 12 * DAY
    assert [todo.ref for todo in todo_for(desk.handler, now=late)] == [str(request_.pk)]
    handling.submit(**unpaid, now=late)
    handling.approve(request=request_, by=desk.replier, now=late)
    handling.send(request=request_, by=desk.handler, now=late)
    assert (request_.state, request_.outcome) == ("decided", "fee_unpaid")
    figures = reporting.tables_of(request_.desk, local(late).year).three
    assert figures.figure("row:fee_unpaid", "natural") == 1 and not figures.imbalances()
    assert fee.until < local(late).date()


def test_a_notice_is_taken_back_with_its_reason_and_may_be_sent_anew(request_, desk, now):
    charged(request_, desk, now=now)
    charging.waive(request=request_, reason="页数数错了", by=desk.handler, now=now)
    assert request_.state == "handling"
    assert charged(request_, desk, now=now, count=40).amount == 100


def test_without_a_table_nothing_is_charged(request_, desk, now, monkeypatch):
    monkeypatch.setattr(charging, "fees_of", lambda _answer: None)
    with pytest.raises(NotPossible, match="没有收费标准"):
        charged(request_, desk, now=now)


def test_by_the_forms_of_the_screen(client, cast):
    now = timezone.now()
    desk = office(cast.city, now=now)
    request = asked(cast.city, now=now)
    actions.accept(request=request, by=desk.clerk, now=now)
    client.force_login(desk.handler)
    address = reverse("console_disclosure", args=[request.pk])
    assert "规则包没有写缴费期限" in client.get(address).content.decode()
    given = {
        "act": "ask_fee", "ask_fee-version": request.version, "ask_fee-method": "by_quantity", "ask_fee-count": "12a",
        "ask_fee-before": "0", "ask_fee-how": "窗口缴纳", "ask_fee-until": local(now + 9 * DAY).date().isoformat(),
        "ask_fee-until_basis": BASIS,
    }  # fmt: skip
    wrong = client.post(address, given).content.decode()
    assert "窗口缴纳" in wrong and BASIS in wrong and not FeeNotice.objects.exists()
    page = client.post(address, {**given, "ask_fee-count": "120"}, follow=True).content.decode()
    assert "1100 元" in page and "等审核的收费通知" in page and not FeeNotice.objects.exists()
    client.force_login(desk.replier)
    request.refresh_from_db()
    page = client.post(address, {"act": "charge", "charge-version": request.version}, follow=True).content.decode()
    assert "1100 元" in page and "由本单位确定" in page and "等审核的收费通知" not in page
    client.force_login(desk.clerk)
    request.refresh_from_db()
    paid = {
        "act": "pay",
        "pay-version": request.version,
        "pay-paid_on": local(now).date().isoformat(),
        "pay-receipt": "示1",
    }
    assert "已缴" in client.post(address, paid, follow=True).content.decode()


@pytest.mark.req("DISC-02")
def test_a_second_person_agrees_before_the_notice_is_sent(request_, desk, now):
    given = {
        "request": request_, "method": "by_quantity", "count": 101, "how": "窗口缴纳", "until": local(now + 9 * DAY).date(),
        "until_basis": BASIS, "by": desk.handler, "now": now,
    }  # fmt: skip
    with pytest.raises(ValidationError, match="没有等着审核"):
        charging.charge(request=request_, by=desk.replier, now=now)
    charging.ask_fee(**given)
    assert (request_.state, FeeNotice.objects.count(), request_.steps.latest("pk").told) == ("handling", 0, False)
    assert str(request_.pk) in {todo.ref for todo in todo_for(desk.replier, now=now)}
    with pytest.raises(NotYours):
        charging.charge(request=request_, by=desk.handler, now=now)
    desk.replier.name, own = desk.handler.name, desk.replier.name
    desk.replier.save(update_fields=["name"])
    with pytest.raises(NotYours):  # the same person under another account
        charging.charge(request=request_, by=desk.replier, now=now)
    desk.replier.name = own
    desk.replier.save(update_fields=["name"])
    charging.deny_fee(request=request_, reason="页数不对", by=desk.replier, now=now)
    assert (request_.fee_asked, request_.fee_asked_by) == ({}, None)
    charging.ask_fee(**given)
    with pytest.raises(ValidationError, match="期限已过"):
        charging.charge(request=request_, by=desk.replier, now=now + 20 * DAY)
    fee = charging.charge(request=request_, by=desk.replier, now=now + DAY)
    assert (fee.charged_by, fee.approved_by, fee.amount, request_.state) == (desk.handler, desk.replier, 720, "paying")
    assert (request_.fee_asked, request_.fee_asked_by_id) == ({}, None)


def test_what_goes_on_otherwise_drops_the_draft_of_the_notice(request_, desk, now):
    charging.ask_fee(
        request=request_, method="by_quantity", count=101, how="窗口", until=local(now + 9 * DAY).date(), until_basis=BASIS,
        by=desk.handler, now=now,
    )  # fmt: skip
    handling.submit(request=request_, decision="disclosed", text="给", confirmed=True, by=desk.handler, now=now)
    assert (request_.state, request_.fee_asked, request_.fee_asked_by_id) == ("reviewing", {}, None)


def _drafted(request: Request, desk, *, now, **changed):
    charging.ask_fee(**{
        "request": request, "method": "by_quantity", "count": 101, "how": "窗口", "until": local(now + 9 * DAY).date(),
        "until_basis": BASIS, "by": desk.handler, "now": now, **changed,
    })  # fmt: skip


def test_there_is_one_draft_and_one_open_notice_at_a_time(request_, desk, now):
    _drafted(request_, desk, now=now)
    with pytest.raises(NotPossible, match="已经起草"):
        _drafted(request_, desk, now=now, count=200)
    assert request_.fee_asked["count"] == 101
    stale = Request.objects.get(pk=request_.pk)
    charging.charge(request=request_, by=desk.replier, now=now)
    with pytest.raises(ChangedMeanwhile):  # two clicks at once
        charging.charge(request=stale, by=desk.replier, now=now)
    late = now + 12 * DAY
    handling.submit(
        request=request_, decision="fee_unpaid", text="没有缴纳", confirmed=True, by=desk.handler, now=late
    )  # fmt: skip
    handling.send_back(request=request_, reason="再等等", by=desk.replier, now=late)
    with pytest.raises(NotPossible, match="没有缴"):  # the unpaid notice is still open
        _drafted(request_, desk, now=late, until=local(late + 9 * DAY).date())
    assert FeeNotice.objects.count() == 1


def test_a_draft_is_agreed_to_by_the_rules_of_the_day_it_is_sent(request_, desk, now, monkeypatch):
    rule = "20 working-days"
    table = grounds._table
    monkeypatch.setattr(grounds, "_table", lambda answer: {**table(answer), "payment": rule})
    _drafted(request_, desk, now=now, until=None, until_basis="")
    drafted = request_.fee_asked["until"]
    later = now + 7 * DAY
    rule = "someday"
    with pytest.raises(ValidationError, match="缴费期限的规定"):
        charging.charge(request=request_, by=desk.replier, now=later)
    rule = "20 working-days"
    with monkeypatch.context() as dearer:
        dearer.setattr(charging, "total", lambda _lines: 999)
        with pytest.raises(ValidationError, match="收费标准在起草以后"):
            charging.charge(request=request_, by=desk.replier, now=later)
    fee = charging.charge(request=request_, by=desk.replier, now=later)
    assert fee.until.isoformat() > drafted and not fee.own  # nobody loses days to pay by a slow review


def test_a_closed_request_sends_no_notice_and_the_applicant_never_saw_the_draft(cast, desk, now):
    receipt = dropped(cast.city, now=now)
    request = taken(receipt, now=now)
    actions.accept(request=request, by=desk.clerk, now=now)
    tickets.write_due(now=now)
    before = box().tickets.read(receipt.number, receipt.code)
    _drafted(request, desk, now=now)
    charging.deny_fee(request=request, reason="不该收费", by=desk.replier, now=now)
    _drafted(request, desk, now=now)
    assert tickets.write_due(now=now) == 0
    assert "720" not in str(tickets.told(request)) and tickets.told(request)["steps"] == before["steps"]
    stale = Request.objects.get(pk=request.pk)
    take(request=request, act=Act.WITHDRAW, actor=CITIZEN, now=now, changes={"outcome": Row.OTHER})
    assert (request.fee_asked, request.fee_asked_by_id) == ({}, None)
    with pytest.raises(ChangedMeanwhile):
        charging.charge(request=stale, by=desk.replier, now=now)
    assert not FeeNotice.objects.exists()


def test_who_asked_for_time_that_was_granted_may_agree_to_anothers_notice(request_, desk, now):
    handling.ask_time(request=request_, reason="量大", by=desk.handler, now=now)
    handling.grant_time(request=request_, by=desk.replier, now=now)
    with pytest.raises(NotPossible, match="没有人申请延长"):  # what is granted is not refused afterwards
        handling.deny_time(request=request_, reason="不", by=desk.replier, now=now)
    request_.fee_asked_by = desk.replier
    assert Who.REVIEWER not in parts_of(desk.replier, request_)
    Request.objects.filter(pk=request_.pk).update(extension_by=desk.replier)
    request_.refresh_from_db()
    assert Who.REVIEWER in parts_of(desk.replier, request_)
