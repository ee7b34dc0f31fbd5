"""Files the demo texts carry, made in code: pictures, Word documents, silent recordings."""

from __future__ import annotations

import io
import wave
import zipfile
from dataclasses import dataclass

from docx import Document as new_word_document
from docx.document import Document as WordDocument

from jiyue.demo.pictures import draw

# Word files are zip archives: one fixed time inside keeps their bytes, and so their digests, equal from run to run.
EPOCH = (2020, 1, 1, 0, 0, 0)
SAMPLE_RATE = 8000


@dataclass(frozen=True)
class FileSpec:
    """A file to be made: `kind` is picture | document | audio. Equal specifications give equal bytes."""

    name: str
    kind: str
    title: str
    text: str = ""
    seed: int = 0
    seconds: int = 0
    ratio: str = "16:9"

    def content(self) -> bytes:
        """The bytes; pictures take some tenths of a second each."""
        if self.kind == "picture":
            return draw(self.text, seed=self.seed, ratio=self.ratio)
        if self.kind == "audio":
            return silence(self.seconds)
        return word_bytes(self.title, self.text)


def picture(scene: str, seed: int, ratio: str = "16:9") -> FileSpec:
    """A drawn landscape; `scene` is one of `pictures.SCENES`."""
    name = f"{scene}-{seed}-{ratio.replace(':', 'x')}.png"
    return FileSpec(name=name, kind="picture", title=name, text=scene, seed=seed, ratio=ratio)


def word_document(name: str, title: str, text: str) -> FileSpec:
    """A Word file: lines beginning with `## ` become headings, lines with | become rows of a table."""
    return FileSpec(name=name, kind="document", title=title, text=text)


def recording(title: str, seconds: int) -> FileSpec:
    """A silent recording in WAV, as a stand-in for speech."""
    return FileSpec(name=f"{title}.wav", kind="audio", title=title, seconds=seconds)


def silence(seconds: int) -> bytes:
    """Mono, 8 bit, 8 kHz: eight kilobytes a second."""
    target = io.BytesIO()
    with wave.open(target, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(SAMPLE_RATE)
        out.writeframes(b"\x80" * SAMPLE_RATE * seconds)
    return target.getvalue()


def word_bytes(title: str, text: str) -> bytes:
    """The Word file, byte for byte the same on every run."""
    paper = new_word_document()
    paper.core_properties.author = "澄湖市人民政府办公室"
    paper.core_properties.title = title
    paper.add_heading(title, level=1)
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        rows = _word_line(paper, line.strip(), rows)
    raw = io.BytesIO()
    paper.save(raw)
    return _with_fixed_times(raw)


def _word_line(paper: WordDocument, line: str, rows: list[list[str]]) -> list[list[str]]:
    if line.startswith("|"):
        return [*rows, [cell.strip() for cell in line.strip("|").split("|")]]
    if rows:
        _word_table(paper, rows)
    if line.startswith("## "):
        paper.add_heading(line[3:], level=2)
    elif line:
        paper.add_paragraph(line)
    return []


def _word_table(paper: WordDocument, rows: list[list[str]]) -> None:
    table = paper.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value


def _with_fixed_times(raw: io.BytesIO) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            out.writestr(zipfile.ZipInfo(name, EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()
