"""Files of letters that others took down: what each brought, and what was handed back when by whom (`letter_files`).

No outer number is registered twice (`case_outer_once`, `case_outer_once_each`); parts into which a letter is split keep it.
The tables bear the names of error reports, which came first.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiyue.estate.models import Site
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User


class BroughtFile(AppendOnlyModel):
    """来件: one file that the desk of `site` brought in, with what became of each line. No word of a sender."""

    source = models.CharField(_("来源"), max_length=10, default="platform")
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
        db_table = "interaction_errorfile"
        verbose_name = _("来件")
        verbose_name_plural = _("来件")
        default_permissions = ()
        indexes = [models.Index(fields=["site", "-at"], name="error_file_site")]

    def __str__(self) -> str:
        return self.name


class HandedFile(AppendOnlyModel):
    """回送: what was handed back in one file; `lines` are the file as it was drawn up."""

    source = models.CharField(_("来源"), max_length=10, default="platform")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("网站"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("操作人"))
    at = models.DateTimeField(_("时间"))
    since = models.DateField(_("从"), null=True, blank=True)
    until = models.DateField(_("到"), null=True, blank=True)
    count = models.PositiveIntegerField(_("条数"))
    lines = models.JSONField(_("内容"), default=list)

    class Meta:
        db_table = "interaction_errorhandout"
        verbose_name = _("回送")
        verbose_name_plural = _("回送")
        default_permissions = ()
        indexes = [models.Index(fields=["site", "-at"], name="error_handout_site")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.at}"


class HandedAnswer(AppendOnlyModel):
    """已回送: a proposal, an approved answer or a refusal of one report was in a file; `what` names which. Once."""

    handout = models.ForeignKey(HandedFile, on_delete=models.PROTECT, related_name="handed")
    case = models.ForeignKey("interaction.Case", on_delete=models.PROTECT, related_name="+", verbose_name=_("信件"))
    what = models.CharField(max_length=40)

    class Meta:
        db_table = "interaction_errorhanded"
        verbose_name = _("已回送")
        verbose_name_plural = _("已回送")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "what"], name="error_handed_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.what}"
