"""登录失败处理: how often somebody may guess a password, for one account and from one address (GB/T 22239-2019, 8.1.4.1).

A guess is counted before the password is looked at, so many at once win nothing, and a closed door costs no hashing.
Whoever guesses could lock the person herself out: a browser in which she signed in before has a count of its own, which
strangers cannot use up. What was typed as a name may be a password typed into the wrong field: only a keyed digest is kept.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.crypto import salted_hmac

from jiyue.domain.actors import process
from jiyue.foundation.audit import record
from jiyue.identity.events import SignInClosed
from jiyue.identity.models import SignInCount, User

WINDOW: Final = timedelta(minutes=15)  # in which failures are added up, and for which the door stays closed then
MOST_STRANGERS: Final = 5  # failures for one account, from browsers it does not know
MOST_OWN: Final = 10  # failures for one account in a browser that it knows
MOST_ADDRESS: Final = 60  # failures from one network address; an office shares one
KEPT: Final = timedelta(days=1)
ACTOR = process("sign-in")


class SignInRefused(Exception):
    """Too many failures; `until` is when the next try is open."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


@dataclass(frozen=True)
class Try:
    """Who tries to sign in: the name as typed, the network address ("" when it is not known), and the browser's mark."""

    username: str
    address: str = ""
    device: str = ""  # of a browser in which this account signed in before, else ""

    @property
    def limits(self) -> dict[str, int]:
        """The counts that this try belongs to, and how much each may hold."""
        name = self.username.strip().casefold()
        own = (
            {_key("device", f"{name}\n{self.device}"): MOST_OWN}
            if self.device
            else {_key("name", name): MOST_STRANGERS}
        )
        return own | ({_key("address", self.address): MOST_ADDRESS} if self.address else {})


@transaction.atomic
def begin(guess: Try, *, now: datetime) -> None:
    """Count a try as failed before it is judged. Raises SignInRefused while one of its counts is full."""
    SignInCount.objects.filter(since__lt=now - KEPT).delete()
    rows = {key: _row(key, now) for key in sorted(guess.limits)}
    until = max((row.until for row in rows.values() if row.until and row.until > now), default=None)
    if until is not None:
        raise SignInRefused(until)
    for key, row in rows.items():
        _count(row, guess, most=guess.limits[key], now=now)


@transaction.atomic
def succeeded(guess: Try, *, now: datetime) -> None:
    """The password was right: the person's own count begins anew; of the address only this try is taken back."""
    for key in guess.limits:
        rows = SignInCount.objects.select_for_update().filter(key=key)
        if key == _key("address", guess.address):
            for row in rows:
                row.failures, row.until = max(0, row.failures - 1), None
                row.save(update_fields=["failures", "until"])
        else:
            rows.delete()


def _row(key: str, now: datetime) -> SignInCount:
    row, _made = SignInCount.objects.select_for_update().get_or_create(key=key, defaults={"since": now})
    if (row.until and row.until <= now) or row.since <= now - WINDOW:
        row.failures, row.since, row.until = 0, now, None
    return row


def _count(row: SignInCount, guess: Try, *, most: int, now: datetime) -> None:
    row.failures += 1
    if row.failures >= most:
        row.until = now + WINDOW
        _tell(row.until, guess, now=now)
    row.save()


def _tell(until: datetime, guess: Try, *, now: datetime) -> None:
    """A guessed account stands in the trail. What was typed and is no account is not written down."""
    user = User.objects.filter(username=guess.username.strip()).first()
    if user is not None:
        event = SignInClosed(subject=f"user:{user.pk}", username=user.username, until=until.isoformat())
        record(event, by=ACTOR, at=now)


def _key(kind: str, value: str) -> str:
    return f"{kind}:{salted_hmac('jiyue.identity.sign_ins', value, algorithm='sha256').hexdigest()[:48]}"
