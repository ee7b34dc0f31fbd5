"""What the trail keeps of comments and votes: which one, what was done and by whom; no word that anybody wrote."""

from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event, Private


@dataclass(frozen=True, kw_only=True)
class CommentOrderSet(Event):
    code: ClassVar[str] = "interaction.comment_order"
    place: str
    comment_order_act: str
    comments: bool
    votes: bool
    keepers: list[str]


@dataclass(frozen=True, kw_only=True)
class CommentReceived(Event):
    code: ClassVar[str] = "interaction.comment_received"
    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class CommentDecided(Event):
    """One act about a comment; `reason` is the moderator's own, `ground` a code of the fixed list.

    `was_hinted`: the checks saw a person in the words, and somebody looked and showed them.
    """

    code: ClassVar[str] = "interaction.comment_decided"
    number: str
    title: str
    comment_act: str
    ground: str
    reason: str
    is_covered: bool
    was_hinted: bool


@dataclass(frozen=True, kw_only=True)
class CommentsRefused(Event):
    """From this act on what the database says of a page's comments does not hold, and is not told."""

    code: ClassVar[str] = "interaction.comments_broken"
    title: str
    number: int


@dataclass(frozen=True, kw_only=True)
class CommentsExamined(Event):
    """One night's look through everything that readers see of a site's comments."""

    code: ClassVar[str] = "interaction.comments_examined"
    night: str
    public: int
    read: int
    found: int


@dataclass(frozen=True, kw_only=True)
class CommentDoubtsCleared(Event):
    """A keeper looked at what the night found, and let the words stand."""

    code: ClassVar[str] = "interaction.comment_doubts_cleared"
    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class VotesExported(Event):
    code: ClassVar[str] = "interaction.comment_votes_exported"
    number: int


@dataclass(frozen=True, kw_only=True)
class VoteReasonsSeen(Event):
    """Somebody read what people wrote beside their votes about one page."""

    code: ClassVar[str] = "interaction.comment_vote_reasons_seen"
    private = Private.MATTER
    title: str
