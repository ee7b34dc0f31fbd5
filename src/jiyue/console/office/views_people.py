"""账号与任职: accounts (the operator's), appointments on a site (its manager's), and what a conflict says."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiyue.console.office.forms import ReasonForm
from jiyue.console.office.frame import attempt, page, paged
from jiyue.console.office.people_forms import (
    AccountForm,
    AppointmentForm,
    LimitForm,
    MembershipForm,
    NewAccountForm,
)
from jiyue.content.actions import limit_to_columns
from jiyue.content.models import Column
from jiyue.estate.actions import LastOfItsKind, appoint, deactivate, dismiss
from jiyue.estate.models import Site
from jiyue.estate.policies import (
    appointable_accounts,
    appointable_roles,
    fetch_account_for,
    fetch_appointment_for,
    fetch_site_for,
    is_operator,
    may_manage,
    releasable_accounts,
    sites_with,
    visible_accounts,
    visible_organisations,
)
from jiyue.estate.queries import is_last
from jiyue.identity.actions import (
    ReleaseRefused,
    change_account,
    give_membership,
    issue_password,
    open_account,
    release_account,
    switch_account,
    take_membership,
)
from jiyue.identity.models import Membership, User
from jiyue.identity.roles import Duty, Permission, Role
from jiyue.review.routes import ROLE_OF_LEVEL

MOST_PROPOSED = 200


def accounts(request: HttpRequest) -> HttpResponse:
    """All accounts, to be found by name, sign-in name or unit."""
    wanted, duty = request.GET.get("q", "").strip(), request.GET.get("duty", "")
    found = visible_accounts(request.user).prefetch_related("appointments__site", "memberships").order_by("username")
    if wanted:
        words = Q(name__icontains=wanted) | Q(username__icontains=wanted) | Q(organisation__name__icontains=wanted)
        found = found.filter(words)
    if duty in Duty.values:
        found = found.filter(duty=duty)
    if request.GET.get("inactive"):
        found = found.filter(is_active=False)
    context = {"q": wanted, "duty": duty, "duties": Duty.choices, "inactive": request.GET.get("inactive", "")}
    return page(request, "accounts.html", rows=paged(request, found), **context)


def add_account(request: HttpRequest) -> HttpResponse:
    form = NewAccountForm(request.POST or None, units=visible_organisations(request.user))
    made: list[tuple[User, str]] = []
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: made.append(_opened(request, form))):
        return page(request, "password_issued.html", person=made[0][0], secret=made[0][1], opened=True)
    return page(request, "account_new.html", form=form)


@transaction.atomic
def _opened(request: HttpRequest, form: NewAccountForm) -> tuple[User, str]:
    act = {"by": request.user.actor(), "now": timezone.now()}
    person = open_account(**form.cleaned_data, **act)
    return person, issue_password(user=person, **act)


def account(request: HttpRequest, account: int) -> HttpResponse:
    """The card of an account: what it holds, and what can be done with it."""
    person = fetch_account_for(request.user, account)
    units = visible_organisations(request.user)
    form = AccountForm(request.POST or None, initial=_first(person), units=units)
    act = {"by": request.user.actor(), "now": timezone.now()}
    asked = request.method == "POST" and form.is_valid()
    if asked and attempt(form, lambda: change_account(user=person, **form.cleaned_data, **act)):
        messages.success(request, _("账号已保存"))
        return redirect("console_person", person.pk)
    return page(request, "account.html", **_card(person, form, MembershipForm(units=units)))


def _first(person: User) -> dict:
    return {"name": person.name, "organisation": person.organisation, "staff_number": person.staff_number}


def _card(person: User, form: AccountForm, memberships: MembershipForm) -> dict:
    appointments = person.appointments.select_related("site").order_by("site__name", "role")
    return {
        "person": person,
        "form": form,
        "appointments": [(given, is_last(given)) for given in appointments],
        "memberships": person.memberships.select_related("organisation"),
        "membership_form": memberships,
    }


def password(request: HttpRequest, account: int) -> HttpResponse:
    """Issue a temporary password, shown in this one answer and kept nowhere. Nobody chooses another's password."""
    person = fetch_account_for(request.user, account)
    if request.method != "POST":
        return page(request, "password.html", person=person)
    secret = issue_password(user=person, by=request.user.actor(), now=timezone.now())
    return page(request, "password_issued.html", person=person, secret=secret, opened=False)


@require_POST
def release(request: HttpRequest, account: int) -> HttpResponse:
    """A second administering person vouches that the person herself uses the account."""
    person = releasable_accounts(request.user).filter(pk=account).first()
    if person is None:
        raise Http404
    try:
        release_account(user=person, by=request.user, now=timezone.now())
    except ReleaseRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已确认，“%(name)s”可以照常审核和管理了") % {"name": person.name})
    managed = person.appointments.filter(site__in=sites_with(request.user, Permission.MANAGE_SITE)).first()
    return redirect("console_people", managed.site_id) if managed else redirect("console_person", person.pk)


def switch(request: HttpRequest, account: int) -> HttpResponse:
    """Deactivate or activate, with a reason; who is the last reviewer goes only knowingly."""
    person = fetch_account_for(request.user, account)
    form = ReasonForm(request.POST or None)
    last = None
    if request.method == "POST" and form.is_valid():
        try:
            if attempt_last(form, lambda: _switch(request, person, form)):
                messages.success(request, _("账号已启用") if person.is_active else _("账号已停用"))
                return redirect("console_person", person.pk)
        except LastOfItsKind as warning:
            last = warning
    return page(request, "account_switch.html", person=person, form=form, warning=last)


def attempt_last(form: ReasonForm, act) -> bool:
    """As `attempt`, but the warning about a last reviewer goes through to the caller."""
    warned: list[LastOfItsKind] = []

    def watched() -> None:
        try:
            act()
        except LastOfItsKind as warning:
            warned.append(warning)

    done = attempt(form, watched)
    if warned:
        raise warned[0]
    return done


def _switch(request: HttpRequest, person: User, form: ReasonForm) -> None:
    act = {"user": person, "reason": form.cleaned_data["reason"], "by": request.user.actor(), "now": timezone.now()}
    if person.is_active:
        deactivate(knowingly=form.cleaned_data["knowingly"], **act)
    else:
        switch_account(active=True, **act)


@require_POST
def add_membership(request: HttpRequest, account: int) -> HttpResponse:
    person = fetch_account_for(request.user, account)
    units = visible_organisations(request.user)
    form = MembershipForm(request.POST, units=units)
    act = {"user": person, "by": request.user.actor(), "now": timezone.now()}
    if form.is_valid() and attempt(form, lambda: give_membership(**form.cleaned_data, **act)):
        messages.success(request, _("平台角色已任命"))
        return redirect("console_person", person.pk)
    first = AccountForm(initial=_first(person), units=units)
    return page(request, "account.html", **_card(person, first, form))


@require_POST
def drop_membership(request: HttpRequest, membership: int) -> HttpResponse:
    found = Membership.objects.filter(pk=membership, user__in=visible_accounts(request.user)).first()
    if found is None:
        raise Http404
    if found.user_id == request.user.pk:
        messages.error(request, _("不能免去自己的平台角色，请由另一位平台运维操作"))
    else:
        take_membership(membership=found, by=request.user.actor(), now=timezone.now())
        messages.success(request, _("平台角色已免去"))
    return redirect("console_person", found.user_id)


def people(request: HttpRequest, site: int) -> HttpResponse:
    """Who holds what on this site, and giving another role."""
    found = fetch_site_for(request.user, site)
    roles = appointable_roles(request.user, found)
    candidates = appointable_accounts(request.user, found)
    form = AppointmentForm(request.POST or None, people=candidates, roles=roles)
    if request.method == "POST":
        if not roles:
            raise Http404
        act = {"site": found, "by": request.user.actor(), "now": timezone.now()}
        if form.is_valid() and attempt(form, lambda: _appoint(form, act)):
            messages.success(request, _("已任命，立即生效"))
            return redirect("console_people", found.pk)
    held = _held(found)
    context = {
        "form": form if roles else None,
        "groups": [(role, [given for given in held if given.role == role]) for role in Role if role in _site_roles()],
        "candidates": candidates.order_by("username")[:MOST_PROPOSED] if roles else [],
        "appointable": {role.value for role in roles},
        "names_columns": may_manage(request.user, found),
        "releases": is_operator(request.user) or may_manage(request.user, found),
    }
    return page(request, "people.html", site=found, **context)


def _appoint(form: AppointmentForm, act: dict) -> None:
    try:
        appoint(user=form.cleaned_data["account"], role=form.cleaned_data["role"], **act)
    except ValidationError as refusal:
        raise ValidationError({"role": refusal}) from refusal


def _held(site: Site) -> list:
    appointments = site.appointments.select_related("user__organisation").prefetch_related("column_limits__column")
    return list(appointments.order_by("user__username"))


def _site_roles() -> set[str]:
    return {*ROLE_OF_LEVEL.values(), Role.EDITOR, Role.SITE_MANAGER}


def dismissal(request: HttpRequest, appointment: int) -> HttpResponse:
    """Take a role away; the last reviewer of a level only knowingly."""
    found = fetch_appointment_for(request.user, appointment)
    act = {"appointment": found, "by": request.user.actor(), "now": timezone.now()}
    if request.method == "POST":
        try:
            dismiss(knowingly=bool(request.POST.get("knowingly")), **act)
        except LastOfItsKind as warning:
            return page(request, "dismissal.html", site=found.site, appointment=found, warning=warning)
        messages.success(request, _("已免去“%(name)s”的%(role)s") % _names(found))
        return redirect("console_people", found.site_id)
    return page(request, "dismissal.html", site=found.site, appointment=found)


def _names(appointment) -> dict:
    return {"name": appointment.user.name, "role": appointment.get_role_display()}


def limits(request: HttpRequest, appointment: int) -> HttpResponse:
    """Narrow an appointment to columns. Columns are content: only the site's own manager sees and sets them."""
    found = fetch_appointment_for(request.user, appointment)
    if not may_manage(request.user, found.site):
        raise Http404
    own = [limit.column_id for limit in found.column_limits.all()]
    open_columns = Column.objects.filter(site=found.site, closed_at__isnull=True).order_by("path")
    form = LimitForm(request.POST or None, initial={"columns": own}, columns=open_columns)
    act = {"appointment": found, "by": request.user.actor(), "now": timezone.now()}
    asked = request.method == "POST" and form.is_valid()
    if asked and attempt(form, lambda: limit_to_columns(columns=form.cleaned_data["columns"], **act)):
        messages.success(request, _("栏目范围已保存"))
        return redirect("console_people", found.site_id)
    return page(request, "limits.html", site=found.site, appointment=found, form=form)
