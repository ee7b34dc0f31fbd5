"""Keeping machines off without shutting people out: rates, a computed proof, and a plain question for whoever has no script."""

import hashlib
import hmac
import os
import secrets
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jiyue.foundation import durable
from jiyue.foundation.home import Home

PROOF_BITS: Final = 14  # a second of a slow telephone; the script computes while the page is read
QUICKEST: Final = 3  # seconds in which nobody fills in a letter
LONGEST_PROOF: Final = 20
_NUMERALS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


class Tries:
    """So many a while for each key; looked at before, spent after. A bucket that refills."""

    def __init__(self, *, burst: int, seconds_each: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.burst, self.seconds_each, self.clock = burst, seconds_each, clock
        self._left: dict[str, tuple[float, float]] = {}

    def left(self, key: str) -> float:
        left, at = self._left.get(key, (float(self.burst), self.clock()))
        return min(float(self.burst), left + (self.clock() - at) / self.seconds_each)

    def spend(self, key: str) -> bool:
        """Take one; False when there was none.

        Asking in vain costs nothing: else it would never refill for whoever asks again too soon, nor for a hall with one address.
        """
        left = self.left(key)
        if left < 1:
            return False
        if len(self._left) > 50_000:
            self._left.clear()
        self._left[key] = (left - 1, self.clock())
        return True


@dataclass(frozen=True)
class Challenge:
    """What belongs to one form: when it was opened, sealed, and the sum that a person without script is asked."""

    opened: str
    first: int
    second: int


class Guard:
    """Seals forms with a key of the counter's own, so that all its processes know each other's."""

    def __init__(self, home: Home) -> None:
        self._key = _own_key(home.letters / "counter.key")

    def challenge(self, token: str, opened: str, *, now: float) -> Challenge:
        """The challenge of a form; a time that is not sealed by us begins anew."""
        if self._opened_at(token, opened) is None:
            stamp = str(int(now))
            opened = f"{stamp}.{self._seal(token, stamp)}"
        digest = hmac.digest(self._key, f"sum:{token}".encode(), "sha256")
        return Challenge(opened, 1 + digest[0] % 9, 1 + digest[1] % 9)

    def is_too_quick(self, token: str, opened: str, *, now: float) -> bool:
        at = self._opened_at(token, opened)
        return at is None or now - at < QUICKEST

    def is_proved(self, token: str, opened: str, proof: str) -> bool:
        """Did a script compute for this form what a script can compute?"""
        if self._opened_at(token, opened) is None or not proof.isascii() or not 0 < len(proof) <= LONGEST_PROOF:
            return False
        digest = hashlib.sha256(f"{token}:{opened}:{proof}".encode()).digest()
        return int.from_bytes(digest[:4], "big") >> (32 - PROOF_BITS) == 0

    def is_answered(self, token: str, answer: str) -> bool:
        challenge = self.challenge(token, "", now=0)
        return number_said(answer) == challenge.first + challenge.second

    def judged(self, token: str, sent: Mapping[str, str], *, now: float) -> tuple[str, bool]:
        """The code of what is wrong with the proof that a person sends this form, or nothing; and whether a script proved it."""
        opened, answer = sent.get("opened", ""), sent.get("human", "")
        if answer:
            return "" if self.is_answered(token, answer) else "not_human", False
        # The trap is a field that nobody sees: machines fill in what they find, and are then asked like anybody else.
        if sent.get("website") or not self.is_proved(token, opened, sent.get("proof", "")):
            return "missing", False
        return "too_quick" if self.is_too_quick(token, opened, now=now) else "", True

    def _opened_at(self, token: str, opened: str) -> int | None:
        stamp, _dot, seal = opened.partition(".")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and seal.isascii()):
            return None
        return int(stamp) if hmac.compare_digest(seal, self._seal(token, stamp)) else None

    def _seal(self, token: str, stamp: str) -> str:
        return hmac.new(self._key, f"{token}:{stamp}".encode(), "sha256").hexdigest()[:32]


def number_said(text: str) -> int | None:
    """A number up to nineteen in digits or Chinese characters."""
    plain = unicodedata.normalize("NFKC", text).strip(" 。.")
    if plain.isascii() and plain.isdigit() and len(plain) < 4:
        return int(plain)
    plain = plain.removeprefix("一") if plain.startswith("一十") else plain
    tens, rest = (10, plain[1:]) if plain.startswith("十") else (0, plain)
    if not rest and tens:
        return tens
    return tens + _NUMERALS.index(rest) if rest in _NUMERALS[:10] else None


def _own_key(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        temporary = durable.beside(path)
        durable.write_new(temporary, secrets.token_bytes(32), mode=0o600)
        try:
            os.link(temporary, path)  # whichever process is first; a link never replaces
        except FileExistsError:
            return path.read_bytes()
        finally:
            temporary.unlink()
        return path.read_bytes()
