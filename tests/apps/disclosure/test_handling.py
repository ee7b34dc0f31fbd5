"""What staff do with a request: who may, when, with what; and that who asked stays where it belongs."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from jiyue.disclosure import actions, handling, reporting, tickets
from jiyue.disclosure.duties import DisclosureSource
from jiyue.disclosure.exporting import written
from jiyue.disclosure.models import Consultation, Draft, KeptReport, Request
from jiyue.disclosure.policies import fetch_letter_for, fetch_request_for, visible_requests
from jiyue.disclosure.queries import earlier_of, todo_for
from jiyue.disclosure.stepping import ChangedMeanwhile, NotNow, NotYours
from jiyue.disclosure.writing import file_of
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure_report import Unbalanced
from jiyue.foundation.models import AuditEvent
from jiyue.identity.private_looks import TooManyLooks
from jiyue.obligations.actions import NotPossible
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from tests.disclosure import COMPANY, FIELDS, IDENTITY, asked, dropped, said, taken
from tests.letters import office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CREDIT = COMPANY["credit_code"]


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now - 60 * DAY)


@pytest.fixture
def request_(cast, now):
    return asked(cast.city, now=now)


def accepted(request: Request, desk, *, now) -> Request:
    actions.accept(request=request, by=desk.clerk, now=now)
    return request


def decided(request: Request, desk, *, now, decision: str = "not_held", **more: str) -> Request:
    accepted(request, desk, now=now)
    handling.submit(
        request=request,
        decision=decision,
        text="经检索没有这项信息。",
        confirmed=True,
        by=desk.handler,
        now=now,
        **more,
    )
    handling.approve(request=request, by=desk.replier, now=now)
    handling.send(request=request, by=desk.handler, now=now)
    return request


@pytest.mark.req("DISC-01")
def test_a_request_on_paper_is_registered_with_the_day_on_which_it_came(cast, desk, now):
    came = now - 3 * DAY
    request = actions.register_request(
        site=cast.city.site, fields=COMPANY, source="post", received_at=came, by=desk.clerk, now=now
    )
    assert (request.clock_at, request.applicant, request.state) == (came, "company", "received")
    assert actions.look_at_applicant(request=request, by=desk.clerk, now=now)["credit_code"] == CREDIT
    for wrong, at in (
        ({"received_at": now + DAY}, "received_at"), ({"source": "web"}, "source"),
        ({"fields": {**COMPANY, "credit_code": "91350100M000100Y44"}}, "credit_code"),
        ({"fields": {**FIELDS, "id_number": "110105194912310021"}}, "id_number"),
        ({"fields": {**FIELDS, "delivery": "post"}}, "address"), ({"fields": {**FIELDS, "phone": ""}}, "phone"),
    ):  # fmt: skip
        given = {"fields": COMPANY, "source": "post", "received_at": came, **wrong}
        with pytest.raises(ValidationError) as refusal:
            actions.register_request(site=cast.city.site, by=desk.clerk, now=now, **given)
        assert list(refusal.value.message_dict) == [at]
    with pytest.raises(PermissionDenied):
        actions.register_request(
            site=cast.city.site, fields=COMPANY, source="post", received_at=came, by=cast.outside.editor, now=now
        )


def test_no_step_is_anybody_elses_or_out_of_its_time(request_, desk, now):
    with pytest.raises(NotNow):
        handling.submit(request=request_, decision="disclosed", text="给", confirmed=True, by=desk.handler, now=now)
    with pytest.raises(NotYours):
        actions.accept(request=request_, by=desk.handler, now=now)
    stale = Request.objects.get(pk=request_.pk)
    accepted(request_, desk, now=now)
    with pytest.raises(ChangedMeanwhile):
        handling.ask_time(request=stale, reason="忙", by=desk.handler, now=now)
    with pytest.raises(NotPossible):
        handling.grant_time(request=request_, by=desk.replier, now=now)


def test_who_writes_does_not_review(request_, desk, now):
    accepted(request_, desk, now=now)
    handling.submit(request=request_, decision="not_held", text="没有", confirmed=True, by=desk.handler, now=now)
    for person in (desk.handler, desk.clerk):
        with pytest.raises(NotYours):
            handling.approve(request=request_, by=person, now=now)
    desk.replier.name = desk.handler.name
    desk.replier.save(update_fields=["name"])
    with pytest.raises(NotYours):
        handling.approve(request=request_, by=desk.replier, now=now)


def test_a_draft_that_is_sent_back_says_why_and_stays(request_, desk, now):
    accepted(request_, desk, now=now)
    handling.submit(request=request_, decision="not_held", text="没有", confirmed=True, by=desk.handler, now=now)
    with pytest.raises(ValidationError, match="原因"):
        handling.send_back(request=request_, reason=" ", by=desk.replier, now=now)
    handling.send_back(request=request_, reason="没有写检索过哪里", by=desk.replier, now=now)
    handling.submit(request=request_, decision="not_held", text="查过档案库", confirmed=True, by=desk.handler, now=now)
    assert [row.state for row in Draft.objects.all()] == ["returned", "submitted"]


@pytest.mark.parametrize(("given", "field"), [
    ({"decision": "nothing"}, "decision"), ({"decision": "not_corrected"}, "decision"), ({"text": " "}, "text"),
    ({"decision": "already_public"}, "place"), ({"decision": "still_unclear"}, "decision"), ({"confirmed": False}, "confirmed"),
])  # fmt: skip
def test_a_decision_must_say_what_the_regulation_asks(request_, desk, now, given, field):
    accepted(request_, desk, now=now)
    words = {"decision": "to_be_made", "text": "没有现成的", "confirmed": True, **given}
    with pytest.raises(ValidationError) as refusal:
        handling.submit(request=request_, by=desk.handler, now=now, **words)
    assert list(refusal.value.message_dict) == [field]
    request_.refresh_from_db()
    assert request_.state == "handling"


def test_a_correction_is_asked_for_once_and_not_before_its_time_given_up(request_, desk, now):
    until = local(now + 10 * DAY).date()
    with pytest.raises(ValidationError, match="今天以后"):
        actions.notify_correction(request=request_, reason="写明年份", until=local(now).date(), by=desk.clerk, now=now)
    letter = actions.notify_correction(request=request_, reason="写明年份", until=until, by=desk.clerk, now=now)
    assert "写明年份" in letter.content["lines"]
    with pytest.raises(ValidationError, match="还没有过"):
        actions.lapse(request=request_, reason="没有补正", by=desk.clerk, now=now + 5 * DAY)
    with pytest.raises(ValidationError, match="早于"):
        actions.take_correction(request=request_, text="2025年", arrived_at=now - DAY, by=desk.clerk, now=now + DAY)
    actions.take_correction(request=request_, text="2025年", arrived_at=now + DAY, by=desk.clerk, now=now + 2 * DAY)
    assert (request_.clock_at, request_.received_at) == (now + DAY, now)
    with pytest.raises(NotNow, match="一次"):
        actions.notify_correction(request=request_, reason="还要", until=until, by=desk.clerk, now=now + 2 * DAY)


def test_a_request_that_nobody_corrects_is_given_up_and_counted_so(request_, desk, now):
    until = local(now + 10 * DAY).date()
    actions.notify_correction(request=request_, reason="写明年份", until=until, by=desk.clerk, now=now)
    later = now + 12 * DAY
    assert [todo.ref for todo in todo_for(desk.clerk, now=later)] == [str(request_.pk)]
    actions.lapse(request=request_, reason="没有补正", by=desk.clerk, now=later)
    assert (request_.state, request_.outcome) == ("decided", "not_corrected")
    tables = reporting.tables_of(request_.desk, local(later).year)
    assert tables.three.imbalances() == []
    assert tables.three.figure("row:not_corrected", "natural") == 1


def test_silence_of_those_consulted_ends_the_standstill_at_their_limit(request_, desk, now):
    accepted(request_, desk, now=now)
    row = handling.consult(
        request=request_, kind="other_body", party="例局", question="同意吗", asked_at=now, by=desk.handler, now=now
    )
    with pytest.raises(ValidationError, match="还没有过"):
        handling.record_opinion(
            consultation=row, stance="silent", opinion="", answered_at=now, by=desk.handler, now=now + DAY
        )
    late = row.due_at + 20 * DAY
    handling.record_opinion(consultation=row, stance="silent", opinion="", answered_at=late, by=desk.handler, now=late)
    refresh(DisclosureSource(), now=late)
    duty = Obligation.objects.get(parameter="disclosure-request.reply")
    assert duty.stops == ((local(now).date(), local(row.due_at).date()),)
    assert request_.consultations.get().stance == Consultation.Stance.SILENT


def test_after_its_limit_a_request_is_not_saved_by_a_consultation(cast, desk, now):
    request = accepted(asked(cast.city, now=now - 50 * DAY), desk, now=now - 49 * DAY)
    refresh(DisclosureSource(), now=now)
    before = Obligation.objects.get(parameter="disclosure-request.reply").act_by
    handling.consult(
        request=request, kind="third_party", party="例公司", question="同意吗", asked_at=now, by=desk.handler, now=now
    )
    refresh(DisclosureSource(), now=now)
    assert Obligation.objects.get(parameter="disclosure-request.reply").act_by == before < now


def test_an_extension_is_another_persons_to_grant_and_only_once(request_, desk, now):
    accepted(request_, desk, now=now)
    handling.ask_time(request=request_, reason="材料多", by=desk.handler, now=now)
    with pytest.raises(NotYours):
        handling.grant_time(request=request_, by=desk.handler, now=now)
    handling.deny_time(request=request_, reason="材料不多", by=desk.replier, now=now)
    handling.ask_time(request=request_, reason="确实多", by=desk.handler, now=now)
    handling.grant_time(request=request_, by=desk.replier, now=now)
    with pytest.raises(NotPossible):
        handling.ask_time(request=request_, reason="还是多", by=desk.handler, now=now)
    assert Obligation.objects.get(parameter="disclosure-request.reply").second_step_at == now


def test_the_applicant_withdraws_and_is_told_when_it_is_too_late(cast, desk, now):
    receipt = dropped(cast.city, now=now)
    request = taken(receipt, now=now)
    tickets.write_due(now=now)
    said(request, receipt, "withdraw", now=now + DAY, text="")
    assert (request.state, request.outcome) == ("withdrawn", "other")
    tickets.write_due(now=now + DAY)
    said(request, receipt, "supplement", now=now + 2 * DAY, text="再补充一点材料")
    assert request.words.last().refused


def test_repeated_requests_of_one_applicant_are_hinted_at(cast, desk, now):
    first, second = asked(cast.city, now=now), asked(cast.city, now=now + DAY)
    asked(cast.city, now=now, **{**COMPANY, "id_kind": "", "id_number": ""})
    assert earlier_of(second, desk.clerk) == [first]


@pytest.mark.req("DISC-02")
def test_delivery_and_remedies_are_recorded_with_their_days(request_, desk, now):
    decided(request_, desk, now=now)
    today = local(now).date()
    with pytest.raises(ValidationError, match="之间"):
        actions.deliver(request=request_, means="post", on=today + DAY, note="", by=desk.clerk, now=now)
    actions.deliver(request=request_, means="hotline", on=today, note="", by=desk.clerk, now=now)
    contest = actions.contest(
        request=request_, remedy="suit", body="例法院", begun_on=today, by=desk.clerk, now=now + DAY
    )
    assert reporting.tables_of(request_.desk, today.year).fifteen()["suit"]["pending"] == 1
    with pytest.raises(ValidationError, match="之间"):
        actions.settle_contest(contest=contest, verdict="upheld", ended_on=today - DAY, by=desk.clerk, now=now + DAY)
    actions.settle_contest(contest=contest, verdict="corrected", ended_on=today, by=desk.clerk, now=now + DAY)
    with pytest.raises(ChangedMeanwhile):
        actions.settle_contest(contest=contest, verdict="upheld", ended_on=today, by=desk.clerk, now=now + DAY)
    assert reporting.tables_of(request_.desk, today.year).fifteen()["suit"]["corrected"] == 1


def test_a_foreign_unit_sees_nothing_of_a_request(cast, request_, desk, now):
    foreign = office(cast.outside, now=now)
    decided(request_, desk, now=now)
    letter = request_.letters.get()
    for person in (foreign.clerk, foreign.handler, foreign.replier, cast.city.editor, cast.operator):
        assert not visible_requests(person).exists()
        with pytest.raises(Http404):
            fetch_request_for(person, request_.pk)
        with pytest.raises(Http404):
            fetch_letter_for(person, letter.pk)
        with pytest.raises(PermissionDenied):
            actions.look_at_applicant(request=request_, by=person, now=now)


def test_a_supervisor_reads_requests_but_not_who_asked(cast, request_, desk, now, client):
    with pytest.raises(PermissionDenied):
        actions.look_at_applicant(request=request_, by=cast.supervisor, now=now)
    assert fetch_request_for(cast.supervisor, request_.pk) == request_


def test_who_asked_lies_nowhere_but_under_its_seal(cast, desk, now, caplog, client):
    caplog.set_level(logging.DEBUG)
    request = decided(asked(cast.city, now=now), desk, now=now)
    refresh(DisclosureSource(), now=now)
    tickets.write_due(now=now)
    actions.look_at_applicant(request=request, by=desk.clerk, now=now)
    client.force_login(desk.clerk)
    screens = [
        client.get(reverse("console_disclosures") + "?tab=all"), client.get(reverse("console_disclosure", args=[request.pk])),
        client.get(reverse("console_disclosure_report")), client.get("/"),
    ]  # fmt: skip
    said_ = "".join(screen.content.decode() for screen in screens if screen.status_code == 200)
    trail = json.dumps(list(AuditEvent.objects.values()), default=str, ensure_ascii=False)
    duties = json.dumps(list(Obligation.objects.values("title", "subject")), ensure_ascii=False)
    tables = reporting.tables_of(request.desk, local(now).year)
    files = b"".join(written(tables, form) for form in ("json", "xlsx", "docx")).decode("latin-1")
    for where in (said_, trail, duties, files, caplog.text, _whole_database()):
        assert IDENTITY not in where
        assert FIELDS["name"] not in where
    assert "disclosure.applicant_seen" in trail
    shown = client.post(reverse("console_disclosure", args=[request.pk]), {"act": "applicant"}).content.decode()
    assert IDENTITY in shown


def test_a_letter_names_its_addressee_in_both_files(request_, desk, now):
    decided(request_, desk, now=now)
    letter = request_.letters.get()
    assert file_of(letter, "pdf").startswith(b"%PDF")
    assert file_of(letter, "docx") == file_of(letter, "docx")
    with pytest.raises(PermissionDenied):
        actions.take_letter(letter=letter, form="pdf", by=desk.tenant.editor, now=now)
    actions.take_letter(letter=letter, form="pdf", by=desk.clerk, now=now)
    assert AuditEvent.objects.filter(code="disclosure.letter_taken").exists()


@pytest.mark.req("DISC-03")
def test_a_report_that_does_not_balance_is_refused_with_the_difference(cast, desk, now):
    year = local(now).year
    asked(cast.city, now=datetime(year - 1, 12, 20, tzinfo=UTC))
    reporting.keep_report(site=cast.city.site, year=year - 1, by=desk.clerk, now=now)
    assert reporting.tables_of(cast.city.site, year).three.imbalances() == []
    # a letter of December that the post brought to light after the report was stated
    actions.register_request(
        site=cast.city.site, fields=COMPANY, source="post", received_at=datetime(year - 1, 12, 30, tzinfo=UTC),
        by=desk.clerk, now=now,
    )  # fmt: skip
    tables = reporting.tables_of(cast.city.site, year)
    with pytest.raises(Unbalanced) as refusal:
        written(tables, "json")
    told = reporting.sentence(refusal.value)
    assert "商业企业：新收加上年结转 0 件，办结加结转下年度 1 件，相差 1 件" in told
    assert "总计：新收加上年结转 1 件，办结加结转下年度 2 件，相差 1 件" in told
    assert "自然人" not in told


def test_a_year_is_stated_when_it_is_over_and_once(cast, desk, now):
    year = local(now).year
    with pytest.raises(ValidationError, match="没有过完"):
        reporting.keep_report(site=cast.city.site, year=year, by=desk.clerk, now=now)
    with pytest.raises(PermissionDenied):
        reporting.keep_report(site=cast.city.site, year=year - 1, by=cast.outside.editor, now=now)
    reporting.keep_report(site=cast.city.site, year=year - 1, by=desk.clerk, now=now)
    with pytest.raises(ValidationError, match="已经确认过"):
        reporting.keep_report(site=cast.city.site, year=year - 1, by=desk.clerk, now=now)
    assert KeptReport.objects.count() == 1


def _whole_database() -> str:
    """Every value of every table, as a copy of the database would give them to a stranger."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'select * from "{table}"')  # noqa: S608 - names from the database itself
            found.append(repr(cursor.fetchall()))
    return "".join(found)


@pytest.mark.req("SECU-22")
def test_letters_that_name_applicants_are_taken_within_the_limit_of_looks(request_, cast, desk, now, settings, client):
    settings.JIYUE_CONTACTS_AN_HOUR = 1
    letters = [decided(each, desk, now=now).letters.get() for each in (request_, asked(cast.city, now=now))]
    for form in ("pdf", "docx"):  # the same applicant again is one look
        actions.take_letter(letter=letters[0], form=form, by=desk.clerk, now=timezone.now())
    for act in (
        lambda at: actions.take_letter(letter=letters[1], form="docx", by=desk.clerk, now=at),
        lambda at: actions.look_at_applicant(request=letters[1].request, by=desk.clerk, now=at),
    ):
        with pytest.raises(TooManyLooks):
            act(timezone.now())
    client.force_login(desk.clerk)
    answer = client.get(reverse("console_disclosure_docx", args=[letters[1].pk]), follow=True)
    assert answer.redirect_chain and "达到上限" in answer.content.decode()
