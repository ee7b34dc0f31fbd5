"""信件: one letter with everything that was said and done about it, its file, its attachments; registering one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiyue.console.letters.about import SERVICE, about, take_service
from jiyue.console.letters.acts import Offer, call, offers
from jiyue.console.letters.drafting import asks_for_text, beside, put_in
from jiyue.console.letters.forms import RegisterForm
from jiyue.console.letters.frame import awaited, page, reason_of, rows_of
from jiyue.console.letters.judging import MARK, judged, take_mark
from jiyue.console.office.private_files import saved, stored
from jiyue.console.stewardship.frame import done
from jiyue.domain.cases import Kind
from jiyue.domain.first_words import first_sentences
from jiyue.estate.models import Site
from jiyue.identity.private_looks import TooManyLooks
from jiyue.interaction.actions import look_at_sender, open_file, register_letter
from jiyue.interaction.bulk import MOST, chosen
from jiyue.interaction.calls import is_late_entry, may_renew_code, renew_code
from jiyue.interaction.instructions import words_on
from jiyue.interaction.leaders import fetch_led_file_for, mailboxes_led
from jiyue.interaction.models import Case, PublicVersion, Reply
from jiyue.interaction.notices import address_of, masked
from jiyue.interaction.policies import fetch_case_for, fetch_file_for, may_register, may_see_sender, visible_cases
from jiyue.interaction.queries import alike, holders
from jiyue.interaction.reported import open_report
from jiyue.interaction.words import CATEGORIES

CODE = "code"


def letter(request: HttpRequest, letter: int) -> HttpResponse:
    """One letter: what is asked, by when, who had it; then its steps, files, replies, and the acts that are open now."""
    found = fetch_case_for(request.user, letter)
    if request.method == "GET":
        open_report(case=found, by=request.user, now=timezone.now())
    sender: dict[str, str] | None = None
    sent = request.POST if request.method == "POST" else None
    if sent is not None and sent.get("act") == "sender":
        try:
            sender, sent = look_at_sender(case=found, by=request.user, now=timezone.now()), None
        except TooManyLooks as many:
            messages.error(request, str(many))
            return redirect("console_letter", found.pk)
    code = ""
    if sent is not None and sent.get("act") == CODE:
        try:
            code, sent = renew_code(case=found, by=request.user, now=timezone.now()), None
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("console_letter", found.pk)
    marking = judged(found, request.user, sent=sent if sent is not None and sent.get("act") == MARK else None)
    if sent is not None and sent.get("act") == MARK:
        if take_mark(marking, by=request.user, now=timezone.now()):
            messages.success(request, _("已标记，计入统计"))
            return redirect("console_letter", found.pk)
        sent = None
    chooses = sent is not None and sent.get("act") == SERVICE
    item = about(found, request.user, sent=sent if chooses else None)
    if chooses:
        if take_service(item, found, by=request.user, now=timezone.now()):
            messages.success(request, _("已记下所问的办事事项"))
            return redirect("console_letter", found.pk)
        sent = None
    inserts = asks_for_text(sent)
    offered = offers(found, request.user, sent=None if inserts else sent)
    if sent is not None and inserts:
        if not put_in(found, request.user, offered, sent, now=timezone.now()):
            messages.warning(request, _("请先选择要插入的模板"))
    elif sent is not None:
        answer = _acted(request, found, offered)
        if answer is not None:
            return answer
        found = fetch_case_for(request.user, letter)
    forms = [
        *([item.form] if item.form else []),
        *(offer.form for offer in offered),
        *(one.form for one in marking if one.form is not None),
    ]
    wrong = next((form for form in forms if form.is_bound and form.errors), None)
    answer = page(
        request,
        "letter.html",
        form=wrong,
        offers=offered,
        sender=sender,
        code=code,
        renews=may_renew_code(request.user, found),
        judging=marking,
        beside=beside(found, request.user, offered),
        about=item,
        **told(request, found),
    )
    if code:
        answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def whole_file(request: HttpRequest, letter: int) -> HttpResponse:
    """Everything about one letter on one page, to be printed; the sender's name and contact are not on it."""
    return _printed(request, [fetch_case_for(request.user, letter)])


@require_GET
def whole_files(request: HttpRequest) -> HttpResponse:
    """Several letters, each from a new sheet on; what the person may not read is not among them."""
    keys = [int(key) for key in request.GET.getlist("letter") if key.isdecimal() and len(key) < 19]
    return _printed(request, [fetch_case_for(request.user, case.pk) for case in chosen(request.user, keys[:MOST])])


@require_GET
def file(request: HttpRequest, letter_file: int) -> FileResponse:
    """One attachment, to be saved and never drawn by the browser. Raises Http404 for one of a foreign letter."""
    led = next(iter(mailboxes_led(request.user)), None)
    found = (fetch_file_for if led is None else fetch_led_file_for)(request.user, letter_file)
    stream = stored(found.digest)
    open_file(file=found, by=request.user, now=timezone.now())
    return saved(stream, found.name)


def register(request: HttpRequest, site: int) -> HttpResponse:
    """Enter a letter that a superior handed down."""
    found = Site.objects.filter(pk=site).select_related("owner").first()
    if found is None or not may_register(request.user, found):
        raise Http404
    form = RegisterForm(request.POST or None, initial={"received_at": timezone.localtime()})
    made: list[Case] = []
    if request.method == "POST" and done(form, lambda: made.append(_registered(request, found, form.cleaned_data))):
        messages.success(request, _("已登记，请受理"))
        stays = visible_cases(request.user).filter(pk=made[0].pk).exists()
        return redirect("console_letter", made[0].pk) if stays else redirect("console_letters")
    return page(request, "register.html", form=form, about=found)


def _printed(request: HttpRequest, cases: list[Case]) -> HttpResponse:
    now = timezone.now()
    for case in cases:
        open_report(case=case, by=request.user, now=now)
    return page(request, "print.html", letters=[told(request, case) for case in cases], printed_at=now)


def _registered(request: HttpRequest, site: Site, given: dict[str, Any]) -> Case:
    sender = {name: given.pop(name) for name in ("name", "phone", "email")}
    return register_letter(site=site, sender=sender, by=request.user, now=timezone.now(), **given)


def _acted(request: HttpRequest, found: Case, offered: list[Offer]) -> HttpResponse | None:
    """Take the act whose form was sent; None when it was refused and the form says why."""
    chosen = next((offer for offer in offered if offer.form.is_bound), None)
    if chosen is None:
        messages.error(request, _("这封信现在不能这样办理，请看最新情况"))
        return redirect("console_letter", found.pk)
    sent, now = request.POST, timezone.now()
    if not done(chosen.form, lambda: call(chosen, sent=sent, by=request.user, now=now)):
        return None
    messages.success(
        request, _("已办理：%(act)s") % {"act": chosen.label} if sent["act"] == chosen.act else _("已保存")
    )
    stays = visible_cases(request.user).filter(pk=found.pk).exists()
    return redirect("console_letter", found.pk) if stays else redirect("console_letters")


def told(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Everything the screens of one letter show."""
    row = rows_of([case], now=timezone.now())[0]
    replies = case.replies.exclude(state=Reply.State.DROPPED).select_related("drafted_by", "reviewed_by").order_by("pk")
    own_drafts_only = replies.exclude(~Q(drafted_by=request.user), state=Reply.State.DRAFT).prefetch_related(
        "marks__by"
    )
    category = case.fields.get("category", "")
    return {
        "row": row, "letter": case, "gist": first_sentences(case.text), "awaited": awaited(case),
        "reason": reason_of(row.duty), "holders": list(holders(case)),
        "steps": case.steps.order_by("pk"), "words": case.words.order_by("pk"), "files": case.files.order_by("pk"),
        "helps": case.helps.select_related("helper__owner", "asked_by", "answered_by").order_by("pk"),
        "replies": own_drafts_only, "public": PublicVersion.objects.filter(case=case).first(),
        "alike": alike(case, request.user) if case.is_open else [], "sees_sender": may_see_sender(request.user, case),
        "mail": "" if case.kind == Kind.REPORT else masked(address_of(case)), "notices": case.notices.order_by("pk"),
        "category": CATEGORIES.get(category, ""), "place": case.fields.get("place", ""), "is_report": case.kind == Kind.REPORT,
        "accused": case.fields.get("reported", ""), "happened": case.fields.get("happened", ""),
        "parts": case.parts.order_by("pk"), "merged": case.merged.order_by("pk"),
        "leaders_words": words_on(case) if case.mailbox_id else [], "given": case.given.order_by("pk"),
        "late_entry": is_late_entry(case),
    }  # fmt: skip
