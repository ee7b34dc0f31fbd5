"""The process that opens a PDF. PDFium is C code fed with foreign files: it may crash, loop or eat memory here only.

Run by file name, with nothing of the project imported: `python -I pdf_worker.py SECONDS MEMORY PAGES`, the PDF on
standard input, one JSON document on standard output: {"error": code, …} or {"pages": […], "pictures": […], "metadata": {…}}.
A page is a list of lines [text, left, right, height] in points.
"""

import json
import resource
import sys
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw


def main() -> None:
    seconds, memory, most_pages = (int(word) for word in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    content = sys.stdin.buffer.read()
    json.dump(_read(content, most_pages), sys.stdout, ensure_ascii=True)


def _read(content: bytes, most_pages: int) -> dict[str, Any]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        encrypted = code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) or "assword" in str(error)
        return {"error": "encrypted" if encrypted else "damaged"}
    count = len(document)
    if count == 0:
        return {"error": "damaged"}
    if count > most_pages:
        return {"error": "pages", "count": count}
    pages, pictures = [], []
    for number in range(count):
        try:
            page = document[number]
            pages.append(_lines(page.get_textpage()))
            pictures.append(any(True for _ in page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)))
        except pdfium.PdfiumError:
            pages.append([])
            pictures.append(True)
    return {"pages": pages, "pictures": pictures, "metadata": _metadata(document)}


def _metadata(document: Any) -> dict[str, str]:
    try:
        return {name: value for name, value in document.get_metadata_dict().items() if value}
    except (pdfium.PdfiumError, UnicodeDecodeError):
        return {}


def _lines(text_page: Any) -> list[list[Any]]:
    count = text_page.count_chars()
    lines: list[list[Any]] = []
    start = 0
    signs = [raw.FPDFText_GetUnicode(text_page, place) for place in range(count)]
    for place in range(count + 1):
        if place == count or signs[place] in (10, 13):
            if place > start:
                lines.append(_line(text_page, signs, start, place))
            start = place + 1
    return [line for line in lines if line[0].strip()]


def _line(text_page: Any, signs: list[int], start: int, stop: int) -> list[Any]:
    # 2 and 65534 stand for a hyphen PDFium took for a soft one.
    text = "".join(
        chr(sign) if 31 < sign < 0x110000 and not 0xD800 <= sign < 0xE000 else "" for sign in signs[start:stop]
    )
    visible = [place for place in range(start, stop) if signs[place] > 32 and signs[place] != 0x3000]
    if not visible:
        return ["", 0, 0, 0]
    first = text_page.get_charbox(visible[0], loose=True)
    last = text_page.get_charbox(visible[-1], loose=True)
    return [text, round(first[0], 1), round(last[2], 1), round(first[3] - first[1], 1)]


if __name__ == "__main__":
    main()
