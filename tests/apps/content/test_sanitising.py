import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jiyue.content.sanitising import INLINE_TAGS, clean_inline, clean_markup, clean_paragraphs, clean_paste

PIECES = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<strong>",
            "</em>",
            "<br>",
            "<script>",
            "</script>",
            "<style>",
            "</style>",
            "<a href='javascript:alert(1)'>",
            "<a href=https://a.example/?a=1&b=2>",
            '<a href="data:text/html,x" onclick=x>',
            "</a>",
            "<div>",
            "</div>",
            "<ul><li>",
            "</li></ul>",
            "<table><tr><td>",
            "</td></tr></table>",
            "<iframe src=//x>",
            "<svg onload=x>",
            "<math>",
            "<sup>",
            "</sub>",
            "<!--",
            "-->",
            "<![if x]>",
            "&lt;",
            "&#60;b&#62;",
            "&nbsp;",
            "&amp;",
            "<",
            ">",
            '"',
            "'",
            "\x00",
            "\ud800",
            "　",
            "\u00a0",
            " ",
            "\n",
            "甲",
            "第三条",
            "a",
            "<button>",
            "<h2>",
            "</h2>",
            "<blockquote>",
            "<o:p>",
            "<template>",
            "\r",
        ]
    ),
    max_size=25,
).map("".join)

TAG = re.compile(r"</?([a-zA-Z][^\s>/]*)([^>]*)>")


def _tags(html):
    return {name for name, _ in TAG.findall(html)}


def _attributes(html):
    return {rest.strip().split("=")[0] for _, rest in TAG.findall(html) if rest.strip()}


@settings(max_examples=400, deadline=None)
@given(PIECES)
@example("<p><button><p>x</p></button></p>")
@example("<strong><p>b</p></strong>")
@example("<a href='javascript:1'><table><tr><td><a href='javascript:1'>")
def test_cleaning_twice_is_cleaning_once(html):
    once = clean_paragraphs(html)
    assert clean_paragraphs(once) == once
    inline = clean_inline(html)
    assert clean_inline(inline) == inline


@settings(max_examples=400, deadline=None)
@given(PIECES)
def test_what_comes_out_holds_allowed_elements_and_addresses_only(html):
    for cleaned, allowed in ((clean_paragraphs(html), INLINE_TAGS | {"p"}), (clean_inline(html), INLINE_TAGS)):
        assert _tags(cleaned) <= allowed
        assert _attributes(cleaned) <= {"href"}
        assert not re.search(r"""href=["']?\s*(?:javascript|data|vbscript|file)""", cleaned, re.I)


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_a_paste_gives_blocks_that_are_clean_already(html):
    for block in clean_paste(html):
        if block["type"] == "paragraph":
            assert clean_paragraphs(block["value"]) == block["value"]
        elif block["type"] == "list":
            assert all(clean_inline(item) == item for item in block["value"]["items"])


@given(st.text(max_size=200))
def test_plain_text_keeps_its_words(text):
    cleaned = clean_inline(text.replace("<", "").replace("&", ""))
    assert not _tags(cleaned)


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<b>甲</b><i>乙</i>", "<strong>甲</strong><em>乙</em>"),
        ('<a href="JaVaScRiPt:alert(1)">甲</a>', "甲"),
        ('<a href="java\nscript:alert(1)">甲</a>', "甲"),
        ('<a href="data:text/html;base64,x">甲</a>', "甲"),
        ('<a href="//elsewhere.example/x">甲</a>', "甲"),
        ('<a href="/zwgk/1.html" onclick="x()" target="_blank">甲</a>', '<a href="/zwgk/1.html">甲</a>'),
        ('<img src=x onerror="alert(1)">甲', "甲"),
        ("<script>alert(1)</script>甲<style>p{}</style>", "甲"),
        ("甲\x00乙\ud800", "甲乙\ufffd"),
        ("x<sup>2</sup>H<sub>2</sub>O", "x<sup>2</sup>H<sub>2</sub>O"),
    ],
)
def test_inline_markup(html, cleaned):
    assert clean_inline(html) == cleaned


def test_loose_text_and_foreign_blocks_become_paragraphs():
    html = "甲<p>乙<br></p><p><b> </b></p><div>丙<ul><li>丁</li></ul></div><h2>戊 &lt;己&gt;</h2>"
    assert clean_paragraphs(html) == "<p>甲</p><p>乙</p><p>丙</p><p>丁</p><p>戊 &lt;己&gt;</p>".replace(
        "<p>乙</p>", "<p>乙</p>"
    )


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">
<style><!-- p.MsoNormal {mso-style-unhide:no; font-family:宋体} --></style></head><body lang=ZH-CN>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]-->
<p class=MsoNormal style='mso-pagination:widow-orphan'><b><span lang=EN-US style='font-size:16.0pt;mso-bidi-font-size:11pt'>一、</span></b><b><span
style='font-family:黑体'>总体
要求<o:p></o:p></span></b></p>
<p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>登记</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>2.</span><![endif]>核查</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='font-family:Wingdings;mso-list:Ignore'>Ø</span><![endif]>其他</p>
<p class=MsoNormal style='mso-list:l2 level1 lfo3'><![if !supportLists]><span style='mso-list:Ignore'>（一）</span><![endif]>保留编号</p>
<table class=MsoTableGrid border=1><thead><tr><th rowspan=2><p class=MsoNormal>地区</p></th><th colspan=2>数量</th></tr></thead>
<tr><td>甲<o:p></o:p></td><td onclick="x()">乙<br>丙</td></tr></table>
<p class=MsoNormal><span style='display:none'>看不见</span>看<font color=red>得见</font><o:p>&nbsp;</o:p></p>
</body></html>"""  # noqa: E501


def test_a_paste_from_word_becomes_blocks():
    paragraph, numbered, bullets, kept, table, last = clean_paste(WORD)
    assert paragraph == {"type": "paragraph", "value": "<p><strong>一、</strong><strong>总体要求</strong></p>"}
    assert numbered["value"] == {"ordered": True, "items": ["登记", "核查"]}
    assert bullets["value"] == {"ordered": False, "items": ["其他"]}
    assert kept["value"] == "<p>（一）保留编号</p>"
    assert table["value"]["data"] == [["地区", "数量", ""], ["", "甲", "乙\n丙"]]
    assert table["value"]["mergeCells"] == [
        {"row": 0, "col": 0, "rowspan": 2, "colspan": 1},
        {"row": 0, "col": 1, "rowspan": 1, "colspan": 2},
    ]
    assert table["value"]["table_header_choice"] == "row"
    assert last["value"] == "<p>看得见</p>"


WPS = """<p class="MsoNormal" style="text-indent:32pt;mso-char-indent-count:2.0000;"><span style="mso-spacerun:'yes';font-family:仿宋_GB2312;"><font face="仿宋_GB2312">为做好防汛工作</font></span><b><span style="mso-spacerun:'yes'">，现通知如下</span></b><span style="mso-spacerun:'yes'"><o:p></o:p></span></p>
<p class="p" style="mso-list:l0 level1 lfo1;"><!--[if !supportLists]--><span style="mso-list:Ignore;"><font face="宋体">1.</font><span>&nbsp;</span></span><!--[endif]--><span>检查堤防</span></p>"""  # noqa: E501


def test_a_paste_from_wps_becomes_blocks():
    assert clean_paste(WPS) == [
        {"type": "paragraph", "value": "<p>为做好防汛工作<strong>，现通知如下</strong></p>"},
        {"type": "list", "value": {"ordered": True, "items": ["检查堤防"]}},
    ]


def test_what_was_removed_is_counted():
    removed = clean_markup(
        '<script>1</script><p onclick="x" onmouseover="y">甲<iframe src="//x"></iframe>'
        '<a href="javascript:1">乙</a></p>'
        '<style>p{}</style><img src="a.png"><form><input name="q"></form>'
    ).removed
    assert {kind: count for kind, count in removed.items() if count} == {
        "script": 1, "handler": 2, "frame": 1, "address": 1, "style": 1, "image": 1, "form": 1,
    }  # fmt: skip


def test_nested_lists_keep_their_order_and_a_layout_table_dissolves():
    html = "<table><tr><td><ol><li>甲<ul><li>子</li></ul></li><li>乙</li></ol><p>文</p></td></tr></table>"
    assert clean_paste(html) == [
        {"type": "list", "value": {"ordered": True, "items": ["甲<br>· 子", "乙"]}},
        {"type": "paragraph", "value": "<p>文</p>"},
    ]


@pytest.mark.parametrize("element", ["<div>", "<blockquote>", "<span>", "<b>", "<ul><li>", "<table><tr><td>"])
def test_a_tower_of_elements_is_taken_as_text(element):
    (found,) = clean_paste(element * 5_000 + "底")
    assert "底" in str(found["value"])


def test_a_table_too_large_for_a_page_is_left_and_counted():
    rows = "<tr><td colspan=1000 rowspan=1000>甲</td><td>乙</td></tr>" + "<tr><td>丙</td></tr>" * 200
    found = clean_markup(f"<table>{rows}</table>")
    assert (found.blocks, found.removed["table"]) == ([], 1)
