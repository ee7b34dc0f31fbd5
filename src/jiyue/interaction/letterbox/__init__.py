"""The letter box between citizens and the database: no Django, no database, no key of the console (docs/adr/0022)."""

from jiyue.interaction.letterbox.box import LetterBox, NewLetter, NewWord, NumbersUsedUp, is_token, new_token
from jiyue.interaction.letterbox.drafts import Drafts, Kept, NoRoom
from jiyue.interaction.letterbox.enclosures import KEPT as ENCLOSURES_KEPT
from jiyue.interaction.letterbox.enclosures import Enclosures
from jiyue.interaction.letterbox.receipts import Receipt
from jiyue.interaction.letterbox.stored import (
    BadToken,
    Contribution,
    Damaged,
    Letter,
    NotStored,
    Stop,
    StoredFile,
    TicketKey,
    Word,
)
from jiyue.interaction.letterbox.tickets import Opened, Tickets

__all__ = [
    "ENCLOSURES_KEPT", "BadToken", "Contribution", "Damaged", "Drafts", "Enclosures", "Kept", "Letter", "LetterBox", "NewLetter",
    "NewWord", "NoRoom", "NotStored", "NumbersUsedUp", "Opened", "Receipt", "Stop", "StoredFile", "TicketKey", "Tickets", "Word",
    "is_token", "new_token",
]  # fmt: skip
