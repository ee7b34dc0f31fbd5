"""A full disk, met anywhere: the old pages stand, and the operator is told even if the database lies on that disk."""

import logging
from datetime import datetime
from itertools import islice

from django.db import OperationalError
from django.utils.translation import gettext as _

from jiyue.estate.models import Site
from jiyue.foundation import durable, reserve
from jiyue.foundation.home import Home
from jiyue.publishing import incidents
from jiyue.publishing.models import Incident

logger = logging.getLogger(__name__)
PLATFORM = "disk"  # the subject of an incident that is of no single site
# SQLite has no code for it that Django hands on; PostgreSQL says the second.
WORDS = ("database or disk is full", "No space left on device")
DEEP = 5


def is_full(error: BaseException) -> bool:
    """Is a full disk what stopped this: the system's own error, the database's, or one raised because of such?"""
    return any(_says_full(cause) for cause in islice(_causes(error), DEEP))


def sentence() -> str:
    """What the operator reads."""
    return _("磁盘空间不足，新页面没有发布，原有页面不受影响")


def tell(home: Home, *, now: datetime, site: Site | None = None, what: str = "") -> bool:
    """Open (or count) the incident, with the reserve's space if it takes that. False when even that is not enough."""
    reserve.give_up(home)
    subject = site.host if site else PLATFORM
    try:
        incidents.report(kind=Incident.Kind.DISK, subject=subject, what=what or sentence(), now=now, site=site)
    except OperationalError as error:
        if not is_full(error):
            raise
        logger.critical("the disk is full, and the incident could not be written")
        return False
    return True


def recover(home: Home, *, now: datetime) -> None:
    """Make the reserve again when there is room, and close the platform's own incident then."""
    if not home.reserve.exists() and reserve.keep(home):
        incidents.close(kind=Incident.Kind.DISK, subject=PLATFORM, now=now)


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return durable.is_full(error)
    return isinstance(error, OperationalError) and any(words in str(error) for words in WORDS)


def _causes(error: BaseException | None):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
