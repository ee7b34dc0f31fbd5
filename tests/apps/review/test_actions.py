"""Who may move a submission, where to, and every refusal on the way."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.content.models.records import State
from jiyue.estate.actions import appoint
from jiyue.identity.roles import Role
from jiyue.review.actions import approve, recall, send_back, set_route, submit, submit_structure, submit_withdrawal
from jiyue.review.batches import submit_batch
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Batch, Review, ReviewRoute, SignOff
from jiyue.review.queries import waiting
from jiyue.review.refusals import NotReady, ReviewRefused
from jiyue.review.routes import RouteTooShort, levels_for
from tests.cast import TEST, account, draft, person, reviewed, sign_all, structured, with_body

pytestmark = [pytest.mark.django_db, pytest.mark.req("REV-01", "REV-02", "REV-03")]


@pytest.fixture
def city(cast):
    return cast.city


@pytest.fixture
def review(city, now) -> Review:
    return submit(record=draft(city, now=now), by=city.editor, now=now)


def sign(review, person, now, **how):
    return approve(review=review, by=person, now=now, **{"gates": ALL_GATES, "reason": "不涉密", **how})


def test_a_submission_walks_first_second_secrecy_final(city, review, now):
    walked = [review.level]
    while review.status == Review.Status.OPEN:
        review = sign(review, city.people[review.level], now)
        walked.append(review.level)
    assert walked == ["first", "second", "secrecy", "final", ""]


def test_only_the_present_level_may_sign(cast, city, review, now):
    others = [city.second, city.final, city.secrecy, city.manager, city.editor, cast.operator, cast.outside.first]
    for other in others:
        with pytest.raises(ReviewRefused):
            sign(review, other, now)
    assert sign(review, city.first, now).level == "second"


def test_the_same_person_does_not_sign_two_levels(city, review, now):
    appoint(user=city.first, site=city.site, role=Role.SECOND_REVIEWER, by=TEST, now=now)
    review = sign(review, city.first, now)
    with pytest.raises(ReviewRefused):
        sign(review, city.first, now)


def test_the_secrecy_conclusion_may_come_with_another_level(city, review, now):
    appoint(user=city.second, site=city.site, role=Role.SECRECY_REVIEWER, by=TEST, now=now)
    review = sign(sign(review, city.first, now), city.second, now, secrecy_conclusion="不涉及国家秘密")
    assert review.level == "final"


def test_who_is_no_secrecy_reviewer_gives_no_such_conclusion(city, review, now):
    with pytest.raises(ReviewRefused):
        sign(review, city.first, now, secrecy_conclusion="不涉及国家秘密")
    assert review.decisions.count() == 0  # nothing of it is kept


def test_all_five_gates_are_asked_for(city, review, now):
    for left_out in ALL_GATES:
        with pytest.raises(ValidationError):
            sign(review, city.first, now, gates=ALL_GATES - {left_out})


def test_the_secrecy_level_needs_its_conclusion_in_words(city, review, now):
    review = sign(sign(review, city.first, now), city.second, now)
    with pytest.raises(ValidationError):
        sign(review, city.secrecy, now, reason="  ")


def test_an_inactive_account_signs_nothing(city, review, now):
    city.first.is_active = False
    city.first.save()
    with pytest.raises(ReviewRefused):
        sign(review, city.first, now)


def test_a_return_needs_a_reason_and_opens_the_record_again(city, review, now):
    with pytest.raises(ValidationError):
        send_back(review=review, by=city.first, now=now, reason=" ")
    returned = send_back(review=review, by=city.first, now=now, reason="标题不准确", principle="accurate")
    returned.version.record.refresh_from_db()
    assert (returned.status, returned.version.record.state) == ("returned", State.RETURNED)
    with pytest.raises(ReviewRefused):
        sign(returned, city.first, now)


def test_a_changed_text_starts_anew(city, review, now):
    review = sign(review, city.first, now)
    recall(review=review, by=city.editor, now=now)
    record = review.version.record
    record.refresh_from_db()
    changed = with_body(record, [{"type": "paragraph", "value": "<p>改。</p>", "id": "p"}], by=city.editor, now=now)
    again = submit(record=changed, by=city.editor, now=now)
    assert (again.version.number, again.level) == (2, "first")


def test_only_a_writer_takes_a_submission_back_and_only_once(cast, city, review, now):
    for other in (city.first, city.manager, cast.outside.editor):
        with pytest.raises(ReviewRefused):
            recall(review=review, by=other, now=now)
    recall(review=review, by=city.editor, now=now)
    with pytest.raises(ReviewRefused):
        recall(review=review, by=city.editor, now=now)


def test_what_is_under_review_is_not_submitted_again(city, review, now):
    with pytest.raises(ReviewRefused):
        submit(record=review.version.record, by=city.editor, now=now)


def test_a_foreign_editor_submits_nothing_here(cast, city, now):
    with pytest.raises(ReviewRefused):
        submit(record=draft(city, now=now), by=cast.outside.editor, now=now)


def test_everything_missing_is_told_at_once(city, now):
    record = draft(city, now=now, source="", responsible=None, body=[])
    with pytest.raises(NotReady) as refusal:
        submit(record=record, by=city.editor, now=now)
    assert {problem.field for problem in refusal.value.problems} == {"source", "responsible", "body"}


def test_emergencies_come_first_then_the_oldest(city, now):
    for number, emergency in enumerate((False, False, True)):
        record = draft(city, now=now, title=f"第{number}件", emergency=emergency)
        submit(record=record, by=city.editor, now=now + timedelta(minutes=number))
    assert [review.version.record.title for review in waiting(city.first)] == ["第2件", "第0件", "第1件"]


def test_a_correction_says_why_and_passes_all_levels(city, now):
    record = draft(city, now=now)
    reviewed(city, record, now=now)
    record.refresh_from_db()
    changed = with_body(record, [{"type": "paragraph", "value": "<p>改。</p>", "id": "p"}], by=city.editor, now=now)
    with pytest.raises(ValidationError):
        submit(record=changed, by=city.editor, now=now)
    correction = submit(record=changed, by=city.editor, now=now, instruction={"reason": "日期写错"})
    assert (correction.act, correction.level) == ("correct", "first")


class TestWithdrawal:
    pytestmark = pytest.mark.req("COL-15")

    @pytest.fixture
    def record(self, city, now):
        record = draft(city, now=now)
        reviewed(city, record, now=now)
        record.refresh_from_db()
        return record

    def test_the_final_reviewer_alone_confirms_it(self, city, record, now):
        review = submit_withdrawal(record=record, kind="error", reason="有误", by=city.editor, now=now)
        with pytest.raises(ReviewRefused):
            sign(review, city.first, now)
        sign(review, city.final, now)
        assert SignOff.objects.order_by("-sequence").first().act == "withdraw"

    @pytest.mark.parametrize(
        "how", [{"kind": "gone"}, {"reason": " "}, {"kind": "merged", "target": "https://example.invalid"}]
    )
    def test_kind_reason_and_target_are_asked_for(self, city, record, now, how):
        fields = {"kind": "error", "reason": "有误", **how}
        with pytest.raises(ValidationError):
            submit_withdrawal(record=record, by=city.editor, now=now, **fields)

    def test_what_is_not_public_cannot_be_withdrawn(self, city, now):
        with pytest.raises(ReviewRefused):
            submit_withdrawal(record=draft(city, now=now), kind="error", reason="有误", by=city.editor, now=now)

    def test_nor_by_somebody_of_another_site(self, cast, record, now):
        with pytest.raises(ReviewRefused):
            submit_withdrawal(record=record, kind="error", reason="有误", by=cast.outside.editor, now=now)

    def test_it_can_be_taken_back_while_it_is_open(self, city, record, now):
        review = submit_withdrawal(record=record, kind="error", reason="有误", by=city.editor, now=now)
        recall(review=review, by=city.editor, now=now)
        assert submit_withdrawal(record=record, kind="error", reason="有误", by=city.editor, now=now)


class TestRoutes:
    @pytest.mark.parametrize(
        "levels",
        [
            [],
            ["first", "final"],
            ["first", "second", "final"],
            ["first", "second", "second", "secrecy", "final"],
            ["first", "second", "secrecy", "final", "boss"],
        ],
    )
    @pytest.mark.req("PRIV-01")
    def test_a_route_without_the_three_and_the_secrecy_review_is_refused(self, city, now, levels):
        with pytest.raises(ValidationError):
            set_route(site=city.site, content_class="", levels=levels, by=city.manager, now=now)

    def test_a_route_that_was_shortened_behind_our_back_is_not_used(self, city):
        ReviewRoute.objects.create(site=city.site, content_class="article", levels=["final"])
        with pytest.raises(RouteTooShort):
            levels_for(site_id=city.site.pk, subject="record", content_class="article")

    def test_a_class_may_have_its_own_route(self, city, now):
        levels = ["secrecy", "first", "second", "final"]
        set_route(site=city.site, content_class="notice", levels=levels, by=city.manager, now=now)
        record = draft(city, now=now, kind="notice", column="tzgg")
        assert submit(record=record, by=city.editor, now=now).levels == levels

    def test_only_the_manager_of_the_site_sets_one(self, cast, city, now):
        for other in (city.editor, city.final, cast.outside.manager, cast.operator):
            with pytest.raises(ReviewRefused):
                set_route(
                    site=city.site, content_class="", levels=["first", "second", "secrecy", "final"], by=other, now=now
                )


class TestStructure:
    def test_only_the_manager_submits_and_the_final_reviewer_confirms(self, cast, city, now):
        for other in (city.editor, city.final, cast.outside.manager):
            with pytest.raises(ReviewRefused):
                submit_structure(site=city.site, by=other, now=now)
        review = submit_structure(site=city.site, by=city.manager, now=now)
        with pytest.raises(ReviewRefused):
            submit_structure(site=city.site, by=city.manager, now=now)
        with pytest.raises(ReviewRefused):
            sign(review, cast.outside.final, now)
        assert sign(review, city.final, now).status == Review.Status.SIGNED_OFF


class TestBatch:
    pytestmark = pytest.mark.req("REV-05")

    @pytest.fixture
    def batch(self, city, now):
        return Batch.objects.create(site=city.site, name="旧稿", created_by=city.editor, created_at=now)

    def test_its_signatures_write_a_row_for_each_record(self, city, batch, now):
        structured(city, now=now)
        records = [draft(city, now=now, title=f"第{number}篇") for number in range(3)]
        review = submit_batch(batch=batch, records=records, by=city.editor, now=now)
        assert review.levels == ["first", "secrecy", "final"]
        sign_all(city, review, now=now)
        rows = SignOff.objects.filter(batch=batch)
        assert (rows.count(), {row.subject for row in rows}) == (3, {"record"})

    def test_one_unready_record_stops_the_batch(self, city, batch, now):
        records = [draft(city, now=now), draft(city, now=now, body=[])]
        with pytest.raises(NotReady):
            submit_batch(batch=batch, records=records, by=city.editor, now=now)
        assert not Review.objects.exists()

    def test_an_empty_batch_and_a_foreign_record_are_refused(self, cast, city, batch, now):
        with pytest.raises(ValidationError):
            submit_batch(batch=batch, records=[], by=city.editor, now=now)
        with pytest.raises(ReviewRefused):
            submit_batch(batch=batch, records=[draft(cast.outside, now=now)], by=city.editor, now=now)

    def test_a_returned_batch_opens_all_its_records(self, city, batch, now):
        records = [draft(city, now=now, title=f"第{number}篇") for number in range(2)]
        review = submit_batch(batch=batch, records=records, by=city.editor, now=now)
        send_back(review=review, by=city.first, now=now, reason="日期不对")
        for record in records:
            record.refresh_from_db()
        assert {record.state for record in records} == {State.RETURNED}


def test_a_reviewer_appointed_today_signs_today(city, review, now):
    newcomer = person("ch_new", city.site, Role.FIRST_REVIEWER, city.organisation, now=now)
    assert sign(review, newcomer, now).level == "second"


def test_an_account_of_another_duty_cannot_be_made_a_reviewer(city, now):
    writer = account("ch_writer", "editing", city.organisation, now=now)
    with pytest.raises(ValidationError):
        appoint(user=writer, site=city.site, role=Role.FIRST_REVIEWER, by=TEST, now=now)


@pytest.mark.parametrize(
    "target", ["//other.example/", "/\\other.example/", "/\t/other.example/", "https://other.example/", ""]
)
def test_what_is_withdrawn_leads_to_no_other_host(city, now, target):
    """One signature withdraws; it must not be enough to send every reader of a page elsewhere."""
    record = draft(city, now=now)
    reviewed(city, record, now=now)
    asked = {"record": record, "kind": "merged", "reason": "合并", "by": city.editor, "now": now}
    with pytest.raises(ValidationError):
        submit_withdrawal(**asked, target=target)
    review = submit_withdrawal(**asked, target="/yw/")
    Review.objects.filter(pk=review.pk).update(instruction={**review.instruction, "target": target})
    with pytest.raises(PermissionDenied, match="不在本网站上"):
        sign(review, city.final, now)
