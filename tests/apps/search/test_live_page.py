"""The live page: the frame of the release with an answer in it, for any input, and what is said when nobody answers."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiyue.foundation.home import Home
from jiyue.portal.environment import portal_renderer
from jiyue.portal.live import parameters
from jiyue.portal.searching import Rate, SearchPortal
from jiyue.publishing.serving import Limits, listen_privately
from jiyue.publishing.serving.requests import parse
from jiyue.search.asked import take_in
from jiyue.search.commanding import answering
from jiyue.search.counting import Counting
from jiyue.search.engines.embedded import EmbeddedEngine
from jiyue.search.models import AskedQuery
from tests.apps.publishing.raw_http import once
from tests.apps.publishing.running_portal import running
from tests.apps.search.cities import Indexed
from tests.cast import draft, reviewed, structured

pytestmark = pytest.mark.django_db
LIMITS = Limits(connections=400, connections_per_address=400)


@pytest.fixture
def city(settings, cast, now):
    indexed = Indexed(Home(settings.JIYUE_HOME).prepare())
    structured(cast.city, now=now)
    for title in ("湖岸清洁行动启动", "关于清洁能源的通知", "<b>注入</b>与“引号”"):
        reviewed(cast.city, draft(cast.city, now=now, title=title), now=now)
    indexed.publish(cast.city.site, now=now)
    return indexed


@pytest.fixture
def portal(city):
    return SearchPortal(
        city.home.path, LIMITS, renderer=portal_renderer(), service=answering(city.home, EmbeddedEngine(city.home.index)),
        counting=Counting(city.home.index),
    )  # fmt: skip


def get(portal, target: str, host: str, method: str = "GET", more: str = ""):
    request = parse(f"{method} {target} HTTP/1.1\r\nHost: {host}{more}".encode("latin-1"))
    return portal.answer(request, 1e9)


def page(portal, query: str, host: str) -> str:
    answer = get(portal, f"/search/?{query}", host)
    assert answer.status == 200
    return answer.body.decode()


@pytest.mark.req("SRCH-01")
def test_the_answer_stands_in_the_frame_of_the_site(portal, cast):
    html = page(portal, f"q={quote('清洁')}", cast.city.site.host)
    assert "<title>清洁_搜索_" in html
    assert "湖岸<mark>清洁</mark>行动启动" in html
    assert "关于<mark>清洁</mark>能源的通知" in html
    assert "网站标识码" in html and html.count("</main>") == html.count("search-answer") == 1
    assert 'href="/zwdt/yw/2026/1121/' in html
    assert "/admin" not in html and "Set-Cookie" not in html


def test_its_headers_are_those_of_a_static_page_that_nobody_keeps(portal, cast):
    headers = get(portal, "/search/?q=1", cast.city.site.host).headers.decode()
    assert "default-src 'self'" in headers
    assert "Cache-Control: no-store" in headers
    assert "X-Content-Type-Options: nosniff" in headers


def test_words_of_the_question_and_of_titles_are_escaped(portal, cast):
    html = page(portal, f"q={quote('注入 <script>alert(1)</script>')}", cast.city.site.host)
    assert "<script>alert" not in html
    html = page(portal, f"q={quote('注入')}", cast.city.site.host)
    assert "&lt;b&gt;<mark>注入</mark>&lt;/b&gt;" in html


def test_another_site_is_searched_only_when_asked(portal, city, cast, now):
    structured(cast.outside, now=now)
    reviewed(cast.outside, draft(cast.outside, now=now, title="邻江清洁水源"), now=now)
    city.publish(cast.outside.site, now=now)
    host = cast.city.site.host
    assert "邻江" not in page(portal, f"q={quote('清洁')}", host).partition("<main")[2]
    html = page(portal, f"q={quote('清洁')}&s=all", host)
    assert 'href="http://www.linjiang.localhost' in html


def test_suggestions_lead_to_terms_and_titles(portal, cast):
    answer = json.loads(get(portal, f"/search/suggest?q={quote('清')}", cast.city.site.host).body)
    texts = [one["text"] for one in answer["suggestions"]]
    assert texts[0] == "清洁"
    assert "湖岸清洁行动启动" in texts
    pinyin = json.loads(get(portal, "/search/suggest?q=qing", cast.city.site.host).body)
    assert "清洁" in [one["text"] for one in pinyin["suggestions"]]


@pytest.mark.parametrize("query", [
    "q=%00%00", "q=%ED%A0%80", "q=%FF%FE", "q=" + "%E7%8E%AF" * 800, "q=a&" + "&".join(f"x{n}=1" for n in range(900)),
    "q=%E2%80%AE%E7%8E%AF", "q=" + "(" * 400, "q=%22", "q=a%20OR%20*", "p=99999999999999999999&q=a", "q=a&p=-1&y=1e9&c=%F0",
    "q=a&w=999999999&c=999999999&y=99999", "q=a&t=%00&v=%ED%A0%80&u=" + "x" * 500, "%", "q", "&&&===", "q=a;b",
])  # fmt: skip
def test_broken_input_gets_a_plain_page(portal, cast, query):
    assert "搜索" in page(portal, query, cast.city.site.host)
    assert get(portal, f"/search/suggest?{query}", cast.city.site.host).status == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec=None), max_size=120))
def test_anything_typed_is_answered(portal, cast, typed):
    portal.questions = portal.typing = Rate(burst=10**9, each_second=1)
    query = quote(typed.encode("utf-8", "surrogatepass"))
    page(portal, f"q={query}", cast.city.site.host)
    assert get(portal, f"/search/suggest?q={query}", cast.city.site.host).status == 200


def test_who_asks_too_fast_is_told_so(portal, cast):
    portal.questions = Rate(burst=2, each_second=0.001)
    answers = [
        get(portal, "/search/?q=a", cast.city.site.host, more="\r\nX-Forwarded-For: 192.0.2.1") for _ in range(3)
    ]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert "搜索得太快了" in answers[2].body.decode()
    assert get(portal, "/search/?q=a", cast.city.site.host, more="\r\nX-Forwarded-For: 192.0.2.2").status == 200


def test_who_goes_on_asking_too_fast_gets_as_many_answers_as_the_rate_allows():
    clock = [0.0]
    rate = Rate(burst=1, each_second=2, clock=lambda: clock[0])
    answered = 0
    for eighth in range(81):  # every eighth of a second, for ten seconds
        clock[0] = eighth / 8
        answered += rate.allows("192.0.2.1")
    assert answered == 21


def test_nothing_is_posted_and_nothing_else_is_served_here(portal, cast):
    host = cast.city.site.host
    assert get(portal, "/search/", host, method="POST").status == 405
    assert get(portal, "/search/nothing", host).status == 404
    assert get(portal, "/search/?q=a", "nobody.invalid").status == 404


def test_a_missing_index_is_told_in_the_frame(portal, city, cast):
    city.indexer.engine.destroy()
    portal.service = answering(city.home, EmbeddedEngine(city.home.index))
    answer = get(portal, "/search/?q=a", cast.city.site.host)
    assert answer.status == 503
    assert "搜索服务暂时没有应答" in answer.body.decode()


def test_questions_are_counted_by_day_without_what_may_be_personal(portal, city, cast, now):
    host = cast.city.site.host
    for query in ("清洁", "清洁", "火星签证", "13800138000", "幸福路3号楼2单元"):
        page(portal, f"q={quote(query)}", host)
    portal.counting.write()
    written = "".join(file.read_text() for file in city.home.index.rglob("*.jsonl"))
    assert "138" not in written and "幸福路" not in written
    take_in(city.home.index, now=now)
    take_in(city.home.index, now=now)
    rows = AskedQuery.objects.values_list("query", "times", "without_result")
    assert sorted(rows) == [("清洁", 2, 0), ("火星签证", 1, 1)]


def test_the_portal_passes_questions_on_and_keeps_serving_when_nobody_answers(portal, city, cast):
    host = cast.city.site.host
    path = city.home.run / "search.sock"
    with running(city.home.path, live={"/search/": path}) as front:
        silent = once(front.port, f"/search/?q={quote('清洁')}", host)
        assert silent.status == 503
        assert "搜索服务暂时没有应答" in silent.body.decode()
        with answering_on(path, portal):
            answers = [once(front.port, f"/search/?q={quote('清洁')}", host) for _ in range(3)]
            assert [answer.status for answer in answers] == [200] * 3
            assert "<mark>清洁</mark>" in answers[0].body.decode()
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda _n: once(front.port, "/search/?q=a", host), range(20)))
            assert once(front.port, "/", host).status == 200
            assert once(front.port, "/search/suggest?q=a", host).status == 200


class answering_on:
    """The search process in a thread of the test."""

    def __init__(self, path, portal):
        self.path, self.portal = path, portal

    def __enter__(self):
        import asyncio

        from jiyue.publishing.serving import PortalServer
        from jiyue.publishing.serving.server import run

        self.ready = threading.Event()

        async def main():
            server = PortalServer(self.portal, LIMITS)
            self.stop, self.loop = asyncio.Event(), server.loop
            await server.start(listen_privately(self.path))
            self.ready.set()
            await self.stop.wait()
            await server.stop()

        self.thread = threading.Thread(target=lambda: run(main()))
        self.thread.start()
        assert self.ready.wait(10)

    def __exit__(self, *_error):
        self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join(10)


@given(st.binary(max_size=200))
def test_any_bytes_are_parameters(data):
    for values in parameters(data.decode("latin-1")).values():
        assert all(isinstance(value, str) for value in values)


def test_without_words_the_chosen_conditions_alone_are_answered_newest_first(portal, cast):
    html = page(portal, "t=article", cast.city.site.host)
    assert "找到 3 条" in html and "湖岸清洁行动启动" in html
    assert "按相关度" not in html
    assert "没有符合这些条件的内容" in page(portal, "t=leader", cast.city.site.host)
    assert "可以这样找" in page(portal, "", cast.city.site.host)
