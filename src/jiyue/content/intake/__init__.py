"""Take documents in: JSONL, DOCX, PDF, HTML and TXT become items that an importer can store as drafts.

    for result in read("文件.docx"): ...           # one file; raises IntakeRefused when nothing of it can be read
    for result in read_many(paths): ...            # many; every refusal is a result, the rest goes on
    pasted = read_paste(html)                      # what a person pasted into the editor

Nothing here touches the database, the settings or the network.
"""

from jiyue.content.intake.items import Field, IntakeRefused, Item, ItemFile, Limits, Note, Refusal
from jiyue.content.intake.pasting import Pasted, read_paste
from jiyue.content.intake.reading import read, read_many

__all__ = [
    "Field",
    "IntakeRefused",
    "Item",
    "ItemFile",
    "Limits",
    "Note",
    "Pasted",
    "Refusal",
    "read",
    "read_many",
    "read_paste",
]
