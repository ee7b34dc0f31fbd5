"""A call that cannot be carried out as written is answered in one Chinese line, with status 2."""

import os
import re
import subprocess
import sys

import pytest

from jiyue.config import running
from jiyue.config.command import PARTS, main
from jiyue.foundation.home import Home

WRONG = {
    (): "缺少 COMMAND",
    ("nothing",): "COMMAND 不能是 'nothing'；可用：",
    ("rules",): "缺少 ACT",
    ("rules", "due", "P-40"): "缺少 --pack, --from",
    ("rules", "show"): "缺少 PARAM",
    ("rules", "list", "--colour"): "不认识 --colour",
    ("rules", "list", "--pack"): "--pack 后面缺少内容",
    ("rules", "list", "--json=yes"): "--json 后面不能写 'yes'",
    ("rollback", "www", "--to", "x", "--reason", "y"): "--to 应为整数，不能是 'x'",
    ("import", "a", "--s"): "--s 不明确；可能是 --site, --source, --submit",
    ("keys", "burn"): "ACT 不能是 'burn'",
}


@pytest.mark.parametrize("arguments", WRONG)
def test_a_wrong_call_is_answered_in_one_line(arguments, capsys):
    assert main(list(arguments)) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert WRONG[arguments] in said.err
    assert re.search(r"；用 jiyue[ \w]* --help 查看用法$", said.err.strip())


@pytest.mark.parametrize(
    "arguments", [["verify"], ["bake"], ["search", "status"], ["search", "query", "电梯"], ["keys"]]
)
def test_a_mistyped_home_is_refused_and_not_made(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JIYUE_HOME", str(tmp_path / "nowhere"))
    assert main(arguments) == 2
    assert "不是集约的数据目录；请设置 JIYUE_HOME" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_nothing_to_verify_is_not_told_as_in_order(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JIYUE_HOME", str(tmp_path))
    Home(tmp_path).prepare()
    assert main(["verify"]) == 2
    assert "没有可核对的" in capsys.readouterr().err


def test_a_home_without_tables_is_told_in_one_line(tmp_path):
    Home(tmp_path).prepare()
    environment = {**os.environ, "JIYUE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base"}
    environment.pop("JIYUE_DATABASE", None)
    command = [sys.executable, "-m", "jiyue.config.command", "bake"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "先运行 jiyue setup" in done.stderr


def test_the_help_names_everything_in_chinese(capsys):
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    said = capsys.readouterr().out
    assert said.startswith("用法：")
    assert "参数:" in said
    assert "show this" not in said
    assert set(PARTS) == set(running.PARTS) - {"reconcile", "reads"}
