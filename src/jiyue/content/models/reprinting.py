"""转载: where a unit may reprint from, what was reprinted, and superiors' portals that are watched (REPR-01 to 05)."""

from datetime import datetime
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.records import Record
from jiyue.content.models.stewardship import ReprintTask
from jiyue.estate.models import HOST
from jiyue.identity.models import Organisation, User


class PermittedSource(models.Model):
    """稿源: a place that a unit and everything below it may reprint from; or one item of another, approved alone (REPR-03)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待决定")
        APPROVED = "approved", _("已同意")
        REFUSED = "refused", _("不同意")
        ENDED = "ended", _("已停用")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="permitted_sources", verbose_name=_("适用范围"),
        help_text=_("这个单位及其下级单位主办的网站都可以从这里转载"),
    )  # fmt: skip
    name = models.CharField(_("稿源名称"), max_length=80)
    host = models.CharField(
        _("域名"), max_length=120, validators=[RegexValidator(HOST, _("请填写小写的完整域名，例如 www.example.gov.cn"))],
        help_text=_("包括它下面的子域名"),
    )  # fmt: skip
    only_for = models.ForeignKey(
        Record, on_delete=models.CASCADE, null=True, blank=True, related_name="source_permits", editable=False,
        verbose_name=_("只用于一篇稿件"),
    )  # fmt: skip
    grounds = models.CharField(_("理由"), max_length=200, help_text=_("为什么可以从这里转载"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"), editable=False)
    decided_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("决定人"),
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True, editable=False)
    opinion = models.CharField(_("意见"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("稿源")
        verbose_name_plural = _("稿源")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="source_decided_by_another"
            ),
            # Two, because SQLite has no unique constraint in which nothing equals nothing.
            models.UniqueConstraint(
                fields=["organisation", "host"], name="source_listed_once",
                condition=Q(state__in=["proposed", "approved"], only_for__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["only_for", "host"], name="source_asked_once",
                condition=Q(state__in=["proposed", "approved"], only_for__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class KeptText(models.Model):
    """留存文本: what an item said elsewhere, at its origin or on another channel; when that was kept, and by whom.

    Rows are added, never changed; the newest of its place counts. The bytes lie in the object store under `digest`.
    """

    class Role(models.TextChoices):
        ORIGINAL = "original", _("原文")
        CHANNEL = "channel", _("其他渠道")

    class How(models.TextChoices):
        FETCHED = "fetched", _("平台读取")
        PASTED = "pasted", _("人工粘贴")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="kept_texts", verbose_name=_("稿件"))
    role = models.CharField(_("用途"), max_length=8, choices=Role.choices)
    channel = models.CharField(_("渠道"), max_length=60, blank=True, help_text=_("例如“澄湖发布”微信公众号"))
    address = models.URLField(_("网址"), max_length=400, blank=True)
    title = models.CharField(_("标题"), max_length=200, blank=True)
    text = models.TextField(_("正文"))
    digest = models.CharField(_("指纹"), max_length=64)
    how = models.CharField(_("取得方式"), max_length=7, choices=How.choices)
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("保存人"))
    kept_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("留存文本")
        verbose_name_plural = _("留存文本")
        default_permissions = ()
        indexes = [models.Index(fields=["record", "role", "-kept_at", "-id"], name="kept_text_newest")]

    def __str__(self) -> str:
        return self.title or self.address

    @property
    def facts(self) -> dict[str, Any]:
        """What stands in a signed version, so that the reprint can be held against it for ever."""
        return {
            "title": self.title, "text": self.text, "address": self.address, "digest": self.digest, "how": self.how,
            "kept_at": self.kept_at.isoformat(), "kept_by": self.kept_by.name,
        }  # fmt: skip


def original_of(record: Record) -> KeptText | None:
    """The original of a reprint as it was last kept."""
    kept = KeptText.objects.filter(record=record.pk, role=KeptText.Role.ORIGINAL).select_related("kept_by")
    return kept.order_by("-kept_at", "-pk").first()


class Feed(models.Model):
    """上级动态: a portal whose news are read regularly, so that nothing that must be reprinted is missed (REPR-01)."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="feeds", verbose_name=_("适用范围"),
        help_text=_("从这里布置的转载任务，这个单位及其下级单位主办的网站都要完成"),
    )  # fmt: skip
    name = models.CharField(_("来源网站"), max_length=80, help_text=_("例如“中国政府网”"))
    address = models.URLField(
        _("网址"), max_length=400, help_text=_("RSS、Atom、网站地图（sitemap.xml）的网址，或者栏目列表页的网址")
    )
    interval = models.PositiveSmallIntegerField(_("每隔多少分钟读一次"), default=30)
    keywords = models.CharField(
        _("关键词"), max_length=200, blank=True, help_text=_("标题里有其中一个词的，提示要不要布置转载；用逗号分开")
    )
    stopped_at = models.DateTimeField(_("停用时间"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("登记人")
    )
    created_at = models.DateTimeField(_("登记时间"), editable=False)
    next_at = models.DateTimeField(_("下次读取"), null=True, blank=True, editable=False)
    tried_at = models.DateTimeField(_("上次读取"), null=True, blank=True, editable=False)
    read_at = models.DateTimeField(_("上次成功"), null=True, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    problem = models.CharField(max_length=20, blank=True, editable=False)
    problem_detail = models.CharField(max_length=200, blank=True, editable=False)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = _("上级动态来源")
        verbose_name_plural = _("上级动态来源")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "address"], condition=Q(stopped_at__isnull=True), name="feed_once"
            ),
            models.CheckConstraint(condition=Q(interval__gte=5, interval__lte=1440), name="feed_interval"),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(stopped_at__isnull=True), name="feed_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> tuple[str, ...]:
        """The keywords, one by one."""
        return tuple(
            word for part in self.keywords.replace("，", ",").replace("、", ",").split(",") if (word := part.strip())
        )


class FeedEntry(models.Model):
    """One item that a watched portal published."""

    class State(models.TextChoices):
        NEW = "new", _("未处理")
        WANTED = "wanted", _("请决定是否转载")
        ORDERED = "ordered", _("已布置转载")
        PASSED = "passed", _("不转载")

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="entries", verbose_name=_("来源"))
    key = models.CharField(max_length=64)  # SHA-256 of what the source calls it, or of its address
    title = models.CharField(_("标题"), max_length=200)
    address = models.URLField(_("网址"), max_length=400)
    released_at = models.DateTimeField(_("原发布时间"), null=True, blank=True)
    stated = models.CharField(_("来源写的时间"), max_length=60, blank=True)
    seen_at = models.DateTimeField(_("读到的时间"))
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.NEW)
    task = models.ForeignKey(
        ReprintTask,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("转载任务"),
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("上级动态")
        verbose_name_plural = _("上级动态")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="feed_entry_once")]
        indexes = [models.Index(fields=["state", "-seen_at"], name="feed_entry_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def moment(self) -> datetime:
        """When it was published, or at least when it was first seen."""
        return self.released_at or self.seen_at
