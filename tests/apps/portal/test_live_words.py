"""Words told live over HTTP: pushed to who has a script, a page that renews itself for who has none, questions to the guests."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from tests.apps.portal.counter_home import City, counting
from tests.apps.portal.live_home import HOST, PAGE, site, tell, word
from tests.apps.publishing.raw_http import Client, request
from tests.apps.publishing.running_portal import running
from tests.apps.publishing.test_nginx import started

from jiyue.domain.interviews import LONGEST_QUESTION
from jiyue.interaction.letterbox import Contribution
from jiyue.portal.counter.interviews import interview_of
from jiyue.publishing.serving import Limits

LIVE, ASK, WORDS = (f"/hudong/{name}?of={PAGE}" for name in ("live", "ask", "live-words"))


@pytest.fixture
def line(city):
    """Puts somebody on the line, and hangs up for all of them."""
    readers: list[Reader] = []

    def put(target: str = WORDS) -> "Reader":
        readers.append(Reader(city, target))
        return readers[-1]

    yield put
    for reader in readers:
        reader.client.socket.close()


@pytest.fixture
def city(tmp_path):
    with counting(site(tmp_path / "home"), HOST) as found:
        yield found


class Reader:
    """Somebody on the line."""

    def __init__(self, city: City, target: str = WORDS) -> None:
        self.client = Client(city.port, timeout=20)
        self.client.send(request(target, HOST))
        head = self.client._until(b"\r\n\r\n").decode()
        self.head = head.lower()

    def next(self) -> dict:
        """The next event; signs of life are no events."""
        while True:
            part = self.client._until(b"\n\n").decode()
            data = [line.removeprefix("data: ") for line in part.splitlines() if line.startswith("data: ")]
            if data:
                return json.loads(data[0])

    def ends(self) -> bool:
        try:
            self.client.rest()
        except TimeoutError:
            return False
        return True


@pytest.mark.req("INT-14")
def test_what_is_said_reaches_who_is_on_the_line_and_who_comes_back(city, line):
    tell(city.home, [word(1, "大家好。")])
    reader = line()
    assert "200 ok" in reader.head and "text/event-stream" in reader.head and "x-accel-buffering: no" in reader.head
    first = reader.next()
    assert (first["seq"], [one["text"] for one in first["words"]]) == (1, ["大家好。"])
    tell(city.home, [word(1, "大家好。"), word(2, "第二句。")])
    second = reader.next()
    assert (second["seq"], [one["n"] for one in second["words"]]) == (2, [2])
    tell(city.home, [word(1, "大家好！", changed=3, state="amended"), word(2, "第二句。")])
    assert [(one["n"], one["text"]) for one in reader.next()["words"]] == [(1, "大家好！")]
    back = line(f"{WORDS}&since=2").next()
    assert [one["n"] for one in back["words"]] == [1]


def test_before_the_first_word_readers_wait_and_after_the_transcript_they_are_sent_on(city, line):
    reader = line()
    assert reader.next() == {"seq": 0, "state": "on", "words": []}
    path = tell(city.home, [word(1, "大家好。")])
    assert reader.next()["seq"] == 1
    tell(city.home, [], state="moved", transcript="/zmhd/zxft/2026/1120/9.html")
    told = reader.next()
    assert told["state"] == "moved" and told["transcript"].endswith("9.html") and reader.ends()
    tell(city.home, [word(1, "大家好。")])
    other = line()
    assert other.next()["seq"] == 1
    path.unlink()
    assert other.next()["state"] == "gone" and other.ends()


@pytest.mark.parametrize(
    "of", ["", "/", "/index.html", "/nothing/1.html", "//evil/1.html", "/../../etc/passwd", "%00", "a" * 3000]
)
def test_no_words_of_what_is_no_interview(city, of):
    for way in ("live-words", "live", "ask", "live-picture"):
        assert city.get(f"/hudong/{way}?of={of}").status in (404, 400, 414)


@pytest.mark.req("INT-14")
def test_without_script_the_page_renews_itself_until_somebody_stops_it(city):
    tell(
        city.home, [word(1, "大家好<b>。"), word(2, "", state="taken_back", changed=3), word(4, "网友问", public=True)]
    )
    page = city.get(LIVE).body.decode()
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page.partition("<body")[0]
    assert "大家好&lt;b&gt;。" in page and "这一条已经撤回" in page and page.index("网友问") < page.index("大家好")
    assert f"{LIVE.replace('/zmhd', '/zmhd')}&amp;stop=1" in page and "停止自动更新" in page
    stopped = city.get(f"{LIVE}&stop=1").body.decode()
    assert "http-equiv" not in stopped and "继续自动更新" in stopped
    tell(city.home, [word(1, "大家好。")], state="over")
    over = city.get(LIVE).body.decode()
    assert "http-equiv" not in over and "直播已经结束" in over and "大家好" in over
    tell(city.home, [], state="moved", transcript="/t/1.html")
    moved = city.get(LIVE).body.decode()
    assert 'href="/t/1.html"' in moved and "data-live-pause" not in moved


def test_before_anybody_spoke_the_page_says_so(city):
    page = city.get(LIVE).body.decode()
    assert "还没有文字" in page and "正在直播" in page


def test_a_picture_is_given_only_while_a_word_shows_it(city):
    name = f"{'a' * 32}.jpg"
    shown = {"name": name, "width": 4, "height": 3, "alt": "演播室"}
    path = tell(city.home, [word(1, "", picture=shown)])
    path.with_name(name).write_bytes(b"\xff\xd8jpeg")
    target = f"/hudong/live-picture?of={PAGE}&name="
    assert 'alt="演播室"' in city.get(LIVE).body.decode()
    given = city.get(target + name)
    assert (given.status, given.headers["content-type"], given.body) == (200, "image/jpeg", b"\xff\xd8jpeg")
    for other in (f"{'b' * 32}.jpg", "../db.sqlite3", path.name, ""):
        assert city.get(target + other).status == 404
    tell(city.home, [word(1, "", state="taken_back", changed=2)])
    assert city.get(target + name).status == 404


@pytest.mark.req("INT-14")
def test_a_question_is_asked_without_script_and_taken_once(city):
    form = city.form(ASK)
    assert "不问姓名" in form.text and "林小满" in form.text
    assert "请写下您想问的问题" in form.posted(ASK).text
    long = form.posted(ASK, text="问" * (LONGEST_QUESTION + 1))
    assert f"最多 {LONGEST_QUESTION} 个字" in long.text and "问问问" in long.text
    unproved = form.posted(ASK, text="老小区提前供暖吗？")
    assert "请回答下面的问题" in unproved.text and "老小区提前供暖吗？" in unproved.text
    assert "已经收到" in form.posted(ASK, text="老小区提前供暖吗？", human=form.answer()).text
    assert "没有重复收取" in form.posted(ASK, text="老小区提前供暖吗？", human=form.answer()).text
    [given] = list(city.box.waiting())
    assert (
        isinstance(given, Contribution) and given.fields == {"text": "老小区提前供暖吗？"} and given.kind == "interview"
    )
    english = city.form(f"{ASK}&lang=en")
    assert "What do you want to ask?" in english.text


def test_after_the_end_nothing_is_taken_and_what_was_typed_stays(tmp_path):
    now = datetime.now(UTC).isoformat()
    with counting(site(tmp_path / "home", closes_at=now), HOST) as city:
        assert "不收提问了" in city.get(ASK).body.decode()
        late = city.post(ASK, {"text": "还来得及吗？", "go": "next"}).body.decode()
        assert "还来得及吗？" in late and "不收提问了" in late and not list(city.box.waiting())


def test_an_interview_without_live_words_has_no_such_page(tmp_path):
    with counting(site(tmp_path / "home", has_live=False), HOST) as city:
        assert city.get(LIVE).status == 404 and city.get(ASK).status == 200


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"record":{"kind":"survey"}}', b'{"record":{"kind":"interview"}}']
)
def test_what_is_no_interview_is_none(data):
    assert interview_of(data, "/a/1.html") is None


def test_many_leave_and_nothing_is_left(city, line):
    tell(city.home, [word(1, "大家好。")])
    readers = [line() for _n in range(20)]
    assert all(reader.next()["seq"] == 1 for reader in readers)
    for reader in readers:
        reader.client.socket.close()
    tell(city.home, [word(1, "大家好。"), word(2, "还在的人听见。")])
    assert line().next()["seq"] == 2


def test_nothing_can_be_sent_to_the_words_and_whoever_asks_for_the_head_alone_gets_it(city):
    assert city.post(WORDS, {"x": "y"}).status == 405
    with Client(city.port) as client:
        assert client.get(WORDS, HOST, "HEAD").status == 200


def test_beyond_so_many_readers_pages_are_still_answered(tmp_path):
    home = site(tmp_path / "home")
    tell(home, [word(1, "大家好。")])
    with running(home.path, Limits(readers=1)) as front, Client(front.port) as first, Client(front.port) as second:
        first.send(request(WORDS, HOST))
        assert b"event-stream" in first._until(b"\r\n\r\n")
        assert second.get(WORDS, HOST).status == 503
        assert second.get(PAGE, HOST).status == 200


# A short name: it is part of the path of sockets, for which nginx has 107 characters.
def test_behind_nginx(city, tmp_path):
    tell(city.home, [word(1, "大家好。")])
    with started(SimpleNamespace(root=city.home.path), tmp_path / "nginx") as port, Client(port, timeout=20) as client:
        client.send(request(WORDS, HOST))
        assert "大家好。" in client._until(b"}]}\n\n").decode()
        tell(city.home, [word(1, "大家好。"), word(2, "第二句。")])
        told = client._until(b"}]}\n\n").decode()
        assert "第二句。" in told and "大家好" not in told
