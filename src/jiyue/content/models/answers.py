"""公开答复: a letter and its answer as everybody may read them (INT-05). Private parts of the letter are not here at all."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.records import RECORD_TYPES, Record


class PublicAnswer(Record):
    """公开答复. Made from a letter by `interaction.publicity`, never typed in: its words are those that a reviewer of
    replies confirmed place by place, and `confirmed` is their digest (`content.answers`).
    """

    class LetterKind(models.TextChoices):
        """诉求类别, by the codes of `domain.cases.Kind`."""

        ENQUIRY = "enquiry", _("咨询")
        COMPLAINT = "complaint", _("投诉")
        SUGGESTION = "suggestion", _("建议")
        HELP = "help", _("求助")
        ERROR_REPORT = "error_report", _("网站找错")
        LEADER_LETTER = "leader_letter", _("领导信箱")
        REPORT = "report", _("举报")  # counted, never shown
        OTHER = "other", _("其他来信")

    class Standing(models.TextChoices):
        AGAIN = "again", _("来信人要求重办，正在重新办理")

    letter_kind = models.CharField(_("来信类别"), max_length=16, choices=LetterKind.choices, default=LetterKind.OTHER)
    question = models.TextField(_("来信内容"), max_length=6000, blank=True)
    answer = models.TextField(_("答复内容"), max_length=24_000, blank=True)
    answering_unit = models.CharField(_("答复单位"), max_length=120, blank=True)
    written_to = models.CharField(_("写给"), max_length=120, blank=True)
    service = models.ForeignKey(
        "content.ServiceItem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name=_("所问的办事事项"),
    )
    received_on = models.DateField(_("收到日期"), null=True, blank=True)
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    rating = models.PositiveSmallIntegerField(
        _("满意度"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    standing = models.CharField(_("办理状态"), max_length=8, choices=Standing.choices, blank=True)
    confirmed = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("公开答复")
        verbose_name_plural = _("公开答复")
        default_permissions = ()


RECORD_TYPES[Record.Kind.PUBLIC_ANSWER] = PublicAnswer
