"""What checkers found in replies; each mark is written once, and figures count them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User


class ReplyMark(AppendOnlyModel):
    """答复质量标记: a checker found a reply empty, evasive, beside the point or cold (INT-09, NM-12, MON-04). Written once."""

    class Fault(models.TextChoices):
        EMPTY = "empty", _("空洞")
        EVASIVE = "evasive", _("推诿")
        OFF_TOPIC = "off_topic", _("答非所问")
        COLD = "cold", _("冷漠生硬")

    reply = models.ForeignKey(
        "interaction.Reply", on_delete=models.PROTECT, related_name="marks", verbose_name=_("答复")
    )
    fault = models.CharField(_("问题"), max_length=10, choices=Fault.choices)
    why = models.TextField(_("说明"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("标记人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("答复质量标记")
        verbose_name_plural = _("答复质量标记")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["reply", "by"], name="reply_marked_once_each")]

    def __str__(self) -> str:
        return f"{self.reply_id} {self.fault}"
