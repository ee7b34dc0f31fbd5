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
from itertools import islice
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content.importing import typed_records
from jiyue.content.models import PolicyDocument, Record
from jiyue.content.models.records import State
from jiyue.content.policies import may_write
from jiyue.content.readiness import problems
from jiyue.domain.actors import process
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.review import checking, ledger
from jiyue.review.checking import in_words
from jiyue.review.course import open_review
from jiyue.review.events import BatchDrawnUp
from jiyue.review.freezing import freeze, freeze_record
from jiyue.review.models import Batch, BatchOrder, CheckRun, Review, Subject, Version
from jiyue.review.refusals import NotReady, ReviewRefused
from jiyue.review.routes import levels_for
from jiyue.review.sampling import sample_of

logger = logging.getLogger(__name__)
SAMPLE = 20
PIECE = 20  # records frozen in a transaction
BEFORE_REVIEW = frozenset({State.DRAFT, State.RETURNED})
MANY = 200  # records read at a time
REST = 600.0  # seconds until an order that was refused is tried again
Told = Callable[[BatchOrder, list[str]], None]
_resting: dict[str, float] = {}
_NAMESPACE = uuid.UUID("0d2b3d9e-5c0e-5a55-8f6b-3f0a4c1e9b77")


class Frozen(NamedTuple):
    """A record of a batch as it was when it was frozen, and its version."""

    record: int
    changed_at: datetime
    version: int
    identity: str
    digest: str


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


def submit_batch(*, batch: Batch, records: Iterable[Record], by: User, now: datetime) -> Review:
    """Freeze every record of an import and submit the list as one matter. Raises NotReady naming the unready ones.

    What the checks stop is left out and stays a draft: `instruction["stopped"]` says which, and why (REV-06).
    Freezing goes a piece and a transaction at a time, so that others may write meanwhile; a version that no review
    names is nobody's yet, and running it again finds it. The review itself and the lock on all records are one step.
    """
    frozen: list[Frozen] = []
    stopped: list[dict[str, Any]] = []
    engine, records = checking.engine_for(batch.site, now=now), iter(records)
    while piece := list(islice(records, PIECE)):
        for each in _freeze_piece(piece, by=by, now=now):
            if reasons := _reasons_against_piece(each, engine, now=now):
                stopped.append({"identity": each.identity, "reasons": reasons})
            else:
                frozen.append(each)
    if not frozen:
        raise ValidationError(
            [_("批次里没有可以送审的稿件"), *(line for each in stopped for line in each["reasons"])][:20]
        )
    return _open_batch(batch, frozen, stopped, by=by, now=now)


def _reasons_against_piece(frozen: Frozen, engine: checking.Engine, *, now: datetime) -> list[str]:
    version = Version.objects.select_related("site").get(pk=frozen.version)
    run = checking.run_for(version, occasion=CheckRun.Occasion.SUBMISSION, now=now, engine=engine)
    return in_words(checking.open_findings(run))


@transaction.atomic
def _freeze_piece(records: list[Record], *, by: User, now: datetime) -> list[Frozen]:
    frozen = []
    for record in records:
        if not may_write(by, record):
            raise ReviewRefused(_("您不能送审这个批次"))
        if record.state not in BEFORE_REVIEW:
            raise ReviewRefused(_("《%(title)s》已经在审核中或已经发布，不能放进批次") % {"title": record.title})
        found = problems(record, on=timezone.localdate(now))
        if found:
            raise NotReady(found)
        version = freeze_record(record.typed, by=by, now=now)
        frozen.append(Frozen(record.pk, record.changed_at, version.pk, str(version.identity), version.digest))
    return frozen


@transaction.atomic
def _open_batch(
    batch: Batch, frozen: list[Frozen], stopped: list[dict[str, Any]], *, by: User, now: datetime
) -> Review:
    content = {"batch": str(batch.identity), "report": batch.report, "sample": batch.sample, "versions": [
        {"version": each.version, "identity": each.identity, "digest": each.digest} for each in frozen
    ]}  # fmt: skip
    if stopped:
        seed, sample = sample_of((each.identity for each in frozen), size=len(batch.sample))
        content |= {"stopped": stopped, "sample": sample, "report": {**batch.report, "seed": seed}}
    version = freeze(
        subject=Subject.BATCH, identity=batch.identity, site=batch.site, record=None, content=content, by=by,
        writers=[by.pk], now=now,
    )  # fmt: skip
    levels = levels_for(site_id=batch.site_id, subject=Subject.BATCH, content_class="")
    _refuse_changed(frozen)
    review = open_review(
        version=version, act=Review.Act.BATCH, levels=levels, by=by, now=now, publish_at=None, emergency=False,
        instruction={"batch": batch.pk, **({"stopped": stopped} if stopped else {})},
    )  # fmt: skip
    return review


def _refuse_changed(frozen: list[Frozen]) -> None:
    """Raise ReviewRefused when a record was edited, or went another way, since it was frozen."""
    for start in range(0, len(frozen), PIECE):
        piece = {each.record: each.changed_at for each in frozen[start : start + PIECE]}
        found = Record.objects.filter(pk__in=piece, state__in=BEFORE_REVIEW).select_for_update()
        if dict(found.values_list("pk", "changed_at")) != piece:
            raise ReviewRefused(_("批次里有稿件刚刚被修改，请再送审一次"))


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
