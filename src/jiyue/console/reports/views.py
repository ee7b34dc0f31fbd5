"""内容统计、会议活动发布、责任统计: counts of what is public, times of events beside times of publication, and accounts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jiyue.console.duties import charts
from jiyue.console.duties.charts import Bar
from jiyue.console.office.frame import paged
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.reports.frame import AskForm, asked, page
from jiyue.content.models import InformationClass, Record
from jiyue.domain.duties import State
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.roles import Permission
from jiyue.publishing.tallies import Counts, Tally, Told, counts, events, told
from jiyue.review.accounts import Account, Accounts, accountable_sites, accounts

COUNTS, EVENTS, ACCOUNTS = "console_counts", "console_events_told", "console_accountability"
KINDS = [*Record.Openness.choices, ("", gettext_lazy("未分类"))]
MOST_BARS = 12
MOST_EVENTS = 5000  # of a file
LATE = frozenset({State.OVERDUE, State.BREACHED, State.MET_LATE})


class EventsForm(AskForm):
    information_class = forms.ChoiceField(label=gettext_lazy("信息类别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["information_class"].choices = [("", _("全部")), *InformationClass.choices]


@require_GET
def show_counts(request: HttpRequest) -> HttpResponse:
    """What became public, by openness, subject and form, with a chart for each and a table per site and unit."""
    form, found = _counted(request)
    drawn = _drawn(found) if found else []
    context = {"form": form, "found": found, "drawn": drawn, "kinds": [str(word) for _code, word in KINDS]}
    tables = [(_("网站"), _lines(found.sites)), (_("责任单位"), _lines(found.units))] if found else []
    return page(request, "counts.html", tab=COUNTS, tables=tables, **context)


@require_GET
def export_counts(request: HttpRequest) -> HttpResponse:
    _form, found = _counted(request)
    return as_xlsx("counts", _("内容统计"), _count_rows(found))


@require_GET
def show_events(request: HttpRequest) -> HttpResponse:
    """Meetings, activities and decisions: when each happened, when it became public, and what was owed."""
    form, rows = _happened(request)
    shown = paged(request, rows)
    context = {"form": form, "rows": shown, "lines": [(one, _event_word(one)) for one in told(list(shown))]}
    return page(request, "events.html", tab=EVENTS, **context)


@require_GET
def export_events(request: HttpRequest) -> HttpResponse:
    _form, rows = _happened(request)
    return as_xlsx("events", _("会议活动发布"), _event_rows(told(list(rows[:MOST_EVENTS]))))


@require_GET
def show_accounts(request: HttpRequest) -> HttpResponse:
    """Accounts of units, editors and reviewers, as far as the person may see them: at least her own."""
    form, found = _accounted(request)
    return page(request, "accounts.html", tab=ACCOUNTS, form=form, found=found, answers=bool(found and found.units))


@require_GET
def export_accounts(request: HttpRequest) -> HttpResponse:
    _form, found = _accounted(request)
    return as_xlsx("accounts", _("责任统计"), _account_rows(found))


def _readable(request: HttpRequest) -> QuerySet[Site]:
    return sites_with(request.user, Permission.READ_CONTENT)


def _counted(request: HttpRequest) -> tuple[AskForm, Counts | None]:
    form = asked(request, _readable(request))
    if not form.is_valid():
        return form, None
    given = form.cleaned_data
    return form, counts(_chosen(request, given["site"]), since=given["since"], until=given["until"])


def _happened(request: HttpRequest) -> tuple[AskForm, QuerySet[Record]]:
    form = asked(request, _readable(request), EventsForm, information_class=request.GET.get(
        "information_class", InformationClass.MAJOR
    ))  # fmt: skip
    if not form.is_valid():
        return form, Record.objects.none()
    given = form.cleaned_data
    how = {name: given[name] for name in ("since", "until", "information_class")}
    return form, events(_chosen(request, given["site"]), **how)


def _accounted(request: HttpRequest) -> tuple[AskForm, Accounts | None]:
    sites = Site.objects.filter(pk__in=_readable(request).values("pk")) | accountable_sites(request.user)
    form = asked(request, sites.distinct())
    if not form.is_valid():
        return form, None
    return form, accounts(request.user, **form.cleaned_data)


def _chosen(request: HttpRequest, site: Site | None) -> QuerySet[Site]:
    sites = _readable(request)
    return sites.filter(pk=site.pk) if site else sites


def _drawn(found: Counts) -> list[tuple[str, SafeString, Sequence[Bar]]]:
    """Each chart with its title and its rows; a class that nobody wrote down is a row of its own."""
    kinds = [Bar(str(word), found.by_kind.get(code, 0)) for code, word in KINDS]
    return [
        _chart(_("五公开"), kinds),
        _chart(_("主题分类"), [Bar(name or _("未分类"), number) for name, number in found.subjects]),
        _chart(_("体裁分类"), [Bar(name or _("未分类"), number) for name, number in found.forms]),
    ]


def _chart(title: str, rows: Sequence[Bar]) -> tuple[str, SafeString, Sequence[Bar]]:
    shown = rows[:MOST_BARS]
    told_in_words = _("%(title)s：%(rows)s") % {"title": title, "rows": charts.summary(shown)}
    return title, charts.bars(shown, title=told_in_words), rows


def _lines(tallies: Iterable[Tally]) -> list[tuple[Tally, list[int]]]:
    return [(tally, [tally.by_kind.get(code, 0) for code, _word in KINDS]) for tally in tallies]


def _count_rows(found: Counts | None) -> Iterator[list]:
    yield [_("分组"), _("名称"), _("合计"), *(str(word) for _code, word in KINDS)]
    if found is None:
        return
    for group, tallies in ((_("网站"), found.sites), (_("责任单位"), found.units)):
        yield from ([group, tally.name, tally.total, *kinds] for tally, kinds in _lines(tallies))
    for group, classes in ((_("主题分类"), found.subjects), (_("体裁分类"), found.forms)):
        yield from ([group, name or _("未分类"), number] for name, number in classes)


def _event_word(one: Told) -> tuple[str, str]:
    """How it stands, in words, and its tone."""
    if one.duty is not None and one.duty.state(timezone.now()) in LATE:
        return (_("逾期未发布"), "cross") if one.public_at is None else (_("逾期发布"), "two")
    if one.public_at is None:
        return _("还没有公开"), "hollow"
    return (_("按时发布"), "full") if one.duty is not None else (_("没有规定时限"), "bar")


def _event_rows(lines: Iterable[Told]) -> Iterator[list]:
    yield [_("标题"), _("网站"), _("责任单位"), _("事项发生"), _("公开时间"), _("相隔天数"), _("期限"), _("状态")]
    for one in lines:
        unit = one.record.responsible or one.record.site.owner
        yield [
            one.record.title, one.record.site.name, unit.name, _at(one.happened_at, one.record.event_time is not None),
            _at(one.public_at), "" if one.days is None else one.days, _at(one.duty.due_at if one.duty else None),
            _event_word(one)[0],
        ]  # fmt: skip


def _at(moment: Any, hour: bool = True) -> str:
    return f"{timezone.localtime(moment):{'%Y-%m-%d %H:%M' if hour else '%Y-%m-%d'}}" if moment else ""


def _account_rows(found: Accounts | None) -> Iterator[list]:
    yield [_("分组"), _("名称"), _("单位"), _("送审"), _("发布"), _("更正"), _("撤下"), _("退回"), _("审核"), _("签发"),
           _("等待时间中位数（小时）")]  # fmt: skip
    groups: list[tuple[str, list[Account]]] = [] if found is None else [
        (_("责任单位"), found.units), (_("编辑"), found.editors), (_("审核人"), found.reviewers)
    ]  # fmt: skip
    for group, lines in groups:
        for line in lines:
            hours = "" if line.hours is None else f"{line.hours:.1f}"
            yield [group, line.name, line.unit, line.submitted, line.published, line.corrected, line.withdrawn,
                   line.returned, line.decided, line.signed, hours]  # fmt: skip
