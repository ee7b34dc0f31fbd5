"""`jiyue errors`, `jiyue hotline`, `jiyue comments`: files in and out, with exit statuses a script can rely on."""

import json
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from jiyue.config.command import _parser
from jiyue.config.letter_files import run_letter_files
from jiyue.config.outcomes import WrongUse
from jiyue.domain.deadlines import local
from jiyue.interaction.actions import return_letter
from jiyue.interaction.models import Case, HandedFile
from tests.letters import office

pytestmark = pytest.mark.django_db
HOST = "www.chenghu.localhost"


def run(*words: str, name: str = "errors") -> int:
    return run_letter_files(_parser().parse_args([name, *words]))


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


@pytest.fixture
def file(now, tmp_path):
    line = {
        "number": "ZC-1", "site": HOST, "page": f"https://{HOST}/1.html", "text": "标题有错别字。",
        "sent_at": (local(now) - timedelta(days=1)).isoformat(),
    }  # fmt: skip
    path = tmp_path / "留言.jsonl"
    path.write_text(f"{json.dumps(line)}\n{json.dumps({**line, 'number': 'ZC-2', 'page': '首页'})}\n")
    return path


@pytest.mark.req("INT-10")
def test_a_file_is_taken_and_the_answer_handed_out_once(desk, file, now, tmp_path, capsys):
    given = ("--site", HOST, "--by", desk.clerk.username)
    assert run("take", str(file), *given) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "第 1 行 ZC-1 已登记"
    assert (told[1][:19], told[2]) == ("第 2 行 ZC-2 未登记：“网址”", "已登记 1 条，以前登记过 0 条，没有登记 1 条")
    out = tmp_path / "答复.xlsx"
    assert run("hand-out", "-o", str(out), *given) == 1
    assert capsys.readouterr().err == "jiyue: 没有新的可以报送\n"
    return_letter(case=Case.objects.get(), reason="不属于本站", by=desk.clerk, now=now)
    assert run("hand-out", "-o", str(out), *given) == 0
    assert load_workbook(out).worksheets[0]["A2"].value == "ZC-1"
    assert run("hand-out", "-o", str(tmp_path / "again.jsonl"), *given) == 1
    assert HandedFile.objects.count() == 1


def test_a_wrong_site_person_or_file_is_said_in_one_sentence(desk, file, tmp_path):
    given = ("--site", HOST, "--by", desk.clerk.username)
    for words, told in (
        (("take", str(file), "--site", "no.such.site", "--by", "x"), "没有域名为 no.such.site 的网站"),
        (("take", str(file), "--site", HOST, "--by", "nobody"), "没有可用的账号 nobody"),
        (("take", str(file), "--site", HOST, "--by", desk.handler.username), "您不能为这个网站登记来信"),
        (("take", str(tmp_path / "none"), *given), "No such file"),
        (("hand-out", "-o", str(tmp_path / "a.txt"), *given), "文件名以 .jsonl 或 .xlsx 结尾：a.txt"),
        (("hand-out", "-o", str(tmp_path / "none" / "a.xlsx"), *given), "没有 "),
    ):
        with pytest.raises(WrongUse, match=told):
            run(*words)
    assert not Case.objects.exists()


@pytest.mark.req("INT-21", "NM-12")
@pytest.mark.parametrize(("name", "source", "more"), [
    ("hotline", "hotline", {"number": "GD-1", "centre": "12345热线"}),
    ("comments", "account", {"account": "微博 澄湖发布", "link": "https://weibo.example.invalid/1"}),
])  # fmt: skip
def test_calls_and_comments_have_commands_of_their_own(desk, now, tmp_path, capsys, name, source, more):
    line = {"text": "路灯不亮。", "sent_at": (local(now) - timedelta(days=1)).isoformat(), **more}
    path = tmp_path / "file.jsonl"
    path.write_text(f"{json.dumps(line)}\n")
    given = ("--site", HOST, "--by", desk.clerk.username)
    assert run("take", str(path), *given, name=name) == 0
    assert run("take", str(path), *given, name=name) == 0  # known by now
    assert Case.objects.get().source == source
    assert "以前登记过 1 条" in capsys.readouterr().out
    return_letter(case=Case.objects.get(), reason="不属于本级职权", by=desk.clerk, now=now)
    assert run("hand-out", "-o", str(tmp_path / "out.jsonl"), *given, name=name) == 0
    (told,) = (json.loads(each) for each in (tmp_path / "out.jsonl").read_text().splitlines())
    assert (told["answer"], told["state"]) == ("不属于本级职权", "不予受理")
