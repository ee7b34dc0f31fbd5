"""Lists of records: per column, per site, of all sites; 25 a page, the same number of queries however many rows.

Nothing here counts everything: a total stops at MOST_COUNTED, a list ends at MOST_PAGES, and filters do the rest.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jiyue.console import rules
from jiyue.console.finding import by_words
from jiyue.console.sites import current_site
from jiyue.content.models import Column, Record
from jiyue.content.models.records import State
from jiyue.content.policies import fetch_column_for, writable_records
from jiyue.content.queries import listed
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for, sites_with
from jiyue.identity.roles import Permission

PER_PAGE = 25
MOST_PAGES = 400
MOST_COUNTED = 1000
SUBMITTABLE = frozenset({State.DRAFT, State.RETURNED, State.WITHDRAWN})
FIRST_YEAR = 1990


@dataclass
class Filter:
    """What a list was asked for, cleaned: unknown values count as not given."""

    site: Site | None = None
    column: Column | None = None
    kind: str = ""
    state: str = ""
    year: int | None = None
    text: str = ""
    page: int = 1
    given: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The filter as an address, without the page."""
        return urlencode({name: value for name, value in self.given.items() if value and name != "p"})


def filter_of(request: HttpRequest) -> Filter:
    """Read the filter of a request. A site or column the person may not read is a 404."""
    given = request.GET
    column = fetch_column_for(request.user, int(given["column"])) if given.get("column", "").isdecimal() else None
    return Filter(
        site=column.site if column else _site(request),
        column=column,
        kind=given.get("kind", "") if given.get("kind") in Record.Kind.values else "",
        state=given.get("state", "") if given.get("state") in State.values else "",
        year=_year(given.get("year", "")),
        text=given.get("q", "").strip()[:100],
        page=min(_number(given.get("p", ""), 1), MOST_PAGES),
        given=given.dict(),
    )


@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """The list of one column, one site, or all."""
    wanted = filter_of(request)
    found, as_typed = matching(request, wanted)
    start = (wanted.page - 1) * PER_PAGE
    rows = list(listed(found)[start : start + PER_PAGE + 1])
    page = rows[:PER_PAGE]
    context = {
        "rows": [(row, row.pk in writable) for writable in [_writable(request, page)] for row in page],
        "wanted": wanted,
        "as_typed": as_typed,
        "page": wanted.page,
        "more": len(rows) > PER_PAGE and wanted.page < MOST_PAGES,
        "query": wanted.query,
        # Words are looked for row by row; to count as well would read the whole column twice.
        "total": None if wanted.text else capped_total(found),
        "columns": _columns(wanted.site),
        "kinds": Record.Kind.choices,
        "states": State.choices,
        "years": range(timezone.localdate().year, timezone.localdate().year - 12, -1),
        "writes": rules.writes(request.user),
        "all_sites": wanted.site is None,
        "now": timezone.now(),
    }
    return TemplateResponse(request, "console/records.html", context)


def matching(request: HttpRequest, wanted: Filter) -> tuple[QuerySet[Record], bool]:
    """The records asked for, newest change first, served from the index of the narrowest scope.

    The second value is false where words were read less strictly than typed (`finding`).
    """
    found = _scope(request, wanted)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.year:
        found = found.filter(changed_at__gte=_new_year(wanted.year), changed_at__lt=_new_year(wanted.year + 1))
    as_typed = True
    if wanted.text:
        scope = {"column": wanted.column} if wanted.column else {"site": wanted.site} if wanted.site else {}
        found, as_typed = by_words(found, wanted.text, **scope)
    return found.order_by("-changed_at", "-pk"), as_typed


def capped_total(found: QuerySet[Record]) -> tuple[int, bool]:
    """How many there are, and whether there are more than are worth counting."""
    count = found.order_by()[: MOST_COUNTED + 1].count()
    return min(count, MOST_COUNTED), count > MOST_COUNTED


def _scope(request: HttpRequest, wanted: Filter) -> QuerySet[Record]:
    if wanted.column:
        return Record.objects.filter(column=wanted.column)
    if wanted.site:
        return Record.objects.filter(site=wanted.site)
    sites = list(sites_with(request.user, Permission.READ_CONTENT).values_list("pk", flat=True))
    # Adding nothing keeps the planner from sorting every record of all these sites: it walks the newest first instead.
    return Record.objects.annotate(own_site=F("site_id") + 0).filter(own_site__in=sites)


def _site(request: HttpRequest) -> Site | None:
    """The site asked for, "all", or the one in hand. Who may not read the one in hand reads all of hers."""
    asked = request.GET.get("site")
    if asked == "all":
        return None
    if asked:
        return fetch_site_for(request.user, asked, Permission.READ_CONTENT)
    site = current_site(request)
    return site if site and sites_with(request.user, Permission.READ_CONTENT).filter(pk=site.pk).exists() else None


def _writable(request: HttpRequest, rows: list[Record]) -> set[int]:
    """Which of these rows the person may edit; one question for all of them."""
    if not rules.writes(request.user):
        return set()
    return set(writable_records(request.user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def _columns(site: Site | None) -> list[dict[str, Any]]:
    if site is None:
        return []
    return list(Column.objects.filter(site=site).order_by("path").values("pk", "name", "path"))


def _year(given: str) -> int | None:
    year = _number(given, 0)
    return year if FIRST_YEAR <= year <= timezone.localdate().year + 1 else None


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=timezone.get_default_timezone())


def _number(given: str, otherwise: int) -> int:
    return max(1, int(given)) if given.isdecimal() and len(given) < 7 else otherwise
