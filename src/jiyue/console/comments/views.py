"""评论: the queue, the oldest first, and one comment with everything that may be done about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiyue.console.comments.forms import BulkForm, HideForm, RefuseForm, ReplyForm, ReturnForm, ShowForm
from jiyue.console.office.frame import page as office_page
from jiyue.console.office.frame import paged
from jiyue.console.stewardship.frame import done
from jiyue.interaction.campaigns.privacy import proposed, settings_of
from jiyue.interaction.comments import deciding, examining
from jiyue.interaction.comments.orders import order_of
from jiyue.interaction.comments.policies import fetch_comment_for, may_keep, may_review_replies, visible_comments
from jiyue.interaction.comments.queries import Keeping, hints_of, waiting_for
from jiyue.interaction.models import Comment, CommentStanding
from jiyue.publishing.models import LISTED, PublicItem

S, R = CommentStanding.State, CommentStanding.Reply
TONES = {S.WAITING: "hollow", S.SHOWN: "full", S.REFUSED: "bar", S.HIDDEN: "bar", S.WITHDRAWN: "back"}
MOST_AT_ONCE = 100
DOUBTFUL = "doubtful"  # a tab of its own: shown, and the nightly look found something


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Render one screen of comments and votes."""
    return office_page(request, template, folder="comments", **context)


@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest) -> HttpResponse:
    """All comments of the sites whose letters one reads; what waits comes first, the oldest on top."""
    every = visible_comments(request.user)
    if request.method == "POST":
        return _bulk(request)
    doubtful = examining.doubtful(every)
    counts = {state: every.filter(standing__state=state).count() for state in S}
    tabs = [(state, state.label, counts[state]) for state in S]
    tabs.insert(1, (DOUBTFUL, _("复查有疑问"), doubtful.count()))
    tab = request.GET.get("tab") if request.GET.get("tab") in (*S.values, DOUBTFUL) else S.WAITING
    rows = doubtful if tab == DOUBTFUL else every.filter(standing__state=tab)
    rows = rows.order_by("pk" if tab in (S.WAITING, DOUBTFUL) else "-pk")
    shown = paged(request, rows)
    kept, settings = Keeping(request.user), {}
    for row in shown:
        if row.site_id not in settings:
            settings[row.site_id] = settings_of(row.record, now=timezone.now())
        row.hints = list(hints_of(row, settings[row.site_id])) if tab in (S.WAITING, DOUBTFUL) else []
        row.is_mine = tab == S.WAITING and kept.keeps(row.record)
        row.tone = TONES[row.standing.state]
    return page(
        request, "comments.html", rows=shown, tab=tab, tabs=tabs, query=f"tab={tab}",
        night=examining.last_night(every.order_by().values("site")), grounds=BulkForm().fields["ground"].choices,
        acts=any(row.is_mine for row in shown),
    )  # fmt: skip


def _bulk(request: HttpRequest) -> HttpResponse:
    """One act for each ticked comment by itself: what is not hers, or needs a look, is left and told."""
    form, back = BulkForm(request.POST), reverse("console_comments")
    keys = [int(key) for key in request.POST.getlist("comment") if key.isdecimal() and len(key) < 18][:MOST_AT_ONCE]
    ticked = list(visible_comments(request.user).filter(pk__in=keys).order_by("pk"))
    if not form.is_valid() or not ticked or (form.cleaned_data["act"] == "refuse" and not form.cleaned_data["ground"]):
        messages.error(request, _("请先勾选评论；选“不显示”的还要选原因"))
        return redirect(back)
    done_ones, left = 0, []
    for row in ticked:
        try:
            _one(row, form.cleaned_data, request)
            done_ones += 1
        except (ValidationError, PermissionDenied) as refused:
            left.append(f"{row.number}：{'；'.join(getattr(refused, 'messages', None) or [str(refused)])}")
    if done_ones:
        messages.success(request, _("已处理 %(n)d 条。") % {"n": done_ones})
    if left:
        messages.warning(
            request, _("%(n)d 条没有处理，请逐条看：%(what)s") % {"n": len(left), "what": " ".join(left[:5])}
        )
    return redirect(back)


def _one(row: Comment, given: dict[str, Any], request: HttpRequest) -> None:
    if given["act"] == "show":
        deciding.show(comment=row, words=row.text, by=request.user, now=timezone.now())
    else:
        deciding.refuse(comment=row, ground=given["ground"], by=request.user, now=timezone.now())


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, comment: int) -> HttpResponse:
    """One comment: what was written, hints, what may be done, and everything that was."""
    found = fetch_comment_for(request.user, comment)
    now = timezone.now()
    settings = settings_of(found.record, now=now)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = _forms(request, found, act, proposed(found.text, settings))
    verbs = _verbs(request, found, forms)
    refusal: list[str] = []
    plain: dict[str, tuple[Callable[..., object], str]] = {
        "approve": (partial(deciding.approve_reply, draft=_draft(request)), _("回应已公开。")),
        "stand": (partial(examining.let_stand, seen=request.POST.getlist("seen")), _("已记下，评论照旧显示。")),
    }
    if request.method == "POST" and act in plain:
        verb, said = plain[act]
        try:
            verb(comment=found, by=request.user, now=now)
            messages.success(request, said)
            return _next(request)
        except (ValidationError, PermissionDenied) as refused:
            refusal = getattr(refused, "messages", None) or [str(refused)]
    elif act in verbs and done(forms[act], verbs[act]):
        messages.success(request, _("已处理。"))
        return _next(request)
    # Somebody may have been quicker: what stands there now is read anew.
    found = fetch_comment_for(request.user, comment)
    order, draft = order_of(found.record, now), deciding.drafted(found)
    item = PublicItem.objects.filter(identity=found.record.identity, placed_by=None, state__in=LISTED).first()
    answer = page(
        request, "comment.html", comment=found, standing=found.standing, tone=TONES[found.standing.state], forms=forms,
        form=forms.get(act), refusal=refusal, hints=list(hints_of(found, settings)), order=order, draft=draft, item=item,
        keeps=may_keep(request.user, found.record, order), reviews=may_review_replies(request.user, found.record),
        doubts=examining.open_doubts(found), acts=found.acts.select_related("by").order_by("number"),
        named=order.facts["named"] if order else "",
    )  # fmt: skip
    answer.status_code = 409 if refusal else 422 if request.method == "POST" else 200
    return answer


def _forms(request: HttpRequest, found: Comment, act: str, words: str) -> dict[str, BaseForm]:
    def made(name: str, form: type[BaseForm], **initial: str) -> BaseForm:
        return form(request.POST if act == name else None, prefix=name, initial=initial)

    draft = deciding.drafted(found)
    reply = draft.words if draft and found.standing.reply == R.RETURNED else ""
    return {
        "show": made("show", ShowForm, words=words), "refuse": made("refuse", RefuseForm), "hide": made("hide", HideForm),
        "reply": made("reply", ReplyForm, text=reply), "return": made("return", ReturnForm),
    }  # fmt: skip


def _verbs(request: HttpRequest, found: Comment, forms: dict[str, BaseForm]) -> dict[str, Callable[[], object]]:
    who = {"comment": found, "by": request.user, "now": timezone.now()}
    verbs: dict[str, Callable[..., object]] = {
        "show": deciding.show, "refuse": deciding.refuse, "hide": deciding.hide, "reply": deciding.write_reply,
        "return": partial(deciding.return_reply, draft=_draft(request)),
    }  # fmt: skip
    return {name: lambda name=name: verbs[name](**forms[name].cleaned_data, **who) for name in verbs}


def _draft(request: HttpRequest) -> int:
    """The number of the answer that was on the screen; 0 for what is no number."""
    given = request.POST.get("draft", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _next(request: HttpRequest) -> HttpResponse:
    """The next one that waits for the person, or the list."""
    waiting = waiting_for(request.user)
    return redirect("console_comment", waiting[0].pk) if waiting else redirect("console_comments")
