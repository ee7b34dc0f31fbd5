"""Where duties come from: every source of facts, and what makes it look again.

A later issue adds its source here (docs/howto/add-a-duty.md). `WAITING` says of every deadline and recurrence that no
source states yet which issue brings it; a contract test keeps both lists true.
"""

from collections.abc import Iterable
from datetime import datetime

from jiyue.domain.duties import Source
from jiyue.obligations import engine
from jiyue.obligations.engine import Change, Followed

SOURCES: tuple[Source, ...] = ()


def sweep(*, now: datetime) -> Followed:
    """Look at all facts of all sources: what an event may have missed is found at night."""
    done = Followed()
    for source in SOURCES:
        done += engine.refresh(source, now=now)
    return done


def look_again(codes: Iterable[str], subjects: Iterable[str], *, now: datetime) -> Followed:
    """Look at these subjects in the sources of these codes, because something happened to them."""
    wanted, about = frozenset(codes), sorted(set(subjects))
    done = Followed()
    for source in SOURCES:
        if source.code in wanted:
            done += engine.refresh(source, subjects=about, now=now)
    return done


def apply(change: Change, *, now: datetime) -> int:
    """Apply a rule that counts from a day on to what began since."""
    return engine.reevaluate(change, sources=SOURCES, now=now)
