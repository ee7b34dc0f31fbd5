"""SERV-12: nobody has to follow, download, share or register anything to use a service, to write or to comment."""

import re
from pathlib import Path

import pytest

import jiyue
from jiyue.domain.letters import KINDS

TEMPLATES = sorted((Path(jiyue.__file__).parent / "portal" / "jinja2").rglob("*.html"))
CONDITION = re.compile(
    r"(?:关注|下载|安装|转发|分享|注册|登录)[^<>{}。；]{0,30}(?:后|才|方可)[^<>{}。；]{0,20}(?:办理|申请|留言|评论|查询|提交|参与)"
)
ASKED_FOR = {"account", "password", "openid", "wechat", "weibo", "app", "follow", "share"}


@pytest.mark.req("SERV-12")
def test_no_public_page_makes_it_a_condition():
    assert len(TEMPLATES) > 20
    told = {path.name: found[0] for path in TEMPLATES if (found := CONDITION.search(path.read_text("utf-8")))}
    assert told == {}
    assert CONDITION.search("请先关注公众号，关注后方可留言")


@pytest.mark.req("SERV-12")
def test_no_form_asks_for_an_account():
    fields = {field.name for kind in KINDS.values() for field in kind.fields}
    assert fields and not fields & ASKED_FOR
