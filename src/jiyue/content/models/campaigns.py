"""在线调查、意见征集 and their results: records like any other, public through the ledger only (INT-11, ADR 0026).

What people answered stands nowhere here: `interaction` takes it out of the letter box. A result holds the figures as they
were when it was drawn up, so that what was reviewed is what the public reads.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from jiyue.content.campaign_blocks import QuestionnaireBlock
from jiyue.content.models.records import RECORD_TYPES, PolicyDocument, Record
from jiyue.domain.canonical import digest_of


class Campaign(Record):
    """What a survey and an opinion call have in common. No table of its own."""

    purpose = models.TextField(
        _("为什么做"), max_length=600, blank=True, help_text=_("一两句话：要了解什么，结果用来做什么")
    )
    asked_by = models.CharField(_("谁在问"), max_length=120, blank=True, help_text=_("主办单位全称"))
    contact = models.CharField(_("咨询电话"), max_length=80, blank=True)
    opens_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    closes_at = models.DateTimeField(_("截止时间"), null=True, blank=True)

    class Meta:
        abstract = True


class Survey(Campaign):
    """在线调查. Once somebody has answered, the questions stay as they are: an answer belongs to its question."""

    questions = StreamField(QuestionnaireBlock(), verbose_name=_("题目"), blank=True)
    about_site = models.BooleanField(
        _("评议网站本身"), default=False, help_text=_("请公众评议本网站的栏目、检索、服务和答复时勾选")
    )
    answered_as = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("在线调查")
        verbose_name_plural = _("在线调查")
        default_permissions = ()

    def clean(self) -> None:
        super().clean()
        if self.answered_as and self.answered_as != self.questions_digest():
            raise ValidationError({"questions": _("已经有人作答，题目和选项不能再改；要换题目，请另建一份调查")})

    def stream(self, name: str) -> list[dict[str, Any]]:
        """The questions as plain values with their kind, in order."""
        found = getattr(self, name)
        return [{"type": row["type"], **row["value"]} for row in found.get_prep_value()] if found else []

    def questions_digest(self) -> str:
        """The digest of what is asked."""
        return digest_of({"questions": self.stream("questions")})


class OpinionCall(Campaign):
    """意见征集. The body is the draft on which opinions are asked, paragraph by paragraph or on the whole."""

    class Meta:
        verbose_name = _("意见征集")
        verbose_name_plural = _("意见征集")
        default_permissions = ()


class CampaignResult(Record):
    """征集调查结果: what came in and what became of it. `figures` are drawn up by `interaction.results`."""

    campaign = models.ForeignKey(
        Record, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="results",
        verbose_name=_("调查或征集"),
    )  # fmt: skip
    figures = models.JSONField(_("结果数据"), default=dict, blank=True, editable=False)
    final_document = models.ForeignKey(
        PolicyDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="call_results",
        verbose_name=_("最后印发的文件"), help_text=_("征求意见的文件印发以后选；两边的页面会互相链接"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("征集调查结果")
        verbose_name_plural = _("征集调查结果")
        default_permissions = ()


CAMPAIGNS: dict[str, type[Survey] | type[OpinionCall]] = {
    Record.Kind.SURVEY: Survey,
    Record.Kind.OPINION_CALL: OpinionCall,
}
# The base module cannot name types that build on it.
RECORD_TYPES[Record.Kind.SURVEY] = Survey
RECORD_TYPES[Record.Kind.OPINION_CALL] = OpinionCall
RECORD_TYPES[Record.Kind.CAMPAIGN_RESULT] = CampaignResult
