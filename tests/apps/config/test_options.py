"""A call that cannot be carried out as written is answered in one Chinese line, with status 2."""

import re

import pytest

from jiyue.config.command import main

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
    ("keys", "burn"): "act 不能是 'burn'",
}


@pytest.mark.parametrize("arguments", WRONG)
def test_a_wrong_call_is_answered_in_one_line(arguments, capsys):
    assert main(list(arguments)) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert WRONG[arguments] in said.err
    assert re.search(r"；用 jiyue[ \w]* --help 查看用法$", said.err.strip())
