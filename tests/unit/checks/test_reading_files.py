"""Files as matter: what stands where, and a finding instead of silence for what cannot be read."""

import io
import zipfile
from datetime import date

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from jiyue.checks.findings import Severity
from jiyue.checks.reading import matter_of_file
from jiyue.checks.running import check
from jiyue.checks.settings import shipped
from jiyue.checks.unreadable import SENTENCES
from tests.apps.content import intake_samples
from tests.unit.checks.old_office_samples import compound

PLAIN = shipped(date(2026, 11, 22))
NUMBER = "110101199003077475"
NUMBERS = ("110101199003077475", "110101198512150031", "110101199001011237")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def personal(content: bytes, name: str = "a") -> list[tuple[str, str]]:
    found = check(matter_of_file(content, name), PLAIN, only=["personal-data"])
    return [(one.detector.removeprefix("personal-data."), one.place) for one in found]


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.core_properties.author = "湖办张三"
    document.sections[0].header.paragraphs[0].text = f"页眉{NUMBER}"
    document.add_heading("补贴名单", 1)
    document.add_paragraph("现将名单公示如下。")
    table = document.add_table(4, 2)
    for row, cells in enumerate([("姓名", "身份证号"), *zip(("张湖", "李湖", "王湖"), NUMBERS, strict=True)]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    deleted = f'<w:del xmlns:w="{W}" w:id="1"><w:r><w:delText>手机13812345678</w:delText></w:r></w:del>'
    document.paragraphs[1]._p.append(parse_xml(deleted))
    return saved(document)


@pytest.mark.req("PRIV-03")
def test_a_word_file_is_read_with_tables_headers_properties_and_what_was_deleted():
    matter = matter_of_file(word(), "名单.docx")
    assert [matter.text[start:end] for _level, start, end in matter.headings] == ["补贴名单"]
    assert personal(word()) == [
        ("mobile", "修订中已删除、但文件里仍保留的文字"),
        ("id-number", "表 1 “身份证号”列"),
        ("id-number", "页眉"),
    ]
    assert ("metadata", "湖办张三", "文档属性“作者”") in [(p.kind, matter.words(p), p.place) for p in matter.parts]


@pytest.mark.req("PRIV-03")
def test_a_spreadsheet_is_read_with_hidden_sheets_numbers_days_and_gaps():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名单"
    sheet.append(["澄湖市补贴发放名单"])
    sheet.append(["序号", "姓名", None, "身份证号", "手机", "出生日期"])
    for place, number in enumerate(NUMBERS, 1):
        sheet.append([place, f"张湖{place}", None, number, 13812345670 + place, date(1990, 3, place)])
    hidden = book.create_sheet("底稿")
    hidden.sheet_state = "hidden"
    hidden.append(["联系", NUMBER])
    assert personal(saved(book)) == [
        ("id-number", "工作表“名单” “身份证号”列"),
        ("mobile", "工作表“名单” “手机”列"),
        ("birth-date", "工作表“名单” “出生日期”列"),
        ("id-number", "工作表“底稿”（隐藏） B1"),
    ]


@pytest.mark.req("PRIV-03")
def test_a_pdf_is_read_page_by_page():
    content = intake_samples.pdf([[f"身份证号{NUMBER}"], ["无"], ["第三页有手机13812345678的内容"]])
    assert personal(content, "a.pdf") == [("id-number", "第 1 页"), ("mobile", "第 3 页")]


@pytest.mark.req("PRIV-03")
def test_words_beside_the_pixels_of_a_picture_are_read():
    picture = Image.new("RGB", (4, 4))
    jpeg, png = io.BytesIO(), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "mobile 13812345678"
    exif[0x9C9B] = f"身份证{NUMBER}".encode("utf-16-le")
    picture.save(jpeg, "JPEG", exif=exif, comment=b"card 6222021234567890128")
    info = PngInfo()
    info.add_itxt("Description", f"身份证{NUMBER}")
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta><rdf:li>手机13812345678</rdf:li></x:xmpmeta>")
    picture.save(png, "PNG", pnginfo=info)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><text>身份证<tspan>{NUMBER}</tspan></text></svg>'.encode()
    assert sorted(kind for kind, _place in personal(jpeg.getvalue())) == ["bank-card", "id-number", "mobile"]
    assert sorted({kind for kind, _place in personal(png.getvalue())}) == ["id-number", "mobile"]
    assert personal(svg, "a.svg") == [("id-number", "图片“a.svg”里的文字")]


def test_files_inside_files_are_read():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("名单.docx", word())
        archive.writestr("说明.txt", f"身份证{NUMBER}")
    assert ("id-number", "“说明.txt”第 1 段") in personal(stream.getvalue(), "附件.zip")
    assert ("id-number", "表 1 “身份证号”列") in personal(stream.getvalue(), "附件.zip")


def test_ofd_and_slides_are_read():
    for member, start, xml in (
        ("OFD.xml", "Doc_0/Pages/Page_0/Content.xml", "<o:Page xmlns:o='u'><o:TextCode>身份证{}</o:TextCode></o:Page>"),
        ("ppt/presentation.xml", "ppt/slides/slide1.xml", "<a:x xmlns:a='u'><a:p><a:t>身份证{}</a:t></a:p></a:x>"),
    ):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(member, "<a/>")
            archive.writestr(start, xml.format(NUMBER))
        assert [kind for kind, _place in personal(stream.getvalue())] == ["id-number"]


SLIDE = (
    '<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"{}>{}</p:sld>'
)
SHOWN = (
    '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<p:sldId r:id="b"/><p:sldId r:id="a"/></p:presentation>'
)
LED = '<x><r Id="a" Target="slides/slide1.xml"/><r Id="b" Target="/ppt/slides/slide2.xml"/></x>'


def slides() -> bytes:
    """Shown the second first; a hidden slide with a named table, a picture's description, a note, a comment, a drawing."""
    rows = "".join(
        f"<a:tr><a:tc><a:p><a:t>{name}</a:t></a:p></a:tc><a:tc><a:p><a:t>{number}</a:t></a:p></a:tc></a:tr>"
        for name, number in (("姓名", "身份证号"), ("样一", NUMBER), ("样二", NUMBER), ("样三", NUMBER))
    )
    table = f'<a:tbl><a:tblPr firstRow="1"/>{rows}</a:tbl>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("ppt/presentation.xml", SHOWN)
        archive.writestr("ppt/_rels/presentation.xml.rels", LED)
        archive.writestr("ppt/slides/slide1.xml", SLIDE.format(' show="0"', f"<a:g>{table}</a:g>"))
        said = f'<p:cNvPr descr="身份证{NUMBER}"/><a:p><a:t>全市工作</a:t><a:t>会议</a:t></a:p>'
        archive.writestr("ppt/slides/slide2.xml", SLIDE.format("", said))
        for part in ("notesSlides/notesSlide1", "comments/comment1", "diagrams/data1", "charts/chart1"):
            archive.writestr(f"ppt/{part}.xml", f"<a:x xmlns:a='u'><a:p><a:t>身份证{NUMBER}</a:t></a:p></a:x>")
    return stream.getvalue()


def test_slides_are_read_in_their_order_with_tables_notes_comments_and_drawings():
    matter = matter_of_file(slides(), "汇报.pptx")
    assert matter.text.startswith("全市工作会议\n") and not matter.troubles
    told = {part.place for part in matter.parts if NUMBER in matter.text[part.start : part.end]}
    table = "第 2 张幻灯片（隐藏）的表格"
    cells = {f"{table} 第 {row} 行第 2 列" for row in (2, 3, 4)}
    assert told == {"第 1 张幻灯片的替代文字", "备注页", "批注", "图示", "图表", *cells}
    assert ("id-number", f"{table} “身份证号”列") in personal(slides(), "汇报.pptx")


def test_an_old_presentation_is_told_not_passed_over():
    old = compound({"PowerPoint Document": bytes(6000)})
    (trouble,) = matter_of_file(old, "汇报.ppt").troubles
    assert (trouble.code, trouble.values["name"]) == ("old_format", "汇报.ppt")


def test_text_in_an_old_encoding_is_read():
    assert personal(f"身份证号{NUMBER}的同志".encode("gb18030")) == [("id-number", "第 1 段")]


def locked_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    return stream.getvalue().replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "“a”是空文件"),
        (word()[:4000], "“a”已损坏，无法检测里面的内容"),
        (locked_zip(), "“a”设有打开密码，无法检测里面的内容"),
        (OLE, "“a”已损坏，无法检测里面的内容"),
        (compound({"PowerPoint Document": b"x"}), "“a”是检测读不了的旧版 Office 文档"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "“a”设有打开密码，无法检测里面的内容"),
        (intake_samples.encrypted_pdf(), "“a”设有打开密码，无法检测里面的内容"),
        (intake_samples.pdf([["一页文字"]])[:300], "“a”已损坏，无法检测里面的内容"),
        (intake_samples.scanned_pdf(), "“a”没有文字层（可能是扫描件），无法检测里面的内容"),
        (bytes(range(256)) * 40, "“a”的格式无法识别，无法检测里面的内容"),
        (b"\x89PNG\r\n\x1a\n" + b"broken", "“a”已损坏，无法检测里面的内容"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg><text>&a;</text></svg>',
         "“a”内部结构异常（疑似压缩炸弹或外部实体），没有打开"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_finding_that_blocks(content, code):
    [finding] = check(matter_of_file(content, "a"), PLAIN)
    assert (finding.detector, finding.severity, finding.say()) == ("document.unreadable", Severity.BLOCK, code)
    assert finding.as_json()["suggestion"]


def test_sound_and_film_have_no_text_and_no_trouble():
    assert check(matter_of_file(b"\x00\x00\x00\x18ftypmp42" + bytes(100), "a.mp4"), PLAIN) == ()


STARTS = [
    b"PK\x03\x04",
    b"%PDF-1.4\n",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"<svg>",
    b"<html>",
    b"",
    b"GIF89a",
    b"BM",
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=400))
def test_any_bytes_are_taken(start, rest):
    matter = matter_of_file(start + rest, "a")
    assert {trouble.code for trouble in matter.troubles} <= set(SENTENCES)
    check(matter, PLAIN)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_office_file_never_raises(data):
    content = bytearray(word())
    for _ in range(data.draw(st.integers(1, 30))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    check(matter_of_file(bytes(content), "a.docx"), PLAIN)
