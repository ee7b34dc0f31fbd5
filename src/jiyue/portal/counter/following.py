"""Following a case by number and code, the further words of its sender, and the files that she may take away."""

import logging
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from jiyue.domain.deadlines import local
from jiyue.domain.letter_files import TYPES, ending, shown_name
from jiyue.domain.letters import WITH_FILES, WORDS, code_of, number_of, problems_of_word
from jiyue.foundation import durable
from jiyue.interaction.letterbox import Kept, LetterBox, NewWord, Opened, is_token, new_token
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Tries
from jiyue.portal.counter.sheets import Fault, Sheet, minute_of
from jiyue.portal.counter.wording import TITLES
from jiyue.portal.counter.writing import Download, Said, keep_files

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Turn:
    """What was asked: number and code, and perhaps an act."""

    number: str
    code: str
    act: str = ""
    token: str = ""
    values: dict[str, str] = field(default_factory=dict)


class Following:
    """Wrong codes are counted for each number and each address; right ones cost nothing."""

    def __init__(self, box: LetterBox) -> None:
        self.box = box
        self.by_number = Tries(burst=10, seconds_each=60)
        self.by_address = Tries(burst=30, seconds_each=10)
        self.saying = Tries(burst=20, seconds_each=10)
        self.keeping = Tries(burst=100, seconds_each=3)
        self.taking = Tries(burst=30, seconds_each=10)

    def opened(self, lang: str) -> Said:
        return Said(Sheet("follow", TITLES["follow"], lang=lang))

    def posted(self, sent: Sent, address: str, *, now: datetime) -> Said:
        lang = "en" if sent.get("lang") == "en" else ""
        typed = {"number": sent.get("number"), "code": sent.get("code")}
        asked = Sheet("follow", TITLES["follow"], lang=lang, values=typed)
        number, code = number_of(typed["number"]), code_of(typed["code"])
        faults = [*_unread("number", typed["number"], number), *_unread("code", typed["code"], code)]
        if number is None or code is None:
            return Said(replace(asked, faults=tuple(faults)))
        if min(self.by_number.left(number), self.by_address.left(address)) < 1:
            return Said(replace(asked, faults=(Fault("code", "too_many_tries"),)), 429)
        opened = self.box.tickets.open(number, code)
        if opened is None:
            self.by_number.spend(number)
            self.by_address.spend(address)
            return Said(replace(asked, faults=(Fault("code", "not_found"),)))
        if sent.get("take"):
            return self._taken(opened, Turn(number, code), sent.get("take"), address, lang, now)
        act = sent.get("act") if sent.get("act") in WORDS else ""
        token = sent.get("token") if is_token(sent.get("token")) else new_token()
        turn = Turn(number, code, act, token, {f.name: sent.get(f.name) for f in WORDS[act]} if act else {})
        return self._act(opened, turn, sent, address, lang, now) if act else self._case(opened, turn, lang, now=now)

    def _taken(self, opened: Opened, turn: Turn, name: str, address: str, lang: str, now: datetime) -> Said:
        """A letter or what came with an answer, while it may be taken."""
        file = next((one for one in _plain(opened.state)["files"] if one["id"] == name), None)
        if file is None or _is_over(file, now):
            return self._case(opened, turn, lang, trouble="gone", now=now)
        if not self.taking.spend(turn.number) or not self.taking.spend(address):
            return self._case(opened, turn, lang, trouble="often", now=now)
        data = self.box.enclosures.read(turn.number, name, opened.key)
        if data is None:
            logger.error("counter: a file that a ticket names is not there")
            return self._case(opened, turn, lang, trouble="gone", now=now)
        kind = TYPES.get(ending(file["name"]), "application/octet-stream")
        sheet = Sheet("case", TITLES["case"], lang=lang)
        return Said(sheet, download=Download(shown_name(file["name"]), name, kind, data))

    def _act(self, opened: Opened, turn: Turn, sent: Sent, address: str, lang: str, now: datetime) -> Said:
        if self.box.receipt(turn.token) is not None:
            return self._case(opened, Turn(turn.number, turn.code), lang, done=turn.act, now=now)
        if turn.act not in _may(opened):
            return self._case(opened, Turn(turn.number, turn.code), lang, trouble="not_now", now=now)
        files: tuple[Kept, ...] = ()
        faults: list[Fault] = []
        if turn.act in WITH_FILES:
            faults = keep_files(self.box, turn.token, sent, self.keeping, address)
            go = sent.get("go")
            if go.startswith("remove:"):
                self.box.drafts.remove(turn.token, go.removeprefix("remove:"))
            files = self.box.drafts.of(turn.token)
            if go.startswith("remove:"):
                return self._case(opened, turn, lang, now=now)
        given = {name: value for name, value in turn.values.items() if value}
        faults = [*(Fault(p.field, p.code, p.limit) for p in problems_of_word(turn.act, given)), *faults]
        if faults:
            return self._case(opened, turn, lang, faults=tuple(faults), now=now)
        if not self.saying.spend(address):
            return self._case(opened, turn, lang, trouble="busy", now=now)
        word = NewWord(turn.token, turn.number, turn.act, now, given)
        try:
            self.box.drop_word(word, opened.key, files)
        except OSError as error:
            if not durable.is_full(error):
                logger.exception("counter: a word could not be put into the box")
            return self._case(opened, turn, lang, trouble="full", now=now)
        self.box.drafts.forget(turn.token)
        return self._case(opened, Turn(turn.number, turn.code), lang, done=turn.act, now=now)

    def _case(
        self,
        opened: Opened,
        turn: Turn,
        lang: str,
        *,
        now: datetime,
        faults: tuple[Fault, ...] = (),
        trouble: str = "",
        done: str = "",
    ) -> Said:
        state = _plain(opened.state)
        offered = [one for one in state["files"] if not _is_over(one, now)]
        more = {
            "offered": offered, "over": len(offered) < len(state["files"]),
            "state": state, "number": turn.number, "code": turn.code, "done": done, "act": turn.act,
            "may": [act for act in WORDS if act in state["may"] and act != done],
            "tokens": {act: turn.token if act == turn.act else new_token() for act in WORDS},
        }  # fmt: skip
        files = self.box.drafts.of(turn.token) if turn.act else ()
        sheet = Sheet(
            "case", TITLES["case"], lang=lang, kind=str(state["kind"]), values=turn.values, files=files, faults=faults,
            trouble=trouble, more=more,
        )  # fmt: skip
        return Said(sheet, {"busy": 429, "often": 429, "full": 503}.get(trouble, 200), ends=True)


def _unread(name: str, typed: str, read: str | None) -> list[Fault]:
    if read is not None:
        return []
    return [Fault(name, ("not_a_number" if name == "number" else "not_a_code") if typed else "missing")]


def _may(opened: Opened) -> list[str]:
    return list(_plain(opened.state)["may"])


def _plain(state: dict[str, Any]) -> dict[str, Any]:
    """A state with every key that the page reads, whatever version of the worker wrote it."""
    texts = {
        name: str(state.get(name) or "")
        for name in ("number", "title", "kind", "state", "reply", "unit", "until", "to", "class")
    }
    steps = [
        {name: str(step.get(name) or "") for name in ("at", "state", "text", "until", "why")}
        for step in state.get("steps", ()) if isinstance(step, dict)
    ]  # fmt: skip
    for step in steps:
        step["at"] = minute_of(step["at"])
    may = [act for act in state.get("may", ()) if isinstance(act, str)]
    files = [
        {**{name: str(one.get(name) or "") for name in ("id", "name", "until")}, "size": int(one.get("size") or 0)}
        for one in state.get("files", ()) if isinstance(one, dict)
    ]  # fmt: skip
    return {**texts, "steps": steps, "may": may, "files": files}


def _is_over(file: dict[str, Any], now: datetime) -> bool:
    """The last day on which it may be taken is past."""
    try:
        return date.fromisoformat(file["until"]) < local(now).date()
    except ValueError:
        return True
