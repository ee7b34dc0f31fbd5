"""What keeping content up asks of people beside writing: promises, changed facts, reprints, and what becomes of a column.

Rows here state what happened and who decided. When something is due is no field of theirs: the duties engine asks the
rules in force (`publishing.duties`).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.columns import Column
from jiyue.content.models.records import Record
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User


class Commitment(models.Model):
    """公开承诺: what a unit promised the public online, with the day it promised it for (COL-21; Xiangxi art. 5, 20)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="commitments", verbose_name=_("网站"))
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="commitments", verbose_name=_("承诺单位")
    )
    title = models.CharField(_("承诺事项"), max_length=120)
    text = models.TextField(_("承诺内容"), max_length=1000, blank=True)
    address = models.URLField(_("公开网址"), max_length=400, blank=True, help_text=_("公众在哪里看到这项承诺"))
    made_on = models.DateField(_("承诺日期"))
    due_on = models.DateField(_("承诺完成日期"))
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人")
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    created_at = models.DateTimeField(_("登记时间"))
    kept_at = models.DateTimeField(_("兑现时间"), null=True, blank=True)
    evidence = models.CharField(_("兑现情况"), max_length=400, blank=True)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("公开承诺")
        verbose_name_plural = _("公开承诺")
        default_permissions = ()
        indexes = [models.Index(fields=["site", "due_on"], name="commitment_site_due")]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("made_on")), name="commitment_due_after_made"),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(withdrawn_at__isnull=True), name="commitment_kept_or_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ChangeNotice(models.Model):
    """变更通知: the responsible unit says that a published fact is no longer so (COL-18; Chaoyang art. 22)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="change_notices", verbose_name=_("网站"))
    column = models.ForeignKey(
        Column, on_delete=models.PROTECT, related_name="change_notices", verbose_name=_("涉及栏目")
    )
    record = models.ForeignKey(
        Record, on_delete=models.PROTECT, null=True, blank=True, related_name="change_notices",
        verbose_name=_("涉及稿件"),
    )  # fmt: skip
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="change_notices", verbose_name=_("通知单位")
    )
    what = models.CharField(_("变更内容"), max_length=300)
    changed_at = models.DateTimeField(_("变更发生时间"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    created_at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("变更通知")
        verbose_name_plural = _("变更通知")
        default_permissions = ()
        indexes = [
            models.Index(fields=["site", "changed_at"], condition=Q(withdrawn_at__isnull=True), name="change_open"),
        ]

    def __str__(self) -> str:
        return self.what


class ReprintTask(models.Model):
    """转载任务: an item of a superior that every site below must reprint (REPR-01, P-34; Ningxia 2.2.1)."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reprint_tasks", verbose_name=_("适用范围"),
        help_text=_("这个单位及其下级单位主办的网站都要转载"),
    )  # fmt: skip
    title = models.CharField(_("标题"), max_length=200)
    source = models.CharField(_("来源网站"), max_length=80)
    address = models.URLField(_("原网址"), max_length=400)
    released_at = models.DateTimeField(_("原发布时间"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    created_at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("转载任务")
        verbose_name_plural = _("转载任务")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "address"], condition=Q(withdrawn_at__isnull=True), name="reprint_once"
            ),
        ]
        indexes = [models.Index(fields=["address"], name="reprint_address")]

    def __str__(self) -> str:
        return self.title


class ColumnDecision(models.Model):
    """栏目处置: what is to become of a column that cannot be kept up (COL-07; Hebi art. 29, Xiangxi art. 9)."""

    class Outcome(models.TextChoices):
        MERGE = "merge", _("合并")
        ADJUST = "adjust", _("调整")
        CLOSE = "close", _("关闭")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待决定")
        APPROVED = "approved", _("已同意")
        REFUSED = "refused", _("不同意")
        DONE = "done", _("已办结")

    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("栏目"))
    outcome = models.CharField(_("处置方式"), max_length=8, choices=Outcome.choices)
    target = models.ForeignKey(
        Column, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("并入栏目")
    )
    adjustment = models.CharField(
        _("调整内容"), max_length=300, blank=True, help_text=_("例如更新类别、责任单位或内容范围怎样改")
    )
    grounds = models.CharField(_("理由"), max_length=300)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )
    done_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("栏目处置")
        verbose_name_plural = _("栏目处置")
        default_permissions = ()
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["column"], condition=Q(state__in=["proposed", "approved"]), name="column_decision_open_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="column_decision_by_another",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(target=F("column")), name="column_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.column} {self.outcome}"


class ColumnFiling(models.Model):
    """栏目变更备案: a column that appeared or disappeared in public, and whether it was reported (COL-08; Xiangxi art. 9)."""

    class Change(models.TextChoices):
        ADDED = "added", _("新增栏目")
        CLOSED = "closed", _("关闭栏目")
        REOPENED = "reopened", _("恢复栏目")

    class State(models.TextChoices):
        UNREPORTED = "unreported", _("待报送")
        REPORTED = "reported", _("待备案")
        RETURNED = "returned", _("退回补正")
        FILED = "filed", _("已备案")

    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="filings", verbose_name=_("栏目"))
    change = models.CharField(_("变更"), max_length=8, choices=Change.choices)
    happened_at = models.DateTimeField(_("变更时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.UNREPORTED)
    note = models.CharField(_("变更说明"), max_length=300, blank=True)
    reported_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("报送人")
    )
    reported_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("备案人")
    )
    decided_at = models.DateTimeField(_("备案时间"), null=True, blank=True)
    opinion = models.CharField(_("审核意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("栏目变更备案")
        verbose_name_plural = _("栏目变更备案")
        default_permissions = ()
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["column", "change", "happened_at"], name="column_filing_once"),
        ]
        indexes = [models.Index(fields=["happened_at"], condition=~Q(state="filed"), name="column_filing_open")]

    def __str__(self) -> str:
        return f"{self.column} {self.change}"
