"""What a person typed into the field of a list of records, looked for among the records that she may read.

Read as the public search reads it, of drafts too: everything as typed first; a document number with whatever brackets;
when nothing is found, pinyin or initials, or the words one by one. The index of the public search is not asked: it knows
no drafts, and nobody's permissions.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q, QuerySet

from jiyue.content.models import PolicyDocument, Record
from jiyue.search.folding import clean, fold
from jiyue.search.numbers import asked_spellings
from jiyue.search.planning import asked_words
from jiyue.search.sounds import asked_sounds, title_sounds

NEWEST = 2_000  # records whose titles are read out for pinyin: no database can hear
MOST = 500  # of those that sound alike


def by_words(found: QuerySet[Record], text: str, **scope: Any) -> tuple[QuerySet[Record], bool]:
    """Those of `found` that `text` means, and whether they hold it as it was typed. `scope` narrows the documents."""
    text = clean(text)
    exact = found.filter(_as_typed(text, scope))
    if exact.exists():
        return exact, True
    if ways := asked_sounds(text):
        return found.filter(pk__in=_sounding(found, ways)), False
    words = asked_words(text)
    return (found.filter(_all(words)), False) if words else (exact, True)


def _as_typed(text: str, scope: dict[str, Any]) -> Q:
    numbers = PolicyDocument.objects.filter(**scope).filter(_number(text))
    return _all(text.split() or [text]) | Q(pk__in=numbers.values("pk"))


def _all(words: Iterable[str]) -> Q:
    return reduce(and_, (Q(title__icontains=word) | Q(title__icontains=fold(word)) for word in words))


def _number(text: str) -> Q:
    spellings = (text, *asked_spellings(text))
    given = [Q(document_number__icontains=spelling) for spelling in spellings]
    return reduce(or_, [*given, Q(index_number__icontains=text)])


def _sounding(found: QuerySet[Record], ways: list[tuple[str, ...]]) -> list[int]:
    newest = found.order_by("-changed_at", "-pk").values_list("pk", "title")[:NEWEST]
    alike = []
    for pk, title in newest:
        heard = set(title_sounds(title))
        if any(heard.issuperset(way) for way in ways):
            alike.append(pk)
    return alike[:MOST]
