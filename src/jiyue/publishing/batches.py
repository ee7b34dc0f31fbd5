"""Signed batches are carried on by the worker; of one that is refused the operator, the site and who submitted it read why."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from jiyue.publishing import incidents
from jiyue.publishing.models import Incident
from jiyue.review.batches import carry_on_batches
from jiyue.review.models import BatchOrder, Review


def carry_on(*, now: datetime, seconds: float = 0.5) -> int:
    """As `review.batches.carry_on_batches`; a refused order opens an incident, which closes when its rows go on."""

    def tell(order: BatchOrder, reasons: list[str]) -> None:
        subject = subject_of(order.review)
        if not reasons:
            incidents.close(kind=Incident.Kind.LEDGER, subject=subject, now=now)
            return
        what = _("批次“%(name)s”已签发，但没有登记到台账，不会发布。原因：%(reasons)s") % {
            "name": order.batch.name, "reasons": "；".join(reasons),
        }  # fmt: skip
        incidents.report(kind=Incident.Kind.LEDGER, subject=subject, what=what, now=now, site=order.review.site)

    return carry_on_batches(now=now, seconds=seconds, tell=tell)


def refusals(reviews: Iterable[Review]) -> dict[int, Incident]:
    """The open incident of each of these reviews that has one."""
    subjects = {subject_of(review): review.pk for review in reviews}
    found = Incident.objects.filter(kind=Incident.Kind.LEDGER, subject__in=subjects, closed_at__isnull=True)
    return {subjects[incident.subject]: incident for incident in found}


def subject_of(review: Review) -> str:
    return f"batch-review:{review.pk}"
