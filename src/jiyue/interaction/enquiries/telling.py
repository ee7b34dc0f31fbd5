"""What a visitor reads of her conversation: written into the file that her secret opens, after each step is committed.

A process that dies between the two leaves the conversation marked as due, and the worker writes it a moment later.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from jiyue.domain.enquiries import INNER, VISITORS, Act, State
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectDamaged, ObjectMissing, ObjectStore
from jiyue.interaction.letterbox.talks import TalkBox, ticket_of
from jiyue.interaction.models import Enquiry, EnquiryFile, EnquiryWord
from jiyue.interaction.sealed import opened

logger = logging.getLogger(__name__)
KEY = "enquiry"
MOST_AT_ONCE = 400
_INNER = [act.value for act in INNER]


def key_for(enquiry: Enquiry) -> bytes:
    """What locks the visitor's file. Raises sealed.NotOurs."""
    return bytes.fromhex(opened(KEY, enquiry.room, enquiry.key)["key"])


def page_of(enquiry: Enquiry) -> dict[str, Any]:
    """The conversation as the visitor reads it."""
    words = enquiry.words.exclude(act__in=_INNER).prefetch_related("files").order_by("number")
    state = f"waiting-{enquiry.place}" if enquiry.state == State.WAITING else str(enquiry.state)
    if enquiry.case_id or enquiry.rating:
        state += "-done"
    return {
        "v": 1, "seq": enquiry.last, "state": state, "host": enquiry.site.host, "unit": enquiry.desk.owner.name,
        "end": enquiry.end, "rating": enquiry.rating or 0, "letter": enquiry.case_id is not None,
        "words": [_word(word) for word in words],
    }  # fmt: skip


def _word(word: EnquiryWord) -> dict[str, Any]:
    act = Act(word.act)
    return {
        "n": word.number, "changed": word.number, "act": act.value, "mine": act in VISITORS, "label": word.label,
        "text": word.text, "at": word.at.astimezone(UTC).isoformat(timespec="seconds"),
        "t": (word.token or "") if act in VISITORS else "",
        "files": [{"id": "" if act in VISITORS else one.mark, "name": one.name, "size": one.size} for one in word.files.all()],
    }  # fmt: skip


def tell(enquiry: Enquiry) -> None:
    """Write the file as the conversation stands now. Raises OSError."""
    box = TalkBox(Home(settings.JIYUE_HOME).prepare())
    with durable.locked(box.rooms / "locks" / enquiry.room[:2]):
        row = Enquiry.objects.select_related("site", "desk__owner").get(pk=enquiry.pk)
        key = key_for(row)
        _lock_files(box, row, key)  # before the page names them
        box.write(row.room, key, page_of(row))
        # A step meanwhile has another number, a shift of the queue another place, and leave it due.
        facts = {"last": row.last, "place": row.place, "state": row.state, "rating": row.rating, "case": row.case_id}
        Enquiry.objects.filter(pk=row.pk, **facts).update(told_due=False)


def _lock_files(box: TalkBox, row: Enquiry, key: bytes) -> None:
    """What officers handed back, locked as the page is, so that its visitor alone can take it away."""
    handed = EnquiryFile.objects.filter(word__enquiry=row, word__act=Act.ANSWER).select_related("word")
    store = ObjectStore(Home(settings.JIYUE_HOME))
    for file in handed:
        if box.enclosures.size(row.room, file.mark) is not None:
            continue
        try:
            data = store.get(file.digest)
        except (ObjectMissing, ObjectDamaged) as error:  # told; the visitor is told when she asks for it
            logger.error("live enquiries: a file of %s cannot be given out: %s", row, type(error).__name__)
            continue
        box.enclosures.put(row.room, file.mark, ticket_of(key), data, at=datetime.now(UTC))


def tell_or_leave_due(enquiry: Enquiry) -> bool:
    """As `tell`, for many in turn: what one of them lacks holds up no other. One whose key opens nothing is due no more."""
    try:
        tell(enquiry)
    except ValueError as error:
        logger.error("live enquiries: %s can never be told: %s", enquiry, type(error).__name__)
        Enquiry.objects.filter(pk=enquiry.pk).update(told_due=False)
    except Exception as error:  # noqa: BLE001  # a full disk, say: the next round tries again
        logger.error("live enquiries: %s could not be told: %s", enquiry, type(error).__name__)
    else:
        return True
    return False


def tell_due() -> int:
    """Write what a killed process did not, and what changed for who waits; gives how many."""
    due = list(Enquiry.objects.filter(told_due=True).order_by("pk")[:MOST_AT_ONCE])
    return sum(tell_or_leave_due(enquiry) for enquiry in due)


def count_places(*, now: datetime) -> None:
    """Who waits learns how many are before her."""
    places: dict[int, int] = {}
    waiting = Enquiry.objects.filter(state=State.WAITING).order_by("desk", "opened_at", "pk")
    for key, desk, place in waiting.values_list("pk", "desk", "place"):
        places[desk] = places.get(desk, 0) + 1
        if place != places[desk]:
            Enquiry.objects.filter(pk=key, state=State.WAITING).update(place=places[desk], told_due=True)
