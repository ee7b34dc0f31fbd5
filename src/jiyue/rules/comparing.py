"""Two packs side by side, parameter by parameter, on one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiyue.domain.rulesets import Answer, Parameter, RuleSet


@dataclass(frozen=True)
class Pair:
    """What the two say of one parameter, each with what it takes from the packs above it."""

    parameter: Parameter
    left: Answer
    right: Answer

    @property
    def differs(self) -> bool:
        """Whether the rule or its words differ; the same figure from two texts is no difference."""
        return _said(self.left) != _said(self.right)

    @property
    def is_set(self) -> bool:
        return any(answer.is_set or answer.words for answer in (self.left, self.right))

    def as_json(self) -> dict[str, Any]:
        return {
            "parameter": self.parameter.name,
            "differs": self.differs,
            "left": self.left.as_json(),
            "right": self.right.as_json(),
        }


def compare(left: RuleSet, right: RuleSet, *, on: date) -> Iterator[Pair]:
    """Every parameter that one of them speaks of, in the order of the catalogue."""
    for name, parameter in left.parameters.items():
        pair = Pair(parameter, left.answer(name, on), right.answer(name, on))
        if pair.is_set:
            yield pair


def _said(answer: Answer) -> tuple[object, ...]:
    words = [passed.value.word for passed in answer.words if passed.value is not None]
    return (answer.terms, answer.value.word if answer.value else "", *words)
