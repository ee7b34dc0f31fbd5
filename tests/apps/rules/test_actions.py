"""Two people change a rule; what cannot be used is refused, and nothing half done stays."""

from datetime import date, timedelta

import pytest

from jiyue.foundation.models import AuditEvent
from jiyue.rules.actions import (
    ChangeNotAllowed,
    Unusable,
    approve,
    assign_pack,
    install_pack,
    propose_override,
    refuse,
    revise_calendar,
)
from jiyue.rules.models import LocalPack, Override
from jiyue.rules.policies import fetch_proposal_for, may_answer, proposable_units, to_answer, visible
from jiyue.rules.queries import library
from tests.apps.rules.decisions import approved_calendar, approved_override, approved_pack, overseers, pack_files

pytestmark = pytest.mark.django_db
REPLY = "message.reply"


@pytest.fixture
def pair(now):
    return overseers(None, now=now)


@pytest.fixture
def propose(cast, pair, now):
    """Propose a value for the city; anything may be said otherwise."""

    def act(**otherwise) -> Override:
        facts = {
            "organisation": cast.city.organisation, "parameter": REPLY, "value": "limit: 3 working-days",
            "from_on": now.date(), "document": "澄湖市留言办理规定", "grounds": "本地要求更高", "by": pair[0], "now": now,
        }  # fmt: skip
        return propose_override(**{**facts, **otherwise})

    return act


@pytest.mark.req("PLAT-07")
def test_a_change_keeps_who_proposed_who_approved_and_why(propose, pair, now):
    override = propose()
    approve(proposal=override, by=pair[1], now=now + timedelta(hours=1), reply="同意")
    row = Override.objects.get()
    assert (row.state, row.proposed_by, row.answered_by, row.grounds, row.reply) == (
        "approved", pair[0], pair[1], "本地要求更高", "同意",
    )  # fmt: skip
    codes = list(
        AuditEvent.objects.filter(code__startswith="rules.").order_by("sequence").values_list("code", flat=True)
    )
    assert codes == ["rules.change_proposed", "rules.change_approved"]


def test_nobody_approves_the_own_proposal_or_one_of_foreign_units(cast, propose, pair, now):
    override = propose(by=cast.overseer)
    foreign = overseers(cast.outside.organisation, now=now, prefix="wai")[0]
    for person in (cast.overseer, foreign, cast.supervisor, cast.operator, cast.city.manager):
        with pytest.raises(ChangeNotAllowed):
            approve(proposal=override, by=person, now=now)
    approve(proposal=override, by=pair[0], now=now)


def test_who_does_not_oversee_the_unit_proposes_nothing(cast, propose, now):
    for person in (cast.city.manager, cast.supervisor, cast.operator, cast.auditor):
        with pytest.raises(ChangeNotAllowed):
            propose(by=person)
    with pytest.raises(ChangeNotAllowed):
        propose(by=cast.overseer, organisation=cast.outside.organisation)
    with pytest.raises(ChangeNotAllowed):
        propose(by=cast.overseer, organisation=None, pack="hebi")
    with pytest.raises(ChangeNotAllowed):
        revise_calendar(year=2027, off={}, worked={}, notice="试", grounds="试", by=cast.overseer, now=now)


def test_it_is_answered_once(propose, pair, now):
    override = propose()
    stale = Override.objects.get(pk=override.pk)
    refuse(proposal=override, by=pair[1], now=now, reply="依据不足")
    with pytest.raises(ChangeNotAllowed):
        approve(proposal=stale, by=pair[1], now=now)
    with pytest.raises(ChangeNotAllowed):
        approve(proposal=override, by=pair[1], now=now)
    assert Override.objects.get().state == "refused"


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "limit: 3 days"},
        {"value": "limit: 三天"},
        {"value": "gap: 2 weeks"},
        {"value": "limit: 3 working-days\nbasis: decision 第一条"},
        {"value": "limit: [3"},
        {"value": ""},
        {"parameter": "message.answer"},
        {"document": " "},
        {"grounds": ""},
        {"from_on": date(2026, 11, 20)},
        {"pack": "hebi"},
        {"organisation": None},
        {"organisation": None, "pack": "no-such-pack"},
    ],
)
def test_what_cannot_be_used_is_refused_and_not_kept(propose, wrong):
    with pytest.raises(Unusable) as refused:
        propose(**wrong)
    assert refused.value.messages
    assert not Override.objects.exists()


def test_the_problems_of_a_value_are_told_with_their_lines(propose):
    with pytest.raises(Unusable) as refused:
        propose(value="limit: 5 working-days\nlatest: 3 working-days")
    (problem,) = refused.value.problems
    assert (problem.line, problem.code) == (2, "latest-before-limit")


def test_a_proposal_whose_day_has_passed_cannot_be_approved_any_more(propose, pair, now):
    override = propose()
    with pytest.raises(Unusable):
        approve(proposal=override, by=pair[1], now=now + timedelta(days=1))


def test_one_value_a_day(cast, propose, pair, now):
    waiting = propose()
    approved_override(cast.city.organisation, REPLY, "limit: 2 working-days", now.date(), pair, now=now)
    with pytest.raises(Unusable):
        propose()
    with pytest.raises(Unusable):
        approve(proposal=waiting, by=pair[1], now=now)


def test_a_pack_that_is_not_there_cannot_be_assigned(cast, pair, now):
    facts = {"organisation": cast.city.organisation, "from_on": now.date(), "grounds": "试", "by": pair[0], "now": now}
    with pytest.raises(Unusable):
        assign_pack(pack="no-such-pack", **facts)
    first, again = assign_pack(pack="hebi", **facts), assign_pack(pack="hubei", **facts)
    approve(proposal=first, by=pair[1], now=now)
    with pytest.raises(Unusable):
        approve(proposal=again, by=pair[1], now=now)


def test_a_pack_of_ones_own_is_checked_like_a_shipped_one(pair, now):
    facts = {"in_force_on": now.date(), "grounds": "本市规定", "by": pair[0], "now": now}
    good = pack_files("chenghu", {REPLY: {"2026-01-01": "6 working-days"}})
    with pytest.raises(Unusable):
        install_pack(name="hebi", files=pack_files("hebi", {}), **facts)
    with pytest.raises(Unusable):
        install_pack(name="澄湖", files=good, **facts)
    with pytest.raises(Unusable) as refused:
        install_pack(
            name="chenghu", files={**good, "interaction.yaml": "message.answer:\n  2026:\n    limit: 1 day\n"}, **facts
        )
    assert [problem.code for problem in refused.value.problems] == ["unknown-parameter"]
    with pytest.raises(Unusable):
        install_pack(name="chenghu", files=pack_files("chenghu", {}, extends="chenghu"), **facts)
    assert not LocalPack.objects.exists()


def test_a_next_version_changes_nothing_that_was_said_for_earlier_days(pair, now):
    approved_pack("chenghu", {REPLY: {"2026-01-01": "6 working-days"}}, now.date(), pair, now=now)
    later = now.date() + timedelta(days=30)
    with pytest.raises(Unusable) as refused:
        approved_pack("chenghu", {REPLY: {"2026-01-01": "2 working-days"}}, later, pair, now=now)
    assert REPLY in refused.value.messages[0]
    assert library().pack("chenghu").values[REPLY][0].since.stated == "2026-01-01"


@pytest.mark.parametrize(
    ("off", "worked", "notice"),
    [
        ({"2026-01-01": "元旦"}, {}, "通知"),
        ({"2027-02-30": "春节"}, {}, "通知"),
        ({"2027-01-01": " "}, {}, "通知"),
        ({"2027-01-01": "元旦"}, {"2027-01-01": "元旦"}, "通知"),
        ({}, {"2027-01-05": "元旦"}, "通知"),
        ({"2027-01-01": "元旦"}, {}, " "),
    ],
)
@pytest.mark.req("CAL-01")
def test_a_calendar_with_faults_is_refused(pair, now, off, worked, notice):
    with pytest.raises(Unusable):
        revise_calendar(year=2027, off=off, worked=worked, notice=notice, grounds="试", by=pair[0], now=now)


def test_who_reads_and_answers_what(cast, propose, pair, now):
    override = propose(by=cast.overseer)
    approved_calendar(2027, {"2027-01-01": "元旦"}, {}, pair, now=now)
    assert to_answer(pair[0]) == [override]
    assert to_answer(cast.overseer) == []
    assert not may_answer(cast.overseer, override)
    assert fetch_proposal_for(cast.supervisor, "override", override.pk) == override
    assert list(visible(cast.outside.manager, Override)) == []
    assert set(proposable_units(cast.overseer)) == {cast.city.organisation}
