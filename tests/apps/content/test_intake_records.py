import json
import os
from datetime import date
from pathlib import Path

import pytest

from jiyue.content.intake import Item, Limits, Refusal, read, read_many
from jiyue.content.intake.measuring import measure
from jiyue.content.rendering import plain_text, render_body
from tests.apps.content.intake_samples import NOTICE


def lines(*records) -> bytes:
    return b"\n".join(
        record if isinstance(record, bytes) else json.dumps(record, ensure_ascii=False).encode() for record in records
    )


def taken(*records, **limits):
    return list(read(lines(*records), name="档.jsonl", limits=Limits(**limits)))


RECORD = {
    "id": "a-1",
    "url": "https://www.chenghu.example/2024/t1.htm",
    "title": "关于做好汛期值守的通知",
    "issuer": "澄湖市人民政府办公室",
    "doc_no": "澄政办发[2024]12号",
    "index_no": "990100000/2024-00012",
    "written_date": "2024年03月01日",
    "published_date": "2024-03-08",
    "topic": "水利",
    "source": "澄湖市政府网",
    "text": NOTICE,
}


@pytest.mark.req("ARCH-04")
def test_a_record_keeps_its_dates_source_and_address():
    (item,) = taken(RECORD)
    assert (item.record_id, item.address, item.origin) == ("a-1", RECORD["url"], "澄湖市政府网")
    assert (item.kind, item.line) == ("policy_document", 1)
    assert {name: (field.confidence, field.why, field.source) for name, field in item.fields.items()} == {
        "title": ("doubtful", "text_differs", "record:title"),
        "issuers": ("found", "agrees", "text"),
        "document_number": ("found", "agrees", "text"),
        "written_on": ("found", "agrees", "text"),
        "published_on": ("found", "stated", "record:published_date"),
        "index_number": ("found", "stated", "record:index_no"),
        "addressee": ("found", "own_line", "text"),
        "topic": ("found", "stated", "record:topic"),
    }
    assert item.value("published_on").date().isoformat() == "2024-03-08"


def test_a_date_that_contradicts_the_text_is_reported_and_doubtful():
    (item,) = taken({**RECORD, "written_date": "2024年03月02日"})
    field = item.fields["written_on"]
    assert (field.value.isoformat(), field.confidence, field.source) == ("2024-03-01", "doubtful", "text")
    assert "成文日期：来源给出“2024-03-02”，正文里是“2024-03-01”，两者不一致，请核对。" in [
        str(note.message) for note in item.notes
    ]


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [
        ("doc_no", "（政策宣传）", "发文字号"),
        ("doc_no", "穗府办规〔2021〕14号为依据", "发文字号"),
        ("written_date", "2024年2月30日", "成文日期"),
    ],
)
def test_a_stated_value_that_is_none_is_not_used(key, value, name):
    (item,) = taken({**RECORD, key: value, "text": "本次会议在市政府举行，请参加。"})
    assert f"{name}：来源给出的“{value}”不是有效的值，没有采用。" in [str(note.message) for note in item.notes]
    assert {"doc_no": "document_number", "written_date": "written_on"}[key] not in item.fields


def test_broken_lines_are_named_and_the_rest_goes_on():
    results = taken(
        RECORD,
        b'{"title": "cut',
        b"[1, 2]",
        b"",
        {"title": "无正文"},
        b'{"text": "\xff\xfe"}',
        {"text": "甲" * 4000},
        b"[" * 3000,
        {**RECORD, "text": "乙"},
        record_bytes=6000,
    )
    assert [(result.line, result.note.code if isinstance(result, Refusal) else "taken") for result in results] == [
        (1, "taken"),
        (2, "json_broken"),
        (3, "json_no_object"),
        (5, "record_without_text"),
        (6, "record_encoding"),
        (7, "record_too_large"),
        (8, "json_broken"),
        (9, "taken"),
    ]
    assert str(results[1].note.message) == "第 2 行不是完整的 JSON，已跳过这一条。"


def test_a_file_named_jsonl_is_read_as_records_even_if_its_first_line_is_broken():
    results = taken(b'{"broken', RECORD)
    assert [type(result) for result in results] == [Refusal, Item]


def test_half_characters_and_zeros_in_escapes_are_mended_and_counted():
    (item,) = taken(b'{"title": "\\u4f1a\\u8bae", "text": "\\u8bf7\\ud800\\u53c2\\u52a0\\u0000\\u3002"}')
    assert [note.code for note in item.notes] == ["null_bytes", "lone_surrogates"]
    assert plain_text(item.blocks) == "请\ufffd参加。"
    item.blocks[0]["value"].encode()


def test_half_characters_in_titles_and_addresses_do_no_harm():
    (item,) = taken(b'{"title": "\\ud800\\u4f1a", "id": "\\udfff", "url": "\\ud800", "text": "\\u4f1a\\u8bae\\u3002"}')
    assert (item.title, item.record_id, item.address) == ("\ufffd会", "\ufffd", "\ufffd")


def test_html_of_a_record_is_preferred_to_its_text_and_keeps_tables():
    html = (
        '<div id="UCAP-CONTENT"><p>为做好防汛工作，请各地立即检查堤防，落实责任，及时报告有关情况，不得迟报漏报瞒报。</p>'
        '<table><tr><td>甲</td><td>乙</td></tr></table><p><a href="a.pdf">附</a></p></div><script>1</script>'
    )
    (item,) = taken({**RECORD, "html": html})
    assert [block["type"] for block in item.blocks] == ["paragraph", "table", "paragraph"]
    assert item.blocks[2]["value"] == '<p><a href="https://www.chenghu.example/2024/a.pdf">附</a></p>'
    assert "html_scripts" in [note.code for note in item.notes]


def test_a_file_of_records_in_gb18030_is_read_and_said_so():
    (item,) = read(json.dumps(RECORD, ensure_ascii=False).encode("gb18030"), name="档.jsonl")
    assert item.value("document_number") == "澄政办发〔2024〕12号"
    assert "encoding_assumed" in [note.code for note in item.notes]


def test_records_beyond_the_limit_are_told():
    results = taken(*({**RECORD, "text": f"第{n}次会议"} for n in range(5)), records=3)
    assert [type(result) for result in results] == [Item] * 3 + [Refusal]
    assert results[-1].note.code == "too_many_records"


def test_equal_records_are_handed_over_once():
    with_other_id = {**RECORD, "id": "b-2"}
    (first, second) = read_many([lines(RECORD, with_other_id)])
    assert isinstance(first, Item)
    assert second.note.code == "duplicate"


def _policy_documents() -> list[Path]:
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("JIYUE_TEST_DATA", beside)) / "policy_docs"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("test data is missing: set JIYUE_TEST_DATA")
        pytest.skip("no test data beside the checkout")
    return sorted(folder.glob("*.jsonl"))


def test_all_real_documents_are_taken_in_whole_and_can_be_rendered():
    taken_in = 0
    for path in _policy_documents():
        for result in read(path):
            assert isinstance(result, Item)
            assert result.title
            assert render_body((block for block in result.blocks if block["type"] != "image"), files={})
            taken_in += 1
    assert taken_in == 860


def test_the_measure_finds_number_and_date_in_almost_all_texts():
    found = measure(path for path in _policy_documents() if path.name == "state_council_docs.jsonl")
    assert (found["judged"], found["equal_number"]) == (36, 1.0)
    # One page's field table contradicts its own signed text.
    assert [miss["document_number"] for miss in found["misses"]] == ["国办函〔2004〕36号"]


def test_title_and_note_in_columns_of_their_own_are_read_with_the_text():
    """Exports of laws keep 标题 and 题注 apart; the note is part of the law and is shown with it."""
    history = ["2016年10月8日 国务院第149次常务会议通过", "2016年11月30日 中华人民共和国国务院令第673号公布）"]
    record = {
        "title": "湖泊保护条例",
        "kind": "行政法规",
        "history": history,
        "text": "第一条 为了保护湖泊，制定本条例。",
    }
    [item] = list(read(json.dumps(record, ensure_ascii=False).encode(), name="法规.jsonl"))
    assert (item.value("issuers"), item.value("document_number")) == (("国务院",), "国令第673号")
    assert item.value("written_on") == date(2016, 11, 30)
    assert item.blocks[0]["value"].startswith("<p>（2016年10月8日国务院第149次常务会议通过　2016年11月30日")


def test_a_title_that_the_text_begins_with_is_not_set_above_it_again():
    record = {"title": "湖泊保护条例", "text": "湖泊保护条例\n第一条 为了保护湖泊，制定本条例。"}
    [item] = list(read(json.dumps(record, ensure_ascii=False).encode(), name="法规.jsonl"))
    assert item.blocks[0]["value"] == "<p>第一条 为了保护湖泊，制定本条例。</p>"
