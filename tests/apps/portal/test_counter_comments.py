"""Comments and votes at the counter, as a browser without script does it: nothing typed is lost, nothing counts twice."""

import json
import os

import pytest
from tests.apps.portal.counter_home import HOST, counting
from tests.apps.portal.test_counter import faults
from tests.apps.publishing.deployed_home import DeployedHome

from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import Contribution, Letter
from jiyue.portal import gallery
from jiyue.portal.environment import portal_renderer

PAGE, PLAIN = "/zwdt/1/2026/1120/1.html", "/zwdt/1/2026/1120/2.html"
ABOUT = "0123abcd-0000-4000-8000-00000000000c"
COMMENT, COMMENTS, VOTE = (f"/hudong/{way}?of={PAGE}" for way in ("comment", "comments", "vote"))
TEXT = "希望多写几个办理地点。<script>alert(1)</script>"


def built(folder, **voices):
    deployed = DeployedHome(folder)
    frame, assets = gallery.sample_frame()
    files = {file.address.lstrip("/"): file.content for file in (*assets, *gallery.sample_files())}
    pages = {
        "hudong/index.html": gallery.counter(frame), "index.html": gallery.home(frame),
        PAGE.lstrip("/"): gallery.voiced(frame, about=ABOUT, **voices), PLAIN.lstrip("/"): gallery.article(frame),
        "404.html": dict(gallery.error_pages(frame))["404.html"],
    }  # fmt: skip
    deployed.deploy(HOST, {**files, **{name: portal_renderer().render(page).encode() for name, page in pages.items()}})
    return Home(folder).prepare()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return built(tmp_path_factory.mktemp("comments") / "var")


@pytest.fixture
def city(home):
    with counting(home, HOST) as city:
        yield city
    for found in city.box.waiting():
        city.box.taken(found.token)


def shown(home, count: int, **more) -> None:
    """What the console puts where readers get it."""
    path = home.live / HOST / "pages" / f"{ABOUT}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {"n": n, "on": "2026-11-20", "text": f"第 {n} 条", "covered": False, "replies": []} for n in range(count, 0, -1)
    ]
    facts = {"v": 1, "page": ABOUT, "broken": 0, "comments": rows, "useful": 7, "useless": 2, **more}
    fresh = path.with_name(".fresh")
    fresh.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    os.replace(fresh, path)


def waiting(city) -> list:
    return list(city.box.waiting())


@pytest.mark.req("INT-17")
def test_a_comment_from_the_form_to_the_receipt(city):
    form = city.form(COMMENT)
    assert "先审核，后显示" in form.text
    assert "示范管理" in form.text
    check = form.posted(COMMENT, text=TEXT)
    assert "核对一遍" in check.text
    assert "&lt;script&gt;" in check.text
    assert "<script>alert" not in check.text
    back = check.posted(COMMENT, go="back")
    assert "办理地点" in back.text
    done = check.posted(COMMENT, go="send", human=check.answer())
    assert "已经收到您的评论" in done.text
    (letter,) = waiting(city)
    assert isinstance(letter, Letter)
    assert (letter.kind, letter.page, letter.fields["about"], letter.fields["text"]) == ("comment", PAGE, ABOUT, TEXT)
    assert set(letter.fields) == {"text", "about", "version"}
    again = check.posted(COMMENT, go="send", human=check.answer())
    assert "没有重复收取" in again.text
    assert len(waiting(city)) == 1


@pytest.mark.parametrize(("text", "words"), [("", "请写下您的评论"), ("好", "太短"), ("长" * 1001, "最多 1000 个字")])
def test_what_is_no_comment_is_told_beside_the_field(city, text, words):
    form = city.form(COMMENT).posted(COMMENT, text=text)
    assert words in faults(form)[0]
    assert text in form.text
    assert not waiting(city)


def test_without_the_sum_or_the_proof_nothing_is_taken_and_nothing_lost(city):
    check = city.form(COMMENT).posted(COMMENT, text="很清楚，谢谢。")
    asked = check.posted(COMMENT, go="send")
    assert "请回答下面的问题" in asked.text
    assert "很清楚，谢谢。" in asked.text
    forged = city.post(
        COMMENT, {"step": "comment_check", "go": "send", "text": "机器", "proof": "1", "token": "0" * 32}
    )
    assert "请回答下面的问题" in forged.body.decode()
    assert not waiting(city)


def test_a_page_without_an_order_takes_nothing_and_keeps_what_was_typed(city):
    for way in ("comment", "comments", "vote"):
        for of in (PLAIN, "/nothing/1.html", "//evil/1.html", "/../../etc/passwd", "%00", "a" * 3000, ""):
            assert city.get(f"/hudong/{way}?of={of}").status == 404
    gone = city.post(f"/hudong/comment?of={PLAIN}", {"text": "写了半天的话", "go": "send"})
    assert gone.status == 410
    assert "写了半天的话" in gone.body.decode()
    assert "已经撤下" in gone.body.decode()
    english = city.post(f"/hudong/vote?of={PLAIN}", {"reason": "half an hour", "lang": "en"}).body.decode()
    assert "half an hour" in english
    assert "已经撤下" not in english


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ({"opens_at": "2099-01-01T00:00:00+00:00"}, "还没有开始"),
        ({"closes_at": "2020-01-01T00:00:00+00:00"}, "已经结束"),
    ],
)
def test_out_of_its_time_it_says_so_and_keeps_what_was_typed(tmp_path, times, words):
    with counting(built(tmp_path / "var", **times), HOST) as city:
        assert words in city.form(COMMENT).text
        late = city.post(COMMENT, {"text": "晚了一步的话", "step": "comment_check", "go": "send"}).body.decode()
        assert words in late
        assert "晚了一步的话" in late
        assert not waiting(city)
        assert city.get(COMMENTS).status == 200


@pytest.mark.req("INT-17")
def test_what_is_shown_is_paged_and_gone_with_the_file(city, home):
    shown(home, 45)
    first = city.get(COMMENTS).body.decode()
    assert "评论 45 条" in first
    assert "第 45 条" in first
    assert "第 25 条" not in first
    assert 'rel="next"' in first
    last = city.get(f"{COMMENTS}&p=3").body.decode()
    assert "第 1 条" in last
    assert "第 3 页，共 3 页" in last
    assert city.get(f"{COMMENTS}&p=99").body.decode() == last
    assert city.get(f"{COMMENTS}&p=x").status == 200
    (home.live / HOST / "pages" / f"{ABOUT}.json").write_bytes(b"{")
    assert "还没有显示的评论" in city.get(COMMENTS).body.decode()
    (home.live / HOST / "pages" / f"{ABOUT}.json").unlink()
    assert "还没有显示的评论" in city.get(COMMENTS).body.decode()
    assert "No comments" in city.get(f"{COMMENTS}&lang=en").body.decode()


@pytest.mark.req("INT-18")
def test_a_vote_once_for_each_form(city):
    form = city.form(f"{VOTE}&useful=no")
    assert 'value="no" checked' in form.text
    assert "同一张表提交几次只算一次" in form.text
    nothing = city.form(VOTE).posted(VOTE)
    assert "请选择有用还是没用" in faults(nothing)[0]
    done = form.posted(VOTE, useful="no", reason="看不懂第二步", human=form.answer())
    assert "谢谢您" in done.text
    (given,) = waiting(city)
    assert isinstance(given, Contribution)
    assert (given.kind, given.about, given.fields) == ("vote", ABOUT, {"useful": "no", "reason": "看不懂第二步"})
    again = form.posted(VOTE, useful="yes", human=form.answer())
    assert "没有重复计数" in again.text
    assert len(waiting(city)) == 1


def test_a_reason_that_is_too_long_stands_there_to_be_cut(city):
    form = city.form(VOTE)
    long = form.posted(VOTE, useful="no", reason="长" * 201, human=form.answer())
    assert "最多 200 个字" in faults(long)[0]
    assert "长" * 201 in long.text


def test_many_from_one_address_are_asked_to_wait(city):
    answers = []
    for _n in range(8):
        check = city.form(COMMENT).posted(COMMENT, text="再说一次。")
        answers.append(check.posted(COMMENT, go="send", human=check.answer()))
    assert answers[-1].reply.status == 429
    assert "再说一次。" in answers[-1].text
