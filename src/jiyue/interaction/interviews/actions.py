"""What staff does at an interview: choose questions, put them, tell live what is said, correct it, draw up the transcript."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from jiyue.content.actions import create_record, refuse_locked, save_draft, store_picture
from jiyue.content.file_types import refuse_disguised
from jiyue.content.models import Column, Interview, Picture, Record, Transcript
from jiyue.content.snapshots import redrawn
from jiyue.domain.events import Event
from jiyue.domain.interviews import LATE, LONGEST_QUESTION, LONGEST_WORDS, PUBLIC
from jiyue.domain.letters import tidied
from jiyue.foundation.audit import record
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.identity.models import User
from jiyue.interaction.campaigns.privacy import refuse_private
from jiyue.interaction.interviews.events import LiveWordWritten, QuestionChosen, QuestionSetAside, TranscriptDrawnUp
from jiyue.interaction.interviews.live import seal_word, tell, told, words_of
from jiyue.interaction.interviews.plans import Plan, Plans
from jiyue.interaction.interviews.policies import refuse_others
from jiyue.interaction.models import InterviewQuestion, LiveWord, QuestionChoice

LONGEST_REASON = 200
MOST_PIXELS = 50_000_000
SENT_TWICE = timedelta(seconds=10)
Act = LiveWord.Act


class MaybePrivate(ValidationError):
    """The words look as if they told of a person; whoever has looked may send them all the same."""


# ── questions of the public ──


@transaction.atomic
def choose_question(*, question: InterviewQuestion, words: str, by: User, now: datetime) -> QuestionChoice:
    """Keep a question to be put, in words that may be public. Raises PermissionDenied; ValidationError when they tell of
    a person or when it was put already.
    """
    refuse_others(by, question.interview)
    words = tidied(words)
    if not words:
        raise ValidationError({"words": _("请写要提出的问题")})
    if len(words) > LONGEST_QUESTION:
        raise ValidationError({"words": _("最多 %(n)d 个字") % {"n": LONGEST_QUESTION}})
    refuse_private("words", _unseated(question.interview, words, now), question.interview, now=now)
    _refuse_put(question)
    row = _chosen(question, by, now, state=QuestionChoice.State.CHOSEN, words=words, reason="")
    _trace(QuestionChosen, question.interview, by, now, number=question.pk)
    return row


@transaction.atomic
def set_question_aside(*, question: InterviewQuestion, reason: str, by: User, now: datetime) -> QuestionChoice:
    """A question is not put; why, stays with it. Raises PermissionDenied, ValidationError."""
    refuse_others(by, question.interview)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("请写明为什么不用，%(n)d 个字以内") % {"n": LONGEST_REASON}})
    _refuse_put(question)
    row = _chosen(question, by, now, state=QuestionChoice.State.ASIDE, words="", reason=reason)
    _trace(QuestionSetAside, question.interview, by, now, number=question.pk, reason=reason)
    return row


def put_question(*, question: InterviewQuestion, by: User, now: datetime) -> LiveWord:
    """Put a chosen question to the guests: it is told live as the words of the public. Raises as `say`."""
    choice = QuestionChoice.objects.filter(question=question).first()
    if choice is None or choice.state == QuestionChoice.State.ASIDE:
        raise ValidationError(_("先选用这个问题，再提出"))
    with transaction.atomic():
        _refuse_put(question)
        word = _write(
            question.interview, Act.SAY, by, now, speaker=PUBLIC, text=choice.words, question=question
        )  # fmt: skip
        _chosen(question, by, now, state=QuestionChoice.State.PUT, words=choice.words, reason="")
    tell(question.interview, now=now)
    return word


def _refuse_put(question: InterviewQuestion) -> None:
    if QuestionChoice.objects.filter(question=question, state=QuestionChoice.State.PUT).exists():
        raise ValidationError(_("这个问题已经提出了，不能再改；说错了请撤回直播里的那一条"))


def _chosen(question: InterviewQuestion, by: User, now: datetime, **facts: Any) -> QuestionChoice:
    row, _new = QuestionChoice.objects.update_or_create(question=question, defaults={**facts, "by": by, "at": now})
    return row


# ── words told live ──


def say(
    *, interview: Interview, speaker: str, text: str, by: User, now: datetime, picture: Picture | None = None,
    alt: str = "", looked: bool = False,
) -> LiveWord:  # fmt: skip
    """Tell live what somebody said; it is public when this returns.

    Raises PermissionDenied for who is not named in the signed plan or outside its window; MaybePrivate unless `looked`;
    ValidationError when there is nothing to tell.
    """
    text = tidied(text)
    shown = _frozen(interview, picture, alt.strip())
    if not text and not shown:
        raise ValidationError({"text": _("请写说了什么，或者选一张图片")})
    hinted = _refuse_hints(interview, text, now, looked=looked)
    with transaction.atomic():
        plan = _plan_for(interview, by, now)
        if speaker not in plan.speakers:
            raise ValidationError({"speaker": _("请选择是谁说的")})
        same = _said_just_now(interview, speaker, text, shown, by, now)
        if same is not None:
            return same
        word = _write(interview, Act.SAY, by, now, speaker=speaker, text=text, picture=shown, told=hinted)
    tell(interview, now=now)
    return word


def amend(*, word: LiveWord, text: str, reason: str, by: User, now: datetime, looked: bool = False) -> LiveWord:
    """Put right what stands there; the first wording is kept, and readers see that it was changed. Raises as `say`."""
    text = tidied(text)
    if not text:
        raise ValidationError({"text": _("请写更正后的文字；整条不要了请撤回")})
    hinted = _refuse_hints(word.interview, text, now, looked=looked)
    return _about(word, Act.AMEND, reason, by, now, text=text, told=hinted)


def take_back(*, word: LiveWord, reason: str, by: User, now: datetime) -> LiveWord:
    """Take words and picture out of sight; readers see that something was taken back. Raises as `say`."""
    return _about(word, Act.TAKE_BACK, reason, by, now)


def close(*, interview: Interview, by: User, now: datetime) -> LiveWord:
    """End the live words; nothing follows but amending and taking back. Raises PermissionDenied, ValidationError."""
    with transaction.atomic():
        if LiveWord.objects.filter(interview=interview, act=Act.CLOSE).exists():
            raise ValidationError(_("直播已经结束"))
        word = _write(interview, Act.CLOSE, by, now)
    tell(interview, now=now)
    return word


def _about(word: LiveWord, act: str, reason: str, by: User, now: datetime, **facts: Any) -> LiveWord:
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("请写明原因，%(n)d 个字以内；原因留存，不公开") % {"n": LONGEST_REASON}})
    with transaction.atomic():
        back = LiveWord.objects.filter(interview=word.interview_id, target=word.number, act=Act.TAKE_BACK)
        if word.act != Act.SAY or back.exists():
            raise ValidationError(_("这一条已经撤回，不能再改"))
        made = _write(word.interview, act, by, now, target=word.number, reason=reason, **facts)
    tell(word.interview, now=now)
    return made


def _write(
    interview: Interview, act: str, by: User, now: datetime, *, told: bool = False, **facts: Any
) -> LiveWord:  # fmt: skip
    """One sealed row after the last one. Inside a transaction; one writer at a time for each interview."""
    refuse_others(by, interview)
    plan = _plan_for(interview, by, now)
    Record.objects.select_for_update().get(pk=interview.pk)
    last = LiveWord.objects.filter(interview=interview).order_by("-number").first()
    if act == Act.SAY and LiveWord.objects.filter(interview=interview, act=Act.CLOSE).exists():
        raise ValidationError(_("直播已经结束，不能再发新的；说错的还可以更正或者撤回"))
    if len(facts.get("text", "")) > LONGEST_WORDS:
        raise ValidationError({"text": _("最多 %(n)d 个字") % {"n": LONGEST_WORDS}})
    word = LiveWord(
        interview=interview, number=last.number + 1 if last else 1, act=act, by=by, recorder=by.username, at=now,
        version=plan.version, previous=last.seal if last else "", **facts,
    )  # fmt: skip
    seal_word(word)
    word.save()
    _trace(
        LiveWordWritten, interview, by, now, live_act=act, number=word.number, target=word.target, reason=word.reason,
        told=told,
    )  # fmt: skip
    return word


def _plan_for(interview: Interview, by: User, now: datetime) -> Plan:
    """The signed plan, if it lets this person speak at this moment. Raises PermissionDenied, SignOffRefused."""
    plan = Plans(interview).at(now)
    if plan is None or not plan.detail["has_live"]:
        raise PermissionDenied(_("访谈的公告还没有签发公布，或者没有安排文字直播"))
    if not plan.names(by.username):
        raise PermissionDenied(_("签发的公告里没有您，您不能发直播文字；要换人请更正公告并重新签发"))
    if not plan.is_open(now):
        raise PermissionDenied(_("现在不在直播时间里：从访谈开始前 15 分钟到结束后 60 分钟可以发"))
    return plan


def _refuse_hints(interview: Interview, text: str, now: datetime, *, looked: bool) -> bool:
    """Whether the words were hinted at as telling of a person. Raises MaybePrivate unless somebody has `looked`."""
    try:
        refuse_private("text", _unseated(interview, text, now), interview, now=now)
    except ValidationError as hint:
        if not looked:
            raise MaybePrivate(hint.message_dict) from hint
        return True
    return False


def _unseated(interview: Interview, text: str, now: datetime) -> str:
    plan = Plans(interview).at(now)
    return plan.without_seated(text) if plan else text


def _said_just_now(
    interview: Interview, speaker: str, text: str, picture: dict[str, Any], by: User, now: datetime
) -> LiveWord | None:
    """The same words of the same person a moment ago: a button that was pressed twice."""
    last = LiveWord.objects.filter(interview=interview, act=Act.SAY, by=by).order_by("-number").first()
    if last is None or now - last.at > SENT_TWICE:
        return None
    same = (last.speaker, last.text, _looks(last.picture)) == (speaker, text, _looks(picture))
    return last if same else None


def _looks(picture: dict[str, Any]) -> dict[str, Any]:
    """What readers see of it; the same picture sent twice is two uploads."""
    return {name: value for name, value in picture.items() if name != "upload"}


def _frozen(interview: Interview, picture: Picture | None, alt: str) -> dict[str, Any]:
    """A picture drawn anew, without what a camera writes into it, kept under its digest. Raises ValidationError."""
    if picture is None:
        return {}
    if picture.site_id != interview.site_id:
        raise ValidationError({"picture": _("图片不属于本网站，请重新选择")})
    if not alt:
        raise ValidationError({"alt": _("请写图片里是什么，看不见图片的人靠这句话知道")})
    data, width, height, ending = redrawn(picture)
    digest = ObjectStore(Home(settings.JIYUE_HOME)).put(data)
    return {
        "digest": digest,
        "ending": ending,
        "width": width,
        "height": height,
        "alt": alt[:200],
        "upload": picture.pk,
    }


def kept_picture(*, interview: Interview, upload: int, by: User) -> Picture | None:
    """A picture that this person uploaded for this site before; None where there is no such one."""
    return Picture.objects.filter(pk=upload, site=interview.site_id, uploaded_by_user=by).first()


def keep_picture(*, interview: Interview, name: str, data: bytes, title: str, by: User, now: datetime) -> Picture:
    """Keep an uploaded image as a private file of the site. Raises PermissionDenied, ValidationError."""
    refuse_others(by, interview)
    _plan_for(interview, by, now)
    try:
        refuse_disguised(name=name, data=data, images_only=True)
        _refuse_undrawable(data)
        return store_picture(site=interview.site, name=name, data=data, title=title[:200] or name[:200], by=by, now=now)
    except ValidationError as refused:
        raise ValidationError({"picture": refused.messages}) from refused


def _refuse_undrawable(data: bytes) -> None:
    """A picture is drawn anew before readers get it; one that is damaged, or would fill the memory, is refused first."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError({"picture": _("图片的尺寸太大，请缩小后再选")})
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError({"picture": _("这张图片打不开，请换一张")}) from error


# ── the transcript ──


@transaction.atomic
def draw_up_transcript(*, interview: Interview, column: Column, by: User, now: datetime) -> Transcript:
    """A draft of the transcript with the words as they stand now, or the draft that there is anew.

    Raises PermissionDenied, RecordLocked while one is under review; ValidationError before the end, and while a word does
    not hold.
    """
    refuse_others(by, interview)
    plan = Plans(interview).at(now)
    said = told(interview)
    if plan is None or not said.rows:
        raise ValidationError(_("还没有直播文字；没有直播的访谈，请直接新建“访谈实录”"))
    if said.broken:
        raise ValidationError(_("第 %(n)d 条起的直播文字与封印不符，请先查明") % {"n": said.broken})
    if (
        said.rows[-1].act != Act.CLOSE
        and not any(row.act == Act.CLOSE for row in said.rows)
        and now < plan.closes_at + LATE
    ):
        raise ValidationError(_("直播还没有结束，结束以后才能整理实录"))
    found = Transcript.objects.filter(meeting=interview).order_by("pk").first()
    if found is None:
        title = _("“%(title)s”访谈实录") % {"title": interview.title}
        made = create_record(
            kind=Record.Kind.TRANSCRIPT, column=column, by=by, now=now, title=title[:200], source=interview.source,
            responsible=interview.responsible, meeting=interview, summary=interview.purpose[:500],
        )  # fmt: skip
        found = Transcript.objects.get(pk=made.pk)
    else:
        refuse_locked(found)
    found.body = found.body.stream_block.to_python(_blocks(said.rows, plan))
    found.live_digest = said.rows[-1].seal.partition(":")[2]
    save_draft(record=found, by=by, now=now)
    words = len(said.rows)
    _trace(TranscriptDrawnUp, interview, by, now, transcript=str(found.identity), number=words)
    return found


def _blocks(rows: tuple[LiveWord, ...], plan: Plan) -> list[dict[str, Any]]:
    uploads = {row.number: row.picture for row in rows if row.picture}
    blocks: list[tuple[str, Any]] = []
    for word in words_of(rows, plan):
        if word["state"] == "taken_back":
            continue
        parts = [escape(part, quote=False) for part in word["text"].split("\n") if part.strip()]
        first, *others = parts or [""]
        blocks.append(
            ("paragraph", f"<p><b>{escape(word['who'])}：</b>{first}</p>" + "".join(f"<p>{p}</p>" for p in others))
        )
        if word["picture"] and Picture.objects.filter(pk=uploads[word["n"]]["upload"]).exists():
            kept = uploads[word["n"]]
            blocks.append(("image", {"image": kept["upload"], "alt": kept["alt"], "decorative": False, "caption": ""}))
    return [{"type": kind, "value": value, "id": str(uuid4())} for kind, value in blocks]


def _trace(event: Callable[..., Event], interview: Interview, by: User, now: datetime, **facts: Any) -> None:
    subject, site = f"record:{interview.identity}", interview.site.host
    record(event(subject=subject, site=site, title=interview.title, **facts), by=by.actor(), at=now)
