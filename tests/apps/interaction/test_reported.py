"""举报: kept from the reported unit and from everybody who does not deal with it, never public, every look traced."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from jiyue.foundation.models import AuditEvent
from jiyue.identity.models import Organisation
from jiyue.interaction import actions, bulk, handling, publicity, reported
from jiyue.interaction.handling import duty_of
from jiyue.interaction.models import Case
from jiyue.interaction.policies import fetch_case_for, may_see_sender, visible_cases
from jiyue.interaction.public_queries import public_waiting
from jiyue.interaction.queries import earlier_answers
from jiyue.interaction.receiving import empty_box
from jiyue.interaction.stepping import NotNow, NotYours
from jiyue.interaction.tickets import told, write_due
from tests.apps.interaction.test_handling import bureau, under  # noqa: F401  # a fixture
from tests.letters import answered, dropped, letter, office, word

pytestmark = pytest.mark.django_db
GATES = ["policy", "legal", "wording"]
HOUR = timedelta(hours=1)
TEXT = {
    "title": "有人虚报工程量",
    "reported": "澄湖市城市管理局",
    "happened": "今年九月",
    "public": "",
    "naming": "named",
}


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def report(tenant, *, now, **fields) -> Case:
    return letter(tenant, now=now, kind="report", **{**TEXT, **fields})


def identified(case, desk, unit, *, now):
    reported.identify(case=case, accused=unit, reason="来信写明了单位全称", by=desk.clerk, now=now)
    return case


@pytest.mark.req("INT-03")
def test_a_report_goes_its_way_by_the_clock_of_the_pack(cast, desk, bureau, now):  # noqa: F811
    under(cast, "hebi", now=now)
    case = report(cast.city, now=now)
    assert case.fields == {"reported": "澄湖市城市管理局", "happened": "今年九月", "naming": "named"}
    identified(case, desk, bureau.tenant.organisation, now=now)
    answered(case, desk, now=now, text="经核查，反映的情况部分属实，已移送处理。")
    write_due(now=now)
    assert duty_of(case) is None
    assert [step.act for step in case.steps.order_by("pk")][:3] == ["receive", "identify", "accept"]
    said = told(case)
    assert (said["kind"], said["state"], said["may"]) == ("report", "answered", ["rate", "dispute", "reopen"])
    assert "来信写明了单位全称" not in str(said)


def test_nobody_accepts_a_report_before_it_is_said_whom_it_is_about(cast, desk, now):
    case = report(cast.city, now=now)
    with pytest.raises(ValidationError, match="请先核定被举报的是哪个单位"):
        actions.accept(case=case, by=desk.clerk, now=now)
    with pytest.raises(ValidationError, match="请写明原因"):
        reported.identify(case=case, accused=None, reason=" ", by=desk.clerk, now=now)
    with pytest.raises(NotYours):
        reported.identify(case=case, accused=None, reason="不详", by=desk.handler, now=now)
    with pytest.raises(ValidationError, match="同级政府或者所属"):
        foreign = Organisation.objects.exclude(lineage__contains=f"/{cast.city.organisation.pk}/").first()
        reported.identify(case=case, accused=foreign, reason="不详", by=desk.clerk, now=now)
    identified(case, desk, None, now=now)
    actions.accept(case=case, by=desk.clerk, now=now)
    assert (case.state, case.accused) == ("accepted", None)


def test_the_reported_unit_is_given_nothing_of_it(cast, desk, bureau, now):  # noqa: F811
    case = identified(report(cast.city, now=now), desk, bureau.tenant.organisation, now=now)
    with pytest.raises(ValidationError, match="不能交给被举报的单位"):
        actions.transfer(case=case, desk=bureau.tenant.site, reason="属地办理", by=desk.clerk, now=now)
    actions.accept(case=case, by=desk.clerk, now=now)
    with pytest.raises(ValidationError, match="不能交给被举报的单位"):
        actions.assign(case=case, desk=bureau.tenant.site, by=desk.clerk, now=now)
    desk.handler.organisation = bureau.tenant.organisation
    desk.handler.save(update_fields=["organisation"])
    with pytest.raises(ValidationError, match="不能由被举报单位的人办理"):
        actions.assign(case=case, desk=case.site, handler=desk.handler, by=desk.clerk, now=now)
    desk.handler.organisation = cast.city.organisation
    desk.handler.save(update_fields=["organisation"])
    actions.assign(case=case, desk=case.site, handler=desk.handler, by=desk.clerk, now=now)
    with pytest.raises(ValidationError, match="不能交给被举报的单位"):
        handling.ask_help(case=case, helper=bureau.tenant.site, question="说明情况", by=desk.handler, now=now)


def test_a_report_written_on_the_site_of_a_unit_never_reaches_that_unit(cast, desk, bureau, now):  # noqa: F811
    case = report(bureau.tenant, now=now)
    assert (case.site, case.desk) == (bureau.tenant.site, cast.city.site)
    for person in (bureau.clerk, bureau.handler, bureau.replier):
        assert not visible_cases(person).filter(pk=case.pk).exists()
        with pytest.raises(Http404):
            fetch_case_for(person, case.pk)
    identified(case, desk, bureau.tenant.organisation, now=now)
    assert fetch_case_for(desk.clerk, case.pk) == case


def test_people_of_the_reported_unit_are_kept_out_wherever_they_serve(cast, desk, bureau, now):  # noqa: F811
    case = report(cast.city, now=now)
    actions_desk = office(cast.city, now=now, prefix="second")
    actions_desk.clerk.organisation = bureau.tenant.organisation
    actions_desk.clerk.save(update_fields=["organisation"])
    assert visible_cases(actions_desk.clerk).filter(pk=case.pk).exists()
    identified(case, desk, bureau.tenant.organisation, now=now)
    assert not visible_cases(actions_desk.clerk).filter(pk=case.pk).exists()
    with pytest.raises(NotYours):
        actions.accept(case=case, by=actions_desk.clerk, now=now)


def test_where_no_other_desk_is_there_it_is_declined_with_the_way_to_go(cast, desk, now):
    case = report(cast.city, now=now)
    with pytest.raises(ValidationError, match="应当向哪个上级机关举报"):
        identified(case, desk, cast.city.organisation, now=now)
    actions.return_letter(case=case, reason="请向省人民政府办公厅举报。", by=desk.clerk, now=now)
    assert told(case)["steps"][-1]["why"] == "请向省人民政府办公厅举报。"


def test_only_who_handles_it_sees_who_reported_and_each_look_is_traced(cast, desk, now):
    case = identified(report(cast.city, now=now), desk, None, now=now)
    assert may_see_sender(desk.clerk, case)
    assert not visible_cases(desk.handler).filter(pk=case.pk).exists()
    actions.accept(case=case, by=desk.clerk, now=now)
    actions.assign(case=case, desk=case.site, handler=desk.handler, by=desk.clerk, now=now)
    with pytest.raises(PermissionDenied):
        actions.look_at_sender(case=case, by=desk.clerk, now=now)
    assert actions.look_at_sender(case=case, by=desk.handler, now=now)["name"] == "样来信"
    looks = AuditEvent.objects.filter(code="interaction.sender_seen", subject=f"letter:{case.pk}")
    assert looks.count() == 1
    assert "样来信" not in str(list(looks.values()))
    assert not visible_cases(desk.replier).filter(pk=case.pk).exists()  # nothing to review yet
    handling.submit_reply(case=case, text="正在核查，结果会告诉您。", by=desk.handler, now=now)
    assert visible_cases(desk.replier).filter(pk=case.pk).exists()
    with pytest.raises(PermissionDenied):
        actions.look_at_sender(case=case, by=desk.replier, now=now)


def test_an_anonymous_report_keeps_nothing_of_who_wrote_it(cast, desk, now):
    receipt = dropped(cast.city, now=now, kind="report", **{**TEXT, "naming": "anonymous"}, email="a@example.invalid")
    empty_box(now=now)
    case = Case.objects.get(number=receipt.number)
    assert (case.sender, case.sender_mark) == ("", "")
    assert "样来信" not in str(case.fields)
    identified(case, desk, None, now=now)
    word(case, receipt, "supplement", now=now + HOUR, text="再补充一张单据的日期。")
    assert case.words.get().text == "再补充一张单据的日期。"


def test_a_report_is_never_public_nor_shared_with_another_letter(cast, desk, now):
    case = identified(report(cast.city, now=now), desk, None, now=now)
    other = letter(cast.city, now=now)
    with pytest.raises(NotNow):
        actions.merge(case=case, into=other, reason="同一件事", by=desk.clerk, now=now)
    with pytest.raises(ValidationError, match="举报"):
        actions.merge(case=other, into=case, reason="同一件事", by=desk.clerk, now=now)
    answered(case, desk, now=now)
    for person in (desk.clerk, desk.handler):
        assert not public_waiting(person).exists()
        with pytest.raises(NotNow, match="举报一律不公开"):
            publicity.prepare(case=case, column=None, title="题", question="问", answer="答", by=person, now=now)
        with pytest.raises(NotNow, match="举报一律不公开"):
            publicity.propose_withholding(case=case, ground="secret", grounds="举报", by=person, now=now)


def test_the_screen_names_the_reported_unit_and_every_opening_is_in_the_trail(cast, desk, bureau, sign_in, now):  # noqa: F811
    case = report(cast.city, now=now)
    client = sign_in(desk.clerk)
    page = client.get(reverse("console_letter", args=[case.pk])).content.decode()
    assert "澄湖市城市管理局" in page
    assert 'value="identify"' in page
    assert 'value="accept"' not in page
    sent = {
        "act": "identify", "identify-version": case.version, "identify-accused": bureau.tenant.organisation.pk,
        "identify-reason": "写明了全称",
    }  # fmt: skip
    assert client.post(reverse("console_letter", args=[case.pk]), sent).status_code == 302
    page = client.get(reverse("console_letter", args=[case.pk])).content.decode()
    assert 'value="accept"' in page
    assert "核定的被举报单位" in page
    client.get(reverse("console_letter_print", args=[case.pk]))
    assert AuditEvent.objects.filter(code="interaction.report_opened", subject=f"letter:{case.pk}").count() == 3
    client = sign_in(bureau.clerk)
    assert case.title not in client.get(reverse("console_letters") + "?tab=all").content.decode()
    assert client.get(reverse("console_letter", args=[case.pk])).status_code == 404


@pytest.mark.req("INT-03")
def test_a_report_leaves_in_no_table_and_stands_beside_no_other(cast, desk, bureau, client, now):  # noqa: F811
    first, second = (report(cast.city, now=now + n * HOUR) for n in range(2))
    enquiry = letter(cast.city, now=now, title="有人虚报工程量怎么反映")
    identified(first, desk, bureau.tenant.organisation, now=now)
    answered(first, desk, now=now, text="经核查，反映的情况部分属实，已移送处理。")
    assert earlier_answers(second, desk.clerk) == []
    assert bulk.export(cases=[first, second, enquiry], by=desk.clerk, now=now) == [enquiry]
    client.force_login(desk.clerk)
    asked = {"act": "export", "letter": [first.pk, second.pk]}
    said = client.get(reverse("console_letters_bulk"), asked, HTTP_HOST="testserver").content.decode()
    assert "举报不导出到表格" in said
    assert first.number not in said
