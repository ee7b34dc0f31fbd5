"""What is said of a file: what it shows, who made it, by what right it is shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiyue.console.rulebook.forms import Day
from jiyue.content.models import Licence


class RightsForm(forms.Form):
    title = forms.CharField(label=_("名称"), max_length=255)
    description = forms.CharField(
        label=_("内容说明"), max_length=255, required=False, help_text=_("图片里有什么；写稿时可作替代文字")
    )
    author = forms.CharField(label=_("作者"), max_length=80, required=False)
    origin = forms.CharField(
        label=_("来源"), max_length=120, required=False, help_text=_("从哪里得到的，例如“市融媒体中心供图”")
    )
    licence = forms.ChoiceField(label=_("使用权"), required=False, choices=[("", _("还没有写明")), *Licence.choices])
    permission = forms.CharField(
        label=_("授权依据"), max_length=200, required=False,
        help_text=_("许可书、合同或网页的名称和编号；不是本单位制作的必须写"),
    )  # fmt: skip
    valid_until = Day(label=_("授权到期日"), required=False, help_text=_("长期有效的留空；到期前 30 天列为待办"))

    @classmethod
    def of(cls, file: Any, data: Any = None) -> "RightsForm":
        """The form with what is known of a file."""
        return cls(data, initial={name: getattr(file, name) for name in cls.base_fields})
