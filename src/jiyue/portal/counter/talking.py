"""Live enquiries at the counter: beginning one, what is said in it, and its end. The browser alone holds the secret."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any, Final

from jiyue.domain.enquiries import LONGEST_WORD, MOST_FROM_ONE, MOST_WORDS, SHORTEST_FIRST, UNSEEN
from jiyue.domain.letter_files import TYPES, ending
from jiyue.domain.letters import ENQUIRY, LARGEST_WHOLE, MOST_FILES, SCORES, SERVICE, TALK
from jiyue.foundation import durable
from jiyue.interaction.letterbox import Kept, StoredFile, is_token, new_token
from jiyue.interaction.letterbox import talks as box_of
from jiyue.interaction.letterbox.talks import TalkBox, key_of, note_seen, room_of, ticket_of, word_token
from jiyue.portal.counter import talk_words as wording
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Guard, Tries
from jiyue.portal.counter.services import Asked
from jiyue.portal.counter.sheets import LANGUAGES, Fault, Sheet
from jiyue.portal.counter.wording import TITLES
from jiyue.portal.counter.writing import Download, Said, Writing, keep_files
from jiyue.portal.environment import PortalRenderer
from jiyue.portal.wording import minute
from jiyue.publishing.serving.feeds import TALK_COOKIE, secret_in

logger = logging.getLogger(__name__)
FRESH: Final = timedelta(seconds=90)  # a sign that nobody renewed for so long tells of a desk that is not there
KEPT: Final = 24 * 3600  # seconds for which the browser remembers a conversation
ENDED, WAITING = "ended", "waiting"
LONGEST_TITLE, LONGEST_LETTER = 60, 5000


@dataclass(frozen=True)
class Turn:
    """Who asks, in which language, and what was typed."""

    secret: str
    host: str
    lang: str = ""
    token: str = ""
    opened: str = ""
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    about: Asked | None = None


class Talking:
    """Conversations of all sites of a home. Keep one for the life of a process."""

    def __init__(self, box: TalkBox, guard: Guard, writing: Writing) -> None:
        self.waiting_from: dict[str, set[str]] = {}  # what was begun from an address, as far as it waits
        self.box, self.guard, self.writing = box, guard, writing
        # A hall with one address for everybody still gets through.
        self.beginning = Tries(burst=60, seconds_each=5)
        self.beginning_unproved = Tries(burst=10, seconds_each=30)
        self.saying = Tries(burst=15, seconds_each=2)
        self.saying_from = Tries(burst=300, seconds_each=0.1)
        self.keeping = Tries(burst=100, seconds_each=3)
        self.taking = Tries(burst=30, seconds_each=10)

    def is_known(self, host: str, cookies: str) -> bool:
        """Is there a desk at this site, or a conversation that this browser began there?"""
        return self.box.sign(host) is not None or self._page(secret_in(cookies), host) is not None

    def opened(self, lang: str, cookies: str, host: str, *, about: Asked | None = None, now: datetime) -> Said:
        """The conversation of this browser, or how to begin one."""
        turn = Turn(secret_in(cookies), host, lang, about=about)
        page = self._page(turn.secret, host)
        return self._conversation(turn, page) if page else self._start(turn, now=now)

    def posted(
        self, sent: Sent, address: str, cookies: str, host: str, *, about: Asked | None = None, now: datetime
    ) -> Said:
        token = sent.get("token") if is_token(sent.get("token")) else new_token()
        lang, go = "en" if sent.get("lang") == "en" else "", sent.get("go")
        turn = Turn(secret_in(cookies), host, lang, token, sent.get("opened"), sent.get("text"), about=about)
        if go == "other":  # it is about something else than the page by which she came
            turn = replace(turn, about=None)
        if go.startswith("lang:"):
            turn = replace(turn, lang="en" if go == "lang:en" else "")
        page = self._page(turn.secret, host)
        faults = tuple(keep_files(self.writing.box, turn.token, sent, self.keeping, address)) if page else ()
        if page is not None and faults and go != "say":
            return self._conversation(turn, page, faults=faults)
        if go == "letter":
            return self._letter(turn, page, now=now)
        if page is None:
            return self._begin(turn, sent, address, now=now) if go == "begin" else self._start(turn, now=now)
        if go == "new" and page["state"].startswith(ENDED):
            return self._start(replace(turn, secret="", text=""), now=now)
        if go.startswith("remove:"):
            self.box.drafts.remove(turn.token, go.removeprefix("remove:"))
        if go == "end":
            return self._act(turn, page, box_of.END, {}, address, now=now)
        if go == "rate" and sent.get("score") in SCORES:
            return self._act(turn, page, box_of.RATE, {"score": sent.get("score")}, address, now=now)
        if go == "say":
            return self._say(turn, page, address, faults, now=now)
        return self._conversation(turn, page)

    def taken(self, name: str, cookies: str, host: str, lang: str, address: str) -> Said | None:
        """A file that an officer handed back, for whoever holds the secret; None for one of whom there is no conversation."""
        turn = Turn(secret_in(cookies), host, lang)
        page = self._page(turn.secret, host)
        if page is None:
            return None
        files = (file for word in page["words"] for file in word.get("files", ()))
        file = next((one for one in files if name and one["id"] == name), None)
        room = room_of(turn.secret)
        if not (self.taking.spend(room) and self.taking.spend(address)):
            return self._conversation(turn, page, trouble="often")
        data = self.box.enclosures.read(room, name, ticket_of(key_of(turn.secret))) if file else None
        if file is None or data is None:
            return self._conversation(turn, page, trouble="gone")
        kind = TYPES.get(ending(file["name"]), "application/octet-stream")
        return Said(Sheet("talk", TITLES["talk"], lang=lang), download=Download(file["name"], name, kind, data))

    def saved(self, cookies: str, host: str, lang: str, renderer: PortalRenderer) -> str | None:
        """The conversation as plain text, for whoever holds its secret."""
        page = self._page(secret_in(cookies), host)
        if page is None:
            return None
        return "\n".join(self._lines(page, lambda text: renderer.said(text, LANGUAGES[lang])))

    # ── beginning ──

    def _start(self, turn: Turn, *, now: datetime, faults: tuple[Fault, ...] = (), trouble: str = "",
               asks_human: bool = False) -> Said:  # fmt: skip
        """The page before: whether the desk is open, and what is kept and read by whom."""
        why, sign = self._why_closed(turn.host, now)
        token = turn.token or new_token()
        challenge = self.guard.challenge(token, turn.opened, now=now.timestamp())
        following = sign.get("next", "")
        more = {
            "sign": sign, "why": why, "next": minute(datetime.fromisoformat(following)) if following else "",
            "longest": LONGEST_WORD, "talk": wording,
        }  # fmt: skip
        sheet = Sheet(
            "talk_start", TITLES["talk"], lang=turn.lang, token=token, challenge=challenge,
            values={"text": turn.text} if turn.text else {}, faults=faults, trouble=trouble, asks_human=asks_human, more=more,
            asked=turn.about,
        )  # fmt: skip
        # The browser gets the secret before anything is said: a foreign page that posts here has none, and begins nothing.
        secret = turn.secret or new_token()
        return Said(
            sheet, {"busy": 429, "talk_many": 429, "full": 503}.get(trouble, 200), ends=True, cookie=_cookie(secret)
        )

    def _begin(self, turn: Turn, sent: Sent, address: str, *, now: datetime) -> Said:
        if not turn.secret:
            return self._start(turn, now=now, trouble="talk_cookie")
        faults = _faults(turn.text, SHORTEST_FIRST)
        if faults:
            return self._start(turn, now=now, faults=faults)
        why, _sign = self._why_closed(turn.host, now)
        if why:
            return self._start(turn, now=now, trouble="talk_closed")
        code, proved = self.guard.judged(turn.token, sent.texts, now=now.timestamp())
        if code:
            return self._start(turn, now=now, faults=(Fault("human", code),), asks_human=True)
        if not (self.beginning if proved else self.beginning_unproved).spend(address):
            return self._start(turn, now=now, trouble="busy")
        if self._waits_from(address) >= MOST_FROM_ONE:
            return self._start(turn, now=now, trouble="talk_many")
        service = {SERVICE: turn.about.code} if turn.about else {}
        said = self._said(turn, box_of.OPEN, {"text": turn.text, **service}, now)
        try:
            if not self.box.spend(turn.token, said.room):
                return self._start(replace(turn, token="", opened=""), now=now, trouble="talk_again")
            self.box.drop(replace(said, key=key_of(turn.secret).hex()))
            self.box.create(turn.secret, _first_page(turn, said))
        except OSError as error:
            return self._start(turn, now=now, trouble=_full(error))
        self.waiting_from.setdefault(_network(address), set()).add(turn.secret)
        page = self._page(turn.secret, turn.host)
        fresh = replace(turn, text="", token="")
        return (
            replace(self._conversation(fresh, page), cookie=_cookie(turn.secret))
            if page
            else self._start(turn, now=now)
        )

    def _waits_from(self, address: str) -> int:
        """How many in the queue were begun from this network."""
        if len(self.waiting_from) > 50_000:
            self.waiting_from.clear()
        key = _network(address)
        pages = {secret: self.box.read(secret) for secret in self.waiting_from.pop(key, ())}
        waiting = {secret for secret, page in pages.items() if page and page["state"].startswith(WAITING)}
        if waiting:
            self.waiting_from[key] = waiting
        return len(waiting)

    def _why_closed(self, host: str, now: datetime) -> tuple[str, dict[str, Any]]:
        sign = self.box.sign(host) or {}
        try:
            is_fresh = abs(now - datetime.fromisoformat(sign["at"])) < FRESH
        except (KeyError, ValueError, TypeError):
            is_fresh = False
        why = str(sign.get("why", "")) if is_fresh else "nobody"
        return (why if why in ("", *wording.WHY) else "nobody"), sign

    # ── within ──

    def _say(
        self, turn: Turn, page: Mapping[str, Any], address: str, wrong: tuple[Fault, ...], *, now: datetime
    ) -> Said:  # fmt: skip
        if page["state"].startswith(ENDED):
            return self._conversation(turn, page, trouble="talk_over")
        files = self.box.drafts.of(turn.token)
        bare = word_token(turn.token, room_of(turn.secret), box_of.SAY, turn.text)
        if not files and not wrong and self.box.said_by(turn.token) == bare:  # pressed twice: it is in, with its files
            return self._conversation(replace(turn, text="", token=""), page, done=box_of.SAY)
        # Files alone say something too.
        said = () if files and not turn.text else _faults(turn.text, 1)
        faults = (*said, *wrong, *_of_the_files(page, files))
        if faults:
            return self._conversation(turn, page, faults=faults)
        if page["seq"] >= MOST_WORDS:
            return self._conversation(turn, page, trouble="talk_long")
        return self._act(turn, page, box_of.SAY, {"text": turn.text}, address, now=now, files=files)

    def _act(
        self, turn: Turn, page: Mapping[str, Any], act: str, fields: Mapping[str, str], address: str, *, now: datetime,
        files: tuple[Kept, ...] = (),
    ) -> Said:  # fmt: skip
        if not (self.saying.spend(room_of(turn.secret)) and self.saying_from.spend(address)):
            return self._conversation(turn, page, trouble="talk_quick")
        said = self._said(turn, act, fields, now, files)
        try:
            self.box.drop(said.proved(key_of(turn.secret)), [self.box.drafts.path(turn.token, kept) for kept in files])
            if files:
                self.box.spend(turn.token, word_token(turn.token, said.room, act, turn.text))
        except OSError as error:
            return self._conversation(turn, page, trouble=_full(error))
        if files:
            self.box.drafts.forget(turn.token)
        shown = [{"id": "", "name": kept.name, "size": kept.size} for kept in files]
        sent = {"t": said.token, "text": fields["text"], "at": said.at, "files": shown} if act == box_of.SAY else None
        return self._conversation(replace(turn, text="", token=""), page, sent=sent, done=act)

    def _said(
        self, turn: Turn, act: str, fields: Mapping[str, str], now: datetime, files: tuple[Kept, ...] = ()
    ) -> box_of.Said:  # fmt: skip
        at = now.astimezone(UTC).isoformat(timespec="milliseconds")
        room = room_of(turn.secret)
        token = word_token(turn.token, room, act, fields.get("text", fields.get("score", "")), files)
        rows = enumerate(files, start=1)
        stored = tuple(StoredFile(n, kept.name, kept.size, kept.digest, kept.type) for n, kept in rows)
        return box_of.Said(token, room, act, turn.host, at, LANGUAGES[turn.lang], dict(fields), files=stored)

    def _conversation(
        self, turn: Turn, page: Mapping[str, Any], *, faults: tuple[Fault, ...] = (), trouble: str = "",
        sent: Mapping[str, Any] | None = None, done: str = "",
    ) -> Said:  # fmt: skip
        words = list(page["words"])
        if sent is not None and all(word["t"] != sent["t"] for word in words):
            words.append({"n": 0, "act": "say", "mine": True, "label": "", "text": sent["text"], "at": sent["at"],
                          "t": sent["t"], "pending": True, "files": sent["files"]})  # fmt: skip
        state, _dash, rest = str(page["state"]).partition("-")
        more = {
            "page": page, "words": words, "state": state, "place": rest if state == WAITING else "", "done": done,
            "is_over": state == ENDED, "longest": LONGEST_WORD, "talk": wording, "moment": datetime.fromisoformat,
            "unseen": int(UNSEEN.total_seconds() // 60),
            "idle": (self.box.sign(turn.host) or {}).get("idle", ""), "taken": any(w["act"] == "take" for w in words),
        }  # fmt: skip
        sheet = Sheet(
            "talk", TITLES["talk"], lang=turn.lang, token=turn.token or new_token(), faults=faults, trouble=trouble,
            values={"text": turn.text} if turn.text else {}, more=more,
            files=self.box.drafts.of(turn.token) if turn.token else (),
        )  # fmt: skip
        status = {"talk_quick": 429, "often": 429, "gone": 404, "full": 503, "talk_over": 409, "talk_long": 409}.get(
            trouble, 422 if faults else 200
        )
        return Said(sheet, status, ends=True)

    # ── afterwards ──

    def _letter(self, turn: Turn, page: Mapping[str, Any] | None, *, now: datetime) -> Said:
        """A letter with what was said in it; who it is from, and whether it may be public, is asked there as always."""
        values: dict[str, str] = {}
        if page is not None:
            said = [word["text"] for word in page["words"] if word["mine"]]
            lines = self._lines(page, lambda text: text)
            text = _ending([*lines, turn.text] if turn.text else lines)
            values = {"text": text.strip(), "title": said[0].partition("\n")[0][:LONGEST_TITLE] if said else ""}
            if not page.get("letter"):
                values[TALK] = room_of(turn.secret)
        elif turn.text:
            values = {"text": turn.text}
        return self.writing.begun(
            ENQUIRY, {name: value for name, value in values.items() if value}, turn.lang, about=turn.about,
            now=now.timestamp(), token=turn.token,
        )  # fmt: skip

    def _lines(self, page: Mapping[str, Any], said: Any) -> list[str]:
        """The conversation line by line, in the words of a language."""
        lines = []
        for word in page["words"]:
            at = minute(datetime.fromisoformat(word["at"]))
            if word["act"] in ("say", "late", "answer"):
                names = "、".join(file["name"] for file in word.get("files", ()))
                beside = f"（{said(wording.FILES)}：{names}）" if names else ""
                lines.append(f"{at} {said(wording.YOU) if word['mine'] else word['label']}：{word['text']}{beside}")
            else:
                told = wording.told(word)
                lines.append(f"{at} {said(told) % {'label': word['label']}}")
        return lines

    def _page(self, secret: str, host: str) -> dict[str, Any] | None:
        page = self.box.read(secret) if is_token(secret) else None
        if page is None or page.get("host") != host:
            return None
        note_seen(self.box.room_file(room_of(secret)))
        return page


def _ending(lines: list[str]) -> str:
    """As many of the last lines as a letter holds, and a word about what is left out; its reader has the whole."""
    whole = "\n".join(lines)
    if len(whole) <= LONGEST_LETTER:
        return whole
    kept, room = list[str](), LONGEST_LETTER - len(wording.CUT) - 1
    for line in reversed(lines):
        if len(line) + 1 > room:
            break
        kept, room = [line, *kept], room - len(line) - 1
    return "\n".join([wording.CUT, *kept])


def _cookie(secret: str) -> str:
    return f"{TALK_COOKIE}={secret}; Path=/hudong/; Max-Age={KEPT}; HttpOnly; SameSite=Lax"


def _network(address: str) -> str:
    """Whom an address belongs to: of IPv6 a household has a whole /64."""
    try:
        found = ip_address(address.rpartition(",")[2].strip())
    except ValueError:
        return address
    return str(found) if found.version == 4 else str(ip_network(f"{found}/64", strict=False))


def _faults(text: str, shortest: int) -> tuple[Fault, ...]:
    if not text:
        return (Fault("text", "no_words"),)
    if len(text) < shortest:
        return (Fault("text", "too_short", shortest),)
    return (Fault("text", "words_too_long", LONGEST_WORD),) if len(text) > LONGEST_WORD else ()


def _of_the_files(page: Mapping[str, Any], files: tuple[Kept, ...]) -> tuple[Fault, ...]:
    """What a visitor hands in during one conversation is bounded as the files of one letter are: it may become one."""
    before = [file["size"] for word in page["words"] if word["mine"] for file in word.get("files", ())]
    count, size = len(before) + len(files), sum(before) + sum(kept.size for kept in files)
    is_too_much = files and (count > MOST_FILES or size > LARGEST_WHOLE)
    return (Fault("files", "talk_files_many", MOST_FILES),) if is_too_much else ()


def _first_page(turn: Turn, said: box_of.Said) -> dict[str, Any]:
    """What stands there until the worker has looked."""
    word = {
        "n": 1,
        "changed": 1,
        "act": "say",
        "mine": True,
        "label": "",
        "text": turn.text,
        "at": said.at,
        "t": said.token,
    }
    return {
        "v": 1, "seq": 0, "state": WAITING, "host": turn.host, "unit": "", "end": "", "rating": 0, "letter": False,
        "words": [word],
    }  # fmt: skip


def _full(error: OSError) -> str:
    if not durable.is_full(error) and not isinstance(error, box_of.BoxFull):
        logger.exception("counter: what was said could not be put into the box")
    return "full"
