"""转载核对: a record beside its original and beside what it says on other channels (REPR-02, REPR-04, REPR-05)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiyue.console.office.frame import page, refuse
from jiyue.console.reprinting.forms import AloneForm, ColumnForm, PasteForm
from jiyue.console.stewardship.frame import done
from jiyue.content.intake import IntakeRefused
from jiyue.content.models import Column, KeptText, PermittedSource, Record, ReprintTask
from jiyue.content.models.records import UNDER_REVIEW
from jiyue.content.models.reprinting import original_of
from jiyue.content.originals import Original, alteration_of, is_permitted, original_in, versions_of
from jiyue.content.policies import fetch_record_for, fetch_reprint_for, may_write, writable_columns
from jiyue.content.reprinting import keep_text, prepare_reprint, propose_source
from jiyue.domain.reprints import Alteration
from jiyue.estate.policies import sites_with
from jiyue.foundation.fetching import Fetched, Limits, NotFetched, checked_address, fetch
from jiyue.identity.roles import Permission

FOLDER = "reprinting"
ROLE = KeptText.Role
# A person waits for it, and a process of the console with her.
PATIENCE = Limits(seconds=8, connect=3, size=5 << 20)


@dataclass(frozen=True)
class Beside:
    """A kept text and how the draft differs from it."""

    kept: KeptText
    alteration: Alteration


@require_http_methods(["GET", "POST"])
def originals(request: HttpRequest, pk: int) -> HttpResponse:
    """What is kept, what differs, and how to keep it: read the address, paste, add another channel, ask for the source."""
    record = fetch_record_for(request.user, pk)
    writes = may_write(request.user, record)
    act = request.POST.get("act", "")
    forms = {
        "paste": PasteForm(request.POST if act == "paste" else None, role=ROLE.ORIGINAL, prefix="paste"),
        "channel": PasteForm(request.POST if act == "channel" else None, role=ROLE.CHANNEL, prefix="channel"),
        "alone_form": AloneForm(request.POST if act == "alone" else None, prefix="alone"),
    }
    refusal: list[str] = []
    if request.method == "POST":
        if not writes or act not in {"fetch", "paste", "channel", "alone"}:
            raise PermissionDenied
        try:
            told = (
                _kept(request, record)
                if act == "fetch"
                else _done(request, record, act, forms["alone_form" if act == "alone" else act])
            )
        except _Refused as refused:
            refusal, told = [str(refused)], ""
        if told:
            messages.success(request, told)
            return redirect("console_originals", pk)
    return _screen(request, record, forms, refusal, writes=writes)


class _Refused(Exception):
    """Nothing was kept; says why and what to do, in words."""


def _kept(request: HttpRequest, record: Record) -> str:
    fetched, original = _read(record.original_address)
    try:
        keep_text(
            record=record, role=ROLE.ORIGINAL, address=record.original_address, title=original.title, text=original.text,
            fetched=fetched, by=request.user, now=timezone.now(),
        )  # fmt: skip
    except (ValidationError, PermissionDenied) as refused:
        raise _Refused(" ".join(getattr(refused, "messages", [str(refused)]))) from refused
    return _("原文已保存")


def _read(address: str) -> tuple[Fetched, Original]:
    """The page at an address and what is written on it. Raises _Refused."""
    if not address:
        raise _Refused(_("请先在稿件里填写原网址"))
    try:
        fetched = fetch(address, limits=PATIENCE)
        original = original_in(fetched)
    except NotFetched as failed:
        raise _Refused(_("没有读到原文：%(why)s。可以打开原网址，把标题和正文粘贴进来。") % {"why": failed}) from failed
    except IntakeRefused as failed:
        why = str(failed.note.message)
        raise _Refused(_("没有读到原文：%(why)s。可以打开原网址，把标题和正文粘贴进来。") % {"why": why}) from failed
    if not original.text.strip():
        raise _Refused(_("原网址上没有找到正文。可以打开原网址，把标题和正文粘贴进来。"))
    return fetched, original


def _done(request: HttpRequest, record: Record, act: str, form: Any) -> str:
    now, by = timezone.now(), request.user
    if act == "alone":
        return _ask_alone(record, form, request)
    if not form.is_valid():
        return ""
    given = form.cleaned_data
    role = ROLE.ORIGINAL if act == "paste" else ROLE.CHANNEL
    address = record.original_address if role == ROLE.ORIGINAL else given["address"]
    try:
        keep_text(
            record=record, role=role, address=address, title=given["title"], text=given["text"],
            channel=given.get("channel", ""), by=by, now=now,
        )  # fmt: skip
    except ValidationError as refused:
        refuse(form, refused)
        return ""
    except PermissionDenied as refused:
        raise _Refused(str(refused)) from refused
    return _("原文已保存") if role == ROLE.ORIGINAL else _("已保存，下面列出不同之处")


def _ask_alone(record: Record, form: AloneForm, request: HttpRequest) -> str:
    try:
        host = checked_address(record.original_address).hostname or ""
    except NotFetched as failed:
        raise _Refused(_("请先在稿件里填写原网址")) from failed
    source = form.instance
    source.name, source.host, source.only_for = record.original_source[:80] or host, host, record
    asked = done(form, lambda: propose_source(source=source, by=request.user, now=timezone.now()))
    return _("已申请，由督办人员决定") if asked else ""


def _screen(
    request: HttpRequest, record: Record, forms: dict[str, Any], refusal: list[str], *, writes: bool
) -> HttpResponse:
    typed = record.typed
    kept = original_of(record)
    alone = PermittedSource.objects.filter(only_for=record.pk).order_by("-pk").first()
    context = {
        "record": record, "refusal": refusal, "writes": writes, "locked": record.state in UNDER_REVIEW,
        "beside": Beside(kept, alteration_of(typed, kept)) if kept else None,
        "stale": kept is not None and kept.address != record.original_address,
        "channels": [Beside(each, alteration_of(typed, each)) for each in versions_of(record)],
        "permitted": not record.original_address or is_permitted(record, record.original_address), "alone": alone, **forms,
    }  # fmt: skip
    answer = page(request, "originals.html", folder=FOLDER, **context)
    if refusal:
        answer.status_code = 409
    return answer


@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest, reprint: int) -> HttpResponse:
    """从转载任务起稿: the original is read and becomes a draft in one of the person's columns."""
    task = fetch_reprint_for(request.user, reprint)
    form = ColumnForm(request.POST or None, columns=_columns(request))
    refusal: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("console_edit", _prepared(request, task, form.cleaned_data["column"]).pk)
        except _Refused as refused:
            refusal = [str(refused)]
    answer = page(request, "prepare.html", folder=FOLDER, task=task, form=form, refusal=refusal)
    if refusal:
        answer.status_code = 409
    return answer


def _prepared(request: HttpRequest, task: ReprintTask, column: Column) -> Record:
    fetched, original = _read(task.address)
    try:
        record = prepare_reprint(
            task=task, column=column, fetched=fetched, original=original, by=request.user, now=timezone.now()
        )
    except (ValidationError, PermissionDenied) as refused:
        raise _Refused(" ".join(getattr(refused, "messages", [str(refused)]))) from refused
    messages.success(request, _("已起稿。原文也保存好了，送审前会自动核对标题和正文。"))
    if original.left_out:
        messages.warning(
            request, _("原文里的 %(n)s 个图片或附件没有带过来，需要时请取得后自行上传。") % {"n": original.left_out}
        )
    return record


def _columns(request: HttpRequest):
    sites = sites_with(request.user, Permission.WRITE_CONTENT)
    keys = [column.pk for site in sites for column in writable_columns(request.user, site)]
    news = Column.objects.filter(pk__in=keys).select_related("site")
    return news.order_by("site__name", "path")
