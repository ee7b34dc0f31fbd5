"""Does a reprint say what its original says? Title and text, compared in one stated way (REPR-04)."""

import re
import unicodedata
from dataclasses import dataclass

from jiyue.domain.comparison import ChangedLine, changed_lines

# Stated to people wherever a comparison is shown: full and half width count as the same, white space and line breaks do
# not count, everything else does, character by character.
UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u2060\u3000\ufeff]+")
SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]+|[^。！？；!?;]+$")


@dataclass(frozen=True)
class Alteration:
    """How a reprint differs from its original; nothing in it when it does not."""

    title: tuple[str, str] | None  # what the original's was, and what it is now
    text: tuple[ChangedLine, ...]

    def __bool__(self) -> bool:
        return self.title is not None or bool(self.text)


def normal(text: str) -> str:
    """The characters that count: NFKC, without white space and characters that nobody sees."""
    # Composed once more: a mark that stood on a space stands on the letter before it when the space is gone.
    return unicodedata.normalize("NFKC", UNSEEN.sub("", unicodedata.normalize("NFKC", text)))


def altered(*, original: tuple[str, str], reprint: tuple[str, str]) -> Alteration:
    """Title and text of both; an empty title of the original is not known and is not compared."""
    title = None
    if original[0].strip() and normal(original[0]) != normal(reprint[0]):
        title = (original[0].strip(), reprint[0].strip())
    before, after = normal(original[1]), normal(reprint[1])
    if before == after:
        return Alteration(title, ())
    return Alteration(title, tuple(changed_lines(_by_sentence(before), _by_sentence(after))))


def _by_sentence(text: str) -> str:
    return "\n".join(found[0] for found in SENTENCE.finditer(text))
