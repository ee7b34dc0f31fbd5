"""信件 as staff see them: the inbox, one letter and its acts, attachments, and what another unit does not see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from jiyue.foundation.models import AuditEvent
from jiyue.interaction.duties import LetterSource
from jiyue.interaction.models import Case, CaseFile, Reply, SetAside
from jiyue.obligations.engine import Engine, refresh
from jiyue.obligations.models import Obligation
from jiyue.rules.library import shipped
from tests.apps.rules.decisions import assigned, overseers
from tests.letters import PHONE, box, dropped, handled, letter, office
from tests.pictures import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


@pytest.fixture
def case(cast, now):
    return letter(cast.city, now=now)


def page(client, case, **how) -> str:
    answer = client.get(reverse("console_letter", args=[case.pk]), **how)
    assert answer.status_code == 200
    return answer.content.decode()


def act(client, case, name: str, **fields):
    """Send one form of the letter's page as it stands there."""
    case.refresh_from_db()
    form = "submit" if name == "draft" else name
    data = {"act": name, f"{form}-version": case.version, **{f"{form}-{key}": value for key, value in fields.items()}}
    return client.post(reverse("console_letter", args=[case.pk]), data)


@pytest.mark.req("INT-03", "INT-09")
def test_three_people_bring_a_letter_to_its_answer_on_the_screen(case, desk, sign_in):
    client = sign_in(desk.clerk)
    assert case.title in client.get(reverse("console_letters")).content.decode()
    assert act(client, case, "accept").status_code == 302
    assert act(client, case, "assign", desk=case.site_id, handler=desk.handler.pk).status_code == 302
    client = sign_in(desk.handler)
    assert act(client, case, "draft", text="正在核实。").status_code == 302
    assert "正在核实。" in page(client, case)
    assert act(client, case, "submit", text="本周五前修好。").status_code == 302
    client = sign_in(desk.replier)
    assert "本周五前修好。" in page(client, case)
    assert act(client, case, "approve", opinion="同意").status_code == 302
    client = sign_in(desk.handler)
    assert act(client, case, "send").status_code == 302
    case.refresh_from_db()
    assert (case.state, Reply.objects.get(state="sent").text) == ("answered", "本周五前修好。")


def test_a_refusal_keeps_what_was_typed_and_stands_beside_its_field(case, desk, sign_in):
    client = sign_in(desk.clerk)
    answer = act(client, case, "return", reason=" ")
    assert (answer.status_code, "不予受理的原因，来信人会看到" in answer.content.decode()) == (422, True)
    Case.objects.filter(pk=case.pk).update(version=7)
    data = {"act": "return", "return-version": 1, "return-reason": "请向法院提出"}
    answer = client.post(reverse("console_letter", args=[case.pk]), data)
    assert "这封信刚刚被别人处理过" in answer.content.decode()
    assert "请向法院提出" in answer.content.decode()


def test_an_act_of_another_part_is_not_there_and_not_taken(case, desk, sign_in):
    client = sign_in(desk.replier)
    assert 'value="accept"' not in page(client, case)
    assert act(client, case, "accept").status_code == 302
    case.refresh_from_db()
    assert case.state == "received"


@pytest.mark.req("INT-04")
def test_the_inbox_shows_the_clock_first_and_the_letter_says_why(cast, case, desk, sign_in):
    now = timezone.now()
    assigned(cast.city.organisation, "hebi", timezone.localdate(), overseers(None, now=now), now=now)
    urgent = letter(cast.city, now=now, title="今天的信")
    refresh(LetterSource(), now=now)
    client = sign_in(desk.clerk)
    inbox = client.get(reverse("console_letters"), {"tab": "open"}).content.decode()
    assert inbox.index("今天的信") < inbox.index(case.title)
    assert "5 个工作日" in page(client, urgent)
    mine = client.get("/").content.decode()
    assert "今天的信" in mine
    assert listed(client, tab="all", q=urgent.number) == ["今天的信"]


def test_name_and_phone_are_behind_a_button_that_is_traced(case, desk, sign_in, cast):
    client = sign_in(desk.clerk)
    assert PHONE not in page(client, case)
    shown = client.post(reverse("console_letter", args=[case.pk]), {"act": "sender"}).content.decode()
    assert PHONE in shown
    assert AuditEvent.objects.filter(code="interaction.sender_seen").count() == 1
    client = sign_in(cast.supervisor)
    assert "查看来信人" not in page(client, case)
    assert client.post(reverse("console_letter", args=[case.pk]), {"act": "sender"}).status_code == 302
    assert AuditEvent.objects.filter(code="interaction.sender_seen").count() == 1


def test_an_attachment_is_saved_and_never_drawn(cast, desk, sign_in, now):
    token = "a" * 32
    kept = [box().drafts.keep(token, "照片.png", png())]
    letter(cast.city, now=now, token=token, files=kept)
    file = CaseFile.objects.get()
    answer = sign_in(desk.clerk).get(reverse("console_letter_file", args=[file.pk]))
    assert b"".join(answer.streaming_content) == png()
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.get(code="interaction.file_opened").actor_key == f"user:{desk.clerk.pk}"


@pytest.mark.req("PLAT-01")
def test_another_site_sees_nothing_of_a_letter(cast, desk, sign_in, now):
    token = "a" * 32
    kept = [box().drafts.keep(token, "照片.png", png())]
    case = letter(cast.city, now=now, token=token, files=kept)
    other = office(cast.outside, now=now)
    addresses = [reverse(name, args=[case.pk]) for name in ("console_letter", "console_letter_print")]
    addresses += [reverse("console_letter_file", args=[CaseFile.objects.get().pk])]
    addresses += [reverse("console_letter_register", args=[cast.city.site.pk])]
    for person in (other.clerk, other.handler, other.replier, cast.city.editor, cast.city.final, cast.city.manager):
        client = sign_in(person)
        assert [client.get(address).status_code for address in addresses] == [404] * 4
        assert client.post(addresses[0], {"act": "accept", "accept-version": 1}).status_code == 404
    listed = sign_in(other.clerk).get(reverse("console_letters"), {"tab": "all"}).content.decode()
    assert case.title not in listed
    case.refresh_from_db()
    assert case.state == "received"


@pytest.mark.req("INT-07")
def test_a_letter_handed_down_is_registered_with_its_number(cast, desk, sign_in):
    client = sign_in(desk.clerk)
    address = reverse("console_letter_register", args=[cast.city.site.pk])
    given = {
        "handed_by": "示范省人民政府办公厅", "outer_number": "示转15号", "received_at": "2026-11-20T09:00", "kind": "complaint",
        "title": "夜间施工噪声", "text": "工地夜里施工。", "name": "例来信", "phone": PHONE,
    }  # fmt: skip
    assert client.get(address).status_code == 200
    wrong = client.post(address, {**given, "superior_limit": "尽快"})  # nothing typed is lost
    assert wrong.status_code == 422 and "看不懂“办理期限”" in wrong.content.decode()
    assert "尽快" in wrong.content.decode() and "工地夜里施工。" in wrong.content.decode() and not Case.objects.exists()
    assert client.post(address, {**given, "superior_limit": "2个工作日"}).status_code == 302
    assert (Case.objects.get().outer_number, Case.objects.get().own_limit) == ("示转15号", "2 working-days")
    again = client.post(address, given)
    assert (again.status_code, "已经登记过" in again.content.decode()) == (422, True)


def test_the_whole_file_prints_without_the_sender(case, desk, sign_in, now):
    handled(case, desk, now=now + timedelta(hours=1))
    printed = sign_in(desk.clerk).get(reverse("console_letter_print", args=[case.pk])).content.decode()
    assert (case.text in printed, PHONE in printed, "分办" in printed) == (True, False, True)


def test_the_operator_settles_what_could_not_be_read(cast, sign_in, now):
    dropped(cast.city, now=now)
    (next(box().inside.iterdir()) / "letter.json").write_text("{")
    from jiyue.interaction.receiving import empty_box

    empty_box(now=now)
    row = SetAside.objects.get()
    client = sign_in(cast.operator)
    assert row.token in client.get("/").content.decode()
    assert row.token in client.get(reverse("console_letters_aside")).content.decode()
    answer = client.post(reverse("console_letter_aside", args=[row.pk]), {"outcome": "磁盘损坏，已请来信人重写"})
    assert answer.status_code == 302
    assert client.get(reverse("console_letter_aside", args=[row.pk])).status_code == 200
    assert sign_in(cast.city.manager).get(reverse("console_letters_aside")).status_code == 404


def listed(client, **question) -> list[str]:
    """The titles in the inbox, as they stand."""
    page = LexborHTMLParser(client.get(reverse("console_letters"), question).content)
    return [node.text(strip=True) for node in page.css(".jy-table__title a")]


@pytest.mark.req("INT-04")
def test_the_inbox_answers_by_state_kind_clock_unit_and_words(cast, case, desk, sign_in, now):
    due = timezone.now()
    for title, hours in (("早该答的信", -2), ("后天要答的信", 40), ("下周要答的信", 200)):
        of = letter(cast.city, now=now, title=title, kind="complaint")
        duty_for(of, due + timedelta(hours=hours))
    client = sign_in(desk.clerk)
    assert listed(client) == ["早该答的信", "后天要答的信", "下周要答的信", case.title]
    assert listed(client, tab="late") == listed(client, clock="late") == ["早该答的信"]
    assert listed(client, tab="all", clock="soon") == ["后天要答的信"]
    assert listed(client, tab="open", clock="unset", kind="enquiry") == [case.title]
    assert listed(client, state="accepted") == []
    assert listed(client, unit=cast.city.organisation.name[:3], q="下周") == ["下周要答的信"]
    assert listed(client, unit="别的单位") == []
    assert len(listed(client, tab="x", state="x", kind="x", clock="x")) == 4


def test_all_letters_come_newest_first_page_by_page(cast, desk, sign_in, now):
    first = letter(cast.city, now=now)
    rows = copied(first, 29)
    for n, row in enumerate(rows):
        row.received_at, row.title = now - timedelta(hours=n // 2), f"第{n}封"
    Case.objects.bulk_create(rows)
    wanted = list(Case.objects.order_by("-received_at", "-pk").values_list("title", flat=True))
    client = sign_in(desk.clerk)
    assert listed(client, tab="all") == wanted[:25]
    assert listed(client, tab="all", p=2) == wanted[25:]
    assert listed(client, tab="all", p=9) == wanted[25:]


def test_three_letters_and_thirty_take_the_same_number_of_statements(cast, desk, sign_in, now):
    def asked() -> int:
        with CaptureQueriesContext(connection) as told:
            client.get(reverse("console_letters"))
        return len(told)

    client = sign_in(desk.clerk)
    for n in range(3):
        duty_for(letter(cast.city, now=now, title=f"信{n}"), now + timedelta(days=n))
    asked()
    few = asked()
    Case.objects.bulk_create(copied(Case.objects.latest("pk"), 22))
    for one in Case.objects.select_related("desk__owner"):
        duty_for(one, now)
    assert (asked(), len(listed(client))) == (few, 25)


def test_the_top_of_a_letter_says_what_is_asked_who_had_it_and_what_comes_next(cast, case, desk, sign_in):
    Case.objects.filter(pk=case.pk).update(text=f"您好！湖滨路的站牌看不清。{'后来的话很长。' * 40}")
    top = LexborHTMLParser(page(sign_in(desk.clerk), case)).css_first(".cl-glance").text()
    assert "湖滨路的站牌看不清。" in top and "您好" not in top and len(top) < 600
    assert cast.city.organisation.name in top and "受理" in top
    assert "等信件受理人办理" in page(sign_in(desk.replier), case)


def duty_for(case: Case, due) -> None:
    """The duty to answer, as the engine would have made it, due at a moment of the test's choosing."""
    rule = Engine(now=case.clock_at).frozen(shipped().ruleset("hebi").answer("message.reply", case.clock_at.date()))
    Obligation.objects.update_or_create(
        parameter="message.reply", subject=f"letter:{case.pk}", started_at=case.clock_at,
        defaults={
            "source": "letters", "title": case.number, "site": case.desk, "unit": case.desk.owner,
            "recorded_at": case.clock_at, "due_at": due, "act_by": due, "remind_at": due, "rule": rule, "pack": "hebi",
        },
    )  # fmt: skip


def copied(case: Case, times: int) -> list[Case]:
    """More letters like this one."""
    fields = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields if field.name != "id"}
    return [Case(**{**fields, "number": f"COPY-{n}", "token": None}) for n in range(times)]
