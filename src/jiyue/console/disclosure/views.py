"""公开申请: the inbox with the clock first, and one request with everything that was said and done about it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jiyue.console.disclosure.acts import Offer, call, offers
from jiyue.console.disclosure.forms import IDENTITY_NAMES, RegisterForm, unsourced
from jiyue.console.disclosure.frame import page, rows_of
from jiyue.console.duties.reasons import of_obligation
from jiyue.console.office.frame import paged
from jiyue.console.office.private_files import saved, stored
from jiyue.console.stewardship.frame import done
from jiyue.disclosure.actions import look_at_applicant, open_answer_file, open_file, register_request, take_letter
from jiyue.disclosure.grounds import FEE, answer_of, fees_of
from jiyue.disclosure.models import Draft, Request
from jiyue.disclosure.policies import (
    fetch_answer_file_for,
    fetch_file_for,
    fetch_letter_for,
    fetch_request_for,
    may_register,
    may_see_applicant,
    visible_requests,
)
from jiyue.disclosure.queries import by_the_clock, earlier_of, waiting_for
from jiyue.disclosure.words import APPLICANTS, GROUPS, ROWS
from jiyue.disclosure.writing import file_of, lines_of
from jiyue.domain.disclosure import OPEN
from jiyue.domain.disclosure_outcomes import GROUPS as GROUP_OF
from jiyue.domain.disclosure_outcomes import Applicant, Row
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.private_looks import TooManyLooks
from jiyue.identity.roles import Permission
from jiyue.publishing.renditions.typesetting import TypesettingFailed
from jiyue.rules.queries import book

MINE, OPEN_ONES, LATE, ALL = "mine", "open", "late", "all"
TABS = {
    MINE: gettext_lazy("等我办理"), OPEN_ONES: gettext_lazy("未办结"), LATE: gettext_lazy("已逾期"), ALL: gettext_lazy("全部"),
}  # fmt: skip
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
}  # fmt: skip
FACTS = {
    "name": gettext_lazy("姓名或者单位名称"), "id_kind": gettext_lazy("有效身份证件"), "id_number": gettext_lazy("证件号码"),
    "credit_code": gettext_lazy("统一社会信用代码"), "representative": gettext_lazy("法定代表人或者负责人"),
    "agent": gettext_lazy("联系人"), "phone": gettext_lazy("电话"), "email": gettext_lazy("电子邮箱"),
    "address": gettext_lazy("通信地址"),
}  # fmt: skip


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The inbox: what waits for the person first, the most urgent on top."""
    now = timezone.now()
    tab = request.GET.get("tab", MINE)
    tab = tab if tab in TABS else MINE
    applicant, words = request.GET.get("applicant", ""), request.GET.get("q", "").strip()
    found = _asked(request, tab)
    if applicant in set(Applicant):
        found = found.filter(applicant=applicant)
    if words:
        found = found.filter(Q(number__contains=words) | Q(title__contains=words))
    shown = paged(request, found.select_related("site", "desk__owner", "handler"))
    shown.object_list = rows_of(shown.object_list, now=now)
    query = {"tab": tab, "applicant": applicant, "q": words}
    tabs = [(code, label, urlencode({**query, "tab": code})) for code, label in TABS.items()]
    desks = sites_with(request.user, Permission.RECEIVE_LETTERS).order_by("name")[:5]
    return page(
        request, "requests.html", rows=shown, tabs=tabs, tab=tab, applicant=applicant, q=words, query=urlencode(query),
        applicants=[(one.value, label) for one, label in APPLICANTS.items()], desks=desks,
    )  # fmt: skip


def request_page(request: HttpRequest, disclosure: int) -> HttpResponse:
    """One request: what is asked for, by when, who had it; then its steps, letters, and the acts that are open now."""
    found = fetch_request_for(request.user, disclosure)
    identity: list[tuple[Any, Any]] | None = None
    sent = request.POST if request.method == "POST" else None
    if sent is not None and sent.get("act") == "applicant":
        try:
            seen = look_at_applicant(request=found, by=request.user, now=timezone.now())
        except TooManyLooks as many:
            messages.error(request, str(many))
            return redirect("console_disclosure", found.pk)
        identity, sent = _identity(seen), None
    offered = offers(found, request.user, now=timezone.now(), sent=sent, files=request.FILES)
    if sent is not None:
        answer = _acted(request, found, offered)
        if answer is not None:
            return answer
        found = fetch_request_for(request.user, disclosure)
        if request.FILES:
            messages.warning(request, _("选好的文件没有保存，改好以后请再选一次"))
    wrong = next((offer.form for offer in offered if offer.form.is_bound and offer.form.errors), None)
    return page(
        request, "request.html", form=wrong, offers=offered, identity=identity, unsourced=unsourced(found),
        **_told(request, found),
    )  # fmt: skip


@require_GET
def letter_docx(request: HttpRequest, paper: int) -> HttpResponse:
    """One letter as DOCX, with its addressee. Raises Http404 for one of a foreign request."""
    return _letter(request, paper, "docx")


@require_GET
def letter_pdf(request: HttpRequest, paper: int) -> HttpResponse:
    """One letter as PDF, with its addressee. Raises Http404 for one of a foreign request."""
    return _letter(request, paper, "pdf")


@require_GET
def file(request: HttpRequest, disclosure_file: int) -> FileResponse:
    """One attachment, to be saved and never drawn by the browser. Raises Http404 for one of a foreign request."""
    found = fetch_file_for(request.user, disclosure_file)
    stream = stored(found.digest)
    open_file(file=found, by=request.user, now=timezone.now())
    return saved(stream, found.name)


@require_GET
def answer_file(request: HttpRequest, answer_file: int) -> FileResponse:
    """One file that goes with an answer, to be saved. Raises Http404 for one of a foreign request."""
    found = fetch_answer_file_for(request.user, answer_file)
    stream = stored(found.digest)
    open_answer_file(file=found, by=request.user, now=timezone.now())
    return saved(stream, found.name)


def register(request: HttpRequest, site: int) -> HttpResponse:
    """Enter a request that came by hand, post or fax."""
    found = Site.objects.filter(pk=site).select_related("owner").first()
    if found is None or not may_register(request.user, found):
        raise Http404
    form = RegisterForm(request.POST or None, initial={"received_at": timezone.localtime()})
    made: list[Request] = []
    if request.method == "POST" and done(form, lambda: made.append(_registered(request, found, form.cleaned_data))):
        messages.success(request, _("已登记，请审查"))
        return redirect("console_disclosure", made[0].pk)
    return page(request, "register.html", form=form, about=found)


def _registered(request: HttpRequest, site: Site, given: dict[str, Any]) -> Request:
    fields = dict(given)
    source, received_at = fields.pop("source"), fields.pop("received_at")
    return register_request(
        site=site, fields=fields, source=source, received_at=received_at, by=request.user, now=timezone.now()
    )


def _letter(request: HttpRequest, paper: int, form: str) -> HttpResponse:
    letter = fetch_letter_for(request.user, paper)
    try:
        data = file_of(letter, form)
    except TypesettingFailed:
        messages.error(request, _("PDF 没有做成：文书里有字库没有的字。请下载 DOCX。"))
        return redirect("console_disclosure", letter.request_id)
    try:
        take_letter(letter=letter, form=form, by=request.user, now=timezone.now())
    except TooManyLooks as many:
        messages.error(request, str(many))
        return redirect("console_disclosure", letter.request_id)
    answer = HttpResponse(data, content_type=TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="letter-{letter.year}-{letter.serial}.{form}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _asked(request: HttpRequest, tab: str) -> QuerySet[Request]:
    now = timezone.now()
    if tab == ALL:
        return visible_requests(request.user).order_by("-received_at", "-pk")
    if tab == MINE:
        return by_the_clock(waiting_for(request.user, now=now))
    found = by_the_clock(visible_requests(request.user).filter(state__in=sorted(OPEN)))
    return found.filter(due__lt=now) if tab == LATE else found


def _acted(request: HttpRequest, found: Request, offered: list[Offer]) -> HttpResponse | None:
    """Take the act whose form was sent; None when it was refused and the form says why."""
    chosen = next((offer for offer in offered if offer.form.is_bound), None)
    if chosen is None:
        messages.error(request, _("这件申请现在不能这样办理，请看最新情况"))
        return redirect("console_disclosure", found.pk)
    if not done(chosen.form, lambda: call(chosen, by=request.user, now=timezone.now())):
        return None
    messages.success(request, _("已办理：%(act)s") % {"act": chosen.label})
    stays = visible_requests(request.user).filter(pk=found.pk).exists()
    return redirect("console_disclosure", found.pk) if stays else redirect("console_disclosures")


def _told(request: HttpRequest, about: Request) -> dict[str, Any]:
    """Everything the screens of one request show."""
    row = rows_of([about], now=timezone.now())[0]
    reason = of_obligation(row.duty, calendar=book().calendar_for(row.duty.unit.lineage)) if row.duty else None
    drafts = (
        about.drafts.exclude(state=Draft.State.DROPPED)
        .select_related("drafted_by", "reviewed_by")
        .prefetch_related("files")
    )
    return {
        "row": row, "about": about, "reason": reason, "steps": about.steps.order_by("pk"),
        "words": about.words.order_by("pk"), "files": about.files.order_by("pk"),
        "consultations": about.consultations.all(), "letters": about.letters.all(),
        "drafts": [(one, lines_of(about, one)) for one in drafts], "deliveries": about.deliveries.all(),
        "notices": about.notices.order_by("pk"), "charged": about.fees.all(), "contests": about.contests.all(),
        "sees": may_see_applicant(request.user, about),
        "earlier": earlier_of(about, request.user), "fees": fees_of(answer_of(about, FEE)),
        "outcome": _counted_as(about),
    }  # fmt: skip


def _counted_as(about: Request) -> str:
    """The group and the line of table three."""
    if not about.outcome:
        return ""
    row = Row(about.outcome)
    group, line = str(GROUPS[GROUP_OF[row]]), str(ROWS[f"row:{row}"])
    return group if group == line else f"{group} {line}"


def _identity(seen: dict[str, str]) -> list[tuple[Any, Any]]:
    return [(FACTS[name], IDENTITY_NAMES.get(seen[name], seen[name])) for name in FACTS if name in seen]
