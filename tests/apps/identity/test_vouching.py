"""A second person vouches for an account whose password somebody else issued; one person's accounts are one person."""

import pytest
from django.utils import timezone

from jiyue.estate.actions import appoint
from jiyue.foundation.models import AuditEvent
from jiyue.identity.actions import (
    ReleaseRefused,
    change_account,
    choose_password,
    issue_password,
    open_account,
    release_account,
)
from jiyue.identity.persons import are_same_person
from jiyue.identity.roles import Duty, Role
from jiyue.review.actions import approve, submit
from jiyue.review.checklist import ALL_GATES
from jiyue.review.ledger import reasons_against
from jiyue.review.models import Review
from jiyue.review.refusals import ReviewRefused
from tests.cast import TEST, account, draft, member

pytestmark = [pytest.mark.django_db, pytest.mark.req("SECU-10", "REV-04")]
OWN = "lake-and-mountain"


@pytest.fixture
def waiting(cast, now):
    return submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now)


@pytest.fixture
def taken(cast, now):
    """The first reviewer's account after the operator reset its password and, as far as anybody knows, used it."""
    user = cast.city.first
    issue_password(user=user, by=cast.operator.actor(), now=now)
    choose_password(user=user, password=OWN, now=now)
    user.refresh_from_db()
    return user


def test_before_a_second_person_vouches_the_account_reviews_nothing(cast, taken, waiting, now):
    with pytest.raises(ReviewRefused):
        approve(review=waiting, by=taken, now=now, gates=ALL_GATES)
    release_account(user=taken, by=cast.city.manager, now=now)
    taken.refresh_from_db()
    assert approve(review=waiting, by=taken, now=now, gates=ALL_GATES).level == "second"
    assert AuditEvent.objects.get(code="identity.account_released").subject == f"user:{taken.pk}"


def test_neither_who_issued_it_nor_the_account_itself_vouches(cast, taken, now):
    for person in (cast.operator, taken):
        with pytest.raises(ReleaseRefused):
            release_account(user=taken, by=person, now=now)


def test_an_account_the_same_operator_opened_or_reset_does_not_vouch(cast, taken, now):
    second = member("yunwei2", Role.OPERATOR, Duty.ADMINISTERING, None, now=now)
    issue_password(user=second, by=cast.operator.actor(), now=now)
    choose_password(user=second, password=OWN, now=now)
    second.refresh_from_db()
    with pytest.raises(ReleaseRefused):
        release_account(user=taken, by=second, now=now)


def test_nobody_vouches_before_the_person_chose_her_own_password(cast, now):
    issue_password(user=cast.city.first, by=cast.operator.actor(), now=now)
    with pytest.raises(ReleaseRefused):
        release_account(user=cast.city.first, by=cast.city.manager, now=now)


def test_a_correction_of_the_name_does_not_let_who_reset_the_password_vouch(cast, taken, now):
    other = member("yunwei2", Role.OPERATOR, Duty.ADMINISTERING, None, now=now)
    change_account(user=taken, name="改名", organisation=taken.organisation, by=other.actor(), now=now)
    with pytest.raises(ReleaseRefused):
        release_account(user=taken, by=cast.operator, now=now)


def test_one_person_with_two_accounts_does_not_review_her_own_text(cast, waiting, now):
    editor, twin = cast.city.editor, cast.city.first
    for user in (editor, twin):
        change_account(user=user, name="何苇", organisation=user.organisation, by=TEST, now=now, staff_number="0042")
    twin.refresh_from_db()
    with pytest.raises(ReviewRefused):
        approve(review=waiting, by=twin, now=now, gates=ALL_GATES)


def test_the_three_levels_are_three_persons(cast, waiting, now):
    twin = account("ch_second_b", Duty.REVIEWING, cast.city.organisation, now=now)
    appoint(user=twin, site=cast.city.site, role=Role.SECOND_REVIEWER, by=TEST, now=now)
    first = approve(review=waiting, by=cast.city.first, now=now, gates=ALL_GATES)
    change_account(user=twin, name=cast.city.first.name, organisation=twin.organisation, by=TEST, now=now)
    twin.refresh_from_db()
    with pytest.raises(ReviewRefused):
        approve(review=first, by=twin, now=now, gates=ALL_GATES)
    # The ledger counts persons again, also where the two became one only afterwards.
    second = approve(review=first, by=cast.city.second, now=now, gates=ALL_GATES)
    change_account(
        user=cast.city.second, name=cast.city.first.name, organisation=cast.city.organisation, by=TEST, now=now
    )
    assert any("不同的人" in reason for reason in reasons_against(Review.objects.get(pk=second.pk)))


def test_equal_names_are_told_apart_by_their_numbers(cast, now):
    unit = cast.city.organisation
    made = [
        open_account(username=f"h{i}", name="何苇", duty=Duty.REVIEWING, organisation=unit, by=TEST, now=now,
                     staff_number=number)
        for i, number in enumerate(("0001", "0002", "", "0001"))
    ]  # fmt: skip
    one, other, unnumbered, again = made
    assert not are_same_person(one, other)
    assert are_same_person(one, again) and are_same_person(again, one)
    assert are_same_person(one, unnumbered) and are_same_person(unnumbered, other)


def test_the_site_manager_vouches_on_the_people_page(cast, taken, sign_in, now):
    site = cast.city.site
    page = sign_in(cast.city.manager).get(f"/office/sites/{site.pk}/people/").content.decode()
    assert "待确认" in page and f"/office/accounts/{taken.pk}/release/" in page
    answer = sign_in(cast.city.manager).post(f"/office/accounts/{taken.pk}/release/", follow=True)
    assert "照常审核" in answer.content.decode()
    taken.refresh_from_db()
    assert not taken.is_held


def test_screens_tell_and_refuse_who_may_not_vouch(cast, taken, sign_in, now):
    assert "等第二位管理人员确认" in sign_in(cast.operator).get(f"/office/accounts/{taken.pk}/").content.decode()
    refused = sign_in(cast.operator).post(f"/office/accounts/{taken.pk}/release/", follow=True).content.decode()
    assert "请另一位管理人员来做" in refused
    assert sign_in(cast.outside.manager).post(f"/office/accounts/{taken.pk}/release/").status_code == 404
    assert "不能审核" in sign_in(taken).get("/").content.decode()
    taken.refresh_from_db()
    assert taken.is_held


def test_a_process_that_opens_accounts_leaves_nobody_waiting(cast, now):
    issue_password(user=cast.city.first, by=TEST, now=timezone.now())
    cast.city.first.refresh_from_db()
    assert not cast.city.first.is_held
