"""The words inside attachments: found soon after the page itself, read once, and never at the expense of the others."""

import io
import sys
import time

import pytest
from docx import Document
from openpyxl import Workbook

from jiyue.content.actions import store_attachment
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.search import attachments
from jiyue.search.attachments import Key, Reader
from jiyue.search.indexing import call_waiting
from jiyue.search.models import IndexedItem, IndexTask
from tests.apps.content import intake_samples
from tests.apps.search.cities import Indexed
from tests.cast import draft, reviewed, structured

pytestmark = pytest.mark.django_db
# Reads like the real one; a file that says so makes it loop or die.
FAULTY = """
import json, os, sys, time
for line in sys.stdin:
    path, kind, kept = json.loads(line)
    text = open(path).read()
    if text == "loop": time.sleep(60)
    if text == "die": os._exit(9)
    open(kept, "w").write(json.dumps(text)); os.write(1, b".")
"""


@pytest.fixture
def city(settings, cast, now):
    indexed = Indexed(Home(settings.JIYUE_HOME).prepare())
    structured(cast.city, now=now)
    indexed.publish(cast.city.site, now=now)
    yield indexed
    indexed.indexer.reader.close()


def with_files(cast, now, title: str, **files: bytes):
    """A signed article with attachments; a name's last underscore stands for its dot."""
    blocks = []
    for number, (name, data) in enumerate(files.items()):
        kept = store_attachment(
            site=cast.city.site, name=name.replace("_", "."), data=data, title="附表", by=cast.city.editor, now=now
        )
        value = {"document": kept.pk, "title": "附表"}
        blocks.append({"type": "attachment", "id": str(number), "value": value})
    record = draft(cast.city, now=now, title=title, body=blocks)
    reviewed(cast.city, record, now=now)
    return record


def docx(text: str) -> bytes:
    made, out = Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(out)
    return out.getvalue()


def xlsx(text: str) -> bytes:
    made, out = Workbook(), io.BytesIO()
    made.active["A1"], made.active["B7"] = "项目", text
    made.save(out)
    return out.getvalue()


@pytest.mark.req("SRCH-01")
def test_the_words_inside_pdf_docx_and_xlsx_are_found_after_the_page_itself(city, cast, now):
    host = cast.city.site.host
    pdf = intake_samples.pdf([["Corridor bridge repair 20261122"]])
    with_files(
        cast,
        now,
        "年度计划",
        a_pdf=pdf,
        b_docx=docx("廊桥修缮工程"),
        c_xlsx=xlsx("古井清淤"),
        d_txt="木塔测绘".encode(),
    )
    city.publish(cast.city.site, now=now)
    assert city.titles("年度计划", host=host, now=now) == ["年度计划"], "it does not wait for its files"
    city.read_files(now=now)
    [result] = city.ask("廊桥修缮", host=host, now=now).results
    assert result.title == "年度计划" and "<mark>廊桥修缮</mark>工程" in result.excerpt
    for words in ("古井清淤", "木塔", "corridor", "20261122"):
        assert city.titles(words, host=host, now=now) == ["年度计划"], words
    assert IndexedItem.objects.get().unread == ""


def test_a_file_is_read_once_for_all_pages_that_name_it(city, cast, now, monkeypatch):
    table = docx("廊桥修缮工程")
    with_files(cast, now, "年度计划", b_docx=table)
    city.publish(cast.city.site, now=now)
    city.read_files(now=now)
    monkeypatch.setattr(city.indexer.reader, "command", ("/bin/false",))
    with_files(cast, now, "补充计划", b_docx=table)
    city.publish(cast.city.site, now=now)
    assert set(city.titles("廊桥", host=cast.city.site.host, now=now)) == {"年度计划", "补充计划"}
    assert not IndexTask.objects.exists()


def test_what_cannot_be_read_is_counted_and_tried_again_when_the_index_is_built_anew(city, cast, now, monkeypatch):
    host = cast.city.site.host
    monkeypatch.setattr(city.indexer.reader, "command", (sys.executable, "-c", FAULTY))
    with_files(cast, now, "年度计划", a_txt=b"die", b_txt="廊桥修缮工程".encode())
    city.publish(cast.city.site, now=now)
    city.read_files(now=now)
    assert IndexedItem.objects.get().unread == "a.txt"
    assert city.titles("廊桥", host=host, now=now) == ["年度计划"]
    monkeypatch.setattr(city.indexer.reader, "command", attachments.COMMAND)
    with city.indexer.engine.writer() as writer:
        city.indexer.rebuild(writer, now=now)
    assert city.titles("廊桥", host=host, now=now) == ["年度计划"], "what was read is not read again"
    city.read_files(now=now)
    assert IndexedItem.objects.get().unread == ""
    assert city.titles("die", host=host, now=now) == ["年度计划"]


def test_an_indexer_that_died_while_files_were_read_has_them_read_again(city, cast, now):
    with_files(cast, now, "年度计划", b_docx=docx("廊桥修缮工程"))
    city.publish(cast.city.site, now=now)
    city.indexer.reader.close()
    again = Indexed(city.home)
    call_waiting(now=now)
    again.read_files(now=now)
    assert again.titles("廊桥", host=cast.city.site.host, now=now) == ["年度计划"]


def test_a_file_that_loops_or_kills_its_reader_holds_up_nobody(settings, monkeypatch):
    home = Home(settings.JIYUE_HOME).prepare()
    reader = Reader(home, (sys.executable, "-c", FAULTY))
    store = ObjectStore(home)
    keys: list[Key] = [(store.put(text.encode()), "txt") for text in ("one", "die", "loop", "two")]
    monkeypatch.setattr(attachments, "SECONDS", 6)  # a reader may take a while to start on a busy machine
    for key in keys:
        reader.want(key)
    done, began, longest = [], time.monotonic(), 0.0
    while len(done) < len(keys):
        asked = time.monotonic()
        done += reader.finished()
        longest = max(longest, time.monotonic() - asked)
        assert asked - began < 300
        time.sleep(0.02)
    assert done == keys
    assert [reader.texts.of(key).text for key in keys] == ["one", None, None, "two"]
    assert longest < 6  # it never waited for the one that loops
    assert reader.finished() == []
    assert reader._process is None  # nothing is left of it at rest
