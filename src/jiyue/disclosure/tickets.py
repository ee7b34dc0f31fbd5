"""What the applicant may read of a request: written to the ticket after each step that is told (ADR 0022)."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.disclosure.duties import REPLY, DisclosureSource
from jiyue.disclosure.enclosing import READ, Enclosing
from jiyue.disclosure.models import Request, RequestStep
from jiyue.disclosure.receiving import ticket_key
from jiyue.disclosure.stepping import subject_of
from jiyue.disclosure.words import TOLD
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure import Act, State, sender_may
from jiyue.domain.letters import DISCLOSURE
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import LetterBox
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation

MOST_AT_ONCE = 200
MOST_FILES_AT_ONCE = 12  # a round of the worker; releases wait meanwhile
# What of a step is for the applicant to read; what others were asked, and the reasons between people, are not.
GIVES_REASON = frozenset({Act.TRANSFER, Act.NOTIFY, Act.LAPSE, Act.WAIVE})
GIVES_NOTE = frozenset({Act.GRANT_TIME, Act.DELIVER})


def write_due(*, now: datetime) -> int:
    """Write the tickets that are due; gives how many. Safe to run twice and to be killed."""
    due = list(Request.objects.filter(ticket_due=True).select_related("desk__owner").order_by("pk")[:MOST_AT_ONCE])
    if not due:
        return 0
    refresh(DisclosureSource(), subjects=[subject_of(request) for request in due], now=now)
    box = LetterBox(Home(settings.JIYUE_HOME).prepare())
    with override("zh-hans"), closing(Enclosing(box, now=now)) as enclosing:
        for done, request in enumerate(due, 1):
            key = ticket_key(request)
            files = enclosing.files_of(request, key)
            box.tickets.write(request.number, key, {**told(request), "files": files})
            # A step meanwhile has another version and leaves the ticket due.
            Request.objects.filter(pk=request.pk, version=request.version).update(ticket_due=False)
            if enclosing.made >= MOST_FILES_AT_ONCE:
                return done
    return len(due)


def duty_of(request: Request) -> Obligation | None:
    """The open duty to answer this request; None where no rule sets a limit, or nothing is owed now."""
    open_ones = Obligation.objects.pending().filter(subject=subject_of(request), parameter=REPLY)
    return open_ones.filter(started_at=request.clock_at).first()


def told(request: Request) -> dict[str, Any]:
    """The state of a request as its applicant reads it."""
    duty = duty_of(request) if request.is_open else None
    steps = request.steps.filter(told=True).order_by("pk")
    return {
        "v": 1, "number": request.number, "title": request.title, "kind": DISCLOSURE, "state": request.state,
        "steps": [*(_step(step, request) for step in steps), *_refused(request)],
        "reply": "\n\n".join(_letters(request)), "may": list(sender_may(State(request.state))),
        "unit": request.desk.owner.name, "until": local(duty.act_by).date().isoformat() if duty else "",
    }  # fmt: skip


def _step(step: RequestStep, request: Request) -> dict[str, str]:
    act = Act(step.act)
    why = step.reason if act in GIVES_REASON else ""
    text = str(TOLD[act]) % {"unit": step.unit} + (f"：{step.note}" if act in GIVES_NOTE else "")
    until = _until(request, step, act)
    return {
        "at": _at(step.at), "state": step.after, "act": act, "text": text, "until": until, "why": why,
    }  # fmt: skip


def _until(request: Request, step: RequestStep, act: Act) -> str:
    """By when the applicant has to correct or to pay."""
    day = request.correction_until if act == Act.NOTIFY else None
    if act == Act.CHARGE:
        day = request.fees.filter(charged_at=step.at).values_list("until", flat=True).first()
    return day.isoformat() if day else ""


def _refused(request: Request) -> Iterator[dict[str, str]]:
    for word in request.words.exclude(refused="").order_by("pk"):
        text = _("收到您的来文，但申请已不能再这样处理")
        yield {"at": _at(word.at), "state": request.state, "act": word.act, "text": text, "until": "", "why": ""}


def _letters(request: Request) -> Iterator[str]:
    """Every letter that was sent, in full; the name of the applicant is not repeated."""
    for letter in request.letters.filter(kind__in=READ):
        content = letter.content
        lines = [content["title"], letter.number, *content["lines"], content["unit"], content["dated"]]
        yield "\n".join(lines)


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
