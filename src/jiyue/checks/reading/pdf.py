"""PDF to lines and paragraphs. The file is opened in a process of its own (`pdf_worker`)."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from jiyue.checks.reading.bounds import Bounds, Unread

WORKER = Path(__file__).with_name("pdf_worker.py")
# Fewer signs than this on a page of text means there is no text layer, only a stamp or a page number.
FEWEST_SIGNS = 8
_PAGE_NUMBER = re.compile(r"[\s—–\-－·.第/共页]*\d{1,4}[\s—–\-－·.第/共页\d]*\Z")
_STARTS_PARAGRAPH = re.compile(
    r"第[一二三四五六七八九十百千\d]+[条章节编]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|附件\s*\d*\s*[:：]?"
)
Line = list[Any]
"""Text, left, right, height, as the worker gives it."""


def pdf_pages(content: bytes, bounds: Bounds) -> dict[str, Any]:
    """`pages` (lines), `pictures` (has the page any) and `metadata`.

    Raises Unread `truncated`, `too_slow`, `damaged`, `encrypted` or `too_many_pages`.
    """
    if b"%%EOF" not in content[-4096:]:
        raise Unread("truncated")
    limits = (bounds.pdf_seconds, bounds.pdf_memory, bounds.pdf_pages)
    command = [sys.executable, "-I", str(WORKER), *map(str, limits)]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, numbers only
            command, input=content, capture_output=True, timeout=bounds.pdf_seconds + 5, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unread("too_slow") from error
    if done.returncode in (-24, -9):  # SIGXCPU, or the hard limit behind it
        raise Unread("too_slow")
    if done.returncode != 0:
        raise Unread("damaged")
    answer: dict[str, Any] = json.loads(done.stdout)
    match answer.get("error"):
        case "pages":
            raise Unread("too_many_pages", pages=answer["count"])
        case "encrypted" | "damaged" as code:
            raise Unread(code)
    return answer


def signs_of(pages: list[list[Line]]) -> list[int]:
    """How many signs each page has."""
    return [sum(len(line[0].strip()) for line in page) for page in pages]


def blank_pages(answer: dict[str, Any]) -> list[int]:
    """Numbers of pages with a picture and no text, from 1."""
    signs = signs_of(answer["pages"])
    return [n for n, count in enumerate(signs, 1) if count < FEWEST_SIGNS and answer["pictures"][n - 1]]


def joined(pages: list[list[Line]]) -> list[str]:
    """Paragraphs. A line goes on in the next one if it is full and the next is neither indented nor numbered."""
    lines = [line for page in pages for line in _without_numbers(page)]
    if not lines:
        return []
    left, right = _margins(lines)
    paragraphs: list[str] = []
    full = False
    for text, begin, end, height in lines:
        text = " ".join(text.split())
        indented = begin > left + height * 1.2
        if paragraphs and full and not indented and not _STARTS_PARAGRAPH.match(text):
            paragraphs[-1] += (" " if _is_latin(paragraphs[-1][-1]) and _is_latin(text[0]) else "") + text
        else:
            paragraphs.append(text)
        full = end > right - height * 1.6
    return paragraphs


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _margins(lines: list[Line]) -> tuple[float, float]:
    """Where text lines begin and end; a few odd lines (a stamp, a wide table) do not move them."""
    begins, ends = sorted(line[1] for line in lines), sorted(line[2] for line in lines)
    return begins[len(begins) // 20], ends[-1 - len(ends) // 20]


def _without_numbers(page: list[Line]) -> list[Line]:
    inner = page[1:] if page and _PAGE_NUMBER.match(page[0][0]) and len(page) > 1 else page
    return inner[:-1] if inner and _PAGE_NUMBER.match(inner[-1][0]) else inner
