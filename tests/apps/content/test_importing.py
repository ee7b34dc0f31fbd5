"""Items become drafts: once, wholly, with what is known of their past, and never public."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiyue.content import reading_words
from jiyue.content.import_report import ImportReport
from jiyue.content.importing import GROUP, import_all, import_items
from jiyue.content.intake import Refusal, read, read_many
from jiyue.content.models import Attachment, Picture, PolicyDocument, Record
from jiyue.content.models.records import State
from jiyue.foundation.models import AuditEvent
from jiyue.review.models import SignOff
from tests.apps.content.intake_samples import NOTICE, pdf, png, word

pytestmark = pytest.mark.django_db


def items_of(records: list[dict], name="文件.jsonl"):
    return list(read(lines_of(records), name=name))


def lines_of(records: list[dict]) -> bytes:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def article(n: int, **more) -> dict:
    return {"title": f"第{n}号消息", "text": f"澄湖今天迎来第{n}批候鸟。", "source": "澄湖日报", **more}


@pytest.fixture
def take(cast, now):
    """Import items into the policy column as the city's editor."""

    def take(items, **more):
        given = {"column": cast.city.columns["zcwj"], "by": cast.city.editor, "now": now, **more}
        return import_items(items=items, **given)

    return take


@pytest.mark.req("ARCH-04")
def test_a_document_keeps_its_fields_its_past_and_how_it_was_read(take, cast):
    record = {
        "text": NOTICE,
        "url": "http://old.example.invalid/1.html",
        "source": "旧网站",
        "published_date": "2024-03-05",
    }
    [kept] = take(items_of([record]))
    draft = PolicyDocument.objects.get()
    assert kept.new and kept.record == draft and kept.lacks == ()
    assert (draft.title, draft.document_number) == (
        "澄湖市人民政府办公室关于做好汛期值守的通知",
        "澄政办发〔2024〕12号",
    )
    assert (draft.issuer, draft.written_on) == ("澄湖市人民政府办公室", date(2024, 3, 1))
    assert draft.original_published_at == datetime(2024, 3, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert draft.validity == PolicyDocument.Validity.UNCHECKED
    assert (draft.original_source, draft.original_address) == ("旧网站", "http://old.example.invalid/1.html")
    assert draft.responsible == cast.city.organisation
    assert draft.reading["fields"]["written_on"]["why"] == "signature"


def test_nothing_that_is_imported_is_public(take):
    take(items_of([{"text": NOTICE}]))
    assert list(Record.objects.values_list("state", flat=True)) == [State.DRAFT]
    assert not SignOff.objects.exists()


@pytest.mark.req("SECU-19")
def test_each_record_leaves_its_own_trace(take, cast):
    take(items_of([article(n) for n in range(3)]))
    events = AuditEvent.objects.filter(code="content.record_created")
    assert events.count() == 3
    assert {event.actor_key for event in events} == {f"user:{cast.city.editor.pk}"}


def test_the_same_content_is_taken_in_once_whatever_its_file_is_called(take):
    take(items_of([article(1)]))
    [again] = take(items_of([article(1)], name="另一个.jsonl"))
    assert not again.new
    assert Record.objects.count() == 1


def test_a_changed_source_becomes_a_new_draft_beside_the_old_and_says_so(take):
    address = "http://old.example.invalid/1.html"
    take(items_of([article(1, url=address)]))
    changed = items_of([article(1, url=address, text="澄湖今天迎来的候鸟比昨天多。")])
    [kept] = take(changed)
    assert kept.new and "以前录入过" in kept.doubts[0]
    [repeated] = take(changed)
    assert repeated.doubts == kept.doubts
    assert Record.objects.count() == 2


def test_a_group_that_fails_leaves_nothing(take, cast, monkeypatch):
    from jiyue.content import importing

    real, calls = importing.keep_new, []

    def failing(**given):
        calls.append(1)
        if len(calls) == 3:
            raise OSError("the disk went away")
        return real(**given)

    monkeypatch.setattr(importing, "keep_new", failing)
    with pytest.raises(OSError, match="the disk"):
        take(items_of([article(n) for n in range(5)]))
    assert not Record.objects.exists()
    monkeypatch.undo()
    assert [kept.new for kept in take(items_of([article(n) for n in range(5)]))] == [True] * 5


def test_only_who_may_write_in_the_column_imports_into_it(take, cast):
    for person in (cast.city.first, cast.city.manager, cast.outside.editor, cast.operator):
        with pytest.raises(PermissionDenied):
            take(items_of([article(1)]), by=person)
    assert not Record.objects.exists()


def test_pictures_and_files_become_private_files_of_the_site(take, cast):
    take(
        [*read(word(), name="通知.docx"), *read(pdf([["澄湖市渔业管理办法", "第一条为了保护渔业。"]]), name="办法.pdf")]
    )
    assert [picture.site for picture in Picture.objects.all()] == [cast.city.site]
    assert [attachment.site for attachment in Attachment.objects.all()] == [cast.city.site]
    blocks = [block for record in Record.objects.all() for block in record.body.get_prep_value()]
    keys = [
        b["value"].get("image") or b["value"].get("document") for b in blocks if b["type"] in ("image", "attachment")
    ]
    assert sorted(keys) == sorted([Picture.objects.get().pk, Attachment.objects.get().pk])


def test_a_picture_without_words_keeps_the_draft_out_of_review(take):
    [kept] = take(list(read(word(), name="通知.docx")))
    assert any("替代文字" in lack for lack in kept.lacks)


def test_a_file_that_is_refused_is_left_out_and_told(take, monkeypatch):
    from dataclasses import replace

    [item] = read(word(), name="通知.docx")
    [file] = item.files
    disguised = replace(item, files=(replace(file, content=b"MZ" + png()),))
    [kept] = take([disguised])
    assert any("内容与扩展名不符" in doubt for doubt in kept.doubts)
    assert not [block for block in kept.record.body.get_prep_value() if block["type"] == "image"]


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"url": "javascript:alert(1)"}, "original_address", "原网址"),
        ({"published_date": "2031-01-01"}, "original_published_at", "晚于今天"),
        ({"topic": "长" * 61}, "subject_class", "主题分类"),
    ],
)
def test_a_value_that_cannot_be_used_is_left_out_and_told(take, given, field, told):
    [kept] = take(items_of([article(1, **given)]))
    assert not getattr(kept.record, field)
    assert any(told in doubt for doubt in kept.doubts)


def test_an_item_without_a_source_takes_the_one_named_for_the_import(take):
    bare = {"title": "消息", "text": "今天天气晴。"}
    [kept] = take(items_of([bare]), source="历史资料")
    assert (kept.record.source, kept.lacks) == ("历史资料", ())


def test_absent_fields_are_empty_and_listed(take):
    text = "第一条 为了保护湖泊。\n第二条 本办法适用于全市。\n第三条 本办法自2020年1月1日起施行。"
    [kept] = take(items_of([{"title": "湖泊保护办法", "kind": "规范性文件", "text": text}]), source="汇编")
    assert kept.record.typed.written_on is None
    assert "成文日期留空：文中没有找到。" in kept.absences
    assert "请填写成文日期" in kept.lacks


def test_groups_are_told_in_the_order_of_the_source(cast, now):
    records = [article(n) if n % 7 else {"title": "空"} for n in range(GROUP * 2 + 3)]
    groups = list(
        import_all(results=read(lines_of(records), name="a.jsonl"), column=cast.city.columns["yw"], by=cast.city.editor,
                   now=now)
    )  # fmt: skip
    assert [len(group) for group in groups] == [GROUP, GROUP, 3]
    lines = [told.line if isinstance(told, Refusal) else told.item.line for group in groups for told in group]
    assert lines == list(range(1, GROUP * 2 + 4))


def test_a_document_costs_the_same_statements_in_a_large_group_as_in_a_small_one(take):
    def cost(items):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            take(items)
        return len(statements)

    cost(items_of([article(0)]))
    small = cost(items_of([article(n) for n in range(1, 4)]))
    large = cost(items_of([article(n) for n in range(4, 14)]))
    assert (large - small) % 7 == 0
    assert (large - small) // 7 <= 30


def test_the_report_counts_what_became_of_everything(cast, now, tmp_path):
    file = tmp_path / "混合.jsonl"
    file.write_bytes(
        lines_of([article(1), article(1), {"title": "空"}, {"text": NOTICE}, {"text": "没有标题的一句话。"}])
    )
    report = ImportReport()
    for group in import_all(
        results=read_many([file]), column=cast.city.columns["zcwj"], by=cast.city.editor, now=now, source="汇编"
    ):
        report.add(group)
    assert report.counts() == {"read": 2, "doubtful": 1, "not_ready": 0, "refused": 1, "duplicate": 1}
    assert report.understood()["written_on"] == {"found": 1, "doubtful": 0, "absent": 0}
    assert len(report.submittable) == 3
    assert not report.is_clean()


def test_every_reason_of_the_reader_has_its_words():
    """The codes stand in the reader's own source, so a new one cannot be forgotten here."""
    import re
    from pathlib import Path

    from jiyue.domain import official_text

    folder = Path(official_text.__file__).parent
    source = "".join((folder / name).read_text() for name in ("official_text.py", "official_signature.py"))
    doubtful = set(re.findall(r'"doubtful", (?:why|"(\w+)")', source)) | set(
        re.findall(r'\("doubtful", "(\w+)"\)', source)
    )
    assert doubtful - {""} <= reading_words.DOUBTS.keys()
    absent = set(re.findall(r'absent(?:\[\w+\]|\["\w+"\]|\.setdefault\("\w+",)\s*(?:=\s*)?"(\w+)"', source))
    assert absent <= reading_words.ABSENCES.keys()


def test_no_statement_goes_to_an_index_that_nobody_reads(take):
    take([])
    with CaptureQueriesContext(connection) as asked:
        take(items_of([article(n) for n in range(20)]))
    statements = [query["sql"] for query in asked]
    assert not [sql for sql in statements if "referenceindex" in sql]
    assert len(statements) <= 24 * 20
