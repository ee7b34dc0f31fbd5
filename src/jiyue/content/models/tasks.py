"""年度任务: which unit owes notes of progress about a task of the year, and how often (COL-11)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.records import Topic
from jiyue.identity.models import Organisation, User


class ProgressDuty(models.Model):
    """进展报送: the cycle that a government set for one unit and one of its tasks. Without a cycle nothing is owed."""

    task = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="progress_duties", verbose_name=_("任务"))
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="progress_duties", verbose_name=_("报送单位")
    )
    cycle = models.CharField(_("报送周期"), max_length=40, blank=True)
    since = models.DateField(_("起算日期"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    created_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("停止时间"), null=True, blank=True)
    ended_reason = models.CharField(_("停止原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("进展报送")
        verbose_name_plural = _("进展报送")
        default_permissions = ()
        ordering = ["task", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], condition=Q(ended_at=None), name="progress_owed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.task}"
