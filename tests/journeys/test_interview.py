"""A whole interview with everything running: announced, asked beforehand, told live in words and pictures, ended, kept."""

import http.client
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from jiyue.review.checklist import ALL_GATES
from tests.apps.portal.counter_home import City
from tests.apps.portal.test_live_words import Reader
from tests.browser import installation
from tests.cast import PASSWORD
from tests.pictures import png

PATIENCE = 180.0  # seconds
LEVELS = ("first", "second", "secrecy", "final")
MAKE = """
import django
django.setup()
import json
from datetime import datetime, timedelta, UTC
from jiyue.domain.interviews import EARLY
from tests.cast import build_cast, structured
from tests.interviews import interview_draft
now = datetime.now(UTC)
city = build_cast(now=now).city
structured(city, now=now)
# Words may be told at once, and as long as can be the announcement says that it has not begun.
times = {"opens_at": now + EARLY, "closes_at": now + EARLY + timedelta(minutes=60)}
made = interview_draft(city, now=now, **times)
print(json.dumps({"interview": made.pk, "opens_at": times["opens_at"].isoformat()}))
"""


@dataclass
class Person:
    """Somebody signed in to the console, by HTTP alone."""

    port: int
    name: str
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.get("/login/")
        given = {"username": self.name, "password": PASSWORD}
        assert self.post("/login/", given)[0] == 302

    def get(self, address: str) -> str:
        return self._asked("GET", address, b"", "")[2]

    def post(self, address: str, form: dict | list, **files: bytes) -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        fields = [
            *(form.items() if isinstance(form, dict) else form),
            ("csrfmiddlewaretoken", self.cookies["csrftoken"]),
        ]
        if not files:
            return self._asked("POST", address, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields]
        parts += [
            f'name="{name}"; filename="{name}.png"\r\nContent-Type: image/png\r\n\r\n'.encode() + data
            for name, data in files.items()
        ]
        body = b"".join(b"--cut0123\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
        return self._asked("POST", address, body + b"--cut0123--\r\n", "multipart/form-data; boundary=cut0123")

    def sees(self, address: str, holds: Callable[[str], object]) -> str:
        """Look again and again until the page is as wanted."""
        until = time.monotonic() + PATIENCE
        while not holds(page := self.get(address)) and time.monotonic() < until:
            time.sleep(0.3)
        assert holds(page), page[-3000:]
        return page

    def _asked(self, method: str, address: str, body: bytes, kind: str) -> tuple[int, str, str]:
        host = f"console.localhost:{self.port}"
        headers = {"Host": host, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Content-Type": kind, "Origin": f"http://{host}"} if kind else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, address, body or None, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, answer.headers.get("Location", ""), page


@pytest.fixture(scope="module")
def here(tmp_path_factory, found):
    home = tmp_path_factory.mktemp("interview") / "home"
    running = installation.start(home, found(home), make=MAKE)
    yield running
    installation.stop(running)


@pytest.mark.slow
@pytest.mark.req("INT-14")
def test_an_interview_from_its_announcement_to_the_signed_transcript(here):
    people = {part: Person(here.console_port, f"ch_{part}") for part in ("editor", *LEVELS)}
    editor, city = people["editor"], City(here.home, None, None, None, here.portal_port)  # type: ignore[arg-type]
    key = here.facts["interview"]
    signed(people, key)
    address = announced(here)
    desk, ask = f"/interviews/{key}/", f"/hudong/ask?of={address}"
    asked_beforehand(city, ask, editor, desk)

    reader = Reader(city, f"/hudong/live-words?of={address}")
    assert reader.next()["words"] == []
    assert says(editor, desk, "大家好，访谈现在开始。", "host") == 302
    assert [one["text"] for one in reader.next()["words"]] == ["大家好，访谈现在开始。"]
    question = re.search(r'name="question" value="(\d+)"', editor.get(f"{desk}?tab=chosen"))[1]
    assert editor.post(desk, {"act": "put", "question": question})[0] == 302
    assert [one["public"] for one in reader.next()["words"]] == [True]
    kept, gone = pictures(editor, desk, reader, city, address)
    assert editor.post(desk, {"act": "close"})[0] == 302
    assert reader.next()["state"] == "over"
    assert says(editor, desk, "还有一句。", "host") == 422

    status, made, _page = editor.post(desk, {"act": "transcript"})
    assert status == 302
    signed(people, int(re.search(r"/(\d+)/", made)[1]))
    live = f"/hudong/live?of={address}"
    _status, moved = here.wait_for(live, lambda _status, page: "看访谈实录" in page)
    assert "大家好" not in moved
    told = here.public(re.search(r'main-button" href="([^"]+)"', moved)[1])[1]
    assert "老小区今年提前供暖吗" in told and 'alt="演播室里的两位嘉宾"' in told and "拍错了" not in told
    assert reader.next()["state"] == "moved"
    reader.client.socket.close()
    for name in (kept, gone):
        assert city.get(picture_at(address, name)).status == 404
    assert here.jiyue("verify", "--json").returncode == 0


def signed(people: dict[str, Person], record: int) -> None:
    """Submitted, and decided at every level."""
    status, _to, page = people["editor"].post(f"/records/{record}/submit/", {})
    assert status == 302, page[-3000:]
    review = ""
    for level in LEVELS:
        review = review or re.search(r"/reviews/(\d+)/", people[level].sees("/", lambda page: "/reviews/" in page))[1]
        given = [("act", "approve"), ("reason", "不涉及国家秘密" if level == "secrecy" else "")]
        status, _to, page = people[level].post(
            f"/reviews/{review}/decide/", [*given, *(("gates", gate) for gate in sorted(ALL_GATES))]
        )
        assert status == 302, page[-3000:]


def announced(here: installation.Installation) -> str:
    link = re.compile(r'href="(/zwdt/yw/\d{4}/\d{4}/\d+\.html)"')
    _status, news = here.wait_for("/zwdt/yw/", lambda _status, page: link.search(page))
    address = link.search(news)[1]
    page = here.public(address)[1]
    if datetime.now(UTC) < datetime.fromisoformat(here.facts["opens_at"]):  # later a busy machine has baked it anew
        assert "未开始" in page
    assert "周明澄" in page and "ch_editor" not in page
    return address


def asked_beforehand(city: City, ask: str, editor: Person, desk: str) -> None:
    """Somebody asks without an account and without script; the desk words it anew, without her telephone number."""
    form = city.form(ask).posted(ask, text="老小区提前供暖吗？我的电话 13812345678。")
    thanked = form.posted(ask, text="老小区提前供暖吗？我的电话 13812345678。", human=form.answer())
    assert "已经收到" in thanked.text
    page = editor.sees(desk, lambda page: "老小区提前供暖吗" in page)
    question = re.search(r"/interviews/questions/\d+/", page)[0]
    assert editor.post(question, {"words": "老小区提前供暖吗？打 13812345678。"})[0] == 422
    assert editor.post(question, {"words": "老小区今年提前供暖吗？"})[0] == 302


def says(editor: Person, desk: str, text: str, speaker: str, **files: bytes) -> int:
    return editor.post(desk, {"speaker": speaker, "text": text, "alt": ""}, **files)[0]


def pictures(editor: Person, desk: str, reader: Reader, city: City, address: str) -> tuple[str, str]:
    """One without words about it is refused and needs no second upload; one is taken back. Gives both names."""
    status, _to, page = editor.post(desk, {"speaker": "host", "text": "", "alt": ""}, picture=png())
    assert status == 422
    again = {"speaker": "host", "text": "", "alt": "演播室里的两位嘉宾"}
    again["kept"] = re.search(r'name="kept" value="(\d+)"', page)[1]
    assert editor.post(desk, again)[0] == 302
    shown = reader.next()["words"][0]["picture"]
    assert shown["alt"] == "演播室里的两位嘉宾" and shown["width"] > 0
    assert city.get(picture_at(address, shown["name"])).status == 200
    assert 'alt="演播室里的两位嘉宾"' in city.get(f"/hudong/live?of={address}").body.decode()  # without script

    wrong = {"speaker": "guest1", "text": "", "alt": "拍错了"}
    assert editor.post(desk, wrong, picture=png("green", side=32))[0] == 302
    other = reader.next()["words"][0]["picture"]["name"]
    word = re.search(r"/interviews/words/\d+/", editor.get(desk))[0]  # the newest stands first
    assert editor.post(word, {"act": "back", "back-reason": "拍错了"})[0] == 302
    assert reader.next()["words"][0]["state"] == "taken_back"
    assert city.get(picture_at(address, other)).status == 404
    assert city.get(picture_at(address, shown["name"])).status == 200
    return shown["name"], other


def picture_at(address: str, name: str) -> str:
    return f"/hudong/live-picture?of={address}&name={name}"
