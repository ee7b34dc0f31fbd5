"""What the tests of the library start from: both cities have their structure, and what is signed off is public."""

import pytest

from jiyue.publishing.projection import apply
from jiyue.review.models import SignOff
from tests.cast import draft, reviewed, structured


@pytest.fixture
def publish(cast, now):
    """Write, review and make public as the publisher books it, without rendering a page; gives the record."""
    for tenant in (cast.city, cast.outside):
        structured(tenant, now=now)

    def published(tenant, *, at=now, **fields):
        record = draft(tenant, now=at, **fields)
        reviewed(tenant, record, now=at)
        bring_up(tenant.site)
        return record

    return published


def bring_up(site) -> None:
    """Bring the public items of a site up to the ledger."""
    apply(site, SignOff.objects.filter(site=site).order_by("sequence"))
