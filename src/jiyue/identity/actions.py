"""All writes to the organisation tree, accounts and memberships."""

from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.domain.actors import Actor
from jiyue.foundation.audit import record
from jiyue.identity.events import (
    AccountChanged,
    AccountOpened,
    AccountReleased,
    AccountSwitched,
    MembershipGiven,
    MembershipTaken,
    OrganisationChanged,
    PasswordChosen,
    PasswordReset,
)
from jiyue.identity.models import Membership, Organisation, User
from jiyue.identity.passwords import TEMPORARY_FOR, temporary_password
from jiyue.identity.persons import may_vouch
from jiyue.identity.roles import PLATFORM_ROLES, Duty, Role, duty_of

VOUCHED = frozenset({Duty.REVIEWING, Duty.ADMINISTERING})  # what they do counts as a second person's word
ORGANISATION_FIELDS = ("name", "short_name", "code", "level", "kind", "division_code")


class RolesConflict(ValidationError):
    """Administering, editing and reviewing cannot meet in one account (REV-04)."""


class ReleaseRefused(PermissionDenied):
    """Who vouches for an account is a second, trusted person, and the account's own has chosen her password."""


class LoopInTree(ValidationError):
    """A unit would become its own superior."""


@transaction.atomic
def save_organisation(*, organisation: Organisation, by: Actor, now: datetime) -> Organisation:
    """Create or change a unit and keep both lineages of everything below it true. Raises LoopInTree, ValidationError."""
    before = _facts(Organisation.objects.filter(pk=organisation.pk).first())
    _refuse_loops(organisation)
    organisation.full_clean()
    organisation.save()
    _renew_lineages(organisation)
    record(
        OrganisationChanged(subject=f"organisation:{organisation.code}", before=before, after=_facts(organisation)),
        by=by,
        at=now,
    )
    return organisation


@transaction.atomic
def open_account(
    *,
    username: str,
    name: str,
    duty: str,
    organisation: Organisation | None,
    by: Actor,
    now: datetime,
    password: str = "",
    staff_number: str = "",
) -> User:
    """Open a personal account for one duty. Raises ValidationError for a weak password or a taken name.

    Without `password`, which only the person herself may choose, nobody can sign in before `issue_password`.
    """
    user = User(
        username=username, name=name, duty=duty, organisation=organisation, staff_number=staff_number.strip()
    )  # fmt: skip
    user.set_unusable_password()
    if password:
        validate_password(password, user)
        user.set_password(password)
    user.full_clean()
    user.save()
    record(AccountOpened(subject=f"user:{user.pk}", username=username, name=name, duty=duty), by=by, at=now)
    return user


@transaction.atomic
def change_account(
    *, user: User, name: str, organisation: Organisation | None, by: Actor, now: datetime, staff_number: str = ""
) -> User:
    """Correct a person's name, unit or staff number. The duty stays for life: another kind of work needs another account.

    Whoever changes which person an account belongs to could make two people of one: it waits for a second person too.
    """
    before = account_facts(User.objects.get(pk=user.pk))
    user.name, user.organisation, user.staff_number = name, organisation, staff_number.strip()
    user.full_clean(exclude=["password"])
    if account_facts(user) != before:
        user.held_by = user.held_by or _holder(by, user)
    user.save(update_fields=["name", "organisation", "staff_number", "held_by"])
    after = account_facts(user)
    if after != before:
        record(AccountChanged(subject=f"user:{user.pk}", before=before, after=after), by=by, at=now)
    return user


@transaction.atomic
def issue_password(*, user: User, by: Actor, now: datetime) -> str:
    """Give the account a random password for TEMPORARY_FOR, to be shown once; every session of the account ends.

    Whoever signs in with it can do nothing but choose another (`choose_password`). Afterwards the account still reviews
    and vouches for nobody before `release_account`: who had the password issued may have been the one who chose.
    """
    password, until = temporary_password(), now + TEMPORARY_FOR
    user.set_password(password)
    user.temporary_until, user.held_by = until, _holder(by, user)
    user.save(update_fields=["password", "temporary_until", "held_by"])
    event = PasswordReset(subject=f"user:{user.pk}", username=user.username, until=until.isoformat())
    record(event, by=by, at=now)
    return password


@transaction.atomic
def choose_password(*, user: User, password: str, now: datetime) -> None:
    """The person sets her own password; all other sessions end. Raises ValidationError for a weak or unchanged one."""
    validate_password(password, user)
    if user.check_password(password):
        raise ValidationError(_("新密码要与现在的不同"))
    first, user.temporary_until = user.must_choose_password, None
    user.set_password(password)
    user.save(update_fields=["password", "temporary_until"])
    record(PasswordChosen(subject=f"user:{user.pk}", username=user.username, first=first), by=user.actor(), at=now)


@transaction.atomic
def release_account(*, user: User, by: User, now: datetime) -> None:
    """A second person vouches that the person herself has the account in hand again. Raises ReleaseRefused.

    Whether `by` administers the account at all is the caller's question (`estate.policies.may_release`).
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_held:
        return
    if user.must_choose_password:
        raise ReleaseRefused(_("本人还没有用临时密码登录、设定自己的密码，现在还不能确认"))
    if not may_vouch(by, user):
        raise ReleaseRefused(
            _("签发密码或修改账号的人、账号本人，以及自己也在等确认的账号，不能确认；请另一位管理人员来做")
        )
    event = AccountReleased(subject=f"user:{user.pk}", username=user.username, held_by=user.held_by)
    user.held_by = ""
    user.save(update_fields=["held_by"])
    record(event, by=by.actor(), at=now)


@transaction.atomic
def switch_account(*, user: User, active: bool, reason: str, by: Actor, now: datetime) -> None:
    """Deactivate or activate an account; what it holds stays written but counts for nothing while it is inactive.

    Who deactivates should come through `estate.actions.deactivate`, which knows what the person holds.
    Raises ValidationError without a reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因")})
    if user.is_active == active:
        return
    user.is_active = active
    user.save(update_fields=["is_active"])
    event = AccountSwitched(subject=f"user:{user.pk}", username=user.username, active=active, reason=reason.strip())
    record(event, by=by, at=now)


@transaction.atomic
def give_membership(
    *,
    user: User,
    role: str,
    organisation: Organisation | None,
    by: Actor,
    now: datetime,
    chain: str = Membership.Chain.TERRITORIAL,
) -> Membership:
    """Give a platform role. Raises RolesConflict when the role is not of the account's duty."""
    refuse_other_duty(user=user, role=role)
    if role not in PLATFORM_ROLES:
        raise ValidationError(_("这个角色只能在网站上任命"))
    _refuse_operating_overseer(user=user, role=role)
    membership, created = Membership.objects.get_or_create(
        user=user, role=role, organisation=organisation, defaults={"chain": chain}
    )
    if created:
        scope = organisation.code if organisation else ""
        record(MembershipGiven(subject=f"user:{user.pk}", role=role, organisation=scope), by=by, at=now)
    return membership


@transaction.atomic
def take_membership(*, membership: Membership, by: Actor, now: datetime) -> None:
    """Take a platform role away."""
    scope = membership.organisation.code if membership.organisation else ""
    record(
        MembershipTaken(subject=f"user:{membership.user_id}", role=membership.role, organisation=scope), by=by, at=now
    )
    membership.delete()


def refuse_other_duty(*, user: User, role: str) -> None:
    """Raise RolesConflict unless `role` belongs to the account's duty."""
    if duty_of(role) != user.duty:
        raise RolesConflict(
            _("%(name)s 的账号用于“%(duty)s”，不能兼任其他职责的角色；系统管理、内容编辑、内容审核必须由不同账号承担")
            % {"name": user.name, "duty": user.get_duty_display()}
        )


def _refuse_operating_overseer(*, user: User, role: str) -> None:
    """Who operates the platform has no say over content (PLAT-05), and an overseer decides about columns and waivers."""
    other = {Role.OPERATOR: Role.OVERSEER, Role.OVERSEER: Role.OPERATOR}.get(Role(role))
    if other is not None and user.memberships.filter(role=other).exists():
        raise RolesConflict(_("平台运维与督办不能由同一账号承担"))


def account_facts(user: User) -> dict[str, Any]:
    """The plain facts of an account, for the trace."""
    unit = user.organisation.name if user.organisation else ""
    return {"username": user.username, "name": user.name, "unit": unit, "staff_number": user.staff_number}


def _holder(by: Actor, user: User) -> str:
    """Who could misuse what she did to the account; of a process, and of accounts that sign nothing, it is not feared."""
    return by.key if by.kind == "person" and user.duty in VOUCHED else ""


def _facts(organisation: Organisation | None) -> dict[str, Any]:
    if organisation is None:
        return {}
    facts = {name: getattr(organisation, name) for name in ORGANISATION_FIELDS}
    facts["superior"] = organisation.superior.code if organisation.superior else ""
    facts["vertical_superior"] = organisation.vertical_superior.code if organisation.vertical_superior else ""
    return facts


def _refuse_loops(organisation: Organisation) -> None:
    for link in ("superior", "vertical_superior"):
        seen, unit = {organisation.pk}, getattr(organisation, link)
        while unit is not None:
            if unit.pk is not None and unit.pk in seen:
                raise LoopInTree(_("单位不能成为自己的上级"))
            seen.add(unit.pk)
            unit = getattr(unit, link)


def _renew_lineages(organisation: Organisation) -> None:
    superior, vertical = organisation.superior, organisation.vertical_superior
    above = superior.lineage if superior else "/"
    vertical_above = (vertical.vertical_lineage or f"/{vertical.pk}/") if vertical else ""
    lineage = f"{above}{organisation.pk}/"
    vertical_lineage = f"{vertical_above}{organisation.pk}/" if vertical else ""
    if (lineage, vertical_lineage) == (organisation.lineage, organisation.vertical_lineage):
        return
    organisation.lineage, organisation.vertical_lineage = lineage, vertical_lineage
    organisation.save(update_fields=["lineage", "vertical_lineage"])
    for below in [*organisation.subordinates.all(), *organisation.vertical_subordinates.all()]:
        _renew_lineages(below)
