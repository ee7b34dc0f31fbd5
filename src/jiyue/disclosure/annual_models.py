"""政府信息公开工作年度报告: what people write and enter for a year; the tables that are counted are kept reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Record
from jiyue.estate.models import Site
from jiyue.identity.models import User


class AnnualReport(models.Model):
    """年度报告. `whole` is a government's own summary over its units, which enters no numbers of its own.

    `figures` is table two, row by row, numbers as texts; `sources` says for each row where they are from. `record` is the
    draft that was drawn from it, which goes through review like any other.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("网站"))
    year = models.PositiveSmallIntegerField(_("年份"))
    whole = models.BooleanField(_("汇总"), default=False)
    figures = models.JSONField(_("表二"), default=dict)
    sources = models.JSONField(_("数据来源"), default=dict)
    overview = models.TextField(_("总体情况"), blank=True)
    problems = models.TextField(_("存在的主要问题及改进情况"), blank=True)
    others = models.TextField(_("其他需要报告的事项"), blank=True)
    record = models.ForeignKey(
        Record, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("稿件")
    )
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("修改人"))
    changed_at = models.DateTimeField(_("修改时间"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("公开年度报告")
        verbose_name_plural = _("公开年度报告")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["site", "year", "whole"], name="disclosure_annual_once")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.year}"
