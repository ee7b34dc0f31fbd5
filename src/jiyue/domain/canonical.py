"""One way to turn plain data into bytes, so that equal content has an equal digest."""

import hashlib
import json
from typing import Any

# One for all: to make an encoder costs as much as to write a small row.
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def canonical(data: Any) -> str:
    """JSON with sorted keys, no spaces, no escapes for Chinese.

    Raises ValueError for NaN and TypeError for anything that is not plain data.
    """
    return _ENCODER.encode(data)


def digest_of(data: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return digest_of_text(canonical(data))


def digest_of_text(text: str) -> str:
    """SHA-256 of UTF-8 text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
