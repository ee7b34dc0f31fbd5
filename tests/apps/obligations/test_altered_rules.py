"""A kept rule that was changed beside the application is told, and nothing is computed with it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jiyue.console.duties.reasons import of_obligation, short
from jiyue.domain.canonical import digest_of
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.actions import needs_reason
from jiyue.obligations.engine import recompute, refresh
from jiyue.obligations.keeping import report_altered
from jiyue.obligations.models import FrozenRule, Obligation, RuleAltered
from jiyue.obligations.queries import explain
from jiyue.rules.library import shipped
from jiyue.rules.queries import calendar
from tests.apps.obligations.facts import Stated, fact, only

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hebi")]


@pytest.fixture
def altered(cast, now) -> Obligation:
    """A duty whose rule says 50 working days instead of 5, under the digest of the 5: rows cannot be changed here."""
    refresh(Stated([fact(cast.city)]), now=now)
    kept = only().rule
    forged = {**kept.answer, "value": {**kept.answer["value"], "terms": {"limit": "50 working-days"}}}
    assert digest_of(forged) != kept.digest
    rule = FrozenRule.objects.create(digest="0" * 64, answer=forged)
    Obligation.objects.update(rule=rule)
    return only()


def test_every_rule_of_every_pack_is_found_whole_again(now):
    rules = [shipped().ruleset(name) for name in shipped().names]
    for rule in rules:
        for parameter in shipped().parameters:
            words = {
                name: value for name, value in rule.answer(parameter, now.date()).as_json().items() if name != "on"
            }
            FrozenRule.objects.bulk_create([FrozenRule(digest=digest_of(words), answer=words)], ignore_conflicts=True)
    assert FrozenRule.objects.count() > 100
    assert report_altered(now=now) == 0


def test_reading_it_is_refused(altered):
    with pytest.raises(RuleAltered):
        explain(altered)
    assert needs_reason(altered)


def test_lists_and_pages_say_so_instead_of_showing_it(cast, altered, sign_in):
    reason = of_obligation(altered, calendar=calendar())
    assert (reason.altered, reason.days, reason.due) == (True, (), altered.due_at)
    assert "被改动" in short(altered) and "50" not in short(altered)
    client = sign_in(cast.city.editor)
    for address in (
        reverse("console_duty", args=[altered.pk]),
        reverse("console_duties"),
        reverse("console_duty_export"),
    ):
        assert client.get(address).status_code == 200
    page = client.get(reverse("console_duty", args=[altered.pk])).content.decode()
    assert "在平台之外被改动过" in page and "50 个工作日" not in page


def test_its_dates_are_left_alone_and_other_duties_go_on(cast, altered, now):
    source = Stated([fact(cast.city), fact(cast.city, subject="letter:2")])
    refresh(source, now=now)
    Obligation.objects.update(provisional=True)
    recompute(now=now)
    rows = dict(Obligation.objects.values_list("subject", "provisional"))
    assert rows == {"letter:1": True, "letter:2": False}
    assert Obligation.objects.get(subject="letter:1").due_at == altered.due_at


def test_it_is_traced_once(altered, now):
    assert report_altered(now=now) == report_altered(now=now + timedelta(days=1)) == 1
    event = AuditEvent.objects.get(code="obligations.rule_altered")
    assert (event.data["parameter"], event.data["duties"]) == ("message.reply", 1)
