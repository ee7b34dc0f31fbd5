"""网页评价 for staff: the least useful pages first, by column, the reasons of one page, and everything as .xlsx."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiyue.console.comments.views import page
from jiyue.console.office.frame import paged
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.content.models import Record
from jiyue.estate.policies import sites_with
from jiyue.foundation.audit import record as trace
from jiyue.identity.roles import Permission
from jiyue.interaction.comments.events import VoteReasonsSeen, VotesExported
from jiyue.interaction.comments.queries import FEWEST, MOST_PAGES, reasons_of, votes_by_column, votes_by_page


@require_GET
def votes(request: HttpRequest) -> HttpResponse:
    """Pages with votes, the least useful first, and the same by column."""
    lines = votes_by_page(sites_with(request.user, Permission.READ_LETTERS))
    return page(
        request, "votes.html", rows=paged(request, lines[:MOST_PAGES]), columns=votes_by_column(lines)[:50], fewest=FEWEST
    )  # fmt: skip


@require_GET
def reasons(request: HttpRequest, voted: int) -> HttpResponse:
    """Why people found one page useful or not."""
    sites = sites_with(request.user, Permission.READ_LETTERS)
    found = Record.objects.filter(pk=voted, site__in=sites).select_related("site", "column").first()
    if found is None:
        raise Http404
    with transaction.atomic():
        event = VoteReasonsSeen(subject=f"record:{found.pk}", site=found.site.host, title=found.title)
        trace(event, by=request.user.actor(), at=timezone.now())
    return page(request, "reasons.html", record=found, rows=paged(request, reasons_of(found)))


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The whole table; who took it stands in the trail."""
    lines = votes_by_page(sites_with(request.user, Permission.READ_LETTERS))
    with transaction.atomic():
        event = VotesExported(subject="page-votes", site="", number=len(lines))
        trace(event, by=request.user.actor(), at=timezone.now())
    return as_xlsx("page-votes", _("网页评价"), _rows(lines))


def _rows(lines: list[Any]) -> Iterator[list[Any]]:
    yield [_("网站"), _("栏目"), _("网页"), _("有用"), _("没用"), _("有用率（%）"), _("写了原因")]
    for one in lines:
        record = one.record
        yield [record.site.name, record.column.name, record.title, one.useful, one.useless, one.share, one.reasons]
