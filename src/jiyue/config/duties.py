"""Where duties come from: every source of facts, and what makes it look again.

A later issue adds its source to SOURCES and its events to HEARS (docs/howto/add-a-duty.md).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from jiyue.disclosure.annual_duties import HEARD as ANNUAL
from jiyue.disclosure.annual_duties import PROOFS as ANNUAL_PROOFS
from jiyue.disclosure.duties import HEARD as DISCLOSURE
from jiyue.disclosure.duties import DisclosureSource
from jiyue.domain.duties import Source
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.duties import HEARD as LETTERS
from jiyue.interaction.duties import LetterSource
from jiyue.obligations import timing
from jiyue.obligations.changing import apply_changes, notice_calendars, notice_packs, notice_standards
from jiyue.obligations.engine import Followed, refresh
from jiyue.obligations.keeping import report_altered
from jiyue.obligations.standing import StandingSource
from jiyue.publishing import duties as publishing

SOURCES: tuple[Source, ...] = (StandingSource(ANNUAL_PROOFS), *publishing.SOURCES, LetterSource(), DisclosureSource())


@dataclass(frozen=True)
class Hears:
    """After an event of this code the sources look again at the subjects that `about` finds in it."""

    event: str
    sources: tuple[str, ...]
    about: Callable[[AuditEvent], Collection[str]]


def own_subject(event: AuditEvent) -> Collection[str]:
    """The event is about the very thing that owes something."""
    return [event.subject]


HEARS: tuple[Hears, ...] = (
    Hears("obligations.enrolled", ("standing",), own_subject),
    Hears("obligations.released", ("standing",), own_subject),
    *(Hears(event, sources, about) for event, sources, about in (*publishing.HEARD, *LETTERS, *DISCLOSURE, *ANNUAL)),
)


def heed(event: AuditEvent, now: datetime) -> None:
    """Bring up to date whatever the event is about; safe to run twice."""
    for heard in HEARS:
        if heard.event == event.code:
            subjects = sorted(set(heard.about(event)))
            for source in SOURCES:
                if source.code in heard.sources and subjects:
                    refresh(source, subjects=subjects, now=now)


def attend(now: datetime) -> None:
    """What the clock does, and approved rule changes."""
    apply_changes(sources=SOURCES, now=now)
    timing.tick(now=now)


def sweep(*, now: datetime) -> Followed:
    """Everything once: changes, and all facts of all sources. What an event may have missed is found here."""
    report_altered(now=now)
    notice_packs(sources=SOURCES, now=now)
    notice_calendars(now=now)
    notice_standards(now=now)
    apply_changes(sources=SOURCES, now=now)
    done = Followed()
    for source in SOURCES:
        done += refresh(source, now=now)
    return done
