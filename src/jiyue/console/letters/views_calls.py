"""登记来电来访 and 登记评论: what somebody tells or wrote elsewhere, with what may be the same matter shown beside it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.console.letters.forms import CallForm, CommentForm
from jiyue.console.letters.frame import page
from jiyue.console.office.foreseeing import foresee
from jiyue.console.office.frame import attempt
from jiyue.console.stewardship.frame import done
from jiyue.estate.models import Site
from jiyue.identity.private_looks import TooManyLooks
from jiyue.interaction.account_comments import register_comment
from jiyue.interaction.calls import add_call, call_centre_of, look, register_call
from jiyue.interaction.letterbox import new_token
from jiyue.interaction.models import Case
from jiyue.interaction.policies import fetch_case_for, may_register, visible_cases
from jiyue.interaction.queries import Alike

LOOK, ADD = "look", "add:"
OF_SENDER = ("name", "phone")


def call(request: HttpRequest, site: int) -> HttpResponse:
    """Register what is being told, or add it to a letter that is there. Looking for such letters keeps nothing."""
    found = Site.objects.filter(pk=site).select_related("owner").first()
    if found is None or not may_register(request.user, found):
        raise Http404
    act = request.POST.get("act", "") if request.method == "POST" else None
    if act is None or act == LOOK:
        form = CallForm(initial={**_begun(found), **request.POST.dict()})
        return _shown(request, found, form)
    form = CallForm(request.POST)
    answer = None
    if form.is_valid():
        given = form.cleaned_data
        answer = _added(request, form, given, act) if act.startswith(ADD) else _registered(request, found, form)
    if answer is None and not act.startswith(ADD):
        foresee(
            form, lambda: register_call(site=found, by=request.user, now=timezone.now(), **_told(form.cleaned_data))
        )
    return answer or _shown(request, found, form)


def comment(request: HttpRequest, site: int) -> HttpResponse:
    """Register one comment under an account; the same one is registered once."""
    found = Site.objects.filter(pk=site).select_related("owner").first()
    if found is None or not may_register(request.user, found):
        raise Http404
    form = CommentForm(request.POST or None, initial={"received_at": timezone.localtime()})
    made: list[Case] = []
    who = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(
        form, lambda: made.append(register_comment(site=found, **form.cleaned_data, **who))
    ):
        messages.success(request, _("已登记，请受理"))
        stays = visible_cases(request.user).filter(pk=made[0].pk).exists()
        return redirect("console_letter", made[0].pk) if stays else redirect("console_letters")
    return page(request, "comment.html", form=form, about=found)


def _told(given: dict[str, Any]) -> dict[str, Any]:
    """What was told, and apart from it who told it."""
    rest = {name: value for name, value in given.items() if name not in OF_SENDER}
    return {**rest, "sender": {name: given[name] for name in OF_SENDER}}


def _registered(request: HttpRequest, site: Site, form: CallForm) -> HttpResponse | None:
    made: list[tuple[Case, str]] = []
    who = {"by": request.user, "now": timezone.now()}
    if not attempt(form, lambda: made.append(register_call(site=site, **_told(form.cleaned_data), **who))):
        return None
    case, code = made[0]
    answer = page(request, "call_told.html", letter=case, code=code, about=site)
    answer["Cache-Control"] = "no-store"  # the code is shown once, also to who goes back in this browser
    return answer


def _added(request: HttpRequest, form: CallForm, given: dict[str, Any], act: str) -> HttpResponse | None:
    key = act.removeprefix(ADD)
    case = fetch_case_for(request.user, int(key) if key.isdecimal() and len(key) < 19 else 0)
    said = {name: given[name] for name in ("text", "handed_by", "outer_number", "token")}
    who = {"by": request.user, "now": timezone.now()}
    if not attempt(form, lambda: add_call(case=case, at=given["received_at"], **said, **who)):
        return None
    messages.success(request, _("已补充到这封信，没有另立新件"))
    return redirect("console_letter", case.pk)


def _shown(request: HttpRequest, site: Site, form: CallForm) -> HttpResponse:
    return page(request, "call.html", form=form, about=site, alike=_alike(request, site), looked=bool(request.POST))


def _alike(request: HttpRequest, site: Site) -> list[Alike]:
    given = request.POST
    words = f"{given.get('title', '')}{given.get('text', '')}"
    contact = {"phone": given.get("phone", "")}
    if not words.strip() and not contact["phone"].strip():
        return []
    who = {"by": request.user, "now": timezone.now()}
    try:
        return look(site=site, words=words, contact=contact, **who)
    except TooManyLooks as many:  # what was typed stays; what was said before may still be shown
        messages.error(request, str(many))
        return look(site=site, words=words, contact={}, **who)


def _begun(site: Site) -> dict[str, Any]:
    now = timezone.now()
    return {"token": new_token(), "received_at": timezone.localtime(now), "handed_by": call_centre_of(site, now)}
