"""取用: a record of one site shown in a column of another (LIB-03). The record stays one; only its place is new."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.columns import Column
from jiyue.content.models.records import Record
from jiyue.content.models.takings import TakingRule
from jiyue.estate.models import Site
from jiyue.identity.models import User


class Placement(models.Model):
    """One record on one other site: offered by its origin or asked for by the taker, taken, refused or delayed.

    The state is a mirror for lists; what the taker's public sees is decided by its own sign-off.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("待自动取用")
        OFFERED = "offered", _("待处理")
        DELAYED = "delayed", _("暂缓")
        REFUSED = "refused", _("不取用")
        SUBMITTED = "submitted", _("待终审")
        TAKEN = "taken", _("已取用")
        ENDED = "ended", _("已停止取用")

    identity = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="placements", verbose_name=_("稿件"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="placements", verbose_name=_("取用网站"))
    column = models.ForeignKey(
        Column, on_delete=models.PROTECT, null=True, blank=True, related_name="placements", verbose_name=_("放入栏目")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OFFERED)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    rule = models.ForeignKey(
        TakingRule, on_delete=models.PROTECT, null=True, blank=True, related_name="placements",
        verbose_name=_("取用规则"),
    )  # fmt: skip
    due_at = models.DateTimeField(_("自动取用时间"), null=True, blank=True)
    decide_by = models.DateField(_("暂缓至"), null=True, blank=True)
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("发起人"))
    created_at = models.DateTimeField(_("发起时间"))
    changed_at = models.DateTimeField(_("处理时间"))

    class Meta:
        verbose_name = _("取用")
        verbose_name_plural = _("取用")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["record", "site"], condition=~Q(state__in=["refused", "ended"]), name="placement_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "state"], name="placement_site_state"),
            models.Index(fields=["due_at"], condition=Q(state="planned"), name="placement_planned"),
        ]

    def __str__(self) -> str:
        return f"{self.record} → {self.site}"
