"""Which public answers a column shows, by kind of letter and unit (INT-05): a row an item, believed only with its content."""

from hashlib import sha256
from typing import Any

from django.db.models import Count, QuerySet

from jiyue.content.models import PublicAnswer, Record
from jiyue.publishing.models import LISTED, AnswerPlace, PublicItem
from jiyue.publishing.sealed import SealBroken

KIND = Record.Kind.PUBLIC_ANSWER
KINDS = PublicAnswer.LetterKind


def renew(item: PublicItem, content: dict[str, Any]) -> None:
    """Note an item where it stands now, or forget it."""
    if item.kind != KIND:
        return
    AnswerPlace.objects.filter(item=item).delete()
    if item.state in LISTED:
        detail = content["detail"]
        AnswerPlace.objects.create(
            item=item, column_id=item.column_id, letter_kind=detail["letter_kind"], unit=detail["answering_unit"],
            published_at=item.published_at, serial=item.serial,
        )  # fmt: skip


def places(column_id: int, **by: str) -> QuerySet[AnswerPlace]:
    """The public answers of a column, newest first."""
    return AnswerPlace.objects.filter(column_id=column_id, **by).order_by("-published_at", "-serial")


def numbers(column_id: int, by: str) -> dict[str, int]:
    """How many answers there are of each kind (`letter_kind`) or unit. Raises SealBroken when rows are missing."""
    shown = PublicItem.objects.filter(column=column_id, kind=KIND, state__in=LISTED).count()
    found = dict(places(column_id).order_by().values_list(by).annotate(number=Count("pk")))
    if sum(found.values()) != shown:
        raise SealBroken(f"column:{column_id}")
    return found


def code_of(unit: str) -> str:
    """How a unit stands in an address."""
    return sha256(unit.encode()).hexdigest()[:8]
