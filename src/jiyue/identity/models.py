"""单位, people and what they hold for the platform. What they hold on a site is in `estate`."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiyue.domain.actors import Actor
from jiyue.identity.roles import PLATFORM_ROLES, Duty, Role


class Organisation(models.Model):
    """单位: one body of the administration (PLAT-02).

    `superior` is the territorial superior (上级单位); `vertical_superior` the second one of a vertically managed system
    (垂直管理上级). `lineage` and `vertical_lineage` hold the keys of all superiors along either chain, so that
    "everything below" is one indexed question.
    """

    class Level(models.TextChoices):
        NATION = "nation", _("国家级")
        PROVINCE = "province", _("省级")
        CITY = "city", _("市级")
        COUNTY = "county", _("县级")
        TOWNSHIP = "township", _("乡级")

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("人民政府")
        DEPARTMENT = "department", _("政府部门")
        DISPATCHED = "dispatched", _("派出机构")
        INSTITUTION_ADMINISTRATIVE = "institution_administrative", _("承担行政职能的事业单位")
        INSTITUTION = "institution", _("其他事业单位")
        TOWNSHIP = "township", _("乡镇（街道）")
        DEVELOPMENT_ZONE = "development_zone", _("管委会")
        PARTY = "party", _("党委机构")
        CONGRESS = "congress", _("人大机关")
        CONSULTATIVE = "consultative", _("政协机关")
        COURT = "court", _("法院")
        PROCURATORATE = "procuratorate", _("检察院")
        SOCIAL = "social", _("社会组织")

    name = models.CharField(_("单位全称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    code = models.CharField(
        _("机构代码"), max_length=18, unique=True, help_text=_("9 位组织机构代码或 18 位统一社会信用代码")
    )
    level = models.CharField(_("行政层级"), max_length=10, choices=Level.choices)
    kind = models.CharField(_("单位类型"), max_length=30, choices=Kind.choices)
    division_code = models.CharField(_("行政区划代码"), max_length=12, blank=True)
    superior = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="subordinates", verbose_name=_("属地上级")
    )
    vertical_superior = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="vertical_subordinates",
        verbose_name=_("垂直管理上级"),
    )
    lineage = models.CharField(max_length=400, editable=False, default="/")
    vertical_lineage = models.CharField(max_length=400, editable=False, blank=True, default="")

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ["lineage", "code"]
        indexes = [models.Index(fields=["lineage"], name="organisation_lineage")]
        constraints = [
            models.CheckConstraint(condition=~Q(superior=models.F("id")), name="organisation_not_own_superior"),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):  # type: ignore[django-manager-missing]  # pictures have an untyped manager
    """A back-office account (后台账号), for one person and one duty.

    `is_superuser` exists because Django expects the column; no policy of this house asks it.
    """

    first_name = None  # type: ignore[assignment]  # how Django says: no such column
    last_name = None  # type: ignore[assignment]  # how Django says: no such column
    name = models.CharField(_("姓名"), max_length=40)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("所在单位")
    )
    duty = models.CharField(_("职责类别"), max_length=15, choices=Duty.choices)
    staff_number = models.CharField(
        _("工号"), max_length=40, blank=True, help_text=_("单位里一人一个；同一个人的几个账号填同一个工号")
    )
    temporary_until = models.DateTimeField(_("临时密码有效至"), null=True, blank=True, editable=False)
    # Who had the temporary password issued, and may therefore have used it: `Actor.key`, until somebody else vouches.
    held_by = models.CharField(max_length=40, blank=True, default="", editable=False)

    REQUIRED_FIELDS = ["name", "duty"]

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def must_choose_password(self) -> bool:
        """Is the password one that somebody else knows, and therefore good for choosing another and nothing else?"""
        return self.temporary_until is not None

    @property
    def is_held(self) -> bool:
        """Has nobody vouched yet that the person herself, and not who issued her password, uses the account?"""
        return bool(self.held_by)

    def actor(self) -> Actor:
        """A copy of who this is, for the trace."""
        unit = self.organisation.name if self.organisation else ""
        return Actor(kind="person", key=f"user:{self.pk}", name=self.name, unit=unit)


class Membership(models.Model):
    """任职 for the platform or for a part of the organisation tree: operator, supervisor, auditor, overseer."""

    class Chain(models.TextChoices):
        TERRITORIAL = "territorial", _("属地")
        VERTICAL = "vertical", _("垂直管理")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=20, choices=[(r.value, r.label) for r in Role if r in PLATFORM_ROLES])
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("范围"),
        help_text=_("留空表示全平台"),
    )
    chain = models.CharField(_("沿用的上下级关系"), max_length=12, choices=Chain.choices, default=Chain.TERRITORIAL)

    class Meta:
        verbose_name = _("平台任职")
        verbose_name_plural = _("平台任职")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=sorted(PLATFORM_ROLES)), name="membership_platform_role"),
            models.UniqueConstraint(fields=["user", "role", "organisation"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"


class SignInCount(models.Model):
    """登录失败计数: failures to sign in, for one account or one network address, named by a keyed digest."""

    key = models.CharField(max_length=60, unique=True)
    failures = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField(db_index=True)
    until = models.DateTimeField(null=True)  # closed until then

    class Meta:
        verbose_name = _("登录失败计数")
        verbose_name_plural = _("登录失败计数")
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
