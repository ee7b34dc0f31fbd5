"""在线访谈: the list, and the desk of one: questions are chosen and put there, and words are told live."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.files.thumbs import THUMB, thumb_of
from jiyue.console.interviews.forms import AmendForm, AsideForm, ChooseForm, SayForm, TakeBackForm
from jiyue.console.office.frame import attempt, paged
from jiyue.console.office.frame import page as office_page
from jiyue.console.rules import writes
from jiyue.console.stewardship.frame import done
from jiyue.content.models import Interview, Picture, Transcript
from jiyue.content.models.records import State
from jiyue.domain.campaigns import COMING, OPEN, OVER, standing
from jiyue.domain.interviews import HOST
from jiyue.interaction.campaigns.privacy import proposed, settings_of
from jiyue.interaction.interviews import actions
from jiyue.interaction.interviews.live import told, words_of
from jiyue.interaction.interviews.plans import Plan, Plans
from jiyue.interaction.interviews.policies import (
    fetch_interview_for,
    fetch_question_for,
    fetch_word_for,
    handled_interviews,
    visible_interviews,
)
from jiyue.interaction.models import InterviewQuestion, LiveWord, QuestionChoice

STANDINGS = {COMING: gettext_lazy("未开始"), OPEN: gettext_lazy("进行中"), OVER: gettext_lazy("已结束")}
TONES = {COMING: "hollow", OPEN: "full", OVER: "bar"}
PUBLIC = frozenset({State.PUBLISHED, State.SIGNED_OFF})
SHOWN_WORDS = 30
TABS = {
    "new": (gettext_lazy("还没看"), Q(choice=None)),
    "chosen": (gettext_lazy("已选"), Q(choice__state=QuestionChoice.State.CHOSEN)),
    "put": (gettext_lazy("已提出"), Q(choice__state=QuestionChoice.State.PUT)),
    "aside": (gettext_lazy("不用"), Q(choice__state=QuestionChoice.State.ASIDE)),
}


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Render one screen of interviews."""
    return office_page(request, template, folder="interviews", **context)


@require_GET
def interviews(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first, with how each stands and how many questions came."""
    rows = visible_interviews(request.user).select_related("site").defer("body")
    counted = rows.annotate(came=Count("public_questions", distinct=True), said=Count("live_words", distinct=True))
    shown = paged(request, counted.order_by("-opens_at", "-pk"))
    now = timezone.now()
    handled = set(
        handled_interviews(request.user).filter(pk__in=[one.pk for one in shown]).values_list("pk", flat=True)
    )
    made = {
        row.meeting_id: row for row in Transcript.objects.filter(meeting__in=[one.pk for one in shown]).defer("body")
    }
    for one in shown:
        one.words, one.tone = _standing(one, now)
        one.transcript, one.handled = made.get(one.pk), one.pk in handled
    return page(request, "interviews.html", rows=shown, may_write=writes(request.user))


def _standing(interview: Interview, now: Any) -> tuple[Any, str]:
    opens_at, closes_at = interview.opens_at, interview.closes_at
    if interview.state not in PUBLIC or opens_at is None or closes_at is None:
        return interview.get_state_display(), "hollow"
    code = standing(opens_at=opens_at, closes_at=closes_at, at=now)[0]
    return STANDINGS[code], TONES[code]


@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, interview: int) -> HttpResponse:
    """The desk: what the public asks on one side, what is said on the other."""
    found = fetch_interview_for(request.user, interview, handling=True)
    now = timezone.now()
    plan = Plans(found).at(now)
    act = request.POST.get("act", "")
    speakers = plan.speakers if plan else {HOST: found.host_name}
    form = SayForm(speakers=speakers, initial={"speaker": request.GET.get("speaker", HOST)})
    refusal: list[str] = []
    kept: Picture | None = None
    if request.method == "POST" and act in ("close", "transcript", "put"):
        try:
            return _acted(request, found, act)
        except (ValidationError, PermissionDenied) as refused:
            refusal = getattr(refused, "messages", None) or [str(refused)]
    elif request.method == "POST":
        form = SayForm(request.POST, request.FILES, speakers=speakers)
        kept = _kept(request, found, form)
        # The words alone are tried: a picture is drawn anew before its row is written.
        if done(form, lambda: _said(request, found, form, kept), trial=lambda: _tried(request, found, form)):
            messages.success(request, _("已发出。"))
            back = reverse("console_interview", args=[found.pk])
            return redirect(f"{back}?speaker={form.cleaned_data['speaker']}#say")
    answer = page(
        request, "desk.html", **_told(request, found, plan, form), refusal=refusal, kept=kept, kept_thumb=thumb_of(kept)
    )
    answer.status_code = 409 if refusal else 422 if form.is_bound else 200
    return answer


def _acted(request: HttpRequest, found: Interview, act: str) -> HttpResponse:
    now, back = timezone.now(), reverse("console_interview", args=[found.pk])
    if act == "close":
        actions.close(interview=found, by=request.user, now=now)
        messages.success(request, _("直播已经结束，读者的页面上写明了。下一步整理实录。"))
        return redirect(back)
    if act == "put":
        key = request.POST.get("question", "")
        asked = fetch_question_for(request.user, int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0)
        actions.put_question(question=asked, by=request.user, now=now)
        messages.success(request, _("已提出，读者看得到了。"))
        return redirect(f"{back}#say")
    made = actions.draw_up_transcript(interview=found, column=found.column, by=request.user, now=now)
    messages.success(request, _("实录的草稿已经整理好，请通读修改，然后送审。"))
    return redirect("console_edit", made.pk)


def _kept(request: HttpRequest, found: Interview, form: SayForm) -> Picture | None:
    """The picture that was chosen, now or before something else was refused: a browser does not send a file twice."""
    form.full_clean()
    upload = form.cleaned_data.get("picture")
    made: list[Picture | None] = []
    if upload:
        attempt(form, lambda: made.append(actions.keep_picture(
            interview=found, name=upload.name, data=upload.read(), title=form.cleaned_data.get("alt", ""), by=request.user,
            now=timezone.now(),
        )))  # fmt: skip
    elif form.cleaned_data.get("kept"):  # also where another one was chosen instead and refused
        made.append(actions.kept_picture(interview=found, upload=form.cleaned_data["kept"], by=request.user))
    return made[0] if made else None


def _said(request: HttpRequest, found: Interview, form: SayForm, picture: Picture | None) -> LiveWord:
    given = form.cleaned_data
    return actions.say(
        interview=found, speaker=given["speaker"], text=given["text"], picture=picture, alt=given["alt"],
        looked=given["looked"], by=request.user, now=timezone.now(),
    )  # fmt: skip


def _tried(request: HttpRequest, found: Interview, form: SayForm) -> None:
    if form.cleaned_data.get("text"):
        _said(request, found, form, None)


def _told(request: HttpRequest, found: Interview, plan: Plan | None, form: SayForm) -> dict[str, Any]:
    now, said = timezone.now(), told(found)
    tab = request.GET.get("tab", "new") if request.GET.get("tab") in TABS else "new"
    asked = InterviewQuestion.objects.filter(interview=found).select_related("choice")
    counts = {code: asked.filter(where).count() for code, (_label, where) in TABS.items()}
    words = list(reversed(words_of(said.rows, plan)))[:SHOWN_WORDS] if plan else []
    rows = {row.number: row for row in said.rows}
    thumbs = _thumbs(rows[one["n"]] for one in words if one["picture"])
    for one in words:
        one["pk"] = rows[one["n"]].pk
        one["thumb"] = thumbs.get(rows[one["n"]].picture.get("upload"), "") if one["picture"] else ""
    label, tone = _standing(found, now)
    return {
        "interview": found, "plan": plan, "form": form, "standing": label, "tone": tone, "broken": said.broken,
        "tabs": [(code, label, counts[code]) for code, (label, _where) in TABS.items()], "tab": tab,
        "questions": paged(request, asked.filter(TABS[tab][1]).order_by("pk")), "words": words,
        "records": plan is not None and plan.names(request.user.username), "is_open": plan is not None and plan.is_open(now),
        "has_ended": any(row.act == LiveWord.Act.CLOSE for row in said.rows), "has_words": bool(said.rows),
        "transcript": Transcript.objects.filter(meeting=found).defer("body").first(),
        "edit": reverse("console_path", args=[found.pk]),
    }  # fmt: skip


def _thumbs(rows: Iterable[LiveWord]) -> dict[int, str]:
    """Addresses of small copies by picture, asked for all at once."""
    keys = {row.picture["upload"] for row in rows if row.picture.get("upload")}
    found = Picture.objects.filter(pk__in=keys).prefetch_renditions(THUMB) if keys else ()
    return {picture.pk: thumb_of(picture) for picture in found}


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, interview_question: int) -> HttpResponse:
    """One question: chosen in words that may be public, or set aside with the reason."""
    found = fetch_question_for(request.user, interview_question)
    now, back = timezone.now(), reverse("console_interview", args=[found.interview_id])
    choice = getattr(found, "choice", None)
    words = (choice.words if choice else "") or proposed(found.text, settings_of(found.interview, now=now))
    asides = request.method == "POST" and request.POST.get("act") == "aside"
    choose = ChooseForm(request.POST if request.method == "POST" and not asides else None, initial={"words": words})
    aside = AsideForm(request.POST if asides else None, initial={"reason": choice.reason if choice else ""})
    if request.method == "POST":
        form, verb, sentence = _verb(found, choose, aside, asides, request)
        if done(form, verb):
            messages.success(request, sentence)
            return redirect(back)
    answer = page(
        request, "question.html", question=found, interview=found.interview, choose=choose, aside=aside, choice=choice,
        form=aside if asides else choose, back=back,
    )  # fmt: skip
    answer.status_code = 422 if request.method == "POST" else 200
    return answer


def _verb(
    found: InterviewQuestion, choose: ChooseForm, aside: AsideForm, asides: bool, request: HttpRequest
) -> tuple[BaseForm, Callable[[], object], str]:  # fmt: skip
    now, by = timezone.now(), request.user
    if asides:
        return aside, lambda: actions.set_question_aside(
            question=found, reason=aside.cleaned_data["reason"], by=by, now=now
        ), _("已标为不用。")  # fmt: skip
    return choose, lambda: actions.choose_question(
        question=found, words=choose.cleaned_data["words"], by=by, now=now
    ), _("已选用，直播时在“已选”里提出。")  # fmt: skip


@require_http_methods(["GET", "POST"])
def word(request: HttpRequest, live_word: int) -> HttpResponse:
    """One word: put right, or taken back."""
    found = fetch_word_for(request.user, live_word)
    now, by = timezone.now(), request.user
    back = reverse("console_interview", args=[found.interview_id])
    rows = (
        LiveWord.objects.filter(interview=found.interview_id, target=found.number)
        .select_related("by")
        .order_by("number")
    )
    last = next((row.text for row in reversed(rows) if row.act == LiveWord.Act.AMEND), found.text)
    backs = request.method == "POST" and request.POST.get("act") == "back"
    amend = AmendForm(request.POST if request.method == "POST" and not backs else None, initial={"text": last})
    take_back = TakeBackForm(request.POST if backs else None, prefix="back")
    if request.method == "POST":
        if backs:
            ok = done(take_back, lambda: actions.take_back(
                word=found, reason=take_back.cleaned_data["reason"], by=by, now=now
            ))  # fmt: skip
        else:
            ok = done(amend, lambda: actions.amend(word=found, by=by, now=now, **amend.cleaned_data))
        if ok:
            messages.success(request, _("已撤回。") if backs else _("已更正。"))
            return redirect(f"{back}#say")
    answer = page(
        request, "word.html", word=found, interview=found.interview, amend=amend, take_back=take_back, acts=rows, back=back,
        form=take_back if backs else amend, thumb=next(iter(_thumbs([found]).values()), ""),
    )  # fmt: skip
    answer.status_code = 422 if request.method == "POST" else 200
    return answer
