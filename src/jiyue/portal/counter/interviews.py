"""Interviews at the counter: asking the guests, and the words told live for whoever has no script."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from jiyue.domain.campaigns import COMING, OPEN, OVER, standing
from jiyue.domain.interviews import LONGEST_QUESTION, speakers
from jiyue.foundation import durable
from jiyue.interaction.letterbox import Contribution, LetterBox, is_token, new_token
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Guard, Tries
from jiyue.portal.counter.sheets import LANGUAGES, Fault, Sheet
from jiyue.portal.counter.wording import TITLES
from jiyue.portal.counter.writing import Said
from jiyue.publishing.serving.feeds import LARGEST, file_for

logger = logging.getLogger(__name__)
INTERVIEW: Final = "interview"
SHORTEST: Final = 4
RELOADS: Final = 30  # seconds until a page without script asks again
_PICTURE = re.compile(r"[0-9a-f]{32}\.(?:jpg|png)")


@dataclass(frozen=True)
class Interview:
    """An announced interview as its signed data tell it. `address` is that of its page, `about` its identity."""

    about: str
    version: str
    address: str
    title: str
    opens_at: datetime
    closes_at: datetime
    takes_questions: bool
    has_live: bool
    seated: tuple[str, ...]

    def state(self, now: datetime) -> str:
        return standing(opens_at=self.opens_at, closes_at=self.closes_at, at=now)[0]

    def takes(self, now: datetime) -> bool:
        return self.takes_questions and self.state(now) != OVER


def interview_of(data: bytes, address: str) -> Interview | None:
    """The interview in the data of a page; None when the page is another kind of record."""
    try:
        told = json.loads(data)
        record = told["record"]
        detail = record["detail"]
        if record["kind"] != INTERVIEW:
            return None
        seated = speakers(detail["host_name"], detail["guests"])
        return Interview(
            about=record["identity"], version=told["version"], address=address, title=record["title"],
            opens_at=datetime.fromisoformat(detail["opens_at"]), closes_at=datetime.fromisoformat(detail["closes_at"]),
            takes_questions=detail["takes_questions"], has_live=detail["has_live"], seated=tuple(seated.values())[:-1],
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


class Asking:
    """Questions to the guests of an interview. Keep one for the life of a process."""

    def __init__(self, box: LetterBox, guard: Guard) -> None:
        self.box, self.guard = box, guard
        self.sending = Tries(burst=60, seconds_each=1)
        self.sending_unproved = Tries(burst=10, seconds_each=20)

    def opened(self, interview: Interview, asked: Mapping[str, str], *, now: datetime) -> Said:
        lang = "en" if asked.get("lang") == "en" else ""
        return self._said(interview, new_token(), lang, "", "", now=now)

    def posted(self, interview: Interview, sent: Sent, address: str, host: str, *, now: datetime) -> Said:
        token = sent.get("token") if is_token(sent.get("token")) else new_token()
        lang, text, opened = "en" if sent.get("lang") == "en" else "", sent.get("text"), sent.get("opened")
        go = sent.get("go")
        if go.startswith("lang:"):
            return self._said(interview, token, "en" if go == "lang:en" else "", text, opened, now=now)
        said = self._said(interview, token, lang, text, opened, now=now)
        if self.box.receipt(token) is not None:
            return self._thanks(interview, lang, again=True)
        if not interview.takes(now):
            return _with(said, trouble="over")
        faults = _faults(text)
        if faults:
            return _with(said, faults=faults)
        code, proved = self.guard.judged(token, sent.texts, now=now.timestamp())
        if code:
            return _with(said, faults=(Fault("human", code),), asks_human=True)
        if not (self.sending if proved else self.sending_unproved).spend(address):
            return replace(_with(said, trouble="busy"), status=429)
        try:
            self.box.drop_contribution(_contribution(interview, token, lang, text, host, now))
        except OSError as error:
            if not durable.is_full(error):
                logger.exception("counter: a question could not be put into the box")
            return replace(_with(said, trouble="full"), status=503)
        return self._thanks(interview, lang, again=False)

    def _said(self, interview: Interview, token: str, lang: str, text: str, opened: str, *, now: datetime) -> Said:
        challenge = self.guard.challenge(token, opened, now=now.timestamp())
        more = {"interview": interview, "takes": interview.takes(now), "page": 0, "longest": LONGEST_QUESTION}
        values = {"text": text} if text else {}
        title = interview.title
        return Said(Sheet("ask", title, lang=lang, token=token, challenge=challenge, values=values, more=more))

    def _thanks(self, interview: Interview, lang: str, *, again: bool) -> Said:
        more = {"interview": interview, "again": again}
        return Said(Sheet("asked", TITLES["thanks"], lang=lang, more=more), ends=True)


class LiveWords:
    """The words of interviews of one home, as they lie there for readers."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def shown(self, interview: Interview, asked: Mapping[str, str], host: str, *, now: datetime) -> Said:
        """The page of words: without script it asks again by itself, until somebody stops that."""
        page = self._page(host, interview) or {"seq": 0, "state": "on", "words": []}
        state = page["state"] if page["state"] != "on" or interview.state(now) == OPEN else interview.state(now)
        is_on = state in ("on", OPEN, COMING) or (state == OVER and page["state"] == "on")
        stopped = asked.get("stop") == "1" or not is_on
        words = list(reversed(page["words"]))
        more = {
            "interview": interview, "words": words, "seq": page["seq"], "state": state, "is_on": is_on, "stopped": stopped,
            "transcript": page.get("transcript", ""), "reloads": RELOADS, "at": now.astimezone(UTC),
            "takes": interview.takes(now), "moment": datetime.fromisoformat,
        }  # fmt: skip
        head = "" if stopped else f'<noscript><meta http-equiv="refresh" content="{RELOADS}"></noscript>\n'
        lang = "en" if asked.get("lang") == "en" else ""
        return Said(Sheet("live", interview.title, lang=lang, head=head, more=more), ends=True)

    def picture(self, interview: Interview, name: str, host: str) -> bytes | None:
        """A picture that one of the words shows now."""
        page = self._page(host, interview)
        shown = {word["picture"]["name"] for word in page["words"] if word["picture"]} if page else set()
        if not _PICTURE.fullmatch(name) or name not in shown:
            return None
        try:
            return file_for(self.home, host, interview.about).with_name(name).read_bytes()
        except OSError:
            return None

    def _page(self, host: str, interview: Interview) -> dict[str, Any] | None:
        try:
            with file_for(self.home, host, interview.about).open("rb") as file:
                found: dict[str, Any] = json.loads(file.read(LARGEST))
        except (OSError, ValueError):
            return None
        return found


def _with(said: Said, **facts: Any) -> Said:
    return replace(said, sheet=replace(said.sheet, **facts))


def _faults(text: str) -> tuple[Fault, ...]:
    if not text:
        return (Fault("text", "no_question"),)
    if len(text) < SHORTEST:
        return (Fault("text", "too_short", SHORTEST),)
    return (Fault("text", "question_too_long", LONGEST_QUESTION),) if len(text) > LONGEST_QUESTION else ()


def _contribution(interview: Interview, token: str, lang: str, text: str, host: str, now: datetime) -> Contribution:
    # To the minute: enough to see that it came in time, too little to be matched with anybody's log.
    at = now.astimezone(UTC).replace(second=0, microsecond=0).isoformat()
    fields = {"text": text}
    return Contribution(token, INTERVIEW, interview.about, interview.version, host, at, LANGUAGES[lang], fields)
