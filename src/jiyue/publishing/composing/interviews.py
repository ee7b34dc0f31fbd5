"""Interviews and transcripts as pages: from what was signed, with how they stand at the moment of baking."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from jiyue.domain.campaigns import OVER, standing
from jiyue.domain.interviews import guests_in
from jiyue.publishing import pages
from jiyue.publishing.frame import Link
from jiyue.publishing.models import PublicItem
from jiyue.publishing.reading import Reader, picture_of


def interview_parts(reader: Reader, item: PublicItem, content: dict[str, Any], *, at_origin: str) -> dict[str, Any]:
    """What an interview shows besides what all documents show, by the names of `pages.InterviewPage`.

    `at_origin` is the address of its page at its own site, where questions are taken and live words are told.
    """
    detail = content["detail"]
    opens_at, closes_at = (_moment(detail[name]) or reader.at for name in ("opens_at", "closes_at"))
    state, _turns_at = standing(opens_at=opens_at, closes_at=closes_at, at=reader.at)
    transcripts = tuple(_transcripts(reader, item))
    return {
        "purpose": detail["purpose"], "asked_by": detail["asked_by"], "contact": detail["contact"],
        "opens_at": opens_at, "closes_at": closes_at, "state": state, "transcripts": transcripts,
        "ask": counter_address(at_origin, "ask") if detail["takes_questions"] and state != OVER else "",
        "live": counter_address(at_origin, "live") if detail["has_live"] and not transcripts else "",
        "picture": picture_of(content["cover"]), **_seated(detail),
    }  # fmt: skip


def transcript_parts(reader: Reader, content: dict[str, Any]) -> dict[str, Any]:
    """What a transcript shows besides, by the names of `pages.TranscriptPage`."""
    named = content["detail"]["meeting"]
    found = reader.listed_item(named) if named else None
    if found is None:
        return {}
    told = reader.content(found)
    return {
        "interview": Link(title=told["title"], address=found.address), "opens_at": _moment(told["detail"]["opens_at"]),
        **_seated(told["detail"]),
    }  # fmt: skip


def counter_address(address: str, way: str) -> str:
    """Where the counter answers for the page at this address, which may be on another host."""
    host, mark, path = address.partition("://")
    origin = f"{host}://{path.split('/', 1)[0]}" if mark else ""
    return f"{origin}/hudong/{way}?of={quote(address.removeprefix(origin))}"


def _seated(detail: dict[str, Any]) -> dict[str, Any]:
    guests = tuple(pages.Seated(name=guest.name, post=guest.post) for guest in guests_in(detail["guests"]))
    return {"host_name": detail["host_name"], "guests": guests, "video": detail["video_address"]}


def _transcripts(reader: Reader, item: PublicItem) -> Iterator[Link]:
    for found, content in reader.transcripts_of(item.identity):
        yield Link(title=content["title"], address=found.address)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
