"""Memory that a long-lived process has done with, given back to the system."""

import ctypes
from datetime import datetime
from functools import cache


def give_back(_now: datetime) -> None:
    """Let the allocator return what lies unused between what is in use; elsewhere than on glibc nothing happens.

    After a start or a large release the worker keeps some 25 MB that it does not need again for long.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> "ctypes._NamedFuncPointer | None":
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
