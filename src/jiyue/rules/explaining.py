"""Why this day: rule, article, where it was found, start, each day on the way, both ends. In Chinese sentences."""

from collections.abc import Iterator
from typing import Any

from jiyue.domain.deadlines import Day, Due, local
from jiyue.domain.limits import FixedDate, Limit, Span, Unit, WithEvent
from jiyue.domain.rule_terms import Deadline, unit_of
from jiyue.domain.rulesets import Answer, Parameter
from jiyue.rules import wording
from jiyue.rules.reckoning import Reckoning


def rule(parameter: Parameter, answer: Answer) -> Iterator[str]:
    """What holds on the day, on what basis, and where it was found."""
    yield f"参数：{wording.parameter(parameter)}"
    if parameter.start:
        yield f"起止：从{parameter.start}到{parameter.end}"
    if not answer.is_set:
        yield wording.not_set(answer)
        return
    found = answer.found
    yield f"规定：{wording.value(answer.own or found)}"
    for basis in found.basis:
        yield f"依据：{wording.basis(basis)}"
    yield f"出自：{answer.pack_title}（规则包 {answer.pack}，{answer.pack_version} 版），{wording.since(found.since)}"
    for supplement in answer.supplements:
        yield f"补充：{wording.supplement(supplement)}"
    for passed in answer.passed:
        yield f"经过：{wording.passed(passed)}"
    if found.note:
        yield f"说明：{found.note}"
    if found.open:
        yield f"存疑：{'、'.join(found.open)}"


def reckoning(found: Reckoning) -> Iterator[str]:
    """From the start through every day to both ends."""
    yield f"起算：{wording.moment(local(found.start))}"
    yield from counting(found.answer, found.limit)
    yield from ends(found)
    yield from ("逐日：", *(f"  {line}" for line in day_lines(found)))


def counting(answer: Answer, *limits: Limit) -> Iterator[str]:
    """How the days of these limits are counted, and who says so."""
    yield from (
        f"{name}：{said}" for name, said in zip(("计算", "计算说明"), way_of_counting(answer, *limits), strict=False)
    )


def way_of_counting(answer: Answer, *limits: Limit) -> list[str]:
    """The way with its source, and its note; nothing for limits to which it makes no difference."""
    said = answer.counting
    if said is None or said.value is None or (limits and all(map(_needs_no_counting, limits))):
        return []
    basis = "、".join(map(wording.basis, said.basis))
    open_points = f"，存疑 {'、'.join(said.value.open)}" if said.value.open else ""
    way = f"{wording.value(said.value)}（{said.pack_title}：{basis}{open_points}）"
    return [way, said.value.note] if said.value.note else [way]


def ends(found: Reckoning) -> Iterator[str]:
    """The due time, and the latest with what it demands."""
    yield f"期限：{_end(found.due)}"
    terms = found.answer.terms
    if found.latest is not None and isinstance(terms, Deadline):
        when = f"（{terms.latest_when}）" if terms.latest_when else ""
        needs = "，须说明理由" if terms.needs_reason else ""
        yield f"最迟：{_end(found.latest)}{when}{needs}"


def day_lines(found: Reckoning) -> Iterator[str]:
    """One line a day up to the last end: counted with its number, or skipped with the reason."""
    furthest, limit = _furthest(found)
    number = 0
    for day in furthest.days:
        number += day.counted
        yield f"{wording.day(day.date)}  {_day(day, number, limit, is_start=_is_start(day, furthest))}{_mark(day, found)}"


def as_json(
    parameter: Parameter, answer: Answer, found: Reckoning | None, start: str, *, latest: bool
) -> dict[str, Any]:
    """The stable document of `jiyue rules due`; `days` run to the due day, with `latest` to the latest one."""
    end = None if found is None else (latest and found.latest) or found.due
    return {
        "parameter": parameter.name,
        "pack": answer.pack or None,
        "pack_version": answer.pack_version or None,
        "unit": unit_of(found.limit) if found else None,
        "limit": _amount(found.limit) if found else None,
        "from": start,
        "due": found.due.at.isoformat() if found else None,
        "latest": found.latest.at.isoformat() if found and found.latest else None,
        "basis": [{"document": basis.document, "article": basis.article} for basis in answer.basis],
        "provisional": bool(found and found.provisional),
        "days": [_day_json(day) for day in (end.days if end else ()) if day.counted or not _is_start(day, end)],
    }


def _needs_no_counting(limit: Limit) -> bool:
    return isinstance(limit, WithEvent) or (isinstance(limit, Span) and limit.unit is Unit.HOURS)


def _is_start(day: Day, end: Due | None) -> bool:
    return end is not None and day == end.days[0]


def _day_json(day: Day) -> dict[str, Any]:
    return {"date": day.date.isoformat(), "working": day.working, "why": wording.why(day.why)}


def _amount(limit: Limit) -> int | str:
    """The number of a span; nought for the same day and the same time; month and day of a fixed date."""
    if isinstance(limit, Span):
        return limit.amount
    return str(limit).removeprefix("by ") if isinstance(limit, FixedDate) else 0


def _furthest(found: Reckoning) -> tuple[Due, Limit]:
    terms = found.answer.terms
    if found.latest is not None and isinstance(terms, Deadline) and terms.latest and found.latest.at > found.due.at:
        return found.latest, terms.latest
    return found.due, found.limit


def _day(day: Day, number: int, limit: Limit, *, is_start: bool) -> str:
    why = wording.why(day.why)
    if not isinstance(limit, Span) or limit.unit not in (Unit.DAYS, Unit.WORKING_DAYS):
        return f"{why}，期限届满" if day.counted else f"{why}，起算日"
    if day.counted:
        return f"{why}，第 {number} {wording.UNITS[limit.unit]}"
    return f"{why}，起算日，不计入" if is_start else f"{why}，不计入"


def _mark(day: Day, found: Reckoning) -> str:
    if day.date == found.due.at.date():
        return "  ← 期限"
    return "  ← 最迟" if found.latest and day.date == found.latest.at.date() else ""


def _end(due: Due) -> str:
    provisional = "（暂定：所涉日期的放假安排未公布或未载入）" if due.provisional else ""
    return f"{wording.moment(due.at)}{provisional}"
