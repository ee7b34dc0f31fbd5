"""Historic material as one matter: what an import brought in, its report, and the sample a reviewer looks at.

A batch is known by the records in it, so drawing it up again gives the same batch, and a command that was killed between
two steps is simply repeated. The sample is drawn by a rule that anybody can repeat: the seed is the SHA-256 of the sorted
identities, and the records whose SHA-256 of `seed:identity` is smallest are the sample.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from jiyue.content.importing import typed_records
from jiyue.content.models import Record
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.review.events import BatchDrawnUp
from jiyue.review.models import Batch, Review

SAMPLE = 20
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
    full = {**report, "seed": seed, "records": listed}
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


def sample_of(identities: Iterable[str], *, size: int) -> tuple[str, list[str]]:
    """The seed, and the identities it draws."""
    listed = sorted(identities)
    seed = sha256("\n".join(listed).encode()).hexdigest()
    return seed, sorted(listed, key=lambda identity: sha256(f"{seed}:{identity}".encode()).digest())[:size]


def records_of(batch: Batch) -> Iterator[Record]:
    """The records of a batch, each of its own type."""
    identities = batch.report["records"]
    yield from typed_records(Record.objects.filter(identity__in=identities).only("pk", "kind").order_by("pk"))


def open_review_of(batch: Batch) -> Review | None:
    """The review the batch is in, or the one that signed it off."""
    found = Review.objects.filter(version__identity=batch.identity, act=Review.Act.BATCH)
    return found.filter(status__in=[Review.Status.OPEN, Review.Status.SIGNED_OFF]).order_by("-pk").first()


def _identity(site: Site, listed: list[str]) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, "\n".join([site.host, *listed]))
