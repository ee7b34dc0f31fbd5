"""P-40 to P-46, one after the other: each limit opens a duty, reminds, and is met by the very act that it asks for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest

from jiyue.config.duties import SOURCES, sweep
from jiyue.content.models import CampaignResult
from jiyue.disclosure import actions as disclosing
from jiyue.disclosure import handling as deciding
from jiyue.domain.rule_terms import Kind
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import handling
from jiyue.interaction.calls import call_centre_of
from jiyue.interaction.campaigns import actions as campaigns
from jiyue.interaction.classing import classify
from jiyue.obligations import timing
from jiyue.obligations.models import Obligation
from jiyue.publishing.publisher import Publisher
from jiyue.rules.library import shipped
from tests.apps.rules.decisions import assigned, overseers
from tests.campaigns import signed, survey_draft
from tests.cast import reviewed, structured
from tests.disclosure import asked
from tests.letters import answered, handled, letter, office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GATES = ["policy", "legal", "wording"]


class Limit(NamedTuple):
    """A parameter of the requirements: its rule, a pack that sets it, what opens it and what meets it."""

    parameter: str
    pack: str
    opened: Callable[[Any, Any, datetime], Any]
    met: Callable[[Any, Any, Any, datetime], None]


def _letter(cast, desk, now):
    return letter(cast.city, now=now)


def _answered(_cast, desk, case, now):
    answered(case, desk, now=now)


def _extended(cast, desk, now):
    case = handled(letter(cast.city, now=now), desk, now=now)
    handling.extend(case=case, reason="要到现场核实", by=desk.handler, now=now)
    return case


def _classed(cast, desk, now):
    case = handled(letter(cast.city, now=now), desk, now=now)
    classify(case=case, of_class="需要核实或办理的", reason="要到现场核实", by=desk.handler, now=now)
    return case


def _sent(_cast, desk, case, now):
    handling.submit_reply(case=case, text="已修好。", by=desk.handler, now=now)
    handling.approve_reply(case=case, gates=GATES, by=desk.replier, now=now)
    handling.send_reply(case=case, by=desk.handler, now=now)


def _report(cast, desk, now):
    return handled(letter(cast.city, now=now, kind="error_report", title="", category="typo", public=""), desk, now=now)


def _proposed(_cast, desk, case, now):
    handling.submit_reply(case=case, text="已改正错别字。", by=desk.handler, now=now)


def _nothing_asked(cast, _desk, now):
    structured(cast.city, now=now)
    Publisher().publish(cast.city.site, now=now)


def _survey(cast, _desk, now):
    structured(cast.city, now=now - 11 * DAY)
    survey = signed(cast.city, survey_draft(cast.city, now=now - 11 * DAY), now=now - 11 * DAY)
    Publisher().publish(cast.city.site, now=now - 11 * DAY)
    return survey


def _survey_held(cast, _desk, _none, now):
    signed(cast.city, survey_draft(cast.city, now=now), now=now)
    Publisher().publish(cast.city.site, now=now)


def _result_shown(cast, _desk, survey, now):
    made = campaigns.draw_up_result(campaign=survey, column=survey.column, by=cast.city.editor, now=now)
    reviewed(cast.city, CampaignResult.objects.get(pk=made.pk), now=now)
    Publisher().publish(cast.city.site, now=now)


def _request(cast, desk, now):
    request = asked(cast.city, now=now)
    disclosing.accept(request=request, by=desk.clerk, now=now)
    return request


def _decided(_cast, desk, request, now):
    deciding.submit(request=request, decision="disclosed", text="给您", confirmed=True, by=desk.handler, now=now)
    deciding.approve(request=request, by=desk.replier, now=now)
    deciding.send(request=request, by=desk.handler, now=now)


LIMITS = {
    "P-40": Limit("message.reply", "xiangxi", _letter, _answered),
    "P-41 second limit": Limit("message.reply", "hebi", _extended, _sent),
    "P-41 class": Limit("message.reply", "xiangxi", _classed, _sent),
    "P-42": Limit("error-report.reply", "hubei", _report, _proposed),
    "P-43": Limit("survey.count", "xiangxi", _nothing_asked, _survey_held),
    "P-44": Limit("survey.result", "xiangxi", _survey, _result_shown),
    "P-46": Limit("disclosure-request.reply", "national", _request, _decided),
}
# What is no limit: a number that the desk's form of calls offers.
SETTINGS = {"P-45": "call-centre.number"}


def test_the_table_is_whole():
    numbered = {f"P-{number}" for number in range(40, 47)}
    assert {number.split()[0] for number in LIMITS} | set(SETTINGS) == numbered
    for number, limit in LIMITS.items():
        assert shipped().parameter(number.split()[0]).name == limit.parameter
        assert limit.parameter in {name for source in SOURCES for name in source.parameters}


@pytest.mark.req("INT-04", "INT-12", "DISC-04")
@pytest.mark.parametrize("number", LIMITS)
def test_each_limit_opens_reminds_and_is_met_by_the_act(cast, now, number):
    limit = LIMITS[number]
    if limit.pack != "national":
        day = now - 400 * DAY
        assigned(cast.city.organisation, limit.pack, day.date(), overseers(None, now=day), now=day)
    desk = office(cast.city, now=now - 30 * DAY)
    about = limit.opened(cast, desk, now)
    sweep(now=now)
    duty = Obligation.objects.pending().filter(parameter=limit.parameter).order_by("pk").first()
    assert duty is not None and duty.pack == limit.pack
    assert duty.started_at <= duty.remind_at <= duty.act_by
    if number.startswith("P-41"):
        plain = duty.latest_at or duty.act_by
        assert duty.act_by == plain > duty.started_at + 10 * DAY
    assert timing.remind(now=duty.remind_at) >= 1
    duty.refresh_from_db()
    assert duty.reminded_at == duty.remind_at
    assert AuditEvent.objects.filter(code="obligations.reminded", subject=f"obligation:{duty.pk}").exists()
    done = max(now, duty.started_at) + timedelta(hours=1)
    limit.met(cast, desk, about, done)
    sweep(now=done)
    duty.refresh_from_db()
    assert duty.done_at is not None and duty.state(done) == "met"


def test_the_number_of_the_call_centre_is_a_setting_that_the_desk_reads(cast, now):
    assert shipped().parameter("P-45").name == SETTINGS["P-45"]
    assert shipped().parameter("P-45").kind is Kind.SETTING
    assert call_centre_of(cast.city.site, now) == ""
    day = now - 400 * DAY
    assigned(cast.city.organisation, "chaoyang", day.date(), overseers(None, now=day), now=day)
    assert call_centre_of(cast.city.site, now) == "96105"
