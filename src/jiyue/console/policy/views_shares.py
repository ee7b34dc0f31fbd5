"""解读统计: coverage and graphic share of a unit in a period, the goal with its basis, and the list behind each number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jiyue.console.duties.asked import units_of
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.policy.frame import page
from jiyue.console.rulebook.forms import Day
from jiyue.content.interpretations import basis_of
from jiyue.content.policies import visible_records
from jiyue.identity.models import Organisation
from jiyue.publishing.interpreting import Missing, Reached, coverage, graphic_share

TAB = "console_interpreted"


@dataclass(frozen=True)
class Share:
    """One share in words: what it counts, what the rules want of it, and both lists behind the number."""

    name: str
    reached: Reached
    basis: str
    met: list[tuple[Missing, int | None]]
    missing: list[tuple[Missing, int | None]]
    met_name: str
    missing_name: str

    @property
    def percent(self) -> str:
        """Cut, never rounded up: 99.9 is not the whole."""
        found = self.reached.percent
        return "" if found is None else f"{int(found * 10) / 10:g}%"

    @property
    def goal(self) -> str:
        required = self.reached.required
        return "" if required is None else f"{required:g}%"

    @property
    def state(self) -> tuple[str, str]:
        """The state in words and its tone."""
        if not self.reached.total:
            return _("这段时间没有"), "hollow"
        if self.reached.required is None:
            return _("没有规定目标"), "bar"
        return (_("没有达到"), "cross") if self.reached.is_missed else (_("已达到"), "full")


class PeriodForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位（含下级）"), queryset=Organisation.objects.none(), empty_label=None
    )
    since = Day(label=gettext_lazy("从"))
    until = Day(label=gettext_lazy("到"))

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(request.user)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", _("结束日期早于开始日期"))
        return given


@require_GET
def shares(request: HttpRequest) -> HttpResponse:
    """Both shares of the unit and period asked for; this year of the first unit without a question."""
    form, found = _asked(request)
    context = {"form": form, "shares": found, "query": request.GET.urlencode()}
    return page(request, "shares.html", tab=TAB, **context)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The lists behind both numbers for a spreadsheet program."""
    _form, found = _asked(request)
    return as_xlsx("interpretations", _("解读统计"), _table(found))


def _asked(request: HttpRequest) -> tuple[PeriodForm, list[Share]]:
    today = timezone.localdate()
    first = units_of(request.user).first()
    given = {"unit": first and first.pk, "since": f"{today.year}-01-01", "until": today.isoformat()}
    form = PeriodForm({**given, **request.GET.dict()}, request=request)
    if not form.is_valid():
        return form, []
    return form, _shares(request, **form.cleaned_data)


def _shares(request: HttpRequest, *, unit: Organisation, since: date, until: date) -> list[Share]:
    how = {"since": since, "until": until, "now": timezone.now()}
    return [
        _share(request, _("政策解读覆盖率"), coverage(unit, **how), _("已解读的文件"), _("还没有解读的文件")),
        _share(request, _("图文解读占比"), graphic_share(unit, **how), _("图文解读"), _("只有文字的解读")),
    ]


def _share(request: HttpRequest, name: str, reached: Reached, met_name: str, missing_name: str) -> Share:
    known = _keys(request, [row.identity for row in (*reached.met, *reached.missing)])
    met, missing = ([(row, known.get(row.identity)) for row in rows] for rows in (reached.met, reached.missing))
    return Share(
        name,
        reached,
        basis_of(reached.answer) if reached.required is not None else "",
        met,
        missing,
        met_name,
        missing_name,
    )


def _keys(request: HttpRequest, identities: list[UUID]) -> dict[UUID, int]:
    """Records of the lists that the person may open; the others are public, and only named."""
    found: dict[UUID, int] = {}
    for start in range(0, len(identities), 500):
        rows = visible_records(request.user).filter(identity__in=identities[start : start + 500])
        found |= dict(rows.values_list("identity", "pk"))
    return found


def _table(found: list[Share]) -> Iterator[list[Any]]:
    yield [_("统计"), _("比例"), _("目标"), _("依据"), _("情况"), _("标题"), _("单位"), _("网站"), _("公开时间")]
    for share in found:
        for name, rows in ((share.met_name, share.met), (share.missing_name, share.missing)):
            for row, _key in rows:
                yield [
                    share.name, share.percent, share.goal, share.basis, name, row.title, row.unit, row.site,
                    f"{timezone.localtime(row.public_at):%Y-%m-%d %H:%M}",
                ]  # fmt: skip
