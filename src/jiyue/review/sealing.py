"""Seals on decisions and ledger rows: plain SQL can write a row, but it cannot make the publisher believe it."""

from functools import lru_cache
from typing import Any

from django.conf import settings

from jiyue.domain.canonical import digest_of
from jiyue.foundation.home import Home
from jiyue.foundation.seals import Seals
from jiyue.review.models import BatchOrder, CheckRun, Decision, FileRun, SignOff, Waiver, WaiverRevocation


@lru_cache(maxsize=4)
def _seals(home: str) -> Seals:
    seals = Seals(Home(settings.JIYUE_HOME).prepare())
    seals.ensure()
    return seals


def seals() -> Seals:
    """The seals of this installation's home; the key is made on first use."""
    return _seals(str(settings.JIYUE_HOME))


def decision_facts(decision: Decision) -> dict[str, Any]:
    """What the seal of a decision covers. Decisions of the time before `looked_at` keep their seals."""
    looked_at = {} if decision.looked_at is None else {"looked_at": sorted(decision.looked_at)}
    return {
        **looked_at,
        "review": decision.review_id,
        "level": decision.level,
        "answer": decision.answer,
        "reviewer": decision.reviewer_id,
        "digest": decision.version_digest,
        "gates": sorted(decision.gates),
        "reason": decision.reason,
        "at": decision.at,
    }


def signoff_facts(row: SignOff) -> dict[str, Any]:
    """What the digest and the seal of a ledger row cover: everything the publisher will act on."""
    return {
        "sequence": row.sequence,
        "act": row.act,
        "subject": row.subject,
        "identity": str(row.identity),
        "site": row.site_id,
        "version": row.version_id,
        "version_digest": row.version_digest,
        "review": row.review_id,
        "batch": row.batch_id,
        "signers": row.signers,
        "instruction": row.instruction,
        "signed_at": row.signed_at,
        "effective_at": row.effective_at,
        "previous": row.previous,
    }


def order_facts(order: BatchOrder) -> dict[str, Any]:
    """What the seal of a batch's order covers: everything its ledger rows are made from."""
    return {
        "review": order.review_id,
        "batch": order.batch_id,
        "digest": order.version_digest,
        "documents": order.documents,
        "signers": order.signers,
        "instruction": order.instruction,
        "signed_at": order.signed_at,
        "effective_at": order.effective_at,
    }


def run_facts(run: CheckRun) -> dict[str, Any]:
    """What the seal of a check run covers; its findings by their digest."""
    return {
        "version": run.version_id,
        "version_digest": run.version_digest,
        "engine": run.engine,
        "digest": run.digest,
        "blocks": run.blocks,
        "at": run.at,
    }


def file_run_facts(run: FileRun) -> dict[str, Any]:
    """What the seal of a file's check run covers."""
    return {"file": run.file_digest, "name": run.name, "engine": run.engine, "digest": run.digest, "at": run.at}


def waiver_facts(waiver: Waiver) -> dict[str, Any]:
    """What the seal of a waiver covers."""
    return {
        "site": waiver.site_id,
        "identity": str(waiver.identity),
        "version": waiver.version_id,
        "detector": waiver.detector,
        "key": waiver.key,
        "grounds": waiver.grounds,
        "basis": waiver.basis,
        "by": waiver.by_id,
        "at": waiver.at,
    }


def revocation_facts(revocation: WaiverRevocation) -> dict[str, Any]:
    """What the seal of a revocation covers."""
    return {
        "waiver": revocation.waiver_id,
        "reason": revocation.reason,
        "by": revocation.by_id,
        "at": revocation.at,
    }


def is_genuine_run(run: CheckRun) -> bool:
    """Was this run written by `checking`, and are its findings those that were found?"""
    return digest_of(run.findings) == run.digest and seals().check_seal("check-run", run_facts(run), run.seal)


def is_genuine_file_run(run: FileRun) -> bool:
    """As `is_genuine_run`, for a file."""
    return digest_of(run.findings) == run.digest and seals().check_seal("file-run", file_run_facts(run), run.seal)


def is_genuine_waiver(waiver: Waiver) -> bool:
    return seals().check_seal("waiver", waiver_facts(waiver), waiver.seal)


def is_genuine_revocation(revocation: WaiverRevocation) -> bool:
    return seals().check_seal("waiver-revocation", revocation_facts(revocation), revocation.seal)


def is_genuine_order(order: BatchOrder) -> bool:
    return seals().check_seal("batch-order", order_facts(order), order.seal)


def is_genuine_decision(decision: Decision) -> bool:
    return seals().check_seal("decision", decision_facts(decision), decision.seal)


def is_genuine(row: SignOff) -> bool:
    """Was this ledger row written by `sign_off`, and not changed since?"""
    return seals().check_seal("sign-off", {**signoff_facts(row), "digest": row.digest}, row.seal)
