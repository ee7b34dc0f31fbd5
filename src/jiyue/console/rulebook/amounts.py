"""Fields for lengths of time and numbers of times: a figure and its unit beside each other, kept in the words of a pack."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiyue.domain.limits import Period, Unit
from jiyue.domain.rule_terms import COUNT, DATE, SAME_DAY, SPANS, WITH_EVENT

UNITS: dict[str, Any] = {
    Unit.HOURS.value: _("小时"), Unit.DAYS.value: _("日"), Unit.WORKING_DAYS.value: _("个工作日"), Unit.WEEKS.value: _("周"),
    Unit.MONTHS.value: _("个月"), Unit.YEARS.value: _("年"), SAME_DAY: _("当日（不填数字）"),
    WITH_EVENT: _("与事件同时（不填数字）"), DATE: _("每年这一天前（填 01-31 的样子）"),
}  # fmt: skip
PERIODS: dict[str, Any] = {
    COUNT: _("个（不分周期）"), Period.DAY.value: _("次，每日"), Period.WORKING_DAY.value: _("次，每个工作日"),
    Period.WEEK.value: _("次，每周"), Period.MONTH.value: _("次，每月"), Period.QUARTER.value: _("次，每季度"),
    Period.HALF_YEAR.value: _("次，每半年"), Period.YEAR.value: _("次，每年"),
}  # fmt: skip


class Beside(forms.MultiWidget):
    """A figure, then its unit."""

    template_name = "console/rulebook/beside.html"
    use_fieldset = False

    def __init__(self, choices: Sequence[tuple[str, Any]]) -> None:
        self.codes = [code for code, _label in choices]
        figure = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__([figure, forms.Select(choices=choices, attrs={"aria-label": _("单位")})])

    def decompress(self, value: str | None) -> list[str]:
        raise NotImplementedError

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else ""


class LimitWidget(Beside):
    def decompress(self, value: str | None) -> list[str]:
        if not value:
            return ["", self.codes[0]]
        if value in (SAME_DAY, WITH_EVENT):
            return ["", value]
        if value.startswith("by "):
            return [value.removeprefix("by "), DATE]
        figure, _space, unit = value.partition(" ")
        return [figure, unit if unit in UNITS else f"{unit}s"]


class RateWidget(Beside):
    def decompress(self, value: str | None) -> list[str]:
        if not value:
            return ["", self.codes[0]]
        figure, _space, per = value.partition(" per ")
        return [figure, per or COUNT]


class Amount(forms.MultiValueField):
    """Gives the words of a pack (`5 working-days`, `1 per week`); nothing when no figure was written."""

    def __init__(self, *, choices: Sequence[tuple[str, Any]], widget: type[Beside], **kwargs: Any) -> None:
        fields = (forms.CharField(required=False, max_length=12), forms.ChoiceField(choices=choices, required=False))
        super().__init__(fields=fields, widget=widget(choices), required=False, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> str:
        figure, unit = (data_list or ["", ""])[0].strip(), (data_list or ["", ""])[1]
        if unit in (SAME_DAY, WITH_EVENT):
            return self._without_figure(figure, unit)
        if not figure:
            return ""
        if unit == DATE:
            return f"by {figure}"
        if unit == COUNT:
            return figure
        return f"{figure} per {unit}" if unit in PERIODS else f"{figure} {unit}"

    def _without_figure(self, figure: str, unit: str) -> str:
        if figure:
            raise forms.ValidationError(_("选了“%(unit)s”就不用填数字"), params={"unit": UNITS[unit]})
        return unit


def limit_field(units: Sequence[str], *, label: Any, optional: bool, help_text: Any = "") -> Amount:
    """A length of time or a day, in the units that the parameter allows; an optional one can be left without unit."""
    choices = [(code, UNITS[code]) for code in UNITS if code in units]
    if optional and not set(units) & set(SPANS):
        choices = [("", _("没有")), *choices]
    return Amount(choices=choices, widget=LimitWidget, label=label, help_text=help_text)


def rate_field(units: Sequence[str], *, label: Any, help_text: Any = "") -> Amount:
    """A number of times in a period, or at any time."""
    choices = [(code, PERIODS[code]) for code in PERIODS if code in units]
    return Amount(choices=choices, widget=RateWidget, label=label, help_text=help_text)
