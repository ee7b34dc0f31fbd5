"""How a disclosure request may end, row by row as the annual report's table three counts it.

The rows and their order are those of the national form (field notes, section 13); which article a decision rests on is
said by the rule pack (`disclosure-request.decisions`), never here. Two kinds of answer of article 36 have no row of their
own: information that is public already counts as disclosed, information of another body as not held (our reading).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Applicant(StrEnum):
    """申请人: the columns of table three."""

    NATURAL = "natural"
    COMPANY = "company"
    RESEARCH = "research"
    PUBLIC_BENEFIT = "public_benefit"
    LEGAL_SERVICE = "legal_service"
    OTHER = "other"


class Group(StrEnum):
    """The six classes of results."""

    DISCLOSED = "disclosed"
    PARTIAL = "partial"
    REFUSED = "refused"
    IMPOSSIBLE = "impossible"
    NOT_HANDLED = "not_handled"
    OTHER = "other"


class Row(StrEnum):
    """A line of table three's part three, in the order of the form."""

    DISCLOSED = "disclosed"
    PARTIAL = "partial"
    STATE_SECRET = "state_secret"  # noqa: S105 - a ground of refusal, no password
    LAW_FORBIDS = "law_forbids"
    SAFETY = "safety"
    THIRD_PARTY = "third_party"
    INTERNAL = "internal"
    PROCESS = "process"
    ENFORCEMENT_FILE = "enforcement_file"
    INQUIRY = "inquiry"
    NOT_HELD = "not_held"
    TO_BE_MADE = "to_be_made"
    STILL_UNCLEAR = "still_unclear"
    PETITION = "petition"
    REPEATED = "repeated"
    PUBLICATION = "publication"
    EXCESSIVE = "excessive"
    CONFIRMATION = "confirmation"
    NOT_CORRECTED = "not_corrected"
    FEE_UNPAID = "fee_unpaid"
    OTHER = "other"


GROUPS: Final[dict[Row, Group]] = {
    Row.DISCLOSED: Group.DISCLOSED, Row.PARTIAL: Group.PARTIAL,
    **dict.fromkeys((Row.STATE_SECRET, Row.LAW_FORBIDS, Row.SAFETY, Row.THIRD_PARTY, Row.INTERNAL, Row.PROCESS,
                     Row.ENFORCEMENT_FILE, Row.INQUIRY), Group.REFUSED),
    **dict.fromkeys((Row.NOT_HELD, Row.TO_BE_MADE, Row.STILL_UNCLEAR), Group.IMPOSSIBLE),
    **dict.fromkeys((Row.PETITION, Row.REPEATED, Row.PUBLICATION, Row.EXCESSIVE, Row.CONFIRMATION), Group.NOT_HANDLED),
    **dict.fromkeys((Row.NOT_CORRECTED, Row.FEE_UNPAID, Row.OTHER), Group.OTHER),
}  # fmt: skip


class Decision(StrEnum):
    """What is decided: each row of the table, and the two answers that are counted with another."""

    DISCLOSED = "disclosed"
    ALREADY_PUBLIC = "already_public"
    PARTIAL = "partial"
    STATE_SECRET = "state_secret"  # noqa: S105 - a ground of refusal, no password
    LAW_FORBIDS = "law_forbids"
    SAFETY = "safety"
    THIRD_PARTY = "third_party"
    INTERNAL = "internal"
    PROCESS = "process"
    ENFORCEMENT_FILE = "enforcement_file"
    INQUIRY = "inquiry"
    NOT_HELD = "not_held"
    OTHER_BODY = "other_body"
    TO_BE_MADE = "to_be_made"
    STILL_UNCLEAR = "still_unclear"
    PETITION = "petition"
    REPEATED = "repeated"
    PUBLICATION = "publication"
    EXCESSIVE = "excessive"
    CONFIRMATION = "confirmation"
    NOT_CORRECTED = "not_corrected"
    FEE_UNPAID = "fee_unpaid"
    OTHER = "other"


# Reached by their own acts and never by a letter that somebody drafts.
BY_ITSELF: Final = frozenset({Decision.NOT_CORRECTED})
_COUNTED_WITH: Final = {Decision.ALREADY_PUBLIC: Row.DISCLOSED, Decision.OTHER_BODY: Row.NOT_HELD}
# What a decision must say beside its grounds.
NEEDS_PLACE: Final = frozenset({Decision.ALREADY_PUBLIC, Decision.OTHER_BODY})
# Grounds on which the applicant must be told how to object: everything but a full disclosure.
FULL: Final = frozenset({Decision.DISCLOSED, Decision.ALREADY_PUBLIC})


def row_of(decision: Decision) -> Row:
    """Where the annual report counts it."""
    return _COUNTED_WITH.get(decision) or Row(decision.value)


def group_of(decision: Decision) -> Group:
    """The class of results it belongs to."""
    return GROUPS[row_of(decision)]


class Remedy(StrEnum):
    """行政复议、行政诉讼: the three parts of table four."""

    RECONSIDERATION = "reconsideration"
    SUIT = "suit"
    SUIT_AFTER = "suit_after"


class Verdict(StrEnum):
    """How it ended, in the order of table four."""

    UPHELD = "upheld"
    CORRECTED = "corrected"
    OTHER = "other"
    PENDING = "pending"


@dataclass(frozen=True)
class Ground:
    """What the rule pack says of one decision: the article, and whether anybody has seen the text."""

    article: str
    sourced: bool
