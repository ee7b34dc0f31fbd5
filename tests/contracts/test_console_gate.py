"""Every route of the console is either offered by the gate or does not exist, and nothing is offered that is not there."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver
from wagtail import hooks

from jiyue.console import rules
from jiyue.console.gate import OFFERED, GateMiddleware, may_open

# Wagtail's ways to publish, move, delete, redirect, share or give rights. A slip in the offers must not open them.
NEVER = (
    "wagtailadmin_pages", "wagtailadmin_explore", "wagtailadmin_choose_page_child", "wagtailadmin_choose_page_search",
    "wagtailadmin_workflows", "wagtailadmin_reports", "wagtailadmin_collections", "wagtailadmin_api", "wagtail_bulk_action",
    "wagtailusers_", "wagtailadmin_tag", "wagtailadmin_password_reset", "wagtaildocs_serve", "wagtailimages:url_generator",
    "wagtailsnippets:index", "wagtailredirects", "wagtailsites", "wagtailforms", "wagtailsearch",
)  # fmt: skip


def routes(resolver=None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """All view names as the gate sees them."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or ""])
        else:
            yield from routes(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)


@pytest.fixture(autouse=True)
def loaded():
    hooks.search_for_hooks()


@pytest.mark.req("SECU-10")
def test_nothing_is_offered_that_does_not_exist():
    assert sorted(set(OFFERED) - set(routes())) == []


def test_wagtails_own_ways_are_not_offered():
    assert [name for name in OFFERED if name.startswith(NEVER)] == []


def test_a_route_that_is_not_offered_does_not_exist_for_anybody(cast):
    closed = [name for name in routes() if name not in OFFERED]
    assert len(closed) > 100
    people = (*cast.city.people.values(), cast.operator, cast.supervisor, cast.auditor, AnonymousUser())
    assert [name for name in closed for person in people if may_open(person, name)] == []
    assert [name for name in closed if answer(name, AnonymousUser()) != 404] == []


def test_what_is_closed_answers_like_what_never_was(cast, sign_in):
    client = sign_in(cast.city.editor)
    closed = client.get("/pages/")
    assert (closed.status_code, client.get("/nothing-here/").status_code) == (404, 404)
    assert closed.content.count(b"<h1") == client.get("/nothing-here/").content.count(b"<h1") == 1


def test_a_superuser_is_offered_nothing_more(cast):
    person = cast.outside.editor
    before = {name for name in OFFERED if may_open(person, name)}
    person.is_superuser = person.is_staff = True
    person.save()
    raised = type(person).objects.get(pk=person.pk)
    assert {name for name in OFFERED if may_open(raised, name)} == before


def test_who_is_not_signed_in_meets_the_login_or_nothing(db):
    answers = {name: answer(name, AnonymousUser()) for name in OFFERED}
    inside = {name: given for name, given in answers.items() if OFFERED[name] is not rules.everybody}
    assert set(inside.values()) == {302}


def test_an_account_whose_duty_was_taken_is_offered_nothing(cast):
    person = cast.city.editor
    person.is_active = False
    assert [name for name in OFFERED if OFFERED[name] is not rules.everybody and may_open(person, name)] == []


def answer(name: str, user) -> int:
    """The status the gate gives before any view runs; 200 when it lets through."""
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    request.resolver_match = type("Match", (), {"view_name": name})()
    passed = GateMiddleware(lambda _: HttpResponse()).process_view(request, None, (), {})
    return passed.status_code if passed else 200
