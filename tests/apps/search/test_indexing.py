"""From a release to the index: found when public, gone when withdrawn, never there while it is a draft."""

import os
import signal
import time
from datetime import date, timedelta
from multiprocessing import get_context

import pytest

from jiyue.content.models import Record
from jiyue.domain.actors import process
from jiyue.foundation.home import Home
from jiyue.publishing.actions import roll_back
from jiyue.review.actions import submit, submit_withdrawal
from jiyue.search.asking import Question
from jiyue.search.commanding import answering
from jiyue.search.engines.embedded import EmbeddedEngine
from jiyue.search.handlers import queue
from jiyue.search.indexing import Indexer
from jiyue.search.models import IndexedItem, IndexTask
from tests.apps.search.cities import Indexed
from tests.cast import draft, reviewed, sign_all, structured

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings, cast, now):
    indexed = Indexed(Home(settings.JIYUE_HOME).prepare())
    structured(cast.city, now=now)
    indexed.publish(cast.city.site, now=now)
    return indexed


@pytest.mark.req("SRCH-01")
def test_what_is_published_is_found_and_what_is_withdrawn_is_gone(city, cast, now):
    host = cast.city.site.host
    record = draft(cast.city, now=now, title="湖岸清洁行动启动")
    reviewed(cast.city, record, now=now)
    assert city.titles("清洁行动", host=host, now=now) == []
    city.publish(cast.city.site, now=now)
    assert city.titles("清洁行动", host=host, now=now) == ["湖岸清洁行动启动"]
    sign_all(
        cast.city, submit_withdrawal(record=record, kind="error", reason="有误", by=cast.city.editor, now=now), now=now
    )
    city.publisher.publish(cast.city.site, now=now)
    assert city.titles("清洁行动", host=host, now=now) == []  # before the indexer heard of it
    city.index(now=now)
    assert list(city.indexer.engine.every()) == []
    assert not IndexedItem.objects.exists()


@pytest.mark.req("SRCH-01")
def test_a_document_that_another_one_repeals_is_found_as_repealed_from_its_day(city, cast, now):
    """Nothing of the old document is signed again; the day alone changes what the index says of it."""
    facts = {"kind": "policy_document", "column": "zcwj", "issuer": "澄湖市人民政府", "written_on": date(2020, 3, 1)}
    old = draft(cast.city, now=now, title="澄湖市停车管理办法", **facts)
    reviewed(cast.city, old, now=now)
    day = now + timedelta(days=9)
    new = draft(cast.city, now=now, title="关于废止部分文件的决定", effective_on=day.date(), **facts)
    new.repeals.set([old.typed])
    reviewed(cast.city, new, now=now)
    city.publish(cast.city.site, now=now)
    found = {"query": "停车管理办法", "host": cast.city.site.host}
    assert [one.validity for one in city.ask(**found, now=now).results] == ["valid"]
    city.publish(cast.city.site, now=day)
    assert [one.validity for one in city.ask(**found, now=day).results] == ["repealed"]
    assert not IndexTask.objects.exists()


def test_no_parameter_finds_what_is_not_public(city, cast, now):
    """Drafts, what waits for review, what is signed but not published, and what another day will publish."""
    host = cast.city.site.host
    draft(cast.city, now=now, title="秘密草稿甲")
    submit(record=draft(cast.city, now=now, title="秘密待审乙"), by=cast.city.editor, now=now)
    reviewed(cast.city, draft(cast.city, now=now, title="公开的稿件"), now=now)
    city.publish(cast.city.site, now=now)
    reviewed(cast.city, draft(cast.city, now=now, title="秘密已签丙"), now=now)
    queue(cast.city.site, [*Record.objects.values_list("identity", flat=True)], now=now)
    city.index(now=now)
    engine = city.indexer.engine
    assert len(list(engine.every())) == 1
    for query in ("秘密", "mimi", "~mm", "秘密草稿", "“秘密”", "草稿 OR 公开", "*", "title:秘密", '" "'):
        for more in ({}, {"scope": "all"}, {"sort": "date"}, {"kind": "article"}, {"year": "2026"}, {"page": 2}):
            answer = city.ask(query, host=host, now=now, **more)
            assert not [one for one in answer.results if "秘密" in one.title], (query, more)
            assert not [one for one in answer.corrections if "秘密" in one]
    service = answering(city.home, EmbeddedEngine(city.home.index))
    assert not [one for typed in ("秘", "mi", "mm", "秘密") for one in service.suggestions(typed, host=host)]
    assert [one for one in engine.terms("", limit=1000) if "秘密" in one[0]] == []


def test_a_forged_row_of_the_projection_is_not_indexed(city, cast, now):
    from jiyue.publishing.models import PublicItem

    reviewed(cast.city, draft(cast.city, now=now, title="公开的稿件"), now=now)
    city.publish(cast.city.site, now=now)
    PublicItem.objects.update(address="/zwdt/yw/2026/1121/999.html")
    queue(cast.city.site, [PublicItem.objects.get().identity], now=now)
    city.index(now=now)
    assert list(city.indexer.engine.every()) == []


def test_a_correction_is_found_by_its_new_words_only(city, cast, now):
    host = cast.city.site.host
    record = draft(cast.city, now=now, title="关于供水的通告")
    reviewed(cast.city, record, now=now)
    city.publish(cast.city.site, now=now)
    record.refresh_from_db()
    record.title = "关于供暖的通告"
    record.save()
    reviewed(cast.city, record, now=now + timedelta(minutes=1), instruction={"reason": "用词有误"})
    city.publish(cast.city.site, now=now + timedelta(minutes=1))
    assert city.titles("供暖", host=host, now=now) == ["关于供暖的通告"]
    assert city.titles("供水", host=host, now=now) == []


def test_a_site_rolled_back_shows_what_its_tree_shows(city, cast, now):
    host = cast.city.site.host
    reviewed(cast.city, draft(cast.city, now=now, title="后来撤回的稿件"), now=now)
    city.publish(cast.city.site, now=now)
    assert city.titles("后来撤回", host=host, now=now) == ["后来撤回的稿件"]
    roll_back(
        publisher=city.publisher, site=cast.city.site, to_release=1, reason="试", by=process("test"),
        now=now + timedelta(minutes=1),
    )  # fmt: skip
    assert city.titles("后来撤回", host=host, now=now) == []
    city.index(now=now + timedelta(minutes=1))
    assert list(city.indexer.engine.every()) == []


def test_a_queue_row_outlives_an_index_that_was_not_committed(city, cast, now, monkeypatch):
    reviewed(cast.city, draft(cast.city, now=now, title="断电前的稿件"), now=now)
    city.publish(cast.city.site, now=now)
    queue(cast.city.site, [IndexedItem.objects.get().identity], now=now)
    with pytest.raises(KeyboardInterrupt), city.indexer.engine.writer() as writer:
        monkeypatch.setattr(writer, "commit", _interrupted)
        city.indexer.step(writer, now=now)
    assert IndexTask.objects.count() == 1
    city.index(now=now)
    assert IndexTask.objects.count() == 0


def _interrupted():
    raise KeyboardInterrupt


def test_a_folder_that_was_deleted_is_filled_again(city, cast, now):
    reviewed(cast.city, draft(cast.city, now=now, title="还在的稿件"), now=now)
    city.publish(cast.city.site, now=now)
    city.indexer.engine.destroy()
    fresh = Indexer(EmbeddedEngine(city.home.index), city.home)
    assert fresh.is_behind()
    with fresh.engine.writer() as writer:
        assert fresh.rebuild(writer, now=now) == 1
    assert city.titles("还在", host=cast.city.site.host, now=now) == ["还在的稿件"]


def test_what_the_indexer_does_at_rest_is_called_with_the_time_and_not_in_every_round(city, now):
    called = []
    fresh = Indexer(EmbeddedEngine(city.home.index), city.home, at_rest=called.append)
    with fresh.engine.writer() as writer:
        fresh.step(writer, now=now)
        fresh.step(writer, now=now)
    assert called == [now]


def test_a_killed_writer_leaves_the_last_commit(tmp_path):
    from tests.unit.search.entries import entry

    engine = EmbeddedEngine(tmp_path)
    with engine.writer() as writer:
        writer.put([entry(1, "第一份文件")])
        writer.commit()
    child = get_context("fork").Process(target=_write_for_ever, args=(tmp_path,))
    child.start()
    time.sleep(1.0)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    again = EmbeddedEngine(tmp_path)
    with again.writer() as writer:  # its lock died with it
        writer.put([entry(3, "第三份文件")])
        writer.commit()
    assert {"1:1", "1:3"} <= set(again.every())


def _write_for_ever(folder):
    from tests.unit.search.entries import entry

    with EmbeddedEngine(folder).writer() as writer:
        number = 10
        while True:
            writer.put([entry(number, f"第{number}份文件")])
            number += 1
            if number % 50 == 0:
                writer.commit()


def test_an_empty_question_asks_nothing(city, cast, now):
    answer = answering(city.home, EmbeddedEngine(city.home.index)).answer(Question(), host=cast.city.site.host, now=now)
    assert (answer.total, answer.results) == (0, ())
