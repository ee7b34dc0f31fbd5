"""办理类别: of which class of the rule a letter is, where the rule in force has classes, each with its limit (INT-04).

Until somebody says, the limit of all counts, which no class undercuts. The clock runs from the letter whatever its class; what
is said once a limit has passed moves no date (`domain.duty_moments`), so that no lapse is ever hidden.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.domain.cases import Act, Kind
from jiyue.domain.deadlines import local
from jiyue.domain.rule_terms import ClassLimit, Deadline
from jiyue.domain.rulesets import Answer
from jiyue.identity.models import User
from jiyue.interaction.duties import REPLY, LetterSource, own_limit_of
from jiyue.interaction.models import Case, CaseStep
from jiyue.interaction.stepping import locked, subject_of, take
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation, RuleAltered
from jiyue.rules.queries import book


@transaction.atomic
def classify(*, case: Case, of_class: str, reason: str, by: User, now: datetime) -> CaseStep:
    """Say of which class it is, with the reason that its sender reads; the limit follows from the moment of the letter.

    Raises as `stepping.take`; ValidationError for a class that the rule does not have, the same again, or after an extension.
    """
    locked(case)  # before the trail, whose lock comes last everywhere; whether it is still what was read, `take` asks
    if of_class not in {each.name for each in classes_for(case)}:
        raise ValidationError({"of_class": _("适用的规定里没有这一类，请从列出的类别中选")})
    if of_class == case.reply_class:
        raise ValidationError({"of_class": _("已经是这一类")})
    if case.extended_at is not None:
        raise ValidationError({"of_class": _("已经延期的信件不能再改类别")})
    refresh(LetterSource(), subjects=[subject_of(case)], now=now)  # the limit that counted until now is kept as it was
    step = take(
        case=case, act=Act.CLASSIFY, by=by, now=now, reason=reason, note=of_class,
        changes={"reply_class": of_class, "classed": [*case.classed, [of_class, now.isoformat()]]},
    )  # fmt: skip
    refresh(LetterSource(), subjects=[subject_of(case)], now=now)
    return step


def classes_for(case: Case) -> tuple[ClassLimit, ...]:
    """The classes of the rule under which this letter began; none where the rule has none, or was altered."""
    # P-42 knows none, nor does a superior's own limit.
    if case.kind == Kind.ERROR_REPORT or own_limit_of(case) is not None:
        return ()
    terms = getattr(_rule_of(case), "terms", None)
    return terms.classes if isinstance(terms, Deadline) else ()


def _rule_of(case: Case) -> Answer | None:
    found = Obligation.objects.filter(subject=subject_of(case), parameter=REPLY, started_at=case.clock_at)
    duty = found.select_related("rule").first()
    if duty is None:  # the worker has not seen the letter yet
        return book().answer(case.desk.owner.lineage, REPLY, local(case.clock_at).date())
    try:
        return duty.answer
    except RuleAltered:
        return None
