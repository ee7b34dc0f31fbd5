"""A ZIP of XML before anything unpacks or parses it: size, ratio, passwords, entity definitions, macros."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from jiyue.checks.reading.bounds import MIB, Bounds, Unread

# A text of the largest size we take fills about a third of this with its markup.
XML_PART_BYTES = 48 * MIB
_SMALL_ARCHIVE = 20 * MIB
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
_BROKEN = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError, zlib.error, KeyError)


def opened(content: bytes, bounds: Bounds) -> zipfile.ZipFile:
    """The archive. Raises Unread `damaged` or `bomb`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        raise Unread("damaged") from error
    entries = archive.infolist()
    # The reader stops at the size an entry declares, so declared sizes bound what is unpacked.
    total = sum(entry.file_size for entry in entries)
    swollen = total > _SMALL_ARCHIVE and total > len(content) * bounds.archive_ratio
    if len(entries) > bounds.archive_entries or total > bounds.archive_bytes or swollen:
        raise Unread("bomb")
    return archive


def refuse_locked(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Raises Unread `encrypted` for members behind a password."""
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unread("encrypted")


def has_macros(archive: zipfile.ZipFile) -> bool:
    """Does an Office file bring a program?"""
    if any(part.lower().endswith(("vbaproject.bin", "vbadata.xml")) for part in archive.namelist()):
        return True
    return "[Content_Types].xml" in archive.namelist() and b"macroEnabled" in member(archive, "[Content_Types].xml")


def refuse_entities(archive: zipfile.ZipFile) -> None:
    """Raises Unread `entities`, `bomb` for an endless part, `damaged` for one that does not unpack."""
    for name in xml_parts(archive):
        # UTF-16 hides the words between zeros.
        if _ENTITIES.search(member(archive, name).replace(b"\x00", b"")):
            raise Unread("entities")


def xml_parts(archive: zipfile.ZipFile) -> Iterator[str]:
    """Names of the parts that a reader would parse."""
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels")):
            if entry.file_size > XML_PART_BYTES:
                raise Unread("bomb")
            yield entry.filename


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one member. Raises Unread `damaged`."""
    try:
        return archive.read(name)
    except _BROKEN as error:
        raise Unread("damaged") from error
