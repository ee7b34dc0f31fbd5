"""What the government owns online: sites, and who holds which role on them."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import SITE_ROLES, Role

HOST = re.compile(r"^(?=.{1,120}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$")


class Block(models.TextChoices):
    """功能 a site can switch on or off (PLAT-03). Hubei art. 24; Hebi art. 8."""

    SITE = "site", _("网站管理")
    COLUMN = "column", _("栏目管理")
    RESOURCE = "resource", _("资源管理")
    PERMISSION = "permission", _("权限管理")
    PUBLISHING = "publishing", _("信息发布")
    INTERPRETATION = "interpretation", _("解读回应")
    SERVICES = "services", _("办事服务")
    INTERACTION = "interaction", _("互动交流")
    SEARCH = "search", _("站内搜索")
    COMPLAINTS = "complaints", _("投诉举报")
    SUPERVISION = "supervision", _("评价监督")
    REGISTRATION = "registration", _("用户注册")
    PERSONAL = "personal", _("个性定制")
    PUSH = "push", _("内容推送")
    MONITORING = "monitoring", _("运维监控")
    STATISTICS = "statistics", _("统计分析")
    ACCESSIBILITY = "accessibility", _("无障碍浏览")
    SECURITY = "security", _("安全防护")


class Site(models.Model):  # type: ignore[django-manager-missing]  # pictures have an untyped manager
    """网站: one government site of the platform (PLAT-01), a tenant."""

    class Kind(models.TextChoices):
        PORTAL = "portal", _("政府门户网站")
        DEPARTMENT = "department", _("部门网站")
        SUBSITE = "subsite", _("分站")

    class Status(models.TextChoices):
        PREPARING = "preparing", _("筹备中")
        ONLINE = "online", _("运行中")
        OFFLINE = "offline", _("临时下线")
        CLOSED = "closed", _("已关停")

    name = models.CharField(_("网站名称"), max_length=80, help_text=_("以机构全称命名，例如“澄湖市人民政府”"))
    kind = models.CharField(_("网站类型"), max_length=12, choices=Kind.choices)
    status = models.CharField(
        _("状态"), max_length=12, choices=Status.choices, default=Status.PREPARING, editable=False
    )
    host = models.CharField(
        _("域名"),
        max_length=120,
        unique=True,
        validators=[RegexValidator(HOST, _("请填写小写的完整域名，例如 www.example.gov.cn"))],
    )
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites", verbose_name=_("主办单位"))
    operator = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="operated_sites",
        verbose_name=_("承办单位"),
    )
    serves_public = models.BooleanField(_("提供办事服务"), default=False)
    identification_code = models.CharField(_("网站标识码"), max_length=20, blank=True)
    icp_number = models.CharField(_("ICP备案号"), max_length=40, blank=True)
    police_number = models.CharField(_("公安备案号"), max_length=40, blank=True)
    party_mark = models.CharField(_("党政机关网站标识"), max_length=60, blank=True, help_text=_("标识编号"))
    contact = models.CharField(_("联系方式"), max_length=120, blank=True)
    email = models.EmailField(_("电子邮箱"), max_length=120, blank=True, help_text=_("单位的公务邮箱，公开在页脚"))
    address = models.CharField(_("联系地址"), max_length=120, blank=True)
    error_report_url = models.URLField(
        _("网站找错入口"), max_length=300, blank=True, help_text=_("“我为政府网站找错”的链接地址")
    )
    approval_url = models.URLField(
        _("网上审批入口"), max_length=300, blank=True, help_text=_("在线审批系统的地址；空着就不出现在办事服务页上")
    )
    mailbox_url = models.URLField(
        _("领导信箱入口"), max_length=300, blank=True,
        help_text=_("市长、县长、区长信箱的地址；页面上的叫法随主办单位（例如“区长信箱”）"),
    )  # fmt: skip
    call_centre = models.CharField(
        _("呼叫中心电话"), max_length=30, blank=True, help_text=_("手机上点一下就能拨打，例如 12345"),
        validators=[RegexValidator(r"^[0-9]{3,5}(-[0-9]{3,8}){0,3}$|^[0-9]{7,12}$", _("只写电话号码，例如 12345 或 000-12345"))],
    )  # fmt: skip
    agency_url = models.URLField(
        _("全程代办入口"), max_length=300, blank=True, help_text=_("代办、帮办怎么找、怎么约的页面地址")
    )
    ideology_officer = models.CharField(
        _("网络意识形态责任人"), max_length=80, blank=True,
        help_text=_("姓名和职务；检测到不宜发布的内容时，后台会同时写明由谁负责。不在网站上公开"),
    )  # fmt: skip
    colour = models.CharField(
        _("主色"), max_length=7, default="#0b3d91", validators=[RegexValidator(r"^#[0-9a-f]{6}$")]
    )
    blocks = models.JSONField(_("功能"), default=list)
    mourning_from = models.DateTimeField(_("哀悼模式开始"), null=True, blank=True)
    mourning_until = models.DateTimeField(_("哀悼模式结束"), null=True, blank=True)
    superior_site = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="group", verbose_name=_("上级网站")
    )

    class Meta:
        verbose_name = _("网站")
        verbose_name_plural = _("网站")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=~Q(status="closed") & ~Q(kind="subsite"), name="site_one_per_owner"
            ),
            models.CheckConstraint(
                condition=Q(mourning_until__isnull=True) | Q(mourning_from__lt=models.F("mourning_until")),
                name="site_mourning_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        unknown = set(self.blocks) - set(Block.values)
        if unknown:
            raise ValidationError({"blocks": _("没有这样的功能：%(names)s") % {"names": "、".join(sorted(unknown))}})

    @property
    def compulsory_blocks(self) -> frozenset[str]:
        """Blocks that this kind of site must have (PLAT-04). Hubei art. 16, 20; Hebi art. 23, 27."""
        always = {Block.PUBLISHING, Block.INTERPRETATION, Block.INTERACTION}
        serving = self.kind == self.Kind.PORTAL or self.serves_public
        return frozenset(always | ({Block.SERVICES} if serving else set()))


class Appointment(models.Model):
    """任职 on a site: one person, one role. Columns may narrow it (content.ColumnLimit)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="appointments", verbose_name=_("账号"))
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="appointments", verbose_name=_("网站"))
    role = models.CharField(_("角色"), max_length=20, choices=[(r.value, r.label) for r in Role if r in SITE_ROLES])

    class Meta:
        verbose_name = _("网站任职")
        verbose_name_plural = _("网站任职")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=sorted(SITE_ROLES)), name="appointment_site_role"),
            models.UniqueConstraint(fields=["user", "site", "role"], name="appointment_once"),
        ]
        indexes = [models.Index(fields=["user", "role"], name="appointment_user_role")]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.site}"


class Notice(models.Model):
    """A life-cycle notice (迁移、关停、暂停、开通) in the slot on every page (PAGE-16).

    Editors cannot remove it before `until`; only the site manager adds one, and its end is part of it.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("开通公告")
        MIGRATION = "migration", _("迁移公告")
        CLOSURE = "closure", _("关停公告")
        OFFLINE = "offline", _("临时下线公告")
        PAUSE = "pause", _("暂停服务公告")
        EMERGENCY = "emergency", _("应急公告")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="notices", verbose_name=_("网站"))
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    text = models.CharField(_("内容"), max_length=300)
    starts_at = models.DateTimeField(_("开始时间"))
    until = models.DateTimeField(_("结束时间"))

    class Meta:
        verbose_name = _("网站公告")
        verbose_name_plural = _("网站公告")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=models.F("until")), name="notice_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.text


class MarkPicture(models.Model):
    """标识图片 beside a mark of the footer, as it was from `created_at` to `ended_at`; the bytes lie in the object store."""

    class Mark(models.TextChoices):
        PARTY = "party", _("党政机关网站标识")
        POLICE = "police", _("公安备案标识")
        ERROR_REPORT = "error_report", _("“我为政府网站找错”标识")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="mark_pictures", verbose_name=_("网站"))
    mark = models.CharField(_("标识"), max_length=12, choices=Mark.choices)
    address = models.URLField(_("链接地址"), max_length=300, blank=True)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    width = models.PositiveSmallIntegerField()  # pixels
    height = models.PositiveSmallIntegerField()  # pixels
    created_at = models.DateTimeField(_("上传时间"))
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("标识图片")
        verbose_name_plural = _("标识图片")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["site", "mark"], condition=Q(ended_at=None), name="mark_picture_one_now"),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.get_mark_display()}"


class FloatingWindow(models.Model):
    """飘窗 on the home page of a site: one at a time, all of one form, and never without an end (PAGE-07; Hebi art. 24)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="windows", verbose_name=_("网站"))
    title = models.CharField(_("文字"), max_length=30, help_text=_("不超过 30 个字；大小、底色和字体全平台一样"))
    address = models.CharField(
        _("链接"), max_length=300,
        validators=[RegexValidator(r"^(/(?!/)\S*|https?://\S+)$", _("请填写以 / 开头的本站网址，或者完整的网址"))],
        help_text=_("以 / 开头的本站网址，或者完整的网址；不得链接广告"),
    )  # fmt: skip
    starts_at = models.DateTimeField(_("开始时间"))
    until = models.DateTimeField(_("结束时间"))
    created_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("提前撤下时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("飘窗")
        verbose_name_plural = _("飘窗")
        default_permissions = ()
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=models.F("until")), name="window_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.title
