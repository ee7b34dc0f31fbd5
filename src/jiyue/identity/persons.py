"""Whether two accounts are one natural person: duties are kept apart between people, not between sign-in names (REV-04)."""

from django.db.models import Q, QuerySet

from jiyue.identity.models import User


def accounts_of_same_person(user: User) -> QuerySet[User]:
    """This account and every other of the same person, inactive ones included.

    Names must be equal. With a staff number on both sides the numbers decide; without one on either side the unit does.
    Two people of one name in one unit therefore need their numbers written down.
    """
    number, name = user.staff_number.strip(), user.name.strip()
    without = Q(organisation=user.organisation_id) if user.organisation_id else Q(pk=user.pk)
    same = (Q(staff_number=number) | Q(staff_number="") & without) if number else without
    return User.objects.filter(Q(pk=user.pk) | (Q(name=name) & same))


def are_same_person(one: User, other: User) -> bool:
    return accounts_of_same_person(one).filter(pk=other.pk).exists()


def may_vouch(by: User, user: User) -> bool:
    """Neither who caused the hold nor the account's own person vouches, nor who is not vouched for herself."""
    own = set(accounts_of_same_person(by).values_list("pk", flat=True))
    return not by.is_held and user.pk not in own and user.held_by not in {f"user:{pk}" for pk in own}
