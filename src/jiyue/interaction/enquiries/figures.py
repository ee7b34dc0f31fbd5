"""The sealed sums of live enquiries that the public statistics are made of (ADR 0024, ADR 0037).

Each step adds what it means in its own transaction, on the locked conversation; columns are not read back later, so whoever
writes into them changes no figure, and whoever writes into a sum breaks its seal.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from jiyue.domain.deadlines import local
from jiyue.domain.talk_figures import ANSWERED, HELD, IN_TIME, Sum, counted, empty
from jiyue.interaction.accounts import FiguresBroken
from jiyue.interaction.models import Enquiry, EnquiryDesk, EnquiryFigures
from jiyue.review.sealing import seals

FIGURES = "enquiry-figures"


def begun(row: Enquiry) -> None:
    """One more conversation; the first of a site begins its figures."""
    EnquiryFigures.objects.get_or_create(
        site_id=row.site_id, defaults={"first": row.pk, "sums": {}, "seal": _seal_of(row.site_id, row.pk, {})}
    )
    count(row, HELD)


def answered_first(row: Enquiry, *, now: datetime) -> None:
    """The first answer of a conversation: in time within the minutes after which its desk ends a silent one."""
    desk = EnquiryDesk.objects.filter(site=row.desk_id).first()
    in_time = desk is not None and now <= row.opened_at + timedelta(minutes=desk.idle_minutes)
    count(row, *((ANSWERED, IN_TIME) if in_time else (ANSWERED,)))


def count(row: Enquiry, *what: str, rating: int | None = None) -> None:
    """Add to the sums of the year in which it began; inside the transaction that holds the conversation, before its trace: the
    lock of the trail comes last everywhere.

    Conversations from before figures are left out. A sum whose seal is broken is left as it is: it is told, never sealed anew.
    """
    sums = EnquiryFigures.objects.select_for_update().filter(site=row.site_id).first()
    if sums is None or row.pk < sums.first or not _is_sealed(sums):
        return
    year = str(local(row.opened_at).year)
    sums.sums[year] = counted(sums.sums.get(year) or empty(), *what, rating=rating)
    sums.seal = _seal_of(sums.site_id, sums.first, sums.sums)
    sums.save()


@transaction.atomic
def talk_sums_of(site: int) -> dict[str, Sum]:
    """The sealed sums of a site by year. Raises FiguresBroken."""
    row = EnquiryFigures.objects.select_for_update().filter(site=site).first()
    if row is None:
        return {}
    there = Enquiry.objects.filter(site=site, pk__gte=row.first).count()
    if not _is_sealed(row) or there != sum(int(one[HELD]) for one in row.sums.values()):
        raise FiguresBroken(site)
    return row.sums


def _seal_of(site: int, first: int, sums: Mapping[str, Any]) -> str:
    return seals().seal(FIGURES, {"site": site, "first": first, "sums": sums})


def _is_sealed(row: EnquiryFigures) -> bool:
    facts = {"site": row.site_id, "first": row.first, "sums": row.sums}
    return seals().check_seal(FIGURES, facts, row.seal)
