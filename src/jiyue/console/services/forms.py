"""What people fill in to compare services. Shape only: the actions say whether it is allowed."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SourceForm(forms.Form):
    address = forms.CharField(
        label=_("文件网址"), max_length=400, required=False,
        help_text=_("政务服务平台提供的事项文件（交换格式或 XLSX）的网址；登记后每天夜里比对一次。清空后保存就停止"),
    )  # fmt: skip


class CompareForm(forms.Form):
    """A file of the other side, and what to do with it."""

    file = forms.FileField(
        label=_("对方的事项文件"),
        help_text=_("交换格式（每行一个事项的 JSONL）或 XLSX，最多 20 MB；不知道格式的，可以先下载本站的文件看看"),
        widget=forms.FileInput(attrs={"accept": ".jsonl,.ndjson,.json,.txt,.xlsx"}),
    )  # fmt: skip
    complete = forms.TypedChoiceField(
        label=_("这个文件"), choices=[("1", _("是本网站的全部事项")), ("", _("只是一部分事项"))], coerce=bool, empty_value=False,
        required=False, initial="1", widget=forms.RadioSelect,
        help_text=_("是全部事项时，对方没有而本站有的也会列出来"),
    )  # fmt: skip
    bring = forms.BooleanField(
        label=_("同时录入本站没有的：督办人员登记事项，编辑新建指南草稿"), required=False,
        help_text=_("新建的是草稿，照样要送审；已经有的不会被改动，不一致的地方列出来由人决定"),
    )  # fmt: skip


class KeepForm(forms.Form):
    reason = forms.CharField(
        label=_("保留本站内容的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如“已按 2026 年第 3 号文件核对，平台还没有更新”"),
    )  # fmt: skip
