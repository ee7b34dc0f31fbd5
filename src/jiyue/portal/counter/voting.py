"""Was this page useful? One click chosen before, a reason if somebody wants to say one, once for each form."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from jiyue.domain.comments import LONGEST_REASON, VOTE
from jiyue.foundation import durable
from jiyue.interaction.letterbox import Contribution, LetterBox, is_token, new_token
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Guard, Tries
from jiyue.portal.counter.sheets import LANGUAGES, Fault, Sheet
from jiyue.portal.counter.voices import Voices
from jiyue.portal.counter.wording import TITLES
from jiyue.portal.counter.writing import Said

logger = logging.getLogger(__name__)
CHOICES = ("yes", "no")


class Voting:
    """Keep one for the life of a process: it counts how often an address sends."""

    def __init__(self, box: LetterBox, guard: Guard) -> None:
        self.box, self.guard = box, guard
        self.sending = Tries(burst=60, seconds_each=2)
        self.sending_unproved = Tries(burst=10, seconds_each=30)

    def opened(self, voices: Voices, asked: Mapping[str, str], *, now: datetime) -> Said:
        lang, useful = "en" if asked.get("lang") == "en" else "", asked.get("useful", "")
        values = {"useful": useful} if useful in CHOICES else {}
        return self._said(voices, new_token(), lang, values, "", now=now)

    def posted(self, voices: Voices, sent: Sent, address: str, host: str, *, now: datetime) -> Said:
        token = sent.get("token") if is_token(sent.get("token")) else new_token()
        lang, go = "en" if sent.get("lang") == "en" else "", sent.get("go")
        values = {name: sent.get(name) for name in ("useful", "reason") if sent.get(name)}
        at: dict[str, Any] = {
            "voices": voices, "token": token, "lang": lang, "values": values, "opened": sent.get("opened"), "now": now
        }  # fmt: skip
        if go.startswith("lang:"):
            return self._said(**at | {"lang": "en" if go == "lang:en" else ""})
        own = sha256(f"{token}:{voices.about}".encode()).hexdigest()[:32]
        if self.box.receipt(own) is not None:
            return _thanks(voices, lang, again=True)
        if not voices.is_open(now):
            return self._said(**at, trouble=voices.state(now))
        faults = _faults(values)
        if faults:
            return self._said(**at, faults=faults)
        code, proved = self.guard.judged(token, sent.texts, now=now.timestamp())
        if code:
            return self._said(**at, faults=(Fault("human", code),), asks_human=True)
        if not (self.sending if proved else self.sending_unproved).spend(address):
            return replace(self._said(**at, trouble="busy"), status=429)
        try:
            self.box.drop_contribution(_vote(voices, own, lang, values, host, now))
        except OSError as error:
            if not durable.is_full(error):
                logger.exception("counter: a vote could not be put into the box")
            return replace(self._said(**at, trouble="full"), status=503)
        return _thanks(voices, lang, again=False)

    def _said(
        self,
        voices: Voices,
        token: str,
        lang: str,
        values: Mapping[str, str],
        opened: str,
        *,
        now: datetime,
        **facts: Any,
    ) -> Said:
        challenge = self.guard.challenge(token, opened, now=now.timestamp())
        more = {"voices": voices, "longest": LONGEST_REASON, "page": 0, "is_open": voices.is_open(now)}
        sheet = Sheet("vote", TITLES["vote"], lang=lang, token=token, challenge=challenge, values=values, more=more)
        return Said(replace(sheet, **facts))


def _faults(values: Mapping[str, str]) -> tuple[Fault, ...]:
    if values.get("useful") not in CHOICES:
        return (Fault("useful", "no_vote"),)
    return (
        (Fault("reason", "reason_too_long", LONGEST_REASON),) if len(values.get("reason", "")) > LONGEST_REASON else ()
    )


def _vote(voices: Voices, token: str, lang: str, values: Mapping[str, str], host: str, now: datetime) -> Contribution:
    # To the minute: enough to see that it came in time, too little to be matched with anybody's log.
    at = now.astimezone(UTC).replace(second=0, microsecond=0).isoformat()
    return Contribution(token, VOTE, voices.about, voices.version, voices.host(host), at, LANGUAGES[lang], dict(values))


def _thanks(voices: Voices, lang: str, *, again: bool) -> Said:
    return Said(Sheet("voted", TITLES["thanks"], lang=lang, more={"voices": voices, "again": again}), ends=True)
