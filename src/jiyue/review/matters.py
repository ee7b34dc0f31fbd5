"""What the checks read of a version: its words, and every file that would become public with it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from jiyue.checks.matter import Matter, Original
from jiyue.checks.reading import matter_of_body, matter_of_text
from jiyue.content.file_types import media_type_of
from jiyue.content.guides import row_words
from jiyue.content.models import Column
from jiyue.review.models import Subject
from jiyue.review.structure_words import matter_of_structure

# Facts of a snapshot that carry words; those of the record's own type follow them.
COMMON = ("title", "subtitle", "summary", "source", "author")
# Facts that are codes of ours, or say nothing about what is public.
CODES = frozenset({
    "validity", "public_scope", "public_effect", "form", "position", "archived", "documents", "about_minors",
    "audiences", "themes", "life_events", "disclosure", "work_kind", "work_year",
})  # fmt: skip


class StoredFile(NamedTuple):
    """A file of a version: where its bytes lie, and the name it has in public."""

    digest: str
    name: str


def words_of(content: Mapping[str, Any], subject: str, *, at: datetime) -> Matter:
    """The words of the content of a version that was frozen at a moment.

    A batch has none of its own: its documents are versions themselves.
    """
    if subject == Subject.STRUCTURE:
        return matter_of_structure(content, at=at)
    if subject != Subject.RECORD:
        return matter_of_text("", source="")
    matter = matter_of_body(content["blocks"], fields_of(content), source="")
    kept = content.get("reprint")
    if not kept:
        return matter
    return replace(matter, original=Original(kept["title"], kept["text"], content["title"], content["text"]))


def files_of(content: Mapping[str, Any]) -> list[StoredFile]:
    """Every file of a version with words in it, each once. What is said in films and sound stands in their transcripts."""
    kept = (file for file in content.get("files", ()) if not is_spoken(file["name"]))
    found = (StoredFile(file["digest"], file["name"]) for file in kept)
    return list(dict.fromkeys(found))


def is_spoken(name: str) -> bool:
    """Is this a film or a recording, by its name?"""
    return media_type_of(name).startswith(("video/", "audio/"))


def fields_of(content: Mapping[str, Any]) -> dict[str, str]:
    """The facts beside the text, as detectors know them."""
    facts = {name: content.get(name) or "" for name in COMMON}
    facts["keywords"] = "，".join(content.get("keywords") or ())
    column = Column.objects.filter(pk=content.get("column") or 0).values_list("name", flat=True).first()
    facts["columns"] = column or ""
    facts["cover_alt"] = (content.get("cover") or {}).get("alt", "")
    facts["questions"] = "\n".join(row["words"] for row in content.get("detail", {}).get("answers", ()))
    own = {name: value for name, value in content.get("detail", {}).items() if name not in CODES}
    facts |= own | row_words(content.get("detail", {})) | _of_item(content.get("detail", {}).get("item") or {})
    return {name: value for name, value in facts.items() if isinstance(value, str) and value}


def _of_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The words that a guide repeats of its item: they become public with it, though its editor cannot mend them."""
    return {f"item.{name}": item.get(name) for name in ("name", "legal_basis", "charge_basis")}
