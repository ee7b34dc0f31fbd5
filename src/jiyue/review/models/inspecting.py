"""保密安全检查: what is public, looked at by the supervising office with other authorities (PRIV-09; Chaoyang art. 55)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Column, Record
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User
from jiyue.review.models.reviews import Version


class Inspection(models.Model):
    """One inspection: planned, a sample drawn by a rule that anybody can repeat, looked at, and concluded."""

    class State(models.TextChoices):
        """Derived from the moments, never stored."""

        PLANNED = "planned", _("已计划")
        DRAWN = "drawn", _("检查中")
        CONCLUDED = "concluded", _("已结束")
        CANCELLED = "cancelled", _("已取消")

    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("组织单位"))
    name = models.CharField(_("检查名称"), max_length=120)
    held_on = models.DateField(_("检查日期"))
    sites = models.ManyToManyField(Site, related_name="inspections", verbose_name=_("检查的网站"))
    columns = models.ManyToManyField(Column, related_name="+", blank=True, verbose_name=_("只查这些栏目"))
    public_from = models.DateField(_("公开日期从"))
    public_until = models.DateField(_("公开日期到"))
    participants = models.TextField(_("参加单位"))
    size = models.PositiveSmallIntegerField(_("抽查件数"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    seed = models.CharField(max_length=64, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    drawn_from = models.PositiveIntegerField(null=True, blank=True)
    conclusion = models.TextField(_("检查结论"), blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("取消的原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("保密安全检查")
        verbose_name_plural = _("保密安全检查")
        default_permissions = ()
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(public_from__lte=F("public_until")), name="inspection_days_in_order"),
            models.CheckConstraint(condition=Q(size__gte=1), name="inspection_size_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        if self.cancelled_at is not None:
            return self.State.CANCELLED
        if self.closed_at is not None:
            return self.State.CONCLUDED
        return self.State.DRAWN if self.drawn_at is not None else self.State.PLANNED


class InspectedItem(models.Model):
    """抽查件: one drawn public item as it was signed, and what was seen in it."""

    class Result(models.TextChoices):
        CLEAN = "clean", _("未发现问题")
        PROBLEM = "problem", _("有问题")

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="items")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=8, choices=Result.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("抽查件")
        verbose_name_plural = _("抽查件")
        default_permissions = ()
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["inspection", "record"], name="inspected_once")]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.place}"


class InspectionFinding(models.Model):
    """检查发现的问题: followed until the office accepts what the unit did about it."""

    class Kind(models.TextChoices):
        SECRET = "secret", _("国家秘密、工作秘密")
        INTERNAL = "internal", _("内部信息")
        PERSONAL = "personal", _("个人信息")
        COMMERCIAL = "commercial", _("商业秘密")
        SECURITY = "security", _("安全问题")
        OTHER = "other", _("其他")

    class State(models.TextChoices):
        """Derived from the moments, never stored."""

        OPEN = "open", _("待处理")
        ANSWERED = "answered", _("已答复，待确认")
        CLOSED = "closed", _("已处理")

    item = models.ForeignKey(InspectedItem, on_delete=models.PROTECT, related_name="findings")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="inspection_findings")
    kind = models.CharField(_("性质"), max_length=10, choices=Kind.choices)
    what = models.TextField(_("问题和位置"))
    demand = models.TextField(_("要求"))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    answer = models.TextField(_("处理情况"), blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    returned = models.CharField(_("没有确认的原因"), max_length=300, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("检查发现的问题")
        verbose_name_plural = _("检查发现的问题")
        default_permissions = ()
        ordering = ["recorded_at", "pk"]
        indexes = [
            models.Index(fields=["site"], condition=Q(closed_at__isnull=True), name="inspection_finding_open"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind}"

    @property
    def state(self) -> str:
        if self.closed_at is not None:
            return self.State.CLOSED
        return self.State.ANSWERED if self.answered_at is not None else self.State.OPEN
