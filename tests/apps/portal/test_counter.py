"""Writing a letter and following it, as a browser without script does it."""

import errno
import hashlib
import os
import re
import time

import pytest
from tests.apps.portal.counter_home import HOST, SILENT, City, Form, counting, site

from jiyue.domain.letters import KINDS
from jiyue.foundation import durable
from jiyue.interaction.letterbox import Letter, Word
from jiyue.portal.counter import guards
from jiyue.portal.counter.guards import Guard, Tries, number_said
from jiyue.portal.counter.writing import is_elsewhere, page_of_site

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
MATTER = {"title": "湖滨路北段路灯不亮", "text": "三天了，晚上看不见路。\n希望尽快修好。"}
PERSON = {"name": "测试甲", "phone": "000-1234567", "public": "yes"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return site(tmp_path_factory.mktemp("counter") / "var")


@pytest.fixture
def city(home):
    with counting(home) as city:
        yield city
    for found in city.box.waiting():
        city.box.taken(found.token)


def at_check(city: City, kind: str = "enquiry", files=(), **changed: str) -> Form:
    return city.form(f"/hudong/write?kind={kind}").send(files=files, **MATTER | changed).send(**PERSON)


def faults(form: Form) -> list[str]:
    """The sentences of the list at the top, and proof that each stands at its field too."""
    top = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', form.text)
    for anchor, sentence in top:
        assert f'id="{anchor}"' in form.text, anchor
        assert form.text.count(sentence.split("：", 1)[1]) >= 2
    return [sentence for _anchor, sentence in top]


def waiting(city: City) -> list[Letter | Word]:
    return list(city.box.waiting())


def receipt_of(form: Form) -> tuple[str, str]:
    number = re.search(r"\d{8}-\d{6}", form.text)[0]
    return number, re.search(r"\d{3} \d{3} \d{4}", form.text)[0]


def sent(city: City, **more) -> Form:
    check = at_check(city, **more)
    return check.send("send", human=check.answer())


# ── writing ──


def test_the_entrance_leads_to_each_kind(city):
    reply = city.get("/hudong/")
    assert reply.status == 200
    assert reply.body.decode().count("我要说_") == 1  # once in the title
    for kind in KINDS:
        assert f'href="/hudong/write?kind={kind}"' in reply.body.decode()


def test_a_letter_from_the_first_question_to_the_receipt_and_into_the_box(city):
    form = city.form()
    assert faults(form.send()) == ["您要办什么：请选择要办什么"]
    form = form.send(kind="complaint").send(files=(("照片.png", PNG),), place="湖滨路", **MATTER)
    assert "第 3 步" in form.text and "不会公开" in form.text
    form = form.send(**PERSON)
    for typed in (MATTER["title"], "湖滨路", "测试甲", "000-1234567", "照片.png", "可以公开（不含个人信息）"):
        assert typed in form.text
    form = form.send("send", human=form.answer())
    number, code = receipt_of(form)
    (letter,) = waiting(city)
    assert (letter.number, letter.kind, letter.host) == (number, "complaint", HOST)
    assert dict(letter.fields) == MATTER | PERSON | {"place": "湖滨路"}
    assert [file.name for file in letter.files] == ["照片.png"]
    assert city.box.file(letter, 1).read_bytes() == PNG
    assert city.box.drafts.of(letter.token) == ()
    assert city.box.tickets.read(number, code.replace(" ", ""))["title"] == MATTER["title"]
    assert form.reply.headers["cache-control"] == "no-store"


def test_sending_the_same_page_again_gives_the_same_receipt(city):
    check = at_check(city)
    answer = check.answer()
    first, second = check.send("send", human=answer), check.send("send", human=answer)
    assert receipt_of(first) == receipt_of(second)
    assert "没有重复收件" not in first.text and "没有重复收件" in second.text
    assert len(waiting(city)) == 1


def test_every_part_can_be_changed_from_the_last_page(city):
    check = at_check(city, files=(("a.png", PNG),))
    form = check.send("change:matter")
    assert MATTER["title"] in form.text and "a.png" in form.text
    form = form.send(title="改过的标题", text=MATTER["text"])
    assert "第 4 步" in form.text and "改过的标题" in form.text
    form = form.send("change:person").send(**PERSON | {"name": "测试乙"})
    assert "第 4 步" in form.text and "测试乙" in form.text
    form = form.send("change:kind").send(kind="help")
    assert "第 2 步" in form.text and "改过的标题" in form.text
    form = form.send(title="改过的标题", text=MATTER["text"], place="湖滨路")
    assert "第 4 步" in form.text and "求助" in form.text
    form.send("send", human=form.answer())
    (letter,) = waiting(city)
    assert (letter.kind, letter.fields["title"], letter.fields["name"]) == ("help", "改过的标题", "测试乙")
    assert len(letter.files) == 1


def test_back_keeps_what_was_typed_even_when_it_is_wrong(city):
    form = city.form("/hudong/write?kind=enquiry").send(**MATTER)
    form = form.send("back", **PERSON | {"phone": "不知道"})
    assert MATTER["title"] in form.text
    form = form.send(**MATTER)
    assert 'value="不知道"' in form.text


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_page_names_what_is_needed_and_goes_nowhere(city, kind):
    form = city.form(f"/hudong/write?kind={kind}").send()
    needed = [field.name for field in KINDS[kind].on(KINDS[kind].pages[0]) if field.needed]
    assert len(faults(form)) == len(needed)
    assert "<title>有错误：" in form.text and 'aria-invalid="true"' in form.text


def test_faults_are_told_at_the_field_and_everything_stays(city):
    long = "字" * 5001
    form = city.form("/hudong/write?kind=enquiry").send(title="短" * 61, text=long)
    assert faults(form) == [
        "标题：太长了，最多 60 个字；更多的可以放在附件里", "内容：太长了，最多 5000 个字；更多的可以放在附件里",
    ]  # fmt: skip
    assert long in form.text
    form = form.send(**MATTER).send(name="测试甲", phone="", public="no")
    assert faults(form) == ["电话：请留下电话或者邮箱，至少一样，否则无法答复您"]
    form = form.send(name="<b>甲</b>", phone="123", email="a@b")
    assert faults(form) == [
        "电话：这不像电话号码，请只写数字，座机请带区号", "电子邮箱：这不像邮箱地址，应当像 name@example.com",
        "可以公开这件事和答复吗：请选择是否可以公开",
    ]  # fmt: skip
    assert "<b>甲" not in form.text and "&lt;b&gt;甲" in form.text


def test_each_refused_file_is_told_and_the_good_ones_are_kept(city):
    files = (
        ("好.png", PNG),
        ("发票.pdf", b"MZ\x90"),
        ("空.pdf", b""),
        ("a.exe", b"x"),
        ("大.png", PNG + b"\0" * (5 << 20)),
    )
    form = city.form("/hudong/write?kind=enquiry").send(files=files, **MATTER)
    assert faults(form) == [
        "附件：“发票.pdf”其实是程序，不能接收", "附件：“空.pdf”是空文件，没有收下",
        "附件：“a.exe”的类型不接收，请用照片、PDF、docx 或 xlsx", "附件：“大.png”超过 5 MB，没有收下，请压缩后再选",
    ]  # fmt: skip
    assert ">好.png <" in form.text and MATTER["title"] in form.text
    form = form.send(files=tuple((f"{n}.png", PNG) for n in range(6)), **MATTER)
    assert len(faults(form)) == 2
    first = re.search(r"remove:[0-9a-f]{16}", form.text)[0]
    form = form.send(first, **MATTER)
    assert form.text.count('value="remove:') == 4 and MATTER["title"] in form.text


def test_fifty_files_are_too_many_for_one_page(city):
    reply = city.form("/hudong/write?kind=enquiry").send(files=tuple((f"{n}.png", PNG) for n in range(50)), **MATTER)
    assert reply.reply.status == 400 and "重新打开这一页" in reply.text


def test_english_is_one_button_away_and_loses_nothing(city):
    form = city.form("/hudong/write?kind=enquiry").send("lang:en", **MATTER)
    assert MATTER["title"] in form.text and 'lang="en"' in form.text and "What happened" in form.text
    form = form.send(title="", text="x")
    assert "Please write a title" in form.text
    form = form.send(**MATTER).send("lang:", **PERSON)
    assert "您是谁" in form.text and 'value="测试甲"' in form.text


# ── error reports ──


def test_a_page_that_is_wrong_travels_with_the_report(city):
    form = city.form("/hudong/write?kind=error_report&page=%2Fzwgk%2F2026%2F1.html")
    assert 'value="/zwgk/2026/1.html"' in form.text
    check = form.send(category="typo", text="标题少了一个字", page="/zwgk/2026/1.html").send()
    check.send("send", human=check.answer())
    (letter,) = waiting(city)
    assert (letter.page, letter.kind) == ("/zwgk/2026/1.html", "error_report")
    assert dict(letter.fields) == {"category": "typo", "text": "标题少了一个字"}


def test_a_page_of_another_site_is_refused_and_words_are_taken(city):
    form = city.form("/hudong/write?kind=error_report&page=https://evil.example/")
    assert "evil.example" not in form.text
    typed = {"category": "wrong", "text": "电话号码不对"}
    refused = form.send(page="https://evil.example/a", **typed)
    assert faults(refused) == ["哪一页有错：这个地址不是本网站的网页，请核对，或者用文字说明在哪里"]
    check = refused.send(page="联系我们那一栏", **typed).send()
    check.send("send", human=check.answer())
    (letter,) = waiting(city)
    assert (letter.page, letter.fields["place"]) == ("", "联系我们那一栏")


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("/a/b.html", "/a/b.html"), (f"http://{HOST}/a?q=1#x", "/a"), (f"https://{HOST}:8443/a", "/a"), ("//evil/a", ""),
        ("http://evil/a", ""), ("javascript:alert(1)", ""), ("/../../etc/passwd", ""), ("/a%00", ""), ("/%2e%2e/", ""),
        ("/" + "x" * 600, ""), ("http://[::1", ""), ("/404.html", ""), ("首页", ""), ("/.git/config", ""),
    ],
)  # fmt: skip
def test_only_addresses_of_this_site_are_pages(typed, page):
    assert page_of_site(typed, HOST) == page
    assert is_elsewhere("http://evil/a", HOST) and not is_elsewhere("首页上", HOST)


# ── machines ──


def test_who_has_no_script_answers_a_sum_and_a_wrong_one_is_told(city):
    check = at_check(city)
    assert faults(check.send("send")) == ["确认不是机器在填写：请回答下面的问题，数字或者汉字都可以"]
    assert faults(check.send("send", human="99")) == ["确认不是机器在填写：答案不对，请再算一次"]
    assert waiting(city) == []
    assert receipt_of(check.send("send", human=check.answer()))


@pytest.mark.parametrize(("said", "number"), [
    ("7", 7), ("７", 7), ("七", 7), ("十二", 12), ("一十二", 12), ("十", 10), ("十八。", 18), ("", None), ("很多", None),
    ("1e1", None), ("9" * 50, None),
])  # fmt: skip
def test_a_number_is_understood_in_digits_and_in_words(said, number):
    assert number_said(said) == number


def proof_of(form: Form) -> str:
    token, opened = form.hidden["token"], form.hidden["opened"]
    for n in range(1 << 20):
        digest = hashlib.sha256(f"{token}:{opened}:{n}".encode()).digest()
        if int.from_bytes(digest[:4], "big") >> (32 - guards.PROOF_BITS) == 0:
            return str(n)
    raise AssertionError("no proof")


def test_a_computed_proof_saves_the_question_but_not_to_who_is_too_quick_or_fell_into_the_trap(city, monkeypatch):
    check = at_check(city)
    proof = proof_of(check)
    assert faults(check.send("send", proof=proof)) == ["确认不是机器在填写：提交得太快了，请核对一遍内容再按“提交”"]
    monkeypatch.setattr(guards, "QUICKEST", 0)
    (trapped,) = faults(check.send("send", proof=proof, website="http://x"))
    assert trapped == "确认不是机器在填写：请回答下面的问题，数字或者汉字都可以"
    assert faults(check.send("send", proof="1" * 30)) != []
    assert receipt_of(check.send("send", proof=proof))


def test_a_forged_time_begins_anew(home):
    guard = Guard(home)
    real = guard.challenge("a" * 32, "", now=1000).opened
    assert guard.challenge("a" * 32, real, now=2000).opened == real
    assert guard.challenge("a" * 32, "1.deadbeef", now=2000).opened.startswith("2000.")
    assert guard.challenge("b" * 32, real, now=2000).opened.startswith("2000.")
    assert Guard(home).challenge("a" * 32, real, now=2000).opened == real


def test_one_address_sends_only_so_much_and_loses_nothing(city):
    city.portal.writing.sending_unproved = Tries(burst=1, seconds_each=3600)
    assert sent(city).reply.status == 200
    busy = sent(city)
    assert busy.reply.status == 429 and "填写的内容都在" in busy.text and MATTER["title"] in busy.text
    assert len(waiting(city)) == 1


def test_a_bucket_refills():
    clock = [0.0]
    tries = Tries(burst=2, seconds_each=10, clock=lambda: clock[0])
    assert [tries.spend("a") for _ in range(3)] == [True, True, False]
    assert tries.spend("b")
    clock[0] = 11
    assert (tries.spend("a"), tries.spend("a")) == (True, False)


def test_a_bucket_refills_for_whoever_asks_again_too_soon_as_well():
    clock = [0.0]
    tries = Tries(burst=1, seconds_each=2, clock=lambda: clock[0])
    given = []
    for tenth in range(0, 101, 3):  # every 0.3 seconds, for ten seconds
        clock[0] = tenth / 10
        given.append(tries.spend("a"))
    assert given.count(True) == 5 and given[0]


# ── trouble ──


def test_a_full_disk_is_told_and_everything_stays(city, monkeypatch):
    check = at_check(city)

    def full(*_args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(durable, "write_all", full)
        failed = check.send("send", human=check.answer())
    assert failed.reply.status == 503 and "暂时存不下" in failed.text and MATTER["title"] in failed.text
    assert waiting(city) == []
    assert receipt_of(failed.send("send", human=failed.answer()))


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("text/plain", {"a": "b"}), ("multipart/form-data", {"a": "b"}), ("multipart/form-data; boundary=x", {"a": "b"}),
        ("application/json", {}), ("application/x-www-form-urlencoded", {f"n{n}": "" for n in range(200)}),
        ("application/x-www-form-urlencoded", {"text": "x" * 200_000}),
    ],
)  # fmt: skip
def test_what_is_no_form_is_told(city, kind, fields):
    reply = city.post("/hudong/write", fields, kind=kind)
    assert reply.status == 400 and "没有读懂" in reply.body.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"step": "check", "go": "send"}, {"step": "nowhere", "token": "../../x"}, {"kind": "bribe", "step": "matter"},
        {"go": "remove:../../in"}, {"go": "change:nowhere"}, {"step": "person", "go": "next"}, {"lang": "xx", "go": "lang:xx"},
        {"opened": "9" * 400, "token": "0" * 32}, {"opened": "²³.ab"}, {"human": "\ud83d".encode("utf-8", "replace").decode()},
    ],
)  # fmt: skip
def test_broken_forms_get_a_page_and_no_letter(city, fields):
    reply = city.post("/hudong/write", fields)
    assert reply.status == 200 and "<h1" in reply.body.decode()
    assert waiting(city) == []


def test_a_site_that_takes_no_letters_has_no_counter(city):
    assert city.get("/hudong/", SILENT).status == 404
    assert city.get("/hudong/write", SILENT).body == b"<p>nothing here</p>"
    assert city.post("/hudong/write", {"a": "b"}, host=SILENT).status == 404
    assert city.get("/hudong/nothing").status == 404
    assert city.post("/hudong/", {"a": "b"}).status == 405


def test_when_the_counter_is_gone_the_page_that_lies_there_says_so(home, city):
    (home.run / "counter.sock").rename(home.run / "away.sock")
    try:
        reply = city.post("/hudong/write", {"a": "b"})
        assert reply.status == 503 and "返回键" in reply.body.decode()
    finally:
        (home.run / "away.sock").rename(home.run / "counter.sock")


# ── following ──


def followed(city: City, number: str, code: str) -> Form:
    return city.form("/hudong/follow").send(number=number, code=code)


def test_number_and_code_show_how_the_letter_stands(city):
    number, code = receipt_of(sent(city))
    form = followed(city, number, code)
    assert "已收到" in form.text and MATTER["title"] in form.text and "补充材料" in form.text
    assert form.reply.headers["cache-control"] == "no-store"
    assert "测试甲" not in form.text and "000-1234567" not in form.text


def test_a_wrong_code_and_a_number_that_nobody_has_are_told_alike(city):
    number, code = receipt_of(sent(city))
    wrong = followed(city, number, "0000000000")
    nobody = followed(city, "20261122-000000", code)
    assert faults(wrong) == faults(nobody) == ["查询码：编号或者查询码不对，请照回执核对"]
    assert faults(followed(city, "12", "")) == [
        "编号：编号是 14 位或 15 位数字，请照回执再写一遍",
        "查询码：请写查询码",
    ]


def test_the_eleventh_wrong_code_is_not_even_looked_at(city):
    number, code = receipt_of(sent(city))
    for n in range(10):
        followed(city, number, f"{n:010d}")
    right = followed(city, number, code)
    assert right.reply.status == 429 and faults(right) == ["查询码：试的次数太多了，请过几分钟再试"]


def test_a_supplement_falls_into_the_box_with_its_file_and_once(city):
    number, code = receipt_of(sent(city))
    (letter,) = waiting(city)
    city.box.taken(letter.token)
    form = followed(city, number, code)
    token = form.hidden["token"]
    empty = city.post("/hudong/follow", {"number": number, "code": code, "act": "supplement", "token": token})
    assert "请写内容" in empty.body.decode() and "<details open>" in empty.body.decode()
    fields = {"number": number, "code": code, "act": "supplement", "token": token, "text": "是北段第三盏灯"}
    first = city.post("/hudong/follow", fields, (("图.png", PNG),))
    second = city.post("/hudong/follow", fields, (("图.png", PNG),))
    assert "收到了" in first.body.decode() and "收到了" in second.body.decode()
    (word,) = waiting(city)
    assert isinstance(word, Word) and word.act == "supplement" and word.is_proved(letter.ticket)
    assert word.fields == {"text": "是北段第三盏灯"} and [file.name for file in word.files] == ["图.png"]


def test_only_what_the_case_allows_can_be_done(city):
    number, code = receipt_of(sent(city))
    (letter,) = waiting(city)
    reply = city.post("/hudong/follow", {"number": number, "code": code, "act": "reopen", "text": "还是不亮啊啊"})
    assert "现在不能这样办理" in reply.body.decode()
    state = {
        "v": 1, "number": number, "title": "路灯", "kind": "enquiry", "state": "answered", "unit": "澄湖市水利和湖泊局",
        "steps": [{"at": "2026-11-23T02:00:00+00:00", "state": "answered", "text": "已答复", "until": "", "why": "<i>"}],
        "reply": "已经修好。\n谢谢来信。", "may": ["rate", "dispute", "unknown"], "until": "2026-12-01",
    }  # fmt: skip
    city.box.tickets.write(number, letter.ticket, state)
    form = followed(city, number, code)
    assert "已经修好。\n谢谢来信。" in form.text and "2026-11-23 10:00" in form.text and "&lt;i&gt;" in form.text
    assert "评价" in form.text and "撤回" not in form.text
    reply = city.post(
        "/hudong/follow", {"number": number, "code": code, "act": "rate", "score": "4", "token": "a" * 32}
    )
    assert "收到了" in reply.body.decode()
    assert [found.fields for found in waiting(city) if isinstance(found, Word)] == [{"score": "4"}]


def test_nothing_private_is_ever_in_an_address_or_a_log(city, caplog):
    caplog.set_level("DEBUG")
    number, code = receipt_of(sent(city))
    followed(city, number, code)
    told = caplog.text
    assert code not in told and "测试甲" not in told and "000-1234567" not in told


def test_a_page_costs_little(city):
    begun = time.process_time()
    for _ in range(20):
        city.get("/hudong/write?kind=enquiry")
    assert (time.process_time() - begun) / 20 < 0.1
