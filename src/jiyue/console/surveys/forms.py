"""What staff fill in about what came in. Shape only; the verbs say what is missing."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Column
from jiyue.interaction.campaigns.actions import LONGEST
from jiyue.interaction.models import OpinionGroup

SUMMARY = _("请写意见的摘要，公开的页面上只有这段文字")
REASON = _("请写明理由，采纳的写采纳在哪里")


class QuoteForm(forms.Form):
    """The words as they will be public: proposed without what tells of a person."""

    words = forms.CharField(
        label=_("公开的文字"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("已经盖掉看起来像个人信息的地方，请通读一遍再保存"),
    )  # fmt: skip


class GroupingForm(forms.Form):
    """Which opinions go together, and under what name: a new one or one that there is."""

    title = forms.CharField(
        label=_("归为哪一类"), max_length=80, help_text=_("意思相同的归到一起；只有一条的也单独起一个名字"),
        widget=forms.TextInput(attrs={"list": "groups"}),
    )  # fmt: skip
    opinions = forms.TypedMultipleChoiceField(label=_("意见"), coerce=int, required=False)

    def __init__(self, *args: Any, keys: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opinions"].choices = [(key, key) for key in keys]


class SiteSurveyForm(forms.Form):
    """Where a survey about the site itself is to stand."""

    column = forms.ModelChoiceField(label=_("放在哪个栏目"), queryset=Column.objects.none(), empty_label=None)

    def __init__(self, *args: Any, columns: QuerySet[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns
        self.fields["column"].label_from_instance = lambda column: f"{column.site.name} · {column.name}"


class GroupForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(
        label=_("意见摘要（公开）"), max_length=LONGEST, error_messages={"required": SUMMARY},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("公开的页面上只有这段文字，不照抄原话里的姓名、电话、住址"),
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=_("处理"),
        choices=[("", _("还没有决定")), *OpinionGroup.Outcome.choices],
        error_messages={"required": _("请选择怎么处理")},
    )
    reason = forms.CharField(
        label=_("理由（公开）"), max_length=LONGEST, error_messages={"required": REASON},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("采纳的写采纳在哪一条，不采纳的写为什么"),
    )  # fmt: skip
