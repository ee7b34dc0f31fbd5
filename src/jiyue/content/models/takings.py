"""自动取用: what a site takes from another one without being asked each time (LIB-03).

A rule is a draft until the taker's final reviewer signs it off; what counts is the signed text in the ledger (ADR 0018).
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.columns import Column
from jiyue.content.models.records import Record
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User


class TakingRule(models.Model):
    """取用规则: a column takes what another site or unit publishes, narrowed by its column, kind or subject."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待终审")
        RETURNED = "returned", _("已退回")
        IN_FORCE = "in_force", _("执行中")
        STOPPED = "stopped", _("已停用")

    identity = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="taking_rules", verbose_name=_("取用网站"))
    column = models.ForeignKey(
        Column, on_delete=models.PROTECT, related_name="taking_rules", verbose_name=_("放入栏目"),
        help_text=_("符合条件的稿件显示在这个栏目"),
    )  # fmt: skip
    origin = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("来源网站"),
        help_text=_("不选时，从责任单位在任何网站上的稿件中取用"),
    )  # fmt: skip
    origin_column = models.ForeignKey(
        Column, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("来源栏目"),
        help_text=_("包括它下面的栏目；不选表示全部栏目"),
    )  # fmt: skip
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任单位"),
        help_text=_("只取这个单位负责的稿件；不选表示不限"),
    )  # fmt: skip
    kind = models.CharField(_("稿件类型"), max_length=16, choices=Record.Kind.choices, blank=True)
    subject_class = models.CharField(
        _("主题分类"), max_length=60, blank=True, help_text=_("与来源稿件填写的主题分类完全一致；留空表示不限")
    )
    from_on = models.DateField(_("从哪天发布的开始"), help_text=_("早于这一天发布的稿件不取用"))
    until_on = models.DateField(_("到哪天发布的为止"), null=True, blank=True, help_text=_("留空表示一直执行"))
    delay_hours = models.PositiveSmallIntegerField(
        _("等候小时数"), default=0,
        help_text=_("来源公开后等多少小时再取用，留出时间查看、暂缓或不取用；应急信息不等候"),
    )  # fmt: skip
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    reason = models.CharField(_("原因"), max_length=200, blank=True, editable=False)
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("提出人")
    )
    created_at = models.DateTimeField(_("提出时间"), editable=False)
    changed_at = models.DateTimeField(_("修改时间"), editable=False)

    class Meta:
        verbose_name = _("取用规则")
        verbose_name_plural = _("取用规则")
        default_permissions = ()
        indexes = [models.Index(fields=["state", "origin"], name="taking_rule_origin")]
        constraints = [
            models.CheckConstraint(
                condition=Q(origin__isnull=False) | Q(unit__isnull=False), name="taking_rule_from_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(origin__isnull=True) | ~Q(origin=F("site")), name="taking_rule_not_from_itself"
            ),
            models.CheckConstraint(condition=Q(delay_hours__lte=720), name="taking_rule_delay"),
        ]

    def __str__(self) -> str:
        return f"{self.source_name} → {self.column}"

    @property
    def source_name(self) -> str:
        """Where it takes from, in words."""
        names = [self.origin and self.origin.name, self.origin_column and self.origin_column.name]
        names.append(self.unit.name if self.unit else "")
        return " / ".join(name for name in names if name)
