"""领导信箱: opened in signed words, written to by choosing the leader, kept and handed on, named to the sender and in public."""

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from jiyue.content.models import Leader, LeaderMailbox
from jiyue.domain.cases import Who
from jiyue.foundation.home import Home
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import actions
from jiyue.interaction.mailboxes import close_mailbox, leaders_of, open_mailbox
from jiyue.interaction.models import Case
from jiyue.interaction.policies import parts_of
from jiyue.interaction.queries import waiting_for
from jiyue.interaction.receiving import empty_box
from jiyue.interaction.tickets import told, write_due
from jiyue.portal.counter.mailboxes import mailboxes_in
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit_withdrawal
from tests.apps.interaction.test_handling import bureau  # noqa: F401  # a fixture
from tests.cast import draft, reviewed, sign_all, structured
from tests.letters import answered, dropped, letter, office
from tests.public_answers import made_public, with_answers

pytestmark = pytest.mark.django_db
WORDS = "受理对全市工作的意见，七个工作日内回复。"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


@pytest.fixture
def leader(cast, now) -> Leader:
    structured(cast.city, now=now)
    record = draft(cast.city, now=now, kind="leader", column="ldxx", title="样市长", post="市长", body=[])
    reviewed(cast.city, record, now=now)
    return Leader.objects.get(pk=record.pk)


def opened(cast, leader, *, now, **how) -> LeaderMailbox:
    given = {"wording": WORDS, "desk": cast.city.site, "keeper": None, "by": cast.city.manager, **how}
    return open_mailbox(leader=leader, now=now, **given)


def public(path: str, host: str) -> str:
    return (Home(settings.JIYUE_HOME).path / "deployed" / host / path).read_text("utf-8")


def offered(cast):
    return mailboxes_in(public("hudong/index.html", cast.city.site.host))


def test_only_a_leader_whom_the_site_published_has_a_mailbox(cast, desk, leader, now):
    unknown = draft(cast.city, now=now, kind="leader", column="ldxx", title="样副市长", post="副市长", body=[])
    assert leaders_of(cast.city.site) == [leader]
    with pytest.raises(ValidationError, match="已经公开的领导"):
        opened(cast, Leader.objects.get(pk=unknown.pk), now=now)
    with pytest.raises(PermissionDenied, match="由网站管理员"):
        opened(cast, leader, now=now, by=desk.clerk)
    with pytest.raises(ValidationError, match="写信人会看到"):
        opened(cast, leader, now=now, wording=" ")
    with pytest.raises(ValidationError, match="不能超过 200 字"):
        opened(cast, leader, now=now, wording="长" * 201)
    with pytest.raises(ValidationError, match="信件受理人或者承办人经办"):
        opened(cast, leader, now=now, keeper=desk.replier)
    assert not LeaderMailbox.objects.exists()


@pytest.mark.req("INT-15")
def test_what_is_offered_is_what_was_signed_and_of_whom_is_still_public(cast, desk, leader, now):
    mailbox = opened(cast, leader, now=now, keeper=desk.handler)
    Publisher().publish(cast.city.site, now=now)
    assert offered(cast) == ()  # not signed yet
    structured(cast.city, now=now)
    Publisher().publish(cast.city.site, now=now)
    (found,) = offered(cast)
    assert (found.title, found.words, found.is_open, found.leader) == ("市长 样市长", WORDS, True, str(leader.identity))
    assert desk.handler.name not in public("hudong/index.html", cast.city.site.host)
    close_mailbox(mailbox=mailbox, why="出访，下月再收信。", by=cast.city.manager, now=now)
    structured(cast.city, now=now)
    Publisher().publish(cast.city.site, now=now)
    (found,) = offered(cast)
    assert (found.words, found.is_open) == ("出访，下月再收信。", False)
    with pytest.raises(ValidationError, match="已经停用"):
        close_mailbox(mailbox=mailbox, why="再停", by=cast.city.manager, now=now)
    gone = submit_withdrawal(record=leader, kind="error", reason="免职", by=cast.city.editor, now=now)
    sign_all(cast.city, gone, now=now)
    Publisher().publish(cast.city.site, now=now)
    assert offered(cast) == ()


def test_the_keeper_takes_the_letter_and_hands_it_on(cast, desk, bureau, leader, now):  # noqa: F811
    mailbox = opened(cast, leader, now=now, keeper=desk.handler)
    case = letter(cast.city, now=now, kind="leader_letter", leader=str(leader.identity))
    assert (case.mailbox, case.addressee, case.fields) == (mailbox, "市长 样市长", {})
    assert parts_of(desk.handler, case) == {Who.DESK, Who.HANDLER, Who.KEEPER}
    assert waiting_for(desk.handler).get() == case
    actions.accept(case=case, by=desk.handler, now=now)
    actions.assign(case=case, desk=bureau.tenant.site, by=desk.handler, now=now)
    assert Who.DESK not in parts_of(desk.handler, case)
    write_due(now=now)
    assert (told(case)["to"], told(case)["unit"]) == ("市长 样市长", bureau.tenant.organisation.name)


def test_the_letters_of_an_office_elsewhere_go_there_at_once(cast, desk, bureau, leader, now):  # noqa: F811
    opened(cast, leader, now=now, desk=bureau.tenant.site, keeper=bureau.clerk)
    case = letter(cast.city, now=now, kind="leader_letter", leader=str(leader.identity))
    assert (case.site, case.desk) == (cast.city.site, bureau.tenant.site)
    actions.accept(case=case, by=bureau.clerk, now=now)


@pytest.mark.parametrize("named", ["", "not-a-leader", "5b0c1c8e-5f0e-4c1c-9b46-0d5d1f1a0001"])
def test_a_letter_to_nobody_known_is_still_a_letter(cast, desk, now, named):
    case = letter(cast.city, now=now, kind="leader_letter", leader=named)
    assert (case.mailbox, case.addressee, case.desk) == (None, "", cast.city.site)
    actions.accept(case=case, by=desk.clerk, now=now)


def test_a_letter_that_crossed_with_the_closing_is_taken(cast, desk, leader, now):
    mailbox = opened(cast, leader, now=now)
    receipt = dropped(cast.city, now=now, kind="leader_letter", leader=str(leader.identity))
    close_mailbox(mailbox=mailbox, why="出访", by=cast.city.manager, now=now)
    empty_box(now=now)
    assert Case.objects.get(number=receipt.number).mailbox == mailbox


def test_the_public_answer_says_to_whom_it_was_written(cast, desk, leader, now):
    with_answers(cast.city, now=now)
    opened(cast, leader, now=now)
    case = letter(cast.city, now=now, kind="leader_letter", leader=str(leader.identity))
    record = made_public(answered(case, desk, now=now), desk, now=now)
    assert (record.letter_kind, record.written_to) == ("leader_letter", "市长 样市长")
    page = public("zmhd/lxgk/index.html", cast.city.site.host)
    assert "领导信箱" in page
    assert "写给 市长 样市长" in page


def test_the_manager_opens_and_closes_on_the_screen_and_the_trail_says_so(cast, desk, leader, sign_in, now):
    client = sign_in(cast.city.manager)
    address = reverse("console_mailboxes", args=[cast.city.site.pk])
    assert "还没有开通领导信箱" in client.get(address).content.decode()
    sent = {"leader": leader.pk, "wording": "", "desk": cast.city.site.pk, "keeper": desk.clerk.pk}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert client.post(address, {**sent, "wording": WORDS}).status_code == 302
    row = LeaderMailbox.objects.get()
    assert (row.keeper, row.is_open) == (desk.clerk, True)
    assert WORDS in client.get(f"{address}?mailbox={row.pk}").content.decode()
    closing = reverse("console_mailbox_close", args=[row.pk])
    assert client.post(closing, {"why": ""}).status_code == 422
    assert client.post(closing, {"why": "出访"}).status_code == 302
    assert client.get(closing).status_code == 404  # closed already
    acts = [event.data["mailbox_act"] for event in AuditEvent.objects.filter(code="interaction.mailbox").order_by("pk")]
    assert acts == ["opened", "closed"]
    assert sign_in(cast.outside.manager).get(address).status_code == 404
    assert sign_in(desk.clerk).post(address, sent).status_code in (403, 404)
