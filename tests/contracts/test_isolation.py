"""Every console route × every role × a foreign site: nothing opens, and no byte of the foreign thing is shown (B5)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.test import Client
from django.utils.functional import cached_property

from jiyue.console.gate import OFFERED
from tests.cast import platform_people
from tests.contracts import console_walk
from tests.contracts.console_things import Things, things_of
from tests.contracts.console_walk import about_a_thing, address, untold

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]
FOREIGN = "邻江秘档"
REFUSED = frozenset({403, 404, 405})
# Routes that take no object: asked with everything of the foreign site that they understand.
QUERIES = ("?site={site}&kind=article", "?column={column}&kind=article", "?q={mark}&site=all")
ASKED = frozenset({"site", "kind", "column", "q"})
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


@contextmanager
def parameters_read() -> Iterator[set[str]]:
    """The names of the query parameters that a view looks at; all of ASKED when it takes the query as a whole.

    What a page never reads cannot change it, so that it need not be asked with it.
    """
    read: set[str] = set()

    class Watched(QueryDict):
        watched = False

        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            self.watched = True  # filling it looked at each key

        def _see(self, *names):
            if self.watched:
                read.update(names)

        def __getitem__(self, key):
            self._see(key)
            return super().__getitem__(key)

        def getlist(self, key, default=None):
            self._see(key)
            return super().getlist(key, default)

        def __contains__(self, key):
            self._see(key)
            return super().__contains__(key)

        def __iter__(self):
            self._see(*ASKED)
            return super().__iter__()

        def __len__(self):
            self._see(*ASKED)
            return super().__len__()

        def keys(self):
            self._see(*ASKED)
            return super().keys()

        def lists(self):
            self._see(*ASKED)
            return super().lists()

    given = cached_property(lambda request: Watched(request.META.get("QUERY_STRING", ""), encoding=request.encoding))
    given.__set_name__(WSGIRequest, "GET")
    kept = WSGIRequest.__dict__["GET"]
    WSGIRequest.GET = given
    try:
        yield read
    finally:
        WSGIRequest.GET = kept


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
            with parameters_read() as read:
                answer = client.get(address(name, foreign))
            if answer.status_code != 200:
                continue
            pages = {"": shown(answer)}
            if read & ASKED:
                pages |= {query: shown(client.get(address(name, foreign) + query.format(**facts))) for query in QUERIES}
            for query, page in pages.items():
                echoed = page.replace(f'value="{FOREIGN}"', "").replace(f"q={FOREIGN}", "")
                if (part, name) not in SEEN_BY_DUTY and FOREIGN in echoed:
                    leaks.append((part, name, query))
    assert leaks == []


@pytest.mark.parametrize("look", [
    lambda query: query.get("q"), lambda query: query["q"], lambda query: query.getlist("q"), lambda query: "q" in query,
    lambda query: query.items(), lambda query: query.urlencode(), lambda query: query.copy(), lambda query: query.dict(),
    lambda query: list(query), lambda query: bool(query), lambda query: query.keys(), lambda query: query.values(),
])  # fmt: skip
def test_no_way_to_read_a_parameter_goes_unseen(look, rf):
    with parameters_read() as read:
        query = rf.get("/?q=1").GET
        assert read == set()
        result = look(query)
        if hasattr(result, "__next__"):
            list(result)
    assert "q" in read
