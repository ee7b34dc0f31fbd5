"""What the public asks about a policy document, and where a policy was carried to the people it is for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.records import Interpretation, PolicyDocument
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User


class PublicQuestion(models.Model):
    """公众关心的问题: what people ask or doubt about a document, in words without any person in them (POL-09)."""

    class Source(models.TextChoices):
        LETTER = "letter", _("群众来信")
        HOTLINE = "hotline", _("热线电话")
        COMMENT = "comment", _("网上留言评论")
        SURVEY = "survey", _("问卷调查")
        VISIT = "visit", _("座谈走访")
        WINDOW = "window", _("办事窗口")

    class State(models.TextChoices):
        GATHERED = "gathered", _("待研究")
        CHOSEN = "chosen", _("拟解读")
        DECLINED = "declined", _("不单独解读")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="public_questions", editable=False)
    document = models.ForeignKey(
        PolicyDocument, on_delete=models.PROTECT, related_name="questions", verbose_name=_("关于哪份文件")
    )
    words = models.CharField(
        _("问题"), max_length=300, help_text=_("用一句话写清楚问什么；不要写姓名、电话、住址和具体案情")
    )
    source = models.CharField(_("从哪里来"), max_length=8, choices=Source.choices)
    asked_on = models.DateField(_("什么时候问的"))
    times = models.PositiveIntegerField(_("有多少人问"), default=1)
    reference = models.CharField(max_length=80, blank=True, editable=False)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.GATHERED, editable=False)
    declined_reason = models.CharField(_("不单独解读的原因"), max_length=200, blank=True, editable=False)
    interpretation = models.ForeignKey(
        Interpretation, on_delete=models.PROTECT, null=True, blank=True, related_name="answers", editable=False,
        verbose_name=_("由哪篇解读回答"),
    )  # fmt: skip
    section = models.CharField(_("在哪一节"), max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("登记时间"), editable=False)
    decided_at = models.DateTimeField(_("研究时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("公众关心的问题")
        verbose_name_plural = _("公众关心的问题")
        default_permissions = ()
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "reference"], condition=~Q(reference=""), name="question_fed_once"),
            models.CheckConstraint(
                condition=Q(interpretation__isnull=True) | Q(state="chosen"), name="question_answered_is_chosen"
            ),
        ]

    def __str__(self) -> str:
        return self.words


class PolicyCampaign(models.Model):
    """政策宣讲: a policy carried into a community, a building, a park, to whom and with what (POL-10; Ningxia 2.2.2)."""

    class Place(models.TextChoices):
        COMMUNITY = "community", _("社区")
        VILLAGE = "village", _("村组")
        BUILDING = "building", _("楼宇")
        PARK = "park", _("园区")
        ENTERPRISE = "enterprise", _("企业")
        SCHOOL = "school", _("学校")
        MARKET = "market", _("市场商圈")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="policy_campaigns", editable=False)
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="policy_campaigns", verbose_name=_("主办单位")
    )
    title = models.CharField(_("活动名称"), max_length=120)
    place_kind = models.CharField(_("进到哪里"), max_length=10, choices=Place.choices)
    place = models.CharField(_("地点"), max_length=120, help_text=_("例如“湖滨街道柳岸社区活动室”"))
    audience = models.CharField(_("讲给谁听"), max_length=200)
    held_on = models.DateField(_("活动日期"))
    people = models.PositiveIntegerField(_("到场人数"), null=True, blank=True, help_text=_("还没有举行就空着"))
    documents = models.ManyToManyField(
        PolicyDocument, related_name="campaigns", verbose_name=_("讲了哪些文件"), blank=True
    )
    interpretations = models.ManyToManyField(
        Interpretation, related_name="campaigns", verbose_name=_("用了哪些解读"), blank=True
    )
    material = models.CharField(_("发放的材料"), max_length=300, blank=True, help_text=_("例如“办事指南折页 200 份”"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("登记时间"), editable=False)

    class Meta:
        verbose_name = _("政策宣讲")
        verbose_name_plural = _("政策宣讲")
        default_permissions = ()
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["site", "-held_on"], name="campaign_site_day")]

    def __str__(self) -> str:
        return self.title
