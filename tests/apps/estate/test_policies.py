"""What a role over a part of the tree reaches."""

import pytest

from jiyue.estate.models import Site
from jiyue.estate.policies import is_overseer, may, visible_organisations, visible_sites
from jiyue.identity.actions import RolesConflict, give_membership
from jiyue.identity.models import Membership
from jiyue.identity.roles import Duty, Permission, Role
from tests.cast import TEST, member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("role", "duty"), [(Role.SUPERVISOR, "supervising"), (Role.OVERSEER, "administering")])
def test_who_has_the_whole_platform_reaches_every_site_and_unit(cast, now, role, duty):
    person = member("quanjing", role, duty, None, now=now)
    assert set(visible_sites(person)) == set(Site.objects.all())
    assert visible_organisations(person).count() == 3


def test_an_overseer_reads_what_is_below_her_unit_and_changes_nothing(cast):
    assert list(visible_sites(cast.overseer)) == [cast.city.site]
    assert list(visible_organisations(cast.overseer)) == [cast.city.organisation]
    assert may(cast.overseer, Permission.READ_CONTENT, cast.city.site)
    assert not may(cast.overseer, Permission.MANAGE_SITE, cast.city.site)
    assert not may(cast.overseer, Permission.READ_CONTENT, cast.outside.site)


def test_operating_and_overseeing_do_not_meet_in_one_account(cast, now):
    for person, role in ((cast.operator, Role.OVERSEER), (cast.overseer, Role.OPERATOR)):
        with pytest.raises(RolesConflict):
            give_membership(user=person, role=role, organisation=None, by=TEST, now=now)
    Membership.objects.create(user=cast.operator, role=Role.OVERSEER)
    assert not is_overseer(cast.operator)


def test_an_editing_account_cannot_oversee(cast, now):
    with pytest.raises(RolesConflict):
        give_membership(user=cast.city.editor, role=Role.OVERSEER, organisation=None, by=TEST, now=now)
    assert cast.city.editor.duty == Duty.EDITING
