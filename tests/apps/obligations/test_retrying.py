"""A transaction that the database ended is tried again, and only there."""

import pytest
from django.db import OperationalError, transaction

from jiyue.obligations.retrying import TRIES, in_transaction


class Disturbed:
    """Fails so many times, as a database does that ends one of two waiting transactions."""

    def __init__(self, times: int) -> None:
        self.left = self.times = times

    def __call__(self) -> int:
        if self.left:
            self.left -= 1
            raise OperationalError("deadlock detected")
        return self.times


@pytest.mark.django_db(transaction=True)
def test_it_is_done_again_until_it_goes_through():
    assert in_transaction(Disturbed(TRIES - 1)) == TRIES - 1
    with pytest.raises(OperationalError):
        in_transaction(Disturbed(TRIES))


@pytest.mark.django_db(transaction=True)
def test_inside_another_transaction_it_is_not_tried_again():
    act = Disturbed(1)
    with pytest.raises(OperationalError), transaction.atomic():
        in_transaction(act)
    assert act.left == 0
