"""数据交换: what comes from another installation's library, what goes out, and what became of each attempt."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.columns import Column
from jiyue.content.models.records import Record
from jiyue.estate.models import Site
from jiyue.identity.models import User


class ExchangeSource(models.Model):
    """交换来源: the change feed of a foreign site that this site follows. Its items become drafts in one column.

    `reached` is the number of the last change taken in, `reached_sign_off` the digest that stood there: another digest
    at the same place means that the feed was ordered anew, and it is read from its beginning.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="exchange_sources", verbose_name=_("网站"))
    column = models.ForeignKey(
        Column, on_delete=models.PROTECT, related_name="exchange_sources", verbose_name=_("放入栏目")
    )
    name = models.CharField(_("来源名称"), max_length=80, help_text=_("对方网站的全称，作为稿件的来源"))
    address = models.URLField(
        _("对方网址"), max_length=300, help_text=_("对方网站首页，例如 https://www.example.gov.cn")
    )
    reached = models.PositiveIntegerField(default=0, editable=False)
    reached_sign_off = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    read_at = models.DateTimeField(_("最近读取"), null=True, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    stopped_at = models.DateTimeField(_("停用时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("交换来源")
        verbose_name_plural = _("交换来源")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["site", "address"], condition=Q(stopped_at__isnull=True), name="exchange_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Exchange(models.Model):
    """一次交换: when, which way, how many, and why it failed. A failed one is repeated by a new row."""

    class Direction(models.TextChoices):
        IN = "in", _("接收")
        OUT = "out", _("导出")

    class State(models.TextChoices):
        DONE = "done", _("完成")
        PARTLY = "partly", _("部分未接收")
        FAILED = "failed", _("失败")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="exchanges", verbose_name=_("网站"))
    source = models.ForeignKey(ExchangeSource, on_delete=models.PROTECT, null=True, related_name="exchanges")
    direction = models.CharField(_("方向"), max_length=3, choices=Direction.choices)
    state = models.CharField(_("结果"), max_length=6, choices=State.choices)
    at = models.DateTimeField(_("时间"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("操作人"))
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeated_by")
    counts = models.JSONField(_("数量"), default=dict)
    refusals = models.JSONField(_("未接收的"), default=list)
    problem = models.TextField(_("问题"), blank=True)

    class Meta:
        verbose_name = _("数据交换")
        verbose_name_plural = _("数据交换")
        default_permissions = ()
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["site", "-at"], name="exchange_recent")]

    def __str__(self) -> str:
        return f"{self.direction} {self.at}"


class ExchangedItem(models.Model):
    """交换条目: what became of one foreign record here, by its identity there."""

    class State(models.TextChoices):
        TAKEN = "taken", _("已存为草稿")
        REFUSED = "refused", _("未接收")
        CHANGED = "changed", _("对方已更正")
        WITHDRAWN = "withdrawn", _("对方已撤下")

    source = models.ForeignKey(ExchangeSource, on_delete=models.CASCADE, related_name="items")
    identity = models.UUIDField()
    record = models.ForeignKey(Record, on_delete=models.SET_NULL, null=True, related_name="exchanged_from")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    version = models.CharField(max_length=64, blank=True)
    title = models.CharField(_("标题"), max_length=200, blank=True)
    address = models.URLField(_("记录文件的网址"), max_length=400, blank=True)
    problem = models.TextField(_("问题"), blank=True)
    at = models.DateTimeField(_("时间"))
    seen_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("交换条目")
        verbose_name_plural = _("交换条目")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "identity"], name="exchanged_item_once")]

    def __str__(self) -> str:
        return self.title or str(self.identity)
