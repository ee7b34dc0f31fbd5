"""Transactions of the duties, tried again when another process stood in the way.

On PostgreSQL two processes that hold rows and the lock of the audit chain in another order each wait for the other; the
server then ends one of the transactions. What is done here may be done again, so it is.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction

Result = TypeVar("Result")
TRIES = 4


def in_transaction(act: Callable[[], Result]) -> Result:
    """Run `act` in a transaction, again if the database ended it. Inside somebody else's transaction, once."""
    for _try in range(1, TRIES):
        try:
            with transaction.atomic():
                return act()
        except OperationalError:
            if connection.in_atomic_block:
                raise
    with transaction.atomic():
        return act()
