"""The form of one decided value: the fields that its kind may use, what they write in the words of a pack, and back.

Whether what was written is a rule is judged by the reader of the packs' files, as for `jiyue rules check`; here its
problems are only told beside the field and in words for people who have never seen a file.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.rulebook.amounts import limit_field, rate_field
from jiyue.console.rulebook.classes import ClassesField, lines_of_classes
from jiyue.console.rulebook.forms import Day, Grounds
from jiyue.console.rulebook.rulings import lines_of, rulings_of
from jiyue.domain.rule_terms import COUNT, DATE, FIELDS, PERIODS, REASON, SPANS, Kind
from jiyue.domain.rulesets import Parameter, Value
from jiyue.identity.models import Organisation
from jiyue.rules import wording
from jiyue.rules.problem_wording import sentence
from jiyue.rules.problems import Problem

Fields = dict[str, forms.Field]
TOLD: Mapping[str, Any] = {
    "limit-unknown-form": gettext_lazy("请填一个整数"),
    "limit-zero": gettext_lazy("不能是零"),
    "limit-too-large": gettext_lazy("数字太大，请核对"),
    "limit-no-such-day": gettext_lazy("没有这一天，请填 01-31 这样的月和日"),
    "limit-not-every-year": gettext_lazy("不是每年都有 2 月 29 日，请填 02-28"),
    "limit-out-of-range": gettext_lazy("应在 0 与 100 之间"),
    "class-before-limit": gettext_lazy("有一类的期限比没有分类时的期限还短；没有分类时按最短的一类，请核对"),
    "latest-before-limit": gettext_lazy("最迟期限比一般期限还短，请核对"),
    "fields-exclude": gettext_lazy("只能填一种，请把其余的清空"),
    "period-missing": gettext_lazy("请选择周期"),
    "empty-text": gettext_lazy("请填写"),
    "subject-twice": gettext_lazy("同一对象写了两行，请合并"),
    "field-needs": gettext_lazy("填了“%(field)s”，“%(other)s”也要填"),
    "missing-field": gettext_lazy("请填写“%(field)s”"),
}

_YES_NO = {"是": "true", "否": "false", "true": "true", "false": "false"}
_FIGURE = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)


class ValueForm(Grounds):
    """Scope, day, the value by its kind, and on what it rests."""

    scope = forms.ChoiceField(
        label=gettext_lazy("适用于"), help_text=gettext_lazy("这个单位和它的下级单位，或者采用这个规则包的全部单位")
    )
    from_on = Day(
        label=gettext_lazy("起用日期"),
        help_text=gettext_lazy("这一天起开始的事项按新数值；已经开始的仍按旧数值，所以不能早于今天"),
    )
    document = forms.CharField(
        label=gettext_lazy("依据的文件"), max_length=300, help_text=gettext_lazy("作出这项规定的文件名称")
    )
    number = forms.CharField(label=gettext_lazy("文号"), max_length=80, required=False)
    article = forms.CharField(
        label=gettext_lazy("条款"), max_length=120, required=False, help_text=gettext_lazy("例如“第十二条”")
    )
    word = forms.CharField(
        label=gettext_lazy("文中用语"), max_length=30, required=False,
        help_text=gettext_lazy("文件只写“及时”之类、没有数值时填；数值仍按上级规定"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)
    BASIS = ("document", "number", "article")

    def __init__(
        self, *args: Any, parameter: Parameter, units: QuerySet[Organisation], packs: Sequence[tuple[str, str]],
        value: Value | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.parameter = parameter
        own = _FIELDS_OF[parameter.kind](parameter)
        self.own_names = tuple(own)
        self.fields.update(own)
        self.fields["scope"].choices = _scopes(units, packs)
        self.initial = {**_initial(parameter, value), **self.initial}
        self.order_fields(("scope", "from_on", *own, "word", "note", *self.BASIS, "grounds"))

    def scope_fields(self) -> list[forms.BoundField]:
        return [self["scope"], self["from_on"]]

    def value_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.own_names, "word", "note")]

    def basis_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.BASIS, "grounds")]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        said = [name for name in self.own_names if found.get(name)]
        if not said and not found.get("word") and not set(self.own_names) & set(self.errors):
            self.add_error(self.own_names[0], _("请填写数值；文件只有用语没有数值时，填“文中用语”"))
        return found

    def written(self) -> str:
        """The value as a topic file has it below its date, without `basis`."""
        setting = self.parameter.kind is Kind.SETTING and self.cleaned_data.get("value")
        names = ("word", "note") if setting else (*self.own_names, "word", "note")
        facts = {name: self._fact(name) for name in names}
        given = {name: fact for name, fact in facts.items() if fact not in ("", None, False, [])}
        rest = _dumped(given) if given else ""
        return f"value:{_setting_lines(setting)}\n{rest}" if setting else rest

    def reach(self) -> dict[str, Any]:
        """The unit or the pack, ready for the action."""
        kind, _colon, ref = self.cleaned_data["scope"].partition(":")
        if kind == "pack":
            return {"organisation": None, "pack": ref}
        return {"organisation": Organisation.objects.get(pk=int(ref)), "pack": ""}

    def tell(self, problems: Sequence[Problem]) -> None:
        """Put what the reader of the files found beside the field that wrote it."""
        for problem in problems:
            field = problem.facts.get("key", "")
            place = field if field in self.fields else self.own_names[0]
            names = {"field": self.fields[place].label, "other": self._label(problem.facts.get("found", ""))}
            told = str(TOLD[problem.code]) % names if problem.code in TOLD else sentence(problem)
            self.add_error(place, told)

    def _label(self, name: Any) -> str:
        """What the form calls a field of the files."""
        return str(self.fields[name].label) if name in self.fields else str(name)

    def _fact(self, name: str) -> Any:
        found = self.cleaned_data.get(name)
        if name == "latest_needs":
            return REASON if found else ""
        if name == "at_least" and self.parameter.kind is Kind.RATIO and found:
            return f"{found} %"
        return found


class RulingsField(forms.CharField):
    """One line each: for whom or what, and the answer."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(
            label=gettext_lazy("逐项规定"), required=False, widget=forms.Textarea(attrs={"rows": 8}),
            help_text=gettext_lazy(
                "一行一个对象，写成“对象：答案”；有几个答案用顿号分开，数量限制写在后面的括号里，"
                "例如“市级部门：可以（至多 1 个）”"
            ),
        )  # fmt: skip
        self.parameter = parameter

    def clean(self, value: Any) -> list[dict[str, Any]]:
        return rulings_of(super().clean(value), self.parameter)


class SettingField(forms.CharField):
    """A setting: one value, or lists and named parts in the form of the pack's files, for the files' reader to read."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(
            label=gettext_lazy("内容"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
            help_text=gettext_lazy("一个词或数字直接写；几项各占一行，行首写“- ”；有名称的写成“名称: 内容”"), max_length=20_000,
        )  # fmt: skip


def _deadline(parameter: Parameter) -> Fields:
    classes: Fields = {"classes": ClassesField()} if parameter.classed else {}
    return {
        "limit": limit_field(parameter.units, label=gettext_lazy("期限"), optional=True),
        "latest": limit_field(
            parameter.units, label=gettext_lazy("最迟期限"), optional=True, help_text=gettext_lazy("文件允许延长时才填")
        ),
        "latest_needs": forms.BooleanField(label=gettext_lazy("用最迟期限须说明理由"), required=False),
        "latest_when": forms.CharField(label=gettext_lazy("什么情况下可以用最迟期限"), max_length=120, required=False),
        **classes,
    }


def _recurrence(parameter: Parameter) -> Fields:
    units = parameter.units
    fields: Fields = {}
    if set(units) & set(SPANS):
        spans = [unit for unit in units if unit in SPANS]
        fields["gap"] = limit_field(spans, label=gettext_lazy("间隔不超过"), optional=True)
    if set(units) & set(PERIODS):
        periods = [unit for unit in units if unit in PERIODS]
        fields["at_least"] = rate_field(periods, label=gettext_lazy("至少"))
    if DATE in units:
        fields["by"] = forms.CharField(
            label=gettext_lazy("每年哪一天前"), max_length=5, required=False, help_text=gettext_lazy("例如 01-31")
        )
    fields["with"] = forms.CharField(
        label=gettext_lazy("随哪个事件"), max_length=30, required=False,
        help_text=gettext_lazy("例如“发文”；几种写法只填一种"),
    )  # fmt: skip
    return fields


def _quota(parameter: Parameter) -> Fields:
    units = parameter.units or (COUNT,)
    return {
        "at_least": rate_field(units, label=gettext_lazy("至少")),
        "at_most": rate_field(units, label=gettext_lazy("至多")),
    }


def _ratio(parameter: Parameter) -> Fields:
    figure = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return {"at_least": forms.CharField(label=gettext_lazy("不低于（%）"), max_length=8, required=False, widget=figure)}


def _retention(parameter: Parameter) -> Fields:
    return {"at_least": limit_field(parameter.units, label=gettext_lazy("至少保存"), optional=True)}


_FIELDS_OF: Mapping[Kind, Callable[[Parameter], Fields]] = {
    Kind.DEADLINE: _deadline,
    Kind.RECURRENCE: _recurrence,
    Kind.QUOTA: _quota,
    Kind.RATIO: _ratio,
    Kind.RETENTION: _retention,
    Kind.ELIGIBILITY: lambda parameter: {"answers": RulingsField(parameter)},
    Kind.SETTING: lambda parameter: {"value": SettingField(parameter)},
}


def _scopes(units: QuerySet[Organisation], packs: Sequence[tuple[str, str]]) -> list[tuple[Any, Any]]:
    of_units = [(f"unit:{unit.pk}", unit.name) for unit in units]
    of_packs = [(f"pack:{name}", title) for name, title in packs]
    return [*([(_("单位"), of_units)] if of_units else []), *([(_("规则包"), of_packs)] if of_packs else [])]


def _initial(parameter: Parameter, value: Value | None) -> dict[str, Any]:
    """What the value says now, in the fields."""
    if value is None or value.terms is None:
        return {}
    facts = value.terms.as_json()
    known = {name: facts[name] for name in FIELDS[parameter.kind] if name in facts}
    if "classes" in known:
        known["classes"] = lines_of_classes(facts["classes"])
    if parameter.kind is Kind.RATIO:
        return {"at_least": str(facts["at_least"]).removesuffix(" %")}
    if parameter.kind is Kind.ELIGIBILITY:
        return {"answers": lines_of(facts["answers"])}
    if parameter.kind is Kind.SETTING:
        return {"value": _setting_text(facts["value"])}
    return known


def _setting_text(value: Any) -> str:
    if isinstance(value, list | dict):
        return _dumped(value).strip()
    return wording.setting(value) if isinstance(value, bool) else str(value)


def _setting_lines(text: str) -> str:
    """What was written, put below `value:`; the indent keeps it there whatever it is."""
    line = text.strip()
    if "\n" in line or line.startswith(("- ", "[", "{")) or ": " in line:
        return "".join(f"\n  {each}" for each in text.splitlines())
    if line in _YES_NO:
        return f" {_YES_NO[line]}"
    return f" {line}" if _FIGURE.fullmatch(line) else f" {json.dumps(line, ensure_ascii=False)}"


def _dumped(facts: Any) -> str:
    return yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=100_000, default_flow_style=False)
