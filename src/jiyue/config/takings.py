"""Which events make rules for taking look, and what the clock does for them."""

from datetime import datetime

from jiyue.content.models import TakingRule
from jiyue.foundation.models import AuditEvent
from jiyue.review import taking
from jiyue.review.models import SignOff

SECONDS = 0.3  # of a round of the worker; releases wait meanwhile


def heed_signed(event: AuditEvent, now: datetime) -> None:
    """A record was signed: rules that mean it plan it. A rule was signed: it looks at what is public already."""
    kind, _colon, identity = event.subject.partition(":")
    if kind == "taking":
        rules = TakingRule.objects.filter(identity=identity).select_related("site", "column", "proposed_by")
        for rule in rules:
            taking.catch_up(rule=rule, now=now)
    elif kind == "record":
        rows = SignOff.objects.filter(sequence=event.data["sequence"]).select_related("version__record", "site")
        for row in rows:
            taking.notice(row=row, now=now)


def attend(now: datetime) -> None:
    """Take what is due. The documents of a batch, and whatever an event missed, are planned at night."""
    taking.take_due(now=now, seconds=SECONDS)
