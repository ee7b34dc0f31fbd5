"""A source of facts for tests: says what it was given."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from jiyue.domain.duties import Fact
from jiyue.obligations.models import Obligation
from tests.clock import NOW

NEWS = "column.update.news"  # recurrence, 2 weeks in hebi
REPLY = "message.reply"  # deadline, 5 then 10 working days in hebi
REPORT = "site.report"  # every year by 31 January
CHECK = "self-check.department"  # once a quarter
INTERPRETATION = "interpretation.publish"  # 3 working days in hebi, with the event in hubei


@dataclass
class Stated:
    """States what it was given, in that order."""

    stated: list[Fact] = field(default_factory=list)
    code: str = "stated"
    parameters: tuple[str, ...] = (NEWS, REPLY, REPORT, CHECK, INTERPRETATION)
    asked: list[Collection[str] | None] = field(default_factory=list)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        self.asked.append(subjects)
        return (fact for fact in self.stated if subjects is None or fact.subject in subjects)


def fact(tenant, parameter: str = REPLY, subject: str = "letter:1", **given) -> Fact:
    """A fact of a tenant's site that began at the tests' now."""
    facts = {
        "title": "路灯不亮", "unit": tenant.organisation.pk, "site": tenant.site.pk, "started_at": NOW, "by_hand": True,
        **given,
    }  # fmt: skip
    return Fact(parameter=parameter, subject=subject, **facts)


def only() -> Obligation:
    """The one duty there is."""
    return Obligation.objects.select_related("rule").get()


def rows() -> list[tuple]:
    """Every duty as plain values without its key, in order: what must not depend on how often somebody looked."""
    names = sorted({f.attname for f in Obligation._meta.concrete_fields} - {"id", "rule_id"})
    return list(Obligation.objects.order_by("parameter", "subject", "started_at").values_list(*names))
