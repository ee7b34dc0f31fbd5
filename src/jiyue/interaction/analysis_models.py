"""来信情况分析的结果: what the clock worked out of the letters of some sites in one period, and whether somebody waits for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.identity.models import User


class LetterAnalysis(models.Model):
    """来信情况分析. `scope` names the sites (`sites`) all of whose letters the one who asks may read; nobody else finds it.

    `facts` are counts and words without any name, sealed with the moment they were made. While `waits`, the clock makes them
    anew; `tries` are its beginnings, of which a killed one leaves no more than the number.
    """

    scope = models.CharField(max_length=64, editable=False)
    sites = models.JSONField(_("网站"), default=list)
    period = models.CharField(_("时间段"), max_length=8)
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("申请人")
    )
    waits = models.BooleanField(_("等待分析"), default=True)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(_("分析时间"), null=True, blank=True)
    facts = models.JSONField(_("结果"), default=dict)
    seal = models.CharField(max_length=120, editable=False, blank=True)

    class Meta:
        verbose_name = _("来信情况分析")
        verbose_name_plural = _("来信情况分析")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["scope", "period"], name="letter_analysis_once")]
        indexes = [models.Index(fields=["asked_at"], condition=models.Q(waits=True), name="letter_analysis_waits")]

    def __str__(self) -> str:
        return self.period
