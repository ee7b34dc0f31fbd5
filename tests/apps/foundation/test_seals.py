import stat
from datetime import UTC, date, datetime, timedelta, timezone
from multiprocessing import get_context

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyDamaged, KeyExposed, KeyMissing
from jiyue.foundation.seals import Seals

FIELDS = {"version": 7, "digest": "ab", "at": datetime(2026, 3, 2, 9, tzinfo=UTC), "on": date(2026, 3, 2), "by": ["甲"]}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def seals(home):
    seals = Seals(home)
    seals.ensure()
    return seals


def test_a_seal_holds_for_its_kind_and_fields_only(seals):
    seal = seals.seal("sign-off", FIELDS)
    assert seals.check_seal("sign-off", FIELDS, seal)
    assert seals.check_seal("sign-off", dict(reversed(FIELDS.items())), seal)
    assert not seals.check_seal("withdrawal", FIELDS, seal)
    assert not seals.check_seal("sign-off", {**FIELDS, "version": 8}, seal)
    assert not seals.check_seal("sign-off", {**FIELDS, "more": None}, seal)


@pytest.mark.parametrize("seal", ["", "v1", "v1:", "v9:00", "v1:汉字", "no seal"])
def test_what_is_no_seal_is_none(seals, seal):
    assert not seals.check_seal("sign-off", FIELDS, seal)


@given(name=st.sampled_from(list(FIELDS)), value=st.one_of(st.integers(), st.text(), st.none(), st.booleans()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_other_value_breaks_the_seal(seals, name, value):
    assert not seals.check_seal("sign-off", {**FIELDS, name: value}, seals.seal("sign-off", FIELDS))


def test_the_same_moment_in_another_zone_has_the_same_seal(seals):
    beijing = timezone(timedelta(hours=8))
    seal = seals.seal("sign-off", FIELDS)
    assert seals.check_seal("sign-off", {**FIELDS, "at": FIELDS["at"].astimezone(beijing)}, seal)


@pytest.mark.parametrize("value", [1.5, b"x", {"a": {1, 2}}, {1: "a"}, datetime(2026, 3, 2)])  # noqa: DTZ001 naive on purpose
def test_what_would_not_come_back_the_same_is_refused(seals, value):
    with pytest.raises(ValueError, match=r"seal|name|zone"):
        seals.seal("sign-off", {"field": value})


def test_old_seals_hold_after_rotation_also_in_another_process(seals, home):
    other = Seals(home)
    old = seals.seal("sign-off", FIELDS)
    assert other.check_seal("sign-off", FIELDS, old)
    assert seals.rotate() == "v2"
    new = seals.seal("sign-off", FIELDS)
    assert (old[:3], new[:3]) == ("v1:", "v2:")
    assert seals.check_seal("sign-off", FIELDS, old)
    assert other.check_seal("sign-off", FIELDS, new)


def test_the_key_file_is_for_its_owner_only(seals, home):
    assert stat.S_IMODE(home.ledger_key.stat().st_mode) == 0o600
    home.ledger_key.chmod(0o644)
    with pytest.raises(KeyExposed, match="chmod 600"):
        Seals(home).seal("sign-off", FIELDS)


def test_a_missing_or_damaged_key_is_told(home):
    with pytest.raises(KeyMissing):
        Seals(home).seal("sign-off", FIELDS)
    for text in ("", "v1:00", "rubbish"):
        home.ledger_key.write_text(text)
        home.ledger_key.chmod(0o600)
        with pytest.raises(KeyDamaged):
            Seals(home).seal("sign-off", FIELDS)


def test_several_processes_agree_on_one_key(home):
    processes = [get_context("fork").Process(target=Seals(home).ensure) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert len(home.ledger_key.read_text().splitlines()) == 1
