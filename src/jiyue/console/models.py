"""What the console keeps of a person's own: how she wants to hear of what is due."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.identity.models import User


class Subscription(models.Model):
    """订阅: one person's calendar feed and daily e-mail. Of the feed's secret only a digest is kept.

    `handing_on` is the day whose mail was taken in hand, `sent_on` the last day whose mail the server took. A mail that
    was taken in hand and not sent was cut off in the middle; nobody knows whether it arrived, so it is not sent again.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    feed = models.CharField(max_length=64, blank=True, db_index=True)
    feed_made_at = models.DateTimeField(null=True, blank=True)
    mails = models.BooleanField(_("每天发送待办邮件"), default=False)
    address = models.EmailField(_("邮箱地址"), blank=True)
    at = models.TimeField(_("发送时间"), null=True, blank=True)
    working_days_only = models.BooleanField(_("只在工作日发送"), default=True)
    handing_on = models.DateField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("订阅")
        verbose_name_plural = _("订阅")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mails=False) | (models.Q(at__isnull=False) & ~models.Q(address="")),
                name="subscription_mail_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
