"""What the list of work does not ask, because the person's roles have nothing of it, would have told nothing (console.work)."""

from datetime import timedelta

import pytest

from jiyue.console import work
from jiyue.console.rules import roles_of
from jiyue.content.models import FileUse, Picture, Record
from jiyue.identity.models import User
from jiyue.identity.roles import ENTITLEMENTS
from jiyue.publishing.models import NonConformity, PageExamination, Publication
from tests.cast import Tenant
from tests.contracts import console_walk
from tests.contracts.console_things import things_of
from tests.contracts.isolation_walk import show
from tests.letters import answered, letter, office

pytestmark = pytest.mark.django_db


def name_of(source) -> str:
    return f"{source.__module__}.{source.__name__}"


def burden(tenant: Tenant, mark: str, *, now) -> None:
    """One of everything that could wait for somebody of this site, or for whoever watches it."""
    things = things_of(tenant, mark, now=now)
    show(tenant)
    desk = office(tenant, now=now)
    answered(letter(tenant, now=now), desk, now=now)
    Publication.objects.filter(pk=things.publication.pk).update(state="failed", problem="0")
    NonConformity.objects.create(site=tenant.site, record=things.public, version_digest="0" * 64, found_at=now)
    PageExamination.objects.create(site=tenant.site, edition="0" * 64, examined_at=now)
    Record.objects.filter(pk=things.public.pk).update(review_on=now.date() - timedelta(days=1))
    Picture.objects.filter(pk=things.picture.pk).update(valid_until=now.date())
    FileUse.objects.create(record=things.public, picture=things.picture, submitted=True)


@pytest.fixture
def people(cast, now) -> list[User]:
    """Everybody who has an account, with something waiting on each of two sites; each role is held by somebody."""
    console_walk.load()
    for tenant, mark in ((cast.city, "本市"), (cast.outside, "外市")):
        burden(tenant, mark, now=now)
    found = list(User.objects.order_by("pk"))
    assert frozenset().union(*map(roles_of, found)) == frozenset(ENTITLEMENTS)
    return found


def test_a_source_that_is_not_asked_has_nothing_for_the_person(people):
    told = {name_of(source): 0 for source in work.NEEDS}
    wrong = []
    for person in people:
        for source, roles in work.NEEDS.items():
            found = source(person)
            if roles & roles_of(person):
                told[name_of(source)] += len(found)
            elif found:
                wrong.append((person.username, name_of(source), [todo.title for todo in found]))
    assert wrong == []
    assert [name for name, count in told.items() if not count] == [], "of these nothing waits here: they prove nothing"


def test_what_is_not_asked_is_a_source_at_all():
    assert set(work.NEEDS) <= set(work.SOURCES)
