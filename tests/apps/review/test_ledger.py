"""`sign_off` believes nobody: every reason against a submission, and what the ledger's chain tells."""

import pytest

from jiyue.foundation.append_only import lifted
from jiyue.foundation.objects import ObjectStore
from jiyue.review import ledger
from jiyue.review.actions import approve, recall, send_back, submit, submit_withdrawal
from jiyue.review.checklist import ALL_GATES
from jiyue.review.ledger import LedgerBroken, SignOffRefused, reasons_against, sign_off
from jiyue.review.models import Decision, Review, SignOff, Version
from jiyue.review.sealing import decision_facts, seals
from tests.cast import TEST, draft, reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.req("REV-02", "REV-11")]


def submitted(cast, now) -> Review:
    return submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now)


def decide(review: Review, level: str, person, now, **fields) -> Decision:
    """A genuine decision, sealed as `approve` would, but without any of its checks."""
    facts = {
        "review": review, "level": level, "answer": "approve", "reviewer": person, "reviewer_name": person.name,
        "version_digest": review.version.digest, "gates": sorted(ALL_GATES), "at": now, **fields,
    }  # fmt: skip
    decision = Decision(**facts)
    decision.seal = seals().seal("decision", decision_facts(decision))
    decision.save(force_insert=True)
    return decision


def all_but(cast, review, now, *left_out) -> None:
    for level in review.levels:
        if level not in left_out:
            decide(review, level, cast.city.people[level], now)


def test_nothing_stands_against_a_complete_review(cast, now):
    review = submitted(cast, now)
    all_but(cast, review, now)
    assert reasons_against(review) == []
    assert [row.act for row in sign_off(review=review, by=TEST, now=now)] == ["publish"]


@pytest.mark.parametrize("level", ["first", "second", "final", "secrecy"])
def test_each_missing_level_is_named(cast, now, level):
    review = submitted(cast, now)
    all_but(cast, review, now, level)
    names = {"first": "初审", "second": "复审", "final": "终审", "secrecy": "保密审查"}
    assert reasons_against(review) == [f"还缺少：{names[level]}"]


def test_an_emptied_route_leaves_nothing_out(cast, now):
    review = submitted(cast, now)
    Review.objects.filter(pk=review.pk).update(levels=[])
    review.refresh_from_db()
    assert reasons_against(review) == ["还缺少：保密审查、初审、复审、终审"]


def test_one_person_does_not_count_twice(cast, now):
    review = submitted(cast, now)
    all_but(cast, review, now, "final")
    decide(review, "final", cast.city.second, now)
    assert reasons_against(review) == ["初审、复审、终审必须是不同的人"]


def test_the_author_is_no_reviewer_of_it(cast, now):
    review = submitted(cast, now)
    all_but(cast, review, now, "first")
    decide(review, "first", cast.city.editor, now)
    assert reasons_against(review) == ["作者不能审核自己的稿件"]


def test_a_gate_that_was_left_open_is_named(cast, now):
    review = submitted(cast, now)
    all_but(cast, review, now, "second")
    decide(review, "second", cast.city.second, now, gates=["political"])
    assert reasons_against(review) == ["复审没有确认全部五关"]


def test_the_opinion_of_a_closed_account_is_void(cast, now):
    review = submitted(cast, now)
    all_but(cast, review, now)
    type(cast.city.first).objects.filter(pk=cast.city.first.pk).update(is_active=False)
    assert reasons_against(review) == [f"{cast.city.first.name} 的账号已停用，其意见不再有效"]


def test_every_reason_is_told_at_once(cast, now):
    review = submitted(cast, now)
    decide(review, "first", cast.city.editor, now, gates=[])
    assert len(reasons_against(review)) == 3
    with pytest.raises(SignOffRefused) as refusal:
        sign_off(review=review, by=TEST, now=now)
    assert refusal.value.reasons == reasons_against(review)
    assert not SignOff.objects.exists()


def test_what_is_over_is_over(cast, now):
    review = reviewed(cast.city, draft(cast.city, now=now), now=now)
    assert reasons_against(review) == ["这次送审已经结束"]


def test_content_that_was_changed_under_review_is_refused(cast, now):
    review = submitted(cast, now)
    all_but(cast, review, now)
    with lifted():
        change_text(review.version, "{}")
    review.version.refresh_from_db()
    assert reasons_against(review) == ["送审内容与登记的摘要不符，可能被改动过"]


def change_text(version: Version, text: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("update review_version set content=%s where id=%s", [text, version.pk])


def test_a_return_voids_what_was_approved_before_it(cast, now):
    review = submitted(cast, now)
    review = approve(review=review, by=cast.city.first, now=now, gates=ALL_GATES)
    send_back(review=review, by=cast.city.second, now=now, reason="日期有误")
    again = submit(record=review.version.record, by=cast.city.editor, now=now)
    assert again.version == review.version
    assert (again.level, ledger.approvals_of(again)) == ("first", {})


def test_a_recall_keeps_the_approvals_of_what_did_not_change(cast, now):
    review = approve(review=submitted(cast, now), by=cast.city.first, now=now, gates=ALL_GATES)
    recall(review=review, by=cast.city.editor, now=now)
    again = submit(record=review.version.record, by=cast.city.editor, now=now)
    assert again.level == "second"


def test_what_was_withdrawn_passes_every_level_again(cast, now):
    record = draft(cast.city, now=now)
    reviewed(cast.city, record, now=now)
    record.refresh_from_db()
    withdrawal = submit_withdrawal(record=record, kind="error", reason="有误", by=cast.city.editor, now=now)
    approve(review=withdrawal, by=cast.city.final, now=now, gates=ALL_GATES)
    again = submit(record=record, by=cast.city.editor, now=now)
    assert (again.act, again.level, ledger.approvals_of(again)) == ("publish", "first", {})


def test_a_sign_off_takes_effect_at_the_later_of_now_and_its_moment(cast, now):
    later = now.replace(hour=23)
    review = submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now, publish_at=later)
    all_but(cast, review, now)
    assert sign_off(review=review, by=TEST, now=now)[0].effective_at == later
    past = submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now, publish_at=now.replace(hour=1))
    all_but(cast, past, now)
    assert sign_off(review=past, by=TEST, now=now)[0].effective_at == now


def test_the_chain_tells_of_a_changed_and_of_a_missing_row(cast, now):
    for title in ("甲", "乙", "丙"):
        reviewed(cast.city, draft(cast.city, now=now, title=title), now=now)
    assert ledger.broken_rows() == []
    from django.db import connection

    with lifted(), connection.cursor() as cursor:
        cursor.execute("update review_signoff set act='correct' where sequence=1")
        cursor.execute("delete from review_signoff where sequence=2")
    assert ledger.broken_rows() == [1, 3]
    with pytest.raises(LedgerBroken):
        list(ledger.genuine(SignOff.objects.order_by("sequence")))


def test_a_forged_row_is_nobodys_last_word(cast, now):
    record = draft(cast.city, now=now)
    reviewed(cast.city, record, now=now)
    row = SignOff.objects.get()
    forged = SignOff.objects.get()
    forged.pk, forged.sequence, forged.act, forged.digest = None, 2, "withdraw", "f" * 64
    forged.save(force_insert=True)
    assert ledger.current(record.identity) == row


def test_signed_content_is_read_from_its_frozen_copy_when_the_row_was_changed(cast, now, settings):
    reviewed(cast.city, draft(cast.city, now=now, title="原来的标题"), now=now)
    version = SignOff.objects.get().version
    with lifted():
        change_text(version, "{}")
    version.refresh_from_db()
    assert ledger.content_of(version, digest=version.digest)["title"] == "原来的标题"
    store: ObjectStore = ledger.frozen_copies()
    store.remove(version.digest)
    with pytest.raises(SignOffRefused):
        ledger.content_of(version, digest=version.digest)
