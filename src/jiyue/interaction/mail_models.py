"""What all rows have in common that become a mail to somebody outside (docs/adr/0028)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailNotice(models.Model):
    """Made in the transaction of the step that it tells of, handed over by `mailing`. No address and no word stands here."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发出")
        SENT = "sent", _("已发出")
        STOPPED = "stopped", _("已停发")
        FAILED = "failed", _("没有发出")

    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(_("生成时间"))
    handing_at = models.DateTimeField(_("交给邮件服务器的时间"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("下次再试的时间"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("试过的次数"), default=0)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    problem = models.CharField(_("问题"), max_length=200, blank=True)

    class Meta:
        abstract = True
