"""Files of every kind, good and broken: each fault has its own sentence, and the rest goes on."""

import codecs
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiyue.content.intake import IntakeRefused, Item, Limits, Refusal, read, read_many
from jiyue.content.intake.items import MIB, SENTENCES
from jiyue.content.rendering import plain_text, render_body
from tests.apps.content import intake_samples as samples


def one(content, name, **limits) -> Item:
    (item,) = read(content, name=name, limits=Limits(**limits))
    return item


def codes(item):
    return [note.code for note in item.notes]


def refusal(content, name, **limits) -> str:
    with pytest.raises(IntakeRefused) as refused:
        list(read(content, name=name, limits=Limits(**limits)))
    assert name in str(refused.value.message)
    return refused.value.code


# -- text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "mark", "notes"),
    [
        ("utf-8", b"", []),
        ("utf-8", codecs.BOM_UTF8, []),
        ("gb18030", b"", ["encoding_assumed"]),
        ("utf-16-le", codecs.BOM_UTF16_LE, ["encoding_assumed"]),
        ("utf-16-be", codecs.BOM_UTF16_BE, ["encoding_assumed"]),
        ("utf-16-le", b"", ["encoding_assumed"]),
    ],
)
def test_text_is_read_in_its_encoding(codec, mark, notes):
    item = one(mark + samples.NOTICE.encode(codec), "通知.txt")
    assert codes(item) == notes
    assert item.title == "澄湖市人民政府办公室关于做好汛期值守的通知"
    assert item.value("document_number") == "澄政办发〔2024〕12号"
    assert [block["type"] for block in item.blocks] == ["official"]
    assert item.blocks[0]["value"]["date"] == "2024-03-01"
    assert item.blocks[0]["value"]["notes"] == "（此件公开发布）"


def test_traditional_text_in_big5_is_told_from_gb18030():
    item = one("關於會議的通知\n這個會議在市政府舉行，請各單位準時參加。".encode("big5"), "a.txt")
    assert str(item.notes[0].message) == "文字编码识别为 Big5。"
    assert "這個會議在市政府舉行" in plain_text(item.blocks)


def test_lines_of_two_encodings_are_read_one_by_one_and_reported():
    content = (
        "关于会议的通知\n".encode() + "请各单位准时参加，不得迟到。\n".encode("gb18030") + "联系人在办公室。".encode()
    )
    item = one(content, "a.txt")
    assert codes(item) == ["encoding_mixed"]
    assert plain_text(item.blocks).split("\n") == ["请各单位准时参加，不得迟到。", "联系人在办公室。"]


def test_a_few_damaged_bytes_are_replaced_and_counted():
    content = (samples.NOTICE * 5).encode()
    item = one(content[:700] + b"\xff" + content[700:], "a.txt")
    assert "encoding_damaged" in codes(item)


def test_null_bytes_are_taken_out_and_counted():
    item = one("关于会议的通知\n请\x00参加\x00会议。".encode(), "a.txt")
    assert "null_bytes" in codes(item)
    assert plain_text(item.blocks) == "请参加会议。"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.txt", "empty"),
        (b" \n\t\n", "空.txt", "empty"),
        (bytes(range(32)) * 40, "a.txt", "binary"),
        (bytes(range(32)) * 40, "a.exe", "unknown_kind"),
        (b"\x81\x20\xff\xfe\xfa" * 50, "a.txt", "encoding_unknown"),
        (samples.png(), "a.txt", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"WordDocument" * 50, "a.doc", "old_word_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.docx", "docx_encrypted"),
        (b"<html><body><script>1</script></body></html>", "a.html", "html_without_text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_own_code(content, name, code):
    assert refusal(content, name) == code


def test_a_file_is_measured_before_it_is_read(tmp_path):
    large = tmp_path / "大.txt"
    with large.open("wb") as stream:
        stream.truncate(200 * MIB)
    with pytest.raises(IntakeRefused) as refused:
        next(read(large))
    assert refused.value.code == "too_large"
    assert str(refused.value.message) == "“大.txt”有 200 MB，超过 100 MB 的上限；请拆分后再导入。"


def test_a_missing_file_is_refused(tmp_path):
    for path in (tmp_path / "无.txt", tmp_path):
        with pytest.raises(IntakeRefused) as refused:
            next(read(path))
        assert refused.value.code == "not_found"


def test_too_many_characters_are_refused():
    assert refusal("字".encode() * 50, "a.txt", characters=40) == "too_many_characters"


# -- pages ---------------------------------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>澄湖市_通知</title>
<meta name="ArticleTitle" content="关于防汛的通知"><meta name="PubDate" content="2024-05-06 09:30">
<meta name="ContentSource" content="澄湖市水利局"><script>track()</script></head><body onload="x()">
<div class="nav"><a href="/">首页</a><a href="/zw">政务公开</a></div>
<div class="main"><h1>关于防汛的通知</h1><p>各县人民政府：</p><p>为做好防汛工作，请各地<b>立即</b>检查堤防，落实责任。</p>
<iframe src="//elsewhere.example"></iframe>
<p onclick="y()">详见<a href="javascript:z()">附件</a>和<a href="./a.pdf">名录</a>。</p>
<table><tr><th>地区</th><th>人数</th></tr><tr><td rowspan="2">望溪县</td><td>1</td></tr><tr><td>2</td></tr></table>
<img src="data:image/png;base64,DATA" alt="堤防"><img src="/b.png"></div>
<div class="footer">版权所有 澄湖市水利局 网站标识码 9901000001</div></body></html>"""


def page() -> bytes:
    return PAGE.replace("DATA", codecs.encode(samples.png(), "base64").decode().replace("\n", "")).encode("gb18030")


def test_a_page_gives_its_article_and_leaves_everything_else():
    item = one(page(), "页.html")
    assert item.title == "关于防汛的通知"
    assert item.value("published_on").isoformat() == "2024-05-06T09:30:00+08:00"
    assert item.fields["published_on"].source == "page:pubdate"
    assert item.origin == "澄湖市水利局"
    assert [block["type"] for block in item.blocks] == ["paragraph", "table", "image"]
    assert item.blocks[0]["value"].endswith('<p>详见附件和<a href="./a.pdf">名录</a>。</p>')
    assert item.blocks[1]["value"]["mergeCells"] == [{"row": 1, "col": 0, "rowspan": 2, "colspan": 1}]
    assert item.blocks[2]["value"]["image"] == "@0"
    assert (item.files[0].content, item.files[0].media_type) == (samples.png(), "image/png")
    assert sorted(set(codes(item))) == [
        "encoding_assumed", "html_addresses", "html_frames", "html_handlers", "html_hidden_left", "html_scripts",
        "pictures_left",
    ]  # fmt: skip


def test_paragraphs_that_stand_in_the_body_itself_are_the_article():
    text = "为做好防汛工作，请各地立即检查堤防，落实责任。"
    page = f"<html><body onload='x()'><h1>关于防汛的通知</h1><p>{text}</p><script>alert(1)</script></body></html>"
    item = one(page.encode(), "页.html")
    assert text in item.blocks[-1]["value"]
    assert "html_scripts" in codes(item)


# -- DOCX ----------------------------------------------------------------------------------------------------------


def test_word_keeps_layout_headings_lists_merged_cells_and_pictures():
    item = one(samples.word(), "通知.docx")
    assert [block["type"] for block in item.blocks] == [
        "official", "heading", "paragraph", "list", "table", "image",
    ]  # fmt: skip
    official, heading, paragraph, bullets, table, image = (block["value"] for block in item.blocks)
    assert official["addressee"] == "各县（区）人民政府，市政府各部门："
    assert official["signature"] == "澄湖市人民政府办公室"
    assert (heading["text"], paragraph) == ("值守安排", "<p>每日<strong>两班</strong></p>")
    assert bullets == {"ordered": False, "items": ["登记", "报告"]}
    assert table["data"] == [["地区", "人数", ""], ["", "白班", "夜班"], ["望溪县", "2", "1"]]
    assert table["mergeCells"] == [
        {"row": 0, "col": 0, "rowspan": 2, "colspan": 1},
        {"row": 0, "col": 1, "rowspan": 1, "colspan": 2},
    ]
    assert image["image"] == "@0"
    assert [(file.name, file.media_type) for file in item.files] == [("1.png", "image/png")]
    assert codes(item) == ["pictures_without_alt"]


def test_numbers_that_word_counts_in_chinese_stay_in_the_text():
    lines = plain_text(one(samples.numbered_word(), "办法.docx").blocks).split("\n")
    assert lines == ["一、总体要求", "第一条　为了保护湖泊。", "第二条　本办法适用于全市。"]


def bomb() -> bytes:
    return samples.repacked(samples.word(), add={"word/media/x.bin": bytes(400 * MIB)})


def swollen() -> bytes:
    return samples.repacked(samples.word(), add={"word/media/x.bin": bytes(60 * MIB)})


def crowded() -> bytes:
    return samples.repacked(samples.word(), add={f"x/{n}": b"" for n in range(6000)})


def as_macro_document(part: bytes) -> bytes:
    return part.replace(b"document.main+xml", b"macroEnabled.main+xml")


def with_doctype(part: bytes) -> bytes:
    head, _, rest = part.partition(b"?>")
    return head + b'?><!DOCTYPE w [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>' + rest


def with_utf16_doctype(part: bytes) -> bytes:
    text = with_doctype(part).decode().replace("UTF-8", "UTF-16")
    return text.encode("utf-16")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: samples.repacked(samples.word(), add={"word/vbaProject.bin": b"x"}), "docx_macros"),
        (lambda: samples.repacked(samples.word(), change={"[Content_Types].xml": as_macro_document}), "docx_macros"),
        (lambda: samples.repacked(samples.word(), change={"word/document.xml": with_doctype}), "docx_entities"),
        (lambda: samples.repacked(samples.word(), change={"word/styles.xml": with_utf16_doctype}), "docx_entities"),
        (swollen, "zip_bomb"),
        (crowded, "zip_bomb"),
        (lambda: samples.word()[:4000], "docx_damaged"),
        (
            lambda: samples.repacked(samples.word(), change={"word/document.xml": lambda part: part[:900]}),
            "docx_damaged",
        ),
    ],
)
def test_a_dangerous_or_broken_word_file_is_refused(content, code):
    assert refusal(content(), "文.docx") == code


def test_other_archives_are_refused_by_what_they_hold():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "甲")
    assert refusal(stream.getvalue(), "a.zip") == "archive"
    assert refusal(stream.getvalue(), "a.docx") == "archive"
    assert refusal(samples.repacked(stream.getvalue(), add={"xl/workbook.xml": b"<x/>"}), "a.xlsx") == "spreadsheet"


# -- PDF -----------------------------------------------------------------------------------------------------------

FULL = "为做好汛期值守工作现将有关事项通知如下请各地各部门认真贯彻执"


def test_a_pdf_gives_paragraphs_joined_over_lines_and_keeps_itself_as_attachment():
    first = [
        "澄湖市水利局关于值守的通知",
        "澄水发〔2024〕3号",
        "各县水利局：",
        f"　{FULL[:-2]}",
        FULL,
        "行到位。",
        "— 1 —",
    ]
    second = ["一、值守要求", "　甲乙丙丁。", "澄湖市水利局", "2024年5月6日", "- 2 -"]
    item = one(samples.pdf([first, second]), "通知.pdf")
    assert item.value("document_number") == "澄水发〔2024〕3号"
    assert item.value("written_on").isoformat() == "2024-05-06"
    assert plain_text(item.blocks).split("\n") == [
        "各县水利局：",
        f"{FULL[:-2]}{FULL}行到位。",
        "一、值守要求",
        "甲乙丙丁。",
        "澄湖市水利局",
        "2024年5月6日",
    ]
    assert item.blocks[-1]["value"]["document"] == "@0"
    assert (item.files[0].name, item.files[0].media_type) == ("通知.pdf", "application/pdf")


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (lambda: samples.pdf([["甲乙丙丁"] * 20])[:700], {}, "pdf_truncated"),
        (samples.encrypted_pdf, {}, "pdf_encrypted"),
        (samples.scanned_pdf, {}, "pdf_scanned"),
        (lambda: b"%PDF-1.5\n" + b"x" * 500 + b"\n%%EOF", {}, "pdf_damaged"),
        (lambda: samples.pdf([["甲"]] * 6), {"pdf_pages": 5}, "pdf_too_many_pages"),
        (lambda: samples.pdf([["甲" * 300] * 500] * 3), {"pdf_memory": 8 * MIB}, "pdf_damaged"),
        (lambda: samples.pdf([["甲" * 300] * 500] * 12), {"pdf_seconds": 1}, "pdf_too_slow"),
    ],
)
def test_a_broken_pdf_is_refused_and_harms_nobody(content, limits, code):
    assert refusal(content(), "文.pdf", **limits) == code


# -- many ----------------------------------------------------------------------------------------------------------


def test_a_name_that_promises_something_else_is_reported():
    assert codes(one(samples.pdf([[samples.NOTICE[:20]]]), "通知.docx"))[0] == "name_differs"
    assert codes(one(page(), "页.txt"))[0] == "name_differs"
    assert refusal(samples.png(), "图.pdf") == "picture"


def test_the_rest_goes_on_when_some_are_refused(tmp_path):
    files = {
        "1.txt": samples.NOTICE.encode(),
        "2.docx": swollen(),
        "3.txt": b"",
        "4.txt": samples.NOTICE.encode("gb18030"),
        "5.pdf": samples.encrypted_pdf(),
        "6.html": page(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    results = list(read_many([*(tmp_path / name for name in files), tmp_path / "7.txt"]))
    assert [result.note.code if isinstance(result, Refusal) else result.source for result in results] == [
        "1.txt", "zip_bomb", "empty", "duplicate", "pdf_encrypted", "6.html", "not_found",
    ]  # fmt: skip
    assert str(results[3].note.message) == "内容与本次已导入的“1.txt”完全相同，没有重复导入。"


def test_the_key_and_the_ids_depend_on_the_content_alone():
    first, second = one(samples.NOTICE.encode(), "甲.txt"), one(samples.NOTICE.encode("utf-16"), "乙.txt")
    assert (first.key, first.blocks) == (second.key, second.blocks)
    assert one((samples.NOTICE + "。").encode(), "甲.txt").key != first.key


@st.composite
def broken(draw):
    """A good file with bytes replaced, cut out and put in."""
    content = bytearray(draw(st.sampled_from([samples.NOTICE.encode(), samples.NOTICE.encode("gb18030"), page()])))
    for place, change in draw(st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6)), max_size=12)):
        start = place % len(content)
        content[start : start + len(change) // 2] = change
    return bytes(content)


@settings(max_examples=150, deadline=None)
@given(broken(), st.sampled_from(["a.txt", "a.html", "a.jsonl", "a"]))
def test_any_damage_ends_in_an_item_or_a_sentence(content, name):
    try:
        results = list(read(content, name=name))
    except IntakeRefused as refused:
        assert refused.code in SENTENCES
    else:
        assert all(isinstance(result, Item | Refusal) for result in results)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(["word/document.xml", "word/styles.xml", "[Content_Types].xml"]), st.integers(0, 5000), st.binary(min_size=1, max_size=9))  # fmt: skip # noqa: E501
def test_damage_inside_a_word_file_ends_in_an_item_or_a_sentence(part, place, change):
    content = samples.repacked(samples.word(), change={part: lambda xml: xml[:place] + change + xml[place + 3 :]})
    try:
        assert list(read(content, name="a.docx"))
    except IntakeRefused as refused:
        assert refused.code in SENTENCES


def test_every_body_taken_in_can_be_rendered():
    for content, name in ((samples.NOTICE.encode(), "a.txt"), (samples.numbered_word(), "b.docx")):
        assert render_body(one(content, name).blocks, files={})


def test_every_sentence_fills_its_places():
    values = dict.fromkeys(
        ("name", "size", "limit", "seconds", "pages", "line", "first", "named", "actual", "encoding", "count", "field",
         "given", "read", "why", "title", "what", "words"), "甲"
    )  # fmt: skip
    for level, template in SENTENCES.values():
        assert level in {"info", "warning", "error"}
        assert "%" not in str(template) % values


TEXT = "各乡镇人民政府：为做好春耕备耕工作，现将有关事项通知如下，请认真贯彻执行，抓好各项措施的落实。"


def saved(inside: str = "", after: str = "") -> Item:
    html = f"<html><head><title>通知</title></head><body><div class='TRS_Editor'><p>{TEXT}</p>{inside}</div>{after}</body></html>"
    return one(html.encode(), "通知.html")


@pytest.mark.req("PRIV-03")
def test_what_a_page_hides_is_told_and_not_lost():
    hidden = "<div style='display:none'><a href='http://www.bet365-yule.com/'>澳门赌场 真人百家乐</a></div>"
    item = saved(after=hidden)
    assert "澳门赌场" not in str(item.blocks)
    assert set(codes(item)) >= {"html_hidden_left", "html_spam_left"}
    assert any("澳门赌场" in str(note.message) for note in item.notes)


@pytest.mark.req("PRIV-03")
def test_what_was_hidden_and_is_now_to_be_read_is_told_too():
    item = saved(inside="<p style='position:absolute;left:-9999px'><a href='http://xdjk.top/'>六合彩特码资料</a></p>")
    assert "六合彩" in str(item.blocks)
    assert "html_hidden_kept" in codes(item)
    assert "html_spam_left" not in codes(item)  # it is read as any text when the draft is checked


def test_a_page_that_hides_much_is_told_in_a_few_lines():
    hidden = "".join(
        f"<div style='display:none'><a href='http://a{n}.top/'>六合彩特码 {n}</a></div>" for n in range(60)
    )
    item = saved(after=hidden)
    assert 1 <= len([note for note in item.notes if note.code.startswith("html_hidden")]) <= 11


def test_an_honest_page_is_told_nothing_about_hiding():
    item = saved(after="<div style='display:none'>打印本页</div><script>var a = 1;</script>")
    assert not set(codes(item)) & {"html_hidden_left", "html_hidden_kept", "html_spam_left", "html_more_hidden"}
