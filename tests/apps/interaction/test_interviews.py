"""Words told live: through the signed plan and nothing else, kept with every change, public at once and after a kill."""

import io
import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from PIL import Image

from jiyue.config.letters import tell_live, tell_past
from jiyue.content.models import Transcript
from jiyue.domain.interviews import HOST, LATE, PUBLIC, guests_in
from jiyue.foundation.append_only import lifted
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.interviews import actions, live
from jiyue.interaction.models import InterviewQuestion, LiveWord, QuestionChoice
from jiyue.interaction.receiving import empty_box
from jiyue.publishing.publisher import Publisher
from tests.campaigns import address_of, contribution, signed
from tests.cast import structured
from tests.interviews import HOUR, interview_draft, interview_of
from tests.letters import box

pytestmark = pytest.mark.django_db
PHONE = "请打 13812345678 找我。"


def told(interview) -> dict:
    return json.loads(live.file_of(interview).read_bytes())


def texts(interview) -> list[str]:
    return [word["text"] for word in told(interview)["words"]]


def asked(interview, text: str, *, now, **how) -> InterviewQuestion | None:
    box().drop_contribution(contribution(interview, {"text": text}, now=now, **how))
    empty_box(now=now)
    return InterviewQuestion.objects.order_by("pk").last()


@pytest.fixture
def held(cast, now, home):
    return interview_of(cast.city, now=now)


def said(held, cast, now, text="大家好。", speaker=HOST, **how) -> LiveWord:
    return actions.say(interview=held, speaker=speaker, text=text, by=cast.city.editor, now=now, **how)


@pytest.mark.req("INT-14")
def test_a_word_is_public_when_the_verb_returns(held, cast, now):
    said(held, cast, now)
    said(held, cast, now, "今年十一月一日供暖。", speaker="guest1")
    page = told(held)
    assert [(word["who"], word["text"]) for word in page["words"]] == [
        ("林小满", "大家好。"), ("周明澄", "今年十一月一日供暖。"),
    ]  # fmt: skip
    assert page["seq"] == 2 and page["state"] == "on"
    assert cast.city.editor.username not in json.dumps(page)


@pytest.mark.req("INT-14")
def test_nobody_speaks_but_who_was_signed_and_when(held, cast, now):
    with pytest.raises(PermissionDenied, match="签发的公告里没有您"):
        actions.say(interview=interview_of(cast.city, now=now, recorders=["nobody"]), speaker=HOST, text="x",
                    by=cast.city.editor, now=now)  # fmt: skip
    for who in (cast.city.first, cast.outside.editor):
        with pytest.raises(PermissionDenied):
            actions.say(interview=held, speaker=HOST, text="大家好", by=who, now=now)
    early = interview_of(cast.city, now=now, opens_at=now + HOUR, title="还没开始的访谈")
    for one, moment in ((early, now), (held, held.closes_at + LATE)):
        with pytest.raises(PermissionDenied, match="不在直播时间"):
            said(one, cast, moment)
    draft = interview_draft(cast.city, now=now)
    with pytest.raises(PermissionDenied, match="还没有签发"):
        actions.say(interview=draft, speaker=HOST, text="大家好", by=cast.city.editor, now=now)
    with pytest.raises(ValidationError, match="谁说的"):
        said(held, cast, now, speaker="guest9")
    assert not LiveWord.objects.exists()


def test_a_changed_draft_gives_nobody_the_word(cast, now, home):
    """Who may speak is what was signed, not what stands in the row."""
    held = interview_of(cast.city, now=now, recorders=["nobody"])
    type(held).objects.filter(pk=held.pk).update(recorders=[cast.city.editor.username])
    held.refresh_from_db()
    with pytest.raises(PermissionDenied, match="签发的公告里没有您"):
        said(held, cast, now)


@pytest.mark.req("INT-14")
def test_a_word_is_amended_and_taken_back_in_sight_and_all_of_it_is_kept(held, cast, now):
    first, second = said(held, cast, now), said(held, cast, now, "供暖费每平方米五元。")
    actions.amend(word=second, text="供暖费每平方米四元五角。", reason="口误", by=cast.city.editor, now=now)
    actions.take_back(word=first, reason="重复", by=cast.city.editor, now=now)
    page = told(held)
    assert [(word["state"], word["text"], word["changed"]) for word in page["words"]] == [
        ("taken_back", "", 4), ("amended", "供暖费每平方米四元五角。", 3),
    ]  # fmt: skip
    assert "五元" not in live.file_of(held).read_text() and "口误" not in live.file_of(held).read_text()
    assert LiveWord.objects.get(number=2).text == "供暖费每平方米五元。"
    for act in (
        lambda: actions.take_back(word=first, reason="再来", by=cast.city.editor, now=now),
        lambda: actions.amend(word=second, text="x", reason=" ", by=cast.city.editor, now=now),
        lambda: actions.amend(word=second, text=" ", reason="空", by=cast.city.editor, now=now),
    ):
        with pytest.raises(ValidationError):
            act()
    codes = list(AuditEvent.objects.filter(code="interaction.live_word").order_by("pk").values_list("data", flat=True))
    assert [data["live_act"] for data in codes] == ["say", "say", "amend", "take_back"]
    assert "供暖费" not in json.dumps(codes, ensure_ascii=False)


def test_the_same_button_twice_says_it_once(held, cast, now):
    assert said(held, cast, now).pk == said(held, cast, now).pk
    assert len(texts(held)) == 1


def test_words_that_tell_of_a_person_are_sent_only_after_a_look(held, cast, now):
    with pytest.raises(actions.MaybePrivate, match="个人信息"):
        said(held, cast, now, PHONE)
    assert not LiveWord.objects.exists()
    said(held, cast, now, PHONE, looked=True)
    assert AuditEvent.objects.get(code="interaction.live_word").data["told"] is True


def test_who_sits_there_may_be_named(held, cast, now):
    said(held, cast, now, "今天我们请来了住建局的周明澄局长和许安湖主任，周局长先说。")
    with pytest.raises(actions.MaybePrivate):
        said(held, cast, now, "周明澄局长说，住在湖滨路的王小明 13812345678 反映过。")


def test_after_the_end_nothing_new_is_said(held, cast, now):
    word = said(held, cast, now)
    actions.close(interview=held, by=cast.city.editor, now=now)
    assert told(held)["state"] == "over"
    with pytest.raises(ValidationError, match="已经结束"):
        said(held, cast, now, "还有一句。")
    actions.amend(word=word, text="大家好！", reason="标点", by=cast.city.editor, now=now)
    assert texts(held) == ["大家好！"] and told(held)["state"] == "over"


@pytest.mark.req("INT-14")
def test_what_was_written_past_the_verbs_is_not_told(held, cast, now):
    first, second = said(held, cast, now), said(held, cast, now, "第二句。")
    said(held, cast, now, "第三句。")
    with lifted(), connection.cursor() as cursor:
        cursor.execute("update interaction_liveword set text = 'x' where id = %s", [second.pk])
    tell_live(now)
    assert texts(held) == [first.text] and told(held)["broken"] == 2
    assert AuditEvent.objects.get(code="interaction.live_refused").data["number"] == 2
    tell_live(now)
    assert AuditEvent.objects.filter(code="interaction.live_refused").count() == 1
    with pytest.raises(ValidationError, match="封印"):
        actions.draw_up_transcript(interview=held, column=held.column, by=cast.city.editor, now=held.closes_at + LATE)


def test_a_forged_row_at_the_end_is_not_told(held, cast, now):
    word = said(held, cast, now)
    facts = {name: getattr(word, name) for name in ("interview", "act", "speaker", "version", "recorder", "by", "at")}
    LiveWord.objects.create(**facts, number=2, text="假的", previous=word.seal, seal=word.seal)
    tell_live(now)
    assert texts(held) == ["大家好。"] and told(held)["broken"] == 2


@pytest.mark.req("INT-14")
def test_a_word_survives_the_process_that_wrote_it(held, cast, now, monkeypatch):
    """Killed between the commit and the file: the worker writes the file."""

    def killed(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(actions, "tell", killed)
        with pytest.raises(KeyboardInterrupt):
            said(held, cast, now)
    assert not live.file_of(held).exists()
    tell_live(now)
    assert texts(held) == ["大家好。"]
    before = live.file_of(held).stat().st_mtime_ns
    tell_live(now)
    assert live.file_of(held).stat().st_mtime_ns == before


def picture_of(held, cast, now):
    out = io.BytesIO()
    Image.new("RGB", (1600, 900), "navy").save(out, "JPEG")
    return actions.keep_picture(
        interview=held, name="现场.jpg", data=out.getvalue(), title="现场", by=cast.city.editor, now=now
    )  # fmt: skip


@pytest.mark.req("INT-14")
def test_a_question_of_the_minute_in_which_the_announcement_was_signed_is_kept(cast, now, home):
    held = interview_of(cast.city, now=now + timedelta(seconds=40))
    assert asked(held, "老小区提前供暖吗？", now=now).interview == held  # as the counter writes it, without seconds
    asked(held, "太早了吗？", now=now - timedelta(minutes=1))
    assert InterviewQuestion.objects.count() == 1


def test_a_picture_is_public_with_its_word_and_gone_with_it(held, cast, now):
    picture = picture_of(held, cast, now)
    with pytest.raises(ValidationError, match="看不见图片"):
        said(held, cast, now, "", picture=picture)
    word = said(held, cast, now, "", picture=picture, alt="演播室里的两位嘉宾")
    [shown] = told(held)["words"]
    file = live.file_of(held).with_name(shown["picture"]["name"])
    assert file.exists() and shown["picture"]["width"] == 1280
    actions.take_back(word=word, reason="拍到了证件", by=cast.city.editor, now=now)
    assert not file.exists() and told(held)["words"][0]["picture"] is None


def test_a_question_comes_in_once_is_chosen_in_public_words_and_put(held, cast, now):
    first = asked(held, PHONE + "老小区提前供暖吗？", now=now, token="a" * 32)
    asked(held, "另一个问题？", now=now, token="a" * 32)
    assert InterviewQuestion.objects.count() == 1
    by = cast.city.editor
    with pytest.raises(ValidationError, match="先选用"):
        actions.put_question(question=first, by=by, now=now)
    with pytest.raises(ValidationError, match="个人信息"):
        actions.choose_question(question=first, words=first.text, by=by, now=now)
    with pytest.raises(PermissionDenied):
        actions.choose_question(question=first, words="老小区提前供暖吗？", by=cast.outside.editor, now=now)
    actions.choose_question(question=first, words="老小区提前供暖吗？", by=by, now=now)
    assert not LiveWord.objects.exists()
    actions.put_question(question=first, by=by, now=now)
    [word] = told(held)["words"]
    assert word["public"] and word["text"] == "老小区提前供暖吗？" and LiveWord.objects.get().speaker == PUBLIC
    for again in (
        lambda: actions.put_question(question=first, by=by, now=now),
        lambda: actions.set_question_aside(question=first, reason="重复", by=by, now=now),
    ):
        with pytest.raises(ValidationError, match="已经提出"):
            again()
    second = asked(held, "广告广告广告", now=now)
    with pytest.raises(ValidationError):
        actions.set_question_aside(question=second, reason=" ", by=by, now=now)
    actions.set_question_aside(question=second, reason="广告", by=by, now=now)
    assert QuestionChoice.objects.get(question=second).state == QuestionChoice.State.ASIDE


def test_no_question_is_taken_that_was_not_asked_for(cast, now, home):
    shut = interview_of(cast.city, now=now, takes_questions=False)
    asked(shut, "收提问吗？", now=now)
    over = interview_of(cast.city, now=now - 9 * HOUR, title="已经过去的访谈")
    asked(over, "还收吗？", now=now)
    assert not InterviewQuestion.objects.exists()


@pytest.mark.req("INT-14")
def test_the_transcript_is_drawn_up_signed_and_takes_the_place_of_the_words(cast, now, home):
    structured(cast.city, now=now - HOUR)
    held = interview_of(cast.city, now=now)
    Publisher().publish(cast.city.site, now=now)
    by, after = cast.city.editor, held.closes_at + LATE
    said(held, cast, now, "供暖费<b>不变</b>。\n第二段。", speaker="guest1")
    word = said(held, cast, now, "说错了。")
    said(held, cast, now, "", picture=picture_of(held, cast, now), alt="演播室")
    with pytest.raises(ValidationError, match="还没有结束"):
        actions.draw_up_transcript(interview=held, column=held.column, by=by, now=now)
    actions.take_back(word=word, reason="口误", by=by, now=now)
    actions.close(interview=held, by=by, now=now)
    made = actions.draw_up_transcript(interview=held, column=held.column, by=by, now=now)
    blocks = made.body.get_prep_value()
    assert [block["type"] for block in blocks] == ["paragraph", "paragraph", "image"]
    assert "&lt;b&gt;" in blocks[0]["value"] and "说错了" not in json.dumps(blocks, ensure_ascii=False)
    again = actions.draw_up_transcript(interview=held, column=held.column, by=by, now=now)
    assert again.pk == made.pk and Transcript.objects.count() == 1
    tell_past(now)
    assert told(held)["state"] == "over" and told(held)["words"]
    signed(cast.city, made, now=after)
    Publisher().publish(cast.city.site, now=after)
    tell_past(after)
    page = told(held)
    assert page["state"] == "moved" and page["words"] == [] and page["transcript"] == address_of(made)
    assert not list(live.file_of(held).parent.glob("*.jpg"))


def test_guests_are_read_from_lines():
    assert [(guest.name, guest.post) for guest in guests_in("周明澄，局长、书记\n\n 许安湖 \n")] == [
        ("周明澄", "局长、书记"), ("许安湖", ""),
    ]  # fmt: skip
