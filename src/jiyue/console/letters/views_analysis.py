"""来信情况分析: the report for leaders on letters of all kinds and channels, on the screen, as DOCX and as XLSX (INT-19)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from jiyue.console.duties import charts
from jiyue.console.letters.frame import page
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.disclosure.policies import visible_requests
from jiyue.domain.letter_trends import FEWEST, MOST_GROUPS, Length, Period, period_at, period_of
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.interaction.analyses import Standing, ask, standing
from jiyue.interaction.analysis import Analysis, Row, begins, note_made
from jiyue.publishing.renditions.matter import Cell, Heading, Paper, Paragraph, Run, Table
from jiyue.publishing.renditions.word import docx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = ("docx", "xlsx")
OFFERED = {Length.MONTH: 13, Length.QUARTER: 8, Length.YEAR: 3}
NOTHING = "—"
ONE_DAY = timedelta(days=1)
NOTHING_YET = Standing()
NAMES = {Length.MONTH: gettext_lazy("月"), Length.QUARTER: gettext_lazy("季度"), Length.YEAR: gettext_lazy("年")}


class PeriodForm(forms.Form):
    period = forms.ChoiceField(label=gettext_lazy("哪段时间"))
    site = forms.ModelChoiceField(
        label=gettext_lazy("网站"), queryset=Site.objects.none(), required=False, empty_label=gettext_lazy("全部")
    )

    def __init__(self, *args: Any, sites: QuerySet[Site], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites.order_by("name", "pk")
        self.fields["period"].choices = list(_periods(today))


@dataclass(frozen=True)
class Question:
    """Which period of which sites, and what there is of it; without a period the form says what is wrong."""

    form: PeriodForm
    sites: QuerySet[Site]
    period: Period | None = None
    standing: Standing = NOTHING_YET

    @property
    def found(self) -> Analysis | None:
        return self.standing.found


@require_GET
def analysis(request: HttpRequest) -> HttpResponse:
    """The last report of one period; without a question, of the last whole month. Nothing is worked out here."""
    asked = _asked(request, request.GET.dict())
    found = asked.found
    shown: dict[str, Any] = {"form": asked.form, "found": found, "standing": asked.standing, "asked": asked}
    if asked.period is not None:
        shown |= {"query": request.GET.urlencode(), "label": name_of(asked.period)}
    if found is not None:
        tables = [
            (title, heading, [list(zip(heading, row, strict=True)) for row in rows])
            for title, heading, rows in tables_of(found)
        ]
        shown |= {"charts": _charts(found), "label": label_of(found), "how": how_it_was_made(found), "tables": tables}
    return page(request, "analysis.html", **shown)


@require_POST
def ask_anew(request: HttpRequest) -> HttpResponse:
    """Have the report worked out again; the clock does it, and the page shows the last one meanwhile."""
    given = {name: request.POST.get(name, "") for name in ("period", "site") if request.POST.get(name)}
    asked = _asked(request, given)
    if asked.period is None:
        raise Http404
    try:
        asks = ask(sites=asked.sites, period=asked.period, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("正在分析，过一会儿再来看") if asks else _("已经在分析了，请稍候"))
    return redirect(f"{reverse('console_letter_analysis')}?{urlencode(given)}")


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The last report as a file; who takes it away is in the trail. Raises Http404 for a form or report that there is not."""
    kind = request.GET.get("form", "")
    asked = _asked(request, request.GET.dict())
    found, made_at = asked.found, asked.standing.made_at
    if kind not in FORMS or found is None or made_at is None:
        raise Http404
    note_made(period=found.period, sites=asked.sites, form=kind, by=request.user, now=timezone.now())
    name, made = f"letters-{found.period.code}", _made(found, request.user.name, made_at)
    if kind == "xlsx":
        return as_xlsx(name, _("来信情况分析"), _lines(found, made))
    answer = HttpResponse(_document(found, made), content_type=DOCX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def name_of(period: Period) -> str:
    """In words: 2026年11月, 2026年第4季度, 2026年."""
    if period.length == Length.MONTH:
        return _("%(year)s年%(month)s月") % {"year": period.since.year, "month": period.since.month}
    if period.length == Length.QUARTER:
        return _("%(year)s年第%(quarter)s季度") % {"year": period.since.year, "quarter": (period.since.month + 2) // 3}
    return _("%(year)s年") % {"year": period.since.year}


def label_of(found: Analysis) -> str:
    """As `name_of`, with the last day that is counted where the period still runs."""
    if found.as_of is None:
        return name_of(found.period)
    words = {"period": name_of(found.period), "month": found.as_of.month, "day": found.as_of.day}
    return _("%(period)s（截至 %(month)s 月 %(day)s 日）") % words


def tables_of(found: Analysis) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Every table of the report: title, heading, lines; the same on the screen, in the document and in the workbook."""
    heading = [
        _("收到"),
        _("上期"),
        _("比上期"),
        _("去年同期"),
        _("比去年同期"),
        _("已答复"),
        _("按期答复率"),
        _("超期"),
    ]
    for title, first, rows in (
        (_("按类别"), _("类别"), found.kinds), (_("按来源"), _("来源"), found.channels),
        (_("按承办单位"), _("单位"), found.units),
    ):  # fmt: skip
        yield title, [first, *heading], [_line(row) for row in [*rows, found.whole]]
    yield _("其他互动"), [_("互动"), *heading[:5]], [_line(row)[:6] for row in found.asked]
    said = [[one.words, str(one.letters), str(one.people), str(one.before)] for one in found.phrases]
    yield _("标题里常见的说法"), [_("说法"), _("件数"), _("人数"), _("上期件数")], said
    rising = [[one.words, str(one.letters), str(one.before)] for one in found.rising]
    yield _("明显增多的说法"), [_("说法"), _("件数"), _("上期件数")], rising
    alike = [
        [one.words or _("标题各不相同"), str(one.letters), str(one.people), "、".join(one.units)]
        for one in found.groups
    ]
    yield _("内容相近的来信"), [_("共同的说法"), _("件数"), _("人数"), _("承办单位")], alike


def how_it_was_made(found: Analysis) -> list[str]:
    """What a reader must know of the figures."""
    compared = _("文字只比对这段时间最新的 %(read)s 封（共 %(all)s 封），举报只计数、不比对。") % {
        "read": found.read, "all": found.readable,
    }  # fmt: skip
    days = (found.as_of - found.period.since).days + 1 if found.as_of else 0
    running = _("这段时间还没有结束：上期和去年同期也只取开头的 %(n)s 天来比，不和整段比。") % {"n": days}
    sampled = _("上期抽取最近 %(read)s 件比较（共 %(all)s 件）：表里的上期件数是抽取的件数，是否明显增多按比例折算。") % {
        "read": found.read_before, "all": found.readable_before,
    }  # fmt: skip
    return [
        *([running] if found.as_of else []),
        _("按收到日期统计；超期包括过了期限才答复的和过了期限还没有答复的。"),
        compared,
        *([sampled] if found.read_before < found.readable_before else []),
        _("常见的说法是标题里 3 到 20 个字的相同文字；内容相近是相同的两字组合占一半以上。不足 %(n)s 个人说的不列。")
        % {"n": FEWEST},
        _("内容相近的最多列 %(n)s 组，人数多的在前。") % {"n": MOST_GROUPS},
        _("检测出个人信息的不列。不判断态度，不评价意见。"),
        _("明显增多：件数至少是上期的两倍。没有逐封归入主题，所以不按主题统计。"),
    ]


def _asked(request: HttpRequest, given: dict[str, str]) -> Question:
    sites, today = sites_with(request.user, Permission.READ_LETTERS), timezone.localdate()
    form = PeriodForm(
        {"period": period_at(Length.MONTH, today).before.code, **given}, sites=sites, today=today
    )  # fmt: skip
    if not form.is_valid():
        return Question(form, sites)
    period, site = period_of(form.cleaned_data["period"]), form.cleaned_data["site"]
    chosen = sites.filter(pk=site.pk) if site else sites
    if period is None:
        return Question(form, chosen)
    there = standing(chosen, period)
    if there.found is not None:
        others = [*there.found.asked, _disclosures(request.user, chosen, there.found)]
        there = replace(there, found=replace(there.found, asked=others))
    return Question(form, chosen, period, there)


def _disclosures(user: User, sites: QuerySet[Site], found: Analysis) -> Row:
    """Requests for information, of those that the person may read; counted now, of the days that the report is about."""
    rows = visible_requests(user).filter(site__in=sites.values("pk"))
    counts = (
        rows.filter(received_at__gte=begins(each.since), received_at__lt=begins(each.until + ONE_DAY)).count()
        for each in found.period.compared(found.as_of or timezone.localdate())
    )
    return Row(_("政府信息公开申请（您能看到的）"), *counts)


def _periods(today: date) -> Iterator[tuple[Any, list[tuple[str, str]]]]:
    for length, count in OFFERED.items():
        each, rows = period_at(length, today), []
        for _number in range(count):
            rows.append((each.code, name_of(each)))
            each = each.before
        yield NAMES[length], rows


def _line(row: Row) -> list[str]:
    return [
        row.name, str(row.received), str(row.before), _share(row.against_before, signed=True), str(row.year_ago),
        _share(row.against_year_ago, signed=True), str(row.answered), _share(row.share_in_time), str(row.late),
    ]  # fmt: skip


def _share(value: int | None, *, signed: bool = False) -> str:
    if value is None:
        return NOTHING
    return f"{value:+d}%" if signed else f"{value}%"


def _charts(found: Analysis) -> list[tuple[str, Any]]:
    months = [charts.Point(code, count) for code, count in found.months]
    drawn = [(_("近十三个月收到的来信（件）"), charts.line(months, title=charts.summary(months)))]
    for title, rows in ((_("按类别（件）"), found.kinds), (_("按来源（件）"), found.channels)):
        bars = [charts.Bar(row.name, row.received) for row in rows if row.received]
        if bars:
            drawn.append((title, charts.bars(bars, title=charts.summary(bars))))
    return drawn


def _lines(found: Analysis, made: str) -> Iterator[list[str]]:
    yield [_title(found)]
    yield [made]
    for title, heading, rows in tables_of(found):
        yield []
        yield [title]
        yield heading
        yield from rows or [[_("没有")]]
    yield []
    yield from ([words] for words in how_it_was_made(found))


def _title(found: Analysis) -> str:
    return _("%(period)s来信情况分析") % {"period": label_of(found)}


def _made(found: Analysis, maker: str, at: datetime) -> str:
    sites = "、".join(found.sites[:5]) + (
        _("等 %(n)s 个网站") % {"n": len(found.sites)} if len(found.sites) > 5 else ""
    )
    words = {"name": maker, "at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}", "sites": sites}
    return _("%(sites)s；%(at)s 分析，%(name)s 下载") % words


def _document(found: Analysis, made: str) -> bytes:
    blocks: list[Any] = [Paragraph((Run(made),)), Paragraph((Run(_in_short(found)),))]
    for title, heading, rows in tables_of(found):
        blocks.append(Heading((Run(title),), 1))
        blocks.append(_table(title, heading, rows) if rows else Paragraph((Run(_("没有。")),)))
    blocks.append(Heading((Run(_("这些数字怎么来的")),), 1))
    blocks += [Paragraph((Run(words),)) for words in how_it_was_made(found)]
    paper = Paper(
        title=_title(found), number="", issuers=(), mark="", badge="", address="", site="", language="zh-CN",
        dated=timezone.localdate().isoformat(), keywords=(), signed=True, signature=("", ""), blocks=tuple(blocks),
    )  # fmt: skip
    return docx(paper, picture=lambda _digest: b"")


def _in_short(found: Analysis) -> str:
    whole = found.whole
    return _("收到 %(n)s 件，上期 %(before)s 件，去年同期 %(year)s 件；已答复 %(answered)s 件，超期 %(late)s 件。") % {
        "n": whole.received, "before": whole.before, "year": whole.year_ago, "answered": whole.answered, "late": whole.late,
    }  # fmt: skip


def _table(caption: str, heading: list[str], rows: Iterable[list[str]]) -> Table:
    cells = [tuple(Cell((Run(one),), heads=True) for one in heading)]
    cells += [tuple(Cell((Run(one),), heads=not at) for at, one in enumerate(row)) for row in rows]
    return Table(tuple(cells), 1, len(heading), caption)
