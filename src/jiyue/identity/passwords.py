"""Temporary passwords: made by the program, shown once, good for a day and for nothing but choosing one's own.

ASVS 5.0 6.4.1 and 6.4.6: an administrator starts a reset and never chooses the password of another person.
"""

import secrets
from datetime import timedelta
from typing import Final

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is easily misread: i, l, o, 0, 1
GROUPS: Final = 4
EACH: Final = 4  # letters; 79 bits in all
TEMPORARY_FOR: Final = timedelta(hours=24)


def temporary_password() -> str:
    """A random password that can be read out on the telephone."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(EACH)) for _group in range(GROUPS))
