"""DOC and XLS put together by hand: a compound file with two sectors of directory, a piece table, cells."""

import struct

SECTOR, END, FREE, FAT = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
ROOT, STREAM = 5, 2


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of version 3 whose streams all lie in ordinary sectors (they are filled up to 4096 bytes)."""
    filled = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    directory_sectors = -(-(len(filled) + 1) // 4)
    fat, sectors = [FAT, *_chain(1, directory_sectors)], []
    starts: dict[str, int] = {}
    for name, data in filled.items():
        count = -(-len(data) // SECTOR)
        starts[name] = len(fat)
        fat += _chain(len(fat), count)
        sectors.append(data.ljust(count * SECTOR, b"\0"))
    entries = [_entry("Root Entry", ROOT, END, 0, child=1)]
    names = list(filled)
    for place, name in enumerate(names, 1):
        right = place + 1 if place < len(names) else FREE
        entries.append(_entry(name, STREAM, starts[name], len(filled[name]), right=right))
    directory = b"".join(entries).ljust(directory_sectors * SECTOR, b"\0")
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    return _header() + table + directory + b"".join(sectors)


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), END]


def _header() -> bytes:
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    counts = struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    return start + counts + struct.pack("<109I", 0, *[FREE] * 108)


def _entry(name: str, kind: int, start: int, size: int, *, right: int = FREE, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III", FREE, right, child) + b"\0" * 36 + struct.pack("<IQ", start, size)


def doc(*pieces: str, flags: int = 0x0200, magic: int = 0xA5EC) -> bytes:
    """A Word 97 file: each piece alone in the table; what is plain Latin is kept one byte a sign, as Word does."""
    text, ends, places = b"", [0], []
    for piece in pieces:
        latin = piece.isascii()
        at = 0x400 + len(text)
        text += piece.encode("latin-1") if latin else piece.encode("utf-16-le")
        text += b"\0" * (len(text) % 2)
        places.append(struct.pack("<HIH", 0, (at * 2) | 0x4000_0000 if latin else at, 0))
        ends.append(ends[-1] + len(piece))
    table = struct.pack(f"<{len(ends)}I", *ends) + b"".join(places)
    clx = b"\x01" + struct.pack("<H", 4) + b"\0" * 4 + b"\x02" + struct.pack("<I", len(table)) + table
    fib = bytearray(0x400)
    struct.pack_into("<HH", fib, 0, magic, 0xC1)
    struct.pack_into("<H", fib, 0x0A, flags)
    struct.pack_into("<II", fib, 0x1A2, 0, len(clx))
    return compound({"WordDocument": bytes(fib) + text, "1Table": clx})


def xls(rows: list[list[str | float]], *, name: str = "名单", hidden: bool = False, first: bytes = b"") -> bytes:
    """A workbook of one sheet in BIFF8; `first` is a record put before the others."""
    begin = struct.pack("<HHHHHHHH", 0x0600, 5, 0x0DBB, 0x07CC, 0, 0, 0, 6)
    title = name.encode("utf-16-le")
    sheet_fact = struct.pack("<BBBB", int(hidden), 0, len(name), 1) + title
    at = len(_record(0x809, begin)) + len(first) + len(_record(0x85, b"\0" * 4 + sheet_fact)) + len(_record(0x0A, b""))
    book = _record(0x809, begin) + first + _record(0x85, struct.pack("<I", at) + sheet_fact) + _record(0x0A, b"")
    sheet = _record(0x809, begin[:2] + struct.pack("<H", 0x10) + begin[4:])
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            sheet += _cell(row, column, value)
    return compound({"Workbook": book + sheet + _record(0x0A, b"")})


def _cell(row: int, column: int, value: str | float) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x203, place + struct.pack("<d", value))


def _record(code: int, data: bytes) -> bytes:
    return struct.pack("<HH", code, len(data)) + data
