"""Which events make which sources look again, and at what. What an event does not name is found at night."""

from collections.abc import Callable, Collection, Iterator
from uuid import UUID

from django.db.models import Q

from jiyue.concerns.models import Answer
from jiyue.content.models import (
    CAMPAIGNS,
    CampaignResult,
    CatalogueItem,
    ChangeNotice,
    Column,
    Interpretation,
    ProgressDuty,
    Record,
    ReprintTask,
)
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.models import Obligation
from jiyue.publishing.duties.reprints import spellings
from jiyue.publishing.models import PublicItem
from jiyue.review.models import SignOff, Subject

About = Callable[[AuditEvent], Collection[str]]
RECORDS = ("records", "interpretations")
CONCERNS = ("emergencies", "rumours")
EVERYTHING = (
    *RECORDS,
    "columns",
    "reprints",
    "catalogue",
    "changes",
    "topics",
    "progress",
    "campaigns",
    "campaign-years",
    *CONCERNS,
)


def own_subject(event: AuditEvent) -> Collection[str]:
    """The event is about the very thing that owes something."""
    return [event.subject]


def columns_of_site(event: AuditEvent) -> Collection[str]:
    """Something happened to a whole site."""
    columns = Column.objects.filter(site__host=event.site, closed_at=None)
    return [f"column:{key}" for key in columns.values_list("pk", flat=True)]


def catalogue_of_site(event: AuditEvent) -> Collection[str]:
    """A catalogue was imported."""
    items = CatalogueItem.objects.filter(site__host=event.site)
    return [f"catalogue:{key}" for key in items.values_list("pk", flat=True)]


def task_and_its_sites(event: AuditEvent) -> Collection[str]:
    """A reprint was ordered or withdrawn: the task, and what single sites owe by it."""
    owed = Obligation.objects.pending().filter(subject__startswith=f"{event.subject}:")
    return [event.subject, *owed.values_list("subject", flat=True)]


def released(event: AuditEvent) -> Collection[str]:
    """Everything that may be met, or owed anew, by what a release shows and no longer shows."""
    rows = SignOff.objects.filter(sequence__in=event.data["sign_offs"])
    signed = set(rows.exclude(subject=Subject.STRUCTURE).values_list("identity", flat=True))
    about = set(columns_of_site(event)) if rows.filter(subject=Subject.STRUCTURE).exists() else set()
    if signed:
        placed = PublicItem.objects.filter(site__host=event.site, placed_by__identity__in=signed)
        identities = signed | set(placed.values_list("identity", flat=True))
        about |= {f"record:{identity}" for identity in identities}
        about |= {*_explained(identities), *_standing(identities, event.site), *_asked(identities)}
    return about


def notes_of_placement(event: AuditEvent) -> Collection[str]:
    """A note was offered to the site of its task, taken or refused there."""
    records = Record.objects.filter(identity=event.data["record"]).exclude(part_of=None)
    asked = ProgressDuty.objects.filter(task__in=records.values("part_of"), ended_at=None)
    return [f"progress:{key}" for key in asked.values_list("pk", flat=True)]


def _explained(identities: Collection[UUID]) -> Iterator[str]:
    explaining = Interpretation.objects.filter(identity__in=identities, documents__isnull=False)
    yield from (f"record:{identity}" for identity in explaining.values_list("documents__identity", flat=True))


def _asked(identities: Collection[UUID]) -> Iterator[str]:
    """The survey or call of a result, and the year in which its site asked the public."""
    results = CampaignResult.objects.filter(identity__in=identities, campaign__isnull=False)
    yield from (f"record:{identity}" for identity in results.values_list("campaign__identity", flat=True))
    asked = Record.objects.filter(identity__in=identities, kind__in=CAMPAIGNS)
    sites = set(asked.values_list("site", flat=True))
    yield from (f"campaign-year:{site}:{word}" for site in sites for word in ("survey", "opinion"))


def _standing(identities: Collection[UUID], host: str) -> Iterator[str]:
    items = PublicItem.objects.filter(site__host=host, identity__in=identities)
    columns = set(items.values_list("column", flat=True))
    yield from (f"column:{key}" for key in columns)
    records = Record.objects.filter(identity__in=identities)
    lines = CatalogueItem.objects.filter(column__in=columns) | CatalogueItem.objects.filter(records__in=records)
    yield from (f"catalogue:{key}" for key in lines.values_list("pk", flat=True))
    notices = ChangeNotice.objects.filter(column__in=columns, withdrawn_at=None)
    yield from (f"change:{key}" for key in notices.values_list("pk", flat=True))
    named = set(records.exclude(original_address="").values_list("original_address", flat=True))
    own = PublicItem.objects.filter(identity__in=identities, placed_by=None).values_list("site__host", "address")
    named |= {f"https://{origin}{address}" for origin, address in own}
    addresses = {spelling for address in named for spelling in spellings(address)}
    tasks = ReprintTask.objects.filter(address__in=addresses, withdrawn_at=None)
    yield from (f"reprint:{key}" for key in tasks.values_list("pk", flat=True))
    asked = ProgressDuty.objects.filter(Q(task__in=records) | Q(task__in=records.values("part_of")), ended_at=None)
    yield from (f"progress:{key}" for key in asked.values_list("pk", flat=True))
    answers = Answer.objects.filter(record__in=records)
    yield from (f"concern:{key}" for key in answers.values_list("concern", flat=True))


HEARD: tuple[tuple[str, tuple[str, ...], About], ...] = (
    ("publishing.release_deployed", EVERYTHING, released),
    ("content.record_created", RECORDS, own_subject),
    ("content.record_edited", RECORDS, own_subject),
    ("content.record_deleted", RECORDS, own_subject),
    ("content.column_saved", ("columns",), own_subject),
    ("content.column_closed", ("columns",), own_subject),
    ("content.column_reopened", ("columns",), own_subject),
    ("estate.site_status_changed", ("columns",), columns_of_site),
    ("content.catalogue_item_saved", ("catalogue",), own_subject),
    ("content.catalogue_item_removed", ("catalogue",), own_subject),
    ("content.catalogue_imported", ("catalogue",), catalogue_of_site),
    ("content.withholding_decided", ("catalogue",), own_subject),
    ("content.change_notified", ("changes",), own_subject),
    ("content.change_notice_withdrawn", ("changes",), own_subject),
    ("content.commitment_made", ("commitments",), own_subject),
    ("content.commitment_kept", ("commitments",), own_subject),
    ("content.commitment_withdrawn", ("commitments",), own_subject),
    ("concerns.opened", CONCERNS, own_subject),
    ("concerns.withdrawn", CONCERNS, own_subject),
    ("concerns.step_recorded", CONCERNS, own_subject),
    ("concerns.step_struck", CONCERNS, own_subject),
    ("concerns.answer_linked", CONCERNS, own_subject),
    ("review.rectification_opened", ("rectifications",), own_subject),
    ("review.rectification_assigned", ("rectifications",), own_subject),
    ("review.rectification_closed", ("rectifications",), own_subject),
    ("content.progress_asked", ("progress",), own_subject),
    ("content.progress_released", ("progress",), own_subject),
    ("content.placement_changed", ("progress",), notes_of_placement),
    ("content.reprint_asked", ("reprints",), own_subject),
    ("content.reprint_withdrawn", ("reprints",), task_and_its_sites),
)
