"""PDF to blocks: text lines joined to paragraphs by where they begin and end on the page."""

from jiyue.checks.reading.bounds import Unread
from jiyue.checks.reading.pdf import FEWEST_SIGNS, blank_pages, joined, pdf_pages, signs_of
from jiyue.content.intake.decoding import settle
from jiyue.content.intake.items import Draft, IntakeRefused, ItemFile, Limits, note
from jiyue.content.intake.structure import paragraphs
from jiyue.content.markup import Block


def pdf_draft(content: bytes, *, name: str, limits: Limits) -> Draft:
    """Raises IntakeRefused for encrypted, cut off, damaged, scanned, endless and too long files."""
    try:
        answer = pdf_pages(content, limits)
    except Unread as unread:
        told = {"seconds": limits.pdf_seconds, "limit": limits.pdf_pages, **unread.values}
        raise IntakeRefused(f"pdf_{unread.code}", name=name, **told) from unread
    pages = answer["pages"]
    signs = sum(signs_of(pages))
    if signs < FEWEST_SIGNS:
        raise IntakeRefused("pdf_scanned", name=name)
    if signs > limits.characters:
        raise IntakeRefused("too_many_characters", name=name, limit=limits.characters)
    text, notes = settle("\n".join(joined(pages)))
    draft = Draft(blocks=[*paragraphs(text), _original()], notes=notes)
    draft.files.append(ItemFile(name if name.lower().endswith(".pdf") else f"{name}.pdf", content, "application/pdf"))
    blank = blank_pages(answer)
    if blank:
        draft.notes.append(note("pdf_pages_without_text", pages="、".join(map(str, blank))))
    draft.notes.append(note("pdf_tables"))
    return draft


def _original() -> Block:
    return {"type": "attachment", "value": {"document": "@0", "title": ""}}
