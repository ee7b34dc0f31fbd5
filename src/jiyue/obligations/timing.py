"""What the clock does to duties: one reminder before the end, one report upwards after it."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from jiyue.foundation.audit import record
from jiyue.identity.models import Membership, Organisation
from jiyue.identity.queries import superiors_of
from jiyue.obligations.engine import ENGINE
from jiyue.obligations.events import DutyEscalated, DutyReminded
from jiyue.obligations.models import Obligation, ObligationQuerySet
from jiyue.obligations.retrying import in_transaction

BATCH = 100
MOST = 2_000  # in one round, so that a signature waits for no more than a second


def tick(*, now: datetime) -> int:
    """Remind and report upwards whatever is due for it; gives how many. Safe to run again and in two processes.

    A clock that was set back does nothing twice: what was done is written in the row.
    """
    return remind(now=now) + escalate(now=now)


def remind(*, now: datetime) -> int:
    """Once for each open duty whose moment has come."""
    waiting = Obligation.objects.pending().filter(reminded_at__isnull=True, remind_at__lte=now).order_by("remind_at")
    return _each(waiting, lambda row: _remind(row, now))


def escalate(*, now: datetime) -> int:
    """Once for each open duty that is late: to the nearest superior unit along the chain of the settings."""
    late = Obligation.objects.pending().filter(escalated_at__isnull=True, act_by__lt=now).order_by("act_by")
    return _each(late.select_related("unit"), lambda row: _escalate(row, now))


def superior_of(unit: Organisation) -> Organisation | None:
    """The unit that is told about what is late: territorial superior, unless the settings say the vertical one."""
    chains = [settings.JIYUE_ESCALATION_CHAIN, Membership.Chain.TERRITORIAL]
    return next((found[0] for chain in chains if (found := superiors_of(unit, chain=chain))), None)


def _each(rows: ObligationQuerySet, act: Callable[[Obligation], bool]) -> int:
    done = 0
    for _round in range(MOST // BATCH):
        dealt, acted = in_transaction(lambda: _batch(rows, act))
        done += acted
        if dealt < BATCH:
            break
    return done


def _batch(rows: ObligationQuerySet, act: Callable[[Obligation], bool]) -> tuple[int, int]:
    """How many were dealt with, and for how many something happened. A row that somebody holds waits for the next round."""
    free = rows.select_related("site").select_for_update(of=("self",), skip_locked=True)
    batch = list(free[:BATCH])
    return len(batch), sum(act(row) for row in batch)


def _remind(row: Obligation, now: datetime) -> bool:
    # The row decides, not what was read: two processes may hold the same list.
    if not Obligation.objects.pending().filter(pk=row.pk, reminded_at__isnull=True).update(reminded_at=now):
        return False
    event = DutyReminded(
        subject=f"obligation:{row.pk}", site=row.site.host if row.site else "", obligation=row.pk, title=row.title,
        act_by=row.act_by.isoformat(),
    )  # fmt: skip
    record(event, by=ENGINE, at=now)
    return True


def _escalate(row: Obligation, now: datetime) -> bool:
    superior = superior_of(row.unit)
    waiting = Obligation.objects.pending().filter(pk=row.pk, escalated_at__isnull=True)
    if not waiting.update(escalated_at=now, escalated_to=superior):
        return False
    event = DutyEscalated(
        subject=f"obligation:{row.pk}", site=row.site.host if row.site else "", obligation=row.pk, title=row.title,
        unit=row.unit.name, superior=superior.name if superior else "",
    )  # fmt: skip
    record(event, by=ENGINE, at=now)
    return True
