"""What the rules in force say of a decision: its article, the remedies against it, the fee. Nothing of it comes from code."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jiyue.disclosure.models import Request
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure_fees import FeeClock, FeeStep, Method
from jiyue.domain.disclosure_outcomes import Decision, Ground
from jiyue.domain.duty_moments import moments_of
from jiyue.domain.limits import NotALimit, parse_limit, parse_span
from jiyue.domain.rule_terms import Setting
from jiyue.domain.rulesets import Answer, Copy
from jiyue.rules import wording
from jiyue.rules.queries import book

DECISIONS, REMEDIES, FEE, STOPPED = (
    "disclosure-request.decisions", "disclosure-request.remedies", "disclosure-request.fee", "disclosure-request.stopped"
)  # fmt: skip
FEE_NOTICE = "disclosure-request.fee-notice"


@dataclass(frozen=True)
class Means:
    """One way to object: under which law, within which time; `sourced` says whether anybody has seen that text."""

    code: str
    law: str
    within: str
    sourced: bool


def answer_of(request: Request, parameter: str) -> Answer:
    """What holds for this request: the rules of its unit on the day its period began."""
    return book().answer(request.desk.owner.lineage, parameter, local(request.clock_at).date())


def ground_of(request: Request, decision: Decision) -> Ground:
    """The article of a decision; without one where no pack names any."""
    row = _table(answer_of(request, DECISIONS)).get(decision.value.replace("_", "-"), {})
    return Ground(str(row.get("article", "")), bool(row) and row.get("source") != Copy.UNSOURCED)


def regulation_of(request: Request) -> str:
    """The text on which decisions rest, with its number."""
    answer = answer_of(request, DECISIONS)
    return f"{wording.title(answer.basis[0].document)}" if answer.basis else ""


def remedies_of(request: Request) -> list[Means]:
    """How an applicant may object, in the order of the pack."""
    answer = answer_of(request, REMEDIES)
    sourced = all(one.source != Copy.UNSOURCED for one in answer.basis)
    return [
        Means(code, wording.title(str(row.get("law", ""))), _length(str(row.get("within", ""))), sourced)
        for code, row in _table(answer).items()
    ]


def is_confirmed_needed(request: Request, decision: Decision) -> bool:
    """Must a person vouch for the articles, because nobody has seen one of them?"""
    return not ground_of(request, decision).sourced or not all(one.sourced for one in remedies_of(request))


def stopping_kinds(request: Request) -> frozenset[str]:
    """Whom to ask stops the answer period, as the rules say: third_party, other_body."""
    terms = answer_of(request, STOPPED).terms
    kinds = terms.value if isinstance(terms, Setting) and isinstance(terms.value, list) else []
    return frozenset(kind.replace("-", "_") for kind in kinds)


def until_of(request: Request, parameter: str, start: datetime) -> datetime | None:
    """When a limit of the rules in force ends that begins at `start`; None where none is set."""
    rules = book()
    lineage = request.desk.owner.lineage
    answer = rules.answer(lineage, parameter, local(start).date())
    moments = moments_of(answer, start=start, calendar=rules.calendar_for(lineage))
    return moments.due.at if moments is not None else None


@dataclass(frozen=True)
class FeeTable:
    """信息处理费: by item (one applicant, one month) and by quantity (pages), and where it stands; empty where not found."""

    by_item: tuple[FeeStep, ...]
    by_quantity: tuple[FeeStep, ...]
    basis: tuple[str, ...]
    note: str
    cited: str = ""  # as a letter names it

    def steps(self, method: Method) -> tuple[FeeStep, ...]:
        return self.by_item if method == Method.BY_ITEM else self.by_quantity


def payment_until(request: Request, now: datetime) -> tuple[date, str] | None:
    """The last day to pay a fee that is asked for now, and on what it rests; None where the rules name no time."""
    answer = answer_of(request, FEE_NOTICE)
    said = str(_table(answer).get("payment", ""))
    try:
        own = parse_limit(said)
    except NotALimit:
        return None
    moments = moments_of(answer, start=now, calendar=book().calendar_for(request.desk.owner.lineage), own=own)
    basis = "；".join(wording.basis(one) for one in answer.basis)
    return (local(moments.due.at).date(), basis) if moments is not None else None


def fee_clock_of(request: Request) -> FeeClock:
    """What the answer period does while a fee is waited for; where no rule says anything it runs on."""
    said = str(_table(answer_of(request, FEE_NOTICE)).get("clock", ""))
    return FeeClock(said) if said in set(FeeClock) else FeeClock.RUNS


def fees_of(answer: Answer) -> FeeTable | None:
    """The fee table of the rules in force; None where no pack holds one."""
    table = _table(answer)
    if not table:
        return None
    by_item, by_quantity = (_steps(table.get(name, {})) for name in ("by-item", "by-quantity"))
    return FeeTable(
        by_item, by_quantity, tuple(wording.basis(one) for one in answer.basis), answer.found.note, _cited(answer)
    )


def _cited(answer: Answer) -> str:
    """Each text once, with its articles; how it was read is no business of a letter's reader."""
    found: dict[str, list[str]] = {}
    for one in answer.basis:
        named = wording.title(one.document) + (f"（{one.number}）" if one.number else "")
        found.setdefault(named, []).extend([one.article] if one.article else [])
    return "、".join(named + "、".join(articles) for named, articles in found.items())


def _steps(part: Any) -> tuple[FeeStep, ...]:
    rows = part.get("steps", []) if isinstance(part, dict) else []
    return tuple(
        FeeStep(int(row["from"]), _number(row, "to"), _number(row, "fee"), _number(row, "per"), _number(row, "more"))
        for row in rows
    )


def _number(row: dict[str, Any], name: str) -> int | None:
    return int(row[name]) if name in row else None


def _table(answer: Answer) -> dict[str, Any]:
    return (
        dict(answer.terms.value) if isinstance(answer.terms, Setting) and isinstance(answer.terms.value, dict) else {}
    )


def _length(text: str) -> str:
    try:
        return wording.limit(parse_span(text))
    except NotALimit:
        return text
