"""A changed rule reaches the lists of those who answer for what it changes; once asked for, once decided, and nobody else's."""

from datetime import timedelta

import pytest

from jiyue.foundation.models import AuditEvent
from jiyue.obligations.actions import DutyRefused, note_rule_change
from jiyue.obligations.changing import apply_changes, notice_packs
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import RuleRead
from jiyue.obligations.noticing import KEPT_FOR, fetch_change_for, meaning_of, unread_for
from jiyue.rules.actions import approve, assign_pack, propose_override, refuse
from jiyue.rules.models import PackEdition
from tests.apps.obligations.facts import REPLY, Stated, fact
from tests.apps.obligations.test_changing import upgraded
from tests.apps.rules.decisions import approved_override, assigned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hebi"), pytest.mark.req("PLAT-07")]
DAY = timedelta(days=1)


@pytest.fixture
def asked(cast, pair, now):
    """Three days instead of five for messages, from tomorrow on."""
    return propose_override(
        organisation=cast.city.organisation, parameter=REPLY, value="limit: 3 working-days", from_on=(now + DAY).date(),
        document="澄湖市留言办理规定", article="第三条", grounds="本地要求更高", by=pair[0], now=now,
    )  # fmt: skip


@pytest.fixture
def source(cast, now) -> Stated:
    """One letter of yesterday, one that begins after the change, one of the neighbours."""
    stated = Stated([fact(cast.city, subject="letter:1", started_at=now - DAY),
                     fact(cast.city, subject="letter:2", started_at=now + 2 * DAY),
                     fact(cast.outside, subject="letter:3", started_at=now + 2 * DAY)])  # fmt: skip
    refresh(stated, now=now)
    return stated


def told(user, now) -> list[tuple[str, str]]:
    return [(change.ref, change.stage) for change in unread_for(user, now)]


def test_it_is_told_when_asked_for_and_again_when_decided(cast, pair, asked, now):
    ref = f"override/{asked.pk}"
    assert told(cast.city.manager, now) == [(ref, "asked")]
    note_rule_change(change=unread_for(cast.city.manager, now)[0], by=cast.city.manager, now=now)
    assert told(cast.city.manager, now) == []
    approve(proposal=asked, by=pair[1], now=now)
    assert told(cast.city.manager, now) == [(ref, "decided")]
    assert told(cast.city.manager, now) == [(ref, "decided")]  # asked twice, it says the same


def test_nobody_else_learns_of_it_and_who_decides_has_it_already(cast, pair, asked, now):
    for user in (*pair, cast.outside.manager, cast.outside.editor, cast.city.first, cast.operator, cast.auditor):
        assert not told(user, now)
    assert told(cast.overseer, now) == []  # may answer it, so it waits for her answer
    approve(proposal=asked, by=pair[1], now=now)
    assert told(cast.overseer, now)


def test_an_editor_learns_of_it_while_something_waits_for_her_under_it(cast, asked, now):
    assert not told(cast.city.editor, now)
    refresh(Stated([fact(cast.city, subject="letter:1", started_at=now - DAY)]), now=now)
    assert told(cast.city.editor, now)


def test_a_refusal_takes_it_away(cast, pair, asked, now):
    refuse(proposal=asked, reply="不必改", by=pair[1], now=now)
    assert not told(cast.city.manager, now)


def test_what_was_not_answered_by_its_day_is_not_asked_any_more(cast, asked, now):
    assert not told(cast.city.manager, now + 3 * DAY)


def test_it_says_what_turns_from_when_and_which_duties_are_under_which_rule(cast, pair, asked, source, now):
    manager = cast.city.manager
    for decided in (False, True):
        if decided:
            approve(proposal=asked, by=pair[1], now=now)
            apply_changes(sources=[source], now=now)
        change, _noted = fetch_change_for(manager, "override", asked.pk, now)
        meaning = meaning_of(change, manager, now)
        (turned,) = meaning.turned
        assert turned.before is not None
        assert (str(turned.before.limit), str(turned.after.limit)) == ("5 working-days", "3 working-days")
        assert turned.since == asked.from_on
        assert [row.subject for row in meaning.following] == ["letter:2"]
        assert [row.subject for row in meaning.keeping] == ["letter:1"]


def test_a_unit_below_with_a_pack_of_its_own_is_not_told(cast, pair, now):
    assigned(cast.outside.organisation, "ningxia", now.date(), pair, now=now)
    propose_override(
        organisation=None, pack="hebi", parameter=REPLY, value="limit: 3 working-days", from_on=(now + DAY).date(),
        document="规定", grounds="更正", by=pair[0], now=now,
    )  # fmt: skip
    assert told(cast.city.manager, now)
    assert "override" not in dict(ref.split("/") for ref, _stage in told(cast.outside.manager, now))


def test_another_pack_tells_everything_that_turns(cast, pair, now):
    proposal = assign_pack(
        organisation=cast.city.organisation, pack="xiangxi", from_on=now.date(), grounds="换", by=pair[0], now=now
    )
    change, _noted = fetch_change_for(cast.city.manager, "assignment", proposal.pk, now)
    names = {turned.parameter.name for turned in meaning_of(change, cast.city.manager, now).turned}
    assert {REPLY, "interpretation.publish", "column.update.news"} - names == {"column.update.news"}


def test_a_pack_that_came_with_an_upgrade_is_told_once_with_what_was_before(cast, source, now, monkeypatch):
    notice_packs(sources=[source], now=now)
    assert not [ref for ref, _stage in told(cast.city.manager, now) if ref.startswith("edition")]
    upgraded(monkeypatch, since=(now + DAY).date().isoformat())
    for _again in range(2):
        notice_packs(sources=[source], now=now)
    edition = PackEdition.objects.get()
    change, _noted = fetch_change_for(cast.city.manager, "edition", edition.pk, now)
    meaning = meaning_of(change, cast.city.manager, now)
    (turned,) = meaning.turned
    assert turned.before is not None
    assert (str(turned.before.limit), str(turned.after.limit)) == ("5 working-days", "1 working-day")
    assert [row.subject for row in meaning.following] == ["letter:2"]
    assert not [ref for ref, _stage in told(cast.outside.manager, now) if ref.startswith("edition")]


def test_a_value_corrected_in_place_is_told_too_and_moves_nothing(cast, source, now, monkeypatch):
    notice_packs(sources=[source], now=now)
    upgraded(monkeypatch)
    notice_packs(sources=[source], now=now)
    change, _noted = fetch_change_for(cast.city.manager, "edition", PackEdition.objects.get().pk, now)
    meaning = meaning_of(change, cast.city.manager, now)
    assert [turned.before for turned in meaning.turned] == [None]
    assert change.since == now.date()


def test_taking_note_is_traced_once_and_is_for_those_concerned(cast, asked, now):
    (change,) = unread_for(cast.city.manager, now)
    for _again in range(2):
        note_rule_change(change=change, by=cast.city.manager, now=now)
    assert RuleRead.objects.count() == 1
    assert AuditEvent.objects.filter(code="obligations.rule_change_noted").count() == 1
    with pytest.raises(DutyRefused):
        note_rule_change(change=change, by=cast.outside.manager, now=now)


def test_it_does_not_wait_for_ever(cast, pair, now):
    approved_override(cast.city.organisation, REPLY, "limit: 3 working-days", now.date(), pair, now=now)
    later = now + KEPT_FOR + DAY
    assert told(cast.city.manager, now) and not told(cast.city.manager, later)
