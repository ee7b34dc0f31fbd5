"""The annual report's tables three and four of a site, filled from its requests (DISC-03)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiyue.disclosure.events import ReportKept
from jiyue.disclosure.models import Contest, KeptReport, Request
from jiyue.disclosure.policies import reporting_sites
from jiyue.disclosure.words import APPLICANTS
from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.domain.disclosure_outcomes import Applicant, Remedy, Row, Verdict
from jiyue.domain.disclosure_report import (
    CARRIED_ON,
    TOTAL,
    Asked,
    Contested,
    Imbalance,
    Report,
    Unbalanced,
    contested_in,
    report_of,
    total_of,
)
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User

YEARS = range(2000, 2200)


@dataclass(frozen=True)
class Tables:
    """Tables three and four of a site and year; `kept` is what was stated, where it was."""

    site: Site
    year: int
    three: Report
    four: dict[tuple[Remedy, Verdict], tuple[int, ...]]
    kept: KeptReport | None = None

    def fifteen(self) -> dict[str, dict[str, int]]:
        """The numbers of table four."""
        return {
            remedy: {**{verdict: total_of(self.four, remedy, verdict) for verdict in Verdict},
                     TOTAL: total_of(self.four, remedy)}
            for remedy in Remedy
        }  # fmt: skip


def tables_of(site: Site, year: int) -> Tables:
    """Count a year as it stands now. What last year's kept report carried on counts as carried in."""
    before = KeptReport.objects.filter(site=site, year=year - 1).first()
    carried = before.figures[CARRIED_ON] if before is not None else None
    three = report_of(year, _asked(site, year), carried=carried)
    kept = KeptReport.objects.filter(site=site, year=year).select_related("kept_by").first()
    return Tables(site, year, three, contested_in(year, _contested(site)), kept)


def sentence_of(wrong: Imbalance) -> str:
    """What does not balance in one column, with both sums and their difference."""
    column = _("总计") if wrong.column == TOTAL else APPLICANTS[Applicant(wrong.column)]
    facts = {"column": column, "came": wrong.came, "went": wrong.went, "difference": abs(wrong.difference)}
    return _("%(column)s：新收加上年结转 %(came)s 件，办结加结转下年度 %(went)s 件，相差 %(difference)s 件") % facts


def sentence(unbalanced: Unbalanced) -> str:
    """Why a report is not given out."""
    columns = "；".join(sentence_of(one) for one in unbalanced.columns)
    return _("年报表不平衡，不能生成。%(columns)s。") % {"columns": columns}


@transaction.atomic
def keep_report(*, site: Site, year: int, by: User, now: datetime) -> KeptReport:
    """State the tables of a year that is over. Raises PermissionDenied, ValidationError for an unbalanced or early one."""
    if not reporting_sites(by).filter(pk=site.pk).exists():
        raise PermissionDenied(_("您不能确认这个网站的年报表"))
    if year not in YEARS or year >= local(now).year:
        raise ValidationError(_("这一年还没有过完，年报表不能确认"))
    tables = tables_of(site, year)
    try:
        tables.three.checked()
    except Unbalanced as error:
        raise ValidationError(sentence(error)) from error
    try:
        with transaction.atomic():
            row = KeptReport.objects.create(
                site=site, year=year, figures=tables.three.figures(), contests=tables.fifteen(), kept_by=by, kept_at=now
            )
    except IntegrityError as error:
        raise ValidationError(_("这一年的年报表已经确认过")) from error
    record(ReportKept(subject=f"disclosure-report:{row.pk}", site=site.host, year=year), by=by.actor(), at=now)
    return row


def _asked(site: Site, year: int) -> Iterator[Asked]:
    begins = datetime(year, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)
    ends = datetime(year + 1, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)
    concerned = Q(met_at=None, ended_at=None) | Q(met_at__gte=begins) | Q(ended_at__gte=begins)
    rows = Request.objects.filter(concerned, desk=site, received_at__lt=ends)
    facts: Any = rows.values_list("pk", "applicant", "received_at", "met_at", "ended_at", "outcome")
    for key, applicant, received, met, ended, outcome in facts.iterator():
        done = met or ended
        yield Asked(
            key, Applicant(applicant), local(received).date(), local(done).date() if done else None,
            Row(outcome) if outcome else None,
        )  # fmt: skip


def _contested(site: Site) -> Iterator[Contested]:
    for row in Contest.objects.filter(request__desk=site):
        yield Contested(row.pk, Remedy(row.remedy), row.begun_on, row.ended_on, Verdict(row.verdict))
