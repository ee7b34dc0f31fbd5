"""Who else had to be asked before something became public (REV-09), and what follows when it leaked (PRIV-10, REV-14)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Record
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User
from jiyue.review.models.reviews import Review


class UnitConsent(models.Model):
    """会签: another unit whose work a record concerns, and its consent. Without the consent nothing is signed off."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="consents", verbose_name=_("稿件"))
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("涉及的单位"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    given_by = models.CharField(_("同意人"), max_length=80, blank=True)
    given_on = models.DateField(_("同意日期"), null=True, blank=True)
    evidence = models.CharField(_("凭据"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("会签")
        verbose_name_plural = _("会签")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["record", "unit"], name="consent_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.record_id}"


class LeakCase(models.Model):
    """泄露处置: something public that should not be: withdrawn at once, and everybody in its path named."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", _("泄露个人信息")
        SECRET = "secret", _("涉及国家秘密或工作秘密")
        COMMERCIAL = "commercial", _("泄露商业秘密")
        ERROR = "error", _("严重表述错误")

    identity = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="leak_cases", verbose_name=_("稿件"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="leak_cases", verbose_name=_("网站"))
    kind = models.CharField(_("性质"), max_length=10, choices=Kind.choices)
    what = models.TextField(_("泄露了什么、在哪里"))
    finder = models.CharField(_("发现人"), max_length=80, blank=True)
    found_at = models.DateTimeField(_("发现时间"))
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    withdrawal = models.OneToOneField(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="leak_case")
    measures = models.TextField(_("处置情况"), blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("泄露处置")
        verbose_name_plural = _("泄露处置")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["record"], condition=Q(closed_at__isnull=True), name="leak_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.kind}"
