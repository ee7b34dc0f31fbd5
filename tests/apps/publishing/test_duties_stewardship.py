"""Catalogue lines, changed facts, promises and reprints: what they owe, and the lists of what is missing."""

from datetime import date

import pytest
from tests.apps.publishing.duty_stories import BY_CODE, OPENING, Story, at, duties, end, on, only, states
from tests.cast import TEST, draft, reviewed, sign_all, structured

from jiyue.config.duties import heed
from jiyue.content.actions import save_column, save_draft
from jiyue.content.arranging import propose_decision, report_column_change
from jiyue.content.cataloguing import decide_withholding, propose_withholding, remove_item, save_item
from jiyue.content.models import (
    CatalogueItem,
    ChangeNotice,
    Column,
    ColumnDecision,
    ColumnFiling,
    Commitment,
    Record,
    ReprintTask,
    Topic,
)
from jiyue.content.placing import ask_for
from jiyue.content.readiness import problems
from jiyue.content.stewarding import (
    keep_commitment,
    make_commitment,
    notify_change,
    order_reprint,
    set_review_date,
    withdraw_change_notice,
    withdraw_commitment,
    withdraw_reprint,
)
from jiyue.domain.duties import State
from jiyue.estate.models import Site
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.models import Obligation
from jiyue.publishing.moments import midnight
from jiyue.publishing.openness import counts, lines_of, with_content, without_content
from jiyue.publishing.openness import withheld as kept_unpublished
from jiyue.publishing.stewardship import outdated, unanswered_changes, unfiled_changes, unkept_columns
from jiyue.review.placing import submit_placement

pytestmark = pytest.mark.django_db
RENEWAL, CHANGE, COMMITMENT, REPRINT = "content.update", "disclosure.change", "commitment.keep", "reprint.publish"
ADDRESS = "https://www.province.example/zwgk/2026/0908/7.html"


@pytest.fixture
def story(db, home, request) -> Story:
    return Story(getattr(request, "param", "xiangxi"))


def under(pack: str):
    return pytest.mark.parametrize("story", [pack], indirect=True)


def every_site():
    return Site.objects.all()


def line(story: Story, now, **facts) -> CatalogueItem:
    given = {
        "site": story.city.site, "unit": story.city.organisation, "number": "1", "name": "财政预算",
        "column": story.city.columns["zcwj"], "since": now.date(), **facts,
    }  # fmt: skip
    return save_item(item=CatalogueItem(**given), by=story.city.manager, now=now)


def lines():
    return CatalogueItem.objects.all()


@pytest.mark.req("COL-02")
def test_a_line_owes_its_first_content_by_its_class_or_by_its_own_limit(story):
    """Other information: 5 working days from 23 September, at the latest 10; the second line says 20 itself."""
    line(story, at(9, 23))
    line(story, at(9, 23), number="2", name="人事信息", column=story.city.columns["ldxx"], limit="3 working-days")
    story.look("catalogue", at(9, 23))
    assert [(duty.due_at, duty.own_limit) for duty in duties("disclosure.other")] == [
        (end(10, 8), ""), (end(9, 29), "3 working-days"),
    ]  # fmt: skip


@pytest.mark.req("COL-02")
def test_a_record_that_names_the_line_or_stands_in_its_column_answers_it(story):
    own, shared, other = (
        line(story, at(9, 23)),
        line(story, at(9, 23), number="2", name="要闻", column=story.city.columns["yw"]),
        line(story, at(9, 23), number="3", name="会议", column=story.city.columns["yw"]),
    )
    story.document(at(9, 24))
    story.public(at(9, 25), catalogue_item=shared)
    story.look("catalogue", at(9, 25, 12))
    found = {duty.subject: duty.done_at for duty in duties("disclosure.other")}
    assert found == {
        f"catalogue:{own.pk}": at(9, 24),
        f"catalogue:{shared.pk}": at(9, 25),
        f"catalogue:{other.pk}": None,
    }
    assert [item.pk for item in without_content(lines(), now=at(9, 26))] == [other.pk]
    assert {item.pk: item.latest_at for item in lines_of(lines(), now=at(9, 26))}[own.pk] == at(9, 24)


@pytest.mark.req("COL-02")
def test_a_line_that_must_be_renewed_owes_the_next_content(story):
    item = line(story, at(9, 2), renewal="1 month")
    story.document(at(9, 10))
    story.look("catalogue", at(9, 10))
    assert only(RENEWAL).due_at == end(10, 10)
    story.document(at(9, 28))
    story.look("catalogue", at(9, 28), [f"catalogue:{item.pk}"])
    assert [(duty.state(at(10, 1)), duty.due_at) for duty in duties(RENEWAL)] == [
        (State.MET, end(10, 10)), (State.OPEN, end(10, 28)),
    ]  # fmt: skip


@pytest.mark.req("COL-20")
def test_a_line_kept_unpublished_with_approval_owes_nothing_and_is_counted(story):
    hidden, bare = line(story, at(9, 2)), line(story, at(9, 2), number="2", column=story.city.columns["ldxx"])
    line(story, at(9, 2), number="3", column=story.city.columns["yw"])
    story.public(at(9, 3))
    asked = propose_withholding(
        item=hidden, reason="涉及商业秘密", basis="条例第十五条", by=story.city.manager, now=at(9, 3)
    )
    story.look("catalogue", at(9, 3))
    assert len(list(duties("disclosure.other", f"catalogue:{hidden.pk}"))) == 1  # asked for is not agreed to
    decide_withholding(withholding=asked, approve=True, opinion="同意", by=story.cast.overseer, now=at(9, 4))
    story.look("catalogue", at(9, 4))
    assert states("disclosure.other", at(9, 5), f"catalogue:{hidden.pk}") == [State.ENDED]
    found = counts(lines(), now=at(9, 5))[story.city.organisation.pk]
    assert (found.lines, found.published, found.withheld, found.missing) == (3, 1, 1, 1)
    assert [item.pk for item in kept_unpublished(lines(), now=at(9, 5))] == [hidden.pk]
    assert [item.pk for item in without_content(lines(), now=at(9, 5))] == [bare.pk]


@pytest.mark.req("COL-02")
def test_a_removed_line_owes_nothing_and_one_from_before_the_opening_owes_from_the_opening(story):
    item = line(story, at(9, 2), since=date(2020, 1, 1))
    story.look("catalogue", at(9, 2))
    assert only("disclosure.other").started_at == OPENING
    remove_item(item=item, reason="职能划出", by=story.city.manager, now=at(9, 3))
    story.look("catalogue", at(9, 3), [f"catalogue:{item.pk}"])
    assert states("disclosure.other", at(10, 20)) == [State.ENDED]
    assert with_content(lines(), now=at(9, 3)).get().latest_at is None


@under("chaoyang")
@pytest.mark.req("COL-18")
def test_a_change_notice_owes_an_update_at_once_and_a_correction_meets_it(story):
    record = story.public(at(9, 3), kind="leader", column="ldxx", title="样领导")
    notice = ChangeNotice(record=record, unit=story.city.organisation, what="分工调整", changed_at=at(9, 8, 9))
    notify_change(notice=notice, by=story.city.editor, now=at(9, 8, 10))
    story.look("changes", at(9, 8, 10))
    duty = only(CHANGE)
    assert (duty.due_at, duty.recorded_at, duty.state(at(9, 8, 11))) == (at(9, 8, 9), at(9, 8, 10), State.OVERDUE)
    assert [found.pk for found in unanswered_changes(every_site())] == [notice.pk]
    story.public(at(9, 8, 11), kind="leader", column="ldxx", title="样副职")  # not the record that it is about
    story.correct(record, at(9, 8, 12))
    story.look("changes", at(9, 8, 12))
    assert (only(CHANGE).done_at, list(unanswered_changes(every_site()))) == (at(9, 8, 12), [])


@under("chaoyang")
@pytest.mark.req("COL-18")
def test_a_notice_about_a_column_is_answered_by_anything_new_in_it(story):
    notice = ChangeNotice(
        column=story.city.columns["tzgg"], unit=story.city.organisation, what="停水范围变化", changed_at=at(9, 8, 9)
    )
    notify_change(notice=notice, by=story.city.manager, now=at(9, 8, 9))
    story.public(at(9, 8, 10))  # another column
    story.look("changes", at(9, 8, 10))
    assert only(CHANGE).done_at is None
    story.public(at(9, 8, 11), kind="notice", column="tzgg")
    story.look("changes", at(9, 8, 11))
    assert only(CHANGE).done_at == at(9, 8, 11)


@under("chaoyang")
@pytest.mark.req("COL-18")
def test_a_notice_given_in_error_ends(story):
    notice = ChangeNotice(
        column=story.city.columns["tzgg"], unit=story.city.organisation, what="误报", changed_at=at(9, 8, 9)
    )
    notify_change(notice=notice, by=story.city.manager, now=at(9, 8, 9))
    story.look("changes", at(9, 8, 9))
    withdraw_change_notice(notice=notice, reason="登记有误", by=story.city.manager, now=at(9, 8, 10))
    story.look("changes", at(9, 8, 10), [f"change:{notice.pk}"])
    assert states(CHANGE, at(9, 9)) == [State.ENDED]


@pytest.mark.req("COL-18")
def test_where_no_pack_sets_a_limit_a_change_is_listed_all_the_same(story):
    notice = ChangeNotice(
        column=story.city.columns["tzgg"], unit=story.city.organisation, what="电话变更", changed_at=at(9, 8, 9)
    )
    notify_change(notice=notice, by=story.city.manager, now=at(9, 8, 9))
    story.look("changes", at(9, 8, 9))
    assert not list(duties(CHANGE))
    assert [found.what for found in unanswered_changes(every_site())] == ["电话变更"]


def promised(story: Story, made: date, due: date, now) -> Commitment:
    commitment = Commitment(
        site=story.city.site, unit=story.city.organisation, title="国庆前修复路灯", made_on=made, due_on=due,
        person=story.city.editor,
    )  # fmt: skip
    return make_commitment(commitment=commitment, by=story.city.editor, now=now)


@pytest.mark.req("COL-21")
def test_a_promise_is_owed_by_its_own_day_and_shown_when_unkept(story):
    made = promised(story, on(9, 2), on(9, 30), at(9, 4))
    story.look("commitments", at(9, 4))
    duty = only(COMMITMENT)
    assert (duty.due_at, duty.person, duty.recorded_at) == (end(9, 30), story.city.editor, at(9, 4))
    assert duty.state(at(10, 1)) == State.OVERDUE
    keep_commitment(commitment=made, kept_at=at(10, 3), evidence="已修复", by=story.city.editor, now=at(10, 8))
    story.look("commitments", at(10, 8))
    assert (only(COMMITMENT).done_at, states(COMMITMENT, at(10, 8))) == (at(10, 3), [State.MET_LATE])


@pytest.mark.req("COL-21")
def test_a_promise_for_today_is_owed_today_and_a_withdrawn_one_not_at_all(story):
    made = promised(story, on(9, 2), on(9, 2), at(9, 2))
    story.look("commitments", at(9, 2))
    assert only(COMMITMENT).due_at == end(9, 2)
    withdraw_commitment(commitment=made, reason="重复登记", by=story.city.editor, now=at(9, 2, 11))
    story.look("commitments", at(9, 2, 12))
    assert states(COMMITMENT, at(9, 9)) == [State.ENDED]


def ordered(story: Story, now, address: str = ADDRESS) -> ReprintTask:
    task = ReprintTask(
        organisation=story.cast.province, title="关于秋粮收购的通知", source="示范省人民政府", address=address,
        released_at=now,
    )  # fmt: skip
    return order_reprint(task=task, by=story.pair[0], now=now)


@under("ningxia")
@pytest.mark.req("REPR-01")
def test_every_site_below_owes_a_reprint_in_twelve_hours_through_the_night(story):
    story.open(story.cast.outside, now=at(9, 2))
    task = ordered(story, at(9, 30, 20))
    story.look("reprints", at(9, 30, 20))
    assert [(duty.site, duty.due_at) for duty in duties(REPRINT)] == [
        (story.city.site, at(10, 1, 8)), (story.cast.outside.site, at(10, 1, 8)),
    ]  # fmt: skip
    story.public(at(10, 1, 7), original_address=f"{ADDRESS}/", original_source="示范省人民政府")
    story.look("reprints", at(10, 1, 9), [f"reprint:{task.pk}"])
    assert states(REPRINT, at(10, 1, 9)) == [State.MET, State.OVERDUE]


@under("ningxia")
@pytest.mark.req("REPR-01")
def test_an_item_of_this_platform_is_reprinted_by_placing_it(story):
    story.open(story.cast.outside, now=at(9, 2))
    record = story.public(at(9, 8))
    address = f"https://{story.city.site.host}{record.site.public_items.get().address}"
    ordered(story, at(9, 8), address)
    story.look("reprints", at(9, 8))
    assert [duty.site for duty in duties(REPRINT)] == [story.cast.outside.site]  # never the site it stands on
    taker = story.cast.outside
    placement = ask_for(record=record, column=taker.columns["yw"], by=taker.editor, now=at(9, 8, 12))
    sign_all(taker, submit_placement(placement=placement, by=taker.editor, now=at(9, 8, 12)), now=at(9, 8, 13))
    story.release(taker, now=at(9, 8, 13))
    story.look("reprints", at(9, 8, 14))
    assert only(REPRINT).done_at == at(9, 8, 13)


@under("ningxia")
@pytest.mark.req("REPR-01")
def test_a_withdrawn_task_and_a_site_that_opened_later_owe_nothing(story):
    task = ordered(story, at(9, 8))
    story.open(story.cast.outside, now=at(9, 9))
    story.look("reprints", at(9, 9))
    assert [duty.site for duty in duties(REPRINT)] == [story.city.site]
    withdraw_reprint(task=task, reason="原文已撤下", by=story.pair[0], now=at(9, 9))
    story.look("reprints", at(9, 9, 12))
    assert states(REPRINT, at(9, 10)) == [State.ENDED]


@under("hebi")
@pytest.mark.req("COL-07")
def test_columns_that_are_overdue_wait_for_a_decision(story):
    story.look("columns", OPENING)
    assert list(unkept_columns(every_site(), now=at(9, 10))) == []
    (column,) = unkept_columns(every_site(), now=at(9, 20))
    decision = ColumnDecision(column=column, outcome="close", grounds="不属本单位职能，无力维护")
    propose_decision(decision=decision, by=story.city.manager, now=at(9, 20))
    assert (column.slug, list(unkept_columns(every_site(), now=at(9, 20)))) == ("yw", [])


@pytest.mark.req("COL-08")
def test_changes_of_columns_are_listed_until_they_are_on_file(story):
    column = Column(site=story.city.site, kind="general", channel="news", name="督查信息", slug="dcxx")
    save_column(column=column, by=TEST, now=at(9, 2))
    structured(story.city, now=at(9, 2))
    (filing,) = unfiled_changes(every_site())
    report_column_change(filing=filing, note="新增督查信息栏目", by=story.city.manager, now=at(9, 3))
    assert [found.state for found in unfiled_changes(every_site())] == [ColumnFiling.State.REPORTED]
    ColumnFiling.objects.update(state=ColumnFiling.State.FILED)
    assert list(unfiled_changes(every_site())) == []


@pytest.mark.req("COL-10")
def test_public_records_past_their_day_are_listed_until_somebody_looks(story):
    old = story.public(at(9, 3), review_on=on(9, 20))
    notice = story.public(at(9, 3), kind="notice", column="tzgg", valid_until=on(9, 19))
    lapsed = story.document(at(9, 3), expires_on=on(9, 10))
    draft(story.city, now=at(9, 3), review_on=on(9, 20))
    story.public(at(9, 3), review_on=on(12, 1))
    found = {record.pk for record in outdated(every_site(), now=at(9, 20))}
    assert found == {old.pk, notice.pk, lapsed.pk}
    set_review_date(record=Record.objects.get(pk=old.pk), review_on=on(12, 1), note="仍然有效", by=story.city.editor,
                    now=at(9, 20))  # fmt: skip
    story.withdraw(notice, at(9, 20))
    assert {record.pk for record in outdated(every_site(), now=at(9, 20))} == {lapsed.pk}


@under("chaoyang")
def test_events_make_the_sources_look_at_what_they_are_about(story):
    """What the worker does with each event of the story, and nothing but what the events name."""
    last = AuditEvent.objects.order_by("-sequence").first().sequence
    item = line(story, at(9, 2), column=story.city.columns["yw"])
    notice = ChangeNotice(
        column=story.city.columns["yw"], unit=story.city.organisation, what="变化", changed_at=at(9, 2, 9)
    )
    notify_change(notice=notice, by=story.city.manager, now=at(9, 2, 9))
    task = ordered(story, at(9, 2, 9))
    promised(story, on(9, 2), on(9, 3), at(9, 2, 9))
    document = story.document(at(9, 2, 9), issued_on=on(9, 2), information_class="regulations")
    for event in AuditEvent.objects.filter(sequence__gt=last).order_by("sequence"):
        heed(event, at(9, 2, 10))
    pending = set(Obligation.objects.pending().values_list("subject", flat=True))
    assert {subject.split(":")[0] for subject in pending} == {
        "catalogue", "change", "commitment", "record", "reprint",
    }  # fmt: skip
    last = AuditEvent.objects.order_by("-sequence").first().sequence
    story.reprint(at(9, 2, 11), ADDRESS, catalogue_item=item)
    story.interpretation(at(9, 2, 11), document)
    for event in AuditEvent.objects.filter(sequence__gt=last).order_by("sequence"):
        heed(event, at(9, 2, 12))
    met = {duty.subject for duty in Obligation.objects.filter(done_at__isnull=False)}
    assert {f"change:{notice.pk}", f"reprint:{task.pk}:{story.city.site.pk}", f"record:{document.identity}"} <= met
    assert Obligation.objects.filter(subject=f"column:{story.city.columns['yw'].pk}").exists()
    withdraw_reprint(task=task, reason="原文已撤下", by=story.pair[0], now=at(9, 2, 12))
    heed(AuditEvent.objects.get(code="content.reprint_withdrawn"), at(9, 2, 12))
    swept = [story.look(code, at(9, 2, 12)) for code in BY_CODE if code != "columns"]
    assert not any(swept), "the night found what no event had named"


def test_a_future_release_and_a_closed_site_are_no_matter(story):
    reviewed(story.city, draft(story.city, now=at(9, 2)), now=at(9, 2), publish_at=at(9, 9))
    story.look("columns", at(9, 3))
    assert only("column.update.news").started_at == midnight(on(9, 1))


@pytest.mark.req("COL-09")
def test_a_topic_that_is_over_is_listed_until_its_archiving_is_public_and_owes_it_where_a_pack_sets_days(story):
    topic = story.public(at(9, 3), kind="topic", title="汛期专题", summary="汛期信息", ends_on=on(9, 20))
    assert list(outdated(every_site(), now=at(9, 20))) == []
    assert [record.pk for record in outdated(every_site(), now=at(9, 21))] == [topic.pk]
    (fact,) = story.source("topics").facts(subjects=None, now=at(9, 21))
    assert (fact.parameter, fact.started_at, fact.met_at) == ("topic.archive", at(9, 21, 0), None)
    topic = Topic.objects.get(pk=topic.pk)
    topic.archived = True
    story.correct(save_draft(record=topic, by=story.city.editor, now=at(9, 22)), at(9, 22))
    assert list(outdated(every_site(), now=at(9, 23))) == []
    (fact,) = story.source("topics").facts(subjects=[f"record:{topic.identity}"], now=at(9, 23))
    assert fact.met_at == at(9, 22)


@pytest.mark.req("COL-09")
def test_a_topic_without_purpose_or_end_is_not_submitted(story):
    topic = draft(story.city, now=at(9, 3), kind="topic", title="没有尽头的专题")
    assert {problem.field for problem in problems(topic, on=on(9, 3))} == {"summary", "ends_on"}
