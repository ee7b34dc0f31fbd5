"""Taking letters away with number and code, as a browser without script does it."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.apps.portal.counter_home import counting, site
from tests.apps.portal.test_counter import faults

NUMBER, CODE = "20261120-000777", "0123456789"
NAME = "政府信息公开申请答复书 澄湖公开〔2026〕1号.pdf"
PDF = b"%PDF-1.7 canary-of-the-letter"
TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


def named(own: str, name: str = NAME, until: str = TOMORROW) -> dict[str, object]:
    return {"id": own, "name": name, "size": len(PDF), "until": until}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return site(tmp_path_factory.mktemp("counter") / "var")


@pytest.fixture
def city(home):
    with counting(home) as city:
        key = city.box.tickets.issue(CODE)
        state = {
            "v": 1, "number": NUMBER, "title": "例", "kind": "disclosure", "state": "decided", "steps": [], "reply": "答复",
            "may": [], "unit": "例局", "until": "",
            "files": [
                named("letter-2026-1.pdf"), named("letter-2026-2.docx", until="2026-01-01"), named("letter-2026-3.pdf"),
                named("answer-2026-1-1.jpg", 'a"b\r\nX-Evil: 1/..\\照片.jpg'),
            ],
        }  # fmt: skip
        city.box.tickets.write(NUMBER, key, state)
        for own in ("letter-2026-1.pdf", "letter-2026-2.docx", "answer-2026-1-1.jpg", "letter-2026-9.pdf"):
            city.box.enclosures.put(NUMBER, own, key, PDF, at=datetime.now(UTC))
        yield city


def took(city, own: str, code: str = CODE, number: str = NUMBER):
    return city.post("/hudong/follow", {"number": number, "code": code, "take": own})


@pytest.mark.req("DISC-02")
def test_an_applicant_takes_a_letter_away_with_its_name(city):
    page = city.form("/hudong/follow").send(number=NUMBER, code=CODE)
    assert NAME in page.text and f"可以下载到 {TOMORROW}" in page.text
    assert 'name="take" value="letter-2026-1.pdf"' in page.text
    assert 'value="letter-2026-2.docx"' not in page.text and "已过下载期" in page.text
    reply = took(city, "letter-2026-1.pdf")
    assert (reply.status, reply.body) == (200, PDF)
    head = reply.headers
    assert head["content-type"] == "application/pdf"
    assert head["cache-control"] == "no-store"
    assert head["x-content-type-options"] == "nosniff"
    assert head["content-security-policy"] == "default-src 'none'; sandbox"
    assert head["content-disposition"].startswith(
        "attachment; filename=\"letter-2026-1.pdf\"; filename*=UTF-8''%E6%94%BF"
    )


def test_no_name_of_a_file_writes_a_header_of_its_own(city):
    head = took(city, "answer-2026-1-1.jpg").headers
    assert head["content-type"] == "image/jpeg"
    assert "x-evil" not in head
    assert "%22" not in head["content-disposition"] and ".." not in head["content-disposition"].partition("*=")[2][:9]


@pytest.mark.parametrize(
    "own", ["letter-2026-2.docx", "letter-2026-9.pdf", "letter-2026-3.pdf", "../../counter.key", "x" * 3000]
)
def test_what_is_over_lost_or_not_named_by_the_ticket_is_not_given(city, own):
    reply = took(city, own)
    assert reply.headers["content-type"].startswith("text/html")
    assert "这个文件现在取不到" in reply.body.decode()
    assert PDF not in reply.body


def test_a_wrong_code_or_number_tells_nothing_of_files(city):
    for code, number in (("9876543210", NUMBER), (CODE, "20261120-000778")):
        reply = took(city, "letter-2026-1.pdf", code, number)
        assert faults(Reply(reply)) == ["查询码：编号或者查询码不对，请照回执核对"]
        assert b"letter-2026" not in reply.body and PDF not in reply.body
    assert city.get("/hudong/follow?number=" + NUMBER + "&code=" + CODE + "&take=letter-2026-1.pdf").body.find(PDF) < 0


def test_who_takes_too_often_is_asked_to_wait(city):
    status = [took(city, "letter-2026-1.pdf").status for _time in range(31)]
    assert status[:30] == [200] * 30 and status[30] == 429
    assert "下载得太频繁" in took(city, "letter-2026-1.pdf").body.decode()


class Reply:
    """What `faults` reads of a page."""

    def __init__(self, reply) -> None:
        self.text = reply.body.decode()
