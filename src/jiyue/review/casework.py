"""Where every part of a 同步案件 stands, in whose hands it is, and what holds it up; submitting all of it at once."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from jiyue.content.binding import SIGNED
from jiyue.content.cases import lacks
from jiyue.content.models import PolicyCase, PolicyDocument, Record
from jiyue.content.models.records import UNDER_REVIEW, State
from jiyue.content.policies import may_write, writable_records
from jiyue.content.readiness import problems
from jiyue.domain.todo import Todo
from jiyue.estate.models import Appointment
from jiyue.identity.models import User
from jiyue.review import ledger, together
from jiyue.review.actions import submit
from jiyue.review.models import Review
from jiyue.review.policies import may_sign_waiting
from jiyue.review.routes import ROLE_OF_LEVEL

KIND = "case"
MOST_TODOS = 50
AT_HOME = frozenset({State.DRAFT, State.RETURNED, State.WITHDRAWN})


@dataclass(frozen=True)
class Part:
    """One record of a case: its submission, if one is open, who has it now, and what it still lacks to be submitted."""

    record: Record
    review: Review | None
    holders: tuple[str, ...]
    missing: tuple[str, ...]
    older: bool = False

    @property
    def is_waiting(self) -> bool:
        return self.record.state == State.TOGETHER


@dataclass(frozen=True)
class Standing:
    """A whole case as one screen shows it. `held` says why what waits cannot be signed yet."""

    case: PolicyCase
    document: Part
    material: tuple[Part, ...]
    lacks: tuple[str, ...]
    held: tuple[str, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.document, *self.material

    @property
    def waiting(self) -> Review | None:
        """A submission through which all can be signed, when some part has every signature."""
        return next((part.review for part in self.parts if part.is_waiting and part.review), None)

    @property
    def is_settled(self) -> bool:
        return self.document.record.state in SIGNED


def standing_of(case: PolicyCase, *, now: datetime) -> Standing:
    """Everything one has to know of a case at a moment."""
    document = _part(case.document, now=now)
    material = tuple(_part(found, now=now, than=document.review) for found in case.interpretations.order_by("pk"))
    waiting = next((part.review for part in (document, *material) if part.is_waiting and part.review), None)
    held: list[str] = []
    if waiting is not None:
        circle = together.circle_of(waiting, current=ledger.current)
        held = ledger.reasons_of_others(waiting, circle, now=now)
    return Standing(case, document, material, tuple(demand.message for demand in lacks(case)), tuple(held))


def submit_case(*, case: PolicyCase, by: User, now: datetime) -> tuple[list[Record], list[str]]:
    """Submit every part that is not under review yet, each for itself: what was submitted, and why others were not."""
    done: list[Record] = []
    left: list[str] = []
    for record in [case.document, *case.interpretations.order_by("pk")]:
        if record.state not in AT_HOME:
            continue
        try:
            submit(record=record, by=by, now=now)
        except (PermissionDenied, ValidationError) as refused:
            said = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
            left += [_("“%(title)s”：%(why)s") % {"title": record.title, "why": why} for why in said]
        else:
            done.append(record)
    return done, left


def todo_for(user: User, *, now: datetime) -> list[Todo]:
    """Cases that a writer has to bring on: a plan or material is missing, or one part waits for another."""
    settled = Q(document__state__in=SIGNED)
    mine = PolicyCase.objects.filter(document__in=writable_records(user)).exclude(settled).order_by("created_at")
    found = []
    for case in mine.select_related("site", "document", "unit")[:MOST_TODOS]:
        note = _next_step(case)
        if note:
            found.append(
                Todo(
                    kind=KIND,
                    ref=str(case.pk),
                    site=case.site.name,
                    title=case.document.title,
                    what=_("同步案件"),
                    state=case.document.state,
                    since=case.created_at,
                    emergency=case.document.emergency,
                    note=note,
                )
            )
    return found


def signable_for(user: User, *, now: datetime) -> list[Todo]:
    """Cases that a final reviewer can sign now because what held them up is gone."""
    found = []
    waiting = Review.objects.filter(status=Review.Status.TOGETHER, version__record__kind=Record.Kind.POLICY_DOCUMENT)
    for review in waiting.select_related("version__record", "site").order_by("waiting_since")[:MOST_TODOS]:
        case = PolicyCase.objects.filter(document=review.version.record_id).first()
        if case is None or not may_sign_waiting(user, review):
            continue
        if not ledger.reasons_of_others(review, together.circle_of(review, current=ledger.current), now=now):
            found.append(
                Todo(
                    kind=KIND,
                    ref=str(case.pk),
                    site=review.site.name,
                    title=case.document.title,
                    what=_("同步签发"),
                    state=State.TOGETHER,
                    since=review.waiting_since,
                    emergency=review.emergency,
                    note=_("同案各件都已通过，可以一起签发"),
                )
            )
    return found


def _next_step(case: PolicyCase) -> str:
    states = {case.document.state, *case.interpretations.values_list("state", flat=True)}
    if case.document.state in AT_HOME and (missing := next(iter(lacks(case)), None)):
        return missing.message
    if State.TOGETHER in states and states & AT_HOME:
        return _("有的稿件已通过全部环节，在等还没有送审的稿件")
    if states & UNDER_REVIEW and states & AT_HOME:
        return _("同案还有稿件没有送审")
    return ""


def _part(record: Record, *, now: datetime, than: Review | None = None) -> Part:
    review = _open_review(record)
    missing = problems(record, on=now.date()) if record.state in AT_HOME else []
    older = bool(than and review and record.state == State.TOGETHER and than.version.created_at > review.submitted_at)
    return Part(record, review, _holders(record, review), tuple(problem.message for problem in missing), older)


def _open_review(record: Record) -> Review | None:
    found = Review.objects.filter(version__identity=record.identity, status__in=together.UNSIGNED)
    return found.select_related("version__record", "site").order_by("-pk").first()


def _holders(record: Record, review: Review | None) -> tuple[str, ...]:
    """The names of those who can take the next step: the writer, or whoever reviews at the present level."""
    if review is None:
        return (record.created_by.name,) if record.state in AT_HOME else ()
    if review.level not in ROLE_OF_LEVEL:
        return ()
    rows = Appointment.objects.filter(site=review.site_id, role=ROLE_OF_LEVEL[review.level], user__is_active=True)
    rows = rows.exclude(user__in=review.version.writers)
    return tuple(rows.order_by("user__name").values_list("user__name", flat=True).distinct()[:5])


def may_handle(user: User, case: PolicyCase) -> bool:
    """May this person change the case and submit it? Whoever may write its document."""
    return may_write(user, case.document)


def documents_without_case(user: User) -> list[PolicyDocument]:
    """Drafts of documents that touch the public and have no case yet, which the person may write; the newest first."""
    found = PolicyDocument.objects.filter(pk__in=writable_records(user).values("pk"), state__in=AT_HOME, case=None)
    return list(found.select_related("site").order_by("-changed_at")[:MOST_TODOS])
