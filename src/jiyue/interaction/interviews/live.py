"""Words said live as readers get them: rows whose seal, chain and signed plan hold, written into one file a while after.

The console writes the file right after the row is committed, the worker writes it again each second where a process died
between the two. What does not hold is not told, and neither is what was said after it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from jiyue.content.models import Interview
from jiyue.domain.actors import process
from jiyue.domain.canonical import canonical
from jiyue.domain.interviews import EARLY, LATE, PUBLIC
from jiyue.foundation import durable
from jiyue.foundation.audit import record
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.interaction.interviews.events import LiveWordsRefused
from jiyue.interaction.interviews.plans import Plan, Plans
from jiyue.interaction.models import LiveWord
from jiyue.review.sealing import seals

logger = logging.getLogger(__name__)
WORKER = process("letters")
VERSION = 1
TranscriptOf = Callable[[UUID], str]
_FILE, _FOLDER = 0o640, 0o750


@dataclass(frozen=True)
class Told:
    """The rows that hold, in order, and the number of the first that does not (0: all hold)."""

    rows: tuple[LiveWord, ...]
    broken: int = 0


def word_facts(word: LiveWord) -> dict[str, Any]:
    """What the seal of a word covers."""
    return {
        "interview": word.interview_id, "number": word.number, "act": word.act, "target": word.target,
        "speaker": word.speaker, "text": word.text, "picture": word.picture, "reason": word.reason,
        "question": word.question_id, "version": word.version, "recorder": word.recorder, "by": word.by_id,
        "at": word.at, "previous": word.previous,
    }  # fmt: skip


def seal_word(word: LiveWord) -> None:
    word.seal = seals().seal("live-word", word_facts(word))


def told(interview: Interview) -> Told:
    """What was said, as far as it holds. Raises KeyMissing, KeyExposed."""
    plans, previous = Plans(interview), ""
    found: list[LiveWord] = []
    rows = LiveWord.objects.filter(interview=interview).order_by("number")
    for expected, row in enumerate(rows, start=1):
        if row.number != expected or row.previous != previous or not _holds(row, plans):
            return Told(tuple(found), row.number)
        found.append(row)
        previous = row.seal
    return Told(tuple(found))


def _holds(row: LiveWord, plans: Plans) -> bool:
    plan = plans.at(row.at)
    if plan is None or plan.version != row.version or not plan.names(row.recorder) or not plan.is_open(row.at):
        return False
    return seals().check_seal("live-word", word_facts(row), row.seal)


def words_of(rows: tuple[LiveWord, ...], plan: Plan) -> list[dict[str, Any]]:
    """Each word as it stands now, in the order in which they were said; one taken back tells only that it was."""
    found: dict[int, dict[str, Any]] = {}
    names = plan.speakers
    for row in rows:
        if row.act == LiveWord.Act.SAY:
            found[row.number] = {
                "n": row.number, "changed": row.number, "at": row.at.isoformat(timespec="seconds"), "state": "said",
                "who": names.get(row.speaker, ""), "public": row.speaker == PUBLIC, "text": row.text,
                "picture": _shown(row.picture),
            }  # fmt: skip
        elif row.act == LiveWord.Act.AMEND:
            found[row.target] |= {"changed": row.number, "state": "amended", "text": row.text}
        elif row.act == LiveWord.Act.TAKE_BACK:
            found[row.target] |= {"changed": row.number, "state": "taken_back", "text": "", "picture": None}
    return list(found.values())


def _shown(picture: dict[str, Any]) -> dict[str, Any] | None:
    if not picture:
        return None
    return {"name": picture_name(picture), **{name: picture[name] for name in ("width", "height", "alt")}}


def picture_name(picture: dict[str, Any]) -> str:
    return f"{picture['digest'][:32]}.{picture['ending']}"


def page_of(interview: Interview, *, transcript: str, now: datetime) -> dict[str, Any] | None:
    """What the file of an interview says; None where there is nothing to be told (any more)."""
    plan = Plans(interview).at(now)
    if plan is None:
        return None
    found = told(interview)
    last = found.rows[-1] if found.rows else None
    ended = any(row.act == LiveWord.Act.CLOSE for row in found.rows) or now >= plan.closes_at + LATE
    return {
        "v": VERSION, "interview": str(interview.identity), "seq": last.number if last else 0,
        "state": "moved" if transcript else "over" if ended else "on", "transcript": transcript,
        "broken": found.broken, "words": [] if transcript else words_of(found.rows, plan),
    }  # fmt: skip


def file_of(interview: Interview) -> Path:
    return _folder(interview) / f"{interview.identity}.json"


def tell(interview: Interview, *, now: datetime, transcript: str = "") -> bool:
    """Write the file anew where it does not say what holds; gives whether it was written. Raises OSError."""
    path = file_of(interview)
    path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    with durable.locked(path.parent / ".lock"):
        page = page_of(interview, transcript=transcript, now=now)
        before = path.read_bytes() if path.exists() else b""
        data = canonical(page).encode() if page is not None else b""
        if data == before:
            return False
        if page is None:
            path.unlink()
            return True
        _put_pictures(interview, page)
        durable.replace(path, data, mode=_FILE)
    return True


def _put_pictures(interview: Interview, page: dict[str, Any]) -> None:
    shown = {word["picture"]["name"] for word in page["words"] if word["picture"]}
    store, folder = ObjectStore(Home(settings.JIYUE_HOME)), _folder(interview)
    for row in LiveWord.objects.filter(interview=interview).exclude(picture={}):
        path = folder / picture_name(row.picture)
        if path.name in shown and not path.exists():
            durable.replace(path, store.get(row.picture["digest"]), mode=_FILE)
        elif path.name not in shown:
            path.unlink(missing_ok=True)


def _folder(interview: Interview) -> Path:
    return Home(settings.JIYUE_HOME).prepare().live / interview.site.host


def attend(*, now: datetime, transcript_of: TranscriptOf) -> None:
    """Bring the files of interviews that are on along; what does not hold is told once."""
    on = Interview.objects.filter(
        has_live=True, opens_at__lte=now + EARLY, closes_at__gt=now - LATE - timedelta(minutes=5)
    )
    _bring_along(list(on.select_related("site")), now=now, transcript_of=transcript_of)


def attend_past(*, now: datetime, transcript_of: TranscriptOf) -> None:
    """The same for all that were ever on: their end, a withdrawal, and the transcript that takes their place."""
    spoken = Interview.objects.filter(pk__in=LiveWord.objects.values("interview"))
    _bring_along(list(spoken.select_related("site")), now=now, transcript_of=transcript_of)


def _bring_along(interviews: list[Interview], *, now: datetime, transcript_of: TranscriptOf) -> None:
    for interview in interviews:
        changed = tell(interview, now=now, transcript=transcript_of(interview.identity))
        broken = told(interview).broken if changed else 0
        if broken:
            logger.error("live words of %s do not hold from number %d on", interview.identity, broken)
            event = LiveWordsRefused(
                subject=f"record:{interview.identity}", site=interview.site.host, title=interview.title, number=broken
            )
            record(event, by=WORKER, at=now)
