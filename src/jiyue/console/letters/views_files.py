"""来件文件: what others took down and gave as a file, and what goes back as one: error reports, calls, comments."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_GET

from jiyue.console.letters.forms import HandOutForm, LetterFileForm
from jiyue.console.letters.frame import page
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.stewardship.frame import done
from jiyue.estate.models import Site
from jiyue.interaction.letter_files.handing_out import (
    as_jsonl,
    hand_out,
    note_download,
    superiors_of,
    waiting_for,
)
from jiyue.interaction.letter_files.layouts import Layout, layout_of
from jiyue.interaction.letter_files.reading import FileRefused, require_size
from jiyue.interaction.letter_files.taking import KNOWN, REFUSED, TAKEN, take_file
from jiyue.interaction.models import BroughtFile, Case, HandedFile
from jiyue.interaction.policies import brought_files_of, handed_files_of, may_register

MOST_SHOWN = 50


@dataclass(frozen=True)
class Words:
    """What the screens of one kind of file are called. `number` is the heading of the outer number."""

    name: Any
    warning: Any
    take: Any
    hand: Any
    waiting: Any
    how: Any
    number: Any
    sheet: Any
    route: str


_OURS = gettext_lazy("没有公布的文件格式和接口，下面的列由本平台自定。对方给的文件请先对照空白表格整理。")
WORDS = {
    Case.Source.PLATFORM: Words(
        gettext_lazy("“我为政府网站找错”文件"),
        gettext_lazy("国家平台没有公布文件格式和接口，下面的列由本平台自定，不是国家标准。国家平台给的文件请先对照空白表格整理。"),
        gettext_lazy("接收国家平台的留言"), gettext_lazy("报送答复"), gettext_lazy("条答复意见或者答复还没有报送"),
        gettext_lazy("单位审核过、正在逐级报批的是答复意见；最后一级批准的是答复。"), gettext_lazy("平台编号"),
        gettext_lazy("找错留言"),
        "console_error_reports",
    ),
    Case.Source.HOTLINE: Words(
        gettext_lazy("热线工单文件"), _OURS, gettext_lazy("接收热线的工单"), gettext_lazy("回传办理结果"),
        gettext_lazy("条审核过的答复还没有回传"), gettext_lazy("审核通过的答复和不予受理的原因各回传一次；举报不列入文件。"),
        gettext_lazy("工单号"), gettext_lazy("热线工单"), "console_call_files",
    ),
    Case.Source.ACCOUNT: Words(
        gettext_lazy("账号评论文件"), _OURS, gettext_lazy("接收账号上的评论"), gettext_lazy("导出要发的回复"),
        gettext_lazy("条审核过的回复等着发到账号上"),
        gettext_lazy("平台不代发。发出后请在每封信件里登记由谁、什么时候发的和链接，登记以后算已答复。"),
        gettext_lazy("评论编号"), gettext_lazy("账号评论"), "console_comment_files",
    ),
    Case.Source.SUPERIOR: Words(
        gettext_lazy("上级转办文件"), _OURS, gettext_lazy("接收上级转办的来信"), gettext_lazy("回送办理结果"),
        gettext_lazy("条审核过的结果还没有回送"),
        gettext_lazy("审核通过的答复和不予受理的原因各回送一次，一个文件只给一个上级单位；举报不列入文件。"),
        gettext_lazy("上级编号"), gettext_lazy("上级转办"), "console_superior_files",
    ),
}  # fmt: skip
BLANKS = {
    Case.Source.PLATFORM: "console_error_blank", Case.Source.HOTLINE: "console_call_blank",
    Case.Source.ACCOUNT: "console_comment_blank", Case.Source.SUPERIOR: "console_superior_blank",
}  # fmt: skip
OUTCOMES = {
    TAKEN: ("full", gettext_lazy("已登记")), KNOWN: ("hollow", gettext_lazy("以前登记过")),
    REFUSED: ("cross", gettext_lazy("未登记")),
}  # fmt: skip


def files(request: HttpRequest, site: int, source: str) -> HttpResponse:
    """Bring in a file, hand out answers, and see what was brought in and handed out at this desk."""
    found = Site.objects.filter(pk=site).select_related("owner").first()
    if found is None or not may_register(request.user, found):
        raise Http404
    layout = layout_of(source)
    act = request.POST.get("act") if request.method == "POST" else None
    take = LetterFileForm(request.POST, request.FILES) if act == "take" else LetterFileForm()
    to = superiors_of(found) if source == Case.Source.SUPERIOR else []
    hand = HandOutForm(request.POST, to=to) if act == "hand" else HandOutForm(to=to)
    answer = (
        _taken(request, found, layout, take)
        if act == "take"
        else _handed(request, found, layout, hand)
        if act == "hand"
        else None
    )
    if answer is not None:
        return answer
    waiting, more = waiting_for(found, layout)
    shown = {"form": hand if act == "hand" else take, "take": take, "hand": hand, "act": act or ""}
    return page(
        request, "files.html", about=found, waiting=waiting, more=more, columns=layout.taken,
        words=WORDS[source], blank=BLANKS[source],
        files=brought_files_of(request.user).filter(site=found, source=source).order_by("-at", "-pk")[:MOST_SHOWN],
        handouts=handed_files_of(request.user).filter(site=found, source=source).order_by("-at", "-pk")[:MOST_SHOWN],
        **shown,
    )  # fmt: skip


@require_GET
def error_file(request: HttpRequest, error_file: int) -> HttpResponse:
    """What became of each line of one file, what was refused first."""
    row = get_object_or_404(brought_files_of(request.user), pk=error_file)
    order = [REFUSED, KNOWN, TAKEN]
    lines = sorted(row.lines, key=lambda line: (order.index(line["outcome"]), line["line"]))
    told = [{**line, "tone": OUTCOMES[line["outcome"]][0], "label": OUTCOMES[line["outcome"]][1]} for line in lines]
    return page(request, "brought_file.html", file=row, lines=told, words=WORDS[row.source])


@require_GET
def blank(request: HttpRequest, source: str) -> HttpResponse:
    """An empty workbook with the columns that are read, and a sheet that says how to fill them in. In Chinese."""
    taken = layout_of(source).taken
    with override("zh-hans"):
        heading = [f"{column.heading}＊" if column.needed else str(column.heading) for column in taken]
        how = [(_("列"), _("怎么填")), *((str(column.heading), str(column.how)) for column in taken)]
        how.append(("", _("带＊的必须填。没有公布的文件格式，这些列由本平台自定。")))
        return as_xlsx(f"{source}-blank", str(WORDS[source].sheet), [heading], notes=(_("填写说明"), how))


@require_GET
def handout(request: HttpRequest, error_handout: int) -> HttpResponse:
    """One file that was handed out, as it was drawn up."""
    row = _handout(request, error_handout)
    return page(request, "handed_file.html", row=row, words=WORDS[row.source])


@require_GET
def handout_file(request: HttpRequest, error_handout: int) -> HttpResponse:
    """The file itself, .jsonl or .xlsx; whoever takes it away is in the trail."""
    row = _handout(request, error_handout)
    is_sheet = request.GET.get("form") == "xlsx"
    name = f"{row.source}-answers-{row.pk}"
    full = f"{name}.xlsx" if is_sheet else f"{name}.jsonl"
    note_download(handout=row, name=full, by=request.user, now=timezone.now())
    if is_sheet:
        return workbook_of(row, name)
    answer = HttpResponse(as_jsonl(row), content_type="application/x-ndjson; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{full}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def workbook_of(row: HandedFile, name: str) -> HttpResponse:
    """The file as a workbook, in Chinese; no cell of it is a formula."""
    with override("zh-hans"):
        handed = layout_of(row.source).handed
        rows = [[line.get(column.key, "") for column in handed] for line in row.lines]
        return as_xlsx(name, _("答复"), [[str(column.heading) for column in handed], *rows])


def _taken(request: HttpRequest, site: Site, layout: Layout, form: LetterFileForm) -> HttpResponse | None:
    made: list[BroughtFile] = []
    if not form.is_valid():
        return None
    upload = form.cleaned_data["file"]
    try:
        require_size(upload.size)
        given: dict[str, Any] = {"name": upload.name, "data": upload.read(), "by": request.user, "now": timezone.now()}
        if not done(form, lambda: made.append(take_file(site=site, layout=layout, **given))):
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


def _handed(request: HttpRequest, site: Site, layout: Layout, form: HandOutForm) -> HttpResponse | None:
    made: list[HandedFile] = []
    who = {"by": request.user, "now": timezone.now()}
    if not done(form, lambda: made.append(hand_out(site=site, layout=layout, **form.cleaned_data, **who))):
        return None
    messages.success(request, _("已生成答复文件，请下载后交给对方"))
    return redirect("console_error_handout", made[0].pk)


def _handout(request: HttpRequest, ref: int) -> HandedFile:
    return get_object_or_404(handed_files_of(request.user), pk=ref)
