"""Accounts and the organisation tree change through actions, each with its trace."""

import pytest
from django.core.exceptions import ValidationError

from jiyue.foundation.models import AuditEvent
from jiyue.identity.actions import (
    LoopInTree,
    RolesConflict,
    change_account,
    choose_password,
    give_membership,
    issue_password,
    open_account,
    save_organisation,
    switch_account,
)
from jiyue.identity.models import Membership, Organisation
from jiyue.identity.passwords import TEMPORARY_FOR
from jiyue.identity.queries import drawn_tree, subordinates_of, superiors_of
from jiyue.identity.roles import Role
from tests.cast import PASSWORD, TEST, organisation

pytestmark = pytest.mark.django_db


def last_event() -> AuditEvent:
    return AuditEvent.objects.first()


@pytest.mark.req("PLAT-02")
def test_supervision_follows_either_chain(cast, now):
    bureau = organisation("示范省水利厅", "990000002", "province", superior=cast.province, kind="department", now=now)
    local = Organisation(
        name="澄湖市水利和湖泊局", code="990100002", level="city", kind="department",
        superior=cast.city.organisation, vertical_superior=bureau,
    )  # fmt: skip
    save_organisation(organisation=local, by=TEST, now=now)
    assert superiors_of(local) == [cast.city.organisation, cast.province]
    assert superiors_of(local, chain=Membership.Chain.VERTICAL) == [bureau]
    assert local in subordinates_of(cast.city.organisation)
    assert set(subordinates_of(bureau, chain=Membership.Chain.VERTICAL)) == {bureau, local}


def test_the_tree_is_drawn_below_whoever_is_shown(cast):
    units = Organisation.objects.filter(pk__in=[cast.city.organisation.pk, cast.outside.organisation.pk])
    assert [(branch.unit.name, branch.depth) for branch in drawn_tree(units)] == [
        ("澄湖市人民政府", 0), ("邻江市人民政府", 0),
    ]  # fmt: skip
    assert [branch.depth for branch in drawn_tree(Organisation.objects.all())] == [0, 1, 1]


def test_a_unit_cannot_become_its_own_superior(cast, now):
    province = cast.province
    province.superior = cast.city.organisation
    with pytest.raises(LoopInTree):
        save_organisation(organisation=province, by=TEST, now=now)


@pytest.mark.req("REV-04")
def test_duties_do_not_meet_in_one_account(cast, now):
    with pytest.raises(RolesConflict, match="样ch_editor"):
        give_membership(user=cast.city.editor, role=Role.OPERATOR, organisation=None, by=TEST, now=now)


def test_a_weak_password_is_refused(cast, now):
    with pytest.raises(ValidationError):
        open_account(
            username="xin", name="样新", duty="editing", organisation=None, password="12345678", by=TEST, now=now
        )
    with pytest.raises(ValidationError):
        choose_password(user=cast.city.editor, password="short", now=now)
    assert cast.city.editor.check_password(PASSWORD)


@pytest.mark.req("SECU-10")
def test_a_temporary_password_is_random_and_not_in_the_trace(cast, now):
    given = {issue_password(user=cast.city.editor, by=TEST, now=now) for _time in range(20)}
    event = last_event()
    assert len(given) == 20 and all(len(password) == 19 for password in given)
    assert (event.code, set(event.data)) == ("identity.password_reset", {"username", "until"})
    assert not any(password in str(row.data) for row in AuditEvent.objects.all() for password in given)
    assert cast.city.editor.temporary_until == now + TEMPORARY_FOR


def test_one_must_choose_another_password_than_the_temporary_one(cast, now):
    editor = cast.city.editor
    temporary = issue_password(user=editor, by=TEST, now=now)
    with pytest.raises(ValidationError, match="不同"):
        choose_password(user=editor, password=temporary, now=now)
    choose_password(user=editor, password="another-lake-2026", now=now)
    assert not editor.must_choose_password
    assert (last_event().code, last_event().actor_key) == ("identity.password_chosen", f"user:{editor.pk}")
    assert last_event().data == {"username": "ch_editor", "first": True}


def test_an_account_opened_without_a_password_lets_nobody_in(cast, now):
    opened = open_account(username="xin", name="样新", duty="editing", organisation=None, by=TEST, now=now)
    assert not opened.has_usable_password()


def test_switching_needs_a_reason_and_is_traced_once(cast, now):
    with pytest.raises(ValidationError):
        switch_account(user=cast.city.editor, active=False, reason=" ", by=TEST, now=now)
    for _ in range(2):
        switch_account(user=cast.city.editor, active=False, reason="调离", by=TEST, now=now)
    assert not cast.city.editor.is_active
    assert AuditEvent.objects.filter(code="identity.account_switched").count() == 1


def test_a_changed_name_keeps_the_old_one_in_the_trace(cast, now):
    change_account(user=cast.city.editor, name="样改名", organisation=cast.city.organisation, by=TEST, now=now)
    assert last_event().data["before"]["name"] == "样ch_editor"
    assert last_event().data["after"]["name"] == "样改名"
