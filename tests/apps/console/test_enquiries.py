"""The duty desk: coming on duty, the queue, answering, handing over and ending, with and without script."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from jiyue.identity.models import User
from jiyue.interaction.enquiries import actions, desks
from jiyue.interaction.models import Enquiry, EnquiryDesk, EnquiryDuty, EnquiryFile, TextBlock
from tests.enquiries import Visitor, desk_of
from tests.letters import office

pytestmark = pytest.mark.django_db
DUTY = "console_enquiries"


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def people(cast, home):
    return office(cast.city, now=timezone.now())


@pytest.fixture
def desk(cast, people):
    return desk_of(cast.city, now=timezone.now())


@pytest.fixture
def visitor(cast, desk):
    return Visitor(cast.city.site.host)


def on_duty(desk: EnquiryDesk, who: User) -> EnquiryDuty:
    return desks.come_on_duty(desk=desk, by=who, now=timezone.now())


def taken(visitor: Visitor, desk: EnquiryDesk, who: User) -> Enquiry:
    on_duty(desk, who)
    return actions.take(enquiry=visitor.begin("老年卡在哪里换？", now=timezone.now()), by=who, now=timezone.now())


def address(enquiry: Enquiry) -> str:
    return reverse("console_enquiry", args=[enquiry.pk])


@pytest.mark.req("INT-16")
def test_an_officer_comes_on_duty_takes_and_answers(sign_in, people, desk, visitor):
    client = sign_in(people.clerk)
    assert "不在岗" in text(client.get(reverse(DUTY)))
    page = client.post(reverse(DUTY), {"act": "on", "desk": desk.pk}, follow=True)
    assert "值班员 1 号" in text(page)
    made = visitor.begin("老年卡在哪里换？", now=timezone.now())
    page = client.post(reverse(DUTY), {"act": "take", "enquiry": made.pk}, follow=True)
    assert "老年卡在哪里换？" in text(page) and page.redirect_chain[-1][0] == address(made)
    page = client.post(address(made), {"act": "answer", "text": "到街道便民服务中心。", "token": "e" * 32}, follow=True)
    assert "到街道便民服务中心。" in text(page) and visitor.texts[-1] == "到街道便民服务中心。"
    page = client.post(address(made), {"act": "end", "topic": "service", "subject": "换卡"}, follow=True)
    assert "已结束并登记" in text(page)
    assert "换卡" in text(client.get(reverse("console_enquiry_past")))
    page = client.post(reverse(DUTY), {"act": "off", "desk": desk.pk}, follow=True)
    assert "您已下岗" in text(page) and not EnquiryDuty.objects.filter(ended_at=None).exists()


def test_the_second_officer_is_told_who_was_first(sign_in, people, desk, visitor):
    made = taken(visitor, desk, people.clerk)
    on_duty(desk, people.handler)
    answer = sign_in(people.handler).post(reverse(DUTY), {"act": "take", "enquiry": made.pk})
    assert answer.status_code == 409 and "已经由值班员 1 号接待" in text(answer)


def test_news_bring_what_the_visitor_said_and_keep_the_officer_on_duty(sign_in, people, desk, visitor):
    made = taken(visitor, desk, people.clerk)
    EnquiryDuty.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    visitor.say("能代办吗？", now=timezone.now())
    client = sign_in(people.clerk)
    told = client.post(reverse("console_enquiry_news"), {"enquiry": made.pk, "upto": "2"}).json()
    assert "能代办吗？" in told["log"] and told["last"] == 3
    assert EnquiryDuty.objects.get().seen_at > timezone.now() - timedelta(minutes=1)
    elsewhere = client.post(reverse("console_enquiry_news"), {}).json()
    assert "1 条未读" in elsewhere["side"] and elsewhere["count"] == 1
    client.post(reverse("console_enquiry_news"), {"enquiry": made.pk, "upto": "3"})
    assert client.post(reverse("console_enquiry_news"), {}).json()["count"] == 0


def test_without_script_a_button_looks_and_keeps_what_is_typed(sign_in, people, desk, visitor):
    made = taken(visitor, desk, people.clerk)
    TextBlock.objects.create(site=desk.site, title="换卡", text="带身份证。", by=people.clerk, at=timezone.now())
    client = sign_in(people.clerk)
    block = TextBlock.objects.get().pk
    page = client.post(address(made), {"act": "insert", "text": "您好。", "block": block})
    assert page.status_code == 200 and "您好。\n带身份证。" in text(page)
    visitor.say("还在吗", now=timezone.now())
    page = client.post(address(made), {"act": "look", "text": "正在写"})
    assert page.status_code == 200 and "正在写" in text(page) and "还在吗" in text(page)


def test_a_refused_answer_stays_in_the_box(sign_in, people, desk, visitor):
    made = taken(visitor, desk, people.clerk)
    client = sign_in(people.clerk)
    page = client.post(address(made), {"act": "answer", "text": "打他手机 13812345678", "token": "e" * 32})
    assert page.status_code == 422 and "打他手机 13812345678" in text(page) and "确实要告诉来访人" in text(page)
    client.post(address(made), {"act": "answer", "text": "打他手机 13812345678", "token": "e" * 32, "looked": "on"})
    assert visitor.texts[-1].endswith("13812345678")
    page = client.post(address(made), {"act": "end", "topic": "", "text": ""})
    assert page.status_code == 422 and "请选择事项" in text(page)


def test_without_script_a_refused_handover_or_ending_keeps_the_answer_box(sign_in, people, desk, visitor):
    made = taken(visitor, desk, people.clerk)
    client = sign_in(people.clerk)
    shown = text(client.get(address(made)))
    assert "选填" not in shown.split('for="id_text"')[1].split("</label>")[0]
    typed = {"text": "还没发的话", "note": "问过两次", "subject": "换卡", "topic": "service"}
    for act, why in (("hand", "没发出的文字"), ("end", "没发出的文字"), ("look", "")):
        page = client.post(address(made), {"act": act, "to": "", **typed})
        assert page.status_code == (409 if why else 200) and why in text(page)
        assert all(words in text(page) for words in ("还没发的话", "问过两次", "换卡")), act
    refused = client.post(address(made), {"act": "end", "topic": "", "text": "", "subject": "换卡"})
    assert refused.status_code == 422 and "换卡" in text(refused)
    empty = client.post(address(made), {"act": "answer", "text": " ", "note": "问过两次"})
    assert empty.status_code == 422 and "请写回答" in text(empty) and "问过两次" in text(empty)
    assert not made.words.exclude(act__in=("say", "take")).exists()


def test_words_for_a_conversation_that_is_over_are_shown_to_be_copied(sign_in, people, desk, visitor):
    made = taken(visitor, desk, people.clerk)
    client = sign_in(people.clerk)
    visitor.say("", act="end", now=timezone.now())
    client.post(reverse("console_enquiry_news"), {})
    page = client.post(address(made), {"act": "answer", "text": "到街道办。", "token": "e" * 32})
    assert page.status_code in (409, 422)
    assert "没有发出的文字" in text(page) and "到街道办。" in text(page)
    assert "没有发出的文字" not in text(client.get(address(made)))


def test_a_visitor_is_handed_over(sign_in, people, desk, visitor):
    made = taken(visitor, desk, people.clerk)
    duty = on_duty(desk, people.handler)
    client = sign_in(people.clerk)
    assert people.handler.name in text(client.get(address(made)))
    client.post(address(made), {"act": "hand", "to": duty.pk, "note": "问过两次"})
    assert "问过两次" in text(sign_in(people.handler).get(address(made)))
    assert "问过两次" not in str(visitor.page)


def test_who_only_reads_sees_no_box(sign_in, people, desk, visitor, cast):
    made = taken(visitor, desk, people.clerk)
    for reader in (people.replier, cast.supervisor):
        page = sign_in(reader).get(address(made))
        assert "老年卡" in text(page) and 'name="text"' not in text(page)
        assert sign_in(reader).post(address(made), {"act": "answer", "text": "我说"}).status_code in (409, 422)
    for other in (cast.city.editor, cast.outside.editor, cast.auditor):
        assert sign_in(other).get(address(made)).status_code == 404
    assert "我说" not in visitor.texts


def test_the_manager_sets_the_desk(sign_in, people, cast):
    address = reverse("console_enquiry_desk", args=[cast.city.site.pk])
    client = sign_in(cast.city.manager)
    given = {
        "is_on": "on",
        "hours": "9:00-12:00",
        "title": "值班员",
        "idle_minutes": 10,
        "most_each": 2,
        "most_waiting": 5,
    }
    assert client.post(address, {**given, "hours": "上午"}).status_code == 422
    assert client.post(address, given).status_code == 302
    assert EnquiryDesk.objects.get().idle_minutes == 10
    assert "已开通" in text(client.get(address))
    assert sign_in(cast.outside.manager).get(address).status_code == 404
    assert sign_in(people.clerk).get(address).status_code == 404


def test_figures_and_their_table(sign_in, people, desk, visitor):
    taken(visitor, desk, people.clerk)
    client = sign_in(people.clerk)
    assert people.clerk.name in text(client.get(reverse("console_enquiry_statistics")))
    assert client.get(reverse("console_enquiry_statistics_export"))["Content-Type"].endswith("sheet")


PNG = b"\x89PNG\r\n\x1a\n" + b"canary" * 30


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.mark.req("INT-16")
def test_an_officer_hands_a_file_and_a_wrong_one_loses_nothing(sign_in, people, desk, visitor, cast):
    client, made = sign_in(people.clerk), taken(visitor, desk, people.clerk)
    given = {"act": "answer", "text": "请看附件", "token": "e" * 32}
    page = client.post(address(made), {**given, "attached": [upload("表.png", b"MZ"), upload("卡.png", PNG)]})
    assert page.status_code == 409 and "“表.png”其实是程序，不能接收" in text(page)
    assert "请看附件" in text(page) and "卡.png" in text(page) and "请看附件" not in visitor.texts
    page = client.post(address(made), {**given, "act": "end", "text": ""})  # what was chosen waits
    assert page.status_code == 409 and "没发出的文字或者附件" in text(page)
    page = client.post(address(made), given, follow=True)
    (told,) = visitor.page["words"][-1]["files"]
    assert told["name"] == "卡.png" and "请看附件" in visitor.texts and "已经收下的附件" not in text(page)
    file = EnquiryFile.objects.get()
    assert reverse("console_enquiry_file", args=[file.pk]) in text(page)
    answer = client.get(reverse("console_enquiry_file", args=[file.pk]))
    assert b"".join(answer.streaming_content) == PNG and "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert sign_in(cast.outside.manager).get(reverse("console_enquiry_file", args=[file.pk])).status_code in (403, 404)


def test_a_file_is_put_away_again_and_without_it_nothing_is_an_answer(sign_in, people, desk, visitor):
    client, made = sign_in(people.clerk), taken(visitor, desk, people.clerk)
    page = client.post(address(made), {"act": "look", "token": "e" * 32, "attached": [upload("卡.png", PNG)]})
    found = re.search(r'value="(remove:[0-9a-f]{16})"', text(page))[1]
    page = client.post(address(made), {"act": found, "token": "e" * 32, "text": "草稿"})
    assert page.status_code == 200 and "卡.png" not in text(page) and "草稿" in text(page)
    page = client.post(address(made), {"act": "answer", "token": "e" * 32, "text": ""})
    assert page.status_code == 422 and "请写回答" in text(page)


def test_a_file_for_a_conversation_that_is_over_is_told(sign_in, people, desk, visitor):
    client, made = sign_in(people.clerk), taken(visitor, desk, people.clerk)
    actions.end(enquiry=made, topic="other", subject="", by=people.clerk, now=timezone.now())
    page = client.post(
        address(made), {"act": "answer", "token": "e" * 32, "text": "", "attached": [upload("卡.png", PNG)]}
    )
    assert "没有发出" in text(page) and "卡.png" in text(page) and not EnquiryFile.objects.exists()
