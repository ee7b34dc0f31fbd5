"""Mail to senders: that it came, that more is asked for, that there is an outcome; never what; stopped by one click."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from jiyue.foundation.models import AuditEvent
from jiyue.interaction import actions, handling, mailing
from jiyue.interaction.letterbox import new_token
from jiyue.interaction.models import Case, Notice
from jiyue.interaction.notices import any_waiting, masked, secret_of, send_waiting, stop
from jiyue.interaction.receiving import empty_box
from tests.apps.console.duties.test_posts import postbox  # noqa: F401  # a fixture
from tests.letters import PHONE, answered, box, dropped, handled, letter, office

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ADDRESS = "laixin@example.invalid"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def mails(postbox):  # noqa: F811
    return [message_from_bytes(raw, policy=policy.default) for raw in postbox.mails]


def test_receipt_question_and_outcome_are_told_and_nothing_of_the_letter(cast, desk, postbox, now):  # noqa: F811
    case = letter(cast.city, now=now, email=ADDRESS)
    handled(case, desk, now=now)
    handling.ask_sender(case=case, reason="请补充照片", by=desk.handler, now=now)
    handling.go_on(case=case, reason="已查清", by=desk.handler, now=now)
    handling.submit_reply(case=case, text="站牌的灯已修好。", by=desk.handler, now=now)
    handling.approve_reply(case=case, gates=["policy", "legal", "wording"], by=desk.replier, now=now)
    handling.send_reply(case=case, by=desk.handler, now=now)
    assert any_waiting(now)
    assert send_waiting(now=now) == 3
    assert send_waiting(now=now) == 0
    told = mails(postbox)
    assert [mail["To"] for mail in told] == [ADDRESS] * 3
    assert [mail["Subject"].rpartition("：")[2] for mail in told] == [
        f"已收到您的来信，编号 {case.number}", f"来信 {case.number} 请您补充材料", f"来信 {case.number} 有结果了",
    ]  # fmt: skip
    for mail in told:
        text = mail.get_content()
        assert case.number in text
        assert "/hudong/follow" in text
        assert "也没有查询码" in text
        for private in (case.title, case.text, "站牌", "照片", PHONE, "样来信"):
            assert private not in str(mail) + text
    assert len({mail["Message-ID"] for mail in told}) == 3


def test_without_an_address_or_for_letters_handed_down_there_is_no_mail(cast, desk, postbox, now):  # noqa: F811
    answered(letter(cast.city, now=now), desk, now=now)
    actions.register_letter(
        site=cast.city.site, kind="complaint", title="转办的信", text="请办理", outer_number="示转1号", handed_by="示范省政府",
        received_at=now, by=desk.clerk, now=now, sender={"name": "样人", "email": ADDRESS},
    )  # fmt: skip
    assert not Notice.objects.exists()


def test_who_was_merged_into_another_letter_hears_of_its_answer(cast, desk, postbox, now):  # noqa: F811
    lead, other = letter(cast.city, now=now), letter(cast.city, now=now, email=ADDRESS, title="同一件事")
    actions.merge(case=other, into=lead, reason="同一件事", by=desk.clerk, now=now)
    lead.refresh_from_db()
    answered(lead, desk, now=now)
    assert list(Notice.objects.filter(case=other).values_list("kind", flat=True).order_by("pk")) == [
        "receipt",
        "answered",
    ]


def test_a_refusal_is_tried_later_and_given_up_in_the_end_and_said(cast, postbox, now):  # noqa: F811
    case = letter(cast.city, now=now, email=ADDRESS)
    postbox.refuse = True
    at = now
    for tries, pause in enumerate(mailing.PAUSES, start=1):
        assert send_waiting(now=at) == 0
        row = Notice.objects.get()
        if row.state == Notice.State.FAILED:
            break
        assert (row.tries, row.state, row.next_try_at) == (tries, "waiting", at + mailing.PAUSES[tries - 1])
        assert send_waiting(now=at + pause / 2) == 0
        assert ADDRESS not in row.problem
        at = row.next_try_at
    send_waiting(now=at)
    row = Notice.objects.get()
    assert (row.state, row.tries) == ("failed", len(mailing.PAUSES) + 1)
    assert AuditEvent.objects.filter(code="interaction.notice_failed", subject=f"letter:{case.pk}").count() == 1


def test_what_was_cut_off_by_a_kill_is_handed_over_again_under_its_own_name(cast, postbox, now):  # noqa: F811
    letter(cast.city, now=now, email=ADDRESS)
    Notice.objects.update(handing_at=now)  # as a kill in the middle leaves it
    assert send_waiting(now=now + mailing.LEASE / 2) == 0
    assert send_waiting(now=now + mailing.LEASE) == 1
    (mail,) = mails(postbox)
    assert mail["Message-ID"].startswith(f"<letter-{Notice.objects.get().pk}@")


def test_without_a_server_nothing_is_promised_and_the_letter_says_so(cast, desk, sign_in, settings, now):
    settings.EMAIL_HOST = ""
    case = letter(cast.city, now=now, email=ADDRESS)
    assert not any_waiting(now)
    assert Notice.objects.get().state == Notice.State.FAILED
    client = sign_in(desk.clerk)
    page = client.get(f"/letters/{case.pk}/", follow=True).content.decode()
    assert "没有配置邮件服务器" in page
    assert "l***@e***.invalid" in page
    assert ADDRESS not in page


def test_one_click_stops_every_further_mail_about_this_letter(cast, desk, postbox, now):  # noqa: F811
    case = letter(cast.city, now=now, email=ADDRESS)
    other = letter(cast.city, now=now, email=ADDRESS, title="另一封")
    send_waiting(now=now)
    mail = mails(postbox)[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip("<>").endswith(f"/hudong/stop?n={case.number}&k={secret_of(case.number)}")
    for _twice in range(2):
        box().drop_stop(case.number, secret_of(case.number), at=now)
        empty_box(now=now)
    case.refresh_from_db()
    assert case.mail_stopped_at == now
    actions.return_letter(case=case, reason="不属于本级", by=desk.clerk, now=now + HOUR)
    assert not Notice.objects.filter(case=case, kind="answered").exists()
    assert Case.objects.get(pk=other.pk).mail_stopped_at is None
    assert AuditEvent.objects.filter(code="interaction.mail_stopped").count() == 1


def test_a_wrong_secret_stops_nothing_and_leaves_the_box(cast, now):
    case = letter(cast.city, now=now, email=ADDRESS)
    box().drop_stop(case.number, "0" * 32, at=now)
    box().drop_stop("20200101-000000", "0" * 32, at=now)
    assert empty_box(now=now) == 2
    assert list(box().waiting()) == []
    assert not stop(secret=secret_of("20200101-000000"), number=case.number, now=now)
    assert Case.objects.get(pk=case.pk).mail_stopped_at is None


@pytest.mark.parametrize(
    ("address", "shown"), [(ADDRESS, "l***@e***.invalid"), ("", ""), ("nobody", ""), ("a@b.gov.cn", "a***@b***.cn")]
)
def test_a_masked_address_tells_one_from_another_and_no_more(address, shown):
    assert masked(address) == shown


def test_a_letter_sent_twice_has_one_receipt(cast, now):
    token = new_token()
    for _twice in range(2):
        dropped(cast.city, now=now, email=ADDRESS, token=token)
        empty_box(now=now)
    assert Notice.objects.count() == 1
