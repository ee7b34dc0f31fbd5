"""Damaged and hostile workbooks: whatever lies in the file, a sentence comes back and never a broken program."""

import io
import random
import zipfile

import pytest

from jiyue.content import workbooks
from jiyue.content.catalogue_import import CatalogueRefused, read_rows
from jiyue.content.service_importing import ServiceFileRefused, read_file
from jiyue.content.service_sheets import workbook_of

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"
BILLION = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "laugh"}">' for n in range(9))


def whole() -> bytes:
    return workbook_of([])


def changed(change) -> bytes:
    """The workbook with each of its parts put through `change(name, bytes)`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def with_sheet(text: str) -> bytes:
    return changed(lambda name, data: text.encode() if name == SHEET else data)


def scrambled(chance: random.Random) -> bytes:
    def change(name: str, data: bytes) -> bytes:
        found = bytearray(data)
        for _hit in range(chance.choice((0, 1, 4)) if found else 0):
            found[chance.randrange(len(found))] = chance.choice(b"<>&\"'/0 \xff\x00az9")
        return bytes(found)

    return changed(change)


def cut(chance: random.Random) -> bytes:
    found = bytearray(whole())
    for _hit in range(chance.choice((1, 5, 40))):
        found[chance.randrange(4, len(found))] = chance.randrange(256)
    return bytes(found)


def one_cell(cell: str, *, head: str = "", row: str = "1") -> str:
    return f'{head}<worksheet {MAIN}><sheetData><row r="{row}">{cell}</row></sheetData></worksheet>'


ENTITY = '<c r="A1" t="inlineStr"><is><t>&e8;</t></is></c>'
HOSTILE = {
    "entities": one_cell(ENTITY, head=f"<!DOCTYPE x [{BILLION}]>"),
    "a file of ours": one_cell(ENTITY, head='<!DOCTYPE x [<!ENTITY e8 SYSTEM "file:///etc/passwd">]>'),
    "a row far away": one_cell('<c r="A99999999999"><v>1</v></c>', row="99999999999"),
    "no dates": one_cell('<c r="A1" t="d"><v>99999-99-99</v></c><c r="B1" t="s"><v>9</v></c>'),
    "nothing": "",
}


@pytest.mark.req("SERV-05")
@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")  # of parts that it leaves out
@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("damage", [scrambled, cut])
def test_damage_ends_in_lines_or_a_sentence(seed, damage):
    data = damage(random.Random(seed))  # noqa: S311 - chance that can be repeated
    for read, refusal in (
        (read_file, ServiceFileRefused),
        (lambda given: read_rows(name="a.xlsx", data=given), CatalogueRefused),
    ):
        try:
            list(read(data))
        except refusal as refused:
            assert str(refused)


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@pytest.mark.parametrize("sheet", HOSTILE.values(), ids=HOSTILE)
def test_what_was_built_to_hurt_is_refused(sheet):
    with pytest.raises(ServiceFileRefused) as refused:
        read_file(with_sheet(sheet))
    assert "root:" not in str(refused.value)


def part(name: str, text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(name, text)
    return out.getvalue()


CELLS = workbooks.MOST_IN_ONE + 1
SWOLLEN = {
    "one row": part(SHEET, one_cell("<c/>" * CELLS)),
    "one row with a prefix": part(
        "x.bin", one_cell("<x:c/>" * CELLS).replace("<worksheet ", '<worksheet xmlns:x="x" ')
    ),
    "cut off": part(SHEET, one_cell("<c/>" * CELLS)[:-20]),
    "many rows": part(SHEET, one_cell(f"{'<c/>' * 40_000}</row><row>" * 51)),
    "shared strings": part("xl/sharedStrings.xml", f"<sst>{'<si/>' * (workbooks.MOST_STRINGS + 1)}</sst>"),
    "one shared string": part("xl/sharedStrings.xml", f"<sst><si>{'<r/>' * CELLS}</si></sst>"),
    "styles": part("xl/styles.xml", f"<styleSheet><cellXfs>{'<xf/>' * workbooks.MOST_ASIDE}</cellXfs></styleSheet>"),
    "styles that play rows": part("xl/styles.xml", f"<styleSheet>{'<xf/><row/><si/>' * 70_000}</styleSheet>"),
}


@pytest.mark.parametrize("data", SWOLLEN.values(), ids=SWOLLEN)
def test_a_small_file_of_millions_of_elements_is_refused_before_any_is_made(data, monkeypatch):
    def never(*_given, **_how):
        raise AssertionError("openpyxl was asked")

    monkeypatch.setattr(workbooks, "load_workbook", never)
    assert len(data) < 100_000
    with pytest.raises(workbooks.TooLarge):
        workbooks.opened(data)


def test_a_zip_of_many_parts_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for n in range(workbooks.MOST_PARTS + 1):
            book.writestr(f"{n}", b"")
    with pytest.raises(workbooks.TooLarge):
        workbooks.opened(out.getvalue())


def test_as_wide_a_row_as_a_spreadsheet_program_writes_is_read():
    cell = '<c t="inlineStr"><is><t>1</t></is></c>'
    book = workbooks.opened(with_sheet(one_cell(cell * 16_384)))
    assert [len(row) for row in book.worksheets[0].iter_rows(values_only=True)] == [16_384]
