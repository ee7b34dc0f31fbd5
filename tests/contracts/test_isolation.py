"""Every console route × every role × a foreign site: nothing opens, and no byte of the foreign thing is shown (B5)."""

import pytest
from django.test import Client

from jiyue.console.gate import OFFERED
from tests.cast import platform_people
from tests.contracts import console_walk
from tests.contracts.console_walk import Things, about_a_thing, address, things_of, untold

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]
FOREIGN = "邻江秘档"
REFUSED = frozenset({403, 404, 405})
# Routes that take no object: asked with everything of the foreign site that they understand.
QUERIES = ("?site={site}&kind=article", "?column={column}&kind=article", "?q={mark}&site=all")
# Their duty is the whole platform: the operator sees every site's settings (never its content), the auditor the trail.
EVERYWHERE = frozenset({"operator", "auditor"})
SEEN_BY_DUTY = frozenset({("auditor", "console_trail"), ("auditor", "console_trail_export")})


@pytest.fixture
def foreign(cast, now) -> Things:
    console_walk.load()
    return things_of(cast.outside, FOREIGN, now=now)


@pytest.fixture
def people(cast):
    return {**cast.city.people, **platform_people(cast)}


def client_of(person) -> Client:
    client = Client()
    client.force_login(person, backend="jiyue.identity.backends.AccountBackend")
    return client


def shown(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


@pytest.mark.req("PLAT-05")
def test_every_route_says_how_it_is_reached(foreign):
    assert untold(foreign) == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_role_opens_a_foreign_thing(foreign, people, method):
    leaks = []
    for part, person in people.items():
        client = client_of(person)
        for name in about_a_thing():
            answer = getattr(client, method)(address(name, foreign))
            opened = answer.status_code not in REFUSED and not leads_away(answer) and part not in EVERYWHERE
            if opened or (FOREIGN in shown(answer) and (part, name) not in SEEN_BY_DUTY):
                leaks.append((part, name, answer.status_code))
    # Presence of colleagues is told by session number only, and a foreign or unknown number is nobody's.
    assert [leak for leak in leaks if not leak[1].startswith("wagtailadmin_editing_sessions")] == []


def leads_away(answer) -> bool:
    """Wagtail's way to refuse a dialogue: back to the first page."""
    return answer.status_code == 302 and answer.headers["Location"] == "/"


def test_no_list_or_search_shows_a_foreign_thing(foreign, people):
    leaks = []
    facts = {"site": foreign.tenant.site.pk, "column": foreign.tenant.columns["yw"].pk, "mark": FOREIGN}
    for part, person in people.items():
        client = client_of(person)
        for name in sorted(set(OFFERED) - set(about_a_thing())):
            if name == "wagtailadmin_logout":
                continue
            if client.get(address(name, foreign)).status_code != 200:
                continue
            for query in ("", *QUERIES):
                page = shown(client.get(address(name, foreign) + query.format(**facts)))
                echoed = page.replace(f'value="{FOREIGN}"', "").replace(f"q={FOREIGN}", "")
                if (part, name) not in SEEN_BY_DUTY and FOREIGN in echoed:
                    leaks.append((part, name, query))
    assert leaks == []
