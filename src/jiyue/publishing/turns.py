"""One publisher a site at a time, whatever process it runs in."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from jiyue.estate.models import Site
from jiyue.foundation.home import Home


class SiteBusy(RuntimeError):
    """Another process publishes this site at this moment."""


@contextmanager
def alone(home: Home, site: Site) -> Iterator[None]:
    """Hold the turn of a site; the kernel frees the lock of a process that dies. Raises SiteBusy."""
    descriptor = os.open(home.releases / f".publishing-{site.host}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise SiteBusy(site.host) from error
    finally:
        os.close(descriptor)
