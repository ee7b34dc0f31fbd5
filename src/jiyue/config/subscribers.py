"""Who listens to which event. The publisher follows the ledger itself, so nothing here can lose a publication."""

from jiyue.config.duties import HEARS, heed
from jiyue.foundation.outbox import subscribe
from jiyue.search import handlers


def connect() -> None:
    """Wire handlers to events; called once by the worker."""
    for code in sorted({heard.event for heard in HEARS}):
        subscribe(code, heed)
    subscribe(handlers.RELEASED, handlers.heed_release)
    for code in handlers.ROLLED_BACK:
        subscribe(code, handlers.heed_site)
