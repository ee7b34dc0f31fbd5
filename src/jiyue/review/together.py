"""同步审签: what has to be signed in one act with a submission (POL-04; Hebi art. 31, Xiangxi art. 10).

The bond stands in the frozen content, under the digest that the reviewers sealed: nobody loosens it by changing a case,
a row or a rule afterwards. It binds the first publication only. A correction of one needs no other, and neither does
taking one away.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content.cases import asks, is_historic, rule_of
from jiyue.content.interpretations import basis_of
from jiyue.content.models import Interpretation, PolicyDocument, Record
from jiyue.domain.canonical import digest_of_text
from jiyue.review.models import Review, SignOff, Subject

UNSIGNED = (Review.Status.OPEN, Review.Status.TOGETHER)


@dataclass(frozen=True)
class Circle:
    """Submissions that are signed in one act, the documents first, and what belongs to them but is not submitted."""

    members: tuple[Review, ...]
    absent: tuple[UUID, ...]
    signed: tuple[SignOff, ...]

    @property
    def identities(self) -> list[str]:
        """Everything that is bound together, whether signed with this act or before."""
        return sorted(
            {str(review.version.identity) for review in self.members} | {str(r.identity) for r in self.signed}
        )


def circle_of(review: Review, *, current: Callable[[UUID], SignOff | None]) -> Circle:
    """Everything that must become public in one act with this submission; itself alone where nothing is bound.

    `current` gives the last genuine ledger row of a thing.
    """
    found, signed, absent = {review.version.identity: review}, {}, set()
    ahead = _bound_with(review)
    while ahead:
        identity = ahead.pop()
        if identity in found or identity in signed or identity in absent:
            continue
        last = current(identity)
        if last is not None and last.act != SignOff.Act.WITHDRAW:
            signed[identity] = last
        elif (other := _submitted(identity)) is not None:
            found[identity] = other
            ahead |= _bound_with(other)
        else:
            absent.add(identity)
    return Circle(tuple(sorted(found.values(), key=_documents_first)), tuple(sorted(absent)), tuple(signed.values()))


def missing_words(identity: UUID) -> str:
    """Why something that is bound cannot be signed: nobody has submitted it."""
    title = Record.objects.filter(identity=identity).values_list("title", flat=True).first()
    return _("“%(title)s”还没有送审") % {"title": title or _("已删除的稿件")}


def case_demanded(review: Review) -> list[str]:
    """Why a submission may not be signed without a case that it does not have; empty where no rule asks for one.

    The rules of the day of submission decide: what was submitted before a rule came goes on as it began.
    """
    if review.act != Review.Act.PUBLISH or review.version.subject != Subject.RECORD:
        return []
    record, content = review.version.its_record.typed, json.loads(review.version.content)
    on = timezone.localdate(review.submitted_at)
    if isinstance(record, PolicyDocument):
        return _demanded_of_document(record, content, on=on)
    return _demanded_of_interpretation(record, content) if isinstance(record, Interpretation) else []


def _demanded_of_document(document: PolicyDocument, content: Mapping[str, Any], *, on: date) -> list[str]:
    touching = content["detail"].get("public_effect") in {PolicyDocument.Effect.VITAL, PolicyDocument.Effect.GENERAL}
    if "together" in content or not touching or is_historic(document):
        return []
    answer = rule_of(document, on=on)
    if not asks(answer):
        return []
    return [_("文件没有同步案件，不能签发；依据：%(basis)s") % {"basis": basis_of(answer)}]


def _demanded_of_interpretation(record: Interpretation, content: Mapping[str, Any]) -> list[str]:
    """An interpretation outside the case would be seen before the document that it explains."""
    inside = set(content.get("together", {}).get("with", ()))
    waiting = PolicyDocument.objects.filter(identity__in=content["detail"]["documents"], case__isnull=False)
    waiting = waiting.exclude(identity__in=inside).exclude(versions__sign_offs__isnull=False)
    sentence = _("“%(title)s”正按同步案件办理，请先把这篇解读放进案件")
    return [sentence % {"title": document.title} for document in waiting]


def _bound_with(review: Review) -> set[UUID]:
    """What the frozen content of a first publication names; a content that is not what was signed names nothing.

    Such a version is refused by its digest.
    """
    version = review.version
    if review.act != Review.Act.PUBLISH or version.subject != Subject.RECORD:
        return set()
    if digest_of_text(version.content) != version.digest:
        return set()
    return {UUID(name) for name in json.loads(version.content).get("together", {}).get("with", ())}


def _submitted(identity: UUID) -> Review | None:
    found = Review.objects.filter(version__identity=identity, act=Review.Act.PUBLISH, status__in=UNSIGNED)
    return found.select_related("version__record", "site").order_by("-pk").first()


def _documents_first(review: Review) -> tuple[bool, int]:
    record = review.version.record
    return record is None or record.kind != Record.Kind.POLICY_DOCUMENT, review.pk
