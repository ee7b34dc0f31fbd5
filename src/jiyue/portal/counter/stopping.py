"""No more mail about a letter: one button for people, one request for mail programs (RFC 8058).

The counter cannot tell a right link from a wrong one and says the same to both; the worker knows.
"""

import logging
import re
from collections.abc import Mapping
from datetime import datetime

from jiyue.domain.letters import number_of
from jiyue.foundation import durable
from jiyue.interaction.letterbox import LetterBox
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Tries
from jiyue.portal.counter.sheets import Sheet
from jiyue.portal.counter.wording import TITLES
from jiyue.portal.counter.writing import Said

logger = logging.getLogger(__name__)
SECRET = re.compile(r"[0-9a-f]{32}")


class Stopping:
    """Keep one for the life of a process: it counts how often an address asks."""

    def __init__(self, box: LetterBox) -> None:
        self.box = box
        self.asking = Tries(burst=20, seconds_each=10)

    def opened(self, asked: Mapping[str, str], lang: str) -> Said:
        """The button; opening a link stops nothing, because mail programs open links by themselves."""
        return Said(_sheet(asked.get("n", ""), asked.get("k", ""), lang))

    def posted(self, sent: Sent, asked: Mapping[str, str], address: str, lang: str, *, now: datetime) -> Said:
        number = number_of(sent.get("n") or asked.get("n", ""))
        secret = sent.get("k") or asked.get("k", "")
        sheet = _sheet(number or "", secret, "en" if sent.get("lang") == "en" else lang)
        if number is None or not SECRET.fullmatch(secret):
            return Said(_sheet("", "", sheet.lang), 400)
        if not self.asking.spend(address):
            return Said(_sheet(number, secret, sheet.lang, trouble="busy"), 429)
        try:
            self.box.drop_stop(number, secret, at=now)
        except OSError as error:
            if not durable.is_full(error):
                logger.exception("counter: a wish for no more mail could not be put into the box")
            return Said(_sheet(number, secret, sheet.lang, trouble="full"), 503)
        return Said(_sheet(number, "", sheet.lang, done=True), ends=True)


def _sheet(number: str, secret: str, lang: str, *, done: bool = False, trouble: str = "") -> Sheet:
    more = {"number": number_of(number) or "", "secret": secret if SECRET.fullmatch(secret) else "", "done": done}
    return Sheet("stop", TITLES["stop"], lang=lang, trouble=trouble, more=more)
