"""公众关心的问题: which of them a signed interpretation answers, and what still waits for somebody (POL-09)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from jiyue.content.models import PublicQuestion
from jiyue.content.policies import editor_sites
from jiyue.domain.todo import Todo
from jiyue.identity.models import User
from jiyue.review import ledger
from jiyue.review.models import SignOff

KIND = "public-questions"
MOST_TODOS = 50


def signed_answers(questions: Iterable[PublicQuestion]) -> set[int]:
    """Keys of the questions whose answer stands in an interpretation that is signed for the public now."""
    rows = [row for row in questions if row.interpretation is not None]
    said: dict[str, set[str]] = {}
    for identity in {row.interpretation.identity for row in rows if row.interpretation}:
        last = ledger.current(identity)
        if last is not None and last.act != SignOff.Act.WITHDRAW:
            content = ledger.content_of(last.version, digest=last.version_digest)
            said[str(identity)] = {answer["question"] for answer in content["detail"].get("answers", ())}
    return {
        row.pk for row in rows if row.interpretation and str(row.pk) in said.get(str(row.interpretation.identity), ())
    }


def todo_for(user: User) -> list[Todo]:
    """One line for each document about which questions wait to be studied or answered, on the person's sites."""
    rows = PublicQuestion.objects.filter(site__in=editor_sites(user), interpretation=None)
    open_ = rows.exclude(state=PublicQuestion.State.DECLINED).order_by()
    named = open_.values("document", "document__title", "site__name")
    counted = named.annotate(n=Count("pk"), since=Min("created_at")).order_by("since")[:MOST_TODOS]
    return [
        Todo(
            kind=KIND, ref=str(row["document"]), site=row["site__name"], title=row["document__title"],
            what=_("公众关心的问题"), state="gathered", since=row["since"],
            note=_("%(n)s 个问题还没有解读回答") % {"n": row["n"]},
        )
        for row in counted
    ]  # fmt: skip


def waits(question: PublicQuestion, *, now: datetime) -> int:
    """For how many whole days a question has been known without an answer."""
    return max(0, (now - question.created_at).days)
