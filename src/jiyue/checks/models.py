"""What a unit adds to the shipped lists: words, and decisions about masks, exceptions, names, hosts and thresholds.

A unit without rows has what ships and what the units above it added. No row is changed: it ends, and another begins.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiyue.identity.models import Organisation, User


class Kept(models.Model):
    """Valid on days in [from_on, until_on), for a unit and everything below it; without a unit for everybody."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    from_on = models.DateField(_("起用日期"))
    until_on = models.DateField(_("停用日期"), null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("添加人"))
    created_at = models.DateTimeField(_("添加时间"))
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="%(class)s_days_in_order"
            ),
        ]


class UnitWord(Kept):
    """自定义词: one entry of a unit's own list."""

    class Family(models.TextChoices):
        SECRECY = "secrecy", _("工作秘密")
        COMMERCIAL = "commercial", _("商业秘密")
        PERSONAL = "personal-data", _("敏感个人信息")
        WORDING = "wording", _("易错词")
        SPAM = "spam", _("垃圾信息")
        ADVERTISEMENT = "advertisement", _("商业推广")
        LINK = "link", _("已停用的网址")
        EMBLEM = "emblem", _("经核准的国徽图文件")

    class Severity(models.TextChoices):
        BLOCK = "block", _("禁止")
        WARN = "warn", _("提醒")
        NOTE = "note", _("提示")

    family = models.CharField(_("类别"), max_length=20, choices=Family.choices)
    text = models.CharField(_("词语"), max_length=100)
    suggestion = models.CharField(_("建议改为"), max_length=100, blank=True)
    severity = models.CharField(_("处理"), max_length=5, choices=Severity.choices, default=Severity.WARN)

    class Meta(Kept.Meta):
        verbose_name = _("自定义词")
        verbose_name_plural = _("自定义词")
        ordering = ["family", "text", "pk"]
        constraints = [
            *Kept.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "family", "text"], condition=Q(until_on__isnull=True), nulls_distinct=False,
                name="unitword_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text


class CheckSetting(Kept):
    """检测设置: one decision; `name` says about what, `value` how (see `CHOICES` in `deciding`)."""

    class Kind(models.TextChoices):
        MASK = "mask", _("打码方式")
        PERMIT = "permit", _("依法保留")
        LEADER = "leader", _("领导姓名")
        BODY = "body", _("机构名称")
        HOST = "host", _("允许链接的网站")
        THRESHOLD = "threshold", _("阈值")
        LEVEL = "level", _("检测等级")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=120)
    value = models.JSONField(_("内容"), default=dict, blank=True)

    class Meta(Kept.Meta):
        verbose_name = _("检测设置")
        verbose_name_plural = _("检测设置")
        ordering = ["kind", "name", "pk"]
        constraints = [
            *Kept.Meta.constraints,
            # One law may let several things stay, so permits alone may share a name.
            models.UniqueConstraint(
                fields=["organisation", "kind", "name"], condition=Q(until_on__isnull=True) & ~Q(kind="permit"),
                nulls_distinct=False, name="checksetting_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
