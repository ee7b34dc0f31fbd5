"""在线咨询: desks, who is on duty there, conversations and what was said in them (INT-16, ADR 0033).

What was said is written once. It is private as letters are; `key` is what locks the visitor's file, sealed.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models import ServiceItem
from jiyue.domain.enquiries import LONGEST_HOURS, USUAL_EACH, USUAL_HOURS, USUAL_IDLE, USUAL_WAITING, Act, End, State
from jiyue.domain.letter_files import ending
from jiyue.estate.models import Site
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import User
from jiyue.interaction.enquiry_words import ACTS, ENDS, STATES, TOPICS


class EnquiryDesk(models.Model):
    """咨询台: whether a site answers live, when, and how many at once."""

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="enquiry_desk", verbose_name=_("网站"))
    is_on = models.BooleanField(_("开通"), default=False)
    hours = models.CharField(_("工作日开放时间"), max_length=LONGEST_HOURS, default=USUAL_HOURS)
    title = models.CharField(_("值班员称呼"), max_length=20, default="值班员")
    idle_minutes = models.PositiveSmallIntegerField(_("来访人多久不说话自动结束（分钟）"), default=USUAL_IDLE)
    most_each = models.PositiveSmallIntegerField(_("每人同时接待几个"), default=USUAL_EACH)
    most_waiting = models.PositiveSmallIntegerField(_("最多几个人排队"), default=USUAL_WAITING)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("设置人"))
    at = models.DateTimeField(_("设置时间"))

    class Meta:
        verbose_name = _("咨询台")
        verbose_name_plural = _("咨询台")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.site_id)


class EnquiryDuty(models.Model):
    """在岗: one turn of one person at one desk. `number` stays hers at this desk; no name of hers is told."""

    desk = models.ForeignKey(EnquiryDesk, on_delete=models.PROTECT, related_name="duties", verbose_name=_("咨询台"))
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("值班员"))
    number = models.PositiveSmallIntegerField(_("编号"))
    began_at = models.DateTimeField(_("上岗时间"))
    seen_at = models.DateTimeField(_("最近在线"))
    ended_at = models.DateTimeField(_("下岗时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("在岗")
        verbose_name_plural = _("在岗")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["desk", "person"], condition=Q(ended_at=None), name="enquiry_duty_once")
        ]

    def __str__(self) -> str:
        return f"{self.desk_id} {self.number}"


class Enquiry(models.Model):
    """在线咨询: one conversation. `site` is where it began, `desk` the site whose officer answers."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="enquiries", verbose_name=_("网站"))
    desk = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="desk_enquiries", verbose_name=_("接待网站"))
    room = models.CharField(max_length=32, unique=True, editable=False)
    key = models.TextField(editable=False)
    language = models.CharField(max_length=12, default="zh-CN")
    state = models.CharField(_("状态"), max_length=8, choices=[(one.value, STATES[one]) for one in State])
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("值班员")
    )
    label = models.CharField(_("称呼"), max_length=160, blank=True)
    opened_at = models.DateTimeField(_("开始时间"))
    waits_since = models.DateTimeField(_("排队时间"))
    silent_since = models.DateTimeField(_("多久没人说话，从何时起"))
    taken_at = models.DateTimeField(_("接待时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("第一次回答"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    end = models.CharField(_("怎样结束"), max_length=8, blank=True, choices=[(one.value, ENDS[one]) for one in End])
    topic = models.CharField(_("事项"), max_length=10, blank=True, choices=list(TOPICS.items()))
    subject = models.CharField(_("摘要"), max_length=60, blank=True)
    service = models.ForeignKey(
        ServiceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所问的办事事项")
    )
    rating = models.PositiveSmallIntegerField(_("满意度"), null=True, blank=True)
    case = models.ForeignKey(
        "interaction.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="enquiries",
        verbose_name=_("转成的信件"),
    )  # fmt: skip
    last = models.PositiveIntegerField(default=0, editable=False)
    read = models.PositiveIntegerField(default=0, editable=False)
    place = models.PositiveIntegerField(default=0, editable=False)
    told_due = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("在线咨询")
        verbose_name_plural = _("在线咨询")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="enquiry_rating_one_to_five"
            ),
            models.CheckConstraint(
                condition=Q(state="talking", person__isnull=False) | ~Q(state="talking"),
                name="enquiry_talks_with_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "state", "opened_at"], name="enquiry_desk_state"),
            models.Index(fields=["desk", "-opened_at"], name="enquiry_desk_opened"),
            models.Index(fields=["site", "-opened_at"], name="enquiry_site_opened"),
            models.Index(fields=["id"], condition=Q(told_due=True), name="enquiry_told_due"),
        ]

    def __str__(self) -> str:
        return f"ZX-{self.pk:06d}"

    @property
    def is_over(self) -> bool:
        return self.state == State.ENDED


class EnquiryFigures(models.Model):
    """咨询合计: the sums of the conversations that began at a site, by year, sealed; counted from `first` on (ADR 0037)."""

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("网站"))
    first = models.PositiveBigIntegerField(editable=False)
    sums = models.JSONField(_("合计"), default=dict)
    seal = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = _("咨询合计")
        verbose_name_plural = _("咨询合计")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.site_id)


class EnquiryWord(AppendOnlyModel):
    """咨询内容: one thing said or done, in its order. Written once; `token` is that of the form it came by."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="words", verbose_name=_("在线咨询"))
    number = models.PositiveIntegerField(_("序号"))
    act = models.CharField(_("动作"), max_length=8, choices=[(one.value, ACTS[one]) for one in Act])
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("谁"))
    label = models.CharField(_("称呼"), max_length=160, blank=True)
    text = models.TextField(_("内容"), blank=True)
    token = models.CharField(max_length=32, unique=True, null=True)  # noqa: DJ001  # unique where set
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("咨询内容")
        verbose_name_plural = _("咨询内容")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["enquiry", "number"], name="enquiry_word_number")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.number}"


class EnquiryFile(AppendOnlyModel):
    """咨询附件: what came or went with one thing said, under its digest in the private store; no tree ever links it."""

    word = models.ForeignKey(EnquiryWord, on_delete=models.PROTECT, related_name="files", verbose_name=_("咨询内容"))
    n = models.PositiveSmallIntegerField()
    name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(_("大小"))
    type = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("咨询附件")
        verbose_name_plural = _("咨询附件")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["word", "n"], name="enquiry_file_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        """What it is called where its visitor may take it away: no name of hers, and no dot too many."""
        return f"{self.word.number}-{self.n}.{ending(self.name)}"
