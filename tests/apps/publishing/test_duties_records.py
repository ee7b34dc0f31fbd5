"""What happened has to be public in time, and interpreted: by class, kind and column, around National Day."""

from datetime import time

import pytest
from tests.apps.publishing.duty_stories import LOCAL, OPENING, Story, at, duties, end, on, only, states
from tests.cast import TEST, draft, reviewed, structured

from jiyue.content.actions import delete_draft, save_column, save_draft
from jiyue.content.models import Column, Record
from jiyue.domain.duties import State
from jiyue.estate.models import Site
from jiyue.obligations.models import Obligation
from jiyue.publishing.freshness import POLICY, SUBSITE, TABLE
from jiyue.publishing.interpreting import coverage, graphic_share
from jiyue.publishing.moments import first_public, midnight

pytestmark = pytest.mark.django_db
REGULATIONS, MAJOR, OTHERS = "disclosure.regulations", "disclosure.major", "disclosure.other"
DOCUMENT, INTERPRETATION = "document.publish", "interpretation.publish"


@pytest.fixture
def story(db, home, request) -> Story:
    return Story(getattr(request, "param", "xiangxi"))


def under(pack: str):
    return pytest.mark.parametrize("story", [pack], indirect=True)


def subject(record: Record) -> str:
    return f"record:{record.identity}"


@pytest.mark.req("COL-06")
@pytest.mark.parametrize(
    ("information_class", "parameter", "due", "latest"),
    [
        ("major", MAJOR, end(9, 29), None),  # 3 working days from 23 September: 24, 28, 29
        ("regulations", REGULATIONS, end(10, 8), None),  # 5: 24, 28, 29, 30 September, 8 October
        ("other", OTHERS, end(10, 8), end(10, 14)),  # latest 10: … 9, 10 (worked), 12, 13, 14 October
    ],
)
def test_each_information_class_has_its_own_limit_over_the_holidays(story, information_class, parameter, due, latest):
    """Mid-autumn is off from Friday 25 to Sunday 27 September, National Day from 1 to 7 October; the 10th is worked."""
    record = draft(story.city, now=at(9, 23), event_on=on(9, 23), information_class=information_class)
    story.look("records", at(9, 23))
    duty = only(parameter)
    assert (duty.subject, duty.due_at, duty.latest_at) == (subject(record), due, latest)
    assert (duty.unit, duty.person) == (story.city.organisation, story.city.editor)


@pytest.mark.req("COL-06")
def test_publication_meets_it_and_withdrawal_afterwards_does_not_undo_it(story):
    record = draft(story.city, now=at(9, 23), event_on=on(9, 23), information_class="major")
    story.look("records", at(9, 23))
    reviewed(story.city, record, now=at(9, 24))
    story.release(now=at(9, 24, 11))
    story.look("records", at(9, 24, 12))
    assert only(MAJOR).done_at == at(9, 24, 11)  # the release, not the signature
    story.withdraw(record, at(9, 28))
    story.look("records", at(9, 28, 12))
    assert states(MAJOR, at(9, 30)) == [State.MET]


@pytest.mark.req("COL-06")
def test_a_corrected_day_of_the_event_ends_the_old_duty_and_begins_a_new_one(story):
    record = draft(story.city, now=at(9, 23), event_on=on(9, 21), information_class="major")
    story.look("records", at(9, 23))
    record = Record.objects.get(pk=record.pk).typed
    record.event_on = on(9, 22)
    save_draft(record=record, by=story.city.editor, now=at(9, 23, 11))
    story.look("records", at(9, 23, 12), [subject(record)])
    assert [(duty.started_at, duty.state(at(9, 23, 12))) for duty in duties(MAJOR)] == [
        (midnight(on(9, 21)), State.ENDED), (midnight(on(9, 22)), State.OPEN),
    ]  # fmt: skip


@pytest.mark.req("COL-06")
def test_an_event_recorded_late_counts_from_its_own_day_and_a_deleted_draft_owes_nothing(story):
    record = draft(story.city, now=at(9, 30), event_on=on(9, 8), information_class="major")
    story.look("records", at(9, 30))
    duty = only(MAJOR)
    assert (duty.due_at, duty.recorded_at, duty.state(at(9, 30))) == (end(9, 11), at(9, 30), State.OVERDUE)
    delete_draft(record=record, by=story.city.editor, now=at(9, 30, 11))
    story.look("records", at(9, 30, 12), [subject(record)])
    assert states(MAJOR, at(9, 30, 12)) == [State.ENDED]


@pytest.mark.req("COL-06")
def test_a_future_event_is_not_begun(story):
    draft(story.city, now=at(9, 23), event_on=on(9, 29), information_class="major")
    story.look("records", at(9, 23))
    assert states(MAJOR, at(9, 23)) == [State.NOT_BEGUN]


@pytest.mark.req("COL-06")
def test_what_happened_before_the_site_was_public_owes_nothing_here(story):
    draft(story.city, now=at(9, 2), event_on=on(8, 30), information_class="major")
    story.look("records", at(9, 2))
    assert not Obligation.objects.exists()


@pytest.mark.req("COL-06")
def test_an_import_of_historic_material_owes_nothing_even_when_it_is_dated_after_the_opening(story):
    """The site of another unit is merged on 20 October: three hundred documents, public elsewhere long before."""
    for number in range(3):
        record = draft(
            story.city, now=at(10, 20), kind="policy_document", column="zcwj", public_effect="vital",
            information_class="regulations", issued_on=on(9, 5), written_on=on(9, 5), issuer="澄湖市教育局",
            import_key=f"old:{number}", original_published_at=at(9, 6),
        )  # fmt: skip
        story.look("records", at(10, 20))
        reviewed(story.city, record, now=at(10, 20))
    story.release(now=at(10, 20))
    for source in ("records", "interpretations"):
        story.look(source, at(10, 20))
    assert not Obligation.objects.exists()


def test_a_time_that_an_editor_wrote_excuses_nothing(story):
    """原发布时间 typed by hand is no import: the clock runs all the same."""
    draft(
        story.city, now=at(9, 23), event_on=on(9, 23), information_class="major",
        original_published_at=at(9, 23), original_source="旧网站",
    )  # fmt: skip
    story.look("records", at(9, 23))
    assert only(MAJOR).due_at == end(9, 29)


@under("chaoyang")
@pytest.mark.req("COL-05", "COL-06")
def test_event_bound_columns_are_checked_against_the_event_of_each_item(story):
    column = Column.objects.get(pk=story.city.columns["tzgg"].pk)
    column.name = "人事任免"
    save_column(column=column, by=TEST, now=at(9, 2))
    structured(story.city, now=at(9, 2))
    story.release(now=at(9, 2))
    story.public(at(9, 8, 16), kind="notice", column="tzgg", event_on=on(9, 8), title="任免通知")
    story.public(at(9, 9, 9), kind="notice", column="tzgg", event_on=on(9, 8), event_time=time(15), title="任免通知二")
    story.public(at(9, 9, 9), kind="notice", column="tzgg", title="没有事项日期")
    story.look("records", at(9, 10))
    found = [(duty.due_at, duty.state(at(9, 10))) for duty in duties(TABLE)]
    # Only the day is known: until the day is over. The hour is known: at that hour.
    assert found == [(end(9, 8), State.MET), (at(9, 8, 15), State.MET_LATE)]


@under("chaoyang")
@pytest.mark.req("COL-05", "POL-01")
def test_documents_of_the_district_are_online_with_their_issue(story):
    story.document(at(9, 8, 18), issued_on=on(9, 8))
    story.document(at(9, 9), issued_on=on(9, 8))
    story.look("records", at(9, 10))
    assert [duty.due_at for duty in duties(DOCUMENT)] == [end(9, 8), end(9, 8)]
    assert sorted(states(DOCUMENT, at(9, 10))) == [State.MET, State.MET_LATE]
    assert sorted(states(POLICY, at(9, 10))) == [State.MET, State.MET_LATE]  # the annex says 与发文同时


@under("chaoyang")
@pytest.mark.req("COL-19")
def test_news_of_a_subsite_are_public_on_the_day_they_happen(story):
    Site.objects.filter(pk=story.city.site.pk).update(kind=Site.Kind.SUBSITE)
    story.public(at(9, 8, 22), event_on=on(9, 8))
    story.public(at(9, 9, 8), event_on=on(9, 8))
    story.public(at(9, 9, 8))
    story.look("records", at(9, 10))
    assert sorted((duty.due_at, duty.state(at(9, 10))) for duty in duties(SUBSITE)) == [
        (end(9, 8), State.MET), (end(9, 8), State.MET_LATE),
    ]  # fmt: skip


@pytest.mark.req("COL-05")
def test_a_column_of_the_same_day_class_owes_each_item_on_its_day_whatever_the_pack(story):
    column = Column.objects.get(pk=story.city.columns["tzgg"].pk)
    column.update_class = "same_day"
    save_column(column=column, by=TEST, now=at(9, 2))
    draft(story.city, now=at(9, 8), kind="notice", column="tzgg", event_on=on(9, 8))
    story.look("records", at(9, 8))
    assert only(SUBSITE).due_at == end(9, 8)


@under("ningxia")
@pytest.mark.req("POL-01")
def test_a_document_that_touches_the_public_is_online_five_working_days_after_issue(story):
    record = draft(
        story.city, now=at(9, 23), kind="policy_document", column="zcwj", issuer="澄湖市人民政府", written_on=on(9, 21),
        issued_on=on(9, 23), public_effect="general",
    )  # fmt: skip
    story.look("records", at(9, 23))
    assert only(DOCUMENT).due_at == end(10, 8)
    reviewed(story.city, record, now=at(10, 9))
    story.release(now=at(10, 9))
    story.look("records", at(10, 9))
    assert states(DOCUMENT, at(10, 9)) == [State.MET_LATE]


@under("ningxia")
@pytest.mark.req("POL-01")
@pytest.mark.parametrize(
    "facts",
    [{"public_effect": "none"}, {"public_effect": ""}, {"public_effect": "vital", "public_scope": "on_request"}],
)
def test_documents_that_do_not_touch_the_public_or_are_not_for_it_owe_no_limit(story, facts):
    draft(story.city, now=at(9, 23), kind="policy_document", column="zcwj", issued_on=on(9, 23), **facts)
    story.look("records", at(9, 23))
    assert not Obligation.objects.exists()


@under("hebi")
@pytest.mark.req("POL-03")
def test_an_interpretation_is_owed_from_the_moment_the_document_is_online(story):
    """Three working days after Tuesday 29 September: the 30th, 8 and 9 October."""
    document = story.document(at(9, 29), issued_on=on(9, 20))
    story.look("interpretations", at(9, 29))
    duty = only(INTERPRETATION)
    assert (duty.subject, duty.started_at, duty.due_at) == (subject(document), at(9, 29), end(10, 9))
    story.interpretation(at(10, 9, 20), document)
    story.look("interpretations", at(10, 9, 21), [subject(document)])
    assert states(INTERPRETATION, at(10, 12)) == [State.MET]


@pytest.mark.req("POL-03")
def test_at_the_same_time_means_in_the_same_release(story):
    document = draft(
        story.city, now=at(9, 8), kind="policy_document", column="zcwj", title="公共租赁住房管理办法",
        issuer="澄湖市人民政府", written_on=on(9, 7), public_effect="vital",
    )  # fmt: skip
    reviewed(story.city, document, now=at(9, 8), publish_at=at(9, 9))
    explained = draft(story.city, now=at(9, 8), kind="interpretation", column="zcjd", title="图解", form="graphic")
    explained.documents.set([document.typed])
    reviewed(story.city, explained, now=at(9, 8), publish_at=at(9, 9))
    story.release(now=at(9, 9))
    late = story.document(at(9, 10), issued_on=on(9, 10))
    story.interpretation(at(9, 10, 11), late)
    story.look("interpretations", at(9, 11))
    assert [(duty.due_at, duty.state(at(9, 11))) for duty in duties(INTERPRETATION)] == [
        (at(9, 9), State.MET), (at(9, 10), State.MET_LATE),
    ]  # fmt: skip


@under("hebi")
@pytest.mark.req("POL-03")
def test_an_interpretation_of_another_site_counts_and_one_before_the_document_is_in_time(story):
    story.open(story.cast.outside)
    document = story.document(at(9, 8))
    story.interpretation(at(9, 9), document, tenant=story.cast.outside)
    story.look("interpretations", at(9, 9))
    assert only(INTERPRETATION).done_at == at(9, 9)


@under("hebi")
@pytest.mark.req("POL-03")
@pytest.mark.parametrize("kind", ["error", "repealed"])
def test_a_document_that_is_withdrawn_or_repealed_owes_no_interpretation_any_more(story, kind):
    document = story.document(at(9, 8))
    story.look("interpretations", at(9, 8))
    story.withdraw(document, at(9, 9), kind)
    story.look("interpretations", at(9, 9))
    assert states(INTERPRETATION, at(9, 20)) == [State.ENDED]


@under("ningxia")
@pytest.mark.req("POL-07")
def test_coverage_and_graphic_share_name_what_is_missing_and_when_the_target_is_missed(story):
    explained, bare = story.document(at(9, 8)), story.document(at(9, 9))
    story.document(at(9, 9, 12), public_effect="none")
    story.interpretation(at(9, 9, 13), explained, form="graphic")
    words = story.interpretation(at(9, 10), explained, form="text")
    period = {"since": on(9, 1), "until": on(9, 30), "now": at(10, 1)}
    covered = coverage(story.city.organisation, **period)
    assert (covered.part, covered.total, covered.is_missed, covered.required) == (1, 2, True, 100)
    assert [missing.identity for missing in covered.missing] == [bare.identity]
    share = graphic_share(story.city.organisation, **period)
    assert (share.part, share.total, share.percent, share.required, share.is_missed) == (1, 2, 50, 80, True)
    assert [missing.identity for missing in share.missing] == [words.identity]
    assert coverage(story.city.organisation, since=on(8, 1), until=on(8, 31), now=at(10, 1)).is_missed is False


@under("hebi")
@pytest.mark.req("POL-07")
def test_without_a_target_the_shares_are_told_and_nothing_is_missed(story):
    story.document(at(9, 8))
    found = coverage(story.city.organisation, since=on(9, 1), until=on(9, 30), now=at(10, 1))
    assert (found.part, found.total, found.required, found.is_missed) == (0, 1, None, False)
    assert [passed.pack for passed in found.answer.passed][-2:] == ["hebi", "national"]


def test_units_below_are_counted_and_others_are_not(story):
    story.open(story.cast.outside)
    story.document(at(9, 8))
    story.document(at(9, 8), tenant=story.cast.outside, responsible=story.cast.outside.organisation)
    period = {"since": on(9, 1), "until": on(9, 30), "now": at(10, 1)}
    assert [coverage(unit, **period).total for unit in (story.cast.province, story.city.organisation)] == [2, 1]


def test_the_first_release_of_a_site_keeps_the_times_of_what_it_brings(story):
    brought = draft(story.cast.outside, now=at(9, 3))
    structured(story.cast.outside, now=at(9, 3))
    reviewed(story.cast.outside, brought, now=at(9, 3))
    story.release(story.cast.outside, now=at(9, 20))
    late = draft(story.cast.outside, now=at(9, 21))
    reviewed(story.cast.outside, late, now=at(9, 21))
    story.release(story.cast.outside, now=at(9, 25))
    found = first_public({brought.identity, late.identity})
    assert {key: public.at.astimezone(LOCAL) for key, public in found.items()} == {
        brought.identity: at(9, 3), late.identity: at(9, 25),
    }  # fmt: skip


def test_looking_again_changes_nothing(story):
    story.document(at(9, 8))
    draft(story.city, now=at(9, 23), event_on=on(9, 23), information_class="major")
    for code in ("records", "interpretations"):
        story.look(code, at(9, 24))
    before = list(Obligation.objects.order_by("pk").values())
    for code in ("records", "interpretations"):
        assert not story.look(code, at(9, 24))
    assert list(Obligation.objects.order_by("pk").values()) == before
    assert at(9, 2) > OPENING
