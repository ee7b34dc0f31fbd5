"""What a bad will may try with rules: another's pack, a disguised text, too much of everything, replayed answers."""

from datetime import timedelta

import pytest

from jiyue.rules.actions import ChangeNotAllowed, Unusable, approve, install_pack, propose_override, refuse
from jiyue.rules.models import LocalPack, Override
from tests.apps.rules.decisions import approved_pack, overseers, pack_files
from tests.clock import NOW

pytestmark = pytest.mark.django_db
REPLY = "message.reply"
DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def pair(cast):
    return overseers(None, now=NOW, prefix="pingtai")


@pytest.fixture
def outsiders(cast):
    return overseers(cast.outside.organisation, now=NOW, prefix="waishi")


def install(by, unit, *, files=None, name="chenghu", day=TODAY):
    files = files or pack_files(name, {REPLY: {"2026-01-01": "30 working-days"}})
    return install_pack(
        name=name, files=files, in_force_on=day, grounds="改为三十日", by=by, now=NOW, organisation=unit
    )


def test_nobody_takes_the_name_of_anothers_pack(cast, pair, outsiders):
    approved_pack("chenghu", {REPLY: {"2026-01-01": "6 working-days"}}, NOW.date(), pair, now=NOW)
    with pytest.raises(Unusable) as refused:
        install(outsiders[0], cast.outside.organisation, day=(NOW + DAY).date())
    assert set(refused.value.message_dict) == {"name"}


def test_of_two_who_wait_for_the_same_name_only_one_gets_it(cast, pair, outsiders):
    theirs = install(outsiders[0], cast.outside.organisation, day=(NOW + DAY).date())
    approved_pack("chenghu", {REPLY: {"2026-01-01": "6 working-days"}}, NOW.date(), pair, now=NOW)
    with pytest.raises(Unusable):
        approve(proposal=theirs, by=outsiders[1], now=NOW)
    assert LocalPack.objects.get(pk=theirs.pk).state == LocalPack.State.PROPOSED


def override(by, unit, **given):
    facts = {"value": "limit: 3 working-days", "document": "澄湖市留言办理规定", "grounds": "本地要求更高", **given}
    return propose_override(organisation=unit, parameter=REPLY, from_on=NOW.date(), by=by, now=NOW, **facts)


@pytest.mark.parametrize("name", ["document", "number", "article", "grounds"])
@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200f", "\x00", "\x1b"])
def test_a_text_that_reads_otherwise_than_it_is_written_is_refused(cast, pair, name, character):
    with pytest.raises(Unusable) as refused:
        override(pair[0], cast.city.organisation, **{name: f"规定{character}三"})
    assert set(refused.value.message_dict) == {name}
    assert not Override.objects.exists()


@pytest.mark.parametrize(
    "value",
    [
        "a: &a [1,1]\nlimit: *a", "limit: 1000000000 working-days", "limit: ５ working-days", 'limit: "5\\u202e days"',
        "limit: 5 working-days\nbasis: 假的依据", "limit: 5 working-days\nlimit: 9 working-days", "!!python/object:os.system",
        "limit: 5 working-days\n---\nlimit: 9 working-days", "[" * 5000, "{" * 5000, "limit: 5 working-days\n" + "x: 1\n" * 9000,
    ],
)  # fmt: skip
def test_a_value_full_of_tricks_is_refused_in_sentences(cast, pair, value):
    with pytest.raises(Unusable) as refused:
        override(pair[0], cast.city.organisation, value=value)
    assert refused.value.message_dict and refused.value.problems


BIG = "# " + "x" * (1 << 20)


@pytest.mark.parametrize(
    "files",
    [
        {"pack.yaml": BIG}, {f"{n}.yaml": "a: 1" for n in range(61)}, {f"{n}.yaml": BIG for n in range(5)},
        {"pack.yaml": "\ud800"}, {"pack.yaml": 5}, {"pack.yaml": "a: b\x00"}, {}, {"../../pack.yaml": "a: 1"},
    ],
)  # fmt: skip
def test_files_that_are_no_pack_are_refused_soon(pair, files):
    with pytest.raises(Unusable):
        install(pair[0], None, files=files or {"x": ""})
    assert not LocalPack.objects.exists()


def test_an_answer_is_given_once_however_often_it_is_sent(cast, pair, now):
    proposal = override(pair[0], cast.city.organisation)
    kept = Override.objects.get(pk=proposal.pk)
    approve(proposal=proposal, by=pair[1], now=now)
    for again in (approve, refuse):
        with pytest.raises((ChangeNotAllowed, Unusable)):
            again(proposal=kept, by=pair[1], now=now, reply="再来一次")
    assert Override.objects.get().reply == ""


def test_outsiders_touch_nothing_of_another_unit(cast, pair, outsiders, now):
    with pytest.raises(ChangeNotAllowed):
        override(outsiders[0], cast.city.organisation)
    proposal = override(pair[0], cast.city.organisation)
    for verb in (approve, refuse):
        with pytest.raises(ChangeNotAllowed):
            verb(proposal=proposal, by=outsiders[1], now=now, reply="冒名")
    for by in outsiders:
        with pytest.raises(ChangeNotAllowed):
            install(by, None)
