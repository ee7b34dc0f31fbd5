"""在线访谈: the announcement with its plan for live words, and the transcript that stands in their place (INT-14, ADR 0030).

Questions of the public and words said live stand nowhere here: `interaction.interviews` keeps them.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.campaigns import Campaign
from jiyue.content.models.records import RECORD_TYPES, Record
from jiyue.domain.interviews import MOST_GUESTS, guests_in


class Interview(Campaign):
    """在线访谈. Signing it signs the plan as well: who may publish live words, and between which moments."""

    purpose = models.TextField(
        _("谈什么"), max_length=600, blank=True, help_text=_("一两句话说明这次访谈谈什么、和谁有关")
    )
    asked_by = models.CharField(_("主办单位"), max_length=120, blank=True, help_text=_("主办单位全称"))
    opens_at = models.DateTimeField(_("访谈开始时间"), null=True, blank=True)
    closes_at = models.DateTimeField(_("访谈结束时间"), null=True, blank=True)
    host_name = models.CharField(_("主持人"), max_length=80, blank=True)
    guests = models.TextField(
        _("嘉宾"), max_length=1000, blank=True, help_text=_("每行一位，姓名后面用逗号隔开写单位和职务")
    )
    takes_questions = models.BooleanField(
        _("征集网友提问"), default=True, help_text=_("从公布到访谈结束，网友不用登录就可以提问")
    )
    has_live = models.BooleanField(_("文字直播"), default=True)
    recorders = models.JSONField(_("文字直播员"), default=list, blank=True)
    video_address = models.URLField(
        _("视频网址"), max_length=400, blank=True, help_text=_("视频直播或者录像在哪里看，没有就留空")
    )

    class Meta:
        verbose_name = _("在线访谈")
        verbose_name_plural = _("在线访谈")
        default_permissions = ()

    def clean(self) -> None:
        super().clean()
        named = guests_in(self.guests)
        if len(named) > MOST_GUESTS:
            raise ValidationError({"guests": _("嘉宾最多 %(n)d 位") % {"n": MOST_GUESTS}})
        if not isinstance(self.recorders, list) or not all(isinstance(name, str) for name in self.recorders):
            raise ValidationError({"recorders": _("请填写不重复的清单")})


class Transcript(Record):
    """访谈实录: what was said, edited, reviewed and signed like every document. Its body is drawn up from the live words."""

    meeting = models.ForeignKey(
        Interview, on_delete=models.PROTECT, null=True, blank=True, related_name="transcripts", verbose_name=_("哪一次访谈"),
        help_text=_("实录公布以后，文字直播的页面就转到实录"),
    )  # fmt: skip
    live_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("访谈实录")
        verbose_name_plural = _("访谈实录")
        default_permissions = ()


RECORD_TYPES[Record.Kind.INTERVIEW] = Interview
RECORD_TYPES[Record.Kind.TRANSCRIPT] = Transcript
