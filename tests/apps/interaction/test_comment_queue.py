"""Whose comments wait for whom: however many wait on the pages of others, and whatever became of one site's order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiyue.interaction.comments import queries
from jiyue.interaction.comments.queries import todo_for, waiting_for
from tests.comments import comment, ordered, page
from tests.letters import office

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def test_older_comments_on_pages_of_another_keeper_crowd_nobody_out(cast, desk, now, home, monkeypatch):
    monkeypatch.setattr(queries, "MOST_TODOS", 2)
    theirs, hers = page(cast.city, now=now), page(cast.city, now=now)
    ordered(cast.city, desk, now=now, record=theirs, keeper=desk.clerk, deputy=None, signed=False)
    ordered(cast.city, desk, now=now, record=hers, keeper=desk.handler, deputy=None)
    for n in range(6):
        comment(theirs, f"这是第 {n} 条评论", now=now + n * MINUTE)
    last = comment(hers, "只有一条", now=now + 9 * MINUTE)
    assert waiting_for(desk.handler) == [last]


def test_the_queue_asks_no_more_for_thirty_comments_than_for_three(cast, desk, now, home):
    ordered(cast.city, desk, now=now)
    record = page(cast.city, now=now)
    counts = []
    for until in (3, 30):
        for n in range(len(waiting_for(desk.handler)), until):
            comment(record, f"这是第 {n} 条评论", now=now + n * MINUTE)
        with CaptureQueriesContext(connection) as asked:
            assert len(todo_for(desk.handler)) == until
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_site_whose_signed_structure_does_not_hold_takes_no_list_away(cast, desk, now, home, monkeypatch):
    ordered(cast.city, desk, now=now)
    comment(page(cast.city, now=now), now=now)
    assert len(todo_for(desk.handler)) == 1

    def refuse(_self, _record, _at):
        raise queries.SignOffRefused("x")

    monkeypatch.setattr(queries.Orders, "of", refuse)
    assert todo_for(desk.handler) == []
