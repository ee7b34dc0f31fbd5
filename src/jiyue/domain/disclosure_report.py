"""Tables three and four of the annual disclosure report, counted from what is known of each request. Pure.

Rule of the form, in every column: received in the year + carried in = settled in the year + carried on. A table that does
not keep it is not given out (`Unbalanced`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jiyue.domain.disclosure_outcomes import Applicant, Remedy, Row, Verdict

NEW, CARRIED_IN, SETTLED, CARRIED_ON = "new", "carried_in", "settled", "carried_on"
TOTAL = "total"
COLUMNS: tuple[str, ...] = (*Applicant, TOTAL)
ROWS: tuple[str, ...] = (NEW, CARRIED_IN, *(f"row:{row}" for row in Row), SETTLED, CARRIED_ON)
Figures = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Asked:
    """One request, as far as the report counts it. Days are those of Asia/Shanghai; `row` is None while it is open."""

    key: int
    applicant: Applicant
    received: date
    done: date | None
    row: Row | None


@dataclass(frozen=True)
class Contested:
    """One reconsideration or lawsuit; `verdict` is how it stands at the end of the year reported on."""

    key: int
    remedy: Remedy
    begun: date
    ended: date | None
    verdict: Verdict


@dataclass(frozen=True)
class Imbalance:
    """A column in which what came in is not what went out."""

    column: str
    came: int
    went: int

    @property
    def difference(self) -> int:
        return self.came - self.went


class Unbalanced(ValueError):
    """The table breaks the rule of the form; `columns` says where and by how much."""

    def __init__(self, columns: Sequence[Imbalance]) -> None:
        super().__init__("; ".join(f"{one.column}: {one.came} != {one.went}" for one in columns))
        self.columns = tuple(columns)


@dataclass(frozen=True)
class Report:
    """`keys` holds, for each row and applicant, the requests behind the figure; `carried` is what the last kept report
    carried on, where there is one, and then stands for the figure carried in.
    """

    year: int
    keys: Mapping[tuple[str, Applicant], tuple[int, ...]]
    carried: Mapping[str, int] | None = None

    def figure(self, row: str, column: str) -> int:
        """One cell. Raises KeyError for a row or column that the form has not."""
        if row not in ROWS or column not in COLUMNS:
            raise KeyError((row, column))
        if column == TOTAL:
            return sum(self.figure(row, each) for each in Applicant)
        if row == SETTLED:
            return sum(self.figure(f"row:{each}", column) for each in Row)
        if row == CARRIED_IN and self.carried is not None:
            return self.carried.get(column, 0)
        return len(self.keys.get((row, Applicant(column)), ()))

    def requests(self, row: str, column: str) -> tuple[int, ...]:
        """The requests behind a cell."""
        rows = [f"row:{each}" for each in Row] if row == SETTLED else [row]
        columns = list(Applicant) if column == TOTAL else [Applicant(column)]
        return tuple(sorted(key for one in rows for each in columns for key in self.keys.get((one, each), ())))

    def figures(self) -> dict[str, dict[str, int]]:
        """All 175 cells of table three."""
        return {row: {column: self.figure(row, column) for column in COLUMNS} for row in ROWS}

    def imbalances(self) -> list[Imbalance]:
        """The columns in which the rule of the form is broken."""
        found = []
        for column in COLUMNS:
            came = self.figure(NEW, column) + self.figure(CARRIED_IN, column)
            went = self.figure(SETTLED, column) + self.figure(CARRIED_ON, column)
            if came != went:
                found.append(Imbalance(column, came, went))
        return found

    def checked(self) -> "Report":
        """Itself. Raises Unbalanced."""
        wrong = self.imbalances()
        if wrong:
            raise Unbalanced(wrong)
        return self


def report_of(year: int, asked: Iterable[Asked], *, carried: Mapping[str, int] | None = None) -> Report:
    """Table three of a year."""
    keys: dict[tuple[str, Applicant], list[int]] = {}
    for one in asked:
        for row in _rows_of(one, year):
            keys.setdefault((row, one.applicant), []).append(one.key)
    return Report(year, {place: tuple(sorted(found)) for place, found in keys.items()}, carried)


def _rows_of(one: Asked, year: int) -> list[str]:
    if one.received.year > year or (one.done is not None and one.done.year < year):
        return []
    came = NEW if one.received.year == year else CARRIED_IN
    if one.done is None or one.done.year > year:
        return [came, CARRIED_ON]
    return [came, f"row:{one.row}"] if one.row is not None else [came]


def contested_in(year: int, all_of_them: Iterable[Contested]) -> dict[tuple[Remedy, Verdict], tuple[int, ...]]:
    """Table four: what was pending in the year or ended in it, by how it stood at its end."""
    found: dict[tuple[Remedy, Verdict], list[int]] = {}
    for one in all_of_them:
        if one.begun.year > year or (one.ended is not None and one.ended.year < year):
            continue
        settled = one.ended is not None and one.ended.year == year
        verdict = one.verdict if settled else Verdict.PENDING
        found.setdefault((one.remedy, verdict), []).append(one.key)
    return {place: tuple(sorted(keys)) for place, keys in found.items()}


def total_of(
    table: Mapping[tuple[Remedy, Verdict], Collection[int]], remedy: Remedy, verdict: Verdict | None = None
) -> int:
    """One of the fifteen numbers of table four; without a verdict the total of its part."""
    verdicts = (verdict,) if verdict is not None else tuple(Verdict)
    return sum(len(table.get((remedy, one), ())) for one in verdicts)
