"""What people fill in about a concern. Shape only: the actions say whether it is allowed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.concerns.models import Answer, Concern, Contact, Step
from jiyue.console.office.forms import Moment
from jiyue.content.models import Column, Record, Topic
from jiyue.identity.models import Organisation

THREE_LINES = forms.Textarea(attrs={"rows": 3})
RECENT = 60  # records to choose from; older ones are no answer to what is open now


class ConcernForm(forms.ModelForm):
    happened_at = Moment(
        label=gettext_lazy("事发时间"), required=False, help_text=gettext_lazy("突发事件必填，首次发布的时限从这时算起")
    )
    found_at = Moment(label=gettext_lazy("发现时间"), help_text=gettext_lazy("接到报告或者第一次发现的时间"))

    class Meta:
        model = Concern
        fields = ["kind", "level", "title", "unit", "what", "origin", "topic", "happened_at", "found_at"]
        widgets = {"kind": forms.RadioSelect, "what": THREE_LINES}

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.instance.site
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = _("请选择")
        self.fields["kind"].choices = Concern.Kind.choices
        self.fields["topic"].queryset = Topic.objects.filter(site=site).order_by("-changed_at")
        self.fields["topic"].empty_label = _("没有")

    def _post_clean(self) -> None:
        # The action validates the whole concern, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class StepForm(forms.ModelForm):
    at = Moment(label=gettext_lazy("时间"))
    address = forms.URLField(
        label=gettext_lazy("网址"), max_length=400, required=False, assume_scheme="https",
        help_text=gettext_lazy("媒体或账号刊出回应的地址"),
    )  # fmt: skip

    class Meta:
        model = Step
        fields = ["kind", "at", "contact", "address", "what"]
        widgets = {"what": THREE_LINES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Contact.objects.filter(unit=self.instance.concern.site.owner_id, ended_at=None)
        self.fields["contact"].queryset = own.order_by("kind", "name")
        self.fields["contact"].empty_label = _("没有")

    def _post_clean(self) -> None:
        # The action validates the whole step, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class DraftForm(forms.Form):
    """Begin an answer: where it will stand, and its title."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    column = forms.ModelChoiceField(
        label=gettext_lazy("栏目"), queryset=Column.objects.none(), empty_label=gettext_lazy("请选择")
    )

    def __init__(self, *args: Any, columns: QuerySet[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns


class LinkForm(forms.Form):
    """Name what was written already."""

    record = forms.ModelChoiceField(
        label=gettext_lazy("已有稿件"), queryset=Record.objects.none(), empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("本网站最近改动的稿件"),
    )  # fmt: skip

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Answer.objects.filter(concern=concern).values("record")
        recent = Record.objects.filter(site=concern.site).exclude(pk__in=named).order_by("-changed_at", "-pk")[:RECENT]
        self.fields["record"].queryset = Record.objects.filter(pk__in=[row.pk for row in recent]).order_by(
            "-changed_at"
        )


class ContactForm(forms.ModelForm):
    class Meta:
        model = Contact
        fields = ["unit", "kind", "name", "person", "phone", "note"]

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = None

    def _post_clean(self) -> None:
        # The action validates the whole contact.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
