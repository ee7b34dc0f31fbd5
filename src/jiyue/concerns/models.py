"""回应关切: what the public is worried about, and what the government said and did about it, step by step (RESP-01…06).

A concern is an internal case. What the public reads of it are ordinary records, written, reviewed and signed like all
others; the case names them and so knows when the first one came. When something is due stands nowhere here: the duties
engine asks the rules in force (`publishing.duties.concerns`).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import Record, Topic
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User


class Contact(models.Model):
    """联系单位: whom a unit calls – propaganda, cyberspace, police, main media (RESP-05; Hubei art. 37, Ningxia 3.1).

    Rows are never changed: another number is another row, and the old one says until when it held.
    """

    class Kind(models.TextChoices):
        PROPAGANDA = "propaganda", _("宣传部门")
        CYBERSPACE = "cyberspace", _("网信部门")
        POLICE = "police", _("公安机关")
        SUPERIOR = "superior", _("上级单位")
        MEDIA = "media", _("主要媒体")
        ACCOUNT = "account", _("新媒体平台")
        OTHER = "other", _("其他单位")

    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="concern_contacts", verbose_name=_("所属单位"),
        help_text=_("哪个单位的联系册"),
    )  # fmt: skip
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("联系单位"), max_length=80)
    person = models.CharField(_("联系人"), max_length=40, blank=True)
    phone = models.CharField(_("值班电话"), max_length=40, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    created_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("联系单位")
        verbose_name_plural = _("联系单位")
        default_permissions = ()
        indexes = [models.Index(fields=["unit", "kind"], condition=Q(ended_at=None), name="contact_in_use")]

    def __str__(self) -> str:
        return self.name


class Concern(models.Model):
    """关切事项: an emergency, a hot topic, a rumour, or major public opinion, of one site."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("突发事件")
        HOT_TOPIC = "hot_topic", _("热点关切")
        RUMOUR = "rumour", _("不实信息")
        OPINION = "opinion", _("重大舆情")

    class Level(models.TextChoices):
        """突发事件分级: the four levels of 突发事件应对法 art. 3."""

        GRAVE = "grave", _("特别重大")
        MAJOR = "major", _("重大")
        LARGER = "larger", _("较大")
        ORDINARY = "ordinary", _("一般")

    class Origin(models.TextChoices):
        LETTERS = "letters", _("群众来信")
        HOTLINE = "hotline", _("政务热线")
        MEDIA = "media", _("媒体报道")
        NETWORK = "network", _("网络")
        PATROL = "patrol", _("值班巡查")
        SUPERIOR = "superior", _("上级交办")
        OTHER = "other", _("其他")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="concerns", verbose_name=_("网站"))
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    level = models.CharField(
        _("事件级别"),
        max_length=10,
        choices=Level.choices,
        blank=True,
        help_text=_("只有突发事件才选，按应急响应的定级"),
    )
    title = models.CharField(_("事项"), max_length=120)
    what = models.TextField(_("基本情况"), max_length=2000, help_text=_("公众关心什么，或者发生了什么；不写个人信息"))
    origin = models.CharField(_("来源"), max_length=10, choices=Origin.choices)
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="concerns", verbose_name=_("责任单位"),
        help_text=_("由它提供发布内容和回应口径"),
    )  # fmt: skip
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("专题"),
        help_text=_("公众在这个专题里按时间看到全部发布"),
    )  # fmt: skip
    happened_at = models.DateTimeField(
        _("事发时间"), null=True, blank=True, help_text=_("突发事件必填，首次发布的时限从这时算起")
    )
    found_at = models.DateTimeField(_("发现时间"), help_text=_("接到报告或者第一次发现的时间"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    created_at = models.DateTimeField(_("登记时间"))
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    outcome = models.CharField(_("处置结果"), max_length=400, blank=True)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("关切事项")
        verbose_name_plural = _("关切事项")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="emergency") | (Q(happened_at__isnull=False) & ~Q(level="")),
                name="concern_emergency_has_time_and_level",
            ),
            models.CheckConstraint(
                condition=Q(happened_at__isnull=True) | Q(happened_at__lte=F("found_at")),
                name="concern_found_after_it_happened",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(withdrawn_at__isnull=True), name="concern_closed_or_withdrawn"
            ),
        ]
        indexes = [
            models.Index(
                fields=["site", "-found_at"], condition=Q(closed_at=None, withdrawn_at=None), name="concern_open"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def began_at(self):
        """The moment from which people count: of the event where there is one, else of the finding."""
        return self.happened_at or self.found_at

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.withdrawn_at is None


class Step(models.Model):
    """处置步骤: one thing that was done about a concern, at its own time. Written once; a wrong one is struck out."""

    class Kind(models.TextChoices):
        REPORTED = "reported", _("上报")
        CONSULTED = "consulted", _("会商与宣传指导")
        BRIEFING = "briefing", _("新闻发布会")
        DELIVERED = "delivered", _("推送回应")
        OTHER = "other", _("其他处置")

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="steps", verbose_name=_("关切事项"))
    kind = models.CharField(_("步骤"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("时间"))
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="steps", verbose_name=_("联系单位")
    )
    what = models.TextField(_("内容"), max_length=2000, help_text=_("对方意见、指导要求、会商结论或送达情况"))
    address = models.URLField(_("网址"), max_length=400, blank=True, help_text=_("媒体或账号刊出回应的地址"))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    recorded_at = models.DateTimeField(_("登记时间"))
    struck_at = models.DateTimeField(_("划去时间"), null=True, blank=True)
    struck_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("划去人")
    )
    struck_reason = models.CharField(_("划去原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("处置步骤")
        verbose_name_plural = _("处置步骤")
        default_permissions = ()
        indexes = [models.Index(fields=["concern", "at"], name="concern_step_at")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class Answer(models.Model):
    """发布与回应: a record that tells the public about a concern. When it became public, the ledger knows."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="answers", verbose_name=_("关切事项"))
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="concern_answers", verbose_name=_("稿件"))
    linked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    linked_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("发布与回应")
        verbose_name_plural = _("发布与回应")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["concern", "record"], name="concern_answer_once")]

    def __str__(self) -> str:
        return str(self.record)
