"""PDF by Typst, in a process of its own: a document that brings the typesetter down must not bring the publisher down.

The process lives as long as one bake, so that nothing of it stays in memory between two, and is begun anew after some
documents. Output depends on the input alone: fixed fonts from a package, no clock, no network, no file but the pictures.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import IO, Any

from jiyue.domain.digests import fan_of
from jiyue.publishing.renditions.matter import Block, Drawing, Heading, ItemList, Paper, Paragraph, Runs, Table

TEMPLATE = Path(__file__).with_name("official.typ")
FONTS = "pylopdf_fonts_zh_cn"  # Noto Serif SC and Noto Sans SC, SIL Open Font License
SECONDS = 60  # for one document; a long one of 100 pages takes two
MOST = 200  # documents a process
SHARES = (4, 40)  # characters: no column of a table is narrower or wider than these would make it
PAGE_PIXELS = 620  # a picture of so many pixels fills the width of the text
RED_HEAD = (30, 18)  # points, for a short and for a very long name of an issuer


class TypesettingFailed(Exception):
    """No PDF could be made; the message says why."""


class Typesetter:
    """Makes PDF files; close it when a bake is done."""

    def __init__(self, objects: Path) -> None:
        """`objects` is the folder in which pictures lie under their digests."""
        self.objects = objects
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def pdf(self, paper: Paper) -> bytes:
        """The file of a paper. Raises TypesettingFailed."""
        if self._made >= MOST:
            self.close()
        question = json.dumps(facts_of(paper), ensure_ascii=False).encode()
        try:
            length, failed = self._ask(question)
            answer = _read(self._pipes()[1], length)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise TypesettingFailed(f"{type(error).__name__}: {error}") from error
        if failed:
            raise TypesettingFailed(answer.decode())
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process, self._made = None, 0

    def _ask(self, question: bytes) -> tuple[int, bool]:
        asked, answers = self._pipes()
        asked.write(len(question).to_bytes(8, "big") + question)
        asked.flush()
        self._made += 1
        head = _read(answers, 9)
        return int.from_bytes(head[:8], "big"), head[8] == 1

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise EOFError("no pipes")
        return process.stdin, process.stdout

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command = [sys.executable, "-m", __name__, str(self.objects)]
            environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ.get("PATH", "")}
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
                bufsize=0,
            )  # fmt: skip
        return self._process


def _read(pipe: IO[bytes], length: int) -> bytes:
    """So many bytes. Raises TimeoutError, EOFError."""
    found = bytearray()
    with DefaultSelector() as waiting:
        waiting.register(pipe, EVENT_READ)
        while len(found) < length:
            if not waiting.select(SECONDS):
                raise TimeoutError(f"{SECONDS} s")
            piece = os.read(pipe.fileno(), min(length - len(found), 1 << 20))
            if not piece:
                raise EOFError("the typesetter ended")
            found += piece
    return bytes(found)


# ---- what the template is told ---------------------------------------------------------------------------------------


def facts_of(paper: Paper) -> dict[str, Any]:
    """A paper as the template reads it."""
    longest = max((len(name) for name in paper.issuers), default=0)
    return {
        "title": paper.title, "number": paper.number, "issuers": list(paper.issuers), "mark": paper.mark,
        "badge": paper.badge, "address": paper.address, "site": paper.site, "keywords": list(paper.keywords),
        "dated": [int(part) for part in paper.dated.split("-")] if paper.dated else None,
        "head": max(RED_HEAD[1], min(RED_HEAD[0], 440 // max(1, longest))),
        "signed": paper.signed, "signature": list(paper.signature),
        "blocks": [_block(block) for block in _from_level_one(paper.blocks)],
    }  # fmt: skip


def _from_level_one(blocks: tuple[Block, ...]) -> list[Block]:
    """Headings begin at 1 and skip no level on the way down: an accessible file may not."""
    found: list[Block] = []
    levels: list[int] = []
    for block in blocks:
        if isinstance(block, Heading):
            while levels and levels[-1] >= block.level:
                levels.pop()
            levels.append(block.level)
            block = Heading(block.runs, len(levels))
        found.append(block)
    return found


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"is": "paragraph", "role": block.role, "runs": _runs(block.runs)}
        case Heading():
            return {"is": "heading", "level": block.level, "runs": _runs(block.runs)}
        case ItemList():
            return {"is": "list", "ordered": block.ordered, "items": [_runs(item) for item in block.items]}
        case Table():
            return {
                "is": "table", "head": block.head if block.head < len(block.rows) else 0, "caption": block.caption,
                "columns": shares_of(block), "rows": [[_cell(cell) for cell in row] for row in block.rows],
            }  # fmt: skip
        case Drawing():
            share = min(1.0, block.width / PAGE_PIXELS) if block.width else 1.0
            path = f"/{fan_of(block.digest)}/{block.digest}"
            return {
                "is": "drawing", "path": path, "kind": block.kind, "alt": block.alt, "caption": block.caption,
                "share": share,
            }  # fmt: skip


def _cell(cell: Any) -> dict[str, Any]:
    return {"runs": _runs(cell.runs), "heads": cell.heads, "rows": cell.rows, "columns": cell.columns}


def _runs(runs: Runs) -> list[dict[str, Any]]:
    return [
        {
            "text": run.text, "bold": run.bold, "italic": run.italic, "raised": run.raised, "lowered": run.lowered,
            "href": run.href,
        }
        for run in runs
    ]  # fmt: skip


def shares_of(table: Table) -> list[int]:
    """How wide the columns of a table are to each other, by their longest words; cells over several count for none."""
    longest = [SHARES[0]] * table.width
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            area = {(number + down, column + right) for down in range(cell.rows) for right in range(cell.columns)}
            taken |= area
            if cell.columns == 1 and column < table.width:
                longest[column] = max(longest[column], len("".join(run.text for run in cell.runs)))
            column += cell.columns
    return [min(length, SHARES[1]) for length in longest]


# ---- the process -----------------------------------------------------------------------------------------------------


def _serve(objects: str) -> None:
    import typst  # noqa: PLC0415 - 84 MB that only this process maps

    folder = find_spec(FONTS)
    if folder is None or folder.submodule_search_locations is None:
        raise SystemExit(f"no fonts: {FONTS}")
    paths = list(folder.submodule_search_locations)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    compiler = typst.Compiler(root=objects, font_paths=fonts, ignore_system_fonts=True)
    template = TEMPLATE.read_bytes()
    while head := sys.stdin.buffer.read(8):
        question = sys.stdin.buffer.read(int.from_bytes(head, "big")).decode()
        try:
            inputs = {"paper": question}
            made = compiler.compile(template, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=0)
        except typst.TypstError as error:
            _answer(str(error).encode(), failed=True)
        else:
            # A PDF is one file; a list would be pictures of pages.
            _answer(made if isinstance(made, bytes) else b"", failed=not isinstance(made, bytes))


def _answer(data: bytes, *, failed: bool) -> None:
    sys.stdout.buffer.write(len(data).to_bytes(8, "big") + bytes([failed]) + data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _serve(sys.argv[1])
