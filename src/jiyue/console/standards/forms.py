"""What a unit asks of each field of a standard: filled, no longer than, one of."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.rulebook.forms import Day, Grounds
from jiyue.identity.models import Organisation
from jiyue.rules.standards import Edition
from jiyue.rules.standards.demands import fields_of

CODES = ("filled", "longest", "allowed")


class DemandForm(Grounds):
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("适用单位"), queryset=Organisation.objects.none(), required=False,
        help_text=gettext_lazy("这个单位和它的全部下级单位"),
    )  # fmt: skip
    from_on = Day(
        label=gettext_lazy("起用日期"), help_text=gettext_lazy("这一天起送审的稿件按新要求；已经公开的会重新核对")
    )
    document = forms.CharField(label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("作出规定的文件名称"))
    number = forms.CharField(label=gettext_lazy("文号"), max_length=80, required=False)
    article = forms.CharField(label=gettext_lazy("条款"), max_length=120, required=False)
    field_order = ("organisation", "from_on", "document", "number", "article", "grounds")

    def __init__(
        self, *args: Any, edition: Edition, units: QuerySet[Organisation], everywhere: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        organisation = self.fields["organisation"]
        organisation.queryset, organisation.required = units, not everywhere
        organisation.empty_label = _("全平台") if everywhere else _("请选择")
        for name, part in fields_of(edition.schema).items():
            title = part.get("title", name)
            self.fields[f"filled:{name}"] = forms.BooleanField(
                label=_("“%(field)s”必填") % {"field": title}, required=False
            )
            if "enum" not in part and (part.get("type") == "array" or "format" not in part):
                self.fields[f"longest:{name}"] = forms.IntegerField(
                    label=_("“%(field)s”最多多少字") % {"field": title}, required=False, min_value=1,
                    max_value=part.get("maxLength", 100_000),
                )  # fmt: skip
            if "format" not in part:
                self.fields[f"allowed:{name}"] = _allowed(part, title)

    @property
    def general(self) -> list[forms.BoundField]:
        return [self[name] for name in self.field_order]

    @property
    def rows(self) -> Iterator[tuple[str, str, dict[str, forms.BoundField]]]:
        """Field by field: name, title and its controls by code."""
        for name, part in fields_of(self.edition.schema).items():
            controls = {code: self[f"{code}:{name}"] for code in CODES if f"{code}:{name}" in self.fields}
            yield name, part.get("title", name), controls

    def demands(self) -> dict[str, dict[str, Any]]:
        """What was asked, as it is stored."""
        found: dict[str, dict[str, Any]] = {}
        for key, value in self.cleaned_data.items():
            code, _colon, name = key.partition(":")
            if not name or not value:
                continue
            is_text = code == "allowed" and isinstance(value, str)
            found.setdefault(name, {})[code] = (
                [line.strip() for line in value.splitlines() if line.strip()] if is_text else value
            )
        return found


def _allowed(part: Any, title: str) -> forms.Field:
    label = _("“%(field)s”只能是") % {"field": title}
    if "enum" in part:
        names = part.get("x-names", {})
        choices = [(code, names.get(code, code)) for code in part["enum"] if code]
        return forms.MultipleChoiceField(
            label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    return forms.CharField(
        label=label,
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("每行一个")}),
    )
