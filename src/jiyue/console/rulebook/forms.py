"""What people ask of the rules and fill in about them. Shape only: whether it is allowed is for the actions to say."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiyue.console.office.forms import Moment
from jiyue.identity.models import Organisation

EARLIEST, LATEST = 1949, 2200


class Day(forms.DateField):
    """A day, as the browser's own field gives it, in years that calendars can have."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"], **kwargs)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and not EARLIEST <= found.year <= LATEST:
            raise forms.ValidationError(_("年份应在 1949 与 2200 之间"))
        return found


class Instant(Moment):
    """A moment of the same years."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and not EARLIEST <= found.year <= LATEST:
            raise forms.ValidationError(_("年份应在 1949 与 2200 之间"))
        return found


class OnDay(forms.Form):
    on = Day(label=_("按哪一天的规定"), required=False)


class Search(forms.Form):
    q = forms.CharField(label=_("名称或编号"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("种类"), required=False)
    whose = forms.ChoiceField(label=_("按谁的规定"), required=False)
    on = Day(label=_("哪一天"), required=False)

    def __init__(self, *args: Any, kinds: Sequence, choices: Sequence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *kinds]
        self.fields["whose"].choices = choices


class Reckon(forms.Form):
    """The small calculator: by whose rules, from when."""

    whose = forms.ChoiceField(label=_("按谁的规定"))
    start = Instant(label=_("起算时间"))
    event = Instant(label=_("同步事件的时间"), required=False, help_text=_("只有“与……同时”的规定才要填"))

    def __init__(self, *args: Any, choices: Sequence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"].choices = choices


class Compare(forms.Form):
    left = forms.ChoiceField(label=_("左边"))
    right = forms.ChoiceField(label=_("右边"))
    on = Day(label=_("哪一天"), required=False)
    everything = forms.BooleanField(label=_("相同的也列出"), required=False)

    def __init__(self, *args: Any, packs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["left"].choices = self.fields["right"].choices = packs


class Grounds(forms.Form):
    """What every proposal needs beside its matter."""

    grounds = forms.CharField(
        label=_("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("批准人凭它判断；批准后长期保存，所有人可以查"),
    )  # fmt: skip


class AssignForm(Grounds):
    organisation = forms.ModelChoiceField(
        label=_("单位"), queryset=Organisation.objects.none(), empty_label=_("请选择"),
        help_text=_("这个单位和它的下级单位；下级另有指定的，按下级的"),
    )  # fmt: skip
    pack = forms.ChoiceField(label=_("规则包"))
    from_on = Day(label=_("起用日期"), help_text=_("这一天起开始的事项按新规则；已经开始的仍按旧规则"))
    field_order = ("organisation", "pack", "from_on", "grounds")

    def __init__(self, *args: Any, units: QuerySet[Organisation], packs: Sequence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = units
        self.fields["pack"].choices = [("", _("请选择")), *packs]


class Reply(forms.Form):
    reply = forms.CharField(
        label=_("批复意见"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不批准时必须写明原因"),
    )  # fmt: skip
