"""By when a letter must be answered: facts for the duties engine (P-40, P-41, P-42).

One clock runs from the receipt to the answer. Transfers, questions to the sender and help of other units do not touch
it: no text in force says that they do. A refusal with its reason is an answer too. The class of a letter, where the rule
has classes, moves the limit and never the beginning.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from jiyue.domain.cases import Kind
from jiyue.domain.duties import Fact
from jiyue.domain.duty_moments import Classed
from jiyue.domain.limits import Limit, parse_limit
from jiyue.estate.models import Appointment
from jiyue.foundation.models import AuditEvent
from jiyue.identity.roles import Role
from jiyue.interaction.models import SUBJECT, Case
from jiyue.interaction.words import KINDS

REPLY, PROPOSAL, FORWARD = "message.reply", "error-report.reply", "error-report.forward"
ANSWERING = (REPLY, PROPOSAL)
LONG_MET = timedelta(days=90)
CHUNK = 500


class LetterSource:
    """One fact for each letter and round: answered, or for an error report proposed and passed on, in time."""

    code = "letters"
    parameters = (REPLY, PROPOSAL, FORWARD)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        recent = now - LONG_MET
        rest = Q(met_at=None, ended_at=None) | Q(met_at__gte=recent) | Q(ended_at__gte=recent)
        cases = Case.objects.filter(rest).select_related("desk", "mailbox").order_by("pk")
        if subjects is not None:
            keys = [subject.removeprefix(SUBJECT) for subject in subjects if subject.startswith(SUBJECT)]
            cases = cases.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
        clerks = _clerks()
        for case in cases.iterator(chunk_size=CHUNK):
            keeper = case.mailbox.keeper_id if case.mailbox and case.mailbox.desk_id == case.desk_id else None
            person = case.handler_id or keeper or clerks.get(case.desk_id)
            if case.kind == Kind.ERROR_REPORT:
                yield _fact(case, FORWARD, person, case.accepted_at or case.met_at)
                yield _fact(case, PROPOSAL, person, case.proposed_at or case.met_at)
            else:
                yield _fact(case, REPLY, person, case.met_at)


def own_subject(event: AuditEvent) -> Collection[str]:
    """The event is about the letter itself."""
    return [event.subject]


HEARD = (("interaction.stepped", ("letters",), own_subject),)


def _fact(case: Case, parameter: str, person: int | None, met_at: datetime | None) -> Fact:
    # The title is read by whoever reads duties: the number alone, nothing of what the sender wrote.
    title = _("%(kind)s %(number)s") % {"kind": KINDS[Kind(case.kind)], "number": case.number}
    return Fact(
        parameter=parameter, subject=f"{SUBJECT}{case.pk}", title=title, unit=case.desk.owner_id, site=case.desk_id,
        person=person, started_at=case.clock_at, recorded_at=max(case.recorded_at, case.clock_at), met_at=met_at,
        ended_at=None if met_at else case.ended_at, classed=classes_of(case.classed) if parameter == REPLY else (),
        limit=own_limit_of(case) if parameter in ANSWERING else None,
    )  # fmt: skip


def own_limit_of(case: Case) -> Limit | None:
    """The limit of the superior who handed it down; of what begins anew afterwards the rule's counts (INT-07)."""
    return parse_limit(case.own_limit) if case.own_limit and case.clock_at == case.received_at else None


def classes_of(kept: Iterable[Sequence[str]]) -> tuple[Classed, ...]:
    """The classes that a letter was said to be of, as its columns keep them, in their order."""
    return tuple((name, datetime.fromisoformat(at)) for name, at in kept)


def _clerks() -> dict[int, int]:
    """For each site one of those who receive its letters: until somebody handles it, the letter waits for her."""
    serving = Appointment.objects.filter(role=Role.LETTER_CLERK, user__is_active=True)
    return dict(serving.order_by("-pk").values_list("site", "user"))
