"""Reads over letters: what waits for whom, by the clock; letters that may be the same; counts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import CharField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from jiyue.domain.cases import FINAL, TOLD_OF, Kind, State
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.identity.roles import Permission, Role
from jiyue.interaction.duties import ANSWERING
from jiyue.interaction.leaders import letters_led, mailboxes_kept
from jiyue.interaction.models import STILL_OPEN, SUBJECT, Case, Help, Reply
from jiyue.interaction.policies import any_of, keys_of, may_see_sender, visible_cases
from jiyue.interaction.sealed import mark_of
from jiyue.interaction.telling import LEADS, lead_of
from jiyue.interaction.words import KINDS
from jiyue.obligations.models import Obligation

KIND, LED = "letter", "led-letter"
Keys: TypeAlias = QuerySet[Any, Any]
MOST_TODOS = 100
FOR_THE_DESK = (State.RECEIVED, State.ACCEPTED, State.DISPUTED)
# Who reached us so is told by hand (telling.WAYS).
BY_HAND = (Case.Source.HOTLINE, Case.Source.PAPER, Case.Source.ACCOUNT)
LOOKED_BACK = timedelta(days=60)
MOST_COMPARED = 200
MOST_OF_SENDER, MOST_SHOWN = 10, 5
ALIKE = 0.5  # share of the pairs of characters that two texts have in common
LIKE_ENOUGH, MOST_EARLIER = 0.08, 3  # of the same subject, not the same matter


def waiting_for(user: User, *, kept: list[int] | None = None) -> QuerySet[Case]:
    """Letters on which this person has the next word; `kept` are the mailboxes that she keeps, where they are known."""
    receives, handles = keys_of(user, Permission.RECEIVE_LETTERS), keys_of(user, Permission.HANDLE_LETTERS)
    reviews = keys_of(user, Permission.REVIEW_REPLIES)
    received = Q(state__in=FOR_THE_DESK) | Q(state=State.HANDLING, handler=None)
    in_hand = Q(state__in=(State.HANDLING, State.READY))
    waiting = any_of([
        Q(received, desk__in=receives),
        Q(in_hand, handler=user.pk),
        Q(in_hand, desk__in=handles, handler=None),
        Q(state__in=FOR_THE_DESK, mailbox__keeper=user.pk, desk=F("mailbox__desk")),
        instructed_in(mailboxes_kept(user) if kept is None else kept),
        Q(pk__in=_helping([*receives, *handles])),
        Q(pk__in=_untold(user, handles)),
        Q(pk__in=_stranded(receives)),
        Q(pk__in=_reviewing(user, reviews)),
        Q(pk__in=_passing(user, reviews)),
    ])  # fmt: skip
    return visible_cases(user).filter(pk__in=waiting.values("pk"))


def instructed_in(mailboxes: list[int]) -> Q:
    """Letters of these mailboxes on which a leader said his word and nobody has told yet what was done upon it."""
    return Q(mailbox__in=mailboxes, instructed_at__isnull=False) & ~Q(state__in=FINAL)


def presented_to(user: User) -> QuerySet[Case]:
    """Letters that were put before this leader and wait for his word."""
    return letters_led(user).filter(STILL_OPEN, presented_at__isnull=False)


def by_the_clock(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The most urgent first; what no rule sets a limit for comes by its age."""
    return with_due(cases).order_by(F("due").asc(nulls_last=True), "clock_at", "pk")


def with_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With the moment to act by (`due`), where a rule sets one and it was not met."""
    subject = Concat(Value(SUBJECT), Cast(OuterRef("pk"), CharField()))
    duties = Obligation.objects.pending().filter(
        subject=subject, parameter__in=ANSWERING, started_at=OuterRef("clock_at")
    )
    return cases.annotate(due=Subquery(duties.values("act_by")[:1], output_field=DateTimeField()))


def todo_for(user: User, *, now: datetime) -> list[Todo]:
    """What waits for the person, for the one list of work."""
    kept = mailboxes_kept(user)
    leads = [lead.removesuffix("__") for lead in LEADS[1:]]
    rows = by_the_clock(waiting_for(user, kept=kept)).select_related("desk", *leads)[:MOST_TODOS]
    led = by_the_clock(presented_to(user)).select_related("desk")[:MOST_TODOS]
    return [*(_todo(case, kept) for case in rows), *(_todo(case, (), kind=LED) for case in led)]


@dataclass(frozen=True)
class Alike:
    """Another letter that may be about the same, and why it is shown."""

    case: Case
    same_sender: bool
    share: float


def alike(case: Case, user: User) -> list[Alike]:
    """Letters of the last weeks that may be duplicates: of the same sender, or with much the same words. A hint only."""
    since = case.received_at - LOOKED_BACK
    near = visible_cases(user).filter(received_at__gte=since).exclude(pk=case.pk).exclude(state=State.MERGED)
    near = near.exclude(parent=case).filter(desk=case.desk_id).order_by("-received_at")
    return _closest(near[:MOST_COMPARED], case.title + case.text, case.sender_mark)


def alike_to(*, site: Site, words: str, contact: Mapping[str, str], user: User, now: datetime) -> list[Alike]:
    """The same for what is being told to the desk and is no letter yet; whom the contact is of, among letters whose sender the
    person may see. Reports of a wrong are left out: opening one is traced. A hint only.
    """
    mark = mark_of(contact)
    readable = visible_cases(user).exclude(state=State.MERGED).exclude(kind=Kind.REPORT).select_related("desk", "site")
    since = now - LOOKED_BACK
    near = readable.filter(desk=site.pk, received_at__gte=since).order_by("-received_at")[:MOST_COMPARED]
    own = readable.filter(sender_mark=mark).order_by("-received_at")[:MOST_OF_SENDER] if mark else []
    of_sender = [case for case in own if may_see_sender(user, case)]
    known = {case.pk for case in of_sender}
    rest = _closest([case for case in near if case.pk not in known], words, "")
    return [*_closest(of_sender, words, mark), *rest][:MOST_SHOWN]


def _closest(cases: Iterable[Case], words: str, mark: str) -> list[Alike]:
    own = _pairs(words)
    found = (_compared(mark, other, own) for other in cases)
    return sorted((one for one in found if one is not None), key=lambda one: (-one.same_sender, -one.share))[
        :MOST_SHOWN
    ]


@dataclass(frozen=True)
class Earlier:
    """A letter like this one that was answered, with the answer."""

    case: Case
    text: str
    share: float


def earlier_answers(case: Case, user: User) -> list[Earlier]:
    """How the same unit answered the letters of this kind most like this one, of those the person may read. A hint only.

    First come letters about the same service item, however they are worded.

    None beside a report of a wrong: who reads another report opens it, and that is traced.
    """
    if case.kind == Kind.REPORT:
        return []
    resting = (State.ANSWERED, State.CLOSED)
    answered = visible_cases(user).filter(desk=case.desk_id, kind=case.kind, state__in=resting)
    near = answered.exclude(pk=case.pk).exclude(met_at=None).order_by("-received_at")[:MOST_COMPARED]
    own = _pairs(case.title + case.text)
    same = {other.pk for other in near if case.service_id and other.service_id == case.service_id}
    found = sorted(((_share(own, other), other) for other in near), key=lambda one: (one[1].pk not in same, -one[0]))
    best = {
        other.pk: (share, other) for share, other in found[:MOST_EARLIER] if share >= LIKE_ENOUGH or other.pk in same
    }
    sent = Reply.objects.filter(case__in=list(best), state=Reply.State.SENT).order_by("pk")
    texts = {reply.case_id: reply.text for reply in sent}
    return [Earlier(other, texts[key], share) for key, (share, other) in best.items() if key in texts]


def holders(case: Case) -> Iterator[tuple[str, datetime]]:
    """Which units had it, one after the other, and since when."""
    last = ""
    for unit, at in case.steps.order_by("pk").values_list("unit", "at"):
        if unit != last:
            yield unit, at
        last = unit


def _compared(mark: str, other: Case, own: set[str]) -> Alike | None:
    same = bool(mark) and mark == other.sender_mark
    share = _share(own, other)
    return Alike(other, same, share) if same or share >= ALIKE else None


def _share(own: set[str], other: Case) -> float:
    theirs = _pairs(other.title + other.text)
    return len(own & theirs) / max(1, len(own | theirs))


def _pairs(text: str) -> set[str]:
    plain = "".join(letter for letter in text if letter.isalnum())
    return {plain[n : n + 2] for n in range(len(plain) - 1)}


def _helping(sites: list[int]) -> Keys:
    open_ones = (State.HANDLING, State.WAITING, State.REVIEWING)
    return Help.objects.filter(helper__in=sites, answered_at=None, case__state__in=open_ones).values("case")


def _untold(user: User, handles: list[int]) -> Keys:
    """Merged into a letter that is answered, and whoever rang up, came by or commented was not told."""
    merged = Case.objects.filter(_led_by(TOLD_OF), state=State.MERGED, source__in=BY_HAND, given=None)
    return merged.filter(Q(handler=user.pk) | Q(handler=None), desk__in=handles).values("pk")


def _stranded(receives: list[int]) -> Keys:
    """Merged into a letter that was withdrawn since, or into one that was: nothing will answer it but who takes it out again."""
    return Case.objects.filter(_led_by((State.WITHDRAWN,)), state=State.MERGED, desk__in=receives).values("pk")


def _led_by(states: Collection[State]) -> Q:
    """Is the letter that answers it in one of these states? Those into which it was merged may have been merged themselves."""
    below = (
        "with recursive led (id) as ("  # noqa: S608  # both databases of ours read it so
        " select merged.id from interaction_case merged join interaction_case lead on lead.id = merged.merged_into_id"
        f" where lead.state in ({', '.join(['%s'] * len(states))})"
        " union select merged.id from interaction_case merged join led on led.id = merged.merged_into_id"
        ") select id from led"
    )
    return Q(pk__in=RawSQL(below, [state.value for state in states]))  # noqa: S611  # only places for values are put in


def _reviewing(user: User, reviews: list[int]) -> Keys:
    mine = Reply.objects.filter(drafted_by__in=accounts_of_same_person(user)).values("case")
    return Case.objects.filter(state=State.REVIEWING, desk__in=reviews).exclude(pk__in=mine).values("pk")


def _passing(user: User, reviews: list[int]) -> Keys:
    here = Site.objects.filter(
        owner=OuterRef("level"), appointments__role=Role.REPLY_REVIEWER, appointments__user__is_active=True
    )
    rows = Case.objects.filter(state=State.PASSING).annotate(
        speaker=Coalesce(Subquery(here.values("pk")[:1]), F("desk"))
    )
    levels = Site.objects.filter(pk__in=reviews).values("owner")
    own = Q(level__in=levels) | Q(speaker=F("desk"), desk__in=reviews)
    mine = Reply.objects.filter(drafted_by__in=accounts_of_same_person(user)).values("case")
    return rows.filter(own).exclude(pk__in=mine).values("pk")


def _todo(case: Case, kept: Collection[int], *, kind: str = KIND) -> Todo:
    what = KINDS[Kind(case.kind)]
    if case.instructed_at is not None and case.mailbox_id in kept:
        what = _("批示待落实")
    if case.state == State.MERGED and lead_of(case).state == State.WITHDRAWN:
        what = _("并入的信件已撤回，请撤销并案")
    elif case.state == State.MERGED:
        what = _("并案的信件已答复，请告知来信人")
    if kind == LED:
        what = _("等您批示")
    return Todo(
        kind=kind, ref=str(case.pk), site=case.desk.name, title=case.title, what=str(what),
        state=f"letter-{case.state}", since=case.clock_at, due=getattr(case, "due", None),
        note=case.number,
    )  # fmt: skip
