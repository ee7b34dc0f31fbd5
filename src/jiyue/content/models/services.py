"""办事服务: the item, which is one for the whole platform, and its guide, which is a unit's own (ADR 0019).

What is the same everywhere (name, class, legal basis, whether it costs anything) is a row of `ServiceItem`, and every
site refers to it (SERV-14). What differs from counter to counter is a `ServiceGuide`: a record like any other, reviewed,
signed and public through the ledger only.
"""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from jiyue.content.models.records import INDEX_NUMBER, RECORD_TYPES, PolicyDocument, Record
from jiyue.content.needs import NEEDS, why_not
from jiyue.content.service_blocks import MaterialsBlock, QuestionsBlock, StepsBlock
from jiyue.estate.models import HOST
from jiyue.identity.models import Organisation, User

ITEM_CODE = RegexValidator(r"^[0-9A-Z][0-9A-Z-]{3,39}$", _("事项编码用数字、大写字母和短横线，4 到 40 位"))


class ServiceItem(models.Model):
    """通用事项: one item of government service, the same on every site of the platform (SERV-14; Hebi art. 32).

    Kept by the overseer of the unit whose catalogue it stands in (`organisation`), not by the manager of a site: a row
    of it speaks on all sites at once, and a site's manager answers for one. Every site below may give it a guide.
    """

    class ItemClass(models.TextChoices):
        """事项类型: the three of Xiangxi art. 16, and the powers that are none of them."""

        LICENSING = "licensing", _("行政许可")
        APPROVAL = "approval", _("非行政许可审批")
        OTHER_POWER = "other_power", _("其他行政权力")
        PUBLIC_SERVICE = "public_service", _("公共服务")

    identity = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("事项编码"), max_length=40, unique=True, validators=[ITEM_CODE])
    name = models.CharField(_("事项名称"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="service_items", verbose_name=_("目录编制单位"),
        help_text=_("事项列在哪一级政府或单位的政务服务事项目录里；它和它的下级单位都可以编办事指南"),
    )  # fmt: skip
    item_class = models.CharField(_("事项类型"), max_length=16, choices=ItemClass.choices)
    legal_basis = models.TextField(_("设定依据"), max_length=2000, help_text=_("法律法规名称和条款，每行一条"))
    audiences = models.JSONField(_("服务对象"), default=list)
    themes = models.JSONField(_("办事主题"), default=list, blank=True)
    life_events = models.JSONField(_("人生事件和企业事件"), default=list, blank=True)
    charged = models.BooleanField(_("收费事项"), default=False)
    charge_basis = models.TextField(
        _("收费依据"), max_length=1000, blank=True, help_text=_("收费事项必须写明依据的文件名称和文号")
    )
    system_host = models.CharField(
        _("办理系统域名"), max_length=120, blank=True, validators=[RegexValidator(HOST, _("请填写小写的完整域名"))],
        help_text=_("在线办理的链接只能指向这个域名"),
    )  # fmt: skip
    ended_on = models.DateField(_("取消日期"), null=True, blank=True)
    ended_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    created_at = models.DateTimeField(_("登记时间"))
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("通用事项")
        verbose_name_plural = _("政务服务事项目录")
        default_permissions = ()
        ordering = ["code"]
        indexes = [models.Index(fields=["organisation", "item_class"], name="service_item_catalogue")]
        constraints = [
            # SERV-11 in the database too: an import writes past every form.
            models.CheckConstraint(
                condition=Q(charged=False) | ~Q(charge_basis=""), name="service_item_charge_has_basis"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        wrong = {name: sentence for name, known in NEEDS.items() if (sentence := why_not(known, getattr(self, name)))}
        if "audiences" not in wrong and not self.audiences:
            wrong["audiences"] = str(_("请至少选择一类服务对象"))
        if self.charged and not self.charge_basis.strip():
            wrong["charge_basis"] = str(_("收费事项必须写明收费依据，没有依据的不得收费"))
        if wrong:
            raise ValidationError(wrong)


class ServiceGuide(Record):
    """办事指南: how an item is handled by one unit. The title of the record is what the public looks for."""

    class OnlineDepth(models.IntegerChoices):
        """网办深度 (SERV-03): how far one gets without going to a counter."""

        INFORMATION = 1, _("网上查看指南")
        DOWNLOAD = 2, _("网上下载表格")
        APPLICATION = 3, _("网上申请")
        WHOLE = 4, _("全程网办")

    class Disclosure(models.TextChoices):
        ACTIVE = "active", _("主动公开")
        ON_REQUEST = "on_request", _("依申请公开")
        WITHHELD = "withheld", _("不予公开")

    item = models.ForeignKey(
        ServiceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="guides", verbose_name=_("通用事项")
    )
    handling_body = models.CharField(_("办理机构"), max_length=120, blank=True)
    section = models.CharField(_("责任科室"), max_length=80, blank=True)
    place = models.CharField(_("办理地点"), max_length=200, blank=True)
    hours = models.CharField(_("办公时间"), max_length=200, blank=True)
    telephone = models.CharField(_("咨询电话"), max_length=80, blank=True)
    complaint_telephone = models.CharField(_("投诉电话"), max_length=80, blank=True)
    fee_standard = models.CharField(_("收费标准"), max_length=300, blank=True, help_text=_("不收费的写“不收费”"))
    fee_basis = models.CharField(_("收费依据"), max_length=300, blank=True)
    legal_days = models.PositiveSmallIntegerField(
        _("法定办结时限（工作日）"), null=True, blank=True, help_text=_("当场办结的填 0；法律没有规定的留空")
    )
    promised_days = models.PositiveSmallIntegerField(
        _("承诺办结时限（工作日）"), null=True, blank=True, help_text=_("当场办结的填 0")
    )
    limit_note = models.CharField(
        _("时限说明"), max_length=200, blank=True, help_text=_("例如“不含听证、检验、公示的时间”“每年 6 月集中办理”")
    )
    scope = models.TextField(_("适用范围"), max_length=1000, blank=True)
    conditions = models.TextField(_("申报条件"), max_length=2000, blank=True, help_text=_("每行一条"))
    certificates = models.TextField(_("所需证件"), max_length=1000, blank=True, help_text=_("每行一种；不需要的写“无”"))
    materials = StreamField(MaterialsBlock(), verbose_name=_("申请材料"), blank=True)
    process = StreamField(StepsBlock(), verbose_name=_("办理流程"), blank=True)
    review_procedure = models.TextField(_("审查程序"), max_length=2000, blank=True)
    result = models.CharField(_("办理结果"), max_length=200, blank=True, help_text=_("发给什么证件、文书，怎样送达"))
    visits = models.PositiveSmallIntegerField(_("到现场次数"), null=True, blank=True, help_text=_("不用到现场的填 0"))
    legal_basis = models.TextField(
        _("本地办理依据"), max_length=2000, blank=True, help_text=_("通用事项的设定依据会自动列出，这里只写补充的")
    )
    online_depth = models.PositiveSmallIntegerField(
        _("网办深度"), choices=OnlineDepth.choices, default=OnlineDepth.INFORMATION
    )
    online_address = models.URLField(_("在线办理网址"), max_length=400, blank=True)
    query_address = models.URLField(_("办理进度查询网址"), max_length=400, blank=True)
    consultation_address = models.URLField(_("网上咨询网址"), max_length=400, blank=True)
    supervision_address = models.URLField(
        _("电子监察网址"), max_length=400, blank=True, help_text=_("办件公示、电子监察结果的查询页面")
    )
    questions = StreamField(QuestionsBlock(), verbose_name=_("常见问题"), blank=True)
    documents = models.ManyToManyField(
        PolicyDocument, related_name="services", blank=True, verbose_name=_("相关政策文件"),
        help_text=_("指南页面列出这些文件和它们的解读，文件页面也会列出这份指南"),
    )  # fmt: skip
    index_number = models.CharField(_("索引号"), max_length=29, blank=True, validators=[INDEX_NUMBER])
    disclosure = models.CharField(_("公开方式"), max_length=10, choices=Disclosure.choices, default=Disclosure.ACTIVE)
    disclosure_reason = models.CharField(_("不主动公开的理由"), max_length=300, blank=True)
    disclosure_period = models.CharField(_("公开期限"), max_length=60, blank=True, help_text=_("例如“长期公开”"))

    class Meta:
        verbose_name = _("办事指南")
        verbose_name_plural = _("办事指南")
        default_permissions = ()
        indexes = [models.Index(fields=["item"], name="service_guide_item")]

    def stream(self, name: str) -> list[dict[str, Any]]:
        """The rows of `materials`, `process` or `questions` as plain values, in order."""
        found = getattr(self, name)
        return [dict(row["value"]) for row in found.get_prep_value()] if found else []


# The base module cannot name a type that builds on it; nothing asks for types before this package is whole.
RECORD_TYPES[Record.Kind.SERVICE_GUIDE] = ServiceGuide
