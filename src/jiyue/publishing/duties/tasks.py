"""年度任务: each unit that a government asked owes its next note of progress within the cycle set for it (COL-11)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from jiyue.content.models import Placement, ProgressDuty, Record
from jiyue.domain.duties import Fact
from jiyue.domain.limits import parse_span
from jiyue.estate.models import Site
from jiyue.publishing.duties.reach import LONG_MET, named
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.moments import midnight

RENEWAL = "content.update"
Notes = dict[tuple[int, int], list[datetime]]
DAY = timedelta(days=1)


class ProgressSource:
    """One fact for every note that is owed; the cycle is the task's own, and a task without one owes nothing."""

    code = "progress"
    parameters = (RENEWAL,)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        keys = named(subjects, "progress")
        rows = ProgressDuty.objects.exclude(cycle="").filter(task__archived=False).select_related("task__site", "unit")
        rows = rows.exclude(ended_at__lt=now - LONG_MET).order_by("pk")
        duties = list(rows if keys is None else rows.filter(pk__in=keys))
        notes = notes_about({duty.task_id for duty in duties})
        sites = site_of_units({duty.unit_id for duty in duties})
        for duty in duties:
            yield from _facts(duty, notes.get((duty.task_id, duty.unit_id), []), sites.get(duty.unit_id), now)


def notes_about(tasks: Collection[int]) -> Notes:
    """When units handed in notes, by task and unit, in order.

    A note is handed in when it is offered to the site of its task; on that site itself, when it is public there. A note
    that was refused was not handed in.
    """
    found: Notes = defaultdict(list)
    refused = [Placement.State.REFUSED, Placement.State.ENDED, Placement.State.PLANNED]
    placed = Placement.objects.filter(record__part_of__in=tasks).exclude(state__in=refused)
    facts = placed.values_list("record__part_of", "record__part_of__site", "site", "record__responsible",
                               "record__site__owner", "created_at")  # fmt: skip
    for task, home, site, unit, owner, at in facts:
        if site == home:
            _note(found, task, {unit, owner}, at)
    records = {row[0]: row[1:] for row in Record.objects.filter(part_of__in=tasks).values_list(
        "identity", "part_of", "part_of__site", "responsible", "site__owner")}  # fmt: skip
    shown = PublicItem.objects.filter(identity__in=records, state__in=LISTED, placed_by=None)
    for identity, site, at in shown.values_list("identity", "site", "published_at"):
        task, home, unit, owner = records[identity]
        if site == home:
            _note(found, task, {unit or owner}, at)
    return {key: sorted(moments) for key, moments in found.items()}


def site_of_units(units: Collection[int]) -> dict[int, int]:
    """The first site of each unit that is not closed: whoever keeps it reads there what its unit owes."""
    sites = Site.objects.filter(owner__in=units).exclude(status=Site.Status.CLOSED).order_by("-pk")
    return dict(sites.values_list("owner", "pk"))


def _note(found: Notes, task: Any, units: Iterable[int | None], at: datetime) -> None:
    for unit in units:
        if unit is not None:
            found[task, unit].append(at)


def _facts(duty: ProgressDuty, notes: list[datetime], site: int | None, now: datetime) -> Iterator[Fact]:
    began = midnight(duty.since)
    last = midnight(duty.task.ends_on) + DAY if duty.task.ends_on else None
    ended = min((at for at in (duty.ended_at, last) if at is not None and at <= now), default=None)
    came = [at for at in notes if at > began and (ended is None or at <= ended)]
    for started, met in zip([began, *came], [*came, None], strict=True):
        if met is None or met > now - LONG_MET:
            yield Fact(
                parameter=RENEWAL, subject=f"progress:{duty.pk}", title=f"报送进展：{duty.task.title}", unit=duty.unit_id,
                site=site, started_at=started, met_at=met, ended_at=ended if met is None else None,
                recorded_at=duty.created_at, limit=parse_span(duty.cycle),
            )  # fmt: skip
