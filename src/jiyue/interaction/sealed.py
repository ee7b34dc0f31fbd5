"""What is kept locked in the database: the sender's name and ways to reach her, and the keys of tickets.

The key follows from the ledger's, which lies in JIYUE_HOME/keys and not in the database: a copy of the database alone
tells nobody who wrote.
"""

import base64
import json
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from jiyue.domain.canonical import canonical
from jiyue.review.sealing import seals

_NONCE = 12


class NotOurs(ValueError):
    """The text was not sealed in this home for this purpose, or was altered."""


def sealed(kind: str, about: str, facts: Mapping[str, str]) -> str:
    """`facts` as a text that only this home reads, bound to what it is about. Raises KeyMissing, KeyExposed."""
    nonce = os.urandom(_NONCE)
    locked = _box(kind).encrypt(nonce, canonical(dict(facts)).encode(), about.encode())
    return base64.b64encode(nonce + locked).decode()


def opened(kind: str, about: str, text: str) -> dict[str, str]:
    """What was sealed. Raises NotOurs; KeyMissing, KeyExposed."""
    try:
        data = base64.b64decode(text, validate=True)
        found: dict[str, str] = json.loads(_box(kind).decrypt(data[:_NONCE], data[_NONCE:], about.encode()))
    except (ValueError, InvalidTag) as error:
        raise NotOurs(about) from error
    return found


def mark_of(contact: Mapping[str, str]) -> str:
    """A name that stands for a sender without telling who she is; empty for one who cannot be reached."""
    reach = contact.get("phone") or contact.get("email") or ""
    plain = "".join(reach.split()).replace("-", "").lower()
    return seals().stand_in("sender", {"reach": plain}) if plain else ""


def _box(kind: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(bytes.fromhex(seals().stand_in("sealed", {"for": kind})))
