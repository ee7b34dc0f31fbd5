"""What people fill in about interpretations. Shape only: the actions say whether it is allowed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from jiyue.console.rulebook.forms import Day
from jiyue.content.models import Interpretation, PolicyCase
from jiyue.identity.models import Organisation

MOST_CHOICES = 200


class PlanForm(forms.Form):
    """解读方案. Every field may stay empty while one is still thinking; the case says what is missing."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("由谁解读"), queryset=Organisation.objects.none(), required=False,
        empty_label=gettext_lazy("请选择"), help_text=gettext_lazy("一般是起草单位（谁起草谁解读）"),
    )  # fmt: skip
    audience = forms.CharField(
        label=gettext_lazy("讲给谁听"), max_length=200, required=False,
        help_text=gettext_lazy("例如“参加城乡居民医保的老年人”、“小微企业主”"),
    )  # fmt: skip
    points = forms.CharField(
        label=gettext_lazy("解读要点"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("准备讲清楚哪几件事，一行一件"),
    )  # fmt: skip
    forms = forms.MultipleChoiceField(
        label=gettext_lazy("解读形式"), choices=Interpretation.Form.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("选了几种，案件里就要有几种材料"),
    )  # fmt: skip
    ready_on = Day(label=gettext_lazy("材料完成日期"), required=False)

    def __init__(self, *args: Any, case: PolicyCase, units: QuerySet[Organisation], **kwargs: Any) -> None:
        given = {name: getattr(case, name) for name in ("unit", "audience", "points", "forms", "ready_on")}
        super().__init__(*args, initial=given, **kwargs)
        self.fields["unit"].queryset = units


class MaterialForm(forms.Form):
    interpretation = forms.ModelChoiceField(
        label=gettext_lazy("放入一篇解读"), queryset=Interpretation.objects.none(), empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("列出的是同一网站上您能编写、没有在审核的解读"),
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: QuerySet[Interpretation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = candidates.order_by("-changed_at").values_list("pk", flat=True)[:MOST_CHOICES]
        field = self.fields["interpretation"]
        field.queryset = Interpretation.objects.filter(pk__in=list(newest)).order_by("-changed_at")
        field.label_from_instance = lambda found: (
            f"{found.title}（{found.get_form_display()}，{found.get_state_display()}）"
        )


class DissolveForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("解散的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("文件和解读都留着，各走各的；规定要求同步的，送审前还要重新建案"),
    )  # fmt: skip
