"""Where a site's services are compared with another source, what each comparison found, and what was decided (SERV-05)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.services import ServiceGuide
from jiyue.domain.service_items import is_link
from jiyue.estate.models import Site
from jiyue.identity.models import User


def web_address(text: str) -> None:
    """Validator: an http(s) address without a user in it. Whether it may be reached is asked when it is fetched."""
    if not is_link(text):
        raise ValidationError(_("请填写以 http:// 或 https:// 开头的网址，不能带用户名"))


class ServiceSource(models.Model):
    """比对来源: the address of the service platform's file for one site, asked for every night and whenever somebody wants."""

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="service_source", verbose_name=_("网站"))
    address = models.CharField(_("文件网址"), max_length=400, validators=[web_address])
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    set_at = models.DateTimeField(_("登记时间"))
    wanted_at = models.DateTimeField(_("要求比对的时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("比对来源")
        verbose_name_plural = _("比对来源")
        default_permissions = ()

    def __str__(self) -> str:
        return self.address


class Synchronisation(models.Model):
    """一次比对: when, by whom, with what, and what came out. Never changed afterwards."""

    class Origin(models.TextChoices):
        FILE = "file", _("上传的文件")
        ADDRESS = "address", _("登记的网址")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="synchronisations", verbose_name=_("网站"))
    origin = models.CharField(_("来源"), max_length=8, choices=Origin.choices)
    source = models.CharField(_("文件或网址"), max_length=400)
    digest = models.CharField(_("文件指纹"), max_length=64, blank=True)
    size = models.PositiveIntegerField(_("字节数"), default=0)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人"),
        help_text=_("定时比对没有经办人"),
    )  # fmt: skip
    trouble = models.CharField(_("没有成功的原因"), max_length=300, blank=True)
    items = models.PositiveIntegerField(_("对方事项"), default=0)
    equal = models.PositiveIntegerField(_("一致"), default=0)
    different = models.PositiveIntegerField(_("不一致"), default=0)
    only_here = models.PositiveIntegerField(_("仅本站有"), default=0)
    only_there = models.PositiveIntegerField(_("仅对方有"), default=0)
    refused = models.PositiveIntegerField(_("读不懂的行"), default=0)
    problems = models.JSONField(_("读不懂的内容"), default=list)
    made_items = models.PositiveIntegerField(_("新登记事项"), default=0)
    made_guides = models.PositiveIntegerField(_("新建指南草稿"), default=0)

    class Meta:
        verbose_name = _("服务事项比对")
        verbose_name_plural = _("服务事项比对")
        default_permissions = ()
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["site", "-at"], name="synchronisation_site_recent")]

    def __str__(self) -> str:
        return f"{self.site} {self.at:%Y-%m-%d %H:%M}"


class ItemDifference(models.Model):
    """不一致: one element in which the site and the source disagree, with both values, until it is decided or gone.

    `digest` names the difference with exactly these values: when either side moves, it is another one, so that a reason
    given for one disagreement never covers the next.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        TAKEN = "taken", _("已采用对方")
        KEPT = "kept", _("保留本站")
        GONE = "gone", _("已一致")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="item_differences", verbose_name=_("网站"))
    first_run = models.ForeignKey(Synchronisation, on_delete=models.PROTECT, related_name="+")
    last_run = models.ForeignKey(Synchronisation, on_delete=models.PROTECT, related_name="differences")
    guide = models.ForeignKey(
        ServiceGuide, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("办事指南")
    )
    digest = models.CharField(max_length=64)
    code = models.CharField(_("事项编码"), max_length=40)
    name = models.CharField(_("事项名称"), max_length=200, blank=True)
    kind = models.CharField(_("差异"), max_length=12)
    field = models.CharField(_("要素"), max_length=40, blank=True)
    row = models.CharField(_("材料、步骤或问题"), max_length=130, blank=True)
    part = models.CharField(_("其中"), max_length=20, blank=True)
    ours = models.JSONField(_("本站"), null=True)
    theirs = models.JSONField(_("对方"), null=True)
    state = models.CharField(_("状态"), max_length=6, choices=State.choices, default=State.OPEN)
    noted_at = models.DateTimeField(_("发现时间"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处理人")
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    reason = models.CharField(_("保留的理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("服务事项差异")
        verbose_name_plural = _("服务事项差异")
        default_permissions = ()
        ordering = ["code", "guide", "pk"]
        indexes = [models.Index(fields=["site"], condition=Q(state="open"), name="item_difference_open")]
        constraints = [
            models.UniqueConstraint(fields=["site", "guide", "digest"], name="item_difference_once"),
            models.UniqueConstraint(
                fields=["site", "digest"], condition=Q(guide__isnull=True), name="item_difference_once_alone"
            ),
            models.CheckConstraint(condition=~Q(state="kept") | ~Q(reason=""), name="item_difference_kept_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.field or self.kind}"
