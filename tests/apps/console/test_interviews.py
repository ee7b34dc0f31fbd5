"""The desk of an interview: questions are chosen and put there, words are told live, amended, ended, and made a transcript."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jiyue.content.actions import store_picture
from jiyue.content.models import Picture, Record, Transcript
from jiyue.interaction.models import InterviewQuestion, LiveWord, QuestionChoice
from tests.apps.interaction.test_interviews import asked, texts, told
from tests.interviews import interview_draft, interview_of
from tests.pictures import png

pytestmark = pytest.mark.django_db
PHONE = "请打 13812345678 找我。"


@pytest.fixture
def held(cast, home):
    """On the machine's clock, which is the screens'."""
    return interview_of(cast.city, now=timezone.now())


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.req("INT-14")
def test_from_a_question_to_the_transcript(cast, sign_in, held):
    now = timezone.now()
    question = asked(held, PHONE + "老小区提前供暖吗？", now=now)
    other = asked(held, "广告广告广告", now=now)
    client, desk = sign_in(cast.city.editor), reverse("console_interview", args=[held.pk])
    page = text(client.get(desk))
    assert "老小区提前供暖吗" in page and "还没看（2）" in page and "发出就公开" in page
    one = reverse("console_interview_question", args=[question.pk])
    shown = text(client.get(one))
    assert "×××" in shown and "13812345678" in shown
    refused = client.post(one, {"words": question.text})
    assert refused.status_code == 422 and "个人信息" in text(refused) and question.text in text(refused)
    assert client.post(one, {"words": "老小区提前供暖吗？"}).status_code == 302
    aside = reverse("console_interview_question", args=[other.pk])
    assert "请" in text(client.post(aside, {"act": "aside", "reason": ""}))
    assert client.post(aside, {"act": "aside", "reason": "广告"}).status_code == 302
    assert client.post(desk, {"speaker": "host", "text": "大家好。"}).status_code == 302
    assert client.post(desk, {"act": "put", "question": question.pk}).status_code == 302
    assert QuestionChoice.objects.get(question=question).state == "put"
    hint = client.post(desk, {"speaker": "guest1", "text": PHONE})
    assert hint.status_code == 422 and PHONE in text(hint) and "照发" in text(hint)
    assert client.post(desk, {"speaker": "guest1", "text": PHONE, "looked": "on"}).status_code == 302
    assert texts(held) == ["大家好。", "老小区提前供暖吗？", PHONE]
    assert "还没有结束" in text(client.post(desk, {"act": "transcript"}))
    assert client.post(desk, {"act": "close"}).status_code == 302
    assert client.post(desk, {"speaker": "host", "text": "还有"}).status_code == 422
    made = client.post(desk, {"act": "transcript"})
    transcript = Transcript.objects.get()
    assert made["Location"] == reverse("console_edit", args=[transcript.pk])
    assert "供暖" in str(transcript.body)


def test_a_word_is_put_right_and_taken_back(cast, sign_in, held):
    client, desk = sign_in(cast.city.editor), reverse("console_interview", args=[held.pk])
    client.post(desk, {"speaker": "host", "text": "五元。"})
    one = reverse("console_live_word", args=[LiveWord.objects.get().pk])
    empty = client.post(one, {"text": "四元。", "reason": ""})
    assert empty.status_code == 422 and "四元。" in text(empty)
    assert client.post(one, {"text": "四元。", "reason": "口误"}).status_code == 302
    assert texts(held) == ["四元。"] and "五元。" in text(client.get(one)) and "口误" in text(client.get(one))
    assert client.post(one, {"act": "back", "back-reason": ""}).status_code == 422
    assert client.post(one, {"act": "back", "back-reason": "重复"}).status_code == 302
    assert told(held)["words"][0]["state"] == "taken_back"
    assert client.post(one, {"act": "back", "back-reason": "再来"}).status_code == 422


def test_a_picture_needs_words_and_a_program_is_none(cast, sign_in, held):
    client, desk = sign_in(cast.city.editor), reverse("console_interview", args=[held.pk])
    good = SimpleUploadedFile("a.png", png(), "image/png")
    lacks = client.post(desk, {"speaker": "host", "text": "", "picture": good, "alt": ""})
    assert lacks.status_code == 422 and "看不见图片" in text(lacks)
    bad = SimpleUploadedFile("a.png", b"MZ" + b"\0" * 200, "image/png")
    assert client.post(desk, {"speaker": "host", "text": "看图", "picture": bad, "alt": "演播室"}).status_code == 422
    assert not LiveWord.objects.exists()
    good.seek(0)
    assert client.post(desk, {"speaker": "host", "text": "", "picture": good, "alt": "演播室"}).status_code == 302
    assert told(held)["words"][0]["picture"]["alt"] == "演播室"


def test_a_picture_that_was_chosen_is_not_chosen_twice_and_not_told_twice(cast, sign_in, held):
    client, desk = sign_in(cast.city.editor), reverse("console_interview", args=[held.pk])

    def upload():
        return SimpleUploadedFile("a.png", png(), "image/png")

    hinted = client.post(desk, {"speaker": "host", "text": PHONE, "picture": upload(), "alt": ""})
    page = text(hinted)
    assert hinted.status_code == 422 and "图片已经收到" in page and "看不见图片" in page
    kept = re.search(r'name="kept" value="(\d+)"', page)[1]
    said = {"speaker": "host", "text": PHONE, "alt": "演播室", "looked": "on"}
    assert client.post(desk, {**said, "kept": kept}).status_code == 302
    assert told(held)["words"][0]["picture"]["alt"] == "演播室" and Picture.objects.count() == 1
    for _time in range(2):
        client.post(desk, {**said, "text": "看图。", "picture": upload()})
    assert texts(held) == [PHONE, "看图。"]
    page = text(client.get(desk))
    assert page.count("<img") >= 2 and "<img" in text(client.get(re.search(r"/interviews/words/\d+/", page)[0]))


def test_the_desk_asks_for_all_its_pictures_at_once(cast, sign_in, held, django_assert_max_num_queries):
    client, desk = sign_in(cast.city.editor), reverse("console_interview", args=[held.pk])

    def tell(n: int) -> None:
        picture = SimpleUploadedFile("a.png", png(), "image/png")
        given = {"speaker": "host", "text": f"看第 {n} 张。", "picture": picture, "alt": f"第 {n} 张"}
        assert client.post(desk, given).status_code == 302
        client.get(desk)  # small copies are made when they are first seen

    tell(1)
    with CaptureQueriesContext(connection) as one:
        client.get(desk)
    asked_for = len(one)  # later requests forget these
    for n in (2, 3, 4):
        tell(n)
    with django_assert_max_num_queries(asked_for):
        assert text(client.get(desk)).count("<img") >= 4


def test_a_picture_of_somebody_else_is_not_taken_and_a_damaged_one_is_told(cast, sign_in, held):
    now = timezone.now()
    theirs = store_picture(
        site=cast.outside.site, name="a.png", data=png(), title="别人的", by=cast.outside.editor, now=now
    )
    client, desk = sign_in(cast.city.editor), reverse("console_interview", args=[held.pk])
    assert client.post(desk, {"speaker": "host", "text": "", "alt": "x", "kept": theirs.pk}).status_code == 422
    assert client.post(desk, {"speaker": "host", "text": "", "alt": "x", "kept": "x" * 40}).status_code == 422
    for data in (png()[:40], b"\x89PNG\r\n\x1a\n" + b"\0" * 60):
        broken = SimpleUploadedFile("a.png", data, "image/png")
        refused = client.post(desk, {"speaker": "host", "text": "看图", "alt": "x", "picture": broken})
        assert refused.status_code == 422 and "打不开" in text(refused) and "看图" in text(refused)
    assert not LiveWord.objects.exists() and Picture.objects.count() == 1


def test_who_is_not_named_reads_why_and_others_find_nothing(cast, sign_in, home):
    now = timezone.now()
    alone = interview_of(cast.city, now=now, recorders=["nobody"])
    page = text(sign_in(cast.city.editor).get(reverse("console_interview", args=[alone.pk])))
    assert "签发的公告里没有您" in page and "发出就公开" not in page
    listed = text(sign_in(cast.city.first).get(reverse("console_interviews")))
    assert alone.title in listed and "进行中" in listed
    for who in (cast.city.first, cast.outside.editor):
        assert sign_in(who).get(reverse("console_interview", args=[alone.pk])).status_code in (403, 404)
    assert "还没有访谈" in text(sign_in(cast.outside.editor).get(reverse("console_interviews")))


def test_before_it_is_signed_the_desk_says_so(cast, sign_in, home):
    now = timezone.now()
    made = interview_draft(cast.city, now=now, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    page = text(sign_in(cast.city.editor).get(reverse("console_interview", args=[made.pk])))
    assert "公告签发公布以后" in page and "草稿" in page
    assert not InterviewQuestion.objects.exists()


def test_the_editor_offers_the_people_who_write_for_the_site(cast, sign_in, home):
    made = interview_draft(cast.city, now=timezone.now())
    page = text(sign_in(cast.city.editor).get(reverse("console_edit", args=[made.pk]), follow=True))
    assert 'name="recorders"' in page and cast.city.editor.username in page and str(Record.Kind.INTERVIEW.label) in page
    assert cast.outside.editor.username not in page
