"""What people fill in about interpretations. Shape only: the actions say whether it is allowed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.rulebook.forms import Day
from jiyue.content.headings import headings_of
from jiyue.content.models import Interpretation, PolicyCampaign, PolicyCase, PolicyDocument, PublicQuestion, Record
from jiyue.estate.models import Site
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


class QuestionForm(forms.ModelForm):
    asked_on = Day(label=gettext_lazy("什么时候问的"))
    times = forms.IntegerField(
        label=gettext_lazy("有多少人问"), min_value=1, max_value=1_000_000, initial=1,
        help_text=gettext_lazy("问的是同一件事，就登记一次，写上人数"),
    )  # fmt: skip

    class Meta:
        model = PublicQuestion
        fields = ["document", "words", "source", "asked_on", "times"]
        widgets = {"words": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_to_site(self.fields["document"], PolicyDocument, site)
        self.fields["document"].empty_label = _("请选择")

    def _post_clean(self) -> None:
        """The action validates the whole question, with words of its own."""


class AnswerForm(forms.Form):
    """Which interpretation of the document answers, and under which heading: one choice for both."""

    place = forms.ChoiceField(
        label=gettext_lazy("由哪篇解读的哪一节回答"), choices=(),
        help_text=gettext_lazy("保存后把这篇解读送审（已公开的送审更正），签发以后公众就能看到"),
    )  # fmt: skip

    def __init__(self, *args: Any, interpretations: list[Interpretation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {
            f"{found.pk}-{number}": (found, heading)
            for found in interpretations
            for number, heading in enumerate(["", *headings_of(found)])
        }
        words = {key: f"{found.title}：{heading or _('全文')}" for key, (found, heading) in self._places.items()}
        self.fields["place"].choices = [("", _("请选择")), *words.items()]

    @property
    def chosen(self) -> tuple[Interpretation, str]:
        return self._places[self.cleaned_data["place"]]


class CampaignForm(forms.ModelForm):
    held_on = Day(label=gettext_lazy("活动日期"))

    class Meta:
        model = PolicyCampaign
        fields = [
            "unit", "title", "place_kind", "place", "audience", "held_on", "people", "documents", "interpretations",
            "material",
        ]  # fmt: skip
        widgets = {"documents": forms.SelectMultiple(attrs={"size": 6}),
                   "interpretations": forms.SelectMultiple(attrs={"size": 6})}  # fmt: skip
        help_texts = {"documents": gettext_lazy("按住 Ctrl 可以选几份")}

    def __init__(self, *args: Any, site: Site, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = _("请选择")
        limit_to_site(self.fields["documents"], PolicyDocument, site)
        limit_to_site(self.fields["interpretations"], Interpretation, site)

    def _post_clean(self) -> None:
        # The action validates the whole campaign, with words of its own.
        fields = [name for name in self._meta.fields if name not in {"documents", "interpretations"}]
        self.instance = forms.models.construct_instance(self, self.instance, fields)


def limit_to_site(field: Any, model: type[Record], site: Site) -> None:
    """Let a field offer the newest records of a site, by their titles."""
    newest = model.objects.filter(site=site).order_by("-changed_at").values_list("pk", flat=True)[:MOST_CHOICES]
    field.queryset = model.objects.filter(pk__in=list(newest)).order_by("-changed_at")
    field.label_from_instance = lambda found: found.title


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class DissolveForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("解散的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("文件和解读都留着，各走各的；规定要求同步的，送审前还要重新建案"),
    )  # fmt: skip
