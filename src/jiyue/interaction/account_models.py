"""What figures are made of: the sealed account of each letter, the sums of each unit, and what was told of them (ADR 0024)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.estate.models import Site
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User


class LetterAccount(models.Model):
    """办理账: what figures count of one letter, brought along by its steps and sealed (`accounts`, ADR 0024)."""

    case = models.OneToOneField(
        "interaction.Case", on_delete=models.PROTECT, related_name="account", verbose_name=_("信件")
    )
    desk = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("承办网站"))
    kind = models.CharField(_("类别"), max_length=16)
    channel = models.CharField(_("来源"), max_length=10, blank=True)  # empty: begun before channels were counted
    received_on = models.DateField(_("收到日期"))
    clock_at = models.DateTimeField(_("起算时间"))
    extended = models.BooleanField(_("已延期"), default=False)
    own_limit = models.CharField(_("上级要求的期限"), max_length=60, blank=True)
    classed = models.JSONField(_("办理类别"), default=list, blank=True)  # empty: never classed, or before classes were
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("用时（工作日）"), null=True, blank=True)
    in_time = models.BooleanField(_("按时"), null=True, blank=True)
    rating = models.PositiveSmallIntegerField(_("满意度"), null=True, blank=True)
    ended = models.BooleanField(_("已撤回或并案"), default=False)
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办人")
    )
    seal = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = _("办理账")
        verbose_name_plural = _("办理账")
        default_permissions = ()
        indexes = [models.Index(fields=["desk", "received_on"], name="letter_account_desk")]

    def __str__(self) -> str:
        return f"{self.case_id}"


class UnitFigures(models.Model):
    """办理合计: the sums of all accounts of one unit by year and kind, sealed."""

    desk = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("承办网站"))
    sums = models.JSONField(_("合计"), default=dict)
    channels = models.JSONField(_("分来源合计"), default=dict)
    classes = models.JSONField(_("分办理类别合计"), default=dict)
    seal = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = _("办理合计")
        verbose_name_plural = _("办理合计")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.desk_id}"


class FiguresStatement(AppendOnlyModel):
    """公布的统计: what a site tells about letters on one day, of itself and what lies below it; sealed, written once."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("网站"))
    as_of = models.DateField(_("截至"))
    figures = models.JSONField(_("数字"), default=list)
    seal = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = _("公布的统计")
        verbose_name_plural = _("公布的统计")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["site", "as_of"], name="figures_once_a_day")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.as_of}"
