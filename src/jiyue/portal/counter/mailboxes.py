"""Which leaders may be written to, read from the signed frame of the site (INT-15)."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

MARK = re.compile(r'<div id="counter-mailboxes" hidden data-mailboxes="([^"]*)"></div>\n?')


@dataclass(frozen=True)
class Mailbox:
    """A leader with a mailbox; `words` stand beside the name, of a closed one they say why."""

    leader: str
    name: str
    post: str
    words: str
    is_open: bool

    @property
    def title(self) -> str:
        return f"{self.post} {self.name}".strip()


def mailboxes_in(frame: str) -> tuple[Mailbox, ...]:
    """The mailboxes that the frame of a site offers, in its order; none for a frame from before there were any."""
    found = MARK.search(frame)
    return tuple(Mailbox(**facts) for facts in json.loads(unescape(found[1]))) if found else ()


def chosen(mailboxes: Iterable[Mailbox], leader: str) -> Mailbox | None:
    return next((each for each in mailboxes if each.leader == leader), None)
