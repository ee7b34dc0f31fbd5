"""A paste from Word, WPS or a web page: blocks, the pictures inside it, and a sentence for what could not come along."""

from dataclasses import dataclass

from jiyue.checks.reading.sniffing import picture_type
from jiyue.content.intake.items import MIB, IntakeRefused, ItemFile, Limits, Note, note
from jiyue.content.intake.pages import EmbeddedPictures
from jiyue.content.markup import Block
from jiyue.content.sanitising import clean_markup

PASTE_LIMITS = Limits(pictures=60)
MOST_CHARACTERS = 40 * MIB  # pictures inside included


@dataclass(frozen=True)
class Pasted:
    """Blocks refer to their pictures by "@" and the place in `files`."""

    blocks: tuple[Block, ...]
    files: tuple[ItemFile, ...]
    notes: tuple[Note, ...]


def read_paste(html: str, pictures: tuple[bytes, ...] = (), *, limits: Limits = PASTE_LIMITS) -> Pasted:
    """The blocks of pasted HTML; `pictures` are images that lay on the clipboard by themselves and come last.

    Word names pictures by a place on the writer's own disk, web pages by an address elsewhere: neither is fetched, both
    are counted in a note. Raises IntakeRefused for a paste of more than MOST_CHARACTERS.
    """
    if len(html) > MOST_CHARACTERS:
        raise IntakeRefused("paste_too_large", size=MOST_CHARACTERS // MIB)
    files: list[ItemFile] = []
    embedded = EmbeddedPictures(files, limits)
    found = clean_markup(html, take_image=embedded.take)
    blocks = [*found.blocks, *(block for content in pictures if (block := _alone(content, embedded)))]
    return Pasted(tuple(blocks), tuple(files), tuple(_notes(blocks, found.removed["image"], found.removed["table"])))


def _alone(content: bytes, embedded: EmbeddedPictures) -> Block | None:
    reference = embedded.keep(content) if picture_type(content) else None
    value = {"image": reference, "alt": "", "decorative": False, "caption": ""}
    return {"type": "image", "value": value} if reference else None


def _notes(blocks: list[Block], pictures_left: int, tables_left: int) -> list[Note]:
    missing = sum(1 for block in blocks if block["type"] == "image" and not block["value"]["alt"])
    counted = (("paste_pictures_left", pictures_left), ("tables_left", tables_left), ("pictures_without_alt", missing))
    return [note(code, count=count) for code, count in counted if count]
