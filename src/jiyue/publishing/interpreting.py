"""How many documents were interpreted, and how many interpretations show more than words (POL-07; P-32, P-33)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from jiyue.content.models import Interpretation, PolicyDocument
from jiyue.domain.limits import Share
from jiyue.domain.rule_terms import Ratio
from jiyue.domain.rulesets import Answer
from jiyue.identity.models import Membership, Organisation
from jiyue.identity.policies import below
from jiyue.publishing.duties.interpretations import first_interpretation
from jiyue.publishing.duties.records import TOUCHING
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.moments import chunks, midnight
from jiyue.rules.queries import answer_for

COVERAGE, GRAPHIC_SHARE = "interpretation.coverage", "interpretation.graphic-share"
ONE_DAY = timedelta(days=1)
Form = Interpretation.Form
# 图文解读: shows what it explains. Words alone, written or spoken, do not.
GRAPHIC = frozenset({Form.GRAPHIC, Form.DIGITAL, Form.VIDEO, Form.ANIMATION, Form.SCENE})


@dataclass(frozen=True)
class Missing:
    """A record that a share counts: a document or an interpretation, which the share has or lacks."""

    identity: UUID
    title: str
    site: str
    unit: str
    public_at: datetime


@dataclass(frozen=True)
class Reached:
    """A share of one unit in one period against what the rules demand; `required` is None where none of them does."""

    parameter: str
    part: int
    total: int
    answer: Answer
    missing: tuple[Missing, ...]
    met: tuple[Missing, ...] = ()

    @property
    def percent(self) -> float | None:
        """The share, or nothing when there was nothing to do."""
        return 100 * self.part / self.total if self.total else None

    @property
    def share(self) -> Share | None:
        return self.answer.terms.at_least if isinstance(self.answer.terms, Ratio) else None

    @property
    def required(self) -> float | None:
        return float(self.share.percent) if self.share else None

    @property
    def is_missed(self) -> bool:
        return self.share is not None and not self.share.is_met(part=self.part, total=self.total)


def coverage(
    unit: Organisation, *, since: date, until: date, now: datetime, sites: Collection[int] | None = None
) -> Reached:
    """Documents of general or vital interest of a unit and all below it, public within the days, and interpreted since.

    With `sites` only documents of these are counted, for somebody who may see no others. Days are those of Asia/Shanghai,
    both included. Which documents must be interpreted is what their writers said.
    """
    documents = PolicyDocument.objects.filter(public_effect__in=TOUCHING)
    if sites is not None:
        documents = documents.filter(site__in=sites)
    rows = _public(documents, unit, since, until)
    explained = first_interpretation({row.identity for row in rows})
    missing = tuple(row for row in rows if row.identity not in explained)
    answer = answer_for(unit, COVERAGE, on=_day(until, now))
    met = tuple(row for row in rows if row.identity in explained)
    return Reached(COVERAGE, len(met), len(rows), answer, missing, met)


def graphic_share(unit: Organisation, *, since: date, until: date, now: datetime) -> Reached:
    """Interpretations of a unit and all below it, public within the days, that show what they explain.

    The text does not say of what the share is taken nor in which period (Q-08): here of all interpretations.
    """
    rows = _public(Interpretation.objects.all(), unit, since, until)
    wordy: set[UUID] = set()
    for chunk in chunks(row.identity for row in rows):
        found = Interpretation.objects.filter(identity__in=chunk).exclude(form__in=GRAPHIC)
        wordy.update(found.values_list("identity", flat=True))
    missing = tuple(row for row in rows if row.identity in wordy)
    answer = answer_for(unit, GRAPHIC_SHARE, on=_day(until, now))
    met = tuple(row for row in rows if row.identity not in wordy)
    return Reached(GRAPHIC_SHARE, len(met), len(rows), answer, missing, met)


def _public(records, unit: Organisation, since: date, until: date) -> list[Missing]:
    """Those of the records that stand in public now and were published within the days, oldest first."""
    own = below(unit, chain=Membership.Chain.TERRITORIAL, prefix="responsible__")
    named = ("identity", "title", "site__name", "responsible__name")
    rows = {row[0]: row for row in records.filter(own).values_list(*named)}
    found = []
    for chunk in chunks(sorted(rows)):
        items = PublicItem.objects.filter(
            identity__in=chunk, placed_by=None, state__in=LISTED, published_at__gte=midnight(since),
            published_at__lt=midnight(until + ONE_DAY),
        )  # fmt: skip
        for identity, at in items.values_list("identity", "published_at"):
            _identity, title, site, owner = rows[identity]
            found.append(Missing(identity, title, site, owner, at))
    return sorted(found, key=lambda row: (row.public_at, row.identity))


def _day(until: date, now: datetime) -> date:
    """The rules of the last day of the period, or of today while it still runs."""
    return min(until, now.astimezone(midnight(until).tzinfo).date())
