"""The annual report as a whole: what is entered and written, the sums over a government's units, and the draft drawn from it.

The tables three and four are those that a unit stated (`reporting.keep_report`), never counted behind its back.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jiyue.content.actions import keep_new, refuse_locked, save_draft
from jiyue.content.models import Article, Column, Record
from jiyue.disclosure.annual_words import LINES as LINE_WORDS
from jiyue.disclosure.annual_words import PROSE
from jiyue.disclosure.annual_writing import Annual, blocks_of
from jiyue.disclosure.events import AnnualDrawn, AnnualSaved
from jiyue.disclosure.models import AnnualReport, FeeNotice, KeptReport
from jiyue.disclosure.policies import may_report, reporting_sites, sums_up
from jiyue.disclosure.reporting import YEARS, tables_of
from jiyue.disclosure.stepping import ChangedMeanwhile
from jiyue.domain.disclosure_annual import CELLS, LINES, Prose, added, is_number, lacking, plain, summed
from jiyue.domain.disclosure_report import CARRIED_IN, CARRIED_ON, NEW, SETTLED
from jiyue.domain.letters import tidied
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.policies import desks_of

LONGEST = {Prose.OVERVIEW: 20_000, Prose.PROBLEMS: 10_000, Prose.OTHERS: 10_000}  # characters
LONGEST_SOURCE = 300


def annual_of(site: Site, year: int, *, whole: bool = False) -> Annual:
    """The report of a site and year, or with `whole` the sums over the units of its government."""
    saved = (
        AnnualReport.objects.filter(site=site, year=year, whole=whole).select_related("changed_by", "record").first()
    )
    found = _whole(site, year, saved) if whole else _own(site, year, saved)
    return replace(found, lacks=tuple(_lacks(found)))


@transaction.atomic
def save_annual(
    *, site: Site, year: int, whole: bool, version: int, figures: Mapping[str, str], sources: Mapping[str, str],
    prose: Mapping[str, str], by: User, now: datetime,
) -> AnnualReport:  # fmt: skip
    """Keep what was entered and written, as far as it goes; `figures` by `row-column`, `version` 0 for the first time.

    Raises PermissionDenied, ChangedMeanwhile; ValidationError by field.
    """
    _refuse_others(site, by, whole)
    if year not in YEARS:
        raise ValidationError({"year": _("没有这一年")})
    given = {
        "figures": {} if whole else _figures(figures), "sources": {} if whole else _sources(sources), **_prose(prose),
        "changed_by": by, "changed_at": now,
    }  # fmt: skip
    meanwhile = ChangedMeanwhile(_("别人刚刚改过这份年报，请看过最新内容再保存；您写的还在下面"))
    rows = AnnualReport.objects.filter(site=site, year=year, whole=whole)
    if version == 0:
        try:
            with transaction.atomic():
                rows.create(site=site, year=year, whole=whole, **given)
        except IntegrityError as error:
            raise meanwhile from error
    elif not rows.filter(version=version).update(**given, version=version + 1):
        raise meanwhile
    row = rows.get()
    record(AnnualSaved(subject=f"disclosure-annual:{row.pk}", site=site.host, year=year), by=by.actor(), at=now)
    return row


@transaction.atomic
def draw_up(*, site: Site, year: int, whole: bool, column: Column, by: User, now: datetime) -> Record:
    """Make the draft of the report, or bring the one that is there up to date; editors and reviewers go on with it.

    Raises PermissionDenied; ValidationError for what is missing, a wrong column, or a draft under review.
    """
    _refuse_others(site, by, whole)
    annual = annual_of(site, year, whole=whole)
    if annual.lacks or annual.saved is None:
        raise ValidationError(list(annual.lacks) or [_("还没有保存")])
    if not columns_for(site).filter(pk=column.pk).exists():
        raise ValidationError({"column": _("请选择本网站的栏目")})
    saved = AnnualReport.objects.select_for_update().get(pk=annual.saved.pk)
    found = Article.objects.filter(pk=saved.record_id).first() if saved.record_id else None
    made: Any = found or Article(
        kind=Record.Kind.ARTICLE, site=site, column=column, source=site.owner.name, responsible=site.owner
    )
    if found is not None:
        refuse_locked(found)
        if found.versions.exists():
            raise ValidationError(_("稿件已经送审过，请在稿件里改，不从这里覆盖"))
    made.title = annual.title[:200]
    made.body = made.body.stream_block.to_python(blocks_of(annual))
    if found is None:
        keep_new(record=made, by=by, now=now)
        AnnualReport.objects.filter(pk=saved.pk).update(record=made.pk)
    else:
        save_draft(record=made, by=by, now=now)
    event = AnnualDrawn(
        subject=f"disclosure-annual:{saved.pk}", site=site.host, year=year, record=str(made.identity)
    )  # fmt: skip
    record(event, by=by.actor(), at=now)
    return Record.objects.get(pk=made.pk)


def columns_for(site: Site) -> QuerySet[Column]:
    """Where the report may be published: the columns made for annual reports; any open one where there is none."""
    open_ones = Column.objects.filter(site=site, closed_at__isnull=True).exclude(kind=Column.Kind.CHANNEL)
    meant = open_ones.filter(kind=Column.Kind.DISCLOSURE_REPORT)
    return (meant if meant.exists() else open_ones).order_by("path")


def fees_in(site: Site, year: int) -> tuple[int, int]:
    """How many fees were paid to a unit in a year, and how many yuan: part six reports them."""
    paid = FeeNotice.objects.filter(request__desk=site, paid_on__year=year).values_list("amount", flat=True)
    return len(paid), sum(paid)


def _own(site: Site, year: int, saved: AnnualReport | None) -> Annual:
    kept = KeptReport.objects.filter(site=site, year=year).first()
    return Annual(
        site, year, False, saved, saved.figures if saved else {}, kept.figures if kept else None,
        kept.contests if kept else None,
    )  # fmt: skip


def _whole(site: Site, year: int, saved: AnnualReport | None) -> Annual:
    sites = list(desks_of(site).select_related("owner"))
    kept = {row.site_id: row for row in KeptReport.objects.filter(site__in=sites, year=year)}
    entered = {row.site_id: row for row in AnnualReport.objects.filter(site__in=sites, year=year, whole=False)}
    stated = [one for one in sites if one.pk in kept]
    ready = [
        one for one in stated if one.pk in entered and not lacking(entered[one.pk].figures, entered[one.pk].sources)
    ]
    return Annual(
        site, year, True, saved, added(entered[one.pk].figures for one in ready),
        summed(kept[one.pk].figures for one in stated) if stated else None,
        summed(kept[one.pk].contests for one in stated) if stated else None,
        stated=_names(stated), missing=_names(one for one in sites if one.pk not in kept),
        without_two=_names(one for one in stated if one not in ready),
        differing=_names(one for one in stated if tables_of(one, year).three.figures() != kept[one.pk].figures),
    )  # fmt: skip


def _names(sites: Any) -> tuple[str, ...]:
    return tuple(f"{one.owner.name}（{one.name}）" for one in sites)


def _lacks(annual: Annual) -> list[str]:
    """What must still be done before a draft can be drawn."""
    found = []
    if annual.three is None:
        found.append(
            _("没有单位确认过这一年的年报表") if annual.whole else _("表三、表四还没有确认，请先在年报表里确认")
        )
    elif not _balances(annual.three):
        found.append(_("表三不平衡"))
    if not annual.whole:
        sources = annual.saved.sources if annual.saved else {}
        found += [
            _("表二“%(row)s”：请填数字（没有的填 0）和来源") % {"row": LINE_WORDS[name]}
            for name in lacking(annual.two, sources)
        ]
    found += [_("请写“%(part)s”") % {"part": PROSE[name]} for name in Prose if not annual.prose(name)]
    return found


def _balances(three: Mapping[str, Mapping[str, int]]) -> bool:
    return all(
        three[NEW][column] + three[CARRIED_IN][column] == three[SETTLED][column] + three[CARRIED_ON][column]
        for column in three[NEW]
    )


def _figures(given: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {line.name: {} for line in LINES}
    for row, column in CELLS:
        text = given.get(f"{row}-{column}", "").strip()
        if text and not is_number(column, text):
            raise ValidationError({f"{row}-{column}": _("请填不带单位的数字，没有的填 0")})
        if text:
            found[row][column] = plain(text)
    return found


def _sources(given: Mapping[str, str]) -> dict[str, str]:
    found = {line.name: tidied(given.get(line.name, "")) for line in LINES}
    for name, text in found.items():
        if len(text) > LONGEST_SOURCE:
            raise ValidationError({f"source-{name}": _("来源不能超过 %(n)s 字") % {"n": LONGEST_SOURCE}})
    return found


def _prose(given: Mapping[str, str]) -> dict[str, str]:
    found = {name.value: tidied(given.get(name.value, "")) for name in Prose}
    for name in Prose:
        if len(found[name.value]) > LONGEST[name]:
            raise ValidationError({name.value: _("不能超过 %(n)s 字") % {"n": LONGEST[name]}})
    return found


def _refuse_others(site: Site, by: User, whole: bool) -> None:
    if whole and not sums_up(site):
        raise PermissionDenied(_("汇总由政府的网站做，部门填写本单位的"))
    if not reporting_sites(by).filter(pk=site.pk).exists() or not may_report(by, site):
        raise PermissionDenied(_("年度报告由本网站收件的人填写"))
