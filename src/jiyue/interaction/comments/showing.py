"""Comments and votes as readers get them: acts whose seal, chain and signed order hold, in one file a page (ADR 0032).

Whoever acts writes the file right after the row is committed; the worker writes what a killed process did not get to. What
does not hold is not told, and nothing becomes public after it; what was hidden or taken back after it is gone all the same.
"""

import hmac
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from jiyue.content.models import Record
from jiyue.domain.actors import process
from jiyue.domain.canonical import canonical
from jiyue.domain.comments import MASK
from jiyue.domain.deadlines import local
from jiyue.foundation import durable
from jiyue.foundation.audit import record as trace
from jiyue.foundation.home import Home
from jiyue.interaction.comments.events import CommentsRefused
from jiyue.interaction.comments.orders import Orders
from jiyue.interaction.models import CommentAct, PageVoices, PageVote
from jiyue.review.ledger import SignOffRefused
from jiyue.review.sealing import seals

logger = logging.getLogger(__name__)
WORKER = process("letters")
VERSION = 1
MOST_AT_ONCE = 50
# Votes are told at most this often on each page: all of its seals are counted anew each time.
REST = timedelta(minutes=1)
FOLDER = "pages"
A = CommentAct.Act
# What a keeper alone may do, and only while the signed order names her.
KEEPERS = frozenset({A.SHOW, A.REFUSE, A.HIDE, A.REPLY})
# What only takes words away counts by its own seal, even behind a row that does not hold.
RESTRICTING = frozenset({A.HIDE, A.WITHDRAW})
_FILE, _FOLDER = 0o640, 0o750


@dataclass(frozen=True)
class Told:
    """The acts that hold, in order, and the number of the first that does not (0: all hold).

    Of what comes after that one only sealed acts that take words away are among them.
    """

    acts: tuple[CommentAct, ...]
    broken: int = 0


def act_facts(act: CommentAct) -> dict[str, Any]:
    """What the seal of an act covers."""
    return {
        "record": act.record_id, "comment": act.comment_id, "number": act.number, "act": act.act, "target": act.target,
        "words": act.words, "ground": act.ground, "article": act.article, "reason": act.reason, "actor": act.actor,
        "by": act.by_id, "at": act.at, "order": act.order, "place": act.place,
        "previous": act.previous,
    }  # fmt: skip


def seal_act(act: CommentAct) -> None:
    act.seal = seals().seal("comment-act", act_facts(act))


def vote_seal(record: Record) -> Callable[[str, str, bool], str]:
    """What seals token, version and judgement of one page's votes. Raises KeyMissing, KeyExposed."""
    key = bytes.fromhex(seals().stand_in("page-votes", {"page": str(record.identity)}))

    def seal(token: str, version: str, is_useful: bool) -> str:
        return hmac.digest(key, f"{token}\n{version}\n{is_useful}".encode(), "sha256").hex()

    return seal


def told(record: Record) -> Told:
    """What was decided about a page's comments, as far as it holds. Raises KeyMissing, KeyExposed, SignOffRefused."""
    orders, previous = Orders(record.site), ""
    found: list[CommentAct] = []
    broken = 0
    rows = CommentAct.objects.filter(record=record).select_related("comment").order_by("number")
    for expected, row in enumerate(rows, start=1):
        if not broken and (row.number != expected or row.previous != previous or not _holds(row, orders)):
            broken = row.number
        if not broken or (row.act in RESTRICTING and _is_sealed(row)):
            found.append(row)
        previous = row.seal
    return Told(tuple(found), broken)


def _is_sealed(row: CommentAct) -> bool:
    return seals().check_seal("comment-act", act_facts(row), row.seal)


def _holds(row: CommentAct, orders: Orders) -> bool:
    if not _is_sealed(row):
        return False
    if row.act not in KEEPERS:
        return True
    order = orders.named(row.place, row.at, version=row.order)
    return order is not None and order.names(row.actor)


def shown(acts: tuple[CommentAct, ...], *, unit: str) -> list[dict[str, Any]]:
    """Comments as the public reads them, the newest shown first; `unit` answers."""
    found: dict[int, dict[str, Any]] = {}
    drafts: dict[int, CommentAct] = {}
    taken_back: set[int] = set()
    for row in acts:
        key = row.comment_id
        if row.act == A.WITHDRAW:
            taken_back.add(key)
        if row.act == A.SHOW and key not in taken_back:
            found[key] = {
                "n": row.number, "on": _day(row.comment.at), "text": row.words, "covered": MASK in row.words, "replies": []
            }  # fmt: skip
        elif row.act in RESTRICTING:
            found.pop(key, None)
        elif row.act == A.REPLY:
            drafts[row.number] = row
        elif row.act == A.APPROVE and key in found and (draft := drafts.get(row.target)) and draft.comment_id == key:
            found[key]["replies"].append({"unit": unit, "on": _day(row.at), "text": draft.words})
    return sorted(found.values(), key=lambda one: -int(one["n"]))


def votes_of(record: Record) -> dict[bool, int]:
    """How many found the page useful and how many did not; a row that was written past the letter box does not count."""
    seal, counted = vote_seal(record), Counter[bool]()
    rows = PageVote.objects.filter(record=record).values_list("token", "version", "is_useful", "seal")
    for token, version, is_useful, own in rows.iterator(chunk_size=2000):
        counted[is_useful] += hmac.compare_digest(seal(token, version, is_useful), own)
    return {True: counted[True], False: counted[False]}


def page_of(record: Record, found: Told) -> dict[str, Any]:
    """What the file of a page says."""
    votes = votes_of(record)
    return {
        "v": VERSION, "page": str(record.identity), "broken": found.broken,
        "comments": shown(found.acts, unit=record.site.owner.name), "useful": votes[True], "useless": votes[False],
    }  # fmt: skip


def file_of(record: Record) -> Path:
    return Home(settings.JIYUE_HOME).prepare().live / record.site.host / FOLDER / f"{record.identity}.json"


def note(record: Record) -> None:
    """Something about a page changed: it is to be told anew. Inside the transaction that changed it."""
    _row, new = PageVoices.objects.get_or_create(record=record, defaults={"turn": 1})
    if not new:
        PageVoices.objects.filter(record=record).update(turn=F("turn") + 1)


def tell(record: Record, *, now: datetime) -> None:
    """Write the file of a page anew, if something changed since. Safe to run twice and to be killed. Raises OSError."""
    path = file_of(record)
    path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    with durable.locked(path.parent / ".lock"):
        row = PageVoices.objects.filter(record=record).first()
        if row is None or row.turn == row.told:
            return
        found = told(record)
        data = canonical(page_of(record, found)).encode()
        if not path.exists() or path.read_bytes() != data:
            durable.replace(path, data, mode=_FILE)
        if found.broken and found.broken != row.broken:
            _say_broken(record, found.broken, now)
        # What changed meanwhile has another turn and stays due.
        PageVoices.objects.filter(pk=row.pk).update(told=row.turn, broken=found.broken)


def _say_broken(record: Record, number: int, now: datetime) -> None:
    logger.error("comments under %s do not hold from act %d on", record.identity, number)
    event = CommentsRefused(
        subject=f"record:{record.identity}", site=record.site.host, title=record.title, number=number
    )
    with transaction.atomic():
        trace(event, by=WORKER, at=now)


def attend(*, now: datetime) -> int:
    """Tell what is due; gives how many pages. One page that cannot be told stops no other, and none is told for votes again
    within `REST`.
    """
    due = PageVoices.objects.exclude(turn=F("told")).select_related("record__site__owner").order_by("pk")
    rows = list(islice((row for row in due.defer("record__body") if not _rests(row.record, now)), MOST_AT_ONCE))
    for row in rows:
        try:
            tell(row.record, now=now)
        except (OSError, SignOffRefused):
            logger.exception("comments under %s could not be told", row.record.identity)
    return len(rows)


def _rests(record: Record, now: datetime) -> bool:
    """Was the file of a page written just now, and nothing decided about its comments since?"""
    try:
        age = now.timestamp() - file_of(record).stat().st_mtime
    except OSError:
        return False
    if not 0 <= age < REST.total_seconds():
        return False
    return not CommentAct.objects.filter(record=record, at__gte=now - 2 * REST).exists()


def _day(at: datetime) -> str:
    return local(at).date().isoformat()
