"""What the clock does for letters: empty the letter box, and tell senders how their letters and requests stand."""

import logging
from datetime import datetime

from django.conf import settings

from jiyue.disclosure.receiving import PART as DISCLOSURE
from jiyue.disclosure.tickets import write_due as write_disclosure_due
from jiyue.foundation.home import Home
from jiyue.interaction import analyses
from jiyue.interaction.comments import showing
from jiyue.interaction.comments.taking import PART as COMMENTS
from jiyue.interaction.comments.taking import write_due as write_comments_due
from jiyue.interaction.enquiries import actions as enquiries
from jiyue.interaction.enquiries.desks import end_absent, hang_out
from jiyue.interaction.enquiries.taking import empty_box as take_talks
from jiyue.interaction.enquiries.telling import count_places, tell_due
from jiyue.interaction.interviews import live
from jiyue.interaction.letterbox import LetterBox
from jiyue.interaction.letterbox.talks import TalkBox
from jiyue.interaction.receiving import empty_box
from jiyue.interaction.tickets import write_due
from jiyue.publishing.transcripts import transcript_address

logger = logging.getLogger(__name__)


def attend(now: datetime) -> None:
    """Take out what waits, then write the tickets that are due, and tell what changed of comments and votes."""
    empty_box(now=now, parts=(DISCLOSURE, COMMENTS))
    write_due(now=now)
    write_disclosure_due(now=now)
    write_comments_due(now=now)
    showing.attend(now=now)


def talk(now: datetime) -> None:
    """Live enquiries: what visitors said, and what a killed process did not get to them."""
    take_talks(now=now)
    tell_due()


def watch_talks(now: datetime) -> None:
    """Who is on duty, what has been silent, who waits at which place, and what the signs of the desks say."""
    for step in (end_absent, enquiries.attend, count_places, hang_out):
        try:
            step(now=now)
        except Exception as error:  # noqa: BLE001  # the signs must be renewed whatever became of the step before
            logger.error("live enquiries: %s failed: %s", step.__name__, type(error).__name__)


def tell_live(now: datetime) -> None:
    """Words of interviews that are on: what a killed process did not get to the readers."""
    live.attend(now=now, transcript_of=transcript_address)


def tell_past(now: datetime) -> None:
    """Interviews that are over: their end, a withdrawal, and the transcript that takes the place of the words."""
    live.attend_past(now=now, transcript_of=transcript_address)


def any_analysis(now: datetime) -> bool:
    """Does somebody wait for a report on letters? It is made beside the worker: letters must not wait for that."""
    return analyses.any_waiting(now)


def analyse_last_month(now: datetime) -> None:
    """The report on the month that is over, for whoever looked at these reports lately."""
    analyses.want_last_month(now)


def tidy(now: datetime) -> None:
    """Forget receipts that nobody asks for any more, and files of letters that nobody sent."""
    home = Home(settings.JIYUE_HOME).prepare()
    LetterBox(home).clear(now=now)
    TalkBox(home).clear(now=now)
