"""Lists of letters: the same ones in the same order, whether somebody may read a few letters or a million."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiyue.console.letters import inbox
from jiyue.interaction import lists
from jiyue.interaction.duties import LetterSource
from jiyue.interaction.lists import Newest, Numbered, Span, leaf_of, open_by_the_clock, waiting_by_the_clock
from jiyue.interaction.models import STILL_OPEN
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from tests.apps.interaction.test_handling import under  # a fixture's maker
from tests.letters import answered, handled, letter, office

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(cast, now):
    under(cast, "hebi", now=now)
    return office(cast.city, now=now)


@pytest.fixture
def letters(desk, now):
    """Seven letters, each an hour older than the one before; the last is answered, and one has no limit any more."""
    cases = [letter(desk.tenant, now=now - n * HOUR, title=f"第{n}封信要修路灯") for n in range(7)]
    answered(cases[6], desk, now=now)
    refresh(LetterSource(), now=now)
    Obligation.objects.filter(subject=f"letter:{cases[3].pk}").delete()
    return cases


def keys(cases) -> list[int]:
    return [case.pk for case in cases]


@pytest.fixture(params=["few", "many"])
def size(request, monkeypatch):
    """As for somebody with few letters, and as for somebody who may read a province's."""
    if request.param == "many":
        for name, value in (("FEW", 2), ("FAR", 2), ("FAR_SITES", 0), ("FIRST_CHUNK", 2), ("LONGEST_CHUNK", 2)):
            monkeypatch.setattr(lists, name, value)


def test_open_letters_come_by_the_clock_and_those_without_a_limit_last(desk, letters, now, size):
    by_clock = open_by_the_clock(desk.clerk, STILL_OPEN, Q(), None)
    wanted = keys([letters[n] for n in (5, 4, 2, 1, 0, 3)])
    assert by_clock.first(10) == wanted
    assert by_clock.first(2) == wanted[:2]
    only = open_by_the_clock(desk.clerk, STILL_OPEN, Q(title__contains="第4封"), None)
    assert only.first(10) == [letters[4].pk]


def test_a_span_of_the_clock_is_asked_and_letters_without_a_limit_have_one_of_their_own(desk, letters, now, size):
    def asked(span):
        return open_by_the_clock(desk.clerk, STILL_OPEN, Q(), span).first(10)

    until = Obligation.objects.pending().filter(subject__startswith="letter:").order_by("-act_by")[0].act_by
    late = asked(Span(until=until + HOUR))
    assert late == keys([letters[n] for n in (5, 4, 2, 1, 0)])
    assert asked(Span(since=until + HOUR)) == []
    assert asked(Span(unset=True)) == [letters[3].pk]


def test_what_waits_for_somebody_is_hers_alone(desk, letters, now, size):
    handled(letters[1], desk, now=now)
    assert waiting_by_the_clock(desk.handler, Q(), None).first(10) == [letters[1].pk]
    assert waiting_by_the_clock(desk.clerk, Q(), None).first(10) == keys([letters[n] for n in (5, 4, 2, 0, 3)])
    assert waiting_by_the_clock(desk.clerk, Q(state="answered"), None).first(10) == []


def test_the_newest_come_first_and_of_another_site_none(cast, desk, letters, now, size):
    other = office(cast.outside, now=now, prefix="out")
    foreign = letter(cast.outside, now=now)
    assert Newest(desk.clerk).first(10) == keys(letters)
    assert Newest(desk.clerk, Q(state="answered")).first(10) == [letters[6].pk]
    assert Newest(other.clerk).first(10) == [foreign.pk]
    assert Numbered(other.clerk, letters[0].number).first(10) == []
    assert open_by_the_clock(other.clerk, STILL_OPEN, Q(), None).first(10) == [foreign.pk]


def test_a_number_is_found_by_its_beginning(desk, letters, size):
    day = letters[0].number[:8]
    same_day = [case for case in letters if case.number.startswith(day)]
    assert Numbered(desk.clerk, day).first(10) == keys(same_day)
    assert Numbered(desk.clerk, letters[2].number).first(10) == [letters[2].pk]
    assert Numbered(desk.clerk, "19990101").first(10) == []


def test_the_end_of_a_number_is_found_too(desk, letters, sign_in):
    client = sign_in(desk.clerk)
    for words in (letters[2].number, letters[2].number[4:], "第2封"):
        shown = client.get(reverse("console_letters"), {"tab": "all", "q": words})
        assert [row.case.pk for row in shown.context["rows"]] == [letters[2].pk]


def test_a_long_list_is_counted_up_to_a_bound_and_turned_page_by_page(desk, letters, monkeypatch, sign_in):
    monkeypatch.setattr(lists, "COUNTED", 4)
    monkeypatch.setattr("jiyue.console.letters.inbox.PER_PAGE", 2)
    client = sign_in(desk.clerk)
    first = client.get(reverse("console_letters"), {"tab": "all"})
    assert "第 1 页，共 4 条以上" in first.content.decode() and "下一页" in first.content.decode()
    last = client.get(reverse("console_letters"), {"tab": "all", "p": "4"})
    assert [row.case.pk for row in last.context["rows"]] == [letters[6].pk]
    assert "第 4 页，共 4 页 7 条" in last.content.decode() and "下一页" not in last.content.decode()
    for wrong in ("99", "x", "-1", "9" * 40, "²"):
        assert client.get(reverse("console_letters"), {"tab": "all", "p": wrong}).status_code == 200
    monkeypatch.setattr(lists, "MOST_PAGES", 2)
    cut = client.get(reverse("console_letters"), {"tab": "all", "p": "9"}).content.decode()
    assert "只翻到这里" in cut and "下一页" not in cut


def test_a_leaf_of_nothing_is_empty(desk):
    leaf = leaf_of(Newest(desk.clerk), "3", per_page=25)
    assert (leaf.rows, leaf.number, leaf.count, leaf.has_next, leaf.has_previous) == ([], 1, 0, False, False)


@pytest.mark.parametrize("reads", ["few", "far"])
@pytest.mark.parametrize("tab", ["mine", "open", "late", "all"])
def test_a_list_asks_as_often_for_three_letters_as_for_fifteen(desk, now, tab, reads, sign_in, monkeypatch):
    if reads == "far":  # in one chunk: of long lists more chunks are read, and that is meant
        for name, value in (("FEW", 2), ("FAR", 2), ("FAR_SITES", 0)):
            monkeypatch.setattr(lists, name, value)
    client = sign_in(desk.clerk)

    def asked(letters: int) -> int:
        refresh(LetterSource(), now=now)
        limits = Obligation.objects.pending().filter(subject__startswith="letter:")
        later = SimpleNamespace(now=lambda: limits.latest("act_by").act_by + HOUR)  # all of them are late
        monkeypatch.setattr(inbox, "timezone", later)
        with CaptureQueriesContext(connection) as caught:
            shown = client.get(reverse("console_letters"), {"tab": tab})
        assert (shown.status_code, shown.context["leaf"].count) == (200, letters)
        return len(caught)

    for n in range(3):
        letter(desk.tenant, now=now - n * HOUR)
    asked(3)
    few = asked(3)
    for n in range(12):
        letter(desk.tenant, now=now - n * HOUR / 3)  # of this day: before it there was no limit
    assert asked(15) == few <= 45
