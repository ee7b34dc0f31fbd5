"""Who listens to which event. The publisher follows the ledger itself, so nothing here can lose a publication."""


def connect() -> None:
    """Wire handlers to events; called once by the worker."""
