"""Who may submit, review, return and recall."""

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from jiyue.content.models import Record
from jiyue.content.policies import may_write, within_columns, writable_records
from jiyue.estate.models import Appointment, Site
from jiyue.estate.policies import appointments_of, may_manage, sites_with
from jiyue.identity.models import User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.identity.roles import REVIEW_ROLES, Permission, Role
from jiyue.review.models import (
    Decision,
    Examination,
    Finding,
    LeakCase,
    Rectification,
    Review,
    Subject,
    UnitConsent,
    Version,
    Waiver,
)
from jiyue.review.routes import LEVEL_OF_ROLE, ROLE_OF_LEVEL, THREE_LEVELS

Row = TypeVar("Row", bound=Model)
# Findings that nobody but the secrecy reviewer may let stand.
SECRECY_ALONE = frozenset({"personal-data", "secrecy"})
RECTIFIERS = (Role.EDITOR, Role.SITE_MANAGER)


def reviewable(user: User) -> QuerySet[Review]:
    """Open reviews whose present level is the person's to decide, on all sites, own work left out.

    Own is what any account of the same natural person wrote. An account that nobody has vouched for decides nothing.
    """
    if user.is_authenticated and user.is_held:
        return Review.objects.none()
    held = set(appointments_of(user).filter(role__in=LEVEL_OF_ROLE).values_list("role", flat=True))
    condition = Q(pk__in=[])
    for role in held:
        inside = within_columns(user, roles={role}, prefix="version__record__")
        of_site = Q(site__in=appointments_of(user).filter(role=role).values("site"))
        condition |= Q(level=LEVEL_OF_ROLE[role]) & (inside | (Q(version__record__isnull=True) & of_site))
    reviews = Review.objects.filter(condition, status=Review.Status.OPEN)
    return reviews.exclude(_own(user)).exclude(Q(level__in=THREE_LEVELS) & Q(_signed_another_level(user)))


def visible_reviews(user: User) -> QuerySet[Review]:
    """Reviews the person may read: of every site whose content they may read."""
    return Review.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def may_review(user: User, review: Review) -> bool:
    return reviewable(user).filter(pk=review.pk).exists()


def may_sign_waiting(user: User, review: Review) -> bool:
    """May this person sign what every level has signed, now that nothing bound with it is missing? Final reviewers may."""
    if review.status != Review.Status.TOGETHER or user.is_held:
        return False
    if Review.objects.filter(_own(user), pk=review.pk).exists():
        return False
    inside = within_columns(user, roles={Role.FINAL_REVIEWER}, prefix="version__record__")
    return Review.objects.filter(inside, pk=review.pk).exists()


def may_give_secrecy_conclusion(user: User, review: Review) -> bool:
    """May this person decide the secrecy level too, together with the present one?"""
    return not user.is_held and appointments_of(user).filter(site=review.site, role=ROLE_OF_LEVEL["secrecy"]).exists()


def may_recall(user: User, review: Review) -> bool:
    """The submitter, or another writer of the record, may take an open submission back."""
    if review.status not in {Review.Status.OPEN, Review.Status.TOGETHER}:
        return False
    if review.version.subject == Subject.RECORD:
        return may_write(user, review.version.its_record)
    return may_manage(user, review.site) or review.submitted_by_id == user.pk


def may_waive(user: User, version: Version, family: str) -> bool:
    """May this person let a finding of this family stand in the version? Its writers never (PRIV-02, PRIV-06).

    Neither by another account of theirs, nor by one that nobody has vouched for.
    """
    wanted = {Role.SECRECY_REVIEWER} if family in SECRECY_ALONE else REVIEW_ROLES
    writers = {*version.writers, version.author_id}
    if user.is_held or accounts_of_same_person(user).filter(pk__in=writers).exists():
        return False
    return appointments_of(user).filter(site=version.site_id, role__in=wanted).exists()


def visible_waivers(user: User) -> QuerySet[Waiver]:
    """Waivers the person may read: of every site whose content they may read."""
    return Waiver.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def visible_findings(user: User) -> QuerySet[Finding]:
    """Findings in public matter the person may read."""
    return Finding.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def visible_examinations(user: User) -> QuerySet[Examination]:
    return Examination.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def visible_leaks(user: User) -> QuerySet[LeakCase]:
    return LeakCase.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def may_report_leak(user: User, record: Record) -> bool:
    """Whoever writes, reviews or manages on the site may say that something of it should not be public."""
    if may_write(user, record) or may_manage(user, record.site):
        return True
    return appointments_of(user).filter(site=record.site_id, role__in=REVIEW_ROLES).exists()


def may_close_leak(user: User, leak: LeakCase) -> bool:
    """Accounting is the site manager's; who wrote the thing does not close the case about it."""
    return may_manage(user, leak.site)


def may_revoke(user: User, waiver: Waiver) -> bool:
    """Whoever may let such a finding stand in that version may also take the permission back."""
    return may_waive(user, waiver.version, waiver.detector.partition(".")[0])


def fetch_waiver_for(user: User, ref: int) -> Waiver:
    """The waiver with this key if the person may read it. Raises Http404 otherwise."""
    return _only(visible_waivers(user).select_related("site", "record", "version", "revocation"), ref)


def visible_rectifications(user: User) -> QuerySet[Rectification]:
    return Rectification.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def fetch_rectification_for(user: User, ref: int) -> Rectification:
    """The rectification with this key if the person may read it. Raises Http404 otherwise."""
    rows = visible_rectifications(user).select_related("site__owner", "finding__record", "person", "reported_by")
    return _only(rows, ref)


def rectifiers(site: Site) -> QuerySet[User]:
    """Who may be charged with putting something right: those who write for the site or manage it."""
    held = Appointment.objects.filter(site=site, role__in=RECTIFIERS)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def may_assign_rectification(user: User, row: Rectification) -> bool:
    return may_manage(user, row.site)


def may_report_rectification(user: User, row: Rectification) -> bool:
    """Who was charged with it, who may write what it is in, and the site's manager."""
    if user.pk == row.person_id and rectifiers(row.site).filter(pk=user.pk).exists():
        return True
    record = row.finding.record
    return may_manage(user, row.site) or (record is not None and may_write(user, record))


def fetch_finding_for(user: User, ref: int) -> Finding:
    """The finding with this key if the person may read it. Raises Http404 otherwise."""
    return _only(visible_findings(user).select_related("site__owner", "record", "version"), ref)


def fetch_leak_for(user: User, ref: int) -> LeakCase:
    """The case with this key if the person may read it. Raises Http404 otherwise."""
    return _only(visible_leaks(user).select_related("site", "record", "withdrawal", "opened_by", "closed_by"), ref)


def fetch_consent_for(user: User, ref: int) -> UnitConsent:
    """The consent with this key if the person may write its record. Raises Http404 otherwise."""
    return _only(
        UnitConsent.objects.filter(record__in=writable_records(user)).select_related("record__site", "unit"), ref
    )


def may_submit_structure(user: User, site: Site) -> bool:
    return may_manage(user, site)


def fetch_review_for(user: User, ref: int) -> Review:
    """The review with this key if the person may read it. Raises Http404 otherwise."""
    review = visible_reviews(user).filter(pk=ref).select_related("version", "site", "submitted_by").first()
    if review is None:
        raise Http404
    return review


def _only(rows: QuerySet[Row], ref: int) -> Row:
    found = rows.filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def _own(user: User) -> Q:
    # JSON "contains" does not exist on SQLite; the author column covers the rule, sign_off checks the writers again.
    own = accounts_of_same_person(user).values("pk")
    return Q(version__author__in=own) | Q(submitted_by__in=own)


def _signed_another_level(user: User) -> Exists:
    """This person already gave another of the three signatures for the same version and act."""
    return Exists(
        Decision.objects.filter(
            reviewer__in=accounts_of_same_person(user).values("pk"),
            answer=Decision.Answer.APPROVE,
            level__in=THREE_LEVELS,
            review__version=OuterRef("version"),
            review__act=OuterRef("act"),
        ).exclude(level=OuterRef("level"))
    )
