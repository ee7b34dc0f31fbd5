"""Writing a comment: one field, one page to check it, a receipt. Nothing typed is lost, whatever happens meanwhile."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from jiyue.domain.comments import COMMENT, LONGEST, SHORTEST
from jiyue.foundation import durable
from jiyue.interaction.letterbox import LetterBox, NewLetter, NumbersUsedUp, Receipt, is_token, new_token
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Guard, Tries
from jiyue.portal.counter.sheets import LANGUAGES, Fault, Sheet, minute_of
from jiyue.portal.counter.voices import Voices
from jiyue.portal.counter.wording import TITLES
from jiyue.portal.counter.writing import Said

logger = logging.getLogger(__name__)
WRITE, CHECK = "comment", "comment_check"


class Commenting:
    """Keep one for the life of a process: it counts how often an address sends."""

    def __init__(self, box: LetterBox, guard: Guard) -> None:
        self.box, self.guard = box, guard
        self.sending = Tries(burst=30, seconds_each=5)
        self.sending_unproved = Tries(burst=6, seconds_each=60)

    def opened(self, voices: Voices, asked: Mapping[str, str], *, now: datetime) -> Said:
        lang = "en" if asked.get("lang") == "en" else ""
        return self._at(WRITE, voices, new_token(), lang, "", "", now=now)

    def posted(self, voices: Voices, sent: Sent, address: str, host: str, *, now: datetime) -> Said:
        token = sent.get("token") if is_token(sent.get("token")) else new_token()
        lang, text, go = "en" if sent.get("lang") == "en" else "", sent.get("text"), sent.get("go")
        step = CHECK if sent.get("step") == CHECK else WRITE
        at: dict[str, Any] = {
            "voices": voices,
            "token": token,
            "lang": lang,
            "text": text,
            "opened": sent.get("opened"),
            "now": now,
        }
        if go.startswith("lang:"):
            return self._at(step, **at | {"lang": "en" if go == "lang:en" else ""})
        receipt = self.box.receipt(token)
        if receipt is not None:
            return _receipt(voices, lang, receipt, again=True)
        if not voices.is_open(now):
            return self._at(WRITE, **at, trouble=voices.state(now))
        if go == "back":
            return self._at(WRITE, **at)
        faults = _faults(text)
        if faults or step == WRITE:
            return self._at(WRITE if faults else CHECK, **at, faults=faults)
        code, proved = self.guard.judged(token, sent.texts, now=now.timestamp())
        if code:
            return self._at(CHECK, **at, faults=(Fault("human", code),), asks_human=True)
        if not (self.sending if proved else self.sending_unproved).spend(address):
            return replace(self._at(CHECK, **at, trouble="busy"), status=429)
        try:
            receipt = self.box.drop(_letter(voices, token, lang, text, host, now))
        except (OSError, NumbersUsedUp) as error:
            if not (isinstance(error, OSError) and durable.is_full(error)):
                logger.exception("counter: a comment could not be put into the box")
            return replace(self._at(CHECK, **at, trouble="full"), status=503)
        return _receipt(voices, lang, receipt, again=False)

    def _at(
        self, step: str, voices: Voices, token: str, lang: str, text: str, opened: str, *, now: datetime, **facts: Any
    ) -> Said:
        challenge = self.guard.challenge(token, opened, now=now.timestamp())
        more = {
            "voices": voices,
            "longest": LONGEST,
            "page": 0,
            "is_open": voices.is_open(now),
            "state": voices.state(now),
        }
        values = {"text": text} if text else {}
        sheet = Sheet(step, TITLES[step], lang=lang, token=token, challenge=challenge, values=values, more=more)
        return Said(replace(sheet, **facts))


def _faults(text: str) -> tuple[Fault, ...]:
    if not text:
        return (Fault("text", "no_comment"),)
    if len(text) < SHORTEST:
        return (Fault("text", "too_short", SHORTEST),)
    return (Fault("text", "comment_too_long", LONGEST),) if len(text) > LONGEST else ()


def _letter(voices: Voices, token: str, lang: str, text: str, host: str, now: datetime) -> NewLetter:
    fields = {"text": text, "about": voices.about, "version": voices.version}
    return NewLetter(
        token=token, kind=COMMENT, host=voices.host(host), at=now.astimezone(UTC), language=LANGUAGES[lang], fields=fields,
        page=voices.at or voices.address,
    )  # fmt: skip


def _receipt(voices: Voices, lang: str, receipt: Receipt, *, again: bool) -> Said:
    more = {"voices": voices, "receipt": receipt, "again": again, "at": minute_of(receipt.at)}
    return Said(Sheet("comment_receipt", TITLES["comment_receipt"], lang=lang, more=more), ends=True)
