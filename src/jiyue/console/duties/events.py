from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class FeedMade(Event):
    """A secret address for calendar programs was made; an earlier one of the person stopped working."""

    code: ClassVar[str] = "console.feed_made"


@dataclass(frozen=True, kw_only=True)
class FeedRevoked(Event):
    code: ClassVar[str] = "console.feed_revoked"


@dataclass(frozen=True, kw_only=True)
class MailChosen(Event):
    """A person chose whether, where and when the daily mail comes; the address itself is not traced."""

    code: ClassVar[str] = "console.mail_chosen"
    mails: bool
    at: str
