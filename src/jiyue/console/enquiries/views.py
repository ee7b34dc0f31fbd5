"""在线咨询: the duty desk with its queue, and one conversation. What is new comes by itself; without script, by a button."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiyue.console.enquiries.files import REMOVE, drafts, form_token, keep, kept
from jiyue.console.enquiries.forms import AnswerForm, BlockForm, EndForm, HandForm
from jiyue.console.office.frame import page as office_page
from jiyue.console.office.frame import paged
from jiyue.console.stewardship.frame import done
from jiyue.domain.enquiries import VISITORS, State
from jiyue.identity.models import User
from jiyue.interaction.enquiries import actions
from jiyue.interaction.enquiries.desks import come_on_duty, keep_alive, label_of, leave_duty, on_duty, why_closed
from jiyue.interaction.enquiries.policies import desks_for, fetch_enquiry_for, may_answer, visible_enquiries
from jiyue.interaction.enquiries.taking import empty_box
from jiyue.interaction.models import Enquiry, EnquiryDesk, TextBlock
from jiyue.interaction.text_blocks import visible_text_blocks

LONGEST_QUEUE = 50


@dataclass(frozen=True)
class AtDesk:
    """A desk as its officer sees it."""

    desk: EnquiryDesk
    label: str  # hers, empty while she is not on duty
    others: int
    why: str


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Render one screen of live enquiries."""
    return office_page(request, template, folder="enquiries", **context)


@require_http_methods(["GET", "POST"])
def duty(request: HttpRequest) -> HttpResponse:
    """Who waits, the longest first, one's own conversations, and coming on duty."""
    refusal: list[str] = []
    if request.method == "POST":
        try:
            answer = _acted(request)
            if answer is not None:
                return answer
        except (ValidationError, PermissionDenied) as refused:
            refusal = _sentences(refused)
    answer = page(request, "duty.html", **side(request.user), refusal=refusal)
    answer.status_code = 409 if refusal else 200
    return answer


def _acted(request: HttpRequest) -> HttpResponse | None:
    now, act = timezone.now(), request.POST.get("act", "")
    if act in ("on", "off"):
        desk = desks_for(request.user).filter(pk=_key(request, "desk")).first()
        if desk is None:
            raise Http404
        if act == "on":
            come_on_duty(desk=desk, by=request.user, now=now)
            messages.success(request, _("您已上岗。这个页面开着就在岗，关掉几分钟后自动下岗。"))
        else:
            leave_duty(desk=desk, by=request.user, now=now)
            messages.success(request, _("您已下岗。"))
        return redirect("console_enquiries")
    if act == "take":
        found = fetch_enquiry_for(request.user, _key(request, "enquiry"))
        actions.take(enquiry=found, by=request.user, now=now)
        return redirect("console_enquiry", found.pk)
    _renew(request.user)
    return redirect("console_enquiries")


def side(user: User, shown: int = 0) -> dict[str, Any]:
    """The queue, one's own conversations with what is unread, and the desks."""
    now = timezone.now()
    desks = list(desks_for(user))
    duties = list(on_duty(now=now).filter(desk__in=desks))
    mine = {one.desk_id: one for one in duties if one.person_id == user.pk}
    at = [
        AtDesk(desk, label_of(mine[desk.pk]) if desk.pk in mine else "",
               sum(one.desk_id == desk.pk and one.person_id != user.pk for one in duties), why_closed(desk, now=now)[0])
        for desk in desks
    ]  # fmt: skip
    sites = [desk.site_id for desk in desks]
    waiting = Enquiry.objects.filter(desk__in=sites, state=State.WAITING).select_related("desk__owner")
    own = Enquiry.objects.filter(person=user, state=State.TALKING, desk__in=sites)
    new = Count("words", filter=Q(words__number__gt=F("read"), words__act__in=[act.value for act in VISITORS]))
    return {
        "desks": at, "on_duty": bool(mine), "shown": shown, "now": now,
        "waiting": waiting.order_by("opened_at", "pk")[:LONGEST_QUEUE], "waiting_count": waiting.count(),
        "mine": own.annotate(new=new).order_by("taken_at", "pk"),
    }  # fmt: skip


@require_GET
def past(request: HttpRequest) -> HttpResponse:
    """Conversations that are over, and those of others, for whoever reads letters of the site."""
    rows = visible_enquiries(request.user).select_related("site", "desk__owner", "person", "case")
    topic = request.GET.get("topic", "")
    if topic:
        rows = rows.filter(topic=topic[:10])
    query = f"topic={topic[:10]}" if topic else ""
    return page(request, "past.html", rows=paged(request, rows.order_by("-opened_at", "-pk")), query=query, topic=topic)


@require_POST
def news(request: HttpRequest) -> JsonResponse:
    """What changed since: asked once a second by the page, and so the sign that its console is open."""
    _renew(request.user)
    key = _key(request, "enquiry")
    told: dict[str, Any] = {}
    if key:
        found = fetch_enquiry_for(request.user, key)
        upto = request.POST.get("upto", "")
        if upto.isascii() and upto.isdigit() and len(upto) < 7:
            actions.note_read(enquiry=found, upto=int(upto), by=request.user)
        log = {"words": _words(found), "enquiry": found}
        told = {
            "log": render_to_string("console/enquiries/log.html", log, request),
            "stands": f"{found.state}-{found.person_id or 0}-{found.rating or 0}-{found.case_id or 0}", "last": found.last,
        }  # fmt: skip
    whole = side(request.user, key)
    told["side"] = render_to_string("console/enquiries/side.html", whole, request)
    told["count"] = len(whole["waiting"]) + sum(one.new for one in whole["mine"] if one.pk != key)
    return JsonResponse(told)


def _renew(user: User) -> None:
    now = timezone.now()
    keep_alive(by=user, now=now)
    empty_box(now=now)


@require_http_methods(["GET", "POST"])
def enquiry(request: HttpRequest, enquiry: int) -> HttpResponse:
    """One conversation: what was said, the answer, handing over and ending."""
    found = fetch_enquiry_for(request.user, enquiry)
    act, refusal, token = request.POST.get("act", ""), list[str](), form_token(request)
    wrong_files = keep(token, request.FILES.getlist("attached"))
    if act.startswith(REMOVE):
        drafts().remove(token, act.removeprefix(REMOVE))
    forms = _forms(request, found, token)
    if request.method == "POST":
        try:
            if wrong_files:
                raise ValidationError(wrong_files)
            answer = _act(request, found, act, forms, token)
            if answer is not None:
                return answer
        except (ValidationError, PermissionDenied) as refused:
            refusal = _sentences(refused)
    found = fetch_enquiry_for(request.user, enquiry)
    form = {"hand": forms["hand"], "end": forms["ending"]}.get(act, forms["answer"])
    answer = page(
        request, "enquiry.html", enquiry=found, words=_words(found), **forms, **side(request.user, found.pk), refusal=refusal,
        hers=found.person_id == request.user.pk and may_answer(request.user, found.desk), form=form,
        may_take=found.state == State.WAITING and may_answer(request.user, found.desk),
        stands=f"{found.state}-{found.person_id or 0}-{found.rating or 0}-{found.case_id or 0}", unsent=_unsent(request),
        kept=kept(token),
    )  # fmt: skip
    wrong = request.method == "POST" and act not in ("insert", "look", "advise") and not act.startswith(REMOVE)
    answer.status_code = 409 if refusal else 422 if wrong else 200
    return answer


def _forms(request: HttpRequest, found: Enquiry, token: str) -> dict[str, Any]:
    act = request.POST.get("act", "") if request.method == "POST" else ""
    sent = request.POST
    blocks = _blocks(request.user, found)
    block = BlockForm(sent if act == "insert" else None, blocks=blocks)
    text = sent.get("text", "") if act == "insert" else ""
    if act == "insert" and block.is_valid() and block.cleaned_data["block"]:
        text = "\n".join(part for part in (text.rstrip(), block.cleaned_data["block"].text) if part)
    # What was typed stays, whichever button was pressed: all of it is one form.
    typed = text or (sent.get("text", "") if act != "answer" else "")
    ending = {"topic": sent.get("topic", found.topic), "subject": sent.get("subject", found.subject)}
    return {
        "answer": AnswerForm(
            sent if act == "answer" else None, initial={"token": token, "text": typed}, has_files=bool(kept(token))
        ),
        "block": block, "has_blocks": blocks.exists(),
        "hand": HandForm(
            sent if act == "hand" else None, targets=actions.handover_targets(found, now=timezone.now()),
            initial={"to": sent.get("to", ""), "note": sent.get("note", "")},
        ),
        "ending": EndForm(sent if act == "end" else None, initial=ending),
    }  # fmt: skip


def _act(request: HttpRequest, found: Enquiry, act: str, forms: dict[str, Any], token: str) -> HttpResponse | None:
    """What was asked for; None when the page is to be shown again. Raises PermissionDenied, ValidationError."""
    who = {"by": request.user, "now": timezone.now()}
    back = redirect("console_enquiry", found.pk)
    if act == "take":
        actions.take(enquiry=found, **who)
        return back
    if act == "advise":
        actions.advise_letter(enquiry=found, **who)
        # With what stands in the answer box.
        return None if request.POST.get("text") or kept(token) else back
    if act == "answer":
        form = forms["answer"]
        sent = lambda: actions.answer(  # noqa: E731 - said where it is used
            enquiry=found, text=form.cleaned_data["text"], token=form.cleaned_data["token"] or None,
            looked=form.cleaned_data["looked"], files=kept(token), **who,
        )  # fmt: skip
        if not done(form, sent):
            return None
        drafts().forget(token)
        return back
    if act in ("hand", "end") and (_unsent(request) or kept(token)):
        raise ValidationError(_("回答框里还有没发出的文字或者附件，请先发出或者清空"))
    if act == "hand":
        form = forms["hand"]
        if done(form, lambda: actions.hand_over(enquiry=found, **form.cleaned_data, **who)):
            messages.success(request, _("已转交。"))
            return redirect("console_enquiries")
        return None
    if act == "end":
        form = forms["ending"]
        if done(form, lambda: actions.end(enquiry=found, **form.cleaned_data, **who)):
            messages.success(request, _("已结束并登记。"))
            return redirect("console_enquiries")
        return None
    if act != "insert":
        _renew(request.user)  # looking for what is new; the page comes again with what was typed
    return None


def _words(found: Enquiry) -> list[dict[str, Any]]:
    rows = found.words.select_related("by").prefetch_related("files").order_by("number")
    return [{"row": row, "mine": row.act in VISITORS} for row in rows]


def _blocks(user: User, found: Enquiry) -> QuerySet[TextBlock]:
    return visible_text_blocks(user).filter(site=found.desk_id)


def _unsent(request: HttpRequest) -> str:
    """What stood in the answer box of a form that comes back."""
    return request.POST.get("text", "").strip() if request.method == "POST" else ""


def _key(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _sentences(refused: ValidationError | PermissionDenied) -> list[str]:
    return list(getattr(refused, "messages", None) or [str(refused)])
