"""One due date with its explanation, in pure Python: random starts of all published years, each kind of limit.

    python bench/due_date.py [--quick | CASES]

Prints microseconds of processor time a case: the median, the slowest of a hundred, and the limit of 1,000 (issue 3). The
first row is the whole: the rule looked up along the packs, both limits, and every line that a person reads. For working
days also what chinesecalendar takes to find the same day without explaining it.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

LIMIT_US = 1_000
LIMITS = ["5 working-days", "15 working-days", "40 working-days", "30 days", "12 hours", "6 months", "by 01-31"]


def main(cases: int) -> int:
    import chinese_calendar
    from tests.unit.domain.calendars import SHIPPED

    from jiyue.domain.deadlines import SHANGHAI, due
    from jiyue.domain.limits import parse_limit
    from jiyue.domain.working_days import WorkingCalendar
    from jiyue.rules import explaining
    from jiyue.rules.library import shipped
    from jiyue.rules.reckoning import reckon

    rules, reply = shipped().ruleset("hubei"), shipped().parameters["message.reply"]
    dice = random.Random(20251001)  # noqa: S311  # a seed, not a secret
    first = datetime(2007, 1, 1, tzinfo=SHANGHAI)
    starts = [first + timedelta(minutes=dice.randrange(19 * 365 * 1440)) for _ in range(cases)]

    def explained(word: str, start: datetime, calendar: WorkingCalendar) -> list[tuple]:
        computed = due(parse_limit(word), start=start, calendar=calendar)
        rows = [(day.date.isoformat(), day.counted, day.why.kind.value, day.why.name) for day in computed.days]
        return [(computed.at.isoformat(), computed.provisional), *rows]

    def whole(start: datetime) -> list[str]:
        answer = rules.answer(reply.name, start.date())
        found = reckon(answer, start=start, calendar=SHIPPED)
        return [*explaining.rule(reply, answer), *explaining.reckoning(found)]

    def anew(start: datetime) -> list[tuple]:
        return explained("15 working-days", start, WorkingCalendar(SHIPPED.years))

    def peer(start: datetime) -> date:
        return chinese_calendar.find_workday(4, start.date() + timedelta(days=1))

    cold = [_timed(lambda s=start: anew(s)) for start in starts[:99]]
    rows = [("P-40, P-41 of hubei, told in sentences", [_timed(lambda s=start: whole(s)) for start in starts])]
    rows += [(word, [_timed(lambda w=word, s=start: explained(w, s, SHIPPED)) for start in starts]) for word in LIMITS]
    others = [_timed(lambda s=start: peer(s)) for start in starts[:500]]
    more = [("15 working-days, calendar built anew", cold), ("chinesecalendar, 5 working days", others)]
    for name, measured in [*rows, *more]:
        print(f"{name:40} {_report(measured)}")
    slowest = max(_hundredth(measured) for _, measured in rows)
    print(f"slowest of a hundred over all kinds: {slowest:.0f} µs, limit {LIMIT_US} µs")
    return slowest > LIMIT_US


def _timed(work: Callable[[], object]) -> float:
    before = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - before) / 1000


def _hundredth(measured: list[float]) -> float:
    return sorted(measured)[len(measured) * 99 // 100]


def _report(measured: list[float]) -> str:
    return f"median {sorted(measured)[len(measured) // 2]:7.1f} µs   99 % {_hundredth(measured):7.1f} µs"


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word.isdecimal()]
    raise SystemExit(main(int(given[0]) if given else 2_000 if "--quick" in sys.argv else 20_000))
