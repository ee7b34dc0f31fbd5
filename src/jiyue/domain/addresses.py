"""Addresses as browsers read them."""

import re
from typing import Final

_INSIDE: Final = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")
LONGEST: Final = 2048


def leads_inside(address: str) -> bool:
    """Is this a path on the same site, whoever reads it?

    `//other.example` and `/\\other.example` begin with a slash and name another host; a browser drops tabs and line
    breaks first, so that `/<tab>/other.example` does too.
    """
    return len(address) <= LONGEST and _INSIDE.fullmatch(address) is not None
