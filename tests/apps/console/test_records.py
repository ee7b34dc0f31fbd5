"""Lists of records: constant queries, capped totals, one's own sites only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiyue.content.models import Record
from jiyue.review.models import Review
from tests.cast import draft, reviewed

pytestmark = pytest.mark.django_db
LIST = "/records/"


def many(tenant, count, *, now):
    for number in range(count):
        draft(tenant, now=now, title=f"第{number}篇")


@pytest.mark.parametrize("query", ["", "?site=all", "?q=篇", "?state=draft&kind=article&year=2026"])
def test_thirty_rows_cost_as_many_queries_as_three(cast, now, sign_in, query):
    many(cast.city, 3, now=now)
    client = sign_in(cast.city.editor)
    few = queries(client, query)
    many(cast.city, 27, now=now)
    assert queries(client, query) == few


def queries(client, query: str) -> int:
    client.get(LIST + query)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(LIST + query).status_code == 200
    return len(captured)


def test_a_page_has_25_rows_and_says_whether_there_are_more(cast, now, sign_in):
    many(cast.city, 26, now=now)
    client = sign_in(cast.city.editor)
    assert client.get(LIST).content.decode().count("data-check name=") == 25
    assert client.get(LIST + "?p=2").content.decode().count("data-check name=") == 1


def test_a_supervisor_reads_the_sites_below_her_unit_and_nothing_else(cast, now, sign_in):
    draft(cast.city, now=now, title="澄湖的稿件")
    draft(cast.outside, now=now, title="邻江的稿件")
    page = sign_in(cast.supervisor).get(LIST + "?site=all").content.decode()
    assert "澄湖的稿件" in page and "邻江的稿件" not in page
    assert sign_in(cast.supervisor).get(f"{LIST}?site={cast.outside.site.pk}").status_code == 404
    assert sign_in(cast.supervisor).get(f"{LIST}?column={cast.outside.columns['yw'].pk}").status_code == 404


def test_the_operator_and_the_auditor_have_no_list(cast, sign_in):
    assert sign_in(cast.operator).get(LIST).status_code == 404
    assert sign_in(cast.auditor).get(LIST).status_code == 404


def test_a_number_finds_its_document(cast, now, sign_in):
    draft(
        cast.city, now=now, kind="policy_document", column="zcwj", title="办法", document_number="澄政办发〔2026〕12号"
    )
    draft(cast.city, now=now, title="别的")
    page = sign_in(cast.city.editor).get(LIST, {"q": "〔2026〕12"}).content.decode()
    assert "办法" in page and "别的" not in page


TITLES = ("湖岸清洁行动启动", "关于印发停车管理办法的通知", "营商环境提升方案", "老旧小区改造公告")


@pytest.mark.req("SRCH-01")
@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("湖岸", ["湖岸清洁行动启动"]),  # two characters
        ("清洁 湖岸", ["湖岸清洁行动启动"]),  # in another order
        ("湖岸清洁启动", ["湖岸清洁行动启动"]),  # not side by side
        ("停车管理暂行办法", []),  # a word that no title holds
        ("yingshanghuanjing", ["营商环境提升方案"]),
        ("yshj", ["营商环境提升方案"]),
        ("湖岸２", []),
        ("澄政办发[2026]12号", ["澄湖市停车办法"]),
        ("2026年12号", ["澄湖市停车办法"]),
        ("澄政办发２０２６ 12", ["澄湖市停车办法"]),
        ("\x00", None),
        ("'\"%_\\", []),
    ],
)
def test_records_are_found_as_people_type(cast, now, sign_in, typed, wanted):
    for title in TITLES:
        draft(cast.city, now=now, title=title)
    draft(
        cast.city, now=now, kind="policy_document", column="zcwj", title="澄湖市停车办法",
        document_number="澄政办发〔2026〕12号",
    )  # fmt: skip
    answer = sign_in(cast.city.editor).get(LIST, {"q": typed})
    assert answer.status_code == 200
    if wanted is not None:
        assert [row.title for row, _writes in answer.context["rows"]] == wanted


@pytest.mark.req("SRCH-01")
@pytest.mark.parametrize("typed", ["湖岸", "hasj", "hu an", "湖岸清洁邻江", "〔2026〕9号"])
def test_nothing_that_is_typed_finds_another_sites_records(cast, now, sign_in, typed):
    draft(cast.outside, now=now, title="湖岸邻江清洁")
    draft(
        cast.outside,
        now=now,
        kind="policy_document",
        column="zcwj",
        title="湖岸办法",
        document_number="邻政发〔2026〕9号",
    )
    for asked in ({"q": typed}, {"q": typed, "site": "all"}):
        page = sign_in(cast.city.editor).get(LIST, asked)
        assert page.context["rows"] == [] and "没有符合条件的稿件" in page.content.decode()


def test_words_read_less_strictly_are_said_to_be_so(cast, now, sign_in):
    draft(cast.city, now=now, title="湖岸清洁行动启动")
    client = sign_in(cast.city.editor)
    assert "完全一致" not in client.get(LIST, {"q": "清洁行动"}).content.decode()
    assert "没有与“湖岸清洁启动”完全一致的" in client.get(LIST, {"q": "湖岸清洁启动"}).content.decode()


def test_bulk_submission_tells_first_and_then_does(cast, now, sign_in):
    ready, unready = draft(cast.city, now=now, title="写好的"), draft(cast.city, now=now, title="没写好", body=[])
    foreign = draft(cast.outside, now=now)
    client, there = sign_in(cast.city.editor), reverse("console_submit_many")
    ticked = {"record": [ready.pk, unready.pk, foreign.pk]}
    told = client.post(there, ticked).content.decode()
    assert "将送审 1 篇" in told and "正文还是空的" in told and not Review.objects.exists()
    client.post(there, {**ticked, "confirmed": "1"})
    assert [review.version.record_id for review in Review.objects.all()] == [ready.pk]


def test_what_is_public_is_not_corrected_in_bulk(cast, now, sign_in):
    record = draft(cast.city, now=now)
    reviewed(cast.city, record, now=now)
    told = sign_in(cast.city.editor).post(reverse("console_submit_many"), {"record": [record.pk]}).content.decode()
    assert "更正要逐篇写明原因" in told
    assert Record.objects.get().state == "signed_off"
