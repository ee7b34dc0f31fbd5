"""Real files made in code: DOCX with merged cells and a picture, PDF with Chinese text, and broken variants of both."""

import io
import zipfile
import zlib

import docx
from docx.oxml import parse_xml
from PIL import Image

NOTICE = (
    "澄湖市人民政府办公室关于做好汛期值守的通知\n澄政办发〔2024〕12号\n各县（区）人民政府，市政府各部门：\n"
    "为做好汛期值守工作，现将有关事项通知如下，请认真贯彻执行。\n澄湖市人民政府办公室\n2024年3月1日\n（此件公开发布）"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def png(width: int = 4, height: int = 3) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "#2a6").save(stream, "PNG")
    return stream.getvalue()


def word() -> bytes:
    """A notice, a heading, a bold word, a list, a table with cells merged both ways, a picture."""
    document = docx.Document()
    for line in NOTICE.split("\n"):
        document.add_paragraph(line)
    document.add_heading("值守安排", 1)
    document.add_paragraph("每日").add_run("两班").bold = True
    document.add_paragraph("登记", style="List Bullet")
    document.add_paragraph("报告", style="List Bullet")
    table = document.add_table(3, 3)
    for row, texts in enumerate((("地区", "人数", ""), ("", "白班", "夜班"), ("望溪县", "2", "1"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    document.add_picture(io.BytesIO(png()))
    return saved(document)


def numbered_word() -> bytes:
    """Paragraphs that Word itself counts as 第一条, 第二条 and 一、."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    for identity, form, text in (("90", "chineseCounting", "第%1条　"), ("91", "chineseCountingThousand", "%1、")):
        definition = parse_xml(
            f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="{identity}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
        )
        numbering.insert(0, definition)
        numbering.append(
            parse_xml(f'<w:num xmlns:w="{W}" w:numId="{identity}"><w:abstractNumId w:val="{identity}"/></w:num>')
        )
    for identity, text in (("91", "总体要求"), ("90", "为了保护湖泊。"), ("90", "本办法适用于全市。")):
        number = f'<w:numPr xmlns:w="{W}"><w:ilvl w:val="0"/><w:numId w:val="{identity}"/></w:numPr>'
        document.add_paragraph(text)._p.get_or_add_pPr().append(parse_xml(number))
    return saved(document)


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def repacked(content: bytes, *, change=None, add=None) -> bytes:
    """The archive with parts changed (name → function of bytes) and added (name → bytes)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, (change or {}).get(entry.filename, lambda same: same)(part))
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return stream.getvalue()


def pdf(pages: list[list[str]], *, encrypt: str = "") -> bytes:
    """A PDF with Chinese text in a standard Chinese font, 14 points, lines begin at 72 points from the left."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    objects.append(
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        b"/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -200 1000 900]"
        b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 90>>>>]>>"
    )
    kids = []
    for lines in pages:
        ops = "".join(_line(line, 760 - 24 * n) for n, line in enumerate(lines))
        packed = zlib.compress(ops.encode())
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    return _assembled(objects, encrypt)


def _line(text: str, height: int) -> str:
    bare = text.lstrip("　")
    left = 72 + 14 * (len(text) - len(bare)) * 2
    return f"BT /F 14 Tf {left} {height} Td <{bare.encode('utf-16-be').hex()}> Tj ET\n"


def _assembled(objects: list[bytes], encrypt: str) -> bytes:
    body, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<</Size %d/Root 1 0 R%s>>" % (len(objects) + 1, encrypt.encode())
    return body + table + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % len(body)


def encrypted_pdf() -> bytes:
    """Its stored hashes fit no password, not even the empty one."""
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{'41' * 32}>/U<{'42' * 32}>/P -4>>/ID[<00><00>]"
    return pdf([["密"]], encrypt=lock)


def scanned_pdf() -> bytes:
    stream = io.BytesIO()
    Image.new("L", (200, 300), 200).save(stream, "PDF")
    return stream.getvalue()
