"""What can be wrong with the files of a pack, as codes with the place; the sentences are in `problem_wording`."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

# Nobody mends more at a time, and telling the nearest name of thousands of unknown ones would take minutes.
MOST: Final = 200


class Problem(NamedTuple):
    """Something wrong in a file: `line` counts from 1 (0: the file as a whole), `facts` fill the sentence of `code`."""

    file: str
    line: int
    code: str
    facts: Mapping[str, Any]


class PackRefused(ValueError):
    """Files that cannot be used; `problems` holds everything wrong with them, in order. Nothing was loaded."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code)))
        super().__init__("; ".join(f"{each.file}:{each.line} {each.code}" for each in self.problems))


class Problems:
    """Collects what is wrong while reading goes on, so that a person gets all of it at once; after `MOST` it refuses."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, code: str, *, file: str, line: int = 0, **facts: Any) -> None:
        self.found.append(Problem(file, line, code, facts))
        if len(self.found) == MOST:
            self.found.append(Problem(file, line, "too-many", {"most": MOST}))
            self.refuse()

    def refuse(self) -> None:
        """Raises PackRefused if anything was found."""
        if self.found:
            raise PackRefused(self.found)
