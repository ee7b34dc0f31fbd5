"""What stands beside the draft of an answer: texts to put in, and how matters like this one were answered before.

Putting something in goes through the server and keeps what was typed; nothing is saved by it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from jiyue.console.letters.acts import Offer
from jiyue.domain.cases import Act
from jiyue.identity.models import User
from jiyue.interaction.models import Case
from jiyue.interaction.queries import Earlier, earlier_answers
from jiyue.interaction.text_blocks import blocks_for, filled

INSERT, QUOTE = "insert", "quote"


@dataclass(frozen=True)
class Beside:
    """The choices beside a draft."""

    blocks: list[tuple[str, list[Any]]]
    earlier: list[Earlier]


def beside(case: Case, user: User, offers: list[Offer]) -> Beside | None:
    """None for whoever does not write the answer now."""
    if not any(offer.act == Act.SUBMIT for offer in offers):
        return None
    rows = list(blocks_for(user, case))
    groups = [
        (_("我的"), [row for row in rows if row.person_id]),
        (_("全单位"), [row for row in rows if not row.person_id]),
    ]
    return Beside([group for group in groups if group[1]], earlier_answers(case, user))


def asks_for_text(sent: QueryDict | None) -> bool:
    """Was something to be put into the draft?"""
    return sent is not None and (sent.get("act") == INSERT or QUOTE in sent)


def put_in(case: Case, user: User, offers: list[Offer], sent: QueryDict, *, now: datetime) -> bool:
    """Show the draft as it was typed, with the chosen text at its end; False when there is none to put in."""
    words = _words(case, user, sent, now)
    for offer in offers:
        if offer.act == Act.SUBMIT:
            typed = sent.get(f"{Act.SUBMIT}-text", "").rstrip()
            offer.form.initial["text"] = "\n".join(part for part in (typed, words) if part)
            offer.form.fields["version"].initial = sent.get(f"{Act.SUBMIT}-version", case.version)
    return bool(words)


def _words(case: Case, user: User, sent: QueryDict, now: datetime) -> str:
    key = sent.get(QUOTE, "") if QUOTE in sent else sent.get("block", "")
    if QUOTE in sent:
        return next((one.text for one in earlier_answers(case, user) if str(one.case.pk) == key), "")
    found = next((row for row in blocks_for(user, case) if str(row.pk) == key), None)
    return filled(found, case, now=now) if found else ""
