"""The table of requirements (docs/requirements.csv) and which tests speak for each; `make requirements` runs this."""

import ast
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "requirements.csv"
STATES = ("done", "partly", "planned")
AREAS = {
    "PLAT": 9, "CAL": 4, "LIFE": 29, "DOM": 11, "PAGE": 16, "COL": 21, "REV": 14, "PRIV": 10, "POL": 12,
    "RESP": 6, "REPR": 6, "SERV": 14, "INT": 21, "DISC": 4, "LIB": 6, "IAM": 10, "SRCH": 5, "ACC": 4, "DATA": 6,
    "MON": 14, "INSP": 14, "SECU": 24, "ARCH": 4, "NM": 26, "DUTY": 6, "TRAIN": 4, "OPS": 9,
}  # fmt: skip


@dataclass(frozen=True)
class Requirement:
    id: str
    statement: str
    articles: str
    state: str
    module: str
    note: str

    @property
    def area(self) -> str:
        return self.id.partition("-")[0]


def requirements(table: Path = TABLE) -> list[Requirement]:
    """All rows in their order. Raises TypeError for a row with a column too many or too few."""
    with table.open(encoding="utf-8", newline="") as lines:
        return [Requirement(**row) for row in csv.DictReader(lines)]


def marks(tests: Path = ROOT / "tests") -> dict[str, set[str]]:
    """Requirement to the places that carry `pytest.mark.req("ID")`, read from the source without importing it."""
    places: dict[str, set[str]] = {}
    for path in sorted(tests.rglob("*.py")):
        for name, line in _marks_of(ast.parse(path.read_text("utf-8"), str(path))):
            places.setdefault(name, set()).add(f"{path.relative_to(tests)}:{line}")
    return places


def _marks_of(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.req":
            for argument in node.args:
                yield ast.literal_eval(argument), node.lineno


def summary(table: Path = TABLE) -> str:
    """One line for each area with done, partly, planned and all, and the total below."""
    rows = requirements(table)
    lines = [f"{'area':<8}{'done':>8}{'partly':>8}{'planned':>9}{'all':>6}"]
    lines += [_line(area, [row for row in rows if row.area == area]) for area in AREAS]
    return "\n".join([*lines, _line("total", rows), ""])


def _line(name: str, rows: list[Requirement]) -> str:
    count = Counter(row.state for row in rows)
    return f"{name:<8}{count['done']:>8}{count['partly']:>8}{count['planned']:>9}{len(rows):>6}"


if __name__ == "__main__":
    sys.stdout.write(summary())
