"""Digests that say which algorithm made them, so that a home may hold both kinds side by side.

A SHA-256 digest is 64 lower-case hexadecimal characters; an SM3 digest is the same with `sm3-` in front.
"""

import hashlib
import re
from typing import Final

SHA256: Final = "sha256"
SM3: Final = "sm3"
ALGORITHMS: Final = (SHA256, SM3)

_FORM: Final = re.compile(r"(sm3-)?[0-9a-f]{64}")
_PREFIX: Final = {SHA256: "", SM3: "sm3-"}


class UnknownAlgorithm(ValueError):
    """The name of the digest algorithm is not one of `ALGORITHMS`, or this OpenSSL does not offer it."""


def hasher(algorithm: str = SHA256) -> "hashlib._Hash":
    """A fresh hash object; raises UnknownAlgorithm (an OpenSSL built without SM3 refuses `sm3`)."""
    if algorithm not in ALGORITHMS:
        raise UnknownAlgorithm(algorithm)
    try:
        return hashlib.new(algorithm)
    except ValueError as error:
        raise UnknownAlgorithm(algorithm) from error


def written(hash_object: "hashlib._Hash") -> str:
    """The digest of what was fed to a hash object of `hasher`."""
    return _PREFIX[hash_object.name] + hash_object.hexdigest()


def digest_of(data: bytes, algorithm: str = SHA256) -> str:
    hash_object = hasher(algorithm)
    hash_object.update(data)
    return written(hash_object)


def is_digest(text: str) -> bool:
    return _FORM.fullmatch(text) is not None


def algorithm_of(digest: str) -> str:
    return SM3 if digest.startswith("sm3-") else SHA256


def fan_of(digest: str) -> str:
    """The two characters that name the folder in which objects and trees of this digest lie."""
    return digest[-64:][:2]
