"""我的工作: the right things, in the right order, and only one's own."""

from datetime import timedelta

import pytest

from jiyue.console.work import lines_for
from jiyue.content.actions import save_column
from jiyue.content.arranging import propose_decision
from jiyue.content.models import ColumnDecision
from jiyue.domain.actors import process
from jiyue.review.actions import send_back, submit
from tests.cast import draft, structured

pytestmark = pytest.mark.django_db


@pytest.mark.req("REV-08")
def test_emergencies_come_first_and_then_what_has_waited_longest(cast, now):
    for title, hours, emergency in (("早", 9, False), ("晚", 2, False), ("急", 1, True)):
        at = now - timedelta(hours=hours)
        submit(record=draft(cast.city, now=at, title=title, emergency=emergency), by=cast.city.editor, now=at)
    assert [line.todo.title for line in lines_for(cast.city.first)] == ["急", "早", "晚"]


def test_a_reviewer_of_another_city_has_nothing_of_it(cast, now):
    submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now)
    assert lines_for(cast.outside.first) == []


def test_what_came_back_says_why(cast, now):
    review = submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now)
    send_back(review=review, by=cast.city.first, now=now, reason="数字有误")
    (line,) = lines_for(cast.city.editor)
    assert (line.todo.kind, line.todo.note) == ("returned", "样ch_first：数字有误")


def test_a_site_manager_hears_of_settings_that_nobody_signed(cast, now):
    structured(cast.city, now=now)
    assert [line for line in lines_for(cast.city.manager) if line.todo.kind == "structure"] == []
    column = cast.city.columns["yw"]
    column.description = "新的说明"
    save_column(column=column, by=process("test"), now=now)
    assert [line.todo.kind for line in lines_for(cast.city.manager)] == ["structure"]


def test_the_first_page_shows_it(cast, now, sign_in):
    submit(record=draft(cast.city, now=now, title="湖岸清洁行动启动"), by=cast.city.editor, now=now)
    page = sign_in(cast.city.first).get("/").content.decode()
    assert "湖岸清洁行动启动" in page and "待初审" in page
    assert "湖岸清洁行动启动" not in sign_in(cast.outside.first).get("/").content.decode()


@pytest.mark.req("COL-07")
def test_an_overseer_hears_of_a_column_that_is_to_be_closed_and_the_one_who_asked_does_not(cast, client, now):
    structured(cast.city, now=now)
    overseer = cast.overseer
    decision = ColumnDecision(column=cast.city.columns["yw"], outcome="close", grounds="一年没有内容可发")
    propose_decision(decision=decision, by=cast.city.manager, now=now)
    (line,) = (line for line in lines_for(overseer) if line.todo.kind == "column-decision")
    assert [line for line in lines_for(cast.city.manager) if line.todo.kind == "column-decision"] == []
    client.force_login(overseer)
    assert "待决定" in client.get("/").content.decode()
    assert client.get(line.address).status_code == 200
