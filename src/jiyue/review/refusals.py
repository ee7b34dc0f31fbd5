"""Why a step of a review was not taken; the screens show what these say."""

from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.content.readiness import Problem
from jiyue.review.checking import Found, in_words


class NotReady(ValidationError):
    """A record cannot be submitted; `problems` says everything that is missing."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__([problem.message for problem in found])
        self.problems = found


class ReviewRefused(PermissionDenied):
    """This person may not take this step, or the review has moved on meanwhile."""


class StoppedByChecks(ValidationError):
    """The checks found what must be mended first, or waived by somebody who may. `found` holds the findings."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__(in_words(found))
        self.found = found
