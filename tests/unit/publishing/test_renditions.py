"""A document as DOCX and PDF: everything that the page says, nothing that it does not, and the same bytes each time."""

import hashlib
import io
from dataclasses import replace

import pypdfium2
import pytest
from docx import Document
from PIL import Image

from jiyue.domain.digests import fan_of
from jiyue.publishing.renditions.matter import Table, paper_of
from jiyue.publishing.renditions.typesetting import Typesetter, TypesettingFailed, facts_of, shares_of
from jiyue.publishing.renditions.word import docx

ORIGIN = "https://www.chenghu.localhost"
BODY = """
<section class="official"><h2 class="official-title" id="s1">澄湖市既有住宅加装电梯管理办法</h2>
<p class="official-number">澄政规〔2026〕4号</p><p class="official-addressee">各县、区人民政府：</p>
<p>现予印发，<strong>请认真执行</strong>。CO<sub>2</sub></p><p class="official-signature">澄湖市人民政府</p>
<p class="official-date">2026年3月1日</p><p class="official-notes">（此件公开发布）</p></section>
<h2 id="s2">第一章 总则</h2><h4 id="s3">第一节 目的</h4>
<p class="article" id="tiao-1">第一条　根据<a href="/zwgk/1.html">有关规定</a>和 #set $x$ *粗* @a \\ 制定。</p>
<ol><li>甲</li><li>乙</li></ol><ul><li>丙</li></ul><ol><li>丁</li></ol>
<div class="table-scroll"><table><caption>补助标准</caption><thead><tr><th scope="col">层数</th>
<th scope="colgroup" colspan="2">金额</th></tr></thead><tbody><tr><td rowspan="2">五层</td><td>十万元</td>
<td>一次发放</td></tr><tr><td>八万元</td><td>分期发放</td></tr></tbody></table></div>
<figure class="picture"><img src="/files/aa/x/t.jpg" width="60" height="40" alt="电梯示意图">
<figcaption>图 1</figcaption></figure>
<p class="attachment"><a href="/files/bb/y/f.pdf" download>申请表</a> <span class="file-facts">PDF，1.2 MB</span></p>
<blockquote class="quotation"><p>引文</p><footer>出处</footer></blockquote>
<figure class="media"><video src="/files/v.mp4"></video><figcaption>讲解</figcaption>
<details class="transcript"><summary>文字稿</summary><p>大家好</p></details></figure>
"""


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(data, "JPEG")
    folder, digest = tmp_path_factory.mktemp("objects"), hashlib.sha256(data.getvalue()).hexdigest()
    (folder / fan_of(digest)).mkdir()
    (folder / fan_of(digest) / digest).write_bytes(data.getvalue())
    return folder, digest


@pytest.fixture(scope="module")
def paper(objects):
    return made(objects[1])


@pytest.fixture(scope="module")
def typesetter(objects):
    typesetter = Typesetter(objects[0])
    yield typesetter
    typesetter.close()


def made(digest, body=BODY, **more):
    picture = {"address": "/files/aa/x/t.jpg", "digest": digest, "media_type": "image/jpeg", "width": 60, "height": 40}
    content = {
        "title": "网页上的标题", "body": body, "files": [picture], "keywords": ["电梯"],
        "detail": {"document_number": "", "issuer": "澄湖市人民政府", "issued_on": "2026-03-01", "written_on": "2026-03-01"},
    }  # fmt: skip
    told = {"mark": "本文件已经废止，仅供查阅。", "badge": "已废止"} | more
    return paper_of(content, **told, address=f"{ORIGIN}/1.html", site="澄湖市人民政府", origin=ORIGIN)


WORDS = (
    "澄湖市人民政府", "澄政规〔2026〕4号", "澄湖市既有住宅加装电梯管理办法", "各县、区人民政府：", "请认真执行", "2026年3月1日",
    "（此件公开发布）", "第一章 总则", "第一节 目的", "#set $x$ *粗* @a", "乙", "丙", "丁", "补助标准", "十万元", "分期发放",
    "图 1", "申请表", "PDF，1.2 MB", "引文", "出处", "视频：讲解", "大家好", "本文件已经废止，仅供查阅。", "已废止",
    f"{ORIGIN}/1.html",
)  # fmt: skip


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)


def test_a_pdf_says_everything_in_words_that_can_be_copied(paper, typesetter):
    text = "".join(text_of(typesetter.pdf(paper)).split())
    assert [words for words in WORDS if "".join(words.split()) not in text] == []


def test_a_pdf_is_tagged_and_knows_its_title_language_and_day(paper, typesetter):
    pdf = typesetter.pdf(paper)
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang(zh-CN)" in pdf
    assert b"pdfuaid:part>1<" in pdf
    facts = pypdfium2.PdfDocument(pdf).get_metadata_dict()
    assert (facts["Title"], facts["CreationDate"]) == ("澄湖市既有住宅加装电梯管理办法", "D:20260301000000Z")


def test_the_same_paper_gives_the_same_bytes_in_any_process(paper, typesetter, objects):
    other = Typesetter(objects[0])
    try:
        assert other.pdf(paper) == typesetter.pdf(paper)
    finally:
        other.close()
    read = lambda digest: (objects[0] / fan_of(digest) / digest).read_bytes()  # noqa: E731
    assert docx(paper, picture=read) == docx(paper, picture=read)


def test_a_docx_says_everything_with_headings_lists_tables_and_alternative_texts(paper, objects):
    data = docx(paper, picture=lambda digest: (objects[0] / fan_of(digest) / digest).read_bytes())
    document = Document(io.BytesIO(data))
    body = "".join("".join(node.itertext()) for node in document.element.body.iter() if node.tag.endswith("}p"))
    text = body + document.sections[0].header.paragraphs[0].text
    assert [words for words in WORDS if words not in text] == []
    styles = [line.style.name for line in document.paragraphs if line.style.name != "Normal"]
    assert styles == [
        "Title", "Heading 1", "Heading 3", "List Number", "List Number", "List Bullet", "List Number",
    ]  # fmt: skip
    [table] = document.tables
    assert [cell.text for cell in table.rows[2].cells] == ["五层", "八万元", "分期发放"]
    assert 'descr="电梯示意图"' in document.element.xml
    assert document.core_properties.title == "澄湖市既有住宅加装电梯管理办法"


@pytest.mark.parametrize(
    "body",
    [
        "", "没有标签的字", "<p></p>", "<h4 id='s1'>只有四级标题</h4><h2 id='s2'>后来二级</h2>",
        "<table><tbody><tr><td></td></tr></tbody></table>",
        "<table><tbody><tr><td rowspan='9' colspan='9'>大</td></tr><tr><td>小</td></tr></tbody></table>",
        "<p>\x0b控制符‮倒写</p>", f"<p>{'长' * 20_000}</p>", "<figure class='picture'><img src='/files/none.jpg'></figure>",
        "<table><thead><tr><th>只有表头</th></tr></thead></table>",
    ],
)  # fmt: skip
def test_no_body_is_too_odd_for_either(objects, typesetter, body):
    paper = made(objects[1], body)
    assert typesetter.pdf(paper).startswith(b"%PDF")
    assert docx(paper, picture=lambda digest: b"").startswith(b"PK")


def test_a_sign_that_no_font_has_is_named_instead_of_an_empty_box(objects, typesetter):
    with pytest.raises(TypesettingFailed, match="𠮷"):
        typesetter.pdf(made(objects[1], "<p>𠮷家</p>"))


def test_a_document_without_a_signature_of_its_own_gets_that_of_its_facts(objects):
    paper = made(objects[1], "<p>只有正文。</p>", mark="", badge="")
    assert (paper.title, paper.signed, paper.signature) == ("网页上的标题", False, ("澄湖市人民政府", "2026年3月1日"))


def test_what_cannot_be_made_is_told_and_the_next_one_is_made(paper, typesetter):
    lost = replace(
        paper, blocks=tuple(replace(b, digest="0" * 64) if hasattr(b, "digest") else b for b in paper.blocks)
    )
    with pytest.raises(TypesettingFailed, match="not found"):
        typesetter.pdf(lost)
    assert typesetter.pdf(paper).startswith(b"%PDF")
    typesetter._process.kill()
    with pytest.raises(TypesettingFailed):
        typesetter.pdf(paper)
    assert typesetter.pdf(paper).startswith(b"%PDF")


def test_columns_are_as_wide_as_their_words(paper):
    [table] = [block for block in paper.blocks if isinstance(block, Table)]
    assert shares_of(table) == [4, 4, 4]
    assert facts_of(paper)["blocks"]
