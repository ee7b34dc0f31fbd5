"""The letter box itself: citizens' letters go in whole or not at all, and the worker takes them out (docs/adr/0022)."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from jiyue.domain.comments import COMMENT
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox.drafts import Drafts, Kept, lock_of
from jiyue.interaction.letterbox.enclosures import Enclosures
from jiyue.interaction.letterbox.receipts import Noted, Receipt, Receipts
from jiyue.interaction.letterbox.stored import (
    CONTRIBUTION,
    LETTER,
    STOP,
    TOKEN,
    WORD,
    Contribution,
    Damaged,
    Letter,
    NotStored,
    Stop,
    StoredFile,
    TicketKey,
    Word,
    checked_token,
    read,
)
from jiyue.interaction.letterbox.tickets import Tickets

RECEIPTS_KEPT: Final = timedelta(days=3)
DRAFTS_KEPT: Final = timedelta(days=2)
_TRIES = 200  # numbers that may be taken before the day's are used up
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_FILE, _FOLDER = 0o600, 0o700
# Until the worker has looked: what the sender may do with a letter that only lies in the box.
_MAY_AT_FIRST = ("supplement", "withdraw")
_MAY_OF = {COMMENT: ("withdraw",)}


class NumbersUsedUp(RuntimeError):
    """No free number was found for this day."""


@dataclass(frozen=True)
class NewLetter:
    """A letter before it has a number. `fields` are tidied and without problems (domain.letters)."""

    token: str
    kind: str
    host: str
    at: datetime
    language: str
    fields: Mapping[str, str]
    page: str = ""
    to: str = ""  # the leader to whom it is written, as the page named him


@dataclass(frozen=True)
class NewWord:
    """A further word before it is proved."""

    token: str
    number: str
    act: str
    at: datetime
    fields: Mapping[str, str]


class LetterBox:
    """The box of one home. Several processes may use it at once; each may be killed at any moment."""

    def __init__(self, home: Home) -> None:
        self.folder = home.letters
        self.inside = self.folder / "in"
        self.tmp = self.folder / "tmp"
        self.damaged = self.folder / "damaged"
        self.tickets = Tickets(home)
        self.receipts = Receipts(home)
        self.drafts = Drafts(home)
        self.enclosures = Enclosures(home)
        within = (
            self.inside,
            self.tmp,
            self.damaged,
            self.tickets.folder,
            self.receipts.folder,
            self.enclosures.folder,
        )
        for folder in (self.folder, *within):
            folder.mkdir(mode=_FOLDER, exist_ok=True)

    # ── what the counter does ──

    def drop(self, letter: NewLetter, files: Sequence[Kept] = ()) -> Receipt:
        """Put a letter in; it is on the disk when this returns. The same token again gives the same receipt.

        Steps: ticket, receipt, letter and its files, mark that it was sent. After a kill between two of them the same
        page sent again goes on with the same number. Raises OSError (a full disk too), NumbersUsedUp, BadToken.
        """
        with durable.locked(lock_of(self.tmp, letter.token)):
            noted = self.receipts.read(letter.token) or self._noted(letter)
            if not noted.sent:
                self._put(letter.token, noted.stored, LETTER, self._letter(letter, noted, files).written(), files)
                self.receipts.write(letter.token, replace(noted, sent=True))
            return noted.receipt

    def drop_word(self, word: NewWord, key: TicketKey, files: Sequence[Kept] = ()) -> None:
        """Put a further word of a sender in, proved by the key of the ticket. Raises as `drop`."""
        with durable.locked(lock_of(self.tmp, word.token)):
            if self.receipts.read(word.token) is not None:
                return
            at = _written(word.at)
            proved = Word(word.token, word.number, word.act, at, dict(word.fields), _stored(files)).proved(key)
            self._put(word.token, word.token, WORD, proved.written(), files)
            self.receipts.write(word.token, Noted(Receipt(word.number, "", at), sent=True))

    def drop_contribution(self, given: Contribution) -> bool:
        """Put an answered survey or an opinion in; False when one of this token is in already. Raises as `drop`."""
        with durable.locked(lock_of(self.tmp, given.token)):
            if self.receipts.read(given.token) is not None:
                return False
            self._put(given.token, given.token, CONTRIBUTION, given.written(), ())
            self.receipts.write(given.token, Noted(Receipt("", "", given.at), sent=True))
            return True

    def drop_stop(self, number: str, secret: str, *, at: datetime) -> None:
        """Ask that no more mail be sent about a letter; the same again is the same. Raises as `drop`."""
        token = hashlib.sha256(f"stop:{number}:{secret}".encode()).hexdigest()[:32]
        with durable.locked(lock_of(self.tmp, token)):
            if self.receipts.read(token) is None:
                self._put(token, token, STOP, Stop(token, number, secret, _written(at)).written(), ())
                self.receipts.write(token, Noted(Receipt(number, "", _written(at)), sent=True))

    def receipt(self, token: str) -> Receipt | None:
        """The receipt of a letter that was sent under this token."""
        noted = self.receipts.read(token)
        return noted.receipt if noted and noted.sent else None

    def _noted(self, letter: NewLetter) -> Noted:
        code = self.tickets.new_code()
        key = self.tickets.issue(code)
        number = self._numbered(letter, key)
        noted = Noted(Receipt(number, code, _written(letter.at)), new_token(), key.salt.hex(), key.key.hex())
        self.receipts.write(letter.token, noted)
        return noted

    def _numbered(self, letter: NewLetter, key: TicketKey) -> str:
        day = letter.at.astimezone(_SHANGHAI).strftime("%Y%m%d")
        for _try in range(_TRIES):
            number = f"{day}-{secrets.randbelow(1_000_000):06d}"
            with suppress(FileExistsError):
                self.tickets.create(number, key, first_state(letter, number))
                return number
        raise NumbersUsedUp(day)

    def _letter(self, letter: NewLetter, noted: Noted, files: Sequence[Kept]) -> Letter:
        return Letter(
            token=noted.stored, number=noted.receipt.number, kind=letter.kind, host=letter.host, at=noted.receipt.at,
            language=letter.language, fields=dict(letter.fields), page=letter.page, files=_stored(files),
            ticket=TicketKey(bytes.fromhex(noted.salt), bytes.fromhex(noted.key)),
        )  # fmt: skip

    def _put(self, form: str, token: str, name: str, data: bytes, files: Sequence[Kept]) -> None:
        folder = self.tmp / f"put-{token}-{secrets.token_hex(4)}"
        folder.mkdir(mode=_FOLDER)
        try:
            for n, kept in enumerate(files, start=1):
                os.link(self.drafts.path(form, kept), folder / str(n))  # its bytes were settled when it was kept
            durable.write_new(folder / name, data, mode=_FILE)
            durable.settle(folder)
            with suppress(FileExistsError, NotADirectoryError):
                self._rename(folder, self.inside / token)
            durable.settle(self.inside)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def _rename(folder: Path, target: Path) -> None:
        # A folder with something in it is never replaced: then the letter is in already, from before a kill.
        try:
            os.rename(folder, target)
        except OSError as error:
            if not any((target / name).exists() for name in (LETTER, WORD, CONTRIBUTION, STOP)):
                raise
            raise FileExistsError(str(target)) from error

    # ── what the worker does ──

    def waiting(self) -> Iterator[Letter | Word | Contribution | Stop | Damaged]:
        """What lies in the box, in the order in which it came; each is read when its turn comes."""
        with os.scandir(self.inside) as entries:
            arrived = sorted((entry.stat(follow_symlinks=False).st_mtime_ns, entry.name) for entry in entries)
        for _at, name in arrived:
            try:
                yield read(self.inside / name)
            except FileNotFoundError:
                continue  # another process took it meanwhile
            except NotStored as error:
                yield Damaged(name, str(error))

    def file(self, letter: Letter | Word, n: int) -> Path:
        """Where the n-th file of a waiting letter lies, until it is taken. Raises KeyError."""
        if n not in {file.n for file in letter.files}:
            raise KeyError(n)
        return self.inside / checked_token(letter.token) / str(n)

    def taken(self, token: str) -> None:
        """Remove what the database keeps now; may be said twice."""
        gone = self.tmp / f"gone-{checked_token(token)}-{secrets.token_hex(4)}"
        with suppress(FileNotFoundError):
            os.rename(self.inside / token, gone)
            durable.settle(self.inside)
            shutil.rmtree(gone, ignore_errors=True)

    def set_aside(self, name: str) -> None:
        """Put what is no letter where it waits for a person; nothing is thrown away."""
        if os.sep in name or name in ("", ".", ".."):
            raise ValueError(repr(name))
        with suppress(FileNotFoundError):
            os.rename(self.inside / name, self.damaged / f"{name[:64]}-{secrets.token_hex(4)}")
            durable.settle(self.inside)

    def clear(self, *, now: datetime) -> int:
        """Forget receipts, files of letters that nobody sent, and what senders could take away long enough; gives how many."""
        old = now.timestamp() - DRAFTS_KEPT.total_seconds()
        left = [path for path in self.tmp.iterdir() if path.name != "locks"]
        gone = list(durable.leftovers(left, older_than=old))
        for path in gone:
            shutil.rmtree(path, ignore_errors=True)
        receipts = self.receipts.clear(older_than=now.timestamp() - RECEIPTS_KEPT.total_seconds())
        return len(gone) + receipts + self.enclosures.clear(now=now)


def first_state(letter: NewLetter, number: str) -> dict[str, object]:
    """What the ticket of a new letter says; the worker writes the later ones with the same keys."""
    at = _written(letter.at)
    step = {"at": at, "state": "received", "text": "", "until": "", "why": ""}
    return {
        "v": 1, "number": number, "title": letter.fields.get("title", ""), "kind": letter.kind, "state": "received",
        "steps": [step], "reply": "", "may": list(_MAY_OF.get(letter.kind, _MAY_AT_FIRST)), "unit": "", "to": letter.to,
    }  # fmt: skip


def is_token(text: str) -> bool:
    return bool(TOKEN.fullmatch(text))


def new_token() -> str:
    """The name of a form that was just opened."""
    return secrets.token_hex(16)


def _stored(files: Sequence[Kept]) -> tuple[StoredFile, ...]:
    rows = enumerate(files, start=1)
    return tuple(StoredFile(n, kept.name, kept.size, kept.digest, kept.type) for n, kept in rows)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
