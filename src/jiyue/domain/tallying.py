"""Counting the answers of a survey: per question, of those who were asked it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jiyue.domain.questionnaires import MATRIX, RANKING, SCALE, TEXT, Question, Questionnaire


@dataclass
class Tally:
    """One survey while it is counted. Equal answers are counted once with how often they came."""

    questionnaire: Questionnaire
    answers: int = 0
    _seen: dict[str, Counter[str]] = field(default_factory=dict)
    _asked: Counter[int] = field(default_factory=Counter)

    def add(self, answers: Mapping[str, str], times: int = 1) -> None:
        """Count one answered form, which came `times` times."""
        self.answers += times
        for question in self.questionnaire.asked(answers):
            self._asked[question.number] += times
            answer = answers.get(question.name, "")
            if answer:
                # A text is counted as given; what it says is for people to read.
                key = "1" if question.kind == TEXT else answer
                self._seen.setdefault(question.name, Counter())[key] += times

    def figures(self) -> dict[str, Any]:
        """Everything that the result says in numbers, as plain data."""
        return {"answers": self.answers, "questions": [self._question(one) for one in self.questionnaire.questions]}

    def _question(self, question: Question) -> dict[str, Any]:
        seen = self._seen.get(question.name, Counter())
        facts: dict[str, Any] = {
            "number": question.number, "kind": question.kind, "words": question.words,
            "asked": self._asked[question.number], "answered": sum(seen.values()),
        }  # fmt: skip
        if question.kind == TEXT:
            return facts
        if question.kind == MATRIX:
            return facts | {"columns": list(question.options), "rows": _matrix(question, seen)}
        labels = _points(question) if question.kind == SCALE else question.options
        if question.kind == RANKING:
            return facts | {"options": _ranks(labels, seen), "mean": None}
        counts = _counts(labels, seen)
        return facts | {"options": counts, "mean": _mean(counts) if question.kind == SCALE else None}


def _points(question: Question) -> tuple[str, ...]:
    """The points of a scale, its ends with what they mean."""
    ends = {1: question.low, question.points: question.high}
    return tuple(f"{n}（{ends[n]}）" if ends.get(n) else str(n) for n in range(1, question.points + 1))


def _counts(labels: tuple[str, ...], seen: Counter[str]) -> list[dict[str, Any]]:
    counts: Counter[str] = Counter()
    for answer, times in seen.items():
        for option in answer.split(","):
            counts[option] += times
    return [{"label": label, "count": counts[str(n)]} for n, label in enumerate(labels, start=1)]


def _mean(counts: list[dict[str, Any]]) -> str | None:
    total = sum(row["count"] for row in counts)
    weighed = sum(n * row["count"] for n, row in enumerate(counts, start=1))
    return f"{weighed / total:.2f}" if total else None


def _ranks(labels: tuple[str, ...], seen: Counter[str]) -> list[dict[str, Any]]:
    """For each option how often it was put first, and its mean place."""
    first: Counter[int] = Counter()
    places: Counter[int] = Counter()
    total = 0
    for answer, times in seen.items():
        total += times
        for place, option in enumerate(map(int, answer.split(",")), start=1):
            places[option] += place * times
            first[option] += times if place == 1 else 0
    return [
        {"label": label, "count": first[n], "place": f"{places[n] / total:.2f}" if total else None}
        for n, label in enumerate(labels, start=1)
    ]


def _matrix(question: Question, seen: Counter[str]) -> list[dict[str, Any]]:
    counts: list[Counter[str]] = [Counter() for _row in question.rows]
    for answer, times in seen.items():
        for row, column in enumerate(answer.split(",")):
            counts[row][column] += times
    columns = range(1, len(question.options) + 1)
    return [
        {"label": label, "counts": [counts[n][str(column)] for column in columns]}
        for n, label in enumerate(question.rows)
    ]
