"""What a unit adds to the checks: who may, what is refused, what the units below inherit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from jiyue.checks.actions import NotYours, add_word, decide, end_setting, end_word
from jiyue.checks.findings import Severity
from jiyue.checks.policies import fetch_kept_for, kept_units, may_keep, may_see
from jiyue.checks.queries import settings_for
from jiyue.checks.settings import Body, Leader, Mask, Permit, Word, shipped
from jiyue.foundation.models import AuditEvent
from tests.apps.rules.decisions import overseers
from tests.cast import organisation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def bureau(cast, now):
    return organisation("澄湖市水务局", "990100777", "city", superior=cast.city.organisation, now=now)


@pytest.fixture
def keep(cast, now):
    def do(act=decide, **facts):
        given = {"organisation": cast.city.organisation, "by": cast.overseer, "now": now, **facts}
        return act(**given)

    return do


def test_a_unit_without_rows_has_what_ships(cast):
    found = settings_for(cast.city.organisation, now=TODAY)
    assert settings_for(cast.outside.organisation, now=TODAY) is found
    assert replace(found, revision="") == shipped(TODAY)


def test_words_are_inherited_and_the_nearest_entry_counts(cast, keep, bureau):
    keep(add_word, family="secrecy", text="澄湖 调度令", severity="block", basis="澄湖市工作秘密目录")
    keep(add_word, family="wording", text="帐户", suggestion="账户")
    keep(add_word, organisation=bureau, family="wording", text="帐户", suggestion="账号", severity="note")
    city, below = settings_for(cast.city.organisation, now=TODAY), settings_for(bureau, now=TODAY)
    secret = Word("secrecy", "澄湖 调度令", "", Severity.BLOCK, "澄湖市工作秘密目录")
    assert city.words == (secret, Word("wording", "帐户", "账户"))
    assert below.words == (secret, Word("wording", "帐户", "账号", Severity.NOTE))
    assert below.words_of("secrecy") == (secret,)
    assert settings_for(cast.outside.organisation, now=TODAY).words == ()


def test_decisions_of_every_kind_reach_the_settings(cast, keep, bureau):
    keep(kind="mask", name="mobile", value={"first": 3, "last": 2, "sign": "×"})
    keep(kind="permit", name="personal-data.sensitive", value={"within": "行政处罚"}, basis="行政处罚法第四十八条")
    keep(kind="leader", name="湖大明", value={"titles": "市长、市委副书记"})
    keep(kind="body", name="澄湖市水务局", value={"short_names": ["市水务局"], "former_names": ["澄湖市水利局"]})
    keep(kind="host", name="https://*.CHENGHU.example/", value={})
    keep(kind="threshold", name="personal-data.aggregation", value={"value": "50"})
    keep(kind="level", name="personal-data.plate", value={"severity": "note"}, basis="内部规定")
    keep(kind="level", name="wording.punctuation", value={"severity": "off"})
    found = settings_for(bureau, now=TODAY)
    assert found.mask("mobile") == Mask(3, 2, "×")
    assert found.permits == (Permit("personal-data.sensitive", "", "行政处罚法第四十八条", "行政处罚"),)
    assert found.leaders == (Leader("湖大明", ("市长", "市委副书记")),)
    assert found.bodies == (Body("澄湖市水务局", ("市水务局",), ("澄湖市水利局",)),)
    assert found.hosts == {"*.chenghu.example"}
    assert found.threshold("personal-data.aggregation") == 50
    assert (found.levels, found.off) == ({"personal-data.plate": Severity.NOTE}, {"wording.punctuation"})


def test_a_second_decision_ends_the_first_and_an_ended_one_gives_way_to_what_ships(cast, keep, now):
    keep(kind="mask", name="mobile", value={"first": 0, "last": 4})
    second = keep(kind="mask", name="mobile", value={"first": 2, "last": 2})
    assert settings_for(cast.city.organisation, now=TODAY).mask("mobile") == Mask(2, 2)
    end_setting(setting=second, by=cast.overseer, now=now)
    assert settings_for(cast.city.organisation, now=TODAY).mask("mobile") == Mask(3, 4)
    with pytest.raises(NotYours):
        end_setting(setting=second, by=cast.overseer, now=now)


def test_a_word_counts_from_its_day_until_it_ends(cast, keep, now):
    word = keep(add_word, family="spam", text="湖景度假", from_on=TODAY + timedelta(days=2))
    days = [settings_for(cast.city.organisation, now=TODAY + timedelta(days=day)).words != () for day in (1, 2)]
    assert days == [False, True]
    end_word(word=word, by=cast.overseer, now=now)
    assert settings_for(cast.city.organisation, now=TODAY + timedelta(days=9)).words == ()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "mask", "name": "shoe-size", "value": {}}, "name"),
        ({"kind": "mask", "name": "mobile", "value": {"first": 13}}, "value"),
        ({"kind": "mask", "name": "mobile", "value": {"sign": "x"}}, "value"),
        ({"kind": "permit", "name": "personal-data.mobile", "value": {"text": "1"}}, "basis"),
        ({"kind": "permit", "name": "personal-data.mobile", "value": {}, "basis": "某法"}, "value"),
        ({"kind": "host", "name": "not a host", "value": {}}, "name"),
        ({"kind": "threshold", "name": "personal-data.aggregation", "value": {"value": "many"}}, "value"),
        ({"kind": "threshold", "name": "nothing", "value": {"value": 3}}, "name"),
        ({"kind": "level", "name": "wording.doubled", "value": {"severity": "shout"}}, "value"),
        ({"kind": "level", "name": "personal-data.mobile", "value": {"severity": "off"}}, "basis"),
        ({"kind": "level", "name": "nothing", "value": {"severity": "off"}}, "name"),
        ({"kind": "leader", "name": "  ", "value": {}}, "name"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(keep, facts, field):
    with pytest.raises(ValidationError) as refused:
        keep(**facts)
    assert list(refused.value.message_dict) == [field]


def test_one_character_is_no_word_to_look_for(keep):
    with pytest.raises(ValidationError):
        keep(add_word, family="wording", text="帐")


def test_who_writes_for_a_site_keeps_words_but_weakens_nothing(cast, now, keep):
    unit, manager = cast.city.organisation, cast.city.manager
    assert may_keep(manager, unit) and list(kept_units(manager)) == [unit]
    assert keep(add_word, family="spam", text="湖景度假", by=manager).text == "湖景度假"
    for kind in ("permit", "level", "threshold"):
        assert not may_keep(manager, unit, kind=kind)
    with pytest.raises(NotYours):
        keep(kind="level", name="spam.gambling", value={"severity": "off"}, by=manager)


def test_a_foreign_person_neither_sees_nor_changes_a_list(cast, keep, now):
    word = keep(add_word, family="secrecy", text="澄湖调度令")
    for person in (cast.outside.manager, cast.city.editor, cast.auditor):
        assert not may_keep(person, cast.city.organisation)
        with pytest.raises(Http404):
            fetch_kept_for(person, "word", word.pk)
        with pytest.raises(NotYours):
            end_word(word=word, by=person, now=now)
    assert fetch_kept_for(cast.overseer, "word", word.pk) == word
    assert (may_see(cast.city.manager), may_see(cast.city.editor)) == (True, False)


def test_what_counts_for_everybody_is_decided_by_overseers_of_everything(cast, keep, now):
    with pytest.raises(NotYours):
        keep(add_word, organisation=None, family="spam", text="湖景度假")
    keep(add_word, organisation=None, family="spam", text="湖景度假", by=overseers(None, now=now)[0])
    assert [word.text for word in settings_for(cast.outside.organisation, now=TODAY).words] == ["湖景度假"]


def test_every_change_leaves_a_trace(cast, keep, now):
    word = keep(add_word, family="secrecy", text="澄湖调度令")
    end_word(word=word, by=cast.overseer, now=now)
    end_setting(setting=keep(kind="leader", name="湖大明", value={}), by=cast.overseer, now=now)
    codes = AuditEvent.objects.filter(code__startswith="checks.").order_by("sequence").values_list("code", flat=True)
    assert list(codes) == [
        "checks.word_added", "checks.word_ended", "checks.setting_decided", "checks.setting_ended",
    ]  # fmt: skip
