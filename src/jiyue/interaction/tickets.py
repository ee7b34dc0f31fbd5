"""What the sender may read of a case: written to her ticket after each step that she is told of.

Case and step commit first and mark the ticket as due; the worker writes it. So a kill costs at most a second's delay,
and the console never touches the letter box.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.domain.cases import Act, Kind, State, sender_may
from jiyue.domain.deadlines import local
from jiyue.foundation.home import Home
from jiyue.interaction.duties import LetterSource
from jiyue.interaction.handling import duty_of
from jiyue.interaction.letterbox import LetterBox
from jiyue.interaction.models import Case, CaseStep, Reply
from jiyue.interaction.receiving import ticket_key
from jiyue.interaction.stepping import subject_of
from jiyue.interaction.words import REGISTERED, TOLD
from jiyue.obligations.engine import refresh

MOST_AT_ONCE = 200
# What of a step is for the sender alone to read; a reason between units is not.
GIVES_REASON = frozenset({
    Act.RETURN, Act.TRANSFER, Act.ASK, Act.EXTEND, Act.MERGE, Act.SPLIT, Act.UPHOLD, Act.REDO,
    Act.ANNOUNCE, Act.CLASSIFY, Act.DETACH,
})  # fmt: skip


def write_due(*, now: datetime) -> int:
    """Write the tickets that are due; gives how many. Safe to run twice and to be killed."""
    due = list(Case.objects.filter(ticket_due=True).select_related("desk__owner").order_by("pk")[:MOST_AT_ONCE])
    if not due:
        return 0
    refresh(LetterSource(), subjects=[subject_of(case) for case in due], now=now)  # until when it will be answered
    tickets = LetterBox(Home(settings.JIYUE_HOME).prepare()).tickets
    with override("zh-hans"):
        for case in due:
            tickets.write(case.number, ticket_key(case), told(case))
            # A step meanwhile has another version and leaves the ticket due.
            Case.objects.filter(pk=case.pk, version=case.version).update(ticket_due=False)
    return len(due)


def told(case: Case) -> dict[str, Any]:
    """The state of a case as its sender reads it."""
    duty = duty_of(case) if case.is_open else None
    steps = case.steps.filter(told=True).order_by("pk")
    done = [Act(code) for code in case.words.filter(refused="").values_list("act", flat=True)]
    return {
        "v": 1, "number": case.number, "title": case.title, "kind": case.kind, "state": case.state,
        "steps": [*(_step(step, case) for step in steps), *_refused(case)], "reply": "\n\n".join(_replies(case)),
        "may": list(sender_may(State(case.state), Kind(case.kind), done=_counted(case, done))),
        "unit": case.desk.owner.name, "to": case.addressee, "class": case.reply_class,
        "until": local(duty.act_by).date().isoformat() if duty else "",
    }  # fmt: skip


def _step(step: CaseStep, case: Case) -> dict[str, str]:
    act = Act(step.act)
    why = step.reason if act in GIVES_REASON else ""
    words = REGISTERED.get(case.source, TOLD[act]) if act == Act.REGISTER else TOLD[act]
    return {
        "at": _at(step.at), "state": step.after, "act": act, "text": str(words) % {"unit": step.unit}, "until": "",
        "why": why,
    }  # fmt: skip


def _refused(case: Case) -> Iterator[dict[str, str]]:
    for word in case.words.exclude(refused="").order_by("pk"):
        text = _("收到您的来文，但信件已不能再这样处理")
        yield {"at": _at(word.at), "state": case.state, "act": word.act, "text": text, "until": "", "why": ""}


def _replies(case: Case) -> Iterator[str]:
    """The answers that were sent: its own, that of the letter it was merged into, those of its parts."""
    lead = case.merged_into_id or case.pk
    sent = Reply.objects.filter(state=Reply.State.SENT)
    yield from sent.filter(case=lead).order_by("sent_at").values_list("text", flat=True)
    yield from sent.filter(case__parent=case.pk).order_by("sent_at").values_list("text", flat=True)


def _counted(case: Case, done: list[Act]) -> list[Act]:
    """A rating counts for the answer that was rated; a new answer may be rated anew."""
    return done if case.rating else [act for act in done if act != Act.RATE]


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
