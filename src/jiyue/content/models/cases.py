"""一案三同步: a policy document, the plan to interpret it, and the material, organised and signed as one (POL-04)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.records import Interpretation, PolicyDocument
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User


class PolicyCase(models.Model):
    """同步案件: one document, its 解读方案 and its 解读材料. Where each stands, their reviews say; nothing is kept here."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="policy_cases", editable=False)
    document = models.OneToOneField(
        PolicyDocument, on_delete=models.PROTECT, related_name="case", verbose_name=_("政策文件")
    )
    interpretations = models.ManyToManyField(
        Interpretation, related_name="cases", blank=True, verbose_name=_("解读材料")
    )
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("由谁解读"),
        help_text=_("一般是起草单位（谁起草谁解读）"),
    )  # fmt: skip
    forms = models.JSONField(_("解读形式"), default=list, blank=True)
    points = models.TextField(_("解读要点"), max_length=2000, blank=True, help_text=_("准备讲清楚哪几件事，一行一件"))
    audience = models.CharField(
        _("讲给谁听"), max_length=200, blank=True, help_text=_("例如“参加城乡居民医保的老年人”、“小微企业主”")
    )
    ready_on = models.DateField(_("材料完成日期"), null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("建案时间"), editable=False)

    class Meta:
        verbose_name = _("同步案件")
        verbose_name_plural = _("同步案件")
        default_permissions = ()
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.document.title
