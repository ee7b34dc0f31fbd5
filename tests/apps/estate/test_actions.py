"""Sites, appointments and notices: what is refused, and in which words."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from jiyue.estate.actions import (
    LastOfItsKind,
    appoint,
    correct_notice,
    deactivate,
    dismiss,
    post_notice,
    save_site,
    set_mourning,
)
from jiyue.estate.models import Appointment, Block, Notice, Site
from jiyue.estate.policies import (
    appointable_accounts,
    appointable_roles,
    may_manage,
    readable_trail,
    visible_accounts,
    visible_organisations,
    visible_sites,
)
from jiyue.foundation.models import AuditEvent
from jiyue.identity.actions import RolesConflict, give_membership
from jiyue.identity.roles import Role
from tests.cast import TEST, person

pytestmark = pytest.mark.django_db


def held(tenant, part: str) -> Appointment:
    return Appointment.objects.get(user=tenant.people[part], site=tenant.site)


def messages(refusal) -> str:
    return " ".join(refusal.value.messages)


@pytest.mark.parametrize("part", ["first", "second", "final"])
def test_the_last_reviewer_of_a_level_goes_only_knowingly(cast, now, part):
    with pytest.raises(LastOfItsKind, match="最后一位"):
        dismiss(appointment=held(cast.city, part), by=TEST, now=now)
    with pytest.raises(LastOfItsKind):
        deactivate(user=cast.city.people[part], reason="调离", by=TEST, now=now)
    dismiss(appointment=held(cast.city, part), by=TEST, now=now, knowingly=True)
    assert not Appointment.objects.filter(user=cast.city.people[part]).exists()


def test_a_second_reviewer_makes_the_first_one_free_to_go(cast, now):
    person("ch_final2", cast.city.site, Role.FINAL_REVIEWER, cast.city.organisation, now=now)
    deactivate(user=cast.city.final, reason="调离", by=TEST, now=now)
    assert not cast.city.final.is_active
    with pytest.raises(LastOfItsKind):
        dismiss(appointment=Appointment.objects.get(user__username="ch_final2"), by=TEST, now=now)


@pytest.mark.req("PLAT-05")
def test_the_operator_holds_nothing_on_a_site_whatever_rows_say(cast, now):
    with pytest.raises(RolesConflict, match="平台运维"):
        appoint(user=cast.operator, site=cast.city.site, role=Role.SITE_MANAGER, by=TEST, now=now)
    give_membership(user=cast.city.manager, role=Role.OPERATOR, organisation=None, by=TEST, now=now)
    assert not may_manage(cast.city.manager, cast.city.site)


@pytest.mark.req("PLAT-04")
def test_a_compulsory_block_cannot_be_switched_off(cast, now):
    cast.city.site.blocks = [block for block in Block.values if block != Block.INTERACTION]
    with pytest.raises(ValidationError) as refusal:
        save_site(site=cast.city.site, by=TEST, now=now)
    assert "互动交流" in messages(refusal)


@pytest.mark.req("PLAT-03")
@pytest.mark.parametrize("block", Block.values)
def test_every_other_block_can_be_switched(cast, now, block):
    site = cast.city.site
    site.blocks = [other for other in Block.values if other != block or other in site.compulsory_blocks]
    save_site(site=site, by=TEST, now=now)
    assert (block in Site.objects.get(pk=site.pk).blocks) == (block in site.compulsory_blocks)


def test_a_pale_colour_is_refused_with_one_that_would_do(cast, now):
    cast.city.site.colour = "#4a90e2"
    with pytest.raises(ValidationError) as refusal:
        save_site(site=cast.city.site, by=TEST, now=now)
    assert "3.3:1" in messages(refusal)
    assert "#" in messages(refusal)


@pytest.mark.req("PLAT-01")
def test_a_unit_has_one_site_and_any_number_of_subsites(cast, now):
    second = Site(name="另一个", kind="portal", host="b.chenghu.localhost", owner=cast.city.organisation)
    second.blocks = list(Block.values)
    with pytest.raises(ValidationError) as refusal:
        save_site(site=second, by=TEST, now=now)
    assert "一个单位只能开设一个网站" in messages(refusal)
    second.kind = Site.Kind.SUBSITE
    assert save_site(site=second, by=TEST, now=now).pk


@pytest.mark.req("PAGE-16")
def test_a_notice_ends_after_it_starts_and_in_the_future(cast, now):
    for start, end in [(1, 0), (-2, -1)]:
        with pytest.raises(ValidationError):
            post_notice(
                site=cast.city.site, kind="pause", text="暂停", starts_at=now + timedelta(days=start),
                until=now + timedelta(days=end), by=TEST, now=now,
            )  # fmt: skip


@pytest.mark.req("PAGE-16")
def test_a_notice_that_is_over_is_not_corrected_and_a_running_one_only_with_a_reason(cast, now):
    times = {"starts_at": now, "until": now + timedelta(days=1)}
    notice = post_notice(site=cast.city.site, kind="pause", text="暂停服物", by=TEST, now=now, **times)
    for text, reason, at in (("暂停服务", " ", now), ("暂停服务", "错字", now + timedelta(days=1)), ("", "错字", now)):
        with pytest.raises(ValidationError):
            correct_notice(notice=Notice.objects.get(), text=text, reason=reason, by=TEST, now=at)
    assert correct_notice(notice=notice, text="暂停服务", reason="错字", by=TEST, now=now).text == "暂停服务"


def test_a_mourning_window_has_both_ends(cast, now):
    with pytest.raises(ValidationError):
        set_mourning(site=cast.city.site, since=now, until=None, by=TEST, now=now)
    set_mourning(site=cast.city.site, since=now, until=now + timedelta(days=1), by=TEST, now=now)
    assert AuditEvent.objects.first().data["after"]["mourning"][0] == now.isoformat()


def test_who_sees_which_units_accounts_and_sites(cast):
    assert visible_organisations(cast.operator).count() == 3
    assert [unit.name for unit in visible_organisations(cast.supervisor)] == ["澄湖市人民政府"]
    assert not visible_organisations(cast.city.manager).exists()
    assert visible_accounts(cast.operator).count() == 16
    assert not visible_accounts(cast.city.manager).exists()
    assert not visible_sites(cast.auditor).exists()


def test_a_manager_appoints_own_people_to_content_roles_only(cast):
    site, manager = cast.city.site, cast.city.manager
    assert Role.SITE_MANAGER not in appointable_roles(manager, site)
    assert Role.SITE_MANAGER in appointable_roles(cast.operator, site)
    assert appointable_roles(cast.outside.manager, site) == []
    names = set(appointable_accounts(manager, site).values_list("username", flat=True))
    assert "ch_editor" in names
    assert not any(name.startswith("lj_") for name in names)


def test_the_trail_of_a_site_is_read_by_its_manager_and_supervisor_alone(cast):
    own = {"www.chenghu.localhost"}
    for reader in (cast.city.manager, cast.supervisor):
        assert set(readable_trail(reader).values_list("site", flat=True)) == own
    assert readable_trail(cast.auditor).count() == AuditEvent.objects.count()
    for nobody in (cast.city.editor, cast.city.final, cast.operator):
        assert not readable_trail(nobody).exists()
