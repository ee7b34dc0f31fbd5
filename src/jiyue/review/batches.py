"""Historic material as one matter: what an import brought in, its report, and the sample a reviewer looks at.

A batch is known by the records in it, so drawing it up again gives the same batch, and a command that was killed between
two steps is simply repeated. The sample is drawn by a rule that anybody can repeat: the seed is the SHA-256 of the sorted
identities, and the records whose SHA-256 of `seed:identity` is smallest are the sample.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from jiyue.content.importing import typed_records
from jiyue.content.models import PolicyDocument, Record
from jiyue.domain.actors import process
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.review import ledger
from jiyue.review.events import BatchDrawnUp
from jiyue.review.models import Batch, BatchOrder, Review
from jiyue.review.sampling import sample_of

logger = logging.getLogger(__name__)
SAMPLE = 20
MANY = 200  # records read at a time
REST = 600.0  # seconds until an order that was refused is tried again
Told = Callable[[BatchOrder, list[str]], None]
_resting: dict[str, float] = {}
_NAMESPACE = uuid.UUID("0d2b3d9e-5c0e-5a55-8f6b-3f0a4c1e9b77")


@transaction.atomic
def draw_up(
    *, site: Site, identities: Iterable[uuid.UUID], name: str, report: Mapping[str, Any], by: User, now: datetime,
    size: int = SAMPLE,
) -> Batch:  # fmt: skip
    """The batch of these records, with its report and sample; one that reviewers have seen is left as they saw it.

    Raises ValueError without records. Rights are asked when the batch is submitted.
    """
    listed = sorted(str(identity) for identity in identities)
    if not listed:
        raise ValueError("no records")
    batch = Batch.objects.filter(identity=_identity(site, listed), site=site).first()
    if batch is not None and Review.objects.filter(version__identity=batch.identity).exists():
        return batch
    seed, sample = sample_of(listed, size=size)
    full = {**report, "seed": seed, "records": listed, "readings": _readings(sample)}
    if batch is not None and batch.report == full:
        return batch
    batch = batch or Batch(identity=_identity(site, listed), site=site, created_by=by, created_at=now)
    batch.name, batch.report, batch.sample = name, full, sample
    batch.save()
    event = BatchDrawnUp(
        subject=f"batch:{batch.identity}", site=site.host, name=name, documents=len(listed), seed=seed,
        counts=dict(report.get("counts", {})),
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return batch


def _readings(sample: list[str]) -> dict[str, dict[str, Any]]:
    """How each drawn document was understood, field by field: the reviewer compares it with the text."""
    found = PolicyDocument.objects.filter(identity__in=sample).values_list("identity", "reading")
    return {str(identity): reading.get("fields", {}) for identity, reading in found}


def records_of(batch: Batch) -> Iterator[Record]:
    """The records of a batch, each of its own type."""
    identities = batch.report["records"]
    for start in range(0, len(identities), MANY):
        some = Record.objects.filter(identity__in=identities[start : start + MANY])
        yield from typed_records(some.only("pk", "kind").order_by("pk"))


def carry_on_batches(*, now: datetime, seconds: float = 0.5, tell: Told | None = None) -> int:
    """Write ledger rows of batches that are signed for, until about `seconds` have passed; gives how many.

    One refused order is logged and does not stop the others. `tell` hears of every order that was tried, with the
    reasons against it; none means that its rows were written.
    """
    until, count = time.monotonic() + seconds, 0
    for order in ledger.unfinished_orders():
        while time.monotonic() < until and time.monotonic() >= _resting.get(order.seal, 0.0):
            count += _piece_of(order, now, tell or _tell_nobody)
    return count


def _piece_of(order: BatchOrder, now: datetime, tell: Told) -> int:
    reasons: list[str] = []
    try:
        rows = ledger.carry_on(order=order, by=process("batches"), now=now)
    except ledger.SignOffRefused as refused:
        logger.exception("batch %s", order.batch_id)
        rows, reasons = [], refused.reasons
    tell(order, reasons)
    if not rows:  # refused, or finished by somebody else
        _resting[order.seal] = time.monotonic() + REST
    return len(rows)


def _tell_nobody(order: BatchOrder, reasons: list[str]) -> None:
    """The log has it."""


def open_review_of(batch: Batch) -> Review | None:
    """The review the batch is in, or the one that signed it off."""
    found = Review.objects.filter(version__identity=batch.identity, act=Review.Act.BATCH)
    lasting = [Review.Status.OPEN, Review.Status.SIGNING, Review.Status.SIGNED_OFF]
    return found.filter(status__in=lasting).order_by("-pk").first()


def _identity(site: Site, listed: list[str]) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, "\n".join([site.host, *listed]))
