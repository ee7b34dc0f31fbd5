"""Offers and takings of the own sites: what waits, what was taken, what was refused, and what to do next (LIB-03)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.library.shelf import public_address, public_items, signed_contents
from jiyue.content.models import Placement
from jiyue.content.placing import OPEN
from jiyue.content.policies import editor_sites
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.publishing.models import PublicItem
from jiyue.review.ledger import SignOffRefused, content_of
from jiyue.review.models import Review, Version

MOST_TODOS = 50
STATE = Placement.State
ACTIVE = frozenset({STATE.PLANNED, STATE.OFFERED, STATE.DELAYED, STATE.SUBMITTED, STATE.TAKEN})
# What a list of placements can be asked for: code, words, the states behind them.
GROUPS: tuple[tuple[str, Any, frozenset[str]], ...] = (
    ("open", gettext_lazy("等待处理"), OPEN),
    ("submitted", gettext_lazy("待终审"), frozenset({STATE.SUBMITTED})),
    ("taken", gettext_lazy("已取用"), frozenset({STATE.TAKEN})),
    ("done", gettext_lazy("不取用与已停止"), frozenset({STATE.REFUSED, STATE.ENDED})),
)
STATES_OF = {code: states for code, _words, states in GROUPS}


@dataclass(frozen=True)
class Line:
    """A placement as the taker sees it; no address when the origin does not show the record (any more)."""

    placement: Placement
    title: str
    item: PublicItem | None
    review: Review | None

    @property
    def address(self) -> str:
        return public_address(self.item) if self.item else ""

    @property
    def ending(self) -> bool:
        """Has the site asked to stop, and does that wait for the final reviewer?"""
        return self.review is not None and self.review.act == Review.Act.WITHDRAW


def listed(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    """The same placements with what a list shows; the record's draft stays in the database."""
    related = placements.select_related("record__site", "site", "column", "offered_by__organisation")
    return related.only(
        "identity", "state", "reason", "decide_by", "due_at", "created_at", "changed_at", "record__identity", "record__kind",
        "record__site__name", "record__site__host", "site__name", "site__host", "column__name",
        "offered_by__name", "offered_by__organisation__name",
    )  # fmt: skip


def lines_of(placements: Iterable[Placement]) -> list[Line]:
    """Each with its public title and the submission that waits; the same few queries however many there are."""
    rows = list(placements)
    items = _origins(rows)
    contents = signed_contents(items.values())
    gone = [row for row in rows if row.record.identity not in items]
    reviews = _open_reviews(rows)
    frozen = _frozen_titles(gone)
    return [_line(row, items.get(row.record.identity), contents, frozen, reviews) for row in rows]


def active_by_record(identities: Iterable[Any], sites: Iterable[int]) -> Mapping[Any, list[Placement]]:
    """Placements that stand or wait on some sites, by the record's identity."""
    found = Placement.objects.filter(record__identity__in=list(identities), site__in=sites, state__in=ACTIVE)
    rows: dict[Any, list[Placement]] = {}
    for placement in found.select_related("site", "record").only("identity", "state", "record__identity", "site__name"):
        rows.setdefault(placement.record.identity, []).append(placement)
    return rows


def todo_for(user: User, *, today: date) -> list[Todo]:
    """Offers that wait for an answer of the sites the person writes for; a delayed one waits again from its day on."""
    due = Q(state=STATE.OFFERED) | Q(state=STATE.DELAYED, decide_by__lte=today)
    shown = Exists(public_items().filter(identity=OuterRef("record__identity")))
    waiting = Placement.objects.filter(due, shown, site__in=editor_sites(user)).order_by("changed_at")
    return [_todo(line) for line in lines_of(listed(waiting)[:MOST_TODOS])]


def _todo(line: Line) -> Todo:
    placement = line.placement
    facts = {"site": placement.record.site.name}
    note = placement.reason or _("来自%(site)s") % facts
    return Todo(
        kind="placement", ref=str(placement.identity), site=placement.site.name, title=line.title, what=str(_("推送")),
        state=placement.state, since=placement.changed_at, note=note,
    )  # fmt: skip


def _line(placement, item, contents, frozen, reviews) -> Line:
    content = contents.get(item.pk) if item else None
    title = content["title"] if content else frozen.get(placement.identity) or _("来源网站已撤下的稿件")
    return Line(placement, title, item, reviews.get(placement.identity))


def _origins(rows: list[Placement]) -> dict[Any, PublicItem]:
    found = public_items().filter(identity__in=[row.record.identity for row in rows])
    return {item.identity: item for item in found.select_related("site", "column")}


def _open_reviews(rows: list[Placement]) -> dict[Any, Review]:
    found = Review.objects.filter(version__identity__in=[row.identity for row in rows], status=Review.Status.OPEN)
    reviews = found.select_related("version", "submitted_by").defer("version__content")
    return {review.version.identity: review for review in reviews}


def _frozen_titles(rows: list[Placement]) -> dict[Any, str]:
    """Titles under which the own reviewers saw records that are gone at their origin."""
    versions = Version.objects.filter(identity__in=[row.identity for row in rows]).order_by("number")
    return {version.identity: _title_in(version) for version in versions}


def _title_in(version: Version) -> str:
    try:
        return content_of(version, digest=version.digest)["title"]
    except SignOffRefused:
        return ""


def offered_to(record_pk: int) -> QuerySet[Placement]:
    """All placements of one record, newest first: what became of each offer, for its origin."""
    found = Placement.objects.filter(record=record_pk).select_related("site", "column")
    return found.order_by("-changed_at", "-pk")


def sites_to_offer(record_site: int, text: str) -> QuerySet[Site]:
    """Sites a record could be offered to, by name or host."""
    sites = Site.objects.exclude(pk=record_site).exclude(status=Site.Status.CLOSED)
    if text:
        sites = sites.filter(Q(name__icontains=text) | Q(host__icontains=text))
    return sites.order_by("name", "pk")
