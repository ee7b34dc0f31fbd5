"""When a survey or an opinion call can be joined. Pure."""

from datetime import datetime

COMING, OPEN, OVER = "coming", "open", "over"


def standing(*, opens_at: datetime, closes_at: datetime, at: datetime) -> tuple[str, datetime | None]:
    """How it stands at a moment, and when it will stand otherwise; its last moment does not count any more."""
    if at < opens_at:
        return COMING, opens_at
    return (OPEN, closes_at) if at < closes_at else (OVER, None)
