"""How fresh a column has to be: by kind, class and pack, from what is actually public."""

import pytest
from tests.apps.publishing.duty_stories import OPENING, Story, at, days, duties, end, on, only, states
from tests.cast import TEST, structured

from jiyue.content.actions import close_column, reopen_column, save_column
from jiyue.content.models import Column
from jiyue.domain.duties import State
from jiyue.estate.actions import set_status
from jiyue.obligations.models import Obligation
from jiyue.publishing.freshness import NEWS, OTHER, POLICY, PORTAL_NEWS, TABLE, Demands
from jiyue.publishing.moments import day_of, midnight
from jiyue.publishing.stewardship import column_table
from jiyue.rules.queries import book

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db, home, request) -> Story:
    """A city under the pack named by the test, Hebi's by default."""
    return Story(getattr(request, "param", "hebi"))


def under(pack: str):
    return pytest.mark.parametrize("story", [pack], indirect=True)


def key(story: Story, slug: str) -> str:
    return f"column:{story.city.columns[slug].pk}"


def reclass(story: Story, slug: str, update_class: str, *, now, **facts) -> None:
    column = Column.objects.get(pk=story.city.columns[slug].pk)
    column.update_class = update_class
    for name, value in facts.items():
        setattr(column, name, value)
    save_column(column=column, by=TEST, now=now)
    structured(story.city, now=now)
    story.release(now=now)


@pytest.mark.req("COL-04")
def test_an_empty_column_owes_its_first_item_from_its_opening(story):
    story.look("columns", OPENING)
    duty = only(NEWS)
    assert (duty.subject, duty.started_at, duty.due_at) == (key(story, "yw"), midnight(on(9, 1)), end(9, 15))
    assert states(NEWS, at(9, 16)) == [State.OVERDUE]


@pytest.mark.req("COL-04")
def test_an_update_meets_what_was_owed_and_the_next_is_owed_from_its_day(story):
    story.look("columns", OPENING)
    story.public(at(9, 10))
    story.look("columns", at(9, 10, 11))
    first, second = duties(NEWS)
    assert (first.done_at, first.state(at(9, 20))) == (at(9, 10), State.MET)
    assert (second.started_at, second.due_at) == (midnight(on(9, 10)), end(9, 24))
    story.public(at(9, 10, 16))
    assert not story.look("columns", at(9, 10, 17)) and len(list(duties(NEWS))) == 2


@pytest.mark.req("COL-04")
def test_late_updates_are_met_late_and_reminded_before(story):
    story.look("columns", OPENING)
    assert states(NEWS, at(9, 14)) == [State.DUE_SOON]
    story.public(at(9, 20))
    story.look("columns", at(9, 20))
    assert states(NEWS, at(9, 21)) == [State.MET_LATE, State.OPEN]


@pytest.mark.req("COL-04")
def test_several_updates_between_two_looks_meet_what_was_owed_by_the_first_of_them(story):
    story.look("columns", OPENING)
    for day in (5, 12, 19):
        story.public(at(9, day))
    story.look("columns", at(9, 21))
    first, last = duties(NEWS)
    assert (first.done_at, last.started_at) == (at(9, 5), midnight(on(9, 19)))


@pytest.mark.req("COL-04")
@pytest.mark.parametrize(
    ("slug", "parameter", "due"), [("yw", NEWS, end(9, 15)), ("tzgg", OTHER, None), ("zcwj", POLICY, None)]
)
def test_each_kind_of_column_has_its_own_gap(story, slug, parameter, due):
    story.look("columns", OPENING)
    (duty,) = duties(parameter, key(story, slug))
    assert duty.due_at == due or duty.due_at.astimezone(OPENING.tzinfo).date() == {
        POLICY: on(9, 1).replace(year=2027, month=3), OTHER: on(9, 1).replace(year=2027),
    }[parameter]  # fmt: skip


@pytest.mark.req("COL-04")
def test_a_class_makes_a_column_stricter_and_never_laxer(story):
    reclass(story, "tzgg", "two_weeks", now=at(9, 2))
    reclass(story, "yw", "year", now=at(9, 2, 12))
    story.look("columns", at(9, 3))
    assert [duty.subject for duty in duties(NEWS)] == [key(story, "yw"), key(story, "tzgg")]


@under("ningxia")
@pytest.mark.req("COL-04")
def test_what_no_pack_sets_is_owed_by_nobody_and_listed_as_not_set(story):
    story.look("columns", OPENING)
    assert not list(duties(OTHER))
    line = next(line for line in column_table(story.city.site, now=at(9, 3)) if line.column.slug == "tzgg")
    assert (line.is_set, line.duty, [passed.pack for passed in line.answer.passed]) == (
        False,
        None,
        ["ningxia", "national"],
    )


@pytest.mark.req("COL-05")
@pytest.mark.parametrize(
    ("update_class", "due"), [("daily", end(10, 1)), ("working_day", end(10, 8)), ("weekly", end(10, 11))]
)
def test_stricter_classes_are_the_columns_own_limits_around_a_holiday(story, update_class, due):
    """Wednesday 30 September is the last working day before National Day, 8 October the next; weeks end on Sundays."""
    reclass(story, "tzgg", update_class, now=at(9, 2))
    story.public(at(9, 30), kind="notice", column="tzgg")
    story.look("columns", at(9, 30, 12))
    assert [duty.due_at for duty in duties(OTHER, key(story, "tzgg"))] == [due]


@under("chaoyang")
@pytest.mark.req("COL-19")
def test_news_of_the_portal_are_owed_on_each_day(story):
    story.public(at(9, 5))
    story.look("columns", at(9, 5, 12))
    duty = only(PORTAL_NEWS)
    assert (duty.started_at, duty.due_at) == (midnight(on(9, 6)), end(9, 6))
    assert duty.state(at(9, 5, 13)) == State.NOT_BEGUN
    story.public(at(9, 6))
    story.public(at(9, 8))
    story.look("columns", at(9, 8, 12))
    assert states(PORTAL_NEWS, at(9, 9)) == [State.MET, State.OPEN]


@under("chaoyang")
@pytest.mark.req("COL-05")
@pytest.mark.parametrize(
    ("name", "updated", "due"),
    [
        ("教育信息", at(9, 30), end(10, 8)),  # each working day, over National Day
        ("教育信息", at(9, 18), end(9, 20)),  # Sunday 20 September is worked in exchange
        ("政务新闻", at(9, 30), end(10, 1)),  # daily, holidays included
        ("庭审直播", at(9, 15), end(9, 27)),  # weekly: in the week after that of Tuesday the 15th
    ],
)
def test_the_districts_table_sets_what_its_columns_owe(story, name, updated, due):
    reclass(story, "tzgg", "event", now=at(9, 2), name=name)
    story.public(updated, kind="notice", column="tzgg")
    story.look("columns", updated)
    duty = only(TABLE)
    assert (duty.due_at, duty.pack) == (due, "chaoyang")


@under("chaoyang")
@pytest.mark.req("COL-05")
def test_event_bound_columns_owe_nothing_by_the_calendar(story):
    reclass(story, "tzgg", "event", now=at(9, 2), name="人事任免")
    story.look("columns", at(9, 3))
    assert not list(duties(TABLE)) and not list(duties(POLICY))


@pytest.mark.req("COL-04")
def test_a_closed_column_owes_nothing_and_an_opened_one_begins_anew(story):
    story.look("columns", OPENING)
    column = story.city.columns["yw"]
    close_column(column=column, reason="合并", by=TEST, now=at(9, 10))
    story.look("columns", at(9, 10), [f"column:{column.pk}"])
    assert states(NEWS, at(9, 20)) == [State.ENDED]
    reopen_column(column=column, by=TEST, now=at(9, 25))
    structured(story.city, now=at(9, 25))
    story.release(now=at(9, 25))
    story.look("columns", at(9, 25))
    assert [(duty.started_at, duty.due_at) for duty in duties(NEWS)][1:] == [(midnight(on(9, 25)), end(10, 9))]


def test_a_closed_site_owes_nothing(story):
    story.look("columns", OPENING)
    set_status(site=story.city.site, status="closed", reason="撤并", by=TEST, now=at(9, 5))
    story.look("columns", at(9, 5))
    assert set(states(NEWS, at(10, 1))) == {State.ENDED}


def test_a_site_that_was_never_published_owes_nothing(story):
    story.look("columns", OPENING)
    assert {duty.site for duty in duties(NEWS)} == {story.city.site}


@pytest.mark.req("COL-04")
def test_what_was_withdrawn_was_no_update_after_all(story):
    story.look("columns", OPENING)
    record = story.public(at(9, 10))
    story.look("columns", at(9, 10, 11))
    story.withdraw(record, at(9, 12))
    story.look("columns", at(9, 12))
    assert states(NEWS, at(9, 13)) == [State.DUE_SOON, State.ENDED]


@pytest.mark.req("COL-04")
def test_a_correction_refreshes_standing_pages_and_no_list_of_news(story):
    leader = story.public(at(9, 3), kind="leader", column="ldxx", title="样领导")
    news = story.public(at(9, 3))
    story.correct(leader, at(9, 8))
    story.correct(news, at(9, 8))
    story.look("columns", at(9, 9))
    assert only(OTHER, key(story, "ldxx")).started_at == midnight(on(9, 8))
    assert only(NEWS).started_at == midnight(on(9, 3))


@pytest.mark.req("COL-04")
def test_matter_with_old_dates_makes_no_column_fresh_and_owes_nothing_from_before_the_platform(story):
    for year in (2019, 2021, 2024):
        story.public(at(9, 20), original_published_at=at(9, 1).replace(year=year), original_source="旧网站")
    story.look("columns", at(9, 20, 12))
    duty = only(NEWS)
    assert (duty.started_at, duty.state(at(9, 20, 12))) == (midnight(on(9, 1)), State.OVERDUE)
    assert Obligation.objects.filter(started_at__lt=midnight(on(9, 1))).count() == 0


def test_an_earlier_publication_after_the_release_contradicts_itself(story):
    story.public(at(9, 3), original_published_at=at(9, 14), original_source="旧网站")
    story.look("columns", at(9, 20))
    assert only(NEWS).started_at == midnight(on(9, 1))


def test_a_column_that_only_holds_others_is_kept_up_in_those(story):
    below = Column(
        site=story.city.site, parent=story.city.columns["zcwj"], kind="policy_documents", channel="openness",
        name="规范性文件", slug="gfxwj",
    )  # fmt: skip
    save_column(column=below, by=TEST, now=at(9, 2))
    structured(story.city, now=at(9, 2))
    story.release(now=at(9, 2))
    story.look("columns", at(9, 2, 12))
    assert [duty.subject for duty in duties(POLICY)] == [f"column:{below.pk}"]


def test_the_unit_that_keeps_a_column_answers_for_it(story):
    story.look("columns", OPENING)
    duty = only(NEWS)
    assert (duty.unit, duty.site, duty.area) == (story.city.organisation, story.city.site, key(story, "yw"))


def test_looking_again_changes_nothing_and_asks_little(story, django_assert_max_num_queries):
    story.public(at(9, 10))
    story.look("columns", at(9, 10, 11))
    before = list(Obligation.objects.order_by("pk").values())
    with django_assert_max_num_queries(40):
        assert not story.look("columns", at(9, 10, 11))
    assert list(Obligation.objects.order_by("pk").values()) == before


@pytest.mark.req("COL-04")
def test_the_table_of_columns_tells_days_since_and_what_is_owed(story):
    story.public(at(9, 10))
    story.look("columns", at(9, 10))
    lines = {line.column.slug: line for line in column_table(story.city.site, now=at(9, 13))}
    news = lines["yw"]
    assert (news.days_since, news.due_at, news.state, news.parameter) == (3, end(9, 24), State.OPEN, NEWS)
    assert (lines["tzgg"].updated_at, lines["tzgg"].days_since) == (None, None)
    assert "zwdt" not in lines


def test_demands_are_asked_once_a_unit(story):
    demands = Demands(book(), on=day_of(OPENING))
    columns = Column.objects.filter(site=story.city.site).select_related("site__owner", "responsible")
    found = {column.slug: demands.of(column) for column in columns}
    assert found["zwdt"] is None
    assert (found["yw"].parameter, found["zcwj"].parameter) == (NEWS, POLICY)
    assert len(demands._tables) == 1


def test_a_change_of_pack_moves_nothing_that_was_owed(story):
    story.look("columns", OPENING)
    duty = only(NEWS)
    assert (duty.pack, day_of(duty.due_at)) == ("hebi", day_of(OPENING) + days(14))
