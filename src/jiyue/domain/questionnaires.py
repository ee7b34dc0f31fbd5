"""在线调查: what a questionnaire asks, what counts as an answer, and what is wrong with one. Pure data, no framework.

A questionnaire is read from the rows of a signed survey. Typed values come by the names of a form (`q1`, `q2.3`); an
answer is kept as one short text for each question, so that a hundred thousand of them are counted in a breath.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

SINGLE, MULTIPLE, SCALE, TEXT, RANKING, MATRIX = "single", "multiple", "scale", "text", "ranking", "matrix"
KINDS: Final = (SINGLE, MULTIPLE, SCALE, TEXT, RANKING, MATRIX)
CHOSEN: Final = frozenset({SINGLE, MULTIPLE})  # what another question may follow from
MOST_QUESTIONS, MOST_OPTIONS, MOST_RANKED, MOST_ROWS, MOST_COLUMNS = 50, 30, 10, 15, 7
LONGEST_OPTION, LONGEST_TEXT, MOST_POINTS = 100, 2000, 10


@dataclass(frozen=True)
class Question:
    """One question. `options` are those of a choice or ranking and the columns of a matrix; numbers begin at 1.

    With `after` it is asked only of those who chose option `after_option` of that earlier question.
    """

    number: int
    kind: str
    words: str
    hint: str = ""
    needed: bool = True
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    points: int = 5
    low: str = ""
    high: str = ""
    longest: int = 500
    after: int = 0
    after_option: int = 0

    @property
    def name(self) -> str:
        return f"q{self.number}"

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of its form."""
        count = {MULTIPLE: len(self.options), RANKING: len(self.options), MATRIX: len(self.rows)}.get(self.kind, 0)
        return tuple(f"{self.name}.{n}" for n in range(1, count + 1)) or (self.name,)


@dataclass(frozen=True)
class Fault:
    """What is wrong with an answer or with a question: at which question, and a number that the sentence names."""

    number: int
    code: str
    limit: int = 0


@dataclass(frozen=True)
class Questionnaire:
    questions: tuple[Question, ...]

    def at(self, number: int) -> Question | None:
        return self.questions[number - 1] if 0 < number <= len(self.questions) else None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for question in self.questions for name in question.names)

    def pages(self) -> tuple[tuple[Question, ...], ...]:
        """The questions in pages: one that depends on another never stands on its page, so no script must hide it."""
        pages: list[list[Question]] = [[]]
        here: set[int] = set()
        for question in self.questions:
            if question.after in here:
                pages.append([])
                here = set()
            pages[-1].append(question)
            here.add(question.number)
        return tuple(tuple(page) for page in pages)

    def asked(self, answers: Mapping[str, str]) -> Iterator[Question]:
        """The questions that are asked of whoever gave these answers."""
        shown: set[int] = set()
        for question in self.questions:
            if _is_asked(question, answers, shown):
                shown.add(question.number)
                yield question


def _is_asked(question: Question, answers: Mapping[str, str], shown: set[int]) -> bool:
    if not question.after:
        return True
    chosen = answers.get(f"q{question.after}", "").split(",")
    return question.after in shown and str(question.after_option) in chosen


# ── from the signed rows ──


def read(rows: Sequence[Mapping[str, Any]]) -> Questionnaire:
    """The questionnaire of a survey's rows; rows without `faults` only. Raises KeyError, ValueError, TypeError."""
    return Questionnaire(tuple(_question(number, row) for number, row in enumerate(rows, start=1)))


def lines(text: str) -> tuple[str, ...]:
    """Options as they are typed: one a line, blank lines do not count."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _question(number: int, row: Mapping[str, Any]) -> Question:
    kind = row["type"]
    if kind not in KINDS:
        raise ValueError(kind)
    options = lines(str(row.get("columns" if kind == MATRIX else "options") or ""))
    needed, least = bool(row.get("needed", True)), _number(row, "least")
    return Question(
        number=number, kind=kind, words=str(row["question"]).strip(), hint=str(row.get("hint") or "").strip(),
        needed=needed, options=options, rows=lines(str(row.get("rows") or "")) if kind == MATRIX else (),
        least=least or (1 if needed else 0), most=_number(row, "most") or len(options),
        points=_number(row, "points") or 5, low=str(row.get("low") or "").strip(), high=str(row.get("high") or "").strip(),
        longest=min(_number(row, "longest") or 500, LONGEST_TEXT), after=_number(row, "after"),
        after_option=_number(row, "after_option"),
    )  # fmt: skip


def _number(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name)
    return int(value) if value else 0


def faults(rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """What is wrong with the questions of a draft, in their order."""
    questionnaire = read(rows)
    found = [] if questionnaire.questions else [Fault(0, "no_questions")]
    if len(questionnaire.questions) > MOST_QUESTIONS:
        found.append(Fault(0, "too_many_questions", MOST_QUESTIONS))
    for question in questionnaire.questions:
        found += [Fault(question.number, code, limit) for code, limit in _wrong(question, questionnaire)]
    return found


def _wrong(question: Question, whole: Questionnaire) -> Iterator[tuple[str, int]]:
    most = {RANKING: MOST_RANKED, MATRIX: MOST_COLUMNS}.get(question.kind, MOST_OPTIONS)
    if question.kind not in (SCALE, TEXT):
        if len(question.options) < 2:
            yield "too_few_options", 2
        if len(question.options) > most:
            yield "too_many_options", most
        if len(set(question.options)) < len(question.options):
            yield "option_twice", 0
        if any(len(option) > LONGEST_OPTION for option in (*question.options, *question.rows)):
            yield "option_too_long", LONGEST_OPTION
    if question.kind == MATRIX and not 0 < len(question.rows) <= MOST_ROWS:
        yield "rows", MOST_ROWS
    if question.kind == MULTIPLE and not question.least <= question.most <= max(len(question.options), 2):
        yield "least_and_most", 0
    if question.kind == SCALE and not 3 <= question.points <= MOST_POINTS:
        yield "points", MOST_POINTS
    yield from _wrong_branch(question, whole)


def _wrong_branch(question: Question, whole: Questionnaire) -> Iterator[tuple[str, int]]:
    if not question.after and not question.after_option:
        return
    before = whole.at(question.after)
    if before is None or question.after >= question.number or before.kind not in CHOSEN:
        yield "after", question.after
    elif not 0 < question.after_option <= len(before.options):
        yield "after_option", question.after_option


# ── answers ──


def answers_of(questionnaire: Questionnaire, typed: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    """Answers by the name of their question, and what is wrong. What was not asked is left out, whatever was typed."""
    answers: dict[str, str] = {}
    found: list[Fault] = []
    shown: set[int] = set()
    for question in questionnaire.questions:
        if not _is_asked(question, answers, shown):
            continue
        shown.add(question.number)
        answer, wrong = _READ[question.kind](question, typed)
        if wrong is None and answer:
            answers[question.name] = answer
        found += [wrong] if wrong else []
    return answers, found


def is_answer(questionnaire: Questionnaire, answers: Mapping[str, str]) -> bool:
    """Is this what `answers_of` gives? Asked of what comes from outside."""
    return answers_of(questionnaire, typed_of(questionnaire, answers)) == (dict(answers), [])


def typed_of(questionnaire: Questionnaire, answers: Mapping[str, str]) -> dict[str, str]:
    """The fields of the form that give these answers."""
    typed: dict[str, str] = {}
    for question in questionnaire.questions:
        answer = answers.get(question.name, "")
        if not answer:
            continue
        if question.kind == MULTIPLE:
            typed |= {f"{question.name}.{option}": option for option in answer.split(",")}
        elif question.kind == RANKING:
            typed |= {f"{question.name}.{option}": str(n) for n, option in enumerate(answer.split(","), start=1)}
        elif question.kind == MATRIX:
            typed |= {f"{question.name}.{n}": column for n, column in enumerate(answer.split(","), start=1) if column}
        else:
            typed[question.name] = answer
    return typed


def _choice(question: Question, typed: Mapping[str, str]) -> tuple[str, Fault | None]:
    return _one(question, typed.get(question.name, ""), len(question.options))


def _scale(question: Question, typed: Mapping[str, str]) -> tuple[str, Fault | None]:
    return _one(question, typed.get(question.name, ""), question.points)


def _one(question: Question, value: str, most: int) -> tuple[str, Fault | None]:
    if not value:
        return "", Fault(question.number, "missing") if question.needed else None
    return (value, None) if is_number(value, most) else ("", Fault(question.number, "not_a_choice"))


def _several(question: Question, typed: Mapping[str, str]) -> tuple[str, Fault | None]:
    chosen = [str(n) for n, name in enumerate(question.names, start=1) if typed.get(name)]
    if not chosen and not question.needed:
        return "", None
    if not chosen:
        return "", Fault(question.number, "missing")
    if len(chosen) < question.least:
        return "", Fault(question.number, "choose_at_least", question.least)
    if len(chosen) > question.most:
        return "", Fault(question.number, "choose_at_most", question.most)
    return ",".join(chosen), None


def _text(question: Question, typed: Mapping[str, str]) -> tuple[str, Fault | None]:
    value = typed.get(question.name, "")
    if not value:
        return "", Fault(question.number, "missing") if question.needed else None
    return (
        (value, None) if len(value) <= question.longest else ("", Fault(question.number, "too_long", question.longest))
    )


def _order(question: Question, typed: Mapping[str, str]) -> tuple[str, Fault | None]:
    places = [typed.get(name, "") for name in question.names]
    if not any(places):
        return "", Fault(question.number, "missing") if question.needed else None
    if not all(is_number(place, len(places)) for place in places):
        return "", Fault(question.number, "rank_all")
    if len(set(places)) < len(places):
        return "", Fault(question.number, "rank_twice")
    return ",".join(str(places.index(str(n)) + 1) for n in range(1, len(places) + 1)), None


def _rows(question: Question, typed: Mapping[str, str]) -> tuple[str, Fault | None]:
    columns = [typed.get(name, "") for name in question.names]
    if not any(columns):
        return "", Fault(question.number, "missing") if question.needed else None
    if not all(is_number(column, len(question.options)) for column in columns if column):
        return "", Fault(question.number, "not_a_choice")
    if question.needed and not all(columns):
        return "", Fault(question.number, "rows_missing")
    return ",".join(columns), None


def is_number(text: str, most: int) -> bool:
    """A whole number from 1 to `most` as a form of ours sends it: no sign, no zero before it."""
    return text.isascii() and text.isdigit() and len(text) < 4 and 0 < int(text) <= most and text == str(int(text))


_READ: Final = {SINGLE: _choice, MULTIPLE: _several, SCALE: _scale, TEXT: _text, RANKING: _order, MATRIX: _rows}


def in_words(question: Question, answer: str) -> str:
    """An answer as people read it. Raises IndexError, ValueError for one that is none."""
    if question.kind == TEXT or not answer:
        return answer
    if question.kind == SCALE:
        ends = {"1": question.low, str(question.points): question.high}.get(answer, "")
        return f"{answer}（{ends}）" if ends else answer
    numbers = [int(part) if part else 0 for part in answer.split(",")]
    if question.kind == MATRIX:
        chosen = zip(question.rows, numbers, strict=True)
        return "；".join(f"{row}：{question.options[column - 1]}" for row, column in chosen if column)
    named = [question.options[number - 1] for number in numbers]
    if question.kind == RANKING:
        return "；".join(f"{place}. {name}" for place, name in enumerate(named, start=1))
    return "、".join(named)
