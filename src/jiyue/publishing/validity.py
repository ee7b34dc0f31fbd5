"""时效 of public documents: what a page says of its document today, and the day on which it must say something else.

A document's page does not change because somebody edits it: another document, signed on its own, repeals it, or a day
comes. What holds is written into the public item under its seal; `turns_at` says when to look again, and the pages
that show the item are baked anew then, on every site.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from jiyue.content.models import Record
from jiyue.domain.campaigns import COMING
from jiyue.domain.campaigns import standing as campaign_standing
from jiyue.domain.validity import Act, Effect, Standing, standing
from jiyue.publishing.frame import Validity
from jiyue.publishing.models import LISTED, ItemLink, PublicItem
from jiyue.publishing.sealed import SealBroken, check_item
from jiyue.review.ledger import SignOffRefused, content_of

LOCAL = ZoneInfo("Asia/Shanghai")
ACTS = {"amends": Act.AMENDS, "repeals": Act.REPEALS}
CHANGING = (Record.Kind.POLICY_DOCUMENT,)
# What opens and closes at moments of its own.
TIMED = (Record.Kind.SURVEY, Record.Kind.OPINION_CALL)
MEETING = (*TIMED, Record.Kind.INTERVIEW)
TURNING = (*CHANGING, *MEETING)


def local_day(at: datetime) -> date:
    """The day in Asia/Shanghai."""
    return at.astimezone(LOCAL).date()


class Change(NamedTuple):
    """What another public document does to one: the effect, the item that does it and its signed content."""

    effect: Effect
    item: PublicItem
    content: dict[str, Any]


def standing_of(
    item: PublicItem, content: dict[str, Any], *, at: datetime, changes: Iterable[Change] | None = None
) -> Standing:
    """How the document of an item stands at a moment; `changes` spares asking `changes_of` again.

    What is no document has an empty code, unless it was withdrawn as repealed. Raises SealBroken when a document that
    changes it is not what was signed.
    """
    repealed = item.state == PublicItem.State.REPEALED
    if item.kind not in CHANGING:
        return Standing("repealed" if repealed else "")
    detail = content["detail"]
    return standing(
        "repealed" if repealed else detail.get("validity", ""), on=local_day(at),
        effective_on=_day(detail["effective_on"]), expires_on=_day(detail["expires_on"]),
        effects=[change.effect for change in (changes_of(item.identity) if changes is None else changes)],
    )  # fmt: skip


def note(item: PublicItem, content: dict[str, Any], *, at: datetime) -> None:
    """Write into an item, unsealed and unsaved, how its document stands and when that may change."""
    if item.kind in MEETING and item.state in LISTED:
        item.validity, item.turns_at = _campaign_standing_of(content["detail"], at=at)
        return
    found = standing_of(item, content, at=at) if item.state in LISTED else Standing("")
    item.validity = found.code
    item.turns_at = datetime.combine(found.turns_on, time(), LOCAL) if found.turns_on else None


def _campaign_standing_of(detail: dict[str, Any], *, at: datetime) -> tuple[str, datetime | None]:
    if not (detail["opens_at"] and detail["closes_at"]):  # a draft in its preview; none is signed without them
        return COMING, None
    opens_at, closes_at = (datetime.fromisoformat(detail[name]) for name in ("opens_at", "closes_at"))
    return campaign_standing(opens_at=opens_at, closes_at=closes_at, at=at)


def badge_of(item: PublicItem) -> Validity:
    """The code of an item's worded badge, as sealed."""
    return cast(Validity, item.validity)


def changes_of(identity: UUID | str) -> Iterator[Change]:
    """What public documents, of whichever site, do to a document: from their signed contents, oldest first.

    Raises SealBroken when one of them is not what was signed.
    """
    for link in _changing().filter(target=identity).select_related("item__sign_off__version"):
        item = check_item(link.item)
        content = signed_content(item)
        for name, act in ACTS.items():
            if str(identity) in content["detail"].get(name, ()):
                yield Change(Effect(by=str(item.identity), act=act, on=effective_day(item, content)), item, content)


def changed_documents() -> set[UUID]:
    """The documents that any public document may change; a bake asks once instead of for every page."""
    return set(_changing().order_by().values_list("target", flat=True))


def _changing() -> QuerySet[ItemLink]:
    links = ItemLink.objects.filter(item__kind__in=CHANGING, item__placed_by=None, item__state__in=LISTED)
    return links.order_by("item__published_at", "item__pk")


def call_elsewhere(identities: set[str], *, at: datetime, except_site: int) -> None:
    """Documents that this site's documents change may stand on other sites too: those look again at once."""
    shown = PublicItem.objects.filter(identity__in=identities, kind__in=CHANGING, state__in=LISTED)
    shown.exclude(site=except_site).update(turns_at=at)


def effective_day(item: PublicItem, content: dict[str, Any]) -> date:
    """From when a document does what it says: its day of effect, else of issue, else of publication."""
    detail = content["detail"]
    return _day(detail["effective_on"]) or _day(detail["issued_on"]) or local_day(item.published_at)


def signed_content(item: PublicItem) -> dict[str, Any]:
    """What was signed of an item. Raises SealBroken when it is something else."""
    try:
        return content_of(item.sign_off.version, digest=item.version_digest)
    except SignOffRefused as error:
        raise SealBroken(f"version:{item.identity}") from error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
