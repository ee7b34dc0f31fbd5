"""What staff fills in at live enquiries. Shape only; the verbs say what is missing."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiyue.console.office.forms import FilesField, ManyFiles
from jiyue.domain.enquiries import LONGEST_HOURS, LONGEST_WORD, MOST_EACH, MOST_IDLE, MOST_WAITING
from jiyue.interaction.enquiries.desks import label_of
from jiyue.interaction.enquiry_words import TOPICS
from jiyue.interaction.models import EnquiryDuty, TextBlock


class AnswerForm(forms.Form):
    """What the visitor reads next. `token` is that of the form: a button pressed twice says it once."""

    token = forms.RegexField(r"[0-9a-f]{32}", widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("回答"), max_length=LONGEST_WORD, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写回答")}, help_text=_("发出后来访人马上看到。Ctrl+回车发出"),
    )  # fmt: skip
    attached = FilesField(
        label=_("附件"), required=False, allow_empty_file=True,
        widget=ManyFiles(attrs={"accept": ".pdf,.docx,.xlsx,.jpg,.jpeg,.png,.webp"}),
        help_text=_("只有这位来访人能下载。照片、PDF、docx 或 xlsx；最多 5 个，每个不超过 5 MB，合计不超过 10 MB"),
    )  # fmt: skip
    looked = forms.BooleanField(label=_("看过了，确实要告诉来访人，照发"), required=False)

    def __init__(self, *args: Any, has_files: bool, **kwargs: Any) -> None:
        """Files that are kept already are an answer without a word."""
        super().__init__(*args, **kwargs)
        self.fields["text"].required = not has_files


class BlockForm(forms.Form):
    block = forms.ModelChoiceField(
        label=_("答复模板"), queryset=TextBlock.objects.none(), required=False, empty_label=_("请选择")
    )  # fmt: skip

    def __init__(self, *args: Any, blocks: QuerySet[TextBlock], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["block"].queryset = blocks
        self.fields["block"].label_from_instance = lambda block: block.title


class HandForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("转交给"), queryset=EnquiryDuty.objects.none(), empty_label=_("请选择在岗的值班员")
    )
    note = forms.CharField(
        label=_("交接说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只有接手的同事看得到，来访人看不到"),
    )  # fmt: skip

    def __init__(self, *args: Any, targets: QuerySet[EnquiryDuty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = targets
        self.fields["to"].label_from_instance = lambda duty: (
            f"{duty.desk.site.owner.name} {label_of(duty)}（{duty.person.name}）"
        )


class EndForm(forms.Form):
    topic = forms.ChoiceField(label=_("事项"), choices=[("", _("请选择")), *TOPICS.items()], required=False)
    subject = forms.CharField(
        label=_("摘要"), max_length=60, required=False, help_text=_("一句话说是什么事，供统计和查找；不写来访人是谁")
    )  # fmt: skip


class DeskForm(forms.Form):
    is_on = forms.BooleanField(label=_("开通在线咨询"), required=False)
    hours = forms.CharField(
        label=_("工作日开放时间"), max_length=LONGEST_HOURS,
        help_text=_("例如：9:00-12:00、14:00-17:00。节假日和调休按工作日历"),
    )  # fmt: skip
    title = forms.CharField(label=_("值班员称呼"), max_length=20, help_text=_("来访人看到称呼和编号，看不到姓名"))
    idle_minutes = forms.IntegerField(
        label=_("没有新的话多久自动结束（分钟）"), min_value=1, max_value=MOST_IDLE,
        help_text=_("现行文件没有规定，15 分钟是平台的默认值"),
    )  # fmt: skip
    most_each = forms.IntegerField(
        label=_("每人同时接待几位"), min_value=1, max_value=MOST_EACH, help_text=_("现行文件没有规定，3 位是平台的默认值")
    )  # fmt: skip
    most_waiting = forms.IntegerField(
        label=_("最多几位排队"), min_value=1, max_value=MOST_WAITING, help_text=_("排满后请来访人写信；默认 20 位")
    )  # fmt: skip
