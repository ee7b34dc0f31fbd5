"""What people fill in to keep columns, catalogues and promises. Shape only: the actions say whether it is allowed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.forms import Moment
from jiyue.console.rulebook.forms import Day
from jiyue.content.catalogue_import import gap_of, limit_of
from jiyue.content.models import (
    CatalogueItem,
    ChangeNotice,
    Column,
    ColumnDecision,
    Commitment,
    Record,
    ReprintTask,
)
from jiyue.domain.limits import NotALimit, parse_limit, parse_span
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation
from jiyue.rules import wording

THREE_LINES = forms.Textarea(attrs={"rows": 3})


class DecisionForm(forms.ModelForm):
    class Meta:
        model = ColumnDecision
        fields = ["outcome", "target", "adjustment", "grounds"]
        widgets = {"outcome": forms.RadioSelect, "adjustment": THREE_LINES, "grounds": THREE_LINES}
        help_texts = {"target": gettext_lazy("只有合并时才选；已发布的内容留在原网址")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        column = self.instance.column
        others = Column.objects.filter(site=column.site, closed_at=None).exclude(kind=Column.Kind.CHANNEL)
        self.fields["target"].queryset = others.exclude(pk=column.pk).order_by("path")
        self.fields["target"].empty_label = _("没有")
        self.fields["outcome"].choices = ColumnDecision.Outcome.choices

    def _post_clean(self) -> None:
        # The action validates the whole decision, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class OpinionForm(forms.Form):
    opinion = forms.CharField(
        label=gettext_lazy("意见"), max_length=300, required=False, widget=THREE_LINES,
        help_text=gettext_lazy("不同意或退回时必须写明"),
    )  # fmt: skip


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("变更说明"), max_length=300, widget=THREE_LINES,
        help_text=gettext_lazy("为什么增加或关闭，里面放什么，由谁维护"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why something is taken back; the name of the field follows the action."""

    def __init__(self, *args: Any, name: str = "withdrawn_reason", label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[name] = forms.CharField(label=label or _("原因"), max_length=200, widget=THREE_LINES)
        self.name = name

    @property
    def reason(self) -> str:
        return str(self.cleaned_data[self.name])


class Limits(forms.CharField):
    """A limit as people write it (20个工作日, 每年), kept in the words of the packs."""

    def __init__(self, *, gap: bool, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)
        self._gap = gap

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return gap_of(text) if self._gap else limit_of(text)
        except ValueError as error:
            raise ValidationError(_("看不懂的期限“%(text)s”，例如“20个工作日”、“每年”") % {"text": text}) from error

    def prepare_value(self, value: Any) -> Any:
        return spoken(value) if isinstance(value, str) else value


def spoken(limit: str) -> str:
    """A limit of the packs as people write it; anything else as it is."""
    for parse in (parse_limit, parse_span):
        try:
            return wording.limit(parse(limit)).replace(" ", "")
        except NotALimit:
            continue
    return limit


class ItemForm(forms.ModelForm):
    limit = Limits(
        gap=False, label=gettext_lazy("公开时限"), help_text=gettext_lazy("例如“20个工作日”；留空表示按信息类别的规定")
    )
    renewal = Limits(
        gap=True, label=gettext_lazy("更新周期"), help_text=gettext_lazy("例如“每年”；留空表示不要求定期更新")
    )

    class Meta:
        model = CatalogueItem
        fields = [
            "unit", "number", "name", "content", "basis", "responsible", "column", "information_class", "limit", "renewal",
        ]  # fmt: skip
        widgets = {"content": THREE_LINES}

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.instance.site
        self.fields["unit"].queryset = self.fields["responsible"].queryset = units
        self.fields["column"].queryset = columns_of(site)
        self.fields["unit"].empty_label = self.fields["responsible"].empty_label = _("请选择")
        self.fields["column"].empty_label = _("没有")
        if self.instance.pk:
            self.fields["unit"].disabled = True

    def _post_clean(self) -> None:
        # The action validates the whole line, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class ImportForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=gettext_lazy("公开主体"), queryset=Organisation.objects.none(), empty_label=gettext_lazy("请选择")
    )
    file = forms.FileField(
        label=gettext_lazy("清单文件"),
        help_text=gettext_lazy(
            "XLSX 或 CSV，第一行是表头：序号、公开事项、公开内容、公开依据、公开时限、责任部门、公开栏目、更新周期；"
            "序号相同的修改，其余的增加"
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )  # fmt: skip

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class WithholdingForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("不公开的理由"), max_length=300, widget=THREE_LINES)
    basis = forms.CharField(
        label=gettext_lazy("法律依据"),
        max_length=300,
        help_text=gettext_lazy("文件名称和条款；以公开为常态，不公开为例外"),
    )


class CommitmentForm(forms.ModelForm):
    address = forms.URLField(
        label=gettext_lazy("公开网址"), max_length=400, required=False, assume_scheme="https",
        help_text=gettext_lazy("公众在哪里看到这项承诺"),
    )  # fmt: skip
    made_on = Day(label=gettext_lazy("承诺日期"))
    due_on = Day(label=gettext_lazy("承诺完成日期"))

    class Meta:
        model = Commitment
        fields = ["unit", "title", "text", "address", "made_on", "due_on"]
        widgets = {"text": THREE_LINES}

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = _("请选择")

    def _post_clean(self) -> None:
        # The action validates the whole promise, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class KeptForm(forms.Form):
    kept_at = Moment(label=gettext_lazy("兑现时间"))
    evidence = forms.CharField(
        label=gettext_lazy("兑现情况"), max_length=400, widget=THREE_LINES,
        help_text=gettext_lazy("做了什么，在哪里可以看到"),
    )  # fmt: skip


class ChangeNoticeForm(forms.ModelForm):
    changed_at = Moment(label=gettext_lazy("变更发生时间"), help_text=gettext_lazy("更新的期限从这时算起"))

    class Meta:
        model = ChangeNotice
        fields = ["unit", "what", "changed_at", "column", "record"]
        help_texts = {"record": gettext_lazy("知道是哪一篇就选上，办结以它更新为准")}

    def __init__(self, *args: Any, site: Site, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = _("请选择")
        self.fields["column"].queryset = columns_of(site)
        self.fields["column"].empty_label = _("请选择")
        shown = Record.objects.filter(site=site).order_by("-changed_at", "-pk")
        newest = shown.values_list("pk", flat=True)[:MOST_RECORDS]
        self.fields["record"].queryset = Record.objects.filter(pk__in=list(newest)).order_by("-pk")
        self.fields["record"].empty_label = _("没有")
        self.fields["record"].label_from_instance = lambda record: record.title

    def _post_clean(self) -> None:
        # The action validates the whole notice, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class ReprintForm(forms.ModelForm):
    address = forms.URLField(
        label=gettext_lazy("原网址"), max_length=400, assume_scheme="https",
        help_text=gettext_lazy("转载的稿件写上同一个原网址，公开后就自动办结"),
    )  # fmt: skip
    released_at = Moment(label=gettext_lazy("原发布时间"), help_text=gettext_lazy("转载期限从这时算起"))

    class Meta:
        model = ReprintTask
        fields = ["organisation", "title", "source", "address", "released_at"]

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = units
        self.fields["organisation"].empty_label = _("请选择")

    def _post_clean(self) -> None:
        # The action validates the whole task, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class LookedAtForm(forms.Form):
    """看过了，内容仍然正确."""

    note = forms.CharField(
        label=gettext_lazy("复查情况"),
        max_length=300,
        widget=THREE_LINES,
        help_text=gettext_lazy("核对了什么，是否仍然准确"),
    )
    review_on = Day(
        label=gettext_lazy("下次复查日期"), required=False, help_text=gettext_lazy("要晚于今天；留空表示以后不再提醒")
    )


MOST_RECORDS = 200


def columns_of(site: Site) -> QuerySet[Column]:
    """Columns that can hold content."""
    return Column.objects.filter(site=site, closed_at=None).exclude(kind=Column.Kind.CHANNEL).order_by("path")
