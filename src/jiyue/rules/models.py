"""Which rules are in force for whom: assignments of packs, own packs, single values, revised calendars.

The packs that ship are files (`rulepacks/`). These rows stand beside them. None is changed in place: what is approved
stays as it is, and a later row takes its place from its own day on.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiyue.identity.models import Organisation, User


class Proposal(models.Model):
    """Something that counts only after a second person approved it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待批准")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")

    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PROPOSED)
    grounds = models.TextField(_("理由"))
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(_("批复"), blank=True)

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("proposed_by")), name="%(class)s_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(answered_by__isnull=False), name="%(class)s_answered_by_somebody"
            ),
        ]


class PackAssignment(Proposal):
    """适用规则包: from a day on, a unit and everything below it follow this pack. The nearest unit with one decides."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    pack = models.CharField(_("规则包"), max_length=80)
    from_on = models.DateField(_("起用日期"))

    class Meta(Proposal.Meta):
        verbose_name = _("适用规则包")
        verbose_name_plural = _("适用规则包")
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "from_on"], condition=Q(state="approved"), name="packassignment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.pack} {self.from_on}"


class LocalPack(Proposal):
    """自有规则包: files a government wrote itself. A changed pack is another row with another version."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    name = models.CharField(_("名称"), max_length=80)
    version = models.CharField(_("版本"), max_length=40)
    files = models.JSONField(_("文件"), default=dict)
    digest = models.CharField(max_length=64)
    in_force_on = models.DateField(_("起用日期"))

    class Meta(Proposal.Meta):
        verbose_name = _("自有规则包")
        verbose_name_plural = _("自有规则包")
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["name", "in_force_on"], condition=Q(state="approved"), name="localpack_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Override(Proposal):
    """地方调整: one value of one parameter, from a day on, for a unit and everything below it, or for a whole pack."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    pack = models.CharField(_("规则包"), max_length=80, blank=True)
    parameter = models.CharField(_("规则参数"), max_length=80)
    from_on = models.DateField(_("起用日期"))
    value = models.TextField(_("数值"), help_text=_("与规则包文件中日期下面的写法相同，依据除外"))
    document = models.CharField(_("依据"), max_length=300, help_text=_("作出规定的文件名称"))
    number = models.CharField(_("文号"), max_length=80, blank=True)
    article = models.CharField(_("条款"), max_length=120, blank=True)

    class Meta(Proposal.Meta):
        verbose_name = _("地方调整")
        verbose_name_plural = _("地方调整")
        indexes = [models.Index(fields=["parameter", "from_on"], name="override_parameter")]
        constraints = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, pack__gt="") | Q(organisation__isnull=False, pack=""),
                name="override_for_a_unit_or_a_pack",
            ),
            models.UniqueConstraint(
                fields=["organisation", "parameter", "from_on"],
                condition=Q(state="approved", pack=""),
                name="override_of_a_unit_once",
            ),
            models.UniqueConstraint(
                fields=["pack", "parameter", "from_on"],
                condition=Q(state="approved", organisation__isnull=True),
                name="override_of_a_pack_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} {self.from_on}"


class LocalStandard(Proposal):
    """地方数据要求: what a unit asks of one kind of record beyond the shipped standard, from a day on.

    `demands` says it field by field (`rules.standards.demands`). Of one unit the newest counts; it replaces the last.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    standard = models.CharField(_("数据标准"), max_length=40)
    from_on = models.DateField(_("起用日期"))
    demands = models.JSONField(_("要求"), default=dict, blank=True)
    document = models.CharField(_("依据"), max_length=300, help_text=_("作出规定的文件名称"))
    number = models.CharField(_("文号"), max_length=80, blank=True)
    article = models.CharField(_("条款"), max_length=120, blank=True)

    class Meta(Proposal.Meta):
        verbose_name = _("地方数据要求")
        verbose_name_plural = _("地方数据要求")
        indexes = [models.Index(fields=["standard", "from_on"], name="local_standard")]
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "standard", "from_on"],
                condition=Q(state="approved"),
                name="localstandard_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.from_on}"


class CalendarRevision(Proposal):
    """工作日历: a whole year as published: days off and days worked in exchange, each with its word.

    With `organisation` only the days which that government set for itself and everything below it, beside the national
    arrangement.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    year = models.PositiveIntegerField(_("年份"))
    off = models.JSONField(_("放假"), default=dict, blank=True)
    worked = models.JSONField(_("调休上班"), default=dict, blank=True)
    notice = models.CharField(_("依据"), max_length=300)

    class Meta(Proposal.Meta):
        verbose_name = _("工作日历")
        verbose_name_plural = _("工作日历")

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}" if self.organisation else f"{self.year}"


class PackEdition(models.Model):
    """规则包更新: what an upgrade of the program brought into a shipped pack: parameters, each with its first day."""

    name = models.CharField(_("规则包"), max_length=80)
    version = models.CharField(_("版本"), max_length=40)
    values = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    noticed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("规则包更新")
        verbose_name_plural = _("规则包更新")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["name", "digest"], name="pack_edition_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class KnownPack(models.Model):
    """What the packs said when the program last looked, so that a value that came with an upgrade is noticed."""

    name = models.CharField(max_length=80, unique=True)
    version = models.CharField(max_length=40)
    values = models.JSONField(default=list)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("已知规则包")
        verbose_name_plural = _("已知规则包")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
