"""What lies in the 资源库: whatever is public at its origin, on all sites (LIB-01).

Nothing here reads a draft. Titles come from the version that was signed off, because the row of a record holds what its
editors are writing now, and that is nobody else's business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_date

from jiyue.content.models import Column, Record
from jiyue.estate.models import Site
from jiyue.publishing.framing import origin_of
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.review import ledger
from jiyue.review.models import SignOff
from jiyue.review.queries import TitleIn

PER_PAGE = 25
MOST_PAGES = 400


@dataclass(frozen=True)
class Wanted:
    """What was asked for, cleaned: unknown values count as not given. Days are days in Asia/Shanghai."""

    site: str = ""
    kind: str = ""
    column_kind: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""
    page: int = 1
    query: str = ""


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """Read the filter out of a query string."""
    return Wanted(
        site=given.get("site", "").strip()[:120],
        kind=_one_of(given.get("kind", ""), Record.Kind.values),
        column_kind=_one_of(given.get("column_kind", ""), Column.Kind.values),
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        text=given.get("q", "").strip()[:100],
        page=min(page_number(given), MOST_PAGES),
        query=urlencode({name: value for name, value in given.items() if value and name != "p"}),
    )


def page_number(given: Mapping[str, str]) -> int:
    """The page of a list that was asked for; the first when it makes no sense."""
    number = given.get("p", "1")
    return max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 6 else 1


def public_items() -> QuerySet[PublicItem]:
    """Everything that is public at its origin. What was taken over elsewhere is not there a second time."""
    return PublicItem.objects.filter(state__in=LISTED, placed_by__isnull=True)


def matching(wanted: Wanted) -> QuerySet[PublicItem]:
    """The public items asked for, newest first."""
    found = public_items()
    if wanted.site:
        sites = Site.objects.filter(Q(host=wanted.site) | Q(name__icontains=wanted.site))
        found = found.filter(site__in=sites)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.column_kind:
        found = found.filter(column__in=Column.objects.filter(kind=wanted.column_kind))
    if wanted.since:
        found = found.filter(published_at__gte=_midnight(wanted.since))
    if wanted.until:
        found = found.filter(published_at__lt=_midnight(wanted.until + timedelta(days=1)))
    if wanted.text:
        found = _titled(found, wanted.text)
    return found.order_by("-published_at", "-serial")


def page_of(wanted: Wanted) -> tuple[list[PublicItem], bool]:
    """The items of the page asked for, with site and column, and whether more follow.

    Two steps: joined to sites and columns, the database would sort everything before it leaves out the earlier pages.
    """
    start = (wanted.page - 1) * PER_PAGE
    keys = list(matching(wanted).values_list("pk", flat=True)[start : start + PER_PAGE + 1])
    found = PublicItem.objects.select_related("site", "column").in_bulk(keys[:PER_PAGE])
    more = len(keys) > PER_PAGE and wanted.page < MOST_PAGES
    return [found[key] for key in keys[:PER_PAGE]], more


def fetch_public_item(ref: int) -> PublicItem:
    """The item with this key if it is public now. Raises Http404 otherwise, for a draft as for what never was."""
    item = public_items().filter(pk=ref).select_related("site", "column").first()
    if item is None:
        raise Http404
    return item


def public_item_of(record: Record) -> PublicItem | None:
    """Where a record is public at its origin; None for drafts and for what was withdrawn."""
    return public_items().filter(identity=record.identity).select_related("site", "column").first()


def signed_contents(items: Iterable[PublicItem]) -> dict[int, dict[str, Any] | None]:
    """By item: what was signed off; None where the stored text is not what was signed. One query for all."""
    items = list(items)
    rows = SignOff.objects.filter(pk__in={item.sign_off_id for item in items}).select_related("version")
    versions = {row.pk: row.version for row in rows}
    return {item.pk: _signed(versions[item.sign_off_id], item.version_digest) for item in items}


def public_address(item: PublicItem) -> str:
    """The whole address under which readers find an item."""
    return origin_of(item.site.host) + item.address


def _signed(version, digest: str) -> dict[str, Any] | None:
    try:
        return ledger.content_of(version, digest=digest)
    except ledger.SignOffRefused:
        return None  # the row says so and offers nothing; the reconciler reports it


def _titled(found: QuerySet[PublicItem], text: str) -> QuerySet[PublicItem]:
    # The draft's title only narrows the search (it is short and in one table); what decides is the signed title. A
    # draft that was changed since may have another title than the public one, so it is not narrowed away.
    records = Record.objects.filter(identity=OuterRef("identity"))
    maybe = records.filter(Q(title__icontains=text) | Q(changed_at__gt=OuterRef("sign_off__signed_at")))
    titled = found.annotate(public_title=TitleIn("sign_off__version__content"))
    return titled.filter(Exists(maybe), public_title__icontains=text)


def _one_of(given: str, known: list[str]) -> str:
    return given if given in known else ""


def _day(given: str) -> date | None:
    try:
        return parse_date(given)
    except ValueError:  # well formed, but no such day
        return None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
