"""DOC and XLS of the old format are read; what is encrypted or broken is a finding and never an exception."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiyue.checks.reading import matter_of_file
from jiyue.checks.running import check
from jiyue.checks.settings import shipped
from tests.unit.checks.old_office_samples import compound, doc, xls

pytestmark = pytest.mark.req("PRIV-02", "PRIV-03")
DAY = date(2026, 11, 22)
ID_NUMBER = "110101199003077475"


def troubles(content: bytes) -> list[str]:
    return [trouble.code for trouble in matter_of_file(content, "a").troubles]


def test_the_pieces_of_a_document_are_one_text():
    content = doc("关于补助的通知\r补助对象张某，身份证号", ID_NUMBER, "。\r第二段\x0b换行\r", "甲\x07乙\x07\x07")
    matter = matter_of_file(content, "通知.doc")
    assert [matter.words(part) for part in matter.parts] == [
        "关于补助的通知", f"补助对象张某，身份证号{ID_NUMBER}。", "第二段\n换行", "甲", "乙",
    ]  # fmt: skip
    assert [found.detector for found in check(matter, shipped(DAY))] == ["personal-data.id-number"]
    assert matter.troubles == ()


def test_links_of_fields_are_links():
    matter = matter_of_file(doc('见\x13 HYPERLINK "https://shop.taobao.com/a" \x14本页\x15。\r'), "a.doc")
    assert [(link.href, link.text) for link in matter.links] == [("https://shop.taobao.com/a", "见本页。")]
    assert [found.detector for found in check(matter, shipped(DAY), only=["advertisement"])] == ["advertisement.link"]


def test_the_cells_of_a_workbook_are_a_table():
    rows = [["姓名", "身份证号"], *[[f"样{n}", ID_NUMBER] for n in "甲乙丙丁"], ["金额", 1200.0]]
    matter = matter_of_file(xls(rows, hidden=True), "名单.xls")
    [table] = matter.tables
    assert (len(table.rows), "（隐藏）" in table.place) == (6, True)
    assert "1200" in matter.text.split()
    [found] = [one for one in check(matter, shipped(DAY)) if one.detector == "personal-data.id-number"]
    assert len(found.fixes) == 4


def test_what_has_a_password_or_is_no_such_file_could_not_be_read():
    assert troubles(doc("内容", flags=0x0300)) == ["encrypted"]
    assert troubles(compound({"EncryptedPackage": b"x"})) == ["encrypted"]
    password = b"\x2f\x00\x06\x00" + b"\0" * 6
    assert troubles(xls([["甲"]], first=password)) == ["encrypted"]
    assert troubles(doc("内容", magic=0)) == ["old_format"]
    assert troubles(compound({"PowerPoint Document": b"x"})) == ["old_format"]
    assert troubles(doc("内容")[:700]) == ["damaged"]
    [found] = check(matter_of_file(doc("内容")[:700], "a.doc"), shipped(DAY))
    assert (found.detector, found.severity) == ("document.unreadable", "block")


@pytest.mark.parametrize(
    "whole", [doc("关于补助的通知\r内容", ID_NUMBER), xls([["甲", 1.5], ["乙", 2.0]])], ids=["doc", "xls"]
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_broken_file_never_raises(whole, data):
    broken = bytearray(whole)
    for _each in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(9, len(broken)))
    check(matter_of_file(bytes(broken[:cut]), "a"), shipped(DAY))
