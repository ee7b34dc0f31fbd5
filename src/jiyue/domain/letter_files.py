"""Files that come with a letter, judged by their bytes and not by their names (SECU-15)."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from typing import Final

from jiyue.domain.letters import LARGEST_FILE, LARGEST_WHOLE, LONGEST_NAME, MOST_FILES

OFFICE: Final = "application/vnd.openxmlformats-officedocument"
TYPES: Final = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
_STARTS = {"pdf": (b"%PDF-", 0), "jpg": (b"\xff\xd8\xff", 0), "png": (b"\x89PNG\r\n\x1a\n", 0), "webp": (b"WEBP", 8)}
_MEMBERS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_MOST_MEMBERS = 5000
_MOST_UNPACKED = 200 << 20  # bytes; a small archive that unpacks to more is a bomb
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class FileRefused(Exception):
    """Why a file is not taken; `code` is one of a closed list, `limit` the number that the sentence names."""

    def __init__(self, name: str, code: str, limit: int = 0) -> None:
        super().__init__(name, code, limit)
        self.name, self.code, self.limit = name, code, limit


def shown_name(name: str) -> str:
    """The last part of a name without anything that could lead elsewhere or mislead; never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode()))[-1]
    plain = _NOT_IN_A_NAME.sub("", last).strip(" .")
    if len(plain) > LONGEST_NAME:
        stem, dot, ending = plain.rpartition(".")
        plain = f"{stem[: LONGEST_NAME - 8]}{dot}{ending[:7]}" if dot else plain[:LONGEST_NAME]
    return plain or "file"


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def judge(name: str, data: bytes) -> str:
    """The media type of a file that is taken. Raises FileRefused with one of the codes
    empty, too_large, program, wrong_type, disguised, damaged, macros, locked, bomb."""
    if not data:
        raise FileRefused(name, "empty")
    if len(data) > LARGEST_FILE:
        raise FileRefused(name, "too_large", LARGEST_FILE)
    if data.startswith(_PROGRAMS):
        raise FileRefused(name, "program")
    kind = ending(name)
    if kind not in TYPES:
        raise FileRefused(name, "wrong_type")
    if kind in _MEMBERS:
        _judge_archive(name, _MEMBERS[kind], data)
    else:
        start, at = _STARTS["jpg" if kind == "jpeg" else kind]
        if not data.startswith(start, at) or (kind == "webp" and not data.startswith(b"RIFF")):
            raise FileRefused(name, "disguised")
    return TYPES[kind]


def _judge_archive(name: str, member: str, data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise FileRefused(name, "locked")  # an encrypted document lies in the older container
    if not data.startswith(b"PK\x03\x04"):
        raise FileRefused(name, "disguised")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise FileRefused(name, "damaged") from error
    if len(entries) > _MOST_MEMBERS or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise FileRefused(name, "bomb")
    names = [entry.filename for entry in entries]
    if member not in names:
        raise FileRefused(name, "disguised")
    if any(entry.lower().endswith("vbaproject.bin") for entry in names):
        raise FileRefused(name, "macros")


def refuse_too_many(names: Sequence[str], sizes: Sequence[int]) -> None:
    """Raises FileRefused (too_many, whole_too_large) for the last of these files when they are too much together."""
    if len(names) > MOST_FILES:
        raise FileRefused(names[-1], "too_many", MOST_FILES)
    if sum(sizes) > LARGEST_WHOLE:
        raise FileRefused(names[-1], "whole_too_large", LARGEST_WHOLE)
