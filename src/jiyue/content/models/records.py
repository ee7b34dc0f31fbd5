"""资源库 records: every kind of published matter, each an explicit type (C2, LIB-01).

A record row is a *draft*: what an editor sees and changes, with every revision kept. What the public sees is decided by
the sign-off ledger (`review`) and by nothing here; there is no "live" column to set (ADR 0001).
"""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import LockableMixin, PreviewableMixin, RevisionMixin

from jiyue.content.blocks import BodyBlock
from jiyue.content.locks import lock_of
from jiyue.content.models.catalogue import CatalogueItem, InformationClass
from jiyue.content.models.columns import Column
from jiyue.content.models.files import Picture
from jiyue.content.needs import NEEDS, refuse_unknown
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User

INDEX_NUMBER = RegexValidator(
    r"^([0-9A-Z]{9}|[0-9A-Z]{18})/[0-9]{4}-[0-9]{5}$", _("索引号为 20 位或 29 位：机构代码/年份-五位流水号")
)


class State(models.TextChoices):
    """Where a record stands. A mirror of the review for lists; the ledger decides what is public."""

    DRAFT = "draft", _("草稿")
    SECRECY = "secrecy", _("待保密审查")
    FIRST = "first", _("待初审")
    SECOND = "second", _("待复审")
    FINAL = "final", _("待终审")
    TOGETHER = "together", _("待同步签发")
    RETURNED = "returned", _("已退回")
    SIGNED_OFF = "signed_off", _("已签发")
    PUBLISHED = "published", _("已发布")
    FAILED = "failed", _("发布失败")
    WITHDRAWN = "withdrawn", _("已撤下")


UNDER_REVIEW = frozenset({State.SECRECY, State.FIRST, State.SECOND, State.FINAL, State.TOGETHER})


class Record(PreviewableMixin, LockableMixin, RevisionMixin, models.Model):
    """One record of the library, with an identity that outlives versions, moves and sites."""

    # Wagtail's index of references serves its usage screens, which the console does not offer: seven statements a save.
    wagtail_reference_index_ignore = True

    class Openness(models.TextChoices):
        """五公开 (COL-13)."""

        DECISION = "decision", _("决策公开")
        EXECUTION = "execution", _("执行公开")
        MANAGEMENT = "management", _("管理公开")
        SERVICE = "service", _("服务公开")
        RESULT = "result", _("结果公开")

    class Kind(models.TextChoices):
        ARTICLE = "article", _("文章")
        NOTICE = "notice", _("公告")
        POLICY_DOCUMENT = "policy_document", _("政策文件")
        INTERPRETATION = "interpretation", _("政策解读")
        LEADER = "leader", _("领导信息")
        INSTITUTION = "institution", _("机构信息")
        TOPIC = "topic", _("专题")
        GALLERY = "gallery", _("图片视频")
        PLAIN_PAGE = "plain_page", _("单页")
        SERVICE_GUIDE = "service_guide", _("办事指南")
        PUBLIC_ANSWER = "public_answer", _("公开答复")
        SURVEY = "survey", _("在线调查")
        OPINION_CALL = "opinion_call", _("意见征集")
        CAMPAIGN_RESULT = "campaign_result", _("征集调查结果")
        INTERVIEW = "interview", _("在线访谈")
        TRANSCRIPT = "transcript", _("访谈实录")

    identity = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("类型"), max_length=16, choices=Kind.choices, editable=False)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="records", verbose_name=_("网站"), editable=False
    )
    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="records", verbose_name=_("栏目"))
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False)
    emergency = models.BooleanField(
        _("应急信息"), default=False, help_text=_("在每一级审核人的清单里排在最前，审核环节不减少")
    )
    about_minors = models.BooleanField(
        _("涉及未成年人"), default=False,
        help_text=_("写到具体的未成年人（姓名、照片、学校班级、处境）时勾选：必须经过保密审查"),
    )  # fmt: skip
    reprint = models.BooleanField(
        _("转载稿件"), default=False,
        help_text=_("从上级或其他网站转载时勾选：要写明原来源和原网址，并保存原文核对"),
    )  # fmt: skip
    title = models.CharField(_("标题"), max_length=200)
    subtitle = models.CharField(_("副标题"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=80, blank=True, help_text=_("稿件的出处，例如“市政府办公室”"))
    author = models.CharField(_("作者"), max_length=40, blank=True)
    responsible = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="records",
        verbose_name=_("责任单位"),
        null=True,
        blank=True,
    )
    keywords = models.CharField(_("关键词"), max_length=200, blank=True, help_text=_("用逗号分开"))
    summary = models.TextField(_("摘要"), max_length=500, blank=True)
    cover = models.ForeignKey(
        Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("题图")
    )
    cover_alt = models.CharField(_("题图替代文字"), max_length=200, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("正文"), blank=True)
    openness = models.CharField(_("五公开"), max_length=12, choices=Openness.choices, blank=True)
    subject_class = models.CharField(_("主题分类"), max_length=60, blank=True)
    form_class = models.CharField(_("体裁分类"), max_length=40, blank=True)
    part_of = models.ForeignKey(
        "content.Topic",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="told_by",
        verbose_name=_("所属专题"),
    )
    event_on = models.DateField(
        _("事项发生日期"), null=True, blank=True,
        help_text=_("会议召开、文件印发、人员任免、事实变更的当天；公开时限从这一天算起"),
    )  # fmt: skip
    event_time = models.TimeField(
        _("事项发生时刻"), null=True, blank=True, help_text=_("按小时计算的时限才需要；不清楚可以留空")
    )
    information_class = models.CharField(
        _("信息类别"), max_length=12, choices=InformationClass.choices, blank=True,
        help_text=_("决定适用哪一项公开时限；选了类别就要填写事项发生日期"),
    )  # fmt: skip
    catalogue_item = models.ForeignKey(
        CatalogueItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="records",
        verbose_name=_("对应清单事项"), help_text=_("政务公开清单里的哪一项由这篇稿件公开"),
    )  # fmt: skip
    review_on = models.DateField(
        _("复查日期"), null=True, blank=True, help_text=_("到这一天检查内容是否过时；到期未查的稿件会列出来")
    )
    original_published_at = models.DateTimeField(_("原发布时间"), null=True, blank=True)
    original_source = models.CharField(_("原来源"), max_length=120, blank=True)
    original_address = models.URLField(_("原网址"), max_length=400, blank=True)
    related = models.JSONField(_("相关内容"), default=dict, blank=True, editable=False)
    import_key = models.CharField(max_length=64, blank=True, editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("录入人")
    )
    created_at = models.DateTimeField(_("录入时间"), editable=False)
    changed_at = models.DateTimeField(_("修改时间"), editable=False)

    class Meta:
        verbose_name = _("稿件")
        verbose_name_plural = _("稿件")
        default_permissions = ()
        indexes = [
            models.Index(fields=["column", "-changed_at", "-id"], name="record_column_recent"),
            models.Index(fields=["site", "-changed_at", "-id"], name="record_site_recent"),
            models.Index(fields=["site", "state", "-changed_at"], name="record_site_state"),
            # Lists narrowed by one more thing, lists of all sites, and one's own drafts: none may sort a whole column.
            models.Index(fields=["column", "state", "-changed_at", "-id"], name="record_column_state"),
            models.Index(fields=["column", "kind", "-changed_at", "-id"], name="record_column_kind"),
            models.Index(fields=["-changed_at", "-id", "site"], name="record_recent"),
            models.Index(fields=["created_by", "state", "changed_at"], name="record_own_drafts"),
            models.Index(fields=["site", "review_on"], condition=Q(review_on__isnull=False), name="record_review_on"),
            models.Index(fields=["event_on", "site"], condition=Q(event_on__isnull=False), name="record_event_on"),
            models.Index(fields=["original_address"], name="record_original_address"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "import_key"], condition=~Q(import_key=""), name="record_imported_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_lock(self):
        """Wagtail asks this before it lets anybody save: a record under review is locked for everybody."""
        return lock_of(self)

    @property
    def typed(self) -> "Record":
        """The row of its own type (`PolicyDocument`, …)."""
        model = RECORD_TYPES[self.kind]
        return self if isinstance(self, model) else model.objects.get(pk=self.pk)


class Article(Record):
    """文章: news and everything told in prose."""

    class Meta:
        verbose_name = _("文章")
        verbose_name_plural = _("文章")
        default_permissions = ()


class NoticeItem(Record):
    """公告: announcements, with the time they are meant for."""

    valid_until = models.DateField(_("有效期至"), null=True, blank=True)

    class Meta:
        verbose_name = _("公告")
        verbose_name_plural = _("公告")
        default_permissions = ()


class PolicyDocument(Record):
    """政策文件, with the identifying fields of the disclosure catalogue (POL-12; GB/T 33480-2016 for the document's own)."""

    class Validity(models.TextChoices):
        IN_FORCE = "in_force", _("有效")
        AMENDED = "amended", _("已修改")
        EXPIRED = "expired", _("已失效")
        REPEALED = "repealed", _("已废止")
        UNCHECKED = "unchecked", _("有效性未核定")

    class Scope(models.TextChoices):
        ACTIVE = "active", _("主动公开")
        ON_REQUEST = "on_request", _("依申请公开")

    class Effect(models.TextChoices):
        """Whom the document touches; the first two must be online and interpreted in time (POL-01, POL-03)."""

        VITAL = "vital", _("涉及公众切身利益")
        GENERAL = "general", _("涉及面广、社会普遍关注")
        NONE = "none", _("不直接涉及公众")

    index_number = models.CharField(_("索引号"), max_length=29, blank=True, validators=[INDEX_NUMBER])
    document_number = models.CharField(_("发文字号"), max_length=60, blank=True)
    issuer = models.CharField(
        _("发文机关"), max_length=200, blank=True, help_text=_("全称；联合发文用顿号分开，主办机关在前")
    )
    drafting_unit = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="drafted",
        verbose_name=_("起草单位"),
    )
    written_on = models.DateField(_("成文日期"), null=True, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    expires_on = models.DateField(_("失效日期"), null=True, blank=True)
    validity = models.CharField(_("有效性"), max_length=10, choices=Validity.choices, default=Validity.IN_FORCE)
    public_scope = models.CharField(_("公开属性"), max_length=10, choices=Scope.choices, default=Scope.ACTIVE)
    public_effect = models.CharField(
        _("对公众的影响"), max_length=8, choices=Effect.choices, blank=True,
        help_text=_("涉及公众的文件要在规定时限内上网并解读"),
    )  # fmt: skip
    amends = models.ManyToManyField(
        "self", symmetrical=False, related_name="amended_by", blank=True, verbose_name=_("修改的文件"),
        help_text=_("本文件修改了哪些文件；自本文件施行之日起，那些文件的页面、列表和检索都会注明“已修改”"),
    )  # fmt: skip
    repeals = models.ManyToManyField(
        "self", symmetrical=False, related_name="repealed_by", blank=True, verbose_name=_("废止的文件"),
        help_text=_("本文件废止了哪些文件；自本文件施行之日起，那些文件处处注明“已废止”，不必逐个修改"),
    )  # fmt: skip
    major_decision = models.BooleanField(
        _("重大决策"), default=False,
        help_text=_("涉及公众的重大决策：送审前要选好征求意见的页面，没有征求的写明原因"),
    )  # fmt: skip
    opinion_call = models.ForeignKey(
        "content.OpinionCall", on_delete=models.PROTECT, null=True, blank=True, related_name="decided",
        verbose_name=_("征求意见"), help_text=_("本文件的草案在哪一次意见征集里公开过"),
    )  # fmt: skip
    no_call_reason = models.TextField(
        _("没有征求意见的原因"), max_length=500, blank=True, help_text=_("写明依据；审核人看得到，留存在稿件里，不公开")
    )
    signatory = models.CharField(_("签发人"), max_length=40, blank=True)
    addressee = models.CharField(_("主送机关"), max_length=300, blank=True)
    audiences = models.JSONField(_("面向对象"), default=list, blank=True)
    themes = models.JSONField(_("办事主题"), default=list, blank=True)
    life_events = models.JSONField(_("人生事件和企业事件"), default=list, blank=True)
    reading = models.JSONField(_("读取结果"), default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("政策文件")
        verbose_name_plural = _("政策文件")
        default_permissions = ()
        indexes = [models.Index(fields=["document_number"], name="policy_document_number")]

    def clean(self) -> None:
        super().clean()
        refuse_unknown({name: getattr(self, name) for name in NEEDS})


class Interpretation(Record):
    """政策解读, linked with the documents it explains (POL-02, POL-05, POL-08)."""

    class Form(models.TextChoices):
        TEXT = "text", _("文字解读")
        DIGITAL = "digital", _("数字解读")
        GRAPHIC = "graphic", _("图表图解")
        AUDIO = "audio", _("音频解读")
        VIDEO = "video", _("视频解读")
        ANIMATION = "animation", _("动漫解读")
        SCENE = "scene", _("场景演示")

    form = models.CharField(_("解读形式"), max_length=10, choices=Form.choices, default=Form.TEXT)
    documents = models.ManyToManyField(
        PolicyDocument, related_name="interpretations", verbose_name=_("解读的文件"), blank=True
    )

    class Meta:
        verbose_name = _("政策解读")
        verbose_name_plural = _("政策解读")
        default_permissions = ()


class Leader(Record):
    """领导信息. The title of the record is the person's name."""

    post = models.CharField(_("职务"), max_length=120, blank=True)
    duties = models.TextField(_("工作分工"), blank=True)
    position = models.PositiveIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("领导信息")
        verbose_name_plural = _("领导信息")
        default_permissions = ()


class Institution(Record):
    """机构信息. The title of the record is the body's full name."""

    address = models.CharField(_("办公地址"), max_length=200, blank=True)
    telephone = models.CharField(_("联系电话"), max_length=60, blank=True)
    hours = models.CharField(_("办公时间"), max_length=120, blank=True)
    head = models.CharField(_("负责人"), max_length=60, blank=True)
    position = models.PositiveIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("机构信息")
        verbose_name_plural = _("机构信息")
        default_permissions = ()


class Topic(Record):
    """专题: purpose, owner and expected end; archived topics stay readable and say so (COL-09).

    With a `work_kind` it is a task of the year that the government set itself: its page tells what is to be reached and
    every note of progress in order (COL-11).
    """

    class Work(models.TextChoices):
        AGENDA = "agenda", _("折子工程")
        LIVELIHOOD = "livelihood", _("便民实事")
        PROJECT = "project", _("重点项目")

    ends_on = models.DateField(_("预计结束日期"), null=True, blank=True)
    archived = models.BooleanField(_("已归档"), default=False)
    work_kind = models.CharField(
        _("年度任务类别"), max_length=10, choices=Work.choices, blank=True,
        help_text=_("年度任务、便民实事、重点项目才选；选了以后各单位可以报送进展，页面按时间列出"),
    )  # fmt: skip
    work_year = models.PositiveSmallIntegerField(_("任务年度"), null=True, blank=True)
    work_number = models.CharField(_("任务编号"), max_length=20, blank=True)
    work_target = models.TextField(_("年度目标"), max_length=500, blank=True)
    documents = models.ManyToManyField(
        PolicyDocument, related_name="work_topics", verbose_name=_("依据文件"), blank=True,
        help_text=_("提出这项任务的文件，例如政府工作报告、实事项目清单"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("专题")
        verbose_name_plural = _("专题")
        default_permissions = ()


class Gallery(Record):
    """图片视频: the body holds the pictures or the film."""

    class Meta:
        verbose_name = _("图片视频")
        verbose_name_plural = _("图片视频")
        default_permissions = ()


class PlainPage(Record):
    """单页: a page that is its column, such as the disclosure guide."""

    class Meta:
        verbose_name = _("单页")
        verbose_name_plural = _("单页")
        default_permissions = ()


RECORD_TYPES: dict[str, type[Record]] = {
    Record.Kind.ARTICLE: Article,
    Record.Kind.NOTICE: NoticeItem,
    Record.Kind.POLICY_DOCUMENT: PolicyDocument,
    Record.Kind.INTERPRETATION: Interpretation,
    Record.Kind.LEADER: Leader,
    Record.Kind.INSTITUTION: Institution,
    Record.Kind.TOPIC: Topic,
    Record.Kind.GALLERY: Gallery,
    Record.Kind.PLAIN_PAGE: PlainPage,
}
