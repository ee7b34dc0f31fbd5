"""同步发布: what was signed as one becomes public in one release, or waits as one (POL-04).

The bond stands in the sealed ledger row. It holds until each of its parts was public once; from then on every part
goes its own way.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from jiyue.publishing.models import Publication
from jiyue.review.ledger import current
from jiyue.review.models import SignOff


def whole(rows: Iterable[SignOff]) -> list[SignOff]:
    """The same rows without those that something bound with them is missing for."""
    found = list(rows)
    while lone := _lone(found):
        found = [row for row in found if row.pk not in lone]
    return found


def torn(rows: Collection[SignOff], failed: Collection[SignOff]) -> list[SignOff]:
    """Of the rows, those that have to wait because what they are bound with fails now."""
    lost = {row.pk for row in failed}
    kept = {row.pk for row in whole(row for row in rows if row.pk not in lost)}
    return [row for row in rows if row.pk not in kept and row.pk not in lost]


def _lone(rows: list[SignOff]) -> set[int]:
    here = {row.identity for row in rows if row.act != SignOff.Act.WITHDRAW}
    bound = [row for row in rows if row.act != SignOff.Act.WITHDRAW and row.instruction.get("together")]
    return {row.pk for row in bound if not all(_is_there(other, here) for other in _others(row))}


def _others(row: SignOff) -> list[UUID]:
    return [UUID(name) for name in row.instruction["together"] if name != str(row.identity)]


def _is_there(identity: UUID, here: set[UUID]) -> bool:
    """In this very release, public at some time before, or taken away since: nobody waits for it any more."""
    if identity in here:
        return True
    if Publication.objects.filter(sign_off__identity=identity, state=Publication.State.DEPLOYED).exists():
        return True
    last = current(identity)
    return last is not None and last.act == SignOff.Act.WITHDRAW
