"""A few megabytes kept back, so that a full disk can still be told of.

The database that holds incidents lies on the disk that is full. Whoever meets the full disk gives the reserve up, writes
what has to be written, and the worker makes it again as soon as there is room.
"""

import os
from typing import Final

from jiyue.foundation.durable import is_full
from jiyue.foundation.home import Home

SIZE: Final = 8 << 20  # bytes; a hundred incidents with their traces need less than one megabyte
ROOM: Final = 3 * SIZE  # bytes free before it is made: it must not be what fills the disk
_PRIVATE: Final = 0o600


def keep(home: Home) -> bool:
    """Make the reserve if it is not there and there is room; gives whether it is there."""
    if home.reserve.exists():
        return True
    free = os.statvfs(home.path)
    if free.f_bavail * free.f_frsize < ROOM:
        return False
    descriptor = os.open(home.reserve, os.O_WRONLY | os.O_CREAT, _PRIVATE)
    try:
        os.posix_fallocate(descriptor, 0, SIZE)
    except OSError as error:
        home.reserve.unlink()
        if not is_full(error):
            raise
        return False
    finally:
        os.close(descriptor)
    return True


def give_up(home: Home) -> bool:
    """Free the reserve's space; gives whether there was any."""
    there = home.reserve.exists()
    home.reserve.unlink(missing_ok=True)
    return there
