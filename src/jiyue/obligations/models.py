"""应办事项: what somebody owes, from when, until when, by which rule. One row per duty, made by `engine` from facts."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from jiyue.domain.canonical import digest_of
from jiyue.domain.deadlines import Stop, local
from jiyue.domain.duties import Course, State
from jiyue.domain.duty_moments import Classed
from jiyue.domain.rulesets import Answer
from jiyue.estate.models import Site
from jiyue.foundation.models import AppendOnlyModel
from jiyue.identity.models import Organisation, User

# The partial indexes serve only queries that repeat this condition (ObligationQuerySet.pending).
PENDING = Q(done_at__isnull=True, waived_at__isnull=True, ended_at__isnull=True)


class RuleAltered(ValueError):
    """A kept rule is not what its digest says: somebody changed it beside the application. It proves nothing any more."""


class FrozenRule(AppendOnlyModel):
    """What a rule pack answered, kept for the duties that began under it. Each wording once, found by its digest."""

    digest = models.CharField(max_length=64, unique=True)
    answer = models.JSONField()

    class Meta:
        verbose_name = _("适用规则")
        verbose_name_plural = _("适用规则")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.answer['parameter']} {self.answer['pack']}"

    @cached_property
    def is_intact(self) -> bool:
        """Is it still what it was when it was kept?"""
        return digest_of(self.answer) == self.digest

    def answered(self, on: date) -> Answer:
        """The answer as it was on a day. Raises RuleAltered."""
        if not self.is_intact:
            raise RuleAltered(self.digest)
        return Answer.from_json({**self.answer, "on": on.isoformat()})


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Questions about many duties; every one about open duties begins with `pending`."""

    def pending(self) -> "ObligationQuerySet":
        """Neither done nor waived nor ended."""
        return self.filter(PENDING)

    def late(self, now: datetime) -> "ObligationQuerySet":
        """Past the moment to act by."""
        return self.pending().filter(act_by__lt=now)

    def due(self, now: datetime) -> "ObligationQuerySet":
        """Late, or so near its end that it was time to remind."""
        return self.pending().filter(remind_at__lte=now)


class Obligation(models.Model):
    """应办事项. `rule` is the answer of the rule packs on the day it began and stays; lateness is derived.

    `due_at` is the normal limit and `latest_at` the latest one, where the text has two; `act_by` is the one that counts
    now; `stopped` keeps the stretches of days that do not count, `classed` which classes it was said to be of and when.
    `met_at` follows the facts; a person who closes a duty by hand leaves `evidence`; `done_at` is whichever there is.
    """

    parameter = models.CharField(_("规则参数"), max_length=80)
    source = models.CharField(max_length=40)
    subject = models.CharField(_("对象"), max_length=120)
    title = models.CharField(_("事项"), max_length=200)
    area = models.CharField(max_length=60, blank=True)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("网站")
    )
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("责任单位")
    )
    person = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("责任人"),
    )
    started_at = models.DateTimeField(_("起算时间"))
    recorded_at = models.DateTimeField(_("登记时间"))
    event_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("期限"))
    latest_at = models.DateTimeField(_("最迟期限"), null=True, blank=True)
    act_by = models.DateTimeField(_("办理时限"))
    provisional = models.BooleanField(_("暂定"), default=False)
    rule = models.ForeignKey(FrozenRule, on_delete=models.PROTECT, db_index=False, related_name="+")
    own_limit = models.CharField(max_length=60, blank=True)
    stopped = models.JSONField(default=list, blank=True, editable=False)
    classed = models.JSONField(default=list, blank=True, editable=False)
    pack = models.CharField(_("规则包"), max_length=80)
    remind_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(_("上报时间"), null=True, blank=True)
    escalated_to = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    second_step_at = models.DateTimeField(null=True, blank=True)
    second_step_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    second_step_reason = models.TextField(blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    by_hand = models.BooleanField(_("凭证办结"), default=False)
    evidence = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    waived_at = models.DateTimeField(_("豁免时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("应办事项")
        verbose_name_plural = _("应办事项")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["parameter", "subject", "started_at"], name="obligation_once"),
            models.CheckConstraint(
                condition=Q(second_step_at__isnull=True) | Q(latest_at__isnull=False), name="obligation_second_step"
            ),
        ]
        indexes = [
            models.Index(
                # The empty columns make it whole for SQLite, which looks into the row for them otherwise.
                fields=["site", "act_by", "remind_at", "done_at", "waived_at", "ended_at"],
                condition=PENDING,
                name="obligation_site",
            ),
            models.Index(fields=["unit", "act_by"], condition=PENDING, name="obligation_unit"),
            models.Index(fields=["person", "act_by"], condition=PENDING, name="obligation_person"),
            models.Index(fields=["act_by", "site"], condition=PENDING, name="obligation_due"),
            models.Index(
                fields=["remind_at"], condition=PENDING & Q(reminded_at__isnull=True), name="obligation_remind"
            ),
            models.Index(
                fields=["act_by"], condition=PENDING & Q(escalated_at__isnull=True), name="obligation_escalate"
            ),
            models.Index(fields=["subject"], name="obligation_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} {self.subject}"

    @property
    def course(self) -> Course:
        """Its moments, for `domain.duties`."""
        return Course(
            started_at=self.started_at, act_by=self.act_by, latest_at=self.latest_at, remind_at=self.remind_at,
            done_at=self.done_at, waived_at=self.waived_at, ended_at=self.ended_at,
        )  # fmt: skip

    @property
    def answer(self) -> Answer:
        """The rule it began under, with its basis and the packs that were asked. Raises RuleAltered."""
        return self.rule.answered(local(self.started_at).date())

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The stretches during which the limit stands still."""
        return tuple((date.fromisoformat(since), date.fromisoformat(until)) for since, until in self.stopped)

    @property
    def classes(self) -> tuple[Classed, ...]:
        """Which classes it was said to be of, and when, in this order."""
        return tuple((name, datetime.fromisoformat(at)) for name, at in self.classed)

    def state(self, now: datetime) -> State:
        """How it stands at `now`."""
        return self.course.state(now)


def written_stops(stops: Sequence[Stop]) -> list[list[str]]:
    """Stretches as the column keeps them."""
    return [[since.isoformat(), until.isoformat()] for since, until in stops]


def written_classes(classed: Sequence[Classed]) -> list[list[str]]:
    """Classes as the column keeps them."""
    return [[name, at.isoformat()] for name, at in classed]


class Waiver(models.Model):
    """豁免: somebody asks with grounds that a duty need not be met; another person of a superior unit answers."""

    class State(models.TextChoices):
        ASKED = "asked", _("待批准")
        GRANTED = "granted", _("已批准")
        REFUSED = "refused", _("未批准")

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="waivers")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ASKED)
    grounds = models.TextField(_("理由"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(_("批复"), blank=True)

    class Meta:
        verbose_name = _("豁免申请")
        verbose_name_plural = _("豁免申请")
        default_permissions = ()
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["obligation"], condition=Q(state="asked"), name="waiver_asked_once"),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("asked_by")), name="waiver_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} {self.state}"


class StandingDuty(models.Model):
    """常设工作: a unit owes something again and again by a rule, and says by hand that it was done (CAL-04)."""

    parameter = models.CharField(_("规则参数"), max_length=80)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("网站")
    )
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人")
    )
    from_on = models.DateField(_("开始日期"))
    until_on = models.DateField(_("结束日期"), null=True, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("常设工作")
        verbose_name_plural = _("常设工作")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["parameter", "unit", "site"],
                condition=Q(until_on__isnull=True, site__isnull=False),
                name="standing_once_a_site",
            ),
            models.UniqueConstraint(
                fields=["parameter", "unit"],
                condition=Q(until_on__isnull=True, site__isnull=True),
                name="standing_once_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} {self.unit}"


class MovedDate(models.Model):
    """期限变动: a change of the calendar moved the date of a duty, or only made it certain (`before` equals `after`)."""

    matter = models.CharField(max_length=12)
    row = models.PositiveBigIntegerField()
    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="moves")
    before = models.DateTimeField(_("原来的时限"))
    after = models.DateTimeField(_("现在的时限"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("期限变动")
        verbose_name_plural = _("期限变动")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["matter", "row", "obligation"], name="moved_date_once")]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.after}"


class RuleRead(models.Model):
    """已知悉: one person took note of a change of rules, when it was asked for (`stage`) or when it was decided."""

    matter = models.CharField(max_length=12)
    row = models.PositiveBigIntegerField()
    stage = models.CharField(max_length=8)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("规则变动知悉")
        verbose_name_plural = _("规则变动知悉")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "matter", "row", "stage"], name="rule_read_once")]

    def __str__(self) -> str:
        return f"{self.matter} {self.row} {self.user}"


class AppliedChange(models.Model):
    """A rule change that was applied to open duties, so that it is applied once though the worker may be killed."""

    matter = models.CharField(max_length=12)
    row = models.PositiveBigIntegerField()
    applied_at = models.DateTimeField()

    class Meta:
        verbose_name = _("已执行的规则调整")
        verbose_name_plural = _("已执行的规则调整")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["matter", "row"], name="applied_once")]

    def __str__(self) -> str:
        return f"{self.matter} {self.row}"
