"""Mails as files, read by their person on her own page: all of them where there is no mail server, else those cut off.

One folder a person, one file a day (`mails/12/20261123.eml`), as any mail program opens it; the newest KEPT stay.
"""

from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage as OutgoingMail

from jiyue.foundation.durable import replace
from jiyue.foundation.home import Home

KEPT = 30
PRIVATE = 0o600  # what a person has to do is nobody else's business


@dataclass(frozen=True)
class KeptMail:
    """One mail as it would have arrived."""

    name: str
    subject: str
    to: str
    text: str


def keep(message: OutgoingMail, *, user: int, day: date) -> Path:
    """Write the mail of this day; one written before on the same day is replaced. Raises OSError."""
    folder = _folder(user)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{day:%Y%m%d}.eml"
    replace(path, message.message().as_bytes(), mode=PRIVATE)
    for old in _files(user)[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def forget(*, user: int, day: date) -> None:
    """Remove the mail of this day: a server took it. Raises OSError."""
    (_folder(user) / f"{day:%Y%m%d}.eml").unlink(missing_ok=True)


def days_of(user: int) -> list[tuple[str, str]]:
    """Name and day of each kept mail of a person, the newest first."""
    return [(name, f"{name[:4]}-{name[4:6]}-{name[6:]}") for name in (path.stem for path in _files(user))]


def kept_mail(user: int, name: str) -> KeptMail | None:
    """The kept mail of this name, or None: only names that `days_of` gives are ever opened."""
    found = {path.stem: path for path in _files(user)}.get(name)
    if found is None:
        return None
    mail = message_from_bytes(found.read_bytes(), policy=policy.default)
    return KeptMail(name, str(mail["Subject"]), str(mail["To"]), _plain(mail))


def place_of(user: int) -> str:
    """Where an operator finds the files, under JIYUE_HOME."""
    return f"mails/{user}/"


def _plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()).strip() if body else ""


def _folder(user: int) -> Path:
    return Home(settings.JIYUE_HOME).mails / str(user)


def _files(user: int) -> list[Path]:
    """Newest first; the temporary neighbours of a write are no mails."""
    return sorted(_folder(user).glob("[0-9]" * 8 + ".eml"), reverse=True)
