"""HTML and body blocks as matter: what is where."""

from hypothesis import given
from hypothesis import strategies as st

from jiyue.checks.reading import matter_of_body, matter_of_html, matter_of_text

PAGE = """<html><head><title>标题 一</title><meta name="Keywords" content="补贴,名单"></head><body>
<h2>一、总则</h2><p>第一段有<a href="/x.html">链接 文字</a>在
里面。</p><div style="display:none"><a href="http://a.example/">藏</a></div>
<table><tr><th>姓名</th><th>证件</th></tr><tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr></table>
<img src="a.png" alt="办公楼"><script>var x = 1;</script></body></html>"""


def test_a_page_gives_its_parts_links_tables_pictures_and_headings():
    matter = matter_of_html(PAGE, source="a")
    parts = [(part.kind, matter.words(part), part.place) for part in matter.parts]
    assert parts == [
        ("title", "标题 一", "网页标题"),
        ("keywords", "补贴,名单", "网页关键词"),
        ("heading", "一、总则", "第 1 个小标题"),
        ("paragraph", "第一段有链接 文字在里面。", "第 1 段"),
        ("paragraph", "藏", "第 2 段"),
        ("cell", "姓名", "表 1 第 1 行第 1 列"),
        ("cell", "证件", "表 1 第 1 行第 2 列"),
        ("cell", "甲", "表 1 第 2 行第 1 列"),
        ("cell", "1", "表 1 第 2 行第 2 列"),
        ("cell", "2", "表 1 第 3 行第 2 列"),
        ("alt", "办公楼", "第 1 张图片的替代文字"),
    ]
    assert [(link.href, link.text, matter.text[link.start : link.end]) for link in matter.links] == [
        ("/x.html", "链接 文字", "链接 文字"), ("http://a.example/", "藏", "藏")
    ]  # fmt: skip
    [table] = matter.tables
    assert table.header == ("姓名", "证件")
    assert [[matter.text[a:b] for a, b in row] for row in table.rows] == [["甲", "1"], ["甲", "2"]]
    assert [matter.text[start:end] for _level, start, end in matter.headings] == ["一、总则"]
    hidden = next(element for element in matter.elements if "display:none" in element.attributes.get("style", ""))
    assert matter.text[hidden.start : hidden.end] == "藏"


def test_offsets_hold_for_every_part_of_a_body():
    blocks = [
        {"type": "paragraph", "value": '<p>见<a href="https://a.example/">通知</a>&amp;附件</p>'},
        {"type": "table", "value": {"data": [["姓名", None], ["甲", "乙"]], "first_row_is_table_header": True}},
        {"type": "attachment", "value": {"document": 1, "title": "名单.xlsx"}},
    ]
    matter = matter_of_body(blocks, {"title": "关于补贴的公示"}, source="record:1")
    assert matter.text == "关于补贴的公示\n见通知&附件\n姓名\n甲\n乙\n名单.xlsx\n"
    [link] = matter.links
    assert matter.text[link.start : link.end] == link.text == "通知"
    assert matter.tables[0].header == ("姓名", "")
    assert matter.attachments == ("名单.xlsx",)
    assert matter.place(matter.text.index("乙")) == "表 1 第 2 行第 2 列"


def test_a_tower_of_elements_is_told_and_its_text_kept():
    for html in ("<div>" * 20_000 + "底", "<b>" * 5_000 + "底" + "</b>" * 5_000):
        matter = matter_of_html(html)
        assert [trouble.code for trouble in matter.troubles] == ["suspicious"]
        assert "底" in matter.text
    assert matter_of_html("<div>" * 1_000 + "底").troubles == ()


@given(
    st.text(
        alphabet=st.characters(codec=None) | st.sampled_from(list("<>/=\"'tdrabp \n\x00\ud800\u202e")), max_size=300
    )
)
def test_any_text_is_read_and_its_parts_lie_inside(text):
    for matter in (matter_of_html(text), matter_of_html(f"<table><tr><td>{text}</table>{text}"), matter_of_text(text)):
        matter.text.encode()
        assert all(0 <= part.start <= part.end <= len(matter.text) for part in matter.parts)
        assert all(a.end <= b.start for a, b in zip(matter.parts, matter.parts[1:], strict=False))
        for table in matter.tables:
            assert all(0 <= a <= b <= len(matter.text) for row in table.rows for a, b in row)


def test_items_of_a_list_are_read_alike_from_an_importer_and_from_the_editor():
    plain = [{"type": "list", "value": {"ordered": False, "items": ["供水服务电话", '<a href="/x">详情</a>']}}]
    stored = [{"type": "list", "value": {"ordered": False, "items": [
        {"type": "item", "value": "供水服务电话", "id": "0b6f1c9e-8f6a-4d52-9d3a-4f9b2f7f3f10"},
        {"type": "item", "value": "<a href=\"/x\">详情</a>", "id": "7f0e2a52-12ab-4d6e-8a7b-1d4f0c9b8e21"},
    ]}}]  # fmt: skip
    first, second = matter_of_body(plain, {}), matter_of_body(stored, {})
    assert (second.text, second.links, second.parts) == (first.text, first.links, first.parts)
    assert "供水服务电话" in second.text and "item" not in second.text
