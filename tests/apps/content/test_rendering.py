import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.content.rendering import (
    BodyIncomplete,
    FileRef,
    PublishedFile,
    file_facts,
    file_refs,
    outline,
    plain_text,
    render_body,
    shortcomings,
)

FILES = {
    ("image", 1): PublishedFile("/files/aa/b/hu.jpg", 800, 600, name="hu.jpg", media_type="image/jpeg"),
    ("document", 1): PublishedFile(
        "/files/cc/d/a.pdf", name="a.pdf", media_type="application/pdf", size=1_258_291, pages=12
    ),
    ("document", 2): PublishedFile("/files/ee/f/v.mp4", name="v.mp4", media_type="video/mp4", size=900),
}


def block(kind, value):
    return {"type": kind, "value": value, "id": "x"}


def rendered(*blocks):
    return render_body(blocks, files=FILES)


def heading(text, level):
    return block("heading", {"text": text, "level": level})


def test_headings_begin_at_two_and_skip_no_level():
    levels = ["3", "3", "4", "2", "4", "3"]
    assert [entry.level for entry in outline(heading("题", level) for level in levels)] == [2, 2, 3, 2, 3, 3]
    assert rendered(heading("一、<总则>", "4")) == '<h2 id="s1">一、&lt;总则&gt;</h2>'


def test_articles_get_an_address_each_and_repeated_ones_are_told_apart():
    body = [
        block("paragraph", "<p><strong>第十二条</strong> 甲</p><p>乙第三条</p>"),
        block("paragraph", "<p>第十二条 丙</p>"),
    ]
    assert render_body(body, files={}) == (
        '<p class="article" id="tiao-12"><strong>第十二条</strong> 甲</p><p>乙第三条</p>\n'
        '<p class="article" id="tiao-12-2">第十二条 丙</p>'
    )
    assert [entry.id for entry in outline(body)] == ["tiao-12", "tiao-12-2"]


def test_links_that_leave_the_site_carry_noopener():
    html = rendered(
        block("paragraph", '<p data-block-key="k"><a href="https://a.example/">甲</a><a href="/b/">乙</a></p>')
    )
    assert html == '<p><a rel="noopener" href="https://a.example/">甲</a><a href="/b/">乙</a></p>'


@pytest.mark.parametrize("items", [["甲", "<b>乙</b>&amp;"], [{"type": "item", "value": "<p>甲</p>", "id": "1"}, {"type": "item", "value": "<p><b>乙</b>&amp;</p>", "id": "2"}]])  # fmt: skip # noqa: E501
def test_lists_are_read_as_imported_and_as_edited(items):
    assert (
        rendered(block("list", {"ordered": True, "items": items}))
        == "<ol><li>甲</li><li><strong>乙</strong>&amp;</li></ol>"
    )


def table(data, **more):
    return block("table", {"data": data, "cell": [], "table_header_choice": "neither", **more})


def test_a_table_has_caption_header_cells_and_merged_cells():
    html = rendered(
        table(
            [["地区", "数量", None], [None, "甲", "乙\n丙"], ["东<", "1", "2"]],
            table_header_choice="both",
            table_caption="统计",
            mergeCells=[
                {"row": 0, "col": 0, "rowspan": 2, "colspan": 1},
                {"row": 0, "col": 1, "rowspan": 1, "colspan": 2},
            ],
        )
    )
    assert html == (
        '<div class="table-scroll" role="region" tabindex="0" aria-label="统计"><table><caption>统计</caption>'
        '<thead><tr><th scope="col" rowspan="2">地区</th><th scope="colgroup" colspan="2">数量</th></tr>'
        '<tr><th scope="col">甲</th><th scope="col">乙<br>丙</th></tr></thead>'
        '<tbody><tr><th scope="row">东&lt;</th><td>1</td><td>2</td></tr></tbody></table></div>'
    )


def test_merges_that_leave_the_grid_or_overlap_do_no_harm():
    merges = [
        {"row": 0, "col": 0, "rowspan": 9, "colspan": 9},
        {"row": 0, "col": 1, "rowspan": 1, "colspan": 1},
        {"row": 5, "col": 5, "rowspan": 1, "colspan": 1},
    ]
    html = rendered(table([["甲", "乙"], ["丙", "丁"]], mergeCells=merges))
    assert html == (
        '<div class="table-scroll" role="region" tabindex="0" aria-label="表格 1"><table><tbody>'
        '<tr><td rowspan="2" colspan="2">甲</td></tr><tr></tr></tbody></table></div>'
    )


def test_pictures_attachments_and_media():
    picture = block("image", {"image": 1, "alt": '湖"面', "decorative": False, "caption": "<图>"})
    decorative = block("image", {"image": 1, "alt": "花边", "decorative": True, "caption": ""})
    video = block("video", {"media": 2, "poster": 1, "title": "汛期", "transcript": "甲\n\n<乙>"})
    assert rendered(picture) == (
        '<figure class="picture"><img src="/files/aa/b/hu.jpg" width="800" height="600" alt="湖&quot;面" '
        'loading="lazy" decoding="async"><figcaption>&lt;图&gt;</figcaption></figure>'
    )
    assert 'alt=""' in rendered(decorative)
    assert rendered(block("attachment", {"document": 1, "title": "名录"})) == (
        '<p class="attachment"><a href="/files/cc/d/a.pdf" download>名录</a> '
        '<span class="file-facts">PDF，1.2 MB，12 页</span></p>'
    )
    assert rendered(video) == (
        '<figure class="media"><video controls preload="none" poster="/files/aa/b/hu.jpg" src="/files/ee/f/v.mp4" '
        'aria-label="汛期"></video><figcaption>汛期</figcaption>'
        '<details class="transcript"><summary>文字稿</summary><p>甲</p><p>&lt;乙&gt;</p></details></figure>'
    )
    assert file_refs([picture, decorative, video]) == [FileRef("image", 1), FileRef("document", 2)]


def test_a_file_that_was_taken_away_is_refused_and_not_looked_for():
    gone = block("attachment", {"document": None, "title": "名录"})
    assert file_refs([gone]) == []
    assert [found.code for found in shortcomings([gone], files=FILES)] == ["file_missing"]


def test_size_words():
    assert [file_facts(PublishedFile("/x", name="a.ofd", size=size)) for size in (0, 900, 20_480, 5_242_880)] == [
        "OFD", "OFD，900 B", "OFD，20 KB", "OFD，5.0 MB",
    ]  # fmt: skip


OFFICIAL = {
    "title": "关于<保护>的通知",
    "document_number": "澄政办发〔2024〕12号",
    "addressee": "各县：",
    "body": "<p>甲</p><p>第一条 乙</p>",
    "signature": "澄湖市人民政府",
    "date": "2024-03-01",
    "notes": "（此件公开发布）",
    "copies": "",
}


def test_the_official_layout():
    assert rendered(block("official", OFFICIAL)) == (
        '<section class="official"><h2 class="official-title" id="s1">关于&lt;保护&gt;的通知</h2>'
        '<p class="official-number">澄政办发〔2024〕12号</p><p class="official-addressee">各县：</p>'
        '<p>甲</p><p class="article" id="tiao-1">第一条 乙</p><p class="official-signature">澄湖市人民政府</p>'
        '<p class="official-date">2024年3月1日</p><p class="official-notes">（此件公开发布）</p></section>'
    )


def test_a_date_that_is_one_already_reads_as_its_iso_text():
    stored, opened = block("official", OFFICIAL), block("official", {**OFFICIAL, "date": date(2024, 3, 1)})
    assert rendered(opened) == rendered(stored)
    assert "2024年3月1日" in plain_text([opened]).split("\n")


def test_a_body_that_shuts_somebody_out_is_refused_with_every_reason():
    body = [
        block("paragraph", "<p>甲</p>"),
        block("image", {"image": 1, "alt": " ", "decorative": False, "caption": ""}),
        block("audio", {"media": 2, "title": "", "transcript": ""}),
        block("video", {"media": 9, "poster": None, "title": "", "transcript": ""}),
        block("official", {**OFFICIAL, "date": "2024-02-30"}),
        block("marquee", {}),
    ]
    with pytest.raises(BodyIncomplete) as refused:
        render_body(body, files=FILES)
    assert [(reason.block, reason.code) for reason in refused.value.reasons] == [
        (1, "image_without_alt"),
        (2, "audio_without_transcript"),
        (3, "video_without_transcript"),
        (3, "file_missing"),
        (4, "date_invalid"),
        (5, "unknown_block"),
    ]
    assert str(refused.value.reasons[0].message) == (
        "第 2 个内容块是图片，缺少替代文字；请填写替代文字，或标明为装饰性图片。"
    )


def test_a_table_without_header_is_a_warning_only():
    body = [table([["甲"]]), block("paragraph", '<p><a linktype="page" id="3">乙</a></p>')]
    assert [(found.code, found.refuses) for found in shortcomings(body)] == [
        ("table_without_header", False),
        ("link_to_page", False),
    ]
    assert rendered(*body).endswith("<p>乙</p>")


def test_plain_text_holds_every_word_in_order():
    body = [
        heading("题", "2"),
        block("paragraph", "<p>甲&amp;<br>乙</p><p>丙</p>"),
        block("list", {"ordered": False, "items": ["丁"]}),
        table([["戊", None, "己"]], table_caption="表"),
        block("image", {"image": 1, "alt": "湖", "decorative": False, "caption": "图"}),
        block("official", OFFICIAL),
    ]
    assert plain_text(body).split("\n")[:9] == ["题", "甲&", "乙", "丙", "丁", "表", "戊\t\t己", "湖", "图"]
    assert "第一条 乙" in plain_text(body)


@given(st.text(max_size=60))
def test_no_plain_text_becomes_markup(text):
    body = [
        heading(text, "2"),
        table([[text]], table_caption=text),
        block("image", {"image": 1, "alt": text + "x", "decorative": False, "caption": text}),
        block("quotation", {"text": text, "attribution": text}),
    ]
    html = rendered(*body)
    tags = set(re.findall(r"</?([a-z]\w*)", html))
    assert tags <= {"h2", "div", "table", "caption", "tbody", "tr", "td", "br", "figure", "img", "figcaption", "blockquote", "p", "footer"}  # fmt: skip # noqa: E501
