"""What a command ends with (design 10): done and clean, done and something found or refused, wrong use."""

DONE, FOUND, WRONG_USE = 0, 1, 2


class WrongUse(Exception):
    """The call cannot be carried out as written; the message says what and how to mend it."""
