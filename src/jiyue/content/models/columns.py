"""栏目: the column tree of a site."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.estate.models import Appointment, Site
from jiyue.identity.models import Organisation

SLUG = RegexValidator(r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", _("请用小写字母、数字和短横线，最多 40 个字符"))
RESERVED_SLUGS = frozenset({"assets", "files", "list", "sitemap", "feed", "zcwjk", "hudong"})


class Column(models.Model):
    """One column: its kind, how often it must be renewed, and who keeps it (COL-01, COL-03, COL-04)."""

    class Channel(models.TextChoices):
        """The five standard channels (Hebi art. 23)."""

        NEWS = "news", _("政务动态")
        OPENNESS = "openness", _("政务公开")
        SERVICES = "services", _("政务服务")
        INTERACTION = "interaction", _("政民互动")
        TOPICS = "topics", _("专题专栏")

    class Kind(models.TextChoices):
        CHANNEL = "channel", _("频道")
        OVERVIEW = "overview", _("概况")
        INSTITUTIONS = "institutions", _("机构职能")
        LEADERS = "leaders", _("领导信息")
        POLICY_DOCUMENTS = "policy_documents", _("政策文件")
        NEWS = "news", _("政务要闻")
        INTERPRETATIONS = "interpretations", _("政策解读")
        DATA = "data", _("数据发布")
        DISCLOSURE_GUIDE = "disclosure_guide", _("信息公开指南")
        DISCLOSURE_REPORT = "disclosure_report", _("信息公开年报")
        PERSONNEL = "personnel", _("人事信息")
        NOTICES = "notices", _("通知公告")
        PLANS = "plans", _("规划计划")
        TOPICS = "topics", _("专题")
        GALLERY = "gallery", _("图片视频")
        SERVICES = "services", _("办事服务")
        ANSWERS = "answers", _("来信公开")
        GENERAL = "general", _("综合信息")

    class UpdateClass(models.TextChoices):
        """更新类别: how long a column may stand still. The limits themselves are values of the rule packs."""

        SAME_DAY = "same_day", _("当日更新")
        DAILY = "daily", _("每日更新")
        WORKING_DAY = "working_day", _("每个工作日更新")
        WEEKLY = "weekly", _("每周更新")
        TWO_WEEKS = "two_weeks", _("两周内更新")
        HALF_YEAR = "half_year", _("半年内更新")
        YEAR = "year", _("一年内更新")
        EVENT = "event", _("随事项更新")

    class Serves(models.TextChoices):
        """What a topic column is for; a sub-site keeps one of each (COL-12; Chaoyang art. 25)."""

        CENTRAL_WORK = "central_work", _("年度中心工作")
        POLICY_FOCUS = "policy_focus", _("政策焦点")
        PUBLIC_CONCERN = "public_concern", _("社会热点")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="columns", verbose_name=_("网站"))
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级栏目")
    )
    kind = models.CharField(_("栏目类型"), max_length=20, choices=Kind.choices)
    channel = models.CharField(_("所属频道"), max_length=12, choices=Channel.choices)
    name = models.CharField(_("栏目名称"), max_length=40)
    slug = models.CharField(_("网址名"), max_length=40, validators=[SLUG])
    path = models.CharField(max_length=200, editable=False)
    description = models.CharField(_("栏目说明"), max_length=200, blank=True)
    keywords = models.CharField(_("关键词"), max_length=200, blank=True, help_text=_("用逗号分开"))
    update_class = models.CharField(
        _("更新类别"), max_length=12, choices=UpdateClass.choices, default=UpdateClass.EVENT
    )
    serves = models.CharField(
        _("专题用途"), max_length=16, choices=Serves.choices, blank=True,
        help_text=_("专题栏目才选：子网站要有年度中心工作、政策焦点、社会热点三类专题"),
    )  # fmt: skip
    publishes_figures = models.BooleanField(
        _("公布来信办理统计"), default=False,
        help_text=_("来信公开类栏目才选：签发后每天按已封存的办理记录自动公布收信、答复、按时率和满意度"),
    )  # fmt: skip
    responsible = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="columns",
        verbose_name=_("责任单位"),
    )
    position = models.PositiveIntegerField(_("次序"), default=0)
    opened_at = models.DateTimeField(_("开设时间"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("栏目")
        verbose_name_plural = _("栏目")
        ordering = ["site", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "path"], name="column_path_once"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="column_not_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.parent and self.parent.site_id != self.site_id:
            raise ValidationError({"parent": _("上级栏目必须在同一网站内")})
        if self.slug in RESERVED_SLUGS and self.parent is None:
            raise ValidationError({"slug": _("这个网址名由平台保留，请换一个")})

    def derived_path(self) -> str:
        """`zwgk/zcwj` for 政务公开 / 政策文件."""
        return f"{self.parent.path}/{self.slug}" if self.parent else self.slug


class ColumnLimit(models.Model):
    """Narrows an appointment to columns: who holds one, works in these columns (and below) only (COL-03)."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="column_limits")
    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="limits")

    class Meta:
        verbose_name = _("栏目限定")
        verbose_name_plural = _("栏目限定")
        constraints = [models.UniqueConstraint(fields=["appointment", "column"], name="column_limit_once")]

    def __str__(self) -> str:
        return f"{self.appointment} {self.column}"
