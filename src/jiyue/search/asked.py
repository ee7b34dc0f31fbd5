"""What visitors ask for: counted by day and question in the answering process, taken into the database by the indexer.

Nothing of a visitor is written: no address, no time of day, and no question that may hold personal data.
"""

import json
import logging
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F

from jiyue.estate.models import Site
from jiyue.search.counting import FOLDER
from jiyue.search.models import AskedQuery

logger = logging.getLogger(__name__)
KEPT_DAYS = 400


def take_in(index: Path, *, now: datetime) -> int:
    """Add what the answering processes wrote down; gives how many questions it was. A file is taken once."""
    folder = index / FOLDER
    if not folder.is_dir():
        return 0
    taken = 0
    for file in sorted(folder.glob("*.jsonl")):
        rows = [row for line in file.read_text(encoding="utf-8").splitlines() if (row := _row(line))]
        _add(rows)
        file.unlink()
        taken += len(rows)
    if taken:
        forget_old(now=now)
    return taken


Row = tuple[str, str, str, int, int]


def _add(rows: list[Row]) -> None:
    sites = dict(Site.objects.values_list("host", "pk"))
    sums: Counter[tuple[int, str, str]] = Counter()
    empty: Counter[tuple[int, str, str]] = Counter()
    for host, on, query, times, without in rows:
        if host in sites:
            sums[sites[host], on, query] += times
            empty[sites[host], on, query] += without
    with transaction.atomic():
        for (site, on, query), times in sums.items():
            row, _new = AskedQuery.objects.get_or_create(site_id=site, on=on, query=query)
            more = {"times": F("times") + times, "without_result": F("without_result") + empty[site, on, query]}
            AskedQuery.objects.filter(pk=row.pk).update(**more)


def forget_old(*, now: datetime) -> None:
    """Delete counts older than KEPT_DAYS."""
    AskedQuery.objects.filter(on__lt=(now - timedelta(days=KEPT_DAYS)).date()).delete()


def _row(line: str) -> Row | None:
    try:
        host, on, query, times, empty = json.loads(line)
        return str(host), date.fromisoformat(on).isoformat(), str(query)[:100], int(times), min(int(times), int(empty))
    except (ValueError, TypeError):
        logger.warning("a line of the counts cannot be read")
        return None
