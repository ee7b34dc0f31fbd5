"""What staff fills in at an interview. Shape only; the verbs say what is missing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiyue.domain.interviews import LONGEST_QUESTION, LONGEST_WORDS

LARGEST_PICTURE = 10 << 20  # bytes


class SayForm(forms.Form):
    """What is told live: who spoke, what was said, perhaps a picture."""

    speaker = forms.ChoiceField(label=_("谁说的"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("文字"), max_length=LONGEST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
    )  # fmt: skip
    picture = forms.FileField(
        label=_("图片"), required=False, help_text=_("照片，最大 10 MB；拍摄地点等信息会去掉"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
    )  # fmt: skip
    alt = forms.CharField(label=_("图片里是什么"), max_length=200, required=False)
    kept = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    looked = forms.BooleanField(label=_("看过了，不是个人信息，照发"), required=False)

    def __init__(self, *args: Any, speakers: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["speaker"].choices = list(speakers.items())

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        if picture and picture.size > LARGEST_PICTURE:
            raise forms.ValidationError(_("图片超过 10 MB，请缩小后再选"))
        return picture


class ChooseForm(forms.Form):
    words = forms.CharField(
        label=_("公开的提问"), max_length=LONGEST_QUESTION, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("已经盖掉看起来像个人信息的地方；可以改得更清楚，不改意思"),
    )  # fmt: skip


class AsideForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么不用"), max_length=200, help_text=_("例如：和别的提问重复、广告、与主题无关；原因留存，不公开")
    )


class AmendForm(forms.Form):
    text = forms.CharField(label=_("更正为"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 5}))
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("留存，不公开"))
    looked = forms.BooleanField(label=_("看过了，不是个人信息，照发"), required=False)


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("留存，不公开；网页上写“这一条已经撤回”"))
