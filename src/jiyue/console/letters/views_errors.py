"""找错文件: what the national platform of error reports gave as a file, and what goes back as one (X-02, S-07)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_GET

from jiyue.console.letters.forms import ErrorFileForm, HandOutForm
from jiyue.console.letters.frame import page
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.stewardship.frame import done
from jiyue.estate.models import Site
from jiyue.interaction.error_reports import columns
from jiyue.interaction.error_reports.handing_out import as_jsonl, hand_out, note_download, ready_for
from jiyue.interaction.error_reports.reading import FileRefused, require_size
from jiyue.interaction.error_reports.taking import KNOWN, REFUSED, TAKEN, take_file
from jiyue.interaction.models import ErrorFile, ErrorHandout
from jiyue.interaction.policies import error_files_of, error_handouts_of, may_register

MOST_SHOWN = 50
OUTCOMES = {
    TAKEN: ("full", gettext_lazy("已登记")), KNOWN: ("hollow", gettext_lazy("以前登记过")),
    REFUSED: ("cross", gettext_lazy("未登记")),
}  # fmt: skip


def reports(request: HttpRequest, site: int) -> HttpResponse:
    """Bring in a file, hand out answers, and see what was brought in and handed out at this desk."""
    found = Site.objects.filter(pk=site).select_related("owner").first()
    if found is None or not may_register(request.user, found):
        raise Http404
    act = request.POST.get("act") if request.method == "POST" else None
    take = ErrorFileForm(request.POST, request.FILES) if act == "take" else ErrorFileForm()
    hand = HandOutForm(request.POST) if act == "hand" else HandOutForm()
    answer = _taken(request, found, take) if act == "take" else _handed(request, found, hand) if act == "hand" else None
    if answer is not None:
        return answer
    shown = {"form": hand if act == "hand" else take, "take": take, "hand": hand, "act": act or ""}
    return page(
        request, "errors.html", about=found, waiting=len(ready_for(found)), columns=columns.TAKEN,
        files=error_files_of(request.user).filter(site=found).order_by("-at", "-pk")[:MOST_SHOWN],
        handouts=error_handouts_of(request.user).filter(site=found).order_by("-at", "-pk")[:MOST_SHOWN], **shown,
    )  # fmt: skip


@require_GET
def error_file(request: HttpRequest, error_file: int) -> HttpResponse:
    """What became of each line of one file, what was refused first."""
    row = get_object_or_404(error_files_of(request.user), pk=error_file)
    order = [REFUSED, KNOWN, TAKEN]
    lines = sorted(row.lines, key=lambda line: (order.index(line["outcome"]), line["line"]))
    told = [{**line, "tone": OUTCOMES[line["outcome"]][0], "label": OUTCOMES[line["outcome"]][1]} for line in lines]
    return page(request, "error_file.html", file=row, lines=told)


@require_GET
def blank(request: HttpRequest) -> HttpResponse:
    """An empty workbook with the columns that are read, and a sheet that says how to fill them in. In Chinese."""
    with override("zh-hans"):
        heading = [f"{column.heading}＊" if column.needed else str(column.heading) for column in columns.TAKEN]
        how = [(_("列"), _("怎么填")), *((str(column.heading), str(column.how)) for column in columns.TAKEN)]
        how.append(("", _("带＊的必须填。国家平台没有公布文件格式，这些列由本平台自定。")))
        return as_xlsx("error-reports-blank", _("找错留言"), [heading], notes=(_("填写说明"), how))


@require_GET
def handout(request: HttpRequest, error_handout: int) -> HttpResponse:
    """One file that was handed out, as it was drawn up."""
    return page(request, "error_handout.html", row=_handout(request, error_handout))


@require_GET
def handout_file(request: HttpRequest, error_handout: int) -> HttpResponse:
    """The file itself, .jsonl or .xlsx; whoever takes it away is in the trail."""
    row = _handout(request, error_handout)
    is_sheet = request.GET.get("form") == "xlsx"
    name = f"error-answers-{row.pk}"
    full = f"{name}.xlsx" if is_sheet else f"{name}.jsonl"
    note_download(handout=row, name=full, by=request.user, now=timezone.now())
    if is_sheet:
        return workbook_of(row, name)
    answer = HttpResponse(as_jsonl(row), content_type="application/x-ndjson; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{full}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def workbook_of(row: ErrorHandout, name: str) -> HttpResponse:
    """The file as a workbook, in Chinese; no cell of it is a formula."""
    with override("zh-hans"):
        heading = [str(column.heading) for column in columns.HANDED]
        rows = [[line.get(column.key, "") for column in columns.HANDED] for line in row.lines]
        return as_xlsx(name, _("找错答复"), [heading, *rows])


def _taken(request: HttpRequest, site: Site, form: ErrorFileForm) -> HttpResponse | None:
    made: list[ErrorFile] = []
    if not form.is_valid():
        return None
    upload = form.cleaned_data["file"]
    try:
        require_size(upload.size)
        given: dict[str, Any] = {"name": upload.name, "data": upload.read(), "by": request.user, "now": timezone.now()}
        if not done(form, lambda: made.append(take_file(site=site, **given))):
            return None
    except FileRefused as refused:
        form.add_error("file", str(refused))
        return None
    messages.success(
        request,
        _("已登记 %(taken)s 条，以前登记过 %(known)s 条，没有登记 %(refused)s 条")
        % {"taken": made[0].taken, "known": made[0].known, "refused": made[0].refused},
    )
    return redirect("console_error_file", made[0].pk)


def _handed(request: HttpRequest, site: Site, form: HandOutForm) -> HttpResponse | None:
    made: list[ErrorHandout] = []
    who = {"by": request.user, "now": timezone.now()}
    if not done(form, lambda: made.append(hand_out(site=site, **form.cleaned_data, **who))):
        return None
    messages.success(request, _("已生成报送文件，请下载后送国家平台"))
    return redirect("console_error_handout", made[0].pk)


def _handout(request: HttpRequest, ref: int) -> ErrorHandout:
    return get_object_or_404(error_handouts_of(request.user), pk=ref)
