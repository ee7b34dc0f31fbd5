"""征集调查: the result is public in time after the end (P-44), and each unit asks at least so often a year (P-43).

The text that says "at least once a year" leaves open whether surveys and calls count together (Q-05); each is counted by
itself here, so that nobody learns too late that the other one was meant.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from jiyue.content.models import Record
from jiyue.domain.deadlines import local
from jiyue.domain.duties import Fact
from jiyue.estate.models import Block, Site
from jiyue.publishing.duties.reach import LONG_MET, named, reaches
from jiyue.publishing.models import LISTED, ItemLink, PublicItem
from jiyue.publishing.moments import chunks, first_public, midnight
from jiyue.publishing.validity import TIMED, signed_content

RESULT, COUNT = "survey.result", "survey.count"
KEYS = {Record.Kind.SURVEY: "survey", Record.Kind.OPINION_CALL: "opinion"}


class CampaignSource:
    """One fact for each public survey or call: from its signed end on its result is owed."""

    code = "campaigns"
    parameters = (RESULT,)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        items = PublicItem.objects.filter(kind__in=TIMED, placed_by=None, state__in=LISTED).order_by("pk")
        identities = named(subjects, "record")
        if identities is not None:
            items = items.filter(identity__in=identities)
        for reach in reaches(set(items.values_list("site", flat=True))):
            for some in chunks(items.filter(site__in=list(reach.since)).select_related("sign_off__version")):
                yield from self._facts(some, now)

    def _facts(self, items: list[PublicItem], now: datetime) -> Iterator[Fact]:
        records = Record.objects.select_related("site").defer("body")
        found = records.in_bulk([item.identity for item in items], field_name="identity")
        public = _results_of({item.identity for item in items})
        for item in items:
            record, over = found[item.identity], datetime.fromisoformat(signed_content(item)["detail"]["closes_at"])
            met = public.get(item.identity)
            if met is None or met > now - LONG_MET:
                yield Fact(
                    parameter=RESULT, subject=f"record:{record.identity}", unit=record.responsible_id or record.site.owner_id,
                    title=_("公布结果：%(title)s") % {"title": record.title}, site=record.site_id,
                    area=f"column:{record.column_id}", started_at=over, met_at=max(met, over) if met else None,
                )  # fmt: skip


class CampaignYearSource:
    """Two facts a year for every public site that takes the public's word: a survey, and an opinion call."""

    code = "campaign-years"
    parameters = (COUNT,)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        refs = named(subjects, "campaign-year")
        named_sites = [ref.partition(":")[0] for ref in refs or ()]
        keys = None if refs is None else {int(ref) for ref in named_sites if ref.isdecimal()}
        this_year = local(now).year
        for reach in reaches(keys):
            sites = Site.objects.filter(pk__in=list(reach.since)).select_related("owner")
            taking = {site.pk: site for site in sites if Block.INTERACTION in site.blocks}
            asked = _asked_by(taking)
            for key, site in taking.items():
                for year in (this_year - 1, this_year):
                    if _counts(year, reach.since[key], now):
                        yield from _of_year(site, year, asked.get(key, []))


def _counts(year: int, since: datetime, now: datetime) -> bool:
    """A year before the site was public owes nothing, and one that is long over is told no more."""
    return midnight(date(year + 1, 1, 1)) > max(since, now - LONG_MET)


def _of_year(site: Site, year: int, asked: list[tuple[str, datetime]]) -> Iterator[Fact]:
    begins, ends = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    titles = {
        Record.Kind.SURVEY: _("%(year)s年开展一次在线调查"),
        Record.Kind.OPINION_CALL: _("%(year)s年开展一次意见征集"),
    }
    for kind, title in titles.items():
        times = [at for found, at in asked if found == kind and begins <= at < ends]
        yield Fact(
            parameter=COUNT, subject=f"campaign-year:{site.pk}:{KEYS[kind]}", title=title % {"year": year},
            unit=site.owner_id, site=site.pk, started_at=begins, met_at=min(times, default=None),
        )  # fmt: skip


def _asked_by(sites: Collection[int]) -> dict[int, list[tuple[str, datetime]]]:
    """When each site first showed each of its surveys and calls, by kind; also those that were withdrawn later."""
    rows = PublicItem.objects.filter(site__in=list(sites), kind__in=TIMED, placed_by=None)
    rows_of = {identity: (site, kind) for identity, site, kind in rows.values_list("identity", "site", "kind")}
    found: dict[int, list[tuple[str, datetime]]] = {}
    for identity, public in first_public(rows_of).items():
        site, kind = rows_of[identity]
        found.setdefault(site, []).append((kind, public.at))
    return found


def _results_of(identities: Collection[UUID]) -> dict[UUID, datetime]:
    """When the first result of each of these was public, by what was signed."""
    links = ItemLink.objects.filter(
        target__in=list(identities),
        item__kind=Record.Kind.CAMPAIGN_RESULT,
        item__state__in=LISTED,
        item__placed_by=None,
    )
    about: dict[UUID, UUID] = {
        link.item.identity: link.target for link in links.select_related("item__sign_off__version")
        if signed_content(link.item)["detail"]["campaign"] == str(link.target)
    }  # fmt: skip
    found: dict[UUID, datetime] = {}
    for identity, public in first_public(about).items():
        of = about[identity]
        found[of] = min(public.at, found.get(of, public.at))
    return found
