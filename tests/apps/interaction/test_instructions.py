"""批示: the leader reads the letters of his own mailbox and says his word; nothing else moves, and nobody outside reads it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from jiyue.content.models import Leader, LeaderMailbox
from jiyue.domain.cases import TABLE, Act, Kind, Who
from jiyue.estate.actions import appoint, dismiss
from jiyue.foundation.models import AuditEvent
from jiyue.identity.actions import give_membership, switch_account
from jiyue.identity.models import User
from jiyue.identity.roles import Duty, Role
from jiyue.interaction import actions, instructions, publicity
from jiyue.interaction.handling import duty_of
from jiyue.interaction.leaders import fetch_led_for, has_reader, letters_led, mailboxes_kept, mailboxes_led
from jiyue.interaction.mailboxes import close_mailbox, open_mailbox
from jiyue.interaction.policies import parts_of, visible_cases
from jiyue.interaction.queries import LED, presented_to, todo_for, waiting_for
from jiyue.interaction.stepping import NotNow, NotYours, take
from jiyue.interaction.tickets import told, write_due
from jiyue.obligations.engine import refresh
from tests.apps.interaction.test_handling import bureau, under  # noqa: F401  # a fixture
from tests.cast import TEST, account, draft, reviewed, structured
from tests.letters import answered, handled, letter, office

pytestmark = pytest.mark.django_db
WORD = "请市教育局牵头，本周到现场看一次。"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def leader_of(cast, name: str, *, now) -> Leader:
    record = draft(cast.city, now=now, kind="leader", column="ldxx", title=name, post="市长", body=[])
    reviewed(cast.city, record, now=now)
    return Leader.objects.get(pk=record.pk)


def opened(cast, leader, desk, *, now, person: User | None) -> LeaderMailbox:
    return open_mailbox(
        leader=leader, wording="七个工作日内回复。", desk=cast.city.site, keeper=desk.handler, person=person,
        by=cast.city.manager, now=now,
    )  # fmt: skip


@pytest.fixture
def mayor(cast, desk, now) -> User:
    """The mayor's own account, named on his mailbox; the second one leads another mailbox."""
    structured(cast.city, now=now)
    people = [account(name, Duty.SUPERVISING, cast.city.organisation, now=now) for name in ("shizhang", "fushizhang")]
    for person in people:
        opened(cast, leader_of(cast, person.name, now=now), desk, now=now, person=person)
    return people[0]


@pytest.fixture
def other() -> User:
    return User.objects.get(username="fushizhang")


@pytest.fixture
def case(cast, mayor, now):
    return to_leader(cast, mayor, now=now)


def to_leader(cast, person, *, now):
    identity = LeaderMailbox.objects.get(person=person).leader.identity
    return letter(cast.city, now=now, kind="leader_letter", leader=str(identity))


def presented(case, desk, *, now):
    instructions.present(case=case, reason="家长三次反映，请批示由谁牵头。", by=desk.handler, now=now)
    return case


@pytest.mark.req("INT-15")
def test_a_leader_reads_the_letters_of_his_own_mailbox_and_no_others(cast, desk, mayor, other, case, now):
    common = letter(cast.city, now=now)
    assert list(letters_led(mayor)) == [case]
    assert fetch_led_for(mayor, case.pk) == case
    assert not visible_cases(mayor).exists()
    for person, key in ((other, case.pk), (mayor, common.pk), (desk.clerk, case.pk), (cast.supervisor, case.pk)):
        with pytest.raises(Http404):
            fetch_led_for(person, key)
    assert parts_of(mayor, fetch_led_for(mayor, case.pk)) == {Who.LEADER}


def test_he_reads_nothing_once_another_is_named_or_the_account_is_closed(cast, desk, mayor, case, now):
    mailbox = LeaderMailbox.objects.get(person=mayor)
    switch_account(user=mayor, active=False, reason="离任", by=TEST, now=now)
    assert mailboxes_led(User.objects.get(pk=mayor.pk)) == []
    switch_account(user=mayor, active=True, reason="回任", by=TEST, now=now)
    opened(cast, mailbox.leader, desk, now=now, person=None)
    assert not letters_led(User.objects.get(pk=mayor.pk)).exists()
    told_of = (
        AuditEvent.objects.filter(code__startswith="interaction.leader_").order_by("pk").values_list("code", "data")
    )
    assert [(code, data["username"]) for code, data in told_of] == [
        ("interaction.leader_named", "shizhang"), ("interaction.leader_named", "fushizhang"),
        ("interaction.leader_unnamed", "shizhang"),
    ]  # fmt: skip


def test_who_writes_an_account_into_the_database_opens_no_letter_with_it(cast, desk, mayor, other, case, now):
    LeaderMailbox.objects.filter(person=mayor).update(person=other)
    assert case not in letters_led(other)
    assert not letters_led(mayor).exists()


def test_only_an_account_of_the_leaders_name_that_reads_nothing_else_is_named(cast, desk, mayor, now):
    leader = LeaderMailbox.objects.get(person=mayor).leader
    stranger = account("moren", Duty.SUPERVISING, cast.city.organisation, now=now)
    with pytest.raises(ValidationError, match="与领导同名"):
        opened(cast, leader, desk, now=now, person=stranger)
    with pytest.raises(ValidationError, match="与领导同名"):
        opened(cast, leader, desk, now=now, person=cast.city.editor)
    give_membership(user=mayor, role=Role.SUPERVISOR, organisation=cast.city.organisation, by=TEST, now=now)
    with pytest.raises(ValidationError, match="能看到别的来信"):
        opened(cast, leader, desk, now=now, person=mayor)


@pytest.mark.req("INT-15")
def test_the_keeper_puts_it_before_him_and_his_word_waits_until_it_is_carried_out(cast, desk, mayor, case, now):
    handled(case, desk, now=now)
    presented(case, desk, now=now)
    assert list(presented_to(mayor)) == [case]
    assert [(todo.kind, todo.what) for todo in todo_for(mayor, now=now)] == [(LED, "等您批示")]
    with pytest.raises(ValidationError, match="已经呈批"):
        presented(case, desk, now=now)
    instructions.instruct(case=case, text=WORD, to="unit", told=False, by=mayor, now=now)
    assert todo_for(mayor, now=now) == []
    assert case in waiting_for(desk.handler)
    assert [todo.what for todo in todo_for(desk.handler, now=now)] == ["批示待落实"]
    answered_before = case.state
    instructions.carry_out(case=case, reason="已约定周四现场查看。", by=desk.handler, now=now)
    assert (case.instructed_at, case.presented_at, case.state) == (None, None, answered_before)
    said = [(step.act, step.who, step.by_name, step.note) for step in reversed(instructions.words_on(case))]
    assert said == [
        ("present", "keeper", desk.handler.name, ""),
        ("instruct", "leader", mayor.name, cast.city.organisation.name),
        ("carry_out", "keeper", desk.handler.name, ""),
    ]
    with pytest.raises(ValidationError, match="没有待落实的批示"):
        instructions.carry_out(case=case, reason="再报一次", by=desk.handler, now=now)


def test_what_was_put_before_him_is_taken_back(desk, mayor, case, now):
    with pytest.raises(ValidationError, match="现在没有呈批"):
        instructions.take_back(case=case, by=desk.handler, now=now)
    presented(case, desk, now=now)
    instructions.take_back(case=case, by=desk.handler, now=now)
    assert not presented_to(mayor).exists()


def test_the_clock_does_not_stop_for_him(desk, mayor, case, now):
    refresh_letters(case, now=now)
    before = (case.state, case.clock_at, getattr(duty_of(case), "act_by", None))
    presented(case, desk, now=now)
    instructions.instruct(case=case, text=WORD, to="keeper", told=True, by=mayor, now=now)
    refresh_letters(case, now=now)
    assert (case.state, case.clock_at, getattr(duty_of(case), "act_by", None)) == before
    assert {rule.clock for rule in TABLE if rule.who in (Who.LEADER, Who.KEEPER)} == {None}


def refresh_letters(case, *, now):
    from jiyue.interaction.duties import LetterSource

    refresh(LetterSource(), subjects=[f"letter:{case.pk}"], now=now)


def test_the_sender_reads_his_word_only_where_he_says_so(desk, mayor, case, now):
    instructions.instruct(case=case, text=WORD, to="unit", told=False, by=mayor, now=now)
    write_due(now=now)
    assert WORD not in str(told(case))
    instructions.instruct(case=case, text="请尽快办好。", to="unit", told=True, by=mayor, now=now)
    steps = told(case)["steps"]
    assert (steps[-1]["text"], steps[-1]["why"]) == ("收信的领导作出批示", "请尽快办好。")
    assert WORD not in str(steps)


def test_bad_words_are_refused(desk, mayor, case, now):
    given = {"case": case, "told": False, "by": mayor, "now": now}
    for text, to, words in (
        (" ", "unit", "请写批示"),
        ("长" * 501, "unit", "不能超过 500 字"),
        (WORD, "elsewhere", "批给谁"),
    ):
        with pytest.raises(ValidationError, match=words):
            instructions.instruct(text=text, to=to, **given)
    instructions.instruct(text=WORD, to="unit", **given)
    with pytest.raises(ValidationError, match="已经写过"):
        instructions.instruct(text=WORD, to="unit", **given)


def test_he_says_his_word_and_does_nothing_else(cast, desk, mayor, other, case, now):
    theirs = {rule.act for rule in TABLE if rule.who == Who.LEADER}
    assert theirs == {Act.INSTRUCT, Act.ANNOUNCE}
    for rule in TABLE:
        if rule.who in (Who.LEADER, Who.KEEPER):
            assert rule.kinds == {Kind.LEADER_LETTER} and rule.to is None
    with pytest.raises(NotYours):
        actions.accept(case=case, by=mayor, now=now)
    for person in (other, desk.handler, cast.city.editor):
        with pytest.raises(NotYours):
            instructions.instruct(case=case, text=WORD, to="unit", told=False, by=person, now=now)
    with pytest.raises(NotYours):
        presented(case, desk_without(desk, mayor), now=now)
    with pytest.raises(PermissionDenied):
        instructions.open_as_leader(case=case, by=other, now=now)
    common = letter(cast.city, now=now)
    with pytest.raises(ValidationError):
        presented(common, desk, now=now)
    common_rules = [act for act in theirs if any(Kind.REPORT in rule.kinds for rule in TABLE if rule.act == act)]
    assert common_rules == []
    actions.return_letter(case=case, reason="应由法院审理。", by=desk.handler, now=now)
    with pytest.raises((NotNow, ValidationError)):
        presented(case, desk, now=now)


def desk_without(desk, person):
    return type(desk)(desk.tenant, desk.clerk, person, desk.replier)


def test_what_was_handed_on_stays_in_the_keepers_sight(cast, desk, bureau, mayor, case, now):  # noqa: F811
    actions.accept(case=case, by=desk.handler, now=now)
    actions.assign(case=case, desk=bureau.tenant.site, by=desk.handler, now=now)
    presented(case, desk, now=now)
    instructions.instruct(case=case, text=WORD, to="unit", told=False, by=mayor, now=now)
    assert instructions.words_on(case)[0].note == bureau.tenant.organisation.name
    assert case in waiting_for(desk.handler)
    assert Who.KEEPER not in parts_of(bureau.clerk, case)


def test_where_nobody_keeps_the_mailbox_the_desk_does(cast, desk, mayor, case, now):
    LeaderMailbox.objects.filter(person=mayor).update(keeper=None)
    case.refresh_from_db()
    instructions.present(case=case, reason="请阅示。", by=desk.clerk, now=now)
    assert case.presented_at == now


def test_his_word_is_in_no_public_text(desk, mayor, case, now):
    instructions.instruct(case=case, text=WORD, to="unit", told=True, by=mayor, now=now)
    words = publicity.suggested(answered(case, desk, now=now), now=now)
    assert WORD not in f"{words.title}{words.question}{words.answer}"


# The screens.


@pytest.mark.req("INT-15")
def test_he_finds_first_what_waits_and_writes_his_word(cast, desk, mayor, case, sign_in, now):
    second = to_leader(cast, mayor, now=now)
    presented(case, desk, now=now)
    under(cast, "hebi", now=now)
    refresh_letters(case, now=now)
    client = sign_in(mayor)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "等您批示" in home and "待受理" in home and "letter-received" not in home
    address = reverse("console_led_letter", args=[case.pk])
    assert address in home and reverse("console_led_letters") in home
    page = client.get(reverse("console_led_letters"))
    assert [row.case for row in page.context["rows"]] == [case]
    counts = {code: count for code, _label, count in page.context["tabs"]}
    assert (counts["waiting"], counts["open"], counts["answered"], counts["all"]) == (
        1,
        2,
        0,
        2,
    )  # late goes by the day
    assert [row.case.pk for row in client.get(reverse("console_led_letters") + "?tab=all").context["rows"]] == [
        second.pk,
        case.pk,
    ]
    shown = client.get(address).content.decode()
    assert "家长三次反映" in shown and "内部，不公开" in shown
    assert "查看来信人" not in shown
    bad = client.post(
        address, {"act": "instruct", "instruct-version": 1, "instruct-text": "长" * 501, "instruct-to": "unit"}
    )
    assert "长" * 501 in bad.content.decode()
    assert "批示不能超过 500 字" in bad.content.decode()
    good = {"act": "instruct", "instruct-version": 1, "instruct-text": WORD, "instruct-to": "unit"}
    assert client.post(address, good).status_code == 302
    assert AuditEvent.objects.filter(code="interaction.leader_read", subject=f"letter:{case.pk}").count() == 2
    handlers = sign_in(desk.handler)
    there = handlers.get(reverse("console_letter", args=[case.pk])).content.decode()
    assert there.index(WORD) < there.index("办理经过")
    assert "登记批示落实情况" in there
    paper = handlers.get(reverse("console_letter_print", args=[case.pk])).content.decode()
    assert paper.index("内部，不公开") < paper.index(WORD)
    assert "一直在待办里" in there and "一直在待办里" not in paper


def test_others_find_nothing_there(cast, desk, mayor, other, case, sign_in):
    address = reverse("console_led_letter", args=[case.pk])
    assert sign_in(other).get(address).status_code == 404
    for person in (desk.clerk, desk.handler, cast.city.editor, cast.supervisor, cast.outside.manager):
        assert sign_in(person).get(address).status_code == 404
        assert sign_in(person).get(reverse("console_led_letters")).status_code == 404


def test_he_opens_no_other_door(mayor, case, sign_in):
    client = sign_in(mayor)
    for name in ("console_letter", "console_letter_print", "console_letter_public"):
        assert client.get(reverse(name, args=[case.pk])).status_code == 404
    assert client.get(reverse("console_letters")).status_code == 404
    refused = client.post(
        reverse("console_led_letter", args=[case.pk]), {"act": "accept", "accept-version": case.version}
    )
    assert refused.status_code == 302
    case.refresh_from_db()
    assert case.state == "received"


def test_the_keeper_presents_and_reports_on_the_letters_own_screen(desk, mayor, case, sign_in, now):
    client = sign_in(desk.handler)
    address = reverse("console_letter", args=[case.pk])
    sent = {"act": "present", "present-version": case.version, "present-reason": ""}
    assert client.post(address, sent).context["form"].errors
    assert client.post(address, {**sent, "present-reason": "请阅示。"}).status_code == 302
    case.refresh_from_db()
    assert case.presented_at is not None
    assert "撤回呈批" in client.get(address).content.decode()


def test_the_manager_names_him_on_the_screen(cast, desk, mayor, sign_in):
    mailbox = LeaderMailbox.objects.get(person=mayor)
    page = sign_in(cast.city.manager).get(
        reverse("console_mailboxes", args=[cast.city.site.pk]) + f"?mailbox={mailbox.pk}"
    )
    assert f"领导本人：{mayor.name}（shizhang）" in page.content.decode()
    assert page.context["form"]["person"].value() == mayor.pk


def test_an_attachment_opens_for_him_alone(cast, desk, mayor, other, case, now):
    from jiyue.interaction.leaders import fetch_led_file_for
    from jiyue.interaction.models import CaseFile

    file = CaseFile.objects.create(case=case, token="a" * 32, n=1, name="图.png", digest="0" * 64, size=9)
    assert fetch_led_file_for(mayor, file.pk) == file
    actions.open_file(file=file, by=mayor, now=now)
    with pytest.raises(Http404):
        fetch_led_file_for(other, file.pk)
    with pytest.raises(PermissionDenied):
        actions.open_file(file=file, by=other, now=now)


def test_a_keeper_who_serves_no_more_keeps_nothing(cast, desk, mayor, case, now):
    appoint(user=desk.clerk, site=cast.city.site, role=Role.LETTER_HANDLER, by=TEST, now=now)
    switch_account(user=desk.handler, active=False, reason="调离", by=TEST, now=now)
    case.refresh_from_db()
    assert Who.KEEPER in parts_of(User.objects.get(pk=desk.clerk.pk), case)
    assert Who.KEEPER not in parts_of(User.objects.get(pk=desk.handler.pk), case)


def test_a_keeper_who_was_dismissed_from_the_desk_keeps_nothing_and_the_desk_does(cast, desk, mayor, case, now):
    assert mailboxes_kept(desk.clerk) == []
    for held in desk.handler.appointments.all():
        dismiss(appointment=held, by=TEST, now=now, knowingly=True)
    assert len(mailboxes_kept(desk.clerk)) == 2
    instructions.present(case=case, reason="请阅示。", by=desk.clerk, now=now)
    instructions.instruct(case=case, text=WORD, to="keeper", told=False, by=mayor, now=now)
    assert instructions.words_on(case)[0].note == cast.city.organisation.name


def test_a_role_that_was_given_later_ends_his_reading_but_taking_back_goes(cast, desk, mayor, case, sign_in, now):
    presented(case, desk, now=now)
    give_membership(user=mayor, role=Role.SUPERVISOR, organisation=cast.city.organisation, by=TEST, now=now)
    assert mailboxes_led(mayor) == []
    case.refresh_from_db()
    assert not has_reader(case.mailbox)
    assert "撤回呈批" in sign_in(desk.handler).get(reverse("console_letter", args=[case.pk])).content.decode()
    instructions.take_back(case=case, by=desk.handler, now=now)
    with pytest.raises(ValidationError, match="没有领导本人的有效账号"):
        presented(case, desk, now=now)


def test_closing_the_mailbox_takes_the_reading_away(cast, desk, mayor, case, sign_in, now):
    mailbox = LeaderMailbox.objects.get(person=mayor)
    page = sign_in(cast.city.manager).get(reverse("console_mailbox_close", args=[mailbox.pk])).content.decode()
    assert "领导本人的账号不再能看这个信箱的来信" in page
    close_mailbox(mailbox=mailbox, why="离任。", by=cast.city.manager, now=now)
    mailbox.refresh_from_db()
    assert (mailbox.person, mailbox.person_seal) == (None, "")
    assert not letters_led(mayor).exists()
    event = AuditEvent.objects.filter(code="interaction.leader_unnamed").get()
    assert event.data["username"] == "shizhang"


def test_a_record_signed_for_the_successor_shuts_the_predecessor_out(cast, desk, mayor, case, now):
    leader = LeaderMailbox.objects.get(person=mayor).leader
    leader.title = "样继任"
    leader.save()
    assert list(letters_led(mayor)) == [case]  # nobody signed that yet
    reviewed(cast.city, leader, now=now, instruction={"reason": "换届"})
    assert not letters_led(mayor).exists()
    with pytest.raises(ValidationError, match="与领导同名"):
        opened(cast, leader, desk, now=now, person=mayor)


def test_a_dispute_ends_the_waiting_and_a_withdrawal_ends_all(cast, desk, mayor, case, now):
    presented(case, desk, now=now)
    instructions.instruct(case=case, text=WORD, to="unit", told=False, by=mayor, now=now)
    presented(case, desk, now=now)
    answered(case, desk, now=now)
    take(case=case, act=Act.DISPUTE, actor=TEST, now=now, reason="没有修好")
    assert (case.presented_at, case.instructed_at) == (None, now)
    second = to_leader(cast, mayor, now=now)
    instructions.instruct(case=second, text=WORD, to="unit", told=False, by=mayor, now=now)
    presented(second, desk, now=now)
    take(case=second, act=Act.WITHDRAW, actor=TEST, now=now)
    assert (second.presented_at, second.instructed_at) == (None, None)


def test_what_is_to_be_carried_out_is_the_keepers_work_alone(cast, desk, bureau, mayor, case, now):  # noqa: F811
    actions.accept(case=case, by=desk.handler, now=now)
    actions.assign(case=case, desk=bureau.tenant.site, by=desk.handler, now=now)
    instructions.instruct(case=case, text=WORD, to="unit", told=False, by=mayor, now=now)
    assert [todo.what for todo in todo_for(desk.handler, now=now)] == ["批示待落实"]
    assert [todo.what for todo in todo_for(bureau.clerk, now=now)] == ["领导信箱"]


def test_a_line_end_of_a_browser_counts_once(desk, mayor, case, now):
    words = "\r\n".join(["行"] * 250)  # 499 characters as they are kept
    instructions.instruct(case=case, text=words, to="unit", told=False, by=mayor, now=now)
    assert instructions.words_on(case)[0].reason == words.replace("\r\n", "\n")
