"""Writing a letter: from the first question to the receipt. Everything typed travels in the pages; nothing expires."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from jiyue.domain.letter_files import FileRefused, shown_name
from jiyue.domain.letters import ERROR_REPORT, KINDS, LEADER, LEADER_LETTER, MATTER, SERVICE, TALK, problems, tidied
from jiyue.foundation import durable
from jiyue.interaction.letterbox import LetterBox, NewLetter, NoRoom, NumbersUsedUp, Receipt, is_token, new_token
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Guard, Tries
from jiyue.portal.counter.mailboxes import Mailbox, chosen
from jiyue.portal.counter.services import Asked
from jiyue.portal.counter.sheets import LANGUAGES, Fault, Sheet, minute_of
from jiyue.portal.counter.wording import TITLES
from jiyue.publishing.serving.addresses import BadTarget, parse_target

logger = logging.getLogger(__name__)
TYPED: Final = tuple(dict.fromkeys(field.name for kind in KINDS.values() for field in kind.fields))
CARRIED: Final = (*TYPED, "page", TALK)
LONGEST_PAGE: Final = 500


@dataclass(frozen=True)
class Download:
    """A private file for the one who opened its ticket; `plain` is its name for programs that read no other characters."""

    name: str
    plain: str
    type: str
    data: bytes


@dataclass(frozen=True)
class Said:
    """A sheet and the status it is said with; `ends` is a page that no shared computer should show again.

    `cookie` is what the browser shall remember, for surveys only. `download` is handed out in the place of the sheet.
    """

    sheet: Sheet
    status: int = 200
    ends: bool = False
    cookie: str = ""
    download: Download | None = None


class Writing:
    """The way of one letter. Keep one for the life of a process."""

    def __init__(self, box: LetterBox, guard: Guard) -> None:
        self.box, self.guard = box, guard
        # Offices share one address, so the limits are those of an office.
        self.sending = Tries(burst=60, seconds_each=1)
        self.sending_unproved = Tries(burst=10, seconds_each=20)
        self.keeping = Tries(burst=100, seconds_each=3)

    def opened(
        self, asked: Mapping[str, str], host: str, *, mailboxes: tuple[Mailbox, ...] = (), about: Asked | None = None,
        talks: bool = False, now: float,
    ) -> Said:  # fmt: skip
        """The first page, or the second when the address names the kind. `about` is the guide by which somebody came."""
        kind = asked.get("kind", "")
        values = {"page": asked.get("page", "")[:LONGEST_PAGE]} if page_of_site(asked.get("page", ""), host) else {}
        sheet = Sheet("kind", "", lang="en" if asked.get("lang") == "en" else "", token=new_token(), values=values)
        sheet = replace(sheet, mailboxes=mailboxes, asked=about, more={"talks": talks})
        if kind in sheet.kinds:
            named = {"leader": asked["leader"][:36]} if kind == LEADER_LETTER and asked.get("leader") else {}
            sheet = replace(sheet, kind=kind, values={**values, **named})
        return Said(self._at(sheet, sheet.pages[0] if sheet.kind else "kind", now=now))

    def begun(
        self,
        kind: str,
        values: Mapping[str, str],
        lang: str,
        *,
        now: float,
        about: Asked | None = None,
        token: str = "",
    ) -> Said:
        """The page of the matter with something in it already, and with the files that were kept under `token`."""
        files = self.box.drafts.of(token) if token else ()
        sheet = Sheet(
            "kind", "", lang=lang, kind=kind, token=token if files else new_token(), values=values, files=files, asked=about,
        )  # fmt: skip
        return Said(self._at(sheet, MATTER, now=now))

    def posted(
        self, sent: Sent, address: str, host: str, *, mailboxes: tuple[Mailbox, ...] = (), about: Asked | None = None,
        talks: bool = False, now: datetime,
    ) -> Said:  # fmt: skip
        """What follows what was typed: the next page, or this one with what is wrong."""
        sheet = self._read(sent, now=now.timestamp())
        sheet = replace(sheet, mailboxes=mailboxes, asked=about, more={"talks": talks})
        steps = steps_of(sheet.kind, sheet.values)
        step = sent.get("step") if sent.get("step") in steps else "kind"
        go = sent.get("go")
        faults = self._keep_files(sheet.token, sent, address)
        sheet = replace(sheet, files=self.box.drafts.of(sheet.token))
        if go.startswith("remove:"):
            self.box.drafts.remove(sheet.token, go.removeprefix("remove:"))
            return Said(self._at(replace(sheet, files=self.box.drafts.of(sheet.token)), step, now=now.timestamp()))
        if go.startswith("change:") and go[7:] in steps:
            return Said(self._at(replace(sheet, from_check=True), go[7:], now=now.timestamp()))
        if go == "other":  # it is about something else than the page by which she came
            return Said(self._at(replace(sheet, asked=None), step, now=now.timestamp()))
        if go == "back":
            step = steps[max(0, steps.index(step) - 1)]
            return Said(self._at(sheet, step, now=now.timestamp()))
        if go.startswith("lang:"):
            return Said(self._at(replace(sheet, lang="en" if go == "lang:en" else ""), step, now=now.timestamp()))
        faults = [*self._faults(sheet, step, host), *faults]
        if faults:
            at = self._page_of(sheet, faults[0]) if step == "check" else step
            return Said(self._at(replace(sheet, faults=tuple(faults)), at, now=now.timestamp()))
        if step == "check":
            return self._sent(sheet, sent, address, host, now=now)
        following = steps[steps.index(step) + 1]
        if sheet.from_check and step != "kind":
            following = "check"
        return Said(self._at(sheet, following, now=now.timestamp()))

    # ── reading ──

    def _read(self, sent: Sent, *, now: float) -> Sheet:
        token = sent.get("token") if is_token(sent.get("token")) else new_token()
        kind = sent.get("kind") if sent.get("kind") in KINDS else ""
        values = {name: sent.get(name) for name in CARRIED if sent.get(name)}
        return Sheet(
            "kind", "", lang="en" if sent.get("lang") == "en" else "", kind=kind, token=token, values=values,
            challenge=self.guard.challenge(token, sent.get("opened"), now=now), from_check=sent.get("from_check") == "1",
        )  # fmt: skip

    def _at(self, sheet: Sheet, step: str, *, now: float) -> Sheet:
        step = step if sheet.kind else "kind"
        challenge = sheet.challenge or self.guard.challenge(sheet.token, "", now=now)
        return replace(sheet, name=step, title=TITLES[step], challenge=challenge)

    def _keep_files(self, token: str, sent: Sent, address: str) -> list[Fault]:
        return keep_files(self.box, token, sent, self.keeping, address)

    def _faults(self, sheet: Sheet, step: str, host: str) -> list[Fault]:
        if not sheet.kind:
            return [Fault("kind", "missing")]
        every = sheet.pages
        pages = every if step == "check" else tuple(page for page in every if page == step)
        own = fields_of(sheet)
        found = [Fault(p.field, p.code, p.limit) for page in pages for p in problems(sheet.kind, own, page=page)]
        if LEADER in pages and sheet.values.get("leader"):
            found += _of_the_mailbox(chosen(sheet.mailboxes, sheet.values["leader"]))
        if MATTER in pages and sheet.kind == ERROR_REPORT and is_elsewhere(sheet.values.get("page", ""), host):
            found.insert(0, Fault("page", "not_of_this_site"))
        return found

    def _page_of(self, sheet: Sheet, fault: Fault) -> str:
        """Where a fault that was found at the end can be mended."""
        return next((f.page for f in KINDS[sheet.kind].fields if f.name == fault.field), MATTER)

    # ── sending ──

    def _sent(self, sheet: Sheet, sent: Sent, address: str, host: str, *, now: datetime) -> Said:
        receipt = self.box.receipt(sheet.token)
        if receipt is not None:
            return self._receipt(sheet, receipt, again=True)
        moment = now.timestamp()
        fault, proved = self._human(sheet, sent, moment)
        if fault is not None:
            return Said(replace(self._at(sheet, "check", now=moment), faults=(fault,), asks_human=True))
        if not (self.sending if proved else self.sending_unproved).spend(address):
            return Said(replace(self._at(sheet, "check", now=moment), trouble="busy"), 429)
        try:
            receipt = self.box.drop(self._letter(sheet, host, now), sheet.files)
        except (OSError, NumbersUsedUp) as error:
            if not (isinstance(error, OSError) and durable.is_full(error)):
                logger.exception("counter: a letter could not be put into the box")
            return Said(replace(self._at(sheet, "check", now=moment), trouble="full"), 503)
        self.box.drafts.forget(sheet.token)
        return self._receipt(sheet, receipt, again=False)

    def _human(self, sheet: Sheet, sent: Sent, moment: float) -> tuple[Fault | None, bool]:
        """A fault, or none and whether a script proved itself."""
        code, proved = self.guard.judged(sheet.token, sent.texts, now=moment)
        return (Fault("human", code) if code else None), proved

    def _letter(self, sheet: Sheet, host: str, now: datetime) -> NewLetter:
        page = page_of_site(sheet.values.get("page", ""), host) if sheet.kind == ERROR_REPORT else ""
        return NewLetter(
            token=sheet.token, kind=sheet.kind, host=host, at=now.astimezone(UTC), language=LANGUAGES[sheet.lang],
            fields=fields_of(sheet), page=page, to=sheet.addressee,
        )  # fmt: skip

    def _receipt(self, sheet: Sheet, receipt: Receipt, *, again: bool) -> Said:
        more = {"receipt": receipt, "again": again, "at": minute_of(receipt.at)}
        return Said(replace(sheet, name="receipt", title=TITLES["receipt"], more=more), ends=True)


def _of_the_mailbox(mailbox: Mailbox | None) -> list[Fault]:
    """A leader who has no mailbox on this site, or one that was closed while the letter was being written."""
    if mailbox is None:
        return [Fault("leader", "no_mailbox")]
    return [] if mailbox.is_open else [Fault("leader", "mailbox_closed", 0, mailbox.words)]


def steps_of(kind: str, given: Mapping[str, str]) -> tuple[str, ...]:
    """The pages of a letter of this kind in their order; before a kind is chosen, the question which."""
    return ("kind", *KINDS[kind].pages_for(given), "check") if kind else ("kind",)


def fields_of(sheet: Sheet) -> dict[str, str]:
    """What was typed into fields of this kind; words about a place typed where an address was asked count as place."""
    asked = [field for field in KINDS[sheet.kind].fields if field.is_asked(sheet.values)]
    found = {field.name: sheet.values[field.name] for field in asked if sheet.values.get(field.name)}
    page = sheet.values.get("page", "")
    if is_token(sheet.values.get(TALK, "")):
        found[TALK] = sheet.values[TALK]
    if sheet.about is not None:
        found[SERVICE] = sheet.about.code
    if sheet.kind == ERROR_REPORT:
        found.pop("place", None)
        if page and not _is_address(page):
            found["place"] = page
    return found


def keep_files(box: LetterBox, token: str, sent: Sent, rate: Tries, address: str) -> list[Fault]:
    """Keep what came; gives a fault for each file that was not taken."""
    faults = []
    for file in sent.files:
        name = shown_name(file.name)
        try:
            if not rate.spend(address):
                raise NoRoom("too many files from one address")
            box.drafts.keep(token, name, file.data)
        except FileRefused as refused:
            faults.append(Fault("files", refused.code, refused.limit, name))
        except OSError as error:
            if not isinstance(error, NoRoom) and not durable.is_full(error):
                logger.exception("counter: a file could not be kept")
            faults.append(Fault("files", "no_room", 0, name))
    return faults


def page_of_site(text: str, host: str) -> str:
    """The path of a page of this site, given as path or as whole address; empty for everything else."""
    text = tidied(text)
    if not _is_address(text) or len(text) > LONGEST_PAGE:
        return ""
    try:
        parts = urlsplit(text)
        if text.startswith("/") and (parts.netloc or parts.scheme):
            return ""
        if parts.netloc and (parts.scheme not in ("http", "https") or (parts.hostname or "") != host):
            return ""
        target = parse_target((parts.path or "/").encode())
    except (ValueError, BadTarget):
        return ""
    return target.path if target.is_servable else ""


def is_elsewhere(text: str, host: str) -> bool:
    """An address, but none of this site?"""
    return _is_address(text) and not page_of_site(text, host)


def _is_address(text: str) -> bool:
    return text.startswith("/") or "://" in text[:12]
