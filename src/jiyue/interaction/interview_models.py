"""What came in to interviews and what was said live (INT-14, ADR 0030).

A question is nobody's: no name is asked. A word said live is written once, sealed, and chained to the one before; it is
public while its seal, its chain and the signed plan of its interview hold, and through nothing else.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Interview
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User


class InterviewQuestion(AppendOnlyModel):
    """网友提问: what one person wants to ask. For staff to read, until somebody chooses it."""

    interview = models.ForeignKey(
        Interview, on_delete=models.PROTECT, related_name="public_questions", verbose_name=_("访谈")
    )
    token = models.CharField(max_length=32, unique=True)
    version = models.CharField(max_length=64)
    at = models.DateTimeField(_("收到时间"))
    language = models.CharField(max_length=12)
    text = models.TextField(_("提问"))

    class Meta:
        verbose_name = _("网友提问")
        verbose_name_plural = _("网友提问")
        default_permissions = ()
        indexes = [models.Index(fields=["interview", "id"], name="interview_question_order")]

    def __str__(self) -> str:
        return f"{self.interview_id} {self.token[:8]}"


class QuestionChoice(models.Model):
    """选题: what became of a question. `words` are those that the public may read."""

    class State(models.TextChoices):
        CHOSEN = "chosen", _("已选")
        PUT = "put", _("已提出")
        ASIDE = "aside", _("不用")

    question = models.OneToOneField(
        InterviewQuestion, on_delete=models.PROTECT, related_name="choice", verbose_name=_("提问")
    )
    state = models.CharField(_("选题"), max_length=8, choices=State.choices)
    words = models.TextField(_("公开的提问"), max_length=500, blank=True)
    reason = models.CharField(_("不用的原因"), max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("选题人"))
    at = models.DateTimeField(_("选题时间"))

    class Meta:
        verbose_name = _("选题")
        verbose_name_plural = _("选题")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.question_id} {self.state}"


class LiveWord(AppendOnlyModel):
    """直播文字: one act of a recorder. `target` is the number of the word that is amended or taken back."""

    class Act(models.TextChoices):
        SAY = "say", _("发出")
        AMEND = "amend", _("更正")
        TAKE_BACK = "take_back", _("撤回")
        CLOSE = "close", _("结束直播")

    interview = models.ForeignKey(
        Interview, on_delete=models.PROTECT, related_name="live_words", verbose_name=_("访谈")
    )
    number = models.PositiveIntegerField(_("序号"))
    act = models.CharField(_("动作"), max_length=10, choices=Act.choices)
    target = models.PositiveIntegerField(default=0)
    speaker = models.CharField(_("谁说的"), max_length=12, blank=True)
    text = models.TextField(_("文字"), blank=True)
    picture = models.JSONField(_("图片"), default=dict, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    question = models.ForeignKey(
        InterviewQuestion, on_delete=models.PROTECT, null=True, blank=True, related_name="said", verbose_name=_("提问")
    )
    version = models.CharField(max_length=64)
    recorder = models.CharField(max_length=150)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("直播员"))
    at = models.DateTimeField(_("时间"))
    previous = models.CharField(max_length=80, blank=True)
    seal = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("直播文字")
        verbose_name_plural = _("直播文字")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["interview", "number"], name="live_word_number")]

    def __str__(self) -> str:
        return f"{self.interview_id} {self.number}"
