"""What the checks stop, who may let it stand, and that nobody signs around it."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.content.actions import store_attachment
from jiyue.foundation.append_only import lifted
from jiyue.foundation.models import AuditEvent
from jiyue.review import checking, ledger
from jiyue.review.actions import approve, submit, submit_withdrawal
from jiyue.review.batches import draw_up, records_of, submit_batch
from jiyue.review.checklist import ALL_GATES
from jiyue.review.examining import examine_one
from jiyue.review.ledger import SignOffRefused, sign_off
from jiyue.review.models import (
    CheckRun,
    FileRun,
    Finding,
    Review,
    ReviewRoute,
    SignOff,
    Version,
    Waiver,
    WaiverRevocation,
)
from jiyue.review.queries import todo_for
from jiyue.review.refusals import StoppedByChecks
from jiyue.review.sealing import is_genuine_revocation
from jiyue.review.waiving import revoke_waiver, waive
from tests.cast import TEST, build_cast, draft, reviewed, sign_all, with_body

pytestmark = [pytest.mark.django_db, pytest.mark.req("PRIV-02", "PRIV-03", "REV-06")]
# Invented: the division code 990100 does not exist, the check digit is right.
NUMBER = "990100199001011233"
GROUNDS = {"grounds": "依法公示的处罚决定", "basis": "行政处罚法第四十八条"}


def check_digit(seventeen: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(a) * b for a, b in zip(seventeen, weights, strict=True)) % 11]


ID_NUMBER = "11010519900307" + "123" + check_digit("11010519900307123")


def paragraph(text: str) -> list:
    return [{"type": "paragraph", "value": f"<p>{text}</p>", "id": "p1"}]


def with_number(cast, now, **fields):
    return draft(cast.city, now=now, body=paragraph(f"补助对象张某，身份证号{ID_NUMBER}。"), **fields)


def asked(cast, now, record=None) -> Review:
    record = record or with_number(cast, now)
    return submit(record=record, by=cast.city.editor, now=now, asks_waiver="依法公示，需要保留")


def key_of(review: Review) -> str:
    run = CheckRun.objects.filter(version=review.version).latest("pk")
    return checking.open_findings(run)[0].key


class TestSubmission:
    def test_is_stopped_and_says_where_and_what(self, cast, now):
        record = with_number(cast, now)
        with pytest.raises(StoppedByChecks) as stopped:
            submit(record=record, by=cast.city.editor, now=now)
        assert [found.detector for found in stopped.value.found] == ["personal-data.id-number"]
        assert "第 1 段" in stopped.value.messages[0]
        assert not Version.objects.filter(record=record).exists()
        assert AuditEvent.objects.get(code="review.stopped").data == {"findings": {"personal-data.id-number": 1}}

    def test_leaves_its_trace_where_nothing_else_is_kept(self, transactional_db, now):
        cast = build_cast(now=now)
        with pytest.raises(StoppedByChecks):
            submit(record=with_number(cast, now), by=cast.city.editor, now=now)
        assert AuditEvent.objects.filter(code="review.stopped").count() == 1
        assert not Version.objects.exists()

    def test_no_trace_holds_the_number(self, cast, now):
        with pytest.raises(StoppedByChecks):
            submit(record=with_number(cast, now), by=cast.city.editor, now=now)
        review = asked(cast, now)
        told = json.dumps([list(AuditEvent.objects.values()), list(CheckRun.objects.values())], default=str)
        assert ID_NUMBER not in told
        given = waive(version=review.version, key=key_of(review), by=cast.city.secrecy, now=now, **GROUNDS)
        assert ID_NUMBER not in str(given.__dict__)

    def test_goes_on_with_a_request_for_a_waiver(self, cast, now):
        review = asked(cast, now)
        assert review.instruction == {"asks_waiver": "依法公示，需要保留"}
        assert CheckRun.objects.get(version=review.version).version_digest == review.version.digest

    def test_of_clean_matter_keeps_its_run_and_asks_nothing(self, cast, now):
        review = submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now, asks_waiver="多余")
        run = CheckRun.objects.get(version=review.version)
        assert (run.blocks, run.occasion, review.instruction) == (0, "submission", {})

    def test_a_file_nobody_can_read_stops_it(self, cast, now):
        file = store_attachment(
            site=cast.city.site, title="名单", name="a.docx", data=encrypted(), by=cast.city.editor, now=now
        )
        body = [
            *paragraph("名单见附件。"),
            {"type": "attachment", "value": {"document": file.pk, "title": "名单"}, "id": "a"},
        ]
        record = draft(cast.city, now=now, body=body)
        with pytest.raises(StoppedByChecks) as stopped:
            submit(record=record, by=cast.city.editor, now=now)
        assert [found.detector for found in stopped.value.found] == ["document.unreadable"]
        assert FileRun.objects.get().name == "a.docx"


def encrypted() -> bytes:
    """A file that passes for a document and cannot be read."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", b"\x00\xff not XML")
    return out.getvalue()


class TestSigning:
    def test_nobody_signs_what_is_open(self, cast, now):
        review = asked(cast, now)
        for level in ("first", "second", "secrecy"):
            review = approve(
                review=review, by=cast.city.people[level], now=now, gates=ALL_GATES, reason="不涉及国家秘密和工作秘密"
            )
        with pytest.raises(SignOffRefused) as refused:
            approve(review=review, by=cast.city.final, now=now, gates=ALL_GATES)
        assert "第 1 段" in refused.value.reasons[0]
        assert not SignOff.objects.exists()

    def test_an_emergency_is_no_exception(self, cast, now):
        record = with_number(cast, now, emergency=True)
        with pytest.raises(StoppedByChecks):
            submit(record=record, by=cast.city.editor, now=now)

    def test_what_is_waived_is_signed(self, cast, now):
        review = asked(cast, now)
        waive(version=review.version, key=key_of(review), by=cast.city.secrecy, now=now, **GROUNDS)
        assert sign_all(cast.city, review, now=now).status == Review.Status.SIGNED_OFF

    def test_a_forged_run_and_a_forged_waiver_count_for_nothing(self, cast, now):
        review = asked(cast, now)
        run, key = CheckRun.objects.get(version=review.version), key_of(review)
        with lifted():
            CheckRun(version=review.version, version_digest=review.version.digest, engine=run.engine, occasion="sign_off",
                     digest="x", blocks=0, warns=0, at=now, seal="v1:00").save()  # fmt: skip
        Waiver(
            site=review.site, identity=review.version.identity, version=review.version, key=key, message="", place="",
            detector="personal-data.id-number", grounds="x", by=cast.city.secrecy, by_name="x", at=now, seal="v1:00",
        ).save()  # fmt: skip
        with pytest.raises(SignOffRefused):
            sign_all(cast.city, review, now=now)

    def test_newer_lists_are_asked_before_the_signature(self, cast, now):
        from jiyue.checks.actions import add_word

        review = submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now)
        add_word(organisation=cast.city.organisation, family="personal-data", text="湖岸清洁", severity="block",
                 by=cast.city.manager, now=now)  # fmt: skip
        with pytest.raises(SignOffRefused):
            sign_all(cast.city, review, now=now)

    def test_a_withdrawal_is_never_held_up(self, cast, now):
        record = draft(cast.city, now=now)
        reviewed(cast.city, record, now=now)
        from jiyue.checks.actions import add_word

        add_word(organisation=cast.city.organisation, family="personal-data", text="湖岸清洁", severity="block",
                 by=cast.city.manager, now=now)  # fmt: skip
        review = submit_withdrawal(record=record, kind="error", reason="内容有误", by=cast.city.editor, now=now)
        assert approve(review=review, by=cast.city.final, now=now, gates=ALL_GATES).status == Review.Status.SIGNED_OFF


@pytest.mark.req("PRIV-06")
class TestWaiver:
    @pytest.mark.parametrize("part", ["editor", "first", "second", "final", "manager"])
    def test_of_personal_data_is_the_secrecy_reviewers_alone(self, cast, now, part):
        review = asked(cast, now)
        with pytest.raises(PermissionDenied):
            waive(version=review.version, key=key_of(review), by=cast.city.people[part], now=now, **GROUNDS)

    def test_is_not_a_foreign_secrecy_reviewers(self, cast, now):
        review = asked(cast, now)
        with pytest.raises(PermissionDenied):
            waive(version=review.version, key=key_of(review), by=cast.outside.secrecy, now=now, **GROUNDS)

    @pytest.mark.parametrize("lacks", ["grounds", "basis"])
    def test_of_personal_data_needs_grounds_and_a_legal_basis(self, cast, now, lacks):
        review = asked(cast, now)
        with pytest.raises(ValidationError) as refused:
            waive(version=review.version, key=key_of(review), by=cast.city.secrecy, now=now, **{**GROUNDS, lacks: " "})
        assert set(refused.value.error_dict) == {lacks}

    def test_holds_for_these_very_words_in_later_versions_and_for_no_others(self, cast, now):
        review = asked(cast, now)
        waive(version=review.version, key=key_of(review), by=cast.city.secrecy, now=now, **GROUNDS)
        record = review.version.its_record
        sign_all(cast.city, review, now=now)
        again = with_body(
            record, paragraph(f"补助对象张某，身份证号{ID_NUMBER}。已核对。"), by=cast.city.editor, now=now
        )
        reviewed(cast.city, again, now=now, instruction={"reason": "补充"})
        other = "11010519900307" + "234" + check_digit("11010519900307234")
        changed = with_body(record, paragraph(f"补助对象李某，身份证号{other}。"), by=cast.city.editor, now=now)
        with pytest.raises(StoppedByChecks):
            submit(record=changed, by=cast.city.editor, now=now, instruction={"reason": "改"})

    def test_does_not_reach_another_record(self, cast, now):
        review = asked(cast, now)
        waive(version=review.version, key=key_of(review), by=cast.city.secrecy, now=now, **GROUNDS)
        with pytest.raises(StoppedByChecks):
            submit(record=with_number(cast, now, title="另一篇"), by=cast.city.editor, now=now)

    def test_is_given_once_and_leaves_its_trace(self, cast, now):
        review = asked(cast, now)
        key = key_of(review)
        waive(version=review.version, key=key, by=cast.city.secrecy, now=now, **GROUNDS)
        with pytest.raises(ValidationError):
            waive(version=review.version, key=key, by=cast.city.secrecy, now=now, **GROUNDS)
        assert AuditEvent.objects.get(code="review.finding_waived").data["basis"] == GROUNDS["basis"]


class TestBatches:
    def test_what_is_stopped_is_left_out_with_a_report(self, cast, now):
        good = [draft(cast.city, now=now, title=f"第 {n} 篇") for n in range(3)]
        bad = with_number(cast, now, title="名单")
        batch = draw_up(
            site=cast.city.site, identities=[record.identity for record in [*good, bad]], name="旧稿", report={},
            by=cast.city.editor, now=now,
        )  # fmt: skip
        review = submit_batch(batch=batch, records=records_of(batch), by=cast.city.editor, now=now)
        [stopped] = review.instruction["stopped"]
        assert (stopped["identity"], "第 1 段" in stopped["reasons"][0]) == (str(bad.identity), True)
        content = ledger.content_of(review.version, digest=review.version.digest)
        assert {entry["identity"] for entry in content["versions"]} == {str(record.identity) for record in good}
        assert set(content["sample"]) == {str(record.identity) for record in good}
        bad.refresh_from_db()
        assert bad.state == "draft"
        sign_all(cast.city, review, now=now)
        assert not ledger.is_public(bad.identity, at=now)

    def test_lists_that_changed_meanwhile_stop_the_batch(self, cast, now):
        from jiyue.checks.actions import add_word

        record = draft(cast.city, now=now)
        batch = draw_up(
            site=cast.city.site, identities=[record.identity], name="旧稿", report={}, by=cast.city.editor, now=now
        )
        review = submit_batch(batch=batch, records=records_of(batch), by=cast.city.editor, now=now)
        add_word(organisation=cast.city.organisation, family="personal-data", text="湖岸清洁", severity="block",
                 by=cast.city.manager, now=now)  # fmt: skip
        with pytest.raises(SignOffRefused):
            sign_all(cast.city, review, now=now)

    def test_when_everything_is_stopped_there_is_no_batch(self, cast, now):
        bad = with_number(cast, now)
        batch = draw_up(
            site=cast.city.site, identities=[bad.identity], name="旧稿", report={}, by=cast.city.editor, now=now
        )
        with pytest.raises(ValidationError) as refused:
            submit_batch(batch=batch, records=records_of(batch), by=cast.city.editor, now=now)
        assert "第 1 段" in refused.value.messages[1]


@pytest.mark.req("PRIV-01", "PRIV-05")
class TestMinors:
    def test_the_secrecy_review_is_compulsory_whatever_the_site_chose(self, cast, now):
        ReviewRoute.objects.create(site=cast.city.site, content_class="", levels=["first", "second", "final"])
        record = draft(cast.city, now=now, about_minors=True)
        with pytest.raises(ValidationError):
            submit(record=record, by=cast.city.editor, now=now)
        review = submit(record=record, by=cast.city.editor, now=now, instruction={"minors_note": "已征得监护人同意"})
        assert review.levels == ["first", "second", "secrecy", "final"]
        Review.objects.filter(pk=review.pk).update(levels=["first", "second", "final"], level="final")
        with pytest.raises(SignOffRefused) as refused:
            sign_off(review=review, by=TEST, now=now)
        assert "保密审查" in refused.value.reasons[0]


@pytest.mark.req("PRIV-02", "PRIV-06")
class TestRevoking:
    @pytest.fixture
    def waived(self, cast, now):
        review = asked(cast, now)
        return waive(version=review.version, key=key_of(review), by=cast.city.secrecy, now=now, **GROUNDS)

    def test_stops_the_next_sign_off(self, cast, now, waived):
        review = waived.version.reviews.get()
        for level in ("first", "second", "secrecy"):
            review = approve(
                review=review, by=cast.city.people[level], now=now, gates=ALL_GATES, reason="不涉及国家秘密和工作秘密"
            )
        revoke_waiver(waiver=waived, reason="依据已经废止", by=cast.city.secrecy, now=now)
        with pytest.raises(SignOffRefused, match="身份号码"):
            approve(review=review, by=cast.city.final, now=now, gates=ALL_GATES)
        assert not SignOff.objects.filter(identity=waived.identity).exists()
        again = waive(version=waived.version, key=waived.key, by=cast.city.secrecy, now=now, **GROUNDS)
        assert waived.key in checking.waived_keys(again.version)

    def test_opens_what_is_public_again(self, cast, now, waived):
        sign_all(cast.city, waived.version.reviews.get(), now=now)
        examine_one(waived.identity, now=now)
        assert not Finding.objects.filter(identity=waived.identity, severity="block").exists()
        revoke_waiver(waiver=waived, reason="依据已经废止", by=cast.city.secrecy, now=now)
        found = Finding.objects.get(identity=waived.identity, key=waived.key)
        assert (found.handled_at, found.severity, found.found_at) == (None, "block", now)
        assert [todo.ref for todo in todo_for(cast.city.editor) if todo.kind == "finding"] == [str(found.pk)]
        told = AuditEvent.objects.get(code="review.waiver_revoked").data
        assert (told["public"], told["reason"], told["granted_by"]) == (True, "依据已经废止", cast.city.secrecy.name)

    def test_says_when_nothing_is_public(self, cast, now, waived):
        revoke_waiver(waiver=waived, reason="依据已经废止", by=cast.city.secrecy, now=now)
        assert AuditEvent.objects.get(code="review.waiver_revoked").data["public"] is False
        assert not Finding.objects.exists()

    @pytest.mark.parametrize("who", ["editor", "first", "manager"])
    def test_is_for_those_who_may_waive(self, cast, now, waived, who):
        with pytest.raises(PermissionDenied, match="撤销"):
            revoke_waiver(waiver=waived, reason="依据已经废止", by=cast.city.people[who], now=now)
        with pytest.raises(PermissionDenied):
            revoke_waiver(waiver=waived, reason="依据已经废止", by=cast.outside.secrecy, now=now)

    def test_wants_a_reason_and_happens_once(self, cast, now, waived):
        with pytest.raises(ValidationError, match="理由"):
            revoke_waiver(waiver=waived, reason="不妥 ", by=cast.city.secrecy, now=now)
        done = revoke_waiver(waiver=waived, reason="依据已经废止", by=cast.city.secrecy, now=now)
        assert is_genuine_revocation(done)
        with pytest.raises(ValidationError, match="已经撤销"):
            revoke_waiver(waiver=waived, reason="依据已经废止", by=cast.city.secrecy, now=now)

    def test_a_revocation_that_nobody_sealed_lets_nothing_through(self, cast, now, waived):
        forged = WaiverRevocation.objects.create(
            waiver=waived, reason="伪造的撤销", by=cast.city.first, by_name="x", at=now, seal="x"
        )
        assert not is_genuine_revocation(forged)
        assert waived.key not in checking.waived_keys(waived.version)
