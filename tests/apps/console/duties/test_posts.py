"""Feed and mail: a secret of one's own, and one mail a day from a server that really speaks SMTP."""

import asyncio
import threading
from datetime import datetime, time, timedelta
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from jiyue.console.duties import actions, digests, kept_mails
from jiyue.console.models import Subscription
from jiyue.domain.deadlines import SHANGHAI
from jiyue.foundation.models import AuditEvent
from jiyue.identity.actions import issue_password
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.rules.actions import approve, revise_calendar
from tests.apps.obligations.facts import Stated, fact
from tests.apps.rules.decisions import overseers

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)


class Postbox:
    """A small SMTP server in a thread of its own; keeps what it took. `refuse` answers 451 to the text of a mail."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.refuse = False
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.ready = threading.Event()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 postbox\r\n")
        while line := await reader.readline():
            word = line.strip().upper()
            if word.startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await writer.drain()
                text = await reader.readuntil(b"\r\n.\r\n")
                if not self.refuse:
                    self.mails.append(text[:-5].replace(b"\r\n..", b"\r\n."))
                writer.write(b"451 try later\r\n" if self.refuse else b"250 taken\r\n")
            elif word.startswith(b"QUIT"):
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 postbox\r\n")
            await writer.drain()
        await writer.drain()
        writer.close()

    def close(self) -> None:
        async def end() -> None:
            self.server.close()
            await self.server.wait_closed()

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(60)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(60)
        self.loop.close()


@pytest.fixture
def postbox(settings):
    box = Postbox()
    box.thread.start()
    assert box.ready.wait(60)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    yield box
    box.close()


@pytest.fixture
def reader(cast):
    """The city's editor, who wants her mail at half past eight."""
    given = {"mails": True, "address": "bianji@chenghu.invalid", "at": time(8, 30), "working_days_only": True}
    actions.choose_mail(**given, by=cast.city.editor, now=MONDAY - DAY)
    return cast.city.editor


def text(answer) -> str:
    return answer.content.decode()


def test_one_mail_with_text_and_html_in_chinese(owe, reader, postbox):
    owe(title="路灯不亮 <1>", subject="letter:1", started_at=MONDAY - 60 * DAY)
    owe(title="新留言", subject="letter:2", started_at=MONDAY - DAY)
    assert digests.send_waiting(now=MONDAY - timedelta(minutes=1)) == 0
    assert digests.any_waiting(MONDAY) and digests.send_waiting(now=MONDAY) == 1
    (raw,) = postbox.mails
    mail = message_from_bytes(raw, policy=policy.default)
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert mail["To"] == "bianji@chenghu.invalid" and "逾期 1 件，7 天内到期 1 件" in mail["Subject"]
    assert "路灯不亮 <1>" in plain and "已逾期" in plain and "第二十九条" in plain and "还有" in plain
    assert "路灯不亮 &lt;1&gt;" in html and "/duties/" in html
    assert mail["Message-ID"].startswith(f"<duties-{reader.pk}-20261123@")


def test_not_twice_on_one_day_and_again_on_the_next(owe, reader, postbox):
    owe(title="路灯不亮", started_at=MONDAY - 60 * DAY)
    sent = [digests.send_waiting(now=MONDAY + step) for step in (0 * DAY, timedelta(hours=3), DAY)]
    assert sent == [1, 0, 1] and len(postbox.mails) == 2


@pytest.mark.parametrize("server", [True, False])
def test_what_was_cut_off_is_not_sent_again_and_its_person_reads_it(
    owe, reader, postbox, on, settings, tmp_path, monkeypatch, server
):
    settings.JIYUE_HOME = tmp_path
    if not server:
        settings.EMAIL_HOST = ""
    owe(title="路灯不亮", started_at=timezone.now() - 60 * DAY)
    now = timezone.now()
    Subscription.objects.update(at=time(0, 0), working_days_only=False)
    monkeypatch.setattr(digests, "_hand_over", killed)
    with pytest.raises(KeyboardInterrupt):
        digests.send_waiting(now=now)
    monkeypatch.undo()
    assert digests.send_waiting(now=now) == 0 and postbox.mails == []
    page = text(on(reader, "console_duty_post", mail=f"{now.astimezone(SHANGHAI):%Y%m%d}"))
    assert "发送时被中断" in page and "路灯不亮" in page


def test_killed_before_the_day_is_noted_the_mail_is_written_again_and_sent(
    owe, reader, postbox, settings, tmp_path, monkeypatch
):
    settings.JIYUE_HOME = tmp_path
    owe(title="路灯不亮", started_at=MONDAY - 60 * DAY)
    monkeypatch.setattr(digests, "_taken", killed)
    with pytest.raises(KeyboardInterrupt):
        digests.send_waiting(now=MONDAY)
    monkeypatch.undo()
    assert len(list(tmp_path.glob("mails/*/*.eml"))) == 1 and digests.send_waiting(now=MONDAY) == 1
    assert len(postbox.mails) == 1 and list(tmp_path.glob("mails/*/*.eml")) == []  # the server has it


def killed(*_arguments):
    """As a kill at this point leaves things."""
    raise KeyboardInterrupt


def test_a_refusal_is_tried_again_and_shown(owe, reader, postbox, on):
    owe(title="路灯不亮", started_at=MONDAY - 60 * DAY)
    postbox.refuse = True
    assert digests.send_waiting(now=MONDAY) == 0
    assert "try later" in text(on(reader, "console_duty_post"))
    postbox.refuse = False
    assert digests.send_waiting(now=MONDAY + timedelta(minutes=5)) == 0
    assert digests.send_waiting(now=MONDAY + timedelta(minutes=16)) == 1


def test_no_mail_without_anything_due_or_on_days_off(owe, reader, postbox):
    assert digests.send_waiting(now=MONDAY) == 0
    owe(title="路灯不亮", started_at=MONDAY - 60 * DAY)
    saturday = MONDAY + 5 * DAY
    assert digests.send_waiting(now=saturday) == 0 and postbox.mails == []


def test_without_a_server_the_mail_is_a_file_that_only_its_person_reads(owe, reader, on, cast, settings, tmp_path):
    settings.EMAIL_HOST, settings.JIYUE_HOME = "", tmp_path
    assert "邮件不会寄到邮箱" in text(on(reader, "console_duty_post"))
    owe(title="路灯不亮 <1>", started_at=MONDAY - 60 * DAY)
    assert digests.any_waiting(MONDAY) and digests.send_waiting(now=MONDAY) == 1
    assert not digests.any_waiting(MONDAY) and digests.send_waiting(now=MONDAY) == 0
    (file,) = tmp_path.glob("mails/*/*")
    assert file.name == "20261123.eml" and file.stat().st_mode & 0o777 == 0o600
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["To"] == "bianji@chenghu.invalid" and "逾期 1 件" in mail["Subject"]
    own = text(on(reader, "console_duty_post", mail="20261123"))
    assert "路灯不亮 &lt;1&gt;" in own and f"mails/{reader.pk}/" in own and "<1>" not in own
    other = text(on(cast.city.manager, "console_duty_post", mail="20261123"))
    assert "路灯不亮" not in other and "2026-11-23" not in other
    for strange in ("../1/20261123", "20261399", "x" * 500, "\0"):
        assert on(reader, "console_duty_post", mail=strange).status_code == 200


def test_only_the_last_thirty_kept_mails_stay_and_a_full_disk_is_told(owe, reader, on, settings, tmp_path):
    settings.EMAIL_HOST, settings.JIYUE_HOME = "", tmp_path
    for n in range(32):
        kept_mails.keep(EmailMessage("待办提醒", "一件", to=["a@b.invalid"]), user=1, day=(MONDAY + n * DAY).date())
    assert sorted(file.stem for file in tmp_path.glob("mails/1/*"))[::29] == ["20261125", "20261224"]
    owe(title="路灯不亮", started_at=MONDAY - 60 * DAY)
    settings.JIYUE_HOME = tmp_path / "taken"
    settings.JIYUE_HOME.write_text("")
    assert digests.send_waiting(now=MONDAY) == 0
    assert "最近一次没有成功" in text(on(reader, "console_duty_post"))


def test_the_choice_is_checked_and_nothing_is_lost(cast, send, on):
    answer = send(cast.city.editor, "console_duty_post", mails="on", address="bianji@chenghu.invalid", at="")
    assert answer.status_code == 422 and "请填写发送时间" in text(answer) and "bianji@chenghu.invalid" in text(answer)
    answer = send(cast.city.editor, "console_duty_post", mails="on", address="bianji@chenghu.invalid", at="07:45")
    row = Subscription.objects.get()
    assert (answer.status_code, row.at, row.working_days_only) == (302, time(7, 45), False)
    assert "bianji@" not in str(list(AuditEvent.objects.filter(code="console.mail_chosen").values_list("data")))
    assert 'value="07:45"' in text(on(cast.city.editor, "console_duty_post"))


def test_the_feed_is_read_with_the_secret_alone_until_it_is_revoked(cast, owe, send, client):
    owe(title="路灯不亮，第一，二;三\\四", started_at=timezone.now())
    page = text(send(cast.city.editor, "console_feed_make"))
    address = page.split('readonly value="')[1].split('"')[0]
    path = "/feed/" + address.rsplit("/feed/")[1]
    client.logout()
    answer = client.get(path)
    body = answer.content
    assert answer["Content-Type"].startswith("text/calendar") and body.endswith(b"END:VCALENDAR\r\n")
    unfolded = body.replace(b"\r\n ", b"").decode()
    assert "路灯不亮，第一，二\\;三\\\\四" in unfolded and "第二十九条" in unfolded
    assert cast.city.editor.name not in unfolded and cast.city.editor.username not in unfolded
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    row = Subscription.objects.get()
    assert address.rsplit("/", 1)[1].removesuffix(".ics") not in str(row.__dict__)
    send(cast.city.editor, "console_feed_revoke")
    client.logout()
    assert client.get(path).status_code == 404


def test_a_feed_from_before_a_new_password_was_issued_is_gone(cast, client):
    """Whoever stole the account may have made it; what the owner makes afterwards opens."""
    made = timezone.now()
    stolen = actions.make_feed(by=cast.city.editor, now=made)
    assert client.get(f"/feed/{stolen}.ics").status_code == 200
    issue_password(user=cast.city.editor, by=cast.operator.actor(), now=made + timedelta(minutes=1))
    assert client.get(f"/feed/{stolen}.ics").status_code == 404
    own = actions.make_feed(by=cast.city.editor, now=made + timedelta(minutes=2))
    assert client.get(f"/feed/{own}.ics").status_code == 200


def test_a_feed_of_a_closed_account_is_gone(cast, client):
    secret = actions.make_feed(by=cast.city.editor, now=timezone.now())
    assert client.get(f"/feed/{secret}.ics").status_code == 200
    cast.city.editor.is_active = False
    cast.city.editor.save()
    assert client.get(f"/feed/{secret}.ics").status_code == 404


def test_the_numbers_of_a_mail_count_what_it_has_no_room_for_too(cast, owe):
    now = timezone.now()
    for number in range(digests.MOST_LINES + 4):
        owe(subject=f"letter:{number}", started_at=now - 90 * DAY)
    owe(subject="letter:new", started_at=now)
    row = Subscription(user=cast.city.editor, address="bianji@example.invalid")
    coming = Obligation.objects.pending().filter(act_by__gte=now, act_by__lte=now + digests.AHEAD).count()
    found = digests.digest_for(cast.city.editor, now)
    assert (len(found.late), found.left_out) == (digests.MOST_LINES, 4 + coming)
    assert f"逾期 {digests.MOST_LINES + 4} 件，7 天内到期 {coming} 件" in digests.message_for(row, found, now).subject


def test_days_off_of_her_own_area_count_for_a_mail_on_working_days(cast, owe, postbox):
    """MONDAY is a working day of the nation and a day off of the city."""
    pair = overseers(None, now=MONDAY, prefix="quan")
    proposal = revise_calendar(
        year=2026, off={MONDAY.date().isoformat(): "城庆"}, worked={}, notice="市政府通知", grounds="城庆",
        organisation=cast.city.organisation, by=pair[0], now=MONDAY,
    )  # fmt: skip
    approve(proposal=proposal, by=pair[1], now=MONDAY)
    for tenant in (cast.city, cast.outside):
        Subscription.objects.create(
            user=tenant.editor, mails=True, address="a@example.invalid", at=time(8, 0), working_days_only=True
        )
        refresh(Stated([fact(tenant, started_at=MONDAY - 90 * DAY)]), now=MONDAY)
    assert digests.send_waiting(now=MONDAY) == 1
    assert Subscription.objects.get(user=cast.outside.editor).sent_on == MONDAY.date()
