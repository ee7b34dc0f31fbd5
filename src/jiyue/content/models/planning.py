"""策划: a column or a story before there is one: proposed with an owner, decided with a reason, then carried out (COL-14)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiyue.content.models.columns import Column
from jiyue.content.models.records import Record
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User

STORY_KINDS = (
    Record.Kind.ARTICLE, Record.Kind.NOTICE, Record.Kind.INTERPRETATION, Record.Kind.TOPIC, Record.Kind.GALLERY
)  # fmt: skip


class EditorialPlan(models.Model):
    """栏目策划 or 选题: what, for whom, by whom, from which sources, by when; nothing of it is public."""

    class Kind(models.TextChoices):
        COLUMN = "column", _("栏目策划")
        STORY = "story", _("选题")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待决定")
        APPROVED = "approved", _("已同意")
        REFUSED = "refused", _("不同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="plans", verbose_name=_("网站"))
    title = models.CharField(_("名称"), max_length=200)
    what = models.TextField(_("内容和目的"), max_length=1000)
    audience = models.CharField(_("面向对象"), max_length=120, help_text=_("给谁看，例如“准备开办小餐馆的人”"))
    sources = models.TextField(_("素材来源"), max_length=500, help_text=_("材料从哪里来，由谁提供"))
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("责任单位"),
        help_text=_("提出策划并对内容负责的单位"),
    )  # fmt: skip
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("负责人"))
    due_on = models.DateField(_("计划日期"), help_text=_("选题写出草稿、栏目开设的日子；过了还没有会列为逾期"))
    column = models.ForeignKey(
        Column, on_delete=models.PROTECT, null=True, blank=True, related_name="plans", verbose_name=_("栏目")
    )
    record_kind = models.CharField(_("稿件类型"), max_length=16, choices=Record.Kind.choices, blank=True)
    column_kind = models.CharField(_("栏目类型"), max_length=20, choices=Column.Kind.choices, blank=True)
    ends_on = models.DateField(_("专题结束日期"), null=True, blank=True, help_text=_("只有专题才填"))
    found = models.JSONField(default=list, editable=False)
    reuse_reason = models.CharField(_("仍要新做的理由"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    opinion = models.CharField(_("决定的理由"), max_length=300, blank=True)
    record = models.OneToOneField(
        Record, on_delete=models.SET_NULL, null=True, blank=True, related_name="plan", verbose_name=_("稿件")
    )
    opened = models.OneToOneField(
        Column, on_delete=models.PROTECT, null=True, blank=True, related_name="planned_by", verbose_name=_("开设的栏目")
    )

    class Meta:
        verbose_name = _("策划")
        verbose_name_plural = _("策划")
        default_permissions = ()
        ordering = ["-proposed_at", "-pk"]
        indexes = [
            models.Index(fields=["site", "state", "due_on"], name="plan_site_state"),
            models.Index(fields=["owner", "due_on"], condition=Q(state="approved"), name="plan_owner_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="plan_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(record__isnull=True, opened__isnull=True) | Q(state="approved"), name="plan_agreed_first"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def carried(self) -> bool:
        """Is there the draft, or the column, that was planned?"""
        return self.record_id is not None or self.opened_id is not None
