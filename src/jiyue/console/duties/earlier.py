"""Why a date stays though something else is asked now: a duty is under what was asked on the day on which it began.

A rule may have changed since, or the update class of a column; whoever reads the date beside the new demand must be told.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from jiyue.console.duties import reasons
from jiyue.domain.deadlines import local
from jiyue.obligations.models import Obligation
from jiyue.publishing.freshness import TABLE, Demand
from jiyue.publishing.stewardship import demand_on
from jiyue.rules import wording
from jiyue.rules.queries import Book
from jiyue.rules.turning import said

COLUMNS = "columns"


def of_duty(duty: Obligation, *, rules: Book, now: datetime) -> str:
    """The sentence for the page of an open duty; empty where what is asked now is what was asked then."""
    if not duty.rule.is_intact or duty.done_at or duty.waived_at or duty.ended_at:
        return ""
    if duty.source == COLUMNS:
        found = demand_on(duty.subject, rules=rules, now=now)
        return of_column(duty, *found) if found else ""
    if duty.own_limit:
        return ""
    answer = rules.answer(duty.unit.lineage, duty.parameter, local(now).date())
    return "" if said(answer) == said(duty.answer) else _sentence(duty, wording.answer(answer))


def of_column(duty: Obligation, demand: Demand, name: str) -> str:
    """The same for the duty to update a column, beside what is asked of the column now."""
    if not duty.rule.is_intact or _as_then(duty, demand):
        return ""
    return _sentence(duty, asked_of(demand, name))


def asked_of(demand: Demand, name: str) -> str:
    """What the rules, or the class of the column with this name, ask for."""
    if demand.own is not None and not demand.by_event:
        return _("间隔不超过 %(limit)s") % {"limit": wording.limit(demand.own)}
    if demand.parameter == TABLE:
        lines = demand.answer.found.as_json()["terms"]["value"]
        return next((line["text"] for line in lines if name in line["columns"]), "")
    return wording.answer(demand.answer)


def _as_then(duty: Obligation, demand: Demand) -> bool:
    own = str(demand.own) if demand.own else ""
    if duty.own_limit != own:
        return False
    return bool(own) or said(duty.answer) == said(demand.answer)


def _sentence(duty: Obligation, asked_now: str) -> str:
    facts = {"day": f"{local(duty.started_at):%Y-%m-%d}", "then": reasons.short(duty), "now": asked_now}
    return (
        _(
            "从 %(day)s 起算，按当时的要求算（%(then)s），后来的改动不影响它。现在的要求是：%(now)s，以后开始的才按它算。"
        )
        % facts
    )
