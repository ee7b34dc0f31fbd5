"""来信办理统计 in public: once a day a sealed statement of the sealed sums, under the signed order of a column (ADR 0024)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.domain.deadlines import local
from jiyue.domain.letter_figures import Sum, total
from jiyue.domain.talk_figures import HELD
from jiyue.estate.models import Site
from jiyue.interaction.accounts import FiguresBroken, channels_of, classes_counted, sums_of
from jiyue.interaction.enquiries.figures import talk_sums_of
from jiyue.interaction.models import FiguresStatement
from jiyue.publishing import incidents
from jiyue.publishing.groups import is_profile_sealed, whole_group_of
from jiyue.publishing.models import Incident, SitePublication
from jiyue.publishing.reconciling import signed_structure
from jiyue.review.sealing import seals

STATEMENT = "figures-statement"


@dataclass(frozen=True)
class Figures:
    """What a site tells on a day: lines of unit, year, kind and sum; and the same letters once more by channel, which
    statements from before channels were counted have not. `talks` are live enquiries, by unit and year; `classes` the letters
    that were classed, by class of the rule (INT-04).
    """

    as_of: date
    lines: tuple[dict[str, Any], ...]
    channels: tuple[dict[str, Any], ...] = ()
    talks: tuple[dict[str, Any], ...] = ()
    classes: tuple[dict[str, Any], ...] = ()

    def years(self) -> list[int]:
        return sorted({line["year"] for line in (*self.lines, *self.talks)}, reverse=True)

    def of_year(self, year: int) -> "Figures":
        every = (self.lines, self.channels, self.talks, self.classes)
        of_year = (tuple(line for line in lines if line["year"] == year) for lines in every)
        return Figures(self.as_of, *of_year)

    def whole(self) -> Sum:
        return total(line["sum"] for line in self.lines)

    def by(self, name: str) -> dict[str, Sum]:
        """Sums by `unit`, `kind`, `channel` or `class`, in the order in which they come first."""
        found: dict[str, list[Sum]] = {}
        for line in {"channel": self.channels, "class": self.classes}.get(name, self.lines):
            found.setdefault(line[name], []).append(line["sum"])
        return {value: total(sums) for value, sums in found.items()}


def state_all(now: datetime) -> int:
    """Write today's statement of every site whose signed columns order it; gives how many are new.

    A unit whose sums were altered stops the statements that would show them, and is told; they stay at their last day.
    """
    rows = SitePublication.objects.filter(structure__isnull=False, release__gt=0).exclude(
        site__status=Site.Status.CLOSED
    )
    return sum(_state(row.site, now) for row in rows.select_related("site__owner").order_by("site"))


def newest(site: Site) -> Figures | None:
    """The newest statement whose seal holds; what was altered is passed over."""
    for row in FiguresStatement.objects.filter(site=site).order_by("-as_of"):
        if seals().check_seal(STATEMENT, _facts(row), row.seal):
            named = ("kind", "channel", "talks", "class")
            parts = (tuple(line for line in row.figures if name in line) for name in named)
            return Figures(row.as_of, *parts)
    return None


def orders_figures(site: Site) -> bool:
    """Does a column of the signed structure carry the standing order?"""
    columns = signed_structure(site)["columns"]
    return any(column.get("publishes_figures") and not column["closed"] for column in columns)


def _state(site: Site, now: datetime) -> bool:
    as_of = local(now).date()
    if FiguresStatement.objects.filter(site=site, as_of=as_of).exists() or not orders_figures(site):
        return False
    subject = f"{site.host} figures"
    try:
        row = FiguresStatement(site=site, as_of=as_of, figures=list(_lines(site)))
        _refuse_lost_talks(site, row.figures)
    except FiguresBroken as broken:
        what = _("来信办理统计的封存数字（%(subject)s）被改动，停止更新统计") % {"subject": broken}
        incidents.report(kind=Incident.Kind.SEAL, subject=subject, what=what, now=now, site=site)
        return False
    row.seal = seals().seal(STATEMENT, _facts(row))
    with transaction.atomic():
        row.save()
        SitePublication.objects.filter(site=site).update(group_changed_at=now)
        incidents.close(kind=Incident.Kind.SEAL, subject=subject, now=now)
    return True


def _lines(site: Site) -> Iterator[dict[str, Any]]:
    for key in whole_group_of(site) or (site.pk,):
        name = _name(key)
        for year, kinds in sorted(sums_of(key).items(), reverse=True):
            for kind, one in sorted(kinds.items()):
                if one["received"]:
                    yield {"unit": name, "year": int(year), "kind": kind, "sum": one}
        for by, sums in (("channel", channels_of(key)), ("class", classes_counted(key))):
            for year, named in sorted(sums.items(), reverse=True):
                for word, one in sorted(named.items()):
                    if one["received"]:
                        yield {"unit": name, "year": int(year), by: word, "sum": one}
        for year, one in sorted(talk_sums_of(key).items(), reverse=True):
            yield {"unit": name, "year": int(year), "talks": one}


def _refuse_lost_talks(site: Site, lines: list[dict[str, Any]]) -> None:
    """Conversations are only ever added: sums that were removed, and begun anew, hold fewer than the last statement told.

    Raises FiguresBroken.
    """
    earlier = newest(site)
    held = {(line["unit"], line["year"]): line["talks"][HELD] for line in lines if "talks" in line}
    units = {_name(key): key for key in whole_group_of(site) or (site.pk,)}
    for line in earlier.talks if earlier is not None else ():
        if line["unit"] in units and held.get((line["unit"], line["year"]), 0) < line["talks"][HELD]:
            raise FiguresBroken(units[line["unit"]])


def _name(site: int) -> str:
    """The name of a site as it was signed. Raises FiguresBroken for one whose profile was altered."""
    row = SitePublication.objects.get(site=site)
    if not is_profile_sealed(row):
        raise FiguresBroken(site)
    return str(row.profile["name"])


def _facts(row: FiguresStatement) -> dict[str, Any]:
    return {"site": row.site_id, "as_of": row.as_of.isoformat(), "figures": row.figures}
