"""What the clock does for letters: empty the letter box, and tell senders how their letters and requests stand."""

from datetime import datetime

from django.conf import settings

from jiyue.disclosure.receiving import PART as DISCLOSURE
from jiyue.disclosure.tickets import write_due as write_disclosure_due
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import LetterBox
from jiyue.interaction.receiving import empty_box
from jiyue.interaction.tickets import write_due


def attend(now: datetime) -> None:
    """Take out what waits, then write the tickets that are due."""
    empty_box(now=now, parts=(DISCLOSURE,))
    write_due(now=now)
    write_disclosure_due(now=now)


def tidy(now: datetime) -> None:
    """Forget receipts that nobody asks for any more, and files of letters that nobody sent."""
    LetterBox(Home(settings.JIYUE_HOME).prepare()).clear(now=now)
