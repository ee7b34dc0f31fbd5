"""What people fill in about reprints. Shape only: the actions say whether it is allowed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content.models import Column, Feed, PermittedSource
from jiyue.identity.models import Organisation

TWO_LINES = forms.Textarea(attrs={"rows": 2})


class _Rows(forms.ModelForm):
    """A form whose row the action validates, with words of its own."""

    def _post_clean(self) -> None:
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class FeedForm(_Rows):
    address = forms.URLField(
        label=gettext_lazy("网址"), max_length=400, assume_scheme="https",
        help_text=gettext_lazy("RSS、Atom、网站地图（sitemap.xml）的网址，或者栏目列表页的网址"),
    )  # fmt: skip
    interval = forms.IntegerField(label=gettext_lazy("每隔多少分钟读一次"), min_value=5, max_value=1440, initial=30)

    class Meta:
        model = Feed
        fields = ["organisation", "name", "address", "interval", "keywords"]

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = units
        self.fields["organisation"].empty_label = None


class SourceForm(_Rows):
    class Meta:
        model = PermittedSource
        fields = ["organisation", "name", "host", "grounds"]
        widgets = {"grounds": TWO_LINES}

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = units
        self.fields["organisation"].empty_label = None


class AloneForm(_Rows):
    """Special approval of a source for one record."""

    class Meta:
        model = PermittedSource
        fields = ["grounds"]
        widgets = {"grounds": TWO_LINES}
        labels = {"grounds": gettext_lazy("为什么要从名单以外的来源转载这一篇")}


class OpinionForm(forms.Form):
    opinion = forms.CharField(
        label=gettext_lazy("意见"), max_length=200, required=False, widget=TWO_LINES,
        help_text=gettext_lazy("不同意或停用时必须写明"),
    )  # fmt: skip


class PasteForm(forms.Form):
    """An original that the platform cannot read, or what the item says on another channel."""

    channel = forms.CharField(
        label=gettext_lazy("渠道"), max_length=60, help_text=gettext_lazy("例如“澄湖发布”微信公众号"), required=False
    )
    address = forms.URLField(label=gettext_lazy("网址"), max_length=400, assume_scheme="https", required=False)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=200, required=False)
    text = forms.CharField(label=gettext_lazy("正文"), widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if role == "original":
            del self.fields["channel"], self.fields["address"]
        else:
            self.fields["channel"].required = True


class ColumnForm(forms.Form):
    """Where a prepared draft is to stand."""

    column = forms.ModelChoiceField(Column.objects.none(), label=gettext_lazy("放入栏目"), empty_label=None)

    def __init__(self, *args: Any, columns: QuerySet[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns
        self.fields["column"].label_from_instance = lambda column: _("%(site)s：%(column)s") % {
            "site": column.site.name, "column": column.name,
        }  # fmt: skip
