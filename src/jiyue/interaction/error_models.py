"""Files to and from the national platform of error reports: what each brought, and what was handed back when by whom.

No number of the platform is registered twice (`case_outer_once`); parts into which a report is split keep it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.estate.models import Site
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User


class ErrorFile(AppendOnlyModel):
    """找错来件: one file that the desk of `site` brought in, with what became of each line. No word of a sender."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("网站"))
    name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("操作人"))
    at = models.DateTimeField(_("时间"))
    taken = models.PositiveIntegerField(_("已登记"))
    known = models.PositiveIntegerField(_("以前登记过"))
    refused = models.PositiveIntegerField(_("没有登记"))
    lines = models.JSONField(_("逐行结果"), default=list)

    class Meta:
        verbose_name = _("找错来件")
        verbose_name_plural = _("找错来件")
        default_permissions = ()
        indexes = [models.Index(fields=["site", "-at"], name="error_file_site")]

    def __str__(self) -> str:
        return self.name


class ErrorHandout(AppendOnlyModel):
    """找错报送: what was handed to the national platform in one file; `lines` are the file as it was drawn up."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("网站"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("操作人"))
    at = models.DateTimeField(_("时间"))
    since = models.DateField(_("从"), null=True, blank=True)
    until = models.DateField(_("到"), null=True, blank=True)
    count = models.PositiveIntegerField(_("条数"))
    lines = models.JSONField(_("内容"), default=list)

    class Meta:
        verbose_name = _("找错报送")
        verbose_name_plural = _("找错报送")
        default_permissions = ()
        indexes = [models.Index(fields=["site", "-at"], name="error_handout_site")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.at}"


class ErrorHanded(AppendOnlyModel):
    """已报送: a proposal, an approved answer or a refusal of one report was in a file; `what` names which. Once."""

    handout = models.ForeignKey(ErrorHandout, on_delete=models.PROTECT, related_name="handed")
    case = models.ForeignKey("interaction.Case", on_delete=models.PROTECT, related_name="+", verbose_name=_("信件"))
    what = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("已报送")
        verbose_name_plural = _("已报送")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "what"], name="error_handed_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.what}"
