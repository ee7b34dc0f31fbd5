"""PDF to blocks: text lines joined to paragraphs by where they begin and end on the page."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from jiyue.content.intake.decoding import settle
from jiyue.content.intake.items import Draft, IntakeRefused, ItemFile, Limits, note
from jiyue.content.intake.structure import paragraphs
from jiyue.content.markup import Block

WORKER = Path(__file__).with_name("pdf_worker.py")
# Fewer signs than this on a page of text means there is no text layer, only a stamp or a page number.
_FEWEST_SIGNS = 8
_PAGE_NUMBER = re.compile(r"[\s—–\-－·.第/共页]*\d{1,4}[\s—–\-－·.第/共页\d]*\Z")
_STARTS_PARAGRAPH = re.compile(
    r"第[一二三四五六七八九十百千\d]+[条章节编]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|附件\s*\d*\s*[:：]?"
)


def pdf_draft(content: bytes, *, name: str, limits: Limits) -> Draft:
    """Raises IntakeRefused for encrypted, cut off, damaged, scanned, endless and too long files."""
    if b"%%EOF" not in content[-4096:]:
        raise IntakeRefused("pdf_truncated", name=name)
    answer = _extracted(content, name, limits)
    pages: list[list[list[Any]]] = answer["pages"]
    signs = [sum(len(line[0].strip()) for line in page) for page in pages]
    if sum(signs) < _FEWEST_SIGNS:
        raise IntakeRefused("pdf_scanned", name=name)
    if sum(signs) > limits.characters:
        raise IntakeRefused("too_many_characters", name=name, limit=limits.characters)
    text, notes = settle("\n".join(_joined(pages)))
    draft = Draft(blocks=[*paragraphs(text), _original()], notes=notes)
    draft.files.append(ItemFile(name if name.lower().endswith(".pdf") else f"{name}.pdf", content, "application/pdf"))
    blank = [str(n) for n, count in enumerate(signs, 1) if count < _FEWEST_SIGNS and answer["pictures"][n - 1]]
    if blank:
        draft.notes.append(note("pdf_pages_without_text", pages="、".join(blank)))
    draft.notes.append(note("pdf_tables"))
    return draft


def _original() -> Block:
    return {"type": "attachment", "value": {"document": "@0", "title": ""}}


def _extracted(content: bytes, name: str, limits: Limits) -> dict[str, Any]:
    command = [
        sys.executable,
        "-I",
        str(WORKER),
        str(limits.pdf_seconds),
        str(limits.pdf_memory),
        str(limits.pdf_pages),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, numbers only
            command, input=content, capture_output=True, timeout=limits.pdf_seconds + 5, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise IntakeRefused("pdf_too_slow", name=name, seconds=limits.pdf_seconds) from error
    if done.returncode in (-24, -9):  # SIGXCPU, or the hard limit behind it
        raise IntakeRefused("pdf_too_slow", name=name, seconds=limits.pdf_seconds)
    if done.returncode != 0:
        raise IntakeRefused("pdf_damaged", name=name)
    answer: dict[str, Any] = json.loads(done.stdout)
    match answer.get("error"):
        case "encrypted":
            raise IntakeRefused("pdf_encrypted", name=name)
        case "pages":
            raise IntakeRefused("pdf_too_many_pages", name=name, pages=answer["count"], limit=limits.pdf_pages)
        case "damaged":
            raise IntakeRefused("pdf_damaged", name=name)
    return answer


def _joined(pages: list[list[list[Any]]]) -> list[str]:
    """Paragraphs. A line goes on in the next one if it is full and the next is neither indented nor numbered."""
    lines = [line for page in pages for line in _without_numbers(page)]
    if not lines:
        return []
    left, right = _margins(lines)
    joined: list[str] = []
    full = False
    for text, begin, end, height in lines:
        text = " ".join(text.split())
        indented = begin > left + height * 1.2
        if joined and full and not indented and not _STARTS_PARAGRAPH.match(text):
            gap = (
                " "
                if joined[-1][-1].isascii() and joined[-1][-1].isalnum() and text[0].isascii() and text[0].isalnum()
                else ""
            )
            joined[-1] += gap + text
        else:
            joined.append(text)
        full = end > right - height * 1.6
    return joined


def _margins(lines: list[list[Any]]) -> tuple[float, float]:
    """Where text lines begin and end; a few odd lines (a stamp, a wide table) do not move them."""
    begins, ends = sorted(line[1] for line in lines), sorted(line[2] for line in lines)
    return begins[len(begins) // 20], ends[-1 - len(ends) // 20]


def _without_numbers(page: list[list[Any]]) -> list[list[Any]]:
    inner = page[1:] if page and _PAGE_NUMBER.match(page[0][0]) and len(page) > 1 else page
    return inner[:-1] if inner and _PAGE_NUMBER.match(inner[-1][0]) else inner
