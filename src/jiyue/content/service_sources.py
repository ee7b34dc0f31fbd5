"""Where the service platform's file for a site lies, and when it is to be compared with it: every night, or when asked."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.events import ServiceSourceSet
from jiyue.content.models import ServiceSource, Synchronisation
from jiyue.content.policies import may_exchange_services
from jiyue.estate.models import Site
from jiyue.estate.policies import may_manage
from jiyue.foundation.audit import record as trace
from jiyue.foundation.fetching import NotFetched, checked_address
from jiyue.identity.models import User

HALF_A_DAY = timedelta(hours=12)


@transaction.atomic
def set_source(*, site: Site, address: str, by: User, now: datetime) -> ServiceSource | None:
    """Say where the service platform's file for this site lies; an empty address ends the nightly comparison.

    Raises PermissionDenied, ValidationError.
    """
    if not may_manage(by, site):
        raise PermissionDenied(_("比对来源由网站管理员登记"))
    before = ServiceSource.objects.select_for_update().filter(site=site).first()
    address = address.strip()
    _refuse_form(address)
    event = ServiceSourceSet(
        subject=f"site:{site.host}", site=site.host, before=before.address if before else "", after=address
    )
    if not address:
        if before:
            before.delete()
            trace(event, by=by.actor(), at=now)
        return None
    kept = before or ServiceSource(site=site)
    kept.address, kept.set_by, kept.set_at, kept.wanted_at = address, by, now, now
    kept.full_clean()
    kept.save()
    trace(event, by=by.actor(), at=now)
    return kept


@transaction.atomic
def ask_for_comparison(*, source: ServiceSource, by: User, now: datetime) -> None:
    """Compare with the configured address as soon as the worker comes to it. Raises PermissionDenied."""
    if not may_exchange_services(by, source.site):
        raise PermissionDenied(_("您不能发起这个网站的比对"))
    ServiceSource.objects.filter(pk=source.pk).update(wanted_at=now)


def any_wanted(now: datetime) -> bool:
    """Does a comparison wait to be made?"""
    return ServiceSource.objects.filter(wanted_at__lte=now).exists()


def want_nightly(*, now: datetime) -> int:
    """Want a comparison with every configured address that has not been asked for half a day; gives how many."""
    lately = Synchronisation.objects.filter(origin=Synchronisation.Origin.ADDRESS, at__gt=now - HALF_A_DAY)
    resting = ServiceSource.objects.filter(wanted_at__isnull=True).exclude(site__in=lately.values("site"))
    return resting.update(wanted_at=now)


def answered(*, source: ServiceSource) -> None:
    """The comparison that was wanted took place; one that was wanted meanwhile is still to come."""
    ServiceSource.objects.filter(pk=source.pk, wanted_at=source.wanted_at).update(wanted_at=None)


def _refuse_form(address: str) -> None:
    """An address that could never be fetched is refused while the person is still there."""
    if address:
        try:
            checked_address(address)
        except NotFetched as error:
            raise ValidationError({"address": str(error)}) from error
