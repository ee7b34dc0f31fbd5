"""Live enquiries at the counter: open or closed in plain words, nothing typed is lost, and one's own conversation alone."""

import json
import os
import re
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from tests.apps.portal.counter_home import HOST, SILENT, City, counting, encoded, site
from tests.apps.publishing.raw_http import Client, Reply

from jiyue.interaction.letterbox import talks as box_of
from jiyue.interaction.letterbox.talks import TalkBox, key_of, room_of
from jiyue.publishing.serving import portal

TALK = "/hudong/talk"
QUESTION = "老年卡到期了，在哪里换新的？"


class Browser:
    """A browser without script that keeps its cookie."""

    def __init__(self, city: City, cookie: str = "") -> None:
        self.city, self.cookie = city, cookie
        self.hidden: dict[str, str] = {}
        self.text = ""

    def get(self, target: str = TALK) -> Reply:
        with Client(self.city.port) as client:
            return self._read(client.get(target, self.city.host, Cookie=self.cookie))

    def send(
        self, go: str, *, cookie: str | None = None, files: tuple[tuple[str, bytes], ...] = (), **typed: str
    ) -> Reply:
        kind, body = encoded({**self.hidden, **typed, "go": go}, files)
        head = (
            f"POST {TALK} HTTP/1.1\r\nHost: {self.city.host}\r\nContent-Type: {kind}\r\n"
            f"Cookie: {self.cookie if cookie is None else cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with Client(self.city.port) as client:
            client.send(head.encode() + body)
            return self._read(client.reply())

    def begin(self, text: str = QUESTION) -> Reply:
        self.get()
        return self.send("begin", text=text, human=self.sum())

    def sum(self) -> str:
        first, second = re.search(r"([零一二三四五六七八九])加([零一二三四五六七八九])等于几", self.text).groups()
        numerals = "零一二三四五六七八九"
        return str(numerals.index(first) + numerals.index(second))

    @property
    def secret(self) -> str:
        return self.cookie.partition("=")[2]

    def _read(self, reply: Reply) -> Reply:
        self.text = reply.body.decode("utf-8", "replace")
        found = re.search(r"jy_talk=[0-9a-f]{32}", str(reply.headers.get("set-cookie", "")))
        self.cookie = found[0] if found else self.cookie
        self.hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.text))
        self.hidden.pop("proof", None)
        return reply


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with counting(site(tmp_path_factory.mktemp("talks"))) as found:
        yield found


@pytest.fixture
def box(city) -> TalkBox:
    city.portal.talking.beginning_unproved._left.clear()
    city.portal.talking.waiting_from.clear()
    found = TalkBox(city.home)
    for path in found.inside.iterdir():
        path.unlink()
    hang_out(found)
    return found


def hang_out(box: TalkBox, why: str = "", *, at: datetime | None = None, host: str = HOST) -> None:
    moment = at or datetime.now(UTC)
    box.hang_out(host, {
        "v": 1, "unit": "澄湖市人民政府办公室", "why": why, "hours": "09:00-12:00", "idle": 15, "waiting": 0,
        "next": (moment + timedelta(days=1)).isoformat(), "at": moment.isoformat(),
    })  # fmt: skip


def answered(box: TalkBox, secret: str, *words: dict, state: str = "talking") -> None:
    page = box.read(secret)
    said = page["words"] + [
        {
            "n": n,
            "changed": n,
            "at": datetime.now(UTC).isoformat(),
            "mine": False,
            "label": "值班员 3 号",
            "text": "",
            "t": "",
            **word,
        }
        for n, word in enumerate(words, 2)
    ]
    box.write(room_of(secret), key_of(secret), {**page, "seq": len(said), "state": state, "words": said})


@pytest.fixture
def visitor(city, box) -> Browser:
    found = Browser(city)
    assert found.begin().status == 200
    return found


@pytest.mark.req("INT-01", "INT-16")
def test_a_conversation_begins_without_account_and_script(visitor, box):
    assert "正在排队" in visitor.text and QUESTION in visitor.text
    [said] = box.waiting()
    assert said.act == box_of.OPEN and said.host == HOST and said.fields == {"text": QUESTION}
    assert said.key == key_of(visitor.secret).hex() and visitor.secret not in said.written().decode()
    visitor.get()
    assert QUESTION in visitor.text


@pytest.mark.parametrize(("why", "words"), [
    ("hours", "现在不在开放时间"), ("nobody", "没有值班员在岗"), ("full", "排队的人满了"), ("strange", "没有值班员在岗"),
])  # fmt: skip
def test_a_desk_that_is_closed_says_so_and_keeps_what_was_typed(city, box, why, words):
    browser = Browser(city)
    browser.get()
    hang_out(box, why)
    browser.begin() if "等于几" in browser.text and not why else browser.send("begin", text=QUESTION)
    assert words in browser.text and QUESTION in browser.text and not list(box.waiting())
    browser.send("letter", text=QUESTION)
    assert 'name="title"' in browser.text and QUESTION in browser.text


def test_a_sign_that_nobody_renews_is_not_believed(city, box):
    hang_out(box, at=datetime.now(UTC) - timedelta(minutes=5))
    browser = Browser(city)
    browser.get()
    assert "没有值班员在岗" in browser.text


def test_a_site_without_a_desk_has_no_such_page(city, box):
    box.take_in(HOST)
    assert city.get(TALK).status == 404
    assert "/hudong/talk" not in city.get("/hudong/").body.decode()
    hang_out(box)
    assert "/hudong/talk" in city.get("/hudong/").body.decode()
    assert city.get(TALK, SILENT).status == 404


def test_a_page_of_another_site_that_posts_here_begins_nothing(city, box):
    browser = Browser(city)
    browser.begin()
    for path in box.inside.iterdir():
        path.unlink()
    browser.get()
    browser.send("begin", text="替别人说", cookie="")
    assert "再按一次" in browser.text and "替别人说" in browser.text and not list(box.waiting())


def test_what_is_said_goes_in_with_a_proof_and_stands_there_at_once(visitor, box):
    visitor.send("say", text="能代办吗？")
    assert "能代办吗？" in visitor.text and "正在送达" in visitor.text
    [_first, said] = box.waiting()
    assert said.act == box_of.SAY and said.is_proved(key_of(visitor.secret)) and not said.key


def test_the_same_page_sent_twice_says_it_once(visitor, box):
    hidden = dict(visitor.hidden)
    for _time in range(2):
        visitor.hidden = hidden
        visitor.send("say", text="一次")
    assert len(list(box.waiting())) == 2  # the first word of all, and this one


def test_an_answer_is_seen_with_a_button_that_keeps_what_is_being_typed(visitor, box):
    answered(box, visitor.secret, {"act": "take"}, {"act": "answer", "text": "到便民服务中心。"})
    visitor.send("look", text="我正在写")
    assert "值班员 3 号正在接待您" in visitor.text and "到便民服务中心。" in visitor.text and "我正在写" in visitor.text


@pytest.mark.parametrize(("text", "words"), [("", "请写您想问的话"), ("长" * 1001, "一次最多 1000 个字")])
def test_nothing_and_too_much_are_told(visitor, box, text, words):
    assert visitor.send("say", text=text).status == 422
    assert words in visitor.text and text in visitor.text and len(list(box.waiting())) == 1


def test_control_characters_do_not_pass(visitor, box):
    visitor.send("say", text="a\x00b\x1b[31m\u202ec")
    assert list(box.waiting())[1].fields["text"] == "ab[31mc"


def test_what_is_said_after_the_end_is_kept_in_the_page(visitor, box):
    answered(box, visitor.secret, {"act": "take"}, {"act": "end", "text": "officer"}, state="ended")
    assert visitor.send("say", text="还有一句").status == 409
    assert "这一句没有发出" in visitor.text and "还有一句" in visitor.text and len(list(box.waiting())) == 1
    visitor.send("letter", text="还有一句")
    assert "还有一句" in visitor.text and QUESTION in visitor.text and visitor.hidden["talk"] == room_of(visitor.secret)


def test_a_new_one_has_a_new_secret(visitor, box):
    answered(box, visitor.secret, {"act": "end", "text": "visitor"}, state="ended")
    before = visitor.secret
    visitor.send("new")
    assert "开始咨询" in visitor.text and visitor.secret != before


def test_rating_and_end_go_in(visitor, box):
    visitor.send("end")
    answered(box, visitor.secret, {"act": "take"}, {"act": "end", "text": "visitor"}, state="ended")
    visitor.send("look")
    visitor.send("rate", score="5")
    assert "已收到您的评价" in visitor.text
    visitor.get()
    visitor.send("rate", score="9")
    assert [said.act for said in box.waiting()] == ["open", "end", "rate"]


def test_who_talks_too_quickly_is_held_and_loses_nothing(visitor, box):
    for n in range(30):
        reply = visitor.send("say", text=f"第{n}句")
        if reply.status == 429:
            break
    assert reply.status == 429 and "发得太快了" in visitor.text and f"第{n}句" in visitor.text
    assert len(list(box.waiting())) == n + 1


def test_a_full_box_is_told_and_loses_nothing(visitor, box, monkeypatch):
    monkeypatch.setattr(box_of, "MOST_LYING", 1)
    assert visitor.send("say", text="这一句").status == 503
    assert "这一句" in visitor.text and "过一会儿" in visitor.text


def test_somebody_elses_conversation_cannot_be_opened(visitor, city, box):
    for cookie in ("", "jy_talk=" + "0" * 32, "jy_talk=../../x", f"jy_talk={room_of(visitor.secret)}"):
        stranger = Browser(city, cookie)
        stranger.get()
        assert QUESTION not in stranger.text
        assert city_events(city, cookie).status == 404
        assert stranger.get("/hudong/talk-saved").status == 404


def test_a_secret_is_good_at_its_own_site_alone(visitor, city, box):
    page = box.read(visitor.secret)
    box.write(room_of(visitor.secret), key_of(visitor.secret), {**page, "host": SILENT})
    visitor.get()
    assert QUESTION not in visitor.text and city_events(city, visitor.cookie).status == 404


def city_events(city: City, cookie: str) -> Reply:
    with Client(city.port) as client:
        return client.get("/hudong/talk-words", HOST, Cookie=cookie)


def test_words_come_by_themselves(visitor, city, box):
    with Client(city.port) as client:
        client.send(
            f"GET /hudong/talk-words?since=0 HTTP/1.1\r\nHost: {HOST}\r\nCookie: {visitor.cookie}\r\n\r\n".encode()
        )
        head = client._until(b"\r\n\r\n")
        assert b"text/event-stream" in head and b"no-store" in head
        client._until(b"\n\n")
        answered(box, visitor.secret, {"act": "take"}, {"act": "answer", "text": "到便民服务中心。"})
        told = json.loads(client._until(b"\n\n").partition(b"data: ")[2])
        assert [word["act"] for word in told["words"]] == ["say", "take", "answer"] and told["state"] == "talking"
        answered(box, visitor.secret, state="waiting-2")
        assert json.loads(client._until(b"\n\n").partition(b"data: ")[2])["state"] == "waiting-2"


def test_the_conversation_can_be_saved(visitor, box):
    answered(box, visitor.secret, {"act": "take"}, {"act": "answer", "text": "到便民服务中心。"})
    reply = visitor.get("/hudong/talk-saved")
    assert reply.status == 200 and "attachment" in str(reply.headers)
    assert QUESTION in visitor.text and "值班员 3 号：到便民服务中心。" in visitor.text


def test_in_english_too(city, box):
    browser = Browser(city)
    browser.get(f"{TALK}?lang=en")
    assert "Before you begin" in browser.text


def test_one_address_holds_few_places_in_the_queue(city, box):
    begun = [Browser(city) for _n in range(3)]
    for browser in begun:
        assert browser.begin().status == 200
    late = Browser(city)
    assert late.begin().status == 429 and "已有几位在排队" in late.text and QUESTION in late.text
    late.send("letter", text=QUESTION)
    assert 'name="title"' in late.text and QUESTION in late.text
    answered(box, begun[0].secret, {"act": "take"})
    assert late.begin().status == 200 and len(list(box.waiting())) == 4


def test_one_form_begins_one_conversation(city, box):
    first = Browser(city)
    first.get()
    hidden, known = dict(first.hidden), first.sum()
    first.send("begin", text=QUESTION, human=known)
    other = Browser(city, "jy_talk=" + "7" * 32)
    other.hidden = hidden
    other.send("begin", text=QUESTION, human=known)
    assert "请再按一次" in other.text and QUESTION in other.text and len(list(box.waiting())) == 1
    assert other.hidden["token"] != hidden["token"]


def test_an_edited_sentence_of_the_same_page_is_another_word(visitor, box):
    hidden = dict(visitor.hidden)
    for text in ("能代办吗", "能代办吗", "家人能代办吗"):
        visitor.hidden = hidden
        visitor.send("say", text=text)
    assert [said.fields["text"] for said in box.waiting()] == [QUESTION, "能代办吗", "家人能代办吗"]


def test_who_looks_is_noted(visitor, city, box):
    marker = box.rooms / "seen" / room_of(visitor.secret)
    for look in (visitor.get, lambda: _begins_to_listen(city, visitor)):
        os.utime(marker, (1, 1))
        look()
        _until(lambda: box.seen_at(room_of(visitor.secret)).year > 2000)


def _until(is_so) -> None:
    """What is noted beside an answer may come a little after it."""
    for _n in range(200):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("not noted within ten seconds")


def _begins_to_listen(city, visitor) -> None:
    with Client(city.port) as client:
        client.send(f"GET /hudong/talk-words HTTP/1.1\r\nHost: {HOST}\r\nCookie: {visitor.cookie}\r\n\r\n".encode())
        client._until(b"\n\n")


def test_behind_a_proxy_with_tls_the_cookie_stays_there(city, box):
    with Client(city.port) as client:
        assert client.get(TALK, HOST, **{"X-Forwarded-Proto": "https"}).headers["set-cookie"].endswith("; Secure")
    assert "Secure" not in city.get(TALK).headers["set-cookie"]


def test_nobody_waits_for_the_disk_where_words_are_looked_for(visitor, city, box, monkeypatch):
    threads = []
    real = portal.opened
    monkeypatch.setattr(
        portal, "opened", lambda *given: threads.append(threading.current_thread().name) or real(*given)
    )
    _begins_to_listen(city, visitor)
    assert city_events(city, "jy_talk=" + "0" * 32).status == 404
    assert len(threads) == 1 and threads[0].startswith("portal_")


PNG = b"\x89PNG\r\n\x1a\n" + b"canary" * 30


@pytest.mark.req("INT-16")
def test_a_file_goes_in_without_script_and_a_wrong_one_is_told(visitor, box):
    reply = visitor.send("say", text="这是照片", files=(("程序.png", b"MZ"), ("卡.png", PNG)))
    assert reply.status == 422 and "“程序.png”其实是程序，不能接收" in visitor.text
    assert "这是照片</textarea>" in visitor.text and 'aria-label="已经收下的附件"' in visitor.text
    assert not [said for said in box.waiting() if said.act == "say"]
    reply = visitor.send("say", text="这是照片")  # the good one is kept and need not be chosen again
    assert (
        reply.status == 200
        and '卡.png <span class="file-facts">' in visitor.text
        and "已经收下的附件" not in visitor.text
    )
    (said,) = [said for said in box.waiting() if said.act == "say"]
    assert [file.name for file in said.files] == ["卡.png"] and said.is_proved(key_of(visitor.secret))
    assert box.file(said, 1).read_bytes() == PNG and not list(box.drafts.folder.glob("*/*.data"))


def test_a_form_with_files_pressed_twice_says_it_once(visitor, box):
    visitor.send("look", text="这是照片", files=(("卡.png", PNG),))
    hidden = dict(visitor.hidden)
    for _time in range(2):
        visitor.hidden = hidden
        assert visitor.send("say", text="这是照片").status == 200
    assert len([said for said in box.waiting() if said.act == "say"]) == 1


def test_files_alone_say_something_and_one_is_put_away_again(visitor, box):
    visitor.send("look", files=(("a.png", PNG), ("b.png", PNG)))
    name = re.search(r'value="(remove:[0-9a-f]{16})"', visitor.text)[1]
    visitor.send(name)
    assert visitor.text.count('value="remove:') == 1
    assert visitor.send("say", text="").status == 200
    (said,) = [said for said in box.waiting() if said.act == "say"]
    assert [file.name for file in said.files] == ["b.png"]


def test_a_conversation_takes_as_many_files_as_a_letter(visitor, box):
    files = [{"id": "", "name": "a.png", "size": 10}] * 4
    answered(box, visitor.secret, {"act": "say", "mine": True, "files": files})
    visitor.get()
    reply = visitor.send("say", text="还有", files=(("b.png", PNG), ("c.png", PNG)))
    assert reply.status == 422 and "一次咨询最多交 5 个附件" in visitor.text and "还有</textarea>" in visitor.text
    assert not [said for said in box.waiting() if said.act == "say"]


def test_what_the_desk_handed_back_is_taken_with_the_secret_alone(visitor, city, box):
    answered(box, visitor.secret, {"act": "answer", "files": [{"id": "2-1.pdf", "name": "网点.pdf", "size": 9}]})
    key = box_of.ticket_of(key_of(visitor.secret))
    box.enclosures.put(room_of(visitor.secret), "2-1.pdf", key, b"%PDF-1.7!", at=datetime.now(UTC))
    visitor.get()
    assert 'href="/hudong/talk-file?f=2-1.pdf"' in visitor.text
    reply = visitor.get("/hudong/talk-file?f=2-1.pdf")
    assert (reply.status, reply.body) == (200, b"%PDF-1.7!")
    assert "attachment" in reply.headers["content-disposition"] and "no-store" in reply.headers["cache-control"]
    assert "sandbox" in reply.headers["content-security-policy"]
    for cookie in ("", "jy_talk=" + "9" * 32):
        with Client(city.port) as client:
            assert client.get("/hudong/talk-file?f=2-1.pdf", city.host, Cookie=cookie).status == 404
    for name in ("", "2-2.pdf", "../../x", "2-1.pdf%00"):
        assert visitor.get(f"/hudong/talk-file?f={name}").status == 404
    city.portal.talking.taking._left.clear()
    statuses = [visitor.get("/hudong/talk-file?f=2-1.pdf").status for _n in range(40)]
    assert statuses.count(429) > 5 and "下载得太频繁了" in visitor.text
    city.portal.talking.taking._left.clear()
    box.enclosures.forget(room_of(visitor.secret))
    assert visitor.get("/hudong/talk-file?f=2-1.pdf").status == 404 and "这个文件现在取不到" in visitor.text


def test_a_file_that_was_not_sent_goes_into_the_letter_and_the_letter_says_what_goes_along(visitor, box):
    visitor.send("letter", text="还有一张照片", files=(("卡.png", PNG),))
    assert 'action="/hudong/write"' in visitor.text and "卡.png" in visitor.text
    assert "咨询里交过的附件会随信一起交" in visitor.text and "还有一张照片" in visitor.text
