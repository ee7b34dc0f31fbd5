"""What people fill in to keep the words of the search. Shape only: the actions say whether it is allowed."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PromotedForm(forms.Form):
    words = forms.CharField(
        label=_("检索词"), max_length=200, help_text=_("公众会怎么问就怎么写，用逗号隔开，例如：社保卡，社会保障卡")
    )
    address = forms.CharField(
        label=_("网页地址"),
        max_length=400,
        help_text=_("打开要推荐的网页，从浏览器地址栏复制；只能是本网站已公开的网页"),
    )
    note = forms.CharField(
        label=_("一句话说明"), max_length=120, required=False, help_text=_("可以不写；只给工作人员看，不公开")
    )


class SynonymsForm(forms.Form):
    words = forms.CharField(
        label=_("意思相同的词"), max_length=200, help_text=_("用逗号隔开，例如：公积金，住房公积金。对全部网站有效")
    )
