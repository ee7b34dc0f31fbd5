"""资源库: what is public on every site can be found, and nothing that is not."""

from datetime import timedelta

import pytest

from jiyue.content.actions import save_draft
from jiyue.content.models import Record
from jiyue.publishing.models import PublicItem
from jiyue.review.actions import submit_withdrawal
from tests.apps.console.library.conftest import bring_up
from tests.cast import draft, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.req("LIB-01")]


def listed(client, **asked) -> list[str]:
    return [book.title for book in client.get("/library/", asked).context["books"]]


def test_public_items_of_all_sites_stand_there_newest_first(cast, now, publish, sign_in):
    publish(cast.city, title="湖岸清洁", at=now - timedelta(hours=2))
    publish(cast.outside, title="邻江通航", at=now - timedelta(hours=1))
    assert listed(sign_in(cast.city.editor)) == ["邻江通航", "湖岸清洁"]


def test_a_draft_of_another_site_does_not_exist_here(cast, now, publish, sign_in):
    draft(cast.outside, now=now, title="尚未公开的消息")
    page = sign_in(cast.city.editor).get("/library/")
    assert "尚未公开的消息" not in page.content.decode()
    assert listed(sign_in(cast.outside.editor)) == []


def test_what_editors_change_after_publication_stays_theirs(cast, now, publish, sign_in):
    record = Record.objects.get(pk=publish(cast.outside, title="邻江通航").pk).typed
    record.title = "邻江停航内部稿"
    save_draft(record=record, by=cast.outside.editor, now=now + timedelta(minutes=1))
    client = sign_in(cast.city.editor)
    assert listed(client) == ["邻江通航"]
    assert listed(client, q="停航") == []
    assert listed(client, q="通航") == ["邻江通航"]
    take = client.get(f"/library/{PublicItem.objects.get().pk}/take/").content.decode()
    assert "邻江通航" in take and "停航" not in take


def test_what_was_withdrawn_is_gone(cast, now, publish, sign_in):
    record = publish(cast.city, title="湖岸清洁")
    item = PublicItem.objects.get()
    review = submit_withdrawal(record=record, kind="error", reason="有误", by=cast.city.editor, now=now)
    sign_all(cast.city, review, now=now)
    bring_up(cast.city.site)
    client = sign_in(cast.outside.editor)
    assert listed(client) == []
    assert client.get(f"/library/{item.pk}/take/").status_code == 404


def test_filters_narrow_by_site_type_column_kind_words_and_days(cast, now, publish, sign_in):
    publish(cast.city, title="湖岸清洁", at=now - timedelta(days=3))
    publish(cast.outside, title="邻江通航公告", kind="notice", column="tzgg")
    client = sign_in(cast.city.editor)
    for asked, expected in [
        ({"site": "www.linjiang.localhost"}, ["邻江通航公告"]),
        ({"site": "澄湖"}, ["湖岸清洁"]),
        ({"kind": "notice"}, ["邻江通航公告"]),
        ({"kind": "nonsense"}, ["邻江通航公告", "湖岸清洁"]),
        ({"column_kind": "news"}, ["湖岸清洁"]),
        ({"q": "清洁"}, ["湖岸清洁"]),
        ({"q": "没有"}, []),
        ({"since": "2026-11-20"}, ["邻江通航公告"]),
        ({"until": "2026-11-18"}, ["湖岸清洁"]),
        ({"since": "2026-02-31"}, ["邻江通航公告", "湖岸清洁"]),
        ({"p": "2"}, []),
    ]:
        assert (asked, listed(client, **asked)) == (asked, expected)


def test_a_full_page_costs_as_many_queries_as_one_row(
    cast, now, publish, sign_in, django_assert_num_queries, django_assert_max_num_queries
):
    publish(cast.outside, title="第一篇")
    client = sign_in(cast.city.editor)
    with django_assert_max_num_queries(40) as one:
        client.get("/library/")
    for number in range(4):
        publish(cast.outside, title=f"又一篇{number}", at=now + timedelta(minutes=number))
    with django_assert_num_queries(len(one)):
        assert len(listed(client)) == 5


def test_an_item_whose_text_is_not_what_was_signed_says_so_and_cannot_be_taken(cast, publish, sign_in, monkeypatch):
    publish(cast.outside, title="邻江通航")
    PublicItem.objects.update(version_digest="0" * 64)
    page = sign_in(cast.city.editor).get("/library/")
    (book,) = page.context["books"]
    assert (book.intact, book.takeable) == (False, False)
    assert "内容与签发的不符" in page.content.decode()


def test_who_reads_no_content_has_no_library(cast, publish, sign_in):
    assert sign_in(cast.operator).get("/library/").status_code == 404
    assert sign_in(cast.auditor).get("/library/").status_code == 404
    assert sign_in(cast.supervisor).get("/library/").status_code == 200


def test_a_reviewer_looks_and_is_offered_no_taking(cast, publish, sign_in):
    publish(cast.outside, title="邻江通航")
    client = sign_in(cast.city.first)
    assert "/take/" not in client.get("/library/").content.decode()
    assert client.get(f"/library/{PublicItem.objects.get().pk}/take/").status_code == 404
