"""What is filled in to keep the catalogue of service items. Shape only: the actions say whether it is allowed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiyue.console.rulebook.forms import Day
from jiyue.content.models import ServiceItem
from jiyue.content.needs import NEEDS
from jiyue.identity.models import Organisation

HELP = {
    "audiences": _("谁可以办，至少选一类"),
    "themes": _("老百姓按这些主题找，可以多选"),
    "life_events": _("一生中或企业一路上遇到哪件事时要办，可以多选"),
}
FIELDS = (
    "organisation", "code", "name", "item_class", "legal_basis", "audiences", "themes", "life_events", "charged",
    "charge_basis", "system_host",
)  # fmt: skip


class ItemForm(forms.ModelForm):
    class Meta:
        model = ServiceItem
        fields = FIELDS
        widgets = {"legal_basis": forms.Textarea(attrs={"rows": 4}), "charge_basis": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = units.order_by("lineage")
        self.fields["organisation"].empty_label = None
        for name, choices in NEEDS.items():
            label = ServiceItem._meta.get_field(name).verbose_name
            self.fields[name] = forms.MultipleChoiceField(
                label=label, help_text=HELP[name], choices=choices.choices, required=name == "audiences",
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def _post_clean(self) -> None:
        # The action validates the whole item, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class EndForm(forms.Form):
    on = Day(label=_("从哪一天起取消"))
    reason = forms.CharField(
        label=_("取消的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("写明依据的文件")
    )
