"""How early the platform reminds: a habit of the platform (settings), because no text says it."""

from datetime import timedelta

from django.conf import settings

from jiyue.domain.duties import Foresight


def foresight() -> Foresight:
    """A third of the time given before its end, at least two hours and at most seven days, unless set otherwise."""
    return Foresight(
        share=settings.JIYUE_REMIND_SHARE,
        least=timedelta(hours=settings.JIYUE_REMIND_LEAST_HOURS),
        most=timedelta(days=settings.JIYUE_REMIND_MOST_DAYS),
    )
