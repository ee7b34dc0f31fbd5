"""Calls of a hotline, visits and paper letters: one record, one clock and one set of figures with letters of the site."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from jiyue.console.letters.acts import offers
from jiyue.domain.letters import NUMBER, code_of, number_of
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import actions, calls, handling, telling
from jiyue.interaction.accounts import channels_of, is_genuine, sums_of
from jiyue.interaction.duties import LetterSource
from jiyue.interaction.handling import duty_of
from jiyue.interaction.models import AnswerGiven, Case, CaseWord, LetterAccount, UnitFigures
from jiyue.interaction.queries import alike_to, todo_for, waiting_for
from jiyue.interaction.sealed import opened
from jiyue.interaction.stepping import NotNow, NotYours
from jiyue.interaction.tickets import write_due
from jiyue.obligations.engine import refresh
from tests.apps.interaction.test_handling import GATES
from tests.letters import PHONE, box, handled, letter, office

pytestmark = pytest.mark.django_db
AN_HOUR = timedelta(hours=1)
CENTRE = "12345政务服务便民热线"
TEXT = "梧桐里六楼晚上没有水，已经一个月。"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def rung(desk, now, **more) -> tuple[Case, str]:
    given = {
        "kind": "help", "title": "", "text": TEXT, "received_at": now - AN_HOUR, "handed_by": CENTRE, "outer_number": "GD-1",
        "sender": {"name": "样来电", "phone": PHONE}, "by": desk.clerk, **more,
    }  # fmt: skip
    return calls.register_call(site=desk.tenant.site, now=now, **given)


def approved(case: Case, desk, now) -> Case:
    handled(case, desk, now=now)
    handling.submit_reply(case=case, text="已派人修好水泵，今晚起恢复供水。", by=desk.handler, now=now)
    handling.approve_reply(case=case, gates=GATES, by=desk.replier, now=now)
    return case


def by_phone(now, **more) -> telling.Given:
    return telling.Given(**{"way": "phone", "at": now, "person": "样承办", **more})


# ---- one record ----------------------------------------------------------------------------------------------------


@pytest.mark.req("INT-21")
def test_a_call_is_a_letter_by_the_clock_of_the_call_and_its_caller_follows_it_on_the_site(desk, now):
    case, code = rung(desk, now)
    assert (case.source, case.state, case.handed_by, case.outer_number) == ("hotline", "received", CENTRE, "GD-1")
    assert (case.clock_at, case.received_at, case.recorded_at) == (now - AN_HOUR, now - AN_HOUR, now)
    assert (
        rung(desk, now, handed_by=" ", outer_number="")[0].handed_by == f"{calls.OWN_PHONE}（{desk.tenant.site.host}）"
    )
    assert re.fullmatch(r"\d{8}-\d{7}", case.number) and case.title == TEXT
    assert opened(actions.SENDER, case.number, case.sender) == {"name": "样来电", "phone": PHONE}
    assert write_due(now=now) == 2
    told = box().tickets.read(case.number, code_of(code))
    assert (told["title"], told["steps"][0]["text"]) == (TEXT, "收到您的来电")
    assert code_of(code) not in str(list(AuditEvent.objects.values_list("data", flat=True)))


@pytest.mark.req("INT-21")
def test_what_is_entered_on_a_later_day_says_so(desk, now):
    late, _code = rung(desk, now, received_at=now - timedelta(days=2))
    today, _code = rung(desk, now, outer_number="GD-2")
    assert calls.is_late_entry(late) and not calls.is_late_entry(today)


@pytest.mark.req("INT-21")
def test_a_number_of_a_call_centre_is_taken_once_and_one_page_registers_once(desk, now):
    rung(desk, now, token="a" * 32)
    for more in ({}, {"token": "a" * 32, "outer_number": ""}):
        with pytest.raises(ValidationError):
            rung(desk, now, **more)
    other, _code = rung(desk, now, handed_by="96105")
    assert Case.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=other.pk).update(handed_by=CENTRE)


@pytest.mark.req("INT-21")
def test_two_calls_without_a_number_are_two(desk, now):
    for _each in range(2):
        rung(desk, now, outer_number="")
    assert Case.objects.count() == 2


@pytest.mark.req("INT-21")
@pytest.mark.parametrize(
    ("more", "field"),
    [({"text": " "}, "text"), ({"kind": "leader_letter"}, "kind"),
     ({"source": "web"}, "source"), ({"token": "../x"}, "__all__")],
)  # fmt: skip
def test_what_cannot_be_registered_says_why(desk, now, more, field):
    with pytest.raises(ValidationError) as refused:
        rung(desk, now, **more)
    assert field in getattr(refused.value, "error_dict", {"__all__": 1})
    with pytest.raises(ValidationError):
        rung(desk, now, received_at=now + AN_HOUR)
    with pytest.raises(PermissionDenied):
        rung(desk, now, by=desk.handler)
    assert not Case.objects.exists()


@pytest.mark.req("INT-07")
def test_a_call_has_the_limit_that_its_hotline_names_where_it_is_shorter(desk, now):
    short, _code = rung(desk, now, superior_limit=" 2个工作日 ")
    long, _code = rung(desk, now, superior_limit="60日", outer_number="GD-2")
    plain, _code = rung(desk, now, outer_number="GD-3")
    assert [case.own_limit for case in (short, long, plain)] == ["2 working-days", "", ""]
    assert [case.fields.get("superior_limit") for case in (short, long, plain)] == ["2个工作日", "60日", None]
    refresh(LetterSource(), now=now)
    assert duty_of(short).act_by < duty_of(plain).act_by == duty_of(long).act_by
    for text in ("尽快", "2020-01-01", "9999-12-31"):
        with pytest.raises(ValidationError) as refused:
            rung(desk, now, superior_limit=text, outer_number="GD-4")
        assert list(refused.value.error_dict) == ["superior_limit"]
    assert Case.objects.count() == 3


@pytest.mark.req("INT-21")
def test_a_visit_has_no_number_of_anybody(desk, now):
    case, code = rung(desk, now, source="paper")
    assert (case.source, case.handed_by, case.outer_number) == ("paper", "", "")
    assert code_of(code)


@pytest.mark.req("INT-21")
def test_the_same_person_and_the_same_matter_are_shown_before_it_is_registered(desk, now):
    written = letter(desk.tenant, now=now)
    by = {"site": desk.tenant.site, "user": desk.clerk, "now": now}
    (one,) = alike_to(words="别的事", contact={"phone": PHONE.replace("-", "")}, **by)
    assert (one.case.pk, one.same_sender) == (written.pk, True)
    (two,) = alike_to(words=written.title + written.text, contact={}, **by)
    assert (two.case.pk, two.same_sender) == (written.pk, False)
    assert alike_to(words="别的事", contact={"phone": "000-1"}, **by) == []
    assert alike_to(words="别的事", contact={"phone": PHONE}, **{**by, "user": desk.replier}) == []  # sees no senders
    letter(desk.tenant, now=now, kind="report", reported="某人", naming="named", title="举报", text="举报的内容很长")
    assert [each.case.kind for each in alike_to(words="别的事", contact={"phone": PHONE}, **by)] == ["enquiry"]


# ---- a call about a letter that is there --------------------------------------------------------------------------


@pytest.mark.req("INT-21")
def test_a_call_about_a_letter_becomes_a_dated_word_of_its_sender(desk, now):
    case = handled(letter(desk.tenant, now=now), desk, now=now)
    handling.ask_sender(case=case, reason="请补充地点", by=desk.handler, now=now)
    later = now + AN_HOUR
    call = {"text": "在东门那块站牌", "handed_by": CENTRE, "outer_number": "GD-9", "by": desk.clerk, "now": later}
    calls.add_call(case=case, at=later, **call)
    word = case.words.get()
    assert (word.act, word.at, word.text, case.state) == ("call", later, "在东门那块站牌", "handling")
    step = case.steps.order_by("-pk").first()
    assert (step.act, step.told, step.by) == ("call", True, desk.clerk) and "GD-9" in step.note
    with pytest.raises(ValidationError, match="已经补充过"):
        calls.add_call(case=case, at=later, **call)
    with pytest.raises(ValidationError, match="已经补充到另一封"):
        rung(desk, later, outer_number="GD-9")
    rung(desk, later, outer_number="GD-10")
    with pytest.raises(ValidationError, match="已经登记过"):
        calls.add_call(case=case, at=later, **{**call, "outer_number": "GD-10"})
    with pytest.raises(NotYours):
        calls.add_call(case=case, at=later, **{**call, "outer_number": "", "by": desk.handler})
    assert CaseWord.objects.count() == 1


@pytest.mark.req("INT-21")
def test_nothing_is_added_to_what_is_done(desk, now):
    case = letter(desk.tenant, now=now)
    actions.return_letter(case=case, reason="不归我们管", by=desk.clerk, now=now)
    with pytest.raises(NotNow):
        calls.add_call(case=case, text="还有", at=now, by=desk.clerk, now=now)
    assert not CaseWord.objects.exists()


# ---- the result goes back by hand ---------------------------------------------------------------------------------


@pytest.mark.req("INT-21")
def test_a_caller_is_answered_when_somebody_says_that_she_was_told_the_reviewed_reply(desk, now):
    case = approved(rung(desk, now)[0], desk, now)
    later = now + AN_HOUR
    for given in (
        None, by_phone(later, way="account"), by_phone(now - AN_HOUR), by_phone(later + AN_HOUR), by_phone(later, person=" "),
        by_phone(later, way="site"),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            handling.send_reply(case=case, by=desk.handler, now=later, given=given)
    assert not AnswerGiven.objects.exists()
    handling.send_reply(case=case, by=desk.handler, now=later, given=by_phone(now + AN_HOUR / 2))
    row = AnswerGiven.objects.get()
    assert (row.way, row.at, row.person, row.by, row.recorded_at) == (
        "phone", now + AN_HOUR / 2, "样承办", desk.handler, later,
    )  # fmt: skip
    assert (case.state, case.met_at) == ("answered", later)  # not when somebody says that it was
    assert "电话回复" in case.steps.order_by("-pk").first().note


@pytest.mark.req("INT-21")
def test_before_the_review_nobody_is_told(desk, now):
    case = handled(rung(desk, now)[0], desk, now=now)
    handling.submit_reply(case=case, text="已派人修好水泵，今晚起恢复供水。", by=desk.handler, now=now)
    with pytest.raises(ValidationError, match="还没有通过审核"):
        handling.send_reply(case=case, by=desk.handler, now=now, given=by_phone(now))
    with pytest.raises(NotNow):
        telling.tell(case=case, given=by_phone(now), by=desk.handler, now=now)


@pytest.mark.req("INT-21")
def test_whoever_rang_about_a_merged_matter_is_told_its_answer_by_who_finds_it_in_the_list(desk, now):
    lead, _code = rung(desk, now)
    merged, _code = rung(desk, now, outer_number="GD-2", sender={"name": "样二", "phone": "000-55501290"})
    actions.merge(case=merged, into=lead, reason="同一件事", by=desk.clerk, now=now)
    with pytest.raises(ValidationError, match="还没有答复"):
        telling.tell(case=merged, given=by_phone(now), by=desk.handler, now=now)
    assert not any(offer.act == "tell" for offer in offers(merged, desk.handler))
    approved(lead, desk, now)
    handling.send_reply(case=lead, by=desk.handler, now=now, given=by_phone(now))
    merged.refresh_from_db()
    assert list(waiting_for(desk.handler)) == [merged] and merged not in waiting_for(desk.clerk)
    (todo,) = todo_for(desk.handler, now=now)
    assert (todo.ref, todo.what) == (str(merged.pk), "并案的信件已答复，请告知来信人")
    assert any(offer.act == "tell" for offer in offers(merged, desk.handler))
    telling.tell(case=merged, given=by_phone(now), by=desk.handler, now=now)
    assert (merged.state, merged.given.get().way) == ("merged", "phone")
    assert not waiting_for(desk.handler).exists()


@pytest.mark.req("INT-21")
def test_who_is_not_accepted_is_told_as_well(desk, now):
    case, _code = rung(desk, now)
    actions.return_letter(case=case, reason="这是法院的事", by=desk.clerk, now=now)
    telling.tell(case=case, given=by_phone(now + AN_HOUR), by=desk.clerk, now=now + AN_HOUR)
    assert case.given.get().way == "phone" and case.state == "returned"
    web = letter(desk.tenant, now=now)
    actions.return_letter(case=web, reason="这是法院的事", by=desk.clerk, now=now)
    with pytest.raises(ValidationError, match="在网站上看答复"):
        telling.tell(case=web, given=by_phone(now), by=desk.clerk, now=now)


@pytest.mark.req("INT-21")
def test_another_code_closes_the_first_and_is_not_for_who_handles_it(desk, now):
    case, first = rung(desk, now)
    handled(case, desk, now=now)
    second = calls.renew_code(case=case, by=desk.clerk, now=now)
    write_due(now=now)
    tickets = box().tickets
    assert tickets.read(case.number, code_of(first)) is None
    assert tickets.read(case.number, code_of(second))["number"] == case.number
    with pytest.raises(PermissionDenied):
        calls.renew_code(case=case, by=desk.handler, now=now)
    with pytest.raises(PermissionDenied):
        calls.renew_code(case=letter(desk.tenant, now=now), by=desk.clerk, now=now)
    assert AuditEvent.objects.filter(code="interaction.code_told").count() == 2


@pytest.mark.req("INT-21")
def test_no_letter_of_the_site_is_ever_given_the_number_of_a_call(desk, now, monkeypatch):
    monkeypatch.setattr("jiyue.interaction.actions.randbelow", lambda most: 123456 % most)
    monkeypatch.setattr("jiyue.interaction.letterbox.box.secrets.randbelow", lambda most: 123456 % most)
    case, _code = rung(desk, now)
    written = letter(desk.tenant, now=now)
    assert written.number != case.number and Case.objects.count() == 2
    assert number_of(case.number.replace("-", " ")) == case.number and NUMBER.fullmatch(case.number)


@pytest.mark.req("INT-21")
def test_a_first_code_never_opens_the_ticket_of_somebody_else(desk, now):
    case, _code = rung(desk, now)
    other = f"{now:%Y%m%d}-000001"
    Case.objects.filter(pk=case.pk).update(number=other, ticket_key="", ticket_due=False)  # as from a file, before
    tickets = box().tickets
    tickets.create(other, tickets.issue("1234567890"), {"number": other, "of": "hers"})
    with pytest.raises(ValidationError, match="另一封信"):
        calls.renew_code(case=case, by=desk.clerk, now=now)
    assert write_due(now=now) == 0 and tickets.read(other, "1234567890")["of"] == "hers"
    Case.objects.filter(pk=case.pk).update(number="20200101-000002")
    code = calls.renew_code(case=case, by=desk.clerk, now=now)
    assert tickets.read("20200101-000002", code_of(code))["number"] == "20200101-000002"


# ---- figures -------------------------------------------------------------------------------------------------------


@pytest.mark.req("INT-21")
def test_figures_know_the_channel_and_accounts_from_before_keep_their_seals(desk, now):
    rung(desk, now)
    letter(desk.tenant, now=now)
    key = desk.tenant.site.pk
    (year,) = channels_of(key).values()
    assert {name: one["received"] for name, one in year.items()} == {"hotline": 1, "web": 1}
    account = LetterAccount.objects.get(channel="web")
    account.channel = "hotline"
    assert not is_genuine(account)  # who moves a letter to another channel breaks its seal
    UnitFigures.objects.filter(desk=key).update(channels={})
    with pytest.raises(Exception, match="unit-figures"):
        sums_of(key)


# ---- screens -------------------------------------------------------------------------------------------------------


@pytest.mark.req("INT-21")
def test_the_desk_looks_registers_reads_out_and_adds(client, desk, now):
    written = letter(desk.tenant, now=now)
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    url = reverse("console_call_register", args=[desk.tenant.site.pk])
    page = client.get(url).content.decode()
    token = re.search(r'name="token" value="([0-9a-f]{32})"', page)[1]
    given = {
        "token": token, "source": "hotline", "received_at": "2020-01-01T09:00", "handed_by": CENTRE, "outer_number": "GD-1",
        "phone": PHONE, "name": "样来电", "kind": "enquiry", "text": "站牌还是看不清。", "title": "", "act": "look",
    }  # fmt: skip
    looked = client.post(url, given).content.decode()
    assert written.title in looked and "同一来信人" in looked and "站牌还是看不清。" in looked
    assert Case.objects.count() == 1
    assert AuditEvent.objects.filter(code="interaction.sender_matched").count() == 1
    early = client.post(url, {**given, "act": f"add:{written.pk}"})
    assert early.status_code == 422 and "早于这封信" in early.content.decode()
    added = {
        "received_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
        "outer_number": "GD-7",
        "act": f"add:{written.pk}",
    }
    assert client.post(url, {**given, **added}).status_code == 302
    assert written.words.get().act == "call"
    told = client.post(url, {**given, "act": "save"})
    case = Case.objects.get(source="hotline")
    assert case.number in told.content.decode() and "no-store" in told["Cache-Control"]
    again = client.post(url, {**given, "act": "save", "outer_number": ""})
    assert again.status_code == 422 and "已经登记过" in again.content.decode()
    shown = client.get(reverse("console_letter", args=[case.pk])).content.decode()
    assert "热线电话" in shown and "补录" in shown and CENTRE in shown
    inbox = client.get(reverse("console_letters"), {"tab": "all", "source": "hotline"}).content.decode()
    assert case.title in inbox and written.title not in inbox
    fresh = client.post(reverse("console_letter", args=[case.pk]), {"act": "code"}).content.decode()
    assert "新的查询码只显示这一次" in fresh


@pytest.mark.req("INT-21")
def test_the_numbers_of_a_units_own_telephone_are_its_own(cast, desk, now):
    other = office(cast.outside, now=now)
    rung(desk, now, handed_by="", outer_number="001")
    rung(other, now, handed_by="本单位电话", outer_number="001")
    with pytest.raises(ValidationError, match="已经登记过"):
        rung(desk, now, handed_by=" ", outer_number="001")
    said = {"at": now, "now": now, "handed_by": ""}
    for each in (desk, other):
        case = letter(each.tenant, now=now)
        calls.add_call(case=case, text="再说一句", outer_number="002", by=each.clerk, **said)
        with pytest.raises(ValidationError, match="已经登记过"):
            calls.add_call(case=case, text="再说一句", outer_number="001", by=each.clerk, **said)
        with pytest.raises(ValidationError, match="已经补充到"):
            rung(each, now, handed_by="", outer_number="002")


# ---- merged into what will not answer it ---------------------------------------------------------------------------


def merged_chain(desk, now):
    """A call merged into a letter, which was merged into another one."""
    lead, middle = letter(desk.tenant, now=now), letter(desk.tenant, now=now, title="站牌还是看不清")
    call = rung(desk, now)[0]
    actions.merge(case=call, into=middle, reason="同一件事", by=desk.clerk, now=now)
    middle.refresh_from_db()
    actions.merge(case=middle, into=lead, reason="同一件事", by=desk.clerk, now=now)
    call.refresh_from_db()
    return call, lead


@pytest.mark.req("INT-21")
def test_a_call_whose_lead_was_merged_again_is_told_the_answer_of_the_last(desk, now):
    call, lead = merged_chain(desk, now)
    assert call not in waiting_for(desk.handler)
    lead.refresh_from_db()
    actions.return_letter(case=lead, reason="不归我们管", by=desk.clerk, now=now)
    assert call in waiting_for(desk.handler)
    assert "detach" not in {offer.act for offer in offers(call, desk.clerk)}
    with pytest.raises(NotNow):
        actions.detach(case=call, reason="单独办", by=desk.clerk, now=now)


@pytest.mark.req("INT-21")
def test_however_deep_it_was_merged_it_is_listed(desk, now):
    call = below = rung(desk, now)[0]
    for n in range(6):
        lead = letter(desk.tenant, now=now, title=f"站牌看不清{n}")
        actions.merge(case=below, into=lead, reason="同一件事", by=desk.clerk, now=now)
        below = Case.objects.get(pk=lead.pk)
    assert call not in waiting_for(desk.clerk) and call not in waiting_for(desk.handler)
    Case.objects.filter(pk=below.pk).update(state="withdrawn")
    assert call in waiting_for(desk.clerk)
    todo = next(one for one in todo_for(desk.clerk, now=now) if one.ref == str(call.pk))
    assert todo.what == "并入的信件已撤回，请撤销并案"
    Case.objects.filter(pk=below.pk).update(state="returned")
    assert call not in waiting_for(desk.clerk) and call in waiting_for(desk.handler)


@pytest.mark.req("INT-21")
def test_a_call_whose_lead_was_withdrawn_is_listed_and_taken_out_by_the_clock_of_the_call(desk, now):
    call, lead = merged_chain(desk, now)
    Case.objects.filter(pk=lead.pk).update(state="withdrawn")
    call.refresh_from_db()
    assert call in waiting_for(desk.clerk)
    todo = next(one for one in todo_for(desk.clerk, now=now) if one.ref == str(call.pk))
    assert todo.what == "并入的信件已撤回，请撤销并案"
    assert next(offer for offer in offers(call, desk.clerk) if offer.act == "detach").unfolded
    with pytest.raises(ValidationError):
        actions.detach(case=call, reason=" ", by=desk.clerk, now=now)
    began = call.clock_at
    actions.detach(case=call, reason="并入的来信已撤回", by=desk.clerk, now=now)
    assert (call.state, call.merged_into, call.clock_at, call.ended_at) == ("received", None, began, None)
    account = LetterAccount.objects.get(case=call)
    assert (account.ended, is_genuine(account)) == (False, True)
    refresh(LetterSource(), now=now)
    duty = handling.duty_of(call)
    assert (duty.started_at, duty.ended_at) == (began, None)
    assert channels_of(desk.tenant.site.pk)[str(now.year)]["hotline"]["ended"] == 0
