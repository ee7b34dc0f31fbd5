"""Every time limit and cycle that the program knows is watched, or says what it waits for."""

import ast
import re
from pathlib import Path

import pytest

from jiyue.config.duties import HEARS, SOURCES
from jiyue.domain.rule_terms import Kind
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.obligations.standing import STANDING
from jiyue.rules.library import shipped
from tests.apps.rules.decisions import assigned, overseers
from tests.contracts.test_models import events

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "add-a-duty.md"
LIFE, MEDIA = "the issue of the site life cycle", "the issue of new media"
SECURITY = "the issue of security and operations"
WAITING = {
    "account.dormant": SECURITY,
    "disclosure-request.extension": "nothing: the second limit of disclosure-request.reply says the same from the receipt on",
    "domain.idle": LIFE,
    "domain.registration": LIFE,
    "floating-window.takedown": "nothing: the program takes a window down at its end (estate.windows)",
    "incident.report": SECURITY,
    "incident.response": SECURITY,
    "message.reply.simple": "nothing: a practice by which inspections measure, no limit of a text; message.reply is counted",
    "new-media.fake-account": MEDIA,
    "new-media.filing": MEDIA,
    "new-media.posts.main": MEDIA,
    "new-media.posts.other": MEDIA,
    "new-media.takedown": MEDIA,
    "security.defect": SECURITY,
    "security.planning": LIFE,
    "site.temporary-offline.length": LIFE,
    "warning.response": SECURITY,
}

# Settings that give each thing a limit of its own.
TABLES = {"column.table"}


def timed() -> set[str]:
    """All parameters by which something may be owed until a moment."""
    return {name for name, known in shipped().parameters.items() if known.kind in (Kind.DEADLINE, Kind.RECURRENCE)}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.code)
def test_every_source_states_limits_and_cycles_that_exist(source):
    assert set(source.parameters) <= timed() | TABLES
    assert source.parameters


def test_sources_have_codes_of_their_own():
    codes = [source.code for source in SOURCES]
    assert len(codes) == len(set(codes))


def test_every_limit_and_cycle_is_watched_or_says_what_it_waits_for():
    stated = {parameter for source in SOURCES for parameter in source.parameters}
    assert {"unwatched": timed() - stated - set(WAITING), "watched": stated & set(WAITING)} == {
        "unwatched": set(), "watched": set(),
    }  # fmt: skip
    assert set(WAITING) <= timed()


def test_what_is_proved_by_hand_is_a_cycle():
    assert {shipped().parameters[name].kind for name in STANDING} == {Kind.RECURRENCE}


def test_what_sources_hear_exists():
    known, codes = {event.code for event in events()}, {source.code for source in SOURCES}
    assert {heard.event for heard in HEARS} <= known
    assert {code for heard in HEARS for code in heard.sources} <= codes


def example() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", HOWTO.read_text(), re.DOTALL)
    return code


def test_the_example_of_the_documentation_is_short():
    (source,) = [node for node in ast.parse(example()).body if isinstance(node, ast.ClassDef)]
    assert source.end_lineno - source.lineno + 1 < 30


@pytest.mark.django_db
def test_the_example_of_the_documentation_works(cast, now):
    from jiyue.estate.actions import post_notice, set_status
    from tests.cast import TEST

    told: dict = {}
    exec(compile(example(), str(HOWTO), "exec"), told)  # noqa: S102 - our own documentation
    site, long_ago = cast.city.site, now.replace(year=2023)
    assigned(cast.city.organisation, "hubei", long_ago.date(), overseers(None, now=now), now=long_ago)
    post_notice(
        site=site, kind="offline", text="升级改造", starts_at=now, until=now.replace(year=2027), by=TEST, now=now
    )
    source = told["OfflineSource"]()
    refresh(source, now=now)
    duty = Obligation.objects.get()
    assert ((duty.due_at - now).days, duty.done_at, duty.pack) == (30, None, "hubei")
    later = now.replace(month=12)
    set_status(site=site, status="online", reason="完成改造", by=TEST, now=later)
    refresh(source, subjects=[f"site:{site.host}"], now=later)
    assert Obligation.objects.get().done_at == later
