"""The queue of what must be looked at anew, what the index holds, and what people keep: promoted answers, synonyms."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.estate.models import Site


class IndexTask(models.Model):
    """待索引: a record of a site, what differs of a site, or all of it may not be in the index as it is public now.

    Deleted only after the index was committed: a killed indexer finds it again.
    """

    class Reach(models.TextChoices):
        RECORD = "record", _("一件")
        DIFFERING = "differing", _("与网站不一致的")
        SITE = "site", _("整个网站")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="index_tasks")
    reach = models.CharField(_("范围"), max_length=10, choices=Reach.choices, default=Reach.RECORD)
    identity = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField(_("提出时间"))
    problem = models.TextField(_("问题"), blank=True)
    next_try_at = models.DateTimeField()

    class Meta:
        verbose_name = _("待索引")
        verbose_name_plural = _("待索引")
        default_permissions = ()
        indexes = [models.Index(fields=["next_try_at", "id"], name="index_task_waiting")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.identity or self.reach}"


class IndexedItem(models.Model):
    """已索引: that the index holds a record of a site, of which sign-off, and how its document stood."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="indexed_items")
    identity = models.UUIDField()
    sign_off = models.PositiveBigIntegerField()
    validity = models.CharField(max_length=10, blank=True)
    unread = models.CharField(_("读不了的附件"), max_length=300, blank=True)
    indexed_at = models.DateTimeField(_("索引时间"))

    class Meta:
        verbose_name = _("已索引")
        verbose_name_plural = _("已索引")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["site", "identity"], name="indexed_item_once")]

    def __str__(self) -> str:
        return f"{self.site_id}:{self.identity}"


class PromotedAnswer(models.Model):
    """推荐答案: what is shown above all results when somebody asks for one of its words."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="promoted_answers", verbose_name=_("网站"))
    words = models.CharField(_("检索词"), max_length=200)
    record = models.UUIDField(_("稿件"))
    note = models.CharField(_("说明"), max_length=120, blank=True)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    since = models.DateTimeField(_("设置时间"))
    ended_at = models.DateTimeField(_("取消时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("推荐答案")
        verbose_name_plural = _("推荐答案")
        default_permissions = ()
        ordering = ["site", "position", "pk"]

    def __str__(self) -> str:
        return self.words

    @property
    def word_list(self) -> list[str]:
        return words_in(self.words)


class SynonymGroup(models.Model):
    """同义词: words that are looked up for each other on all sites of the platform."""

    words = models.CharField(_("同义词"), max_length=200)
    since = models.DateTimeField(_("设置时间"))
    ended_at = models.DateTimeField(_("取消时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("同义词")
        verbose_name_plural = _("同义词")
        default_permissions = ()
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    @property
    def word_list(self) -> list[str]:
        return words_in(self.words)


class AskedQuery(models.Model):
    """检索词统计: how often something was asked for on a day, and how often nothing was found. Says nothing of who."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="asked_queries")
    on = models.DateField(_("日期"))
    query = models.CharField(_("检索词"), max_length=100)
    times = models.PositiveIntegerField(_("次数"), default=0)
    without_result = models.PositiveIntegerField(_("没有结果的次数"), default=0)

    class Meta:
        verbose_name = _("检索词统计")
        verbose_name_plural = _("检索词统计")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["site", "on", "query"], name="asked_query_once"),
            models.CheckConstraint(condition=Q(without_result__lte=models.F("times")), name="asked_query_sums"),
        ]
        indexes = [models.Index(fields=["site", "-on"], name="asked_query_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.query}"


def words_in(text: str) -> list[str]:
    """Words parted by commas, spaces or line ends."""
    for sign in "，、；;,\n\t":
        text = text.replace(sign, " ")
    return list(dict.fromkeys(text.split()))
