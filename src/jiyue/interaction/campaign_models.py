"""What came in to surveys and opinion calls, and what staff makes of it (INT-11, ADR 0026).

Nobody's name is asked. What was handed in is written once and sealed; what is public of it stands in the result alone,
which is a record of its own.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import OpinionCall, Survey
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User


class SurveyAnswer(AppendOnlyModel):
    """答卷: the choices of one person as canonical JSON; what was written in words stands in rows of its own."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers", verbose_name=_("调查"))
    token = models.CharField(max_length=32, unique=True)
    version = models.CharField(max_length=64)
    at = models.DateTimeField(_("收到时间"))
    language = models.CharField(max_length=12)
    answers = models.TextField(_("答案"))
    seal = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("答卷")
        verbose_name_plural = _("答卷")
        default_permissions = ()
        indexes = [models.Index(fields=["survey", "id"], name="survey_answer_order")]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.token[:8]}"


class SurveyText(AppendOnlyModel):
    """填空: what one person wrote in answer to one question. For staff to read, until somebody quotes it."""

    answer = models.ForeignKey(SurveyAnswer, on_delete=models.PROTECT, related_name="texts", verbose_name=_("答卷"))
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="texts", verbose_name=_("调查"))
    question = models.PositiveSmallIntegerField(_("第几题"))
    text = models.TextField(_("内容"))

    class Meta:
        verbose_name = _("填空内容")
        verbose_name_plural = _("填空内容")
        default_permissions = ()
        indexes = [models.Index(fields=["survey", "question", "id"], name="survey_text_question")]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.question}"


class Quote(models.Model):
    """摘录: words that the result may quote, as somebody made them fit to be public."""

    text = models.OneToOneField(SurveyText, on_delete=models.PROTECT, related_name="quote", verbose_name=_("填空内容"))
    words = models.TextField(_("公开的文字"), max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("摘录人"))
    at = models.DateTimeField(_("摘录时间"))

    class Meta:
        verbose_name = _("摘录")
        verbose_name_plural = _("摘录")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.text_id}"


class OpinionGroup(models.Model):
    """意见归类: opinions that say the same, what became of them and why. `summary` is what the public will read."""

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        REJECTED = "rejected", _("不采纳")
        BESIDE = "beside", _("与本次征集无关")

    call = models.ForeignKey(OpinionCall, on_delete=models.PROTECT, related_name="groups", verbose_name=_("意见征集"))
    title = models.CharField(_("归为哪一类"), max_length=80)
    summary = models.TextField(_("意见摘要（公开）"), max_length=1000, blank=True)
    outcome = models.CharField(_("处理"), max_length=8, choices=Outcome.choices, blank=True)
    reason = models.TextField(_("理由（公开）"), max_length=1000, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("办理人"))
    changed_at = models.DateTimeField(_("办理时间"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("意见归类")
        verbose_name_plural = _("意见归类")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["call", "title"], name="opinion_group_once"),
            models.CheckConstraint(
                condition=Q(outcome="") | (~Q(reason="") & ~Q(summary="")), name="opinion_group_outcome_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Opinion(AppendOnlyModel):
    """意见: what one person said of a paragraph (by its number in the version that was shown) or of the whole (0)."""

    call = models.ForeignKey(OpinionCall, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("意见征集"))
    token = models.CharField(max_length=32, unique=True)
    version = models.CharField(max_length=64)
    at = models.DateTimeField(_("收到时间"))
    language = models.CharField(max_length=12)
    paragraph = models.PositiveSmallIntegerField(_("第几段"), default=0)
    text = models.TextField(_("意见"))

    class Meta:
        verbose_name = _("公众意见")
        verbose_name_plural = _("公众意见")
        default_permissions = ()
        indexes = [models.Index(fields=["call", "paragraph", "id"], name="opinion_order")]

    def __str__(self) -> str:
        return f"{self.call_id} {self.token[:8]}"


class OpinionPlace(models.Model):
    """In which group an opinion stands; it may be moved until the result is signed."""

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="place")
    group = models.ForeignKey(OpinionGroup, on_delete=models.PROTECT, related_name="places", verbose_name=_("归类"))

    class Meta:
        verbose_name = _("意见的归类")
        verbose_name_plural = _("意见的归类")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.group_id}"
