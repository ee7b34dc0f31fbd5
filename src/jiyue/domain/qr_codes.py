"""QR codes (ISO/IEC 18004) of web addresses: byte mode, error correction M, versions 1 to 9.

Every module of a code is a sum over GF(2) of bits of its text, so a code is put together by XOR from tables that are
made once a version. That takes a hundredth of what an encoder takes that looks at each module, and a page that is
baked a thousand times a second can afford it. The mask is always the first: the standard's choice between eight serves
scanners in bad light, costs eight drawings, and no reader depends on it.
"""

from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

# Version → codewords of correction a block, and the number of data codewords of each block (level M).
_BLOCKS: dict[int, tuple[int, tuple[int, ...]]] = {
    1: (10, (16,)),
    2: (16, (28,)),
    3: (26, (44,)),
    4: (18, (32, 32)),
    5: (24, (43, 43)),
    6: (16, (27,) * 4),
    7: (18, (31,) * 4),
    8: (22, (38, 38, 39, 39)),
    9: (22, (36, 36, 36, 37, 37)),
}
_ALIGNMENT = {
    1: (),
    2: (6, 18),
    3: (6, 22),
    4: (6, 26),
    5: (6, 30),
    6: (6, 34),
    7: (6, 22, 38),
    8: (6, 24, 42),
    9: (6, 26, 46),
}
_FORMAT_OF_M_AND_MASK_0 = 0b101010000010010
_QUIET = 4  # modules of white around the code
_FIELD = 0x11D


class TooLong(ValueError):
    """The text does not fit into the largest code drawn here."""


@dataclass(frozen=True)
class QrCode:
    """`rows` from the top; in each the leftmost module is the highest of `size` bits, and 1 is dark."""

    size: int
    rows: tuple[int, ...]

    @property
    def view(self) -> int:
        """Width and height of the drawing, white border included."""
        return self.size + 2 * _QUIET

    @property
    def path(self) -> str:
        """An SVG path to be stroked one unit wide; the white border is part of its coordinates."""
        width = -(-self.size // 8)
        shift, back = width * 8 - self.size, f"m-{width * 8} 1"
        lines = ("".join(map(_STROKES.__getitem__, (row << shift).to_bytes(width, "big"))) for row in self.rows)
        return f"M{_QUIET} {_QUIET}.5{back.join(lines)}"


def qr_code(text: str) -> QrCode:
    """The code of a text in UTF-8. Raises TooLong beyond 180 bytes."""
    data = text.encode()
    version = next((version for version, (_, blocks) in _BLOCKS.items() if len(data) + 2 <= sum(blocks)), None)
    if version is None:
        raise TooLong(text)
    drawing = _drawing(version)
    bits = drawing.base
    for table, byte in zip(drawing.tables, _stream(data, sum(_BLOCKS[version][1])), strict=True):
        bits ^= table[0][byte >> 4] ^ table[1][byte & 15]
    size = drawing.size
    whole = (1 << size) - 1
    return QrCode(size, tuple(bits >> size * (size - 1 - row) & whole for row in range(size)))


def _stream(data: bytes, capacity: int) -> bytes:
    """Mode, length, text and end, shifted by the half byte that the mode takes; then the standard's filling."""
    head = (0b0100 << 8 | len(data)) << (8 * len(data)) | int.from_bytes(data, "big")
    written = (head << 4).to_bytes(len(data) + 2, "big")
    return written + (b"\xec\x11" * capacity)[: capacity - len(written)]


@dataclass(frozen=True)
class _Drawing:
    """All of one version that does not depend on the text, and what each half byte of the text adds to it."""

    size: int
    base: int
    tables: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


@cache
def _drawing(version: int) -> _Drawing:
    size = 17 + 4 * version
    fixed = _fixed_modules(version, size)
    places = [1 << (size * (size - 1 - row) + size - 1 - column) for row, column in _zigzag(size, fixed)]
    base = sum(1 << (size * (size - 1 - row) + size - 1 - column) for (row, column), dark in fixed.items() if dark)
    base ^= sum(1 << (size * (size - 1 - row) + size - 1 - column)
                for row, column in _zigzag(size, fixed) if (row + column) % 2 == 0)  # fmt: skip
    capacity = sum(_BLOCKS[version][1])
    tables = tuple(_tables_of(position, capacity, version, places) for position in range(capacity))
    return _Drawing(size, base, tables)


def _tables_of(
    position: int, capacity: int, version: int, places: list[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What the upper and the lower half byte at a position add, for each of their sixteen values."""
    bits = []
    for bit in range(8):
        data = bytearray(capacity)
        data[position] = 1 << bit
        bits.append(_placed(_with_correction(bytes(data), version), places))
    return _sums(bits[4:]), _sums(bits[:4])


def _sums(bits: list[int]) -> tuple[int, ...]:
    found = [0]
    for bit in bits:
        found += [known ^ bit for known in found]
    return tuple(found)


def _placed(codewords: bytes, places: list[int]) -> int:
    return sum(
        places[8 * index + 7 - bit]
        for index, byte in enumerate(codewords)
        if byte
        for bit in range(8)
        if byte >> bit & 1
    )


def _with_correction(data: bytes, version: int) -> bytes:
    """Data and correction codewords of all blocks, interleaved as the code shows them."""
    correction, sizes = _BLOCKS[version]
    blocks, at = [], 0
    for size in sizes:
        blocks.append(data[at : at + size])
        at += size
    corrections = [_remainder(block, correction) for block in blocks]
    return bytes(
        byte for group in (blocks, corrections) for turn in zip_longest(*group) for byte in turn if byte is not None
    )


def _remainder(block: bytes, length: int) -> bytes:
    """Reed-Solomon: the block times x^length modulo the generator polynomial, over GF(256)."""
    generator = _generator(length)
    rest = [0] * length
    for byte in block:
        factor = byte ^ rest[0]
        rest = [*rest[1:], 0]
        if factor:
            rest = [known ^ _times(factor, coefficient) for known, coefficient in zip(rest, generator, strict=True)]
    return bytes(rest)


@cache
def _generator(length: int) -> tuple[int, ...]:
    """Coefficients of (x - 1)(x - 2)(x - 4) … without the leading one."""
    found, root = [1], 1
    for _ in range(length):
        found = [a ^ _times(b, root) for a, b in zip([*found, 0], [0, *found], strict=True)]
        root = _times(root, 2)
    return tuple(found[1:])


@cache
def _times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (_FIELD if a & 0x80 else 0)
        b >>= 1
    return product


def _zigzag(size: int, fixed: dict[tuple[int, int], bool]) -> list[tuple[int, int]]:
    """Places of the data, in the order of the standard: pairs of columns from the right, up and down in turn."""
    found = []
    rows = list(range(size - 1, -1, -1))
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        found += [(row, column) for row in rows for column in (right, right - 1) if (row, column) not in fixed]
        rows.reverse()
    return found


def _fixed_modules(version: int, size: int) -> dict[tuple[int, int], bool]:
    """Everything that is not data: the three eyes, the rulers, alignment, format and version."""
    fixed: dict[tuple[int, int], bool] = {}
    for place in range(size):
        fixed[6, place] = fixed[place, 6] = place % 2 == 0
    for row, column in ((3, 3), (3, size - 4), (size - 4, 3)):
        _square(fixed, row, column, reach=4, light=(2, 4), size=size)
    last = len(_ALIGNMENT[version]) - 1
    for i, row in enumerate(_ALIGNMENT[version]):
        for j, column in enumerate(_ALIGNMENT[version]):
            if (i, j) not in {(0, 0), (0, last), (last, 0)}:
                _square(fixed, row, column, reach=2, light=(1,), size=size)
    _write_format(fixed, size)
    if version >= 7:
        _write_version(fixed, version, size)
    return fixed


def _square(
    fixed: dict[tuple[int, int], bool], row: int, column: int, *, reach: int, light: tuple[int, ...], size: int
) -> None:
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            if 0 <= row + down < size and 0 <= column + right < size:
                fixed[row + down, column + right] = max(abs(down), abs(right)) not in light


def _write_format(fixed: dict[tuple[int, int], bool], size: int) -> None:
    for bit in range(15):
        dark = bool(_FORMAT_OF_M_AND_MASK_0 >> bit & 1)
        beside = (bit, 8) if bit < 6 else (bit + 1, 8) if bit < 8 else (8, 7) if bit == 8 else (8, 14 - bit)
        fixed[beside] = dark
        fixed[(8, size - 1 - bit) if bit < 8 else (size - 15 + bit, 8)] = dark
    fixed[size - 8, 8] = True


def _write_version(fixed: dict[tuple[int, int], bool], version: int, size: int) -> None:
    rest = version
    for _ in range(12):
        rest = rest << 1 ^ (0x1F25 if rest >> 11 else 0)
    word = version << 12 | rest
    for bit in range(18):
        dark = bool(word >> bit & 1)
        fixed[bit // 3, size - 11 + bit % 3] = fixed[size - 11 + bit % 3, bit // 3] = dark


def _strokes(byte: int) -> str:
    """Eight modules as relative path commands: `h` draws, `m` moves on."""
    found, bits = "", f"{byte:08b}"
    while bits:
        run = len(bits) - len(bits.lstrip(bits[0]))
        found += f"h{run}" if bits[0] == "1" else f"m{run} 0"
        bits = bits[run:]
    return found


_STROKES = tuple(map(_strokes, range(256)))
