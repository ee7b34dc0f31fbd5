"""What staff do with a letter: each act by whom it is for, in its time, with its reason, and by the clock of the pack."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from jiyue.domain.deadlines import local
from jiyue.estate.actions import save_site
from jiyue.estate.models import Block, Site
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import actions, handling
from jiyue.interaction.duties import LetterSource
from jiyue.interaction.handling import duty_of, gates_for, levels_for
from jiyue.interaction.models import Case, Help, Reply
from jiyue.interaction.policies import desks_of, fetch_case_for, levels_above, visible_cases
from jiyue.interaction.stepping import ChangedMeanwhile, NotNow, NotYours
from jiyue.interaction.tickets import told, write_due
from jiyue.obligations.actions import NotPossible
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from tests.apps.rules.decisions import assigned, overseers
from tests.cast import TEST, Tenant, organisation
from tests.letters import PHONE, answered, dropped, handled, letter, office, word

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
GATES = ["policy", "legal", "wording"]


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


@pytest.fixture
def case(cast, now):
    return letter(cast.city, now=now)


@pytest.fixture
def bureau(cast, now):
    """A department of the same government with a site of its own, and its letter people."""
    unit = organisation(
        "澄湖市城市管理局", "990100777", "city", superior=cast.city.organisation, kind="department", now=now
    )
    site = Site(
        name=unit.name, kind=Site.Kind.DEPARTMENT, host="cgj.chenghu.localhost", owner=unit, blocks=list(Block.values),
        identification_code="9901000077", contact="000-12345",
    )  # fmt: skip
    save_site(site=site, by=TEST, now=now)
    return office(Tenant(site=site, organisation=unit, columns={}, people={}), now=now, prefix="cg")


def under(cast, pack: str, *, now) -> None:
    """The city goes by this pack from today on."""
    assigned(cast.city.organisation, pack, local(now).date(), overseers(None, now=now), now=now)


@pytest.mark.req("INT-03")
def test_a_letter_goes_through_every_step_to_its_answer(case, desk, now):
    answered(case, desk, now=now)
    assert case.state == "answered"
    assert [step.act for step in case.steps.order_by("pk")] == [
        "receive", "accept", "assign", "draft", "submit", "approve", "send",
    ]  # fmt: skip
    assert all(step.at for step in case.steps.all())
    reply = Reply.objects.get()
    assert (reply.state, reply.drafted_by, reply.reviewed_by, reply.gates) == (
        "sent",
        desk.handler,
        desk.replier,
        GATES,
    )
    trail = AuditEvent.objects.filter(code="interaction.stepped", subject=f"letter:{case.pk}")
    assert trail.count() == case.steps.count()


@pytest.mark.req("INT-03")
def test_no_step_can_be_left_out(case, desk, now):
    for act in (
        lambda: actions.assign(case=case, desk=case.site, by=desk.clerk, now=now),
        lambda: handling.save_draft(case=case, text="答复", by=desk.handler, now=now),
        lambda: actions.close(case=case, by=desk.clerk, now=now),
    ):
        with pytest.raises(NotNow):
            act()
    handled(case, desk, now=now)
    with pytest.raises(ValidationError, match="还没有答复稿"):
        handling.send_reply(case=case, by=desk.handler, now=now)
    handling.submit_reply(case=case, text="答复内容", by=desk.handler, now=now)
    with pytest.raises(ValidationError, match="还没有通过审核"):
        handling.send_reply(case=case, by=desk.handler, now=now)


def test_who_writes_does_not_review_and_who_reviews_does_not_write(case, desk, now):
    handled(case, desk, now=now)
    with pytest.raises(NotYours):
        handling.save_draft(case=case, text="答复", by=desk.replier, now=now)
    handling.submit_reply(case=case, text="答复内容", by=desk.handler, now=now)
    for person in (desk.handler, desk.clerk):
        with pytest.raises(NotYours):
            handling.approve_reply(case=case, gates=GATES, by=person, now=now)


def test_the_same_person_under_another_account_does_not_review_either(case, desk, now):
    desk.replier.name = desk.handler.name
    desk.replier.save(update_fields=["name"])
    handled(case, desk, now=now)
    handling.submit_reply(case=case, text="答复内容", by=desk.handler, now=now)
    with pytest.raises(NotYours):
        handling.approve_reply(case=case, gates=GATES, by=desk.replier, now=now)


@pytest.mark.req("INT-09")
def test_the_gates_that_the_pack_asks_for_are_each_confirmed(cast, case, desk, now):
    assert gates_for(case) == []
    under(cast, "xiangxi", now=now)
    assert gates_for(case) == GATES
    handled(case, desk, now=now)
    handling.submit_reply(case=case, text="答复内容", by=desk.handler, now=now)
    with pytest.raises(ValidationError) as refusal:
        handling.approve_reply(case=case, gates=["policy"], by=desk.replier, now=now)
    assert refusal.value.message_dict == {"gates": ["请逐项确认后再通过"]}
    handling.approve_reply(case=case, gates=GATES, by=desk.replier, now=now)
    assert case.state == "ready"


def test_a_reply_sent_back_says_why_and_is_written_anew(case, desk, now):
    handled(case, desk, now=now)
    handling.submit_reply(case=case, text="收到，谢谢。", by=desk.handler, now=now)
    with pytest.raises(ValidationError) as refusal:
        handling.send_back_reply(case=case, reason=" ", by=desk.replier, now=now)
    assert refusal.value.message_dict == {"reason": ["请写明原因"]}
    handling.send_back_reply(case=case, reason="没有回答什么时候能修", by=desk.replier, now=now)
    handling.submit_reply(case=case, text="本周五前修好。", by=desk.handler, now=now)
    assert [(row.state, row.text) for row in Reply.objects.order_by("pk")] == [
        ("returned", "收到，谢谢。"), ("submitted", "本周五前修好。"),
    ]  # fmt: skip


def test_two_people_at_once_do_not_overwrite_each_other(case, desk, now):
    seen = Case.objects.get(pk=case.pk)
    actions.accept(case=case, by=desk.clerk, now=now)
    with pytest.raises(ChangedMeanwhile):
        actions.return_letter(case=seen, reason="不属于本单位", by=desk.clerk, now=now)


@pytest.mark.req("INT-08")
def test_the_unit_asked_first_goes_on_seeing_what_it_handed_over(cast, case, desk, bureau, now):
    actions.accept(case=case, by=desk.clerk, now=now)
    actions.assign(case=case, desk=bureau.tenant.site, handler=bureau.handler, by=desk.clerk, now=now)
    assert (case.desk, case.handler) == (bureau.tenant.site, bureau.handler)
    assert fetch_case_for(desk.clerk, case.pk) == fetch_case_for(bureau.handler, case.pk) == case
    actions.transfer(case=case, desk=cast.city.site, reason="站牌由公交公司管理", by=bureau.clerk, now=now)
    assert (case.desk, case.handler, case.state, case.clock_at) == (cast.city.site, None, "accepted", now)
    with pytest.raises(Http404):
        fetch_case_for(bureau.handler, case.pk)


@pytest.mark.req("INT-08")
def test_several_units_join_in_one_reply(case, desk, bureau, now):
    handled(case, desk, now=now)
    handling.ask_help(case=case, helper=bureau.tenant.site, question="站牌照明由谁维护？", by=desk.handler, now=now)
    asked = Help.objects.get()
    with pytest.raises(NotYours):
        handling.give_opinion(help=asked, opinion="我来答", by=desk.handler, now=now)
    handling.give_opinion(help=asked, opinion="由我局路灯所维护，周五前修好。", by=bureau.handler, now=now)
    asked.refresh_from_db()
    assert (asked.opinion, asked.answered_by) == ("由我局路灯所维护，周五前修好。", bureau.handler)
    assert fetch_case_for(bureau.handler, case.pk) == case


def test_a_letter_leaves_its_group_on_no_way(cast, case, desk, now):
    foreign = cast.outside.site
    assert foreign not in desks_of(case.site)
    actions.accept(case=case, by=desk.clerk, now=now)
    with pytest.raises(ValidationError):
        actions.assign(case=case, desk=foreign, by=desk.clerk, now=now)
    with pytest.raises(ValidationError):
        actions.transfer(case=case, desk=foreign, reason="不归我管", by=desk.clerk, now=now)
    other = office(cast.outside, now=now)
    for person in (other.clerk, other.handler, other.replier, cast.city.editor, cast.city.final, cast.operator):
        assert not visible_cases(person).exists()
    assert visible_cases(cast.supervisor).get() == case


def test_names_and_numbers_are_for_who_handles_it_and_each_look_is_traced(cast, case, desk, now):
    for person in (cast.supervisor, desk.replier, cast.city.editor):
        with pytest.raises(PermissionDenied):
            actions.look_at_sender(case=case, by=person, now=now)
    assert actions.look_at_sender(case=case, by=desk.clerk, now=now)["phone"] == PHONE
    event = AuditEvent.objects.get(code="interaction.sender_seen")
    assert (event.actor_key, event.subject) == (f"user:{desk.clerk.pk}", f"letter:{case.pk}")


def test_a_returned_letter_says_why_and_may_be_objected_to(cast, desk, now):
    receipt = dropped(cast.city, now=now)
    case = letter(cast.city, now=now)
    case = Case.objects.get(number=receipt.number)
    actions.return_letter(case=case, reason="属于法院受理的事项，请向法院提出", by=desk.clerk, now=now)
    assert told(case)["steps"][-1]["why"] == "属于法院受理的事项，请向法院提出"
    word(case, receipt, "dispute", now=now + HOUR, text="法院说不归他们管。")
    assert (case.state, case.met_at) == ("received", None)


def test_a_duplicate_is_answered_with_the_letter_it_was_merged_into(cast, case, desk, now):
    receipt = dropped(cast.city, now=now)
    same = letter(cast.city, now=now, title="另一封")
    same = Case.objects.get(number=receipt.number)
    actions.merge(case=same, into=case, reason="同一站牌", by=desk.clerk, now=now)
    answered(case, desk, now=now)
    write_due(now=now)
    assert told(Case.objects.get(pk=same.pk))["reply"] == "站牌的灯已于本周修好，请放心乘车。"
    with pytest.raises(NotNow):
        actions.accept(case=same, by=desk.clerk, now=now)


def test_a_letter_with_two_matters_is_split_and_its_sender_reads_both_answers(case, desk, bureau, now):
    actions.accept(case=case, by=desk.clerk, now=now)
    part = actions.split(
        case=case, title="路灯不亮", text="顺便问：湖滨路的路灯也不亮。", desk=bureau.tenant.site, reason="两件事", by=desk.clerk,
        now=now,
    )  # fmt: skip
    assert (part.number, part.parent, part.clock_at) == (f"{case.number}-1", case, case.clock_at)
    actions.accept(case=part, by=bureau.clerk, now=now)
    actions.assign(case=part, desk=bureau.tenant.site, by=bureau.clerk, now=now)
    handling.submit_reply(case=part, text="路灯已修。", by=bureau.handler, now=now)
    handling.approve_reply(case=part, gates=GATES, by=bureau.replier, now=now)
    handling.send_reply(case=part, by=bureau.handler, now=now)
    assert told(Case.objects.get(pk=case.pk))["reply"] == "路灯已修。"


@pytest.mark.req("INT-07")
def test_a_letter_handed_down_keeps_the_superiors_number(cast, desk, now):
    given = {
        "site": cast.city.site, "kind": "complaint", "title": "夜间施工噪声", "text": "工地夜里施工，无法休息。",
        "outer_number": "示转〔2026〕15号", "handed_by": "示范省人民政府办公厅", "received_at": now - HOUR, "now": now,
    }  # fmt: skip
    case = actions.register_letter(by=desk.clerk, sender={"name": "例来信", "phone": PHONE}, **given)
    assert (case.outer_number, case.source, case.clock_at) == ("示转〔2026〕15号", "superior", now - HOUR)
    with pytest.raises(ValidationError) as refusal:
        actions.register_letter(by=desk.clerk, **given)
    assert refusal.value.message_dict == {"outer_number": ["这个编号的来信已经登记过"]}
    with pytest.raises(PermissionDenied):
        actions.register_letter(by=desk.replier, **given)
    answered(case, desk, now=now)
    assert Case.objects.get(outer_number="示转〔2026〕15号").met_at == now


@pytest.mark.req("INT-04")
def test_the_clock_follows_the_pack_and_is_extended_only_as_it_allows(cast, case, desk, now):
    under(cast, "hebi", now=now)
    refresh(LetterSource(), now=now)
    duty = duty_of(case)
    assert (local(duty.act_by).date().isoformat(), duty.person) == ("2026-11-27", desk.clerk)
    handled(case, desk, now=now)
    with pytest.raises(ValidationError):
        handling.extend(case=case, reason="", by=desk.handler, now=now)
    handling.extend(case=case, reason="需要会同公交公司现场查看", by=desk.handler, now=now)
    duty = duty_of(case)
    assert (local(duty.act_by).date().isoformat(), case.extended_at) == ("2026-12-04", now)
    assert told(case)["until"] == "2026-12-04"
    with pytest.raises(NotPossible):
        handling.extend(case=case, reason="再延一次", by=desk.handler, now=now)
    assert case.version == Case.objects.get(pk=case.pk).version


def test_no_rule_no_extension(cast, case, desk, now):
    under(cast, "ningxia", now=now)
    handled(case, desk, now=now)
    refresh(LetterSource(), now=now)
    if duty_of(case) is None:
        with pytest.raises(NotPossible):
            handling.extend(case=case, reason="需要时间", by=desk.handler, now=now)


@pytest.mark.req("INT-04")
def test_answering_meets_the_duty_and_reopening_begins_another(cast, desk, now):
    receipt = dropped(cast.city, now=now)
    case = letter(cast.city, now=now)
    case = Case.objects.get(number=receipt.number)
    answered(case, desk, now=now + HOUR)
    refresh(LetterSource(), now=now + HOUR)
    first = Obligation.objects.get(subject=f"letter:{case.pk}")
    assert first.done_at == now + HOUR
    word(case, receipt, "reopen", now=now + 2 * HOUR, text="灯还是不亮。")
    refresh(LetterSource(), now=now + 2 * HOUR)
    assert duty_of(case).started_at == now + 2 * HOUR


@pytest.mark.req("INT-10")
def test_an_error_report_is_answered_only_after_the_provincial_office_approved(cast, desk, now):
    under(cast, "hubei", now=now)
    case = letter(cast.city, now=now, kind="error_report", title="", category="typo", public="")
    assert [unit.name for unit in levels_above(case)] == ["示范省人民政府"] == [unit.name for unit in levels_for(case)]
    refresh(LetterSource(), now=now)
    assert {(row.parameter, local(row.act_by).date().isoformat()) for row in Obligation.objects.pending()} >= {
        ("error-report.reply", "2026-11-24"),
    }  # fmt: skip
    handled(case, desk, now=now)
    handling.submit_reply(case=case, text="已经更正。", by=desk.handler, now=now)
    handling.approve_reply(case=case, gates=GATES, by=desk.replier, now=now)
    assert (case.state, case.level) == ("passing", cast.province)
    with pytest.raises(NotNow):
        handling.send_reply(case=case, by=desk.handler, now=now)
    with pytest.raises(ValidationError) as refusal:
        handling.pass_level(case=case, by=desk.replier, now=now)
    assert list(refusal.value.message_dict) == ["opinion"]
    handling.pass_level(case=case, by=desk.replier, now=now, opinion="省政府办公厅 11 月 21 日电话同意")
    assert (case.state, case.level) == ("ready", None)
    handling.send_reply(case=case, by=desk.handler, now=now)
    assert (case.state, case.proposed_at, case.met_at) == ("answered", now, now)


@pytest.mark.req("INT-10")
def test_a_level_with_a_site_here_speaks_for_itself(cast, desk, now):
    under(cast, "hubei", now=now)
    site = Site(
        name="示范省人民政府", kind=Site.Kind.PORTAL, host="www.shifan.localhost", owner=cast.province,
        blocks=list(Block.values), identification_code="9900000001", contact="000-12345",
    )  # fmt: skip
    save_site(site=site, by=TEST, now=now)
    above = office(Tenant(site=site, organisation=cast.province, columns={}, people={}), now=now, prefix="sf")
    case = letter(cast.city, now=now, kind="error_report", title="", category="typo", public="")
    handled(case, desk, now=now)
    handling.submit_reply(case=case, text="已经更正。", by=desk.handler, now=now)
    assert not visible_cases(above.replier).exists()
    handling.approve_reply(case=case, gates=GATES, by=desk.replier, now=now)
    assert visible_cases(above.replier).get() == case
    with pytest.raises(NotYours):
        handling.pass_level(case=case, by=desk.replier, now=now)
    handling.pass_level(case=case, by=above.replier, now=now)
    assert case.state == "ready"


def test_an_objection_is_upheld_or_taken_up_again(cast, desk, now):
    receipt = dropped(cast.city, now=now)
    letter(cast.city, now=now, title="另一封")
    case = Case.objects.get(number=receipt.number)
    answered(case, desk, now=now)
    word(case, receipt, "dispute", now=now + HOUR, text="没有回答我的问题。")
    assert case.state == "disputed"
    actions.redo(case=case, reason="答复确有遗漏", by=desk.clerk, now=now + 2 * HOUR)
    assert (case.state, case.clock_at) == ("handling", now + 2 * HOUR)
