"""Other units' consent before the release (REV-09), and what follows a leak after it (PRIV-10, REV-14)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.review import ledger
from jiyue.review.actions import approve, submit
from jiyue.review.checklist import ALL_GATES
from jiyue.review.consenting import ask_consent, drop_consent, record_consent
from jiyue.review.leaking import close_leak, open_leak, persons_of
from jiyue.review.ledger import SignOffRefused
from jiyue.review.models import LeakCase, Review
from jiyue.review.queries import todo_for
from jiyue.review.waiving import waive
from tests.apps.review.test_checks import GROUNDS, asked, key_of
from tests.cast import draft, reviewed, sign_all, with_body

pytestmark = pytest.mark.django_db


@pytest.mark.req("REV-09")
class TestConsent:
    def test_nothing_is_signed_off_before_it_is_recorded(self, cast, now):
        record = draft(cast.city, now=now)
        consent = ask_consent(record=record, unit=cast.province, by=cast.city.editor, now=now)
        review = submit(record=record, by=cast.city.editor, now=now)
        with pytest.raises(SignOffRefused) as refused:
            sign_all(cast.city, review, now=now)
        assert refused.value.reasons == ["还缺少示范省人民政府的同意"]
        record_consent(
            consent=consent,
            given_by="张某",
            given_on=now.date(),
            evidence="示政函〔2026〕1号",
            by=cast.city.editor,
            now=now,
        )
        review.refresh_from_db()
        assert sign_all(cast.city, review, now=now).status == Review.Status.SIGNED_OFF

    def test_needs_who_when_and_evidence(self, cast, now):
        consent = ask_consent(record=draft(cast.city, now=now), unit=cast.province, by=cast.city.editor, now=now)
        given = {"given_by": "张某", "given_on": now.date(), "evidence": "复函"}
        for wrong in ({"given_by": " "}, {"evidence": ""}, {"given_on": now.date() + timedelta(days=1)}):
            with pytest.raises(ValidationError):
                record_consent(consent=consent, by=cast.city.editor, now=now, **{**given, **wrong})
        record_consent(consent=consent, by=cast.city.editor, now=now, **given)
        for act in (record_consent, drop_consent):
            with pytest.raises(ValidationError):
                act(consent=consent, by=cast.city.editor, now=now, **(given if act is record_consent else {}))

    def test_is_of_another_unit_once_and_by_the_writers(self, cast, now):
        record = draft(cast.city, now=now)
        with pytest.raises(ValidationError):
            ask_consent(record=record, unit=cast.city.organisation, by=cast.city.editor, now=now)
        with pytest.raises(PermissionDenied):
            ask_consent(record=record, unit=cast.province, by=cast.outside.editor, now=now)
        consent = ask_consent(record=record, unit=cast.province, by=cast.city.editor, now=now)
        with pytest.raises(ValidationError):
            ask_consent(record=record, unit=cast.province, by=cast.city.editor, now=now)
        drop_consent(consent=consent, by=cast.city.editor, now=now)
        reviewed(cast.city, record, now=now)


def leak_of(cast, now, record, part="final") -> LeakCase:
    how = {"kind": "personal", "what": "第 1 段的身份证号", "finder": "市民"}
    return open_leak(record=record, by=cast.city.people[part], now=now, **how)


@pytest.mark.req("PRIV-10", "REV-14")
class TestLeak:
    def test_a_final_reviewer_takes_it_down_with_the_same_act(self, cast, now):
        record = draft(cast.city, now=now)
        reviewed(cast.city, record, now=now)
        leak = leak_of(cast, now, record)
        assert leak.withdrawal.status == Review.Status.SIGNED_OFF
        assert not ledger.is_public(record.identity, at=now)

    @pytest.mark.parametrize("part", ["editor", "first", "secrecy", "manager"])
    def test_opened_by_others_it_waits_first_in_the_final_reviewers_list(self, cast, now, part):
        record = draft(cast.city, now=now)
        reviewed(cast.city, record, now=now)
        leak = leak_of(cast, now, record, part)
        [todo] = [todo for todo in todo_for(cast.city.final) if todo.kind == "review"]
        assert (todo.ref, todo.emergency) == (str(leak.withdrawal.pk), True)
        approve(review=leak.withdrawal, by=cast.city.final, now=now, gates=ALL_GATES)
        assert not ledger.is_public(record.identity, at=now)

    def test_a_correction_under_way_does_not_hold_it_up(self, cast, now):
        record = draft(cast.city, now=now)
        reviewed(cast.city, record, now=now)
        submit(record=with_body(record, [{"type": "paragraph", "value": "<p>改。</p>", "id": "p"}], by=cast.city.editor,
                                now=now), by=cast.city.editor, now=now, instruction={"reason": "改"})  # fmt: skip
        assert leak_of(cast, now, record).withdrawal.status == Review.Status.SIGNED_OFF

    def test_everybody_in_the_path_is_named(self, cast, now):
        review = asked(cast, now)
        waive(version=review.version, key=key_of(review), by=cast.city.secrecy, now=now, **GROUNDS)
        record = review.version.its_record
        ask = ask_consent(record=record, unit=cast.province, by=cast.city.editor, now=now)
        record_consent(
            consent=ask, given_by="省里张某", given_on=now.date(), evidence="复函", by=cast.city.editor, now=now
        )
        sign_all(cast.city, review, now=now)
        named = {(part.name, part.did) for part in persons_of(leak_of(cast, now, record))}
        people = {part: cast.city.people[part].name for part in cast.city.people}
        assert {
            (people["editor"], "录入"), (people["editor"], "送审"), (people["first"], "初审通过"),
            (people["second"], "复审通过"), (people["secrecy"], "保密审查通过"), (people["final"], "终审通过"),
            ("省里张某", "会签同意"),
        } <= named  # fmt: skip
        assert any(name == people["secrecy"] and did.startswith("豁免") for name, did in named)

    def test_of_a_foreign_site_or_of_nothing_public_is_refused(self, cast, now):
        record = draft(cast.city, now=now)
        with pytest.raises(ValidationError):
            leak_of(cast, now, record)
        reviewed(cast.city, record, now=now)
        with pytest.raises(PermissionDenied):
            open_leak(record=record, kind="personal", what="x", by=cast.outside.final, now=now)
        with pytest.raises(ValidationError):
            open_leak(record=record, kind="personal", what=" ", by=cast.city.final, now=now)

    def test_is_closed_by_the_manager_after_the_withdrawal_with_what_was_done(self, cast, now):
        record = draft(cast.city, now=now)
        reviewed(cast.city, record, now=now)
        leak = leak_of(cast, now, record, "editor")
        with pytest.raises(ValidationError):
            close_leak(leak=leak, measures="已告知", by=cast.city.manager, now=now)
        approve(review=leak.withdrawal, by=cast.city.final, now=now, gates=ALL_GATES)
        with pytest.raises(PermissionDenied):
            close_leak(leak=leak, measures="已告知", by=cast.city.editor, now=now)
        with pytest.raises(ValidationError):
            close_leak(leak=leak, measures=" ", by=cast.city.manager, now=now)
        assert close_leak(leak=leak, measures="已告知当事人", by=cast.city.manager, now=now).closed_at == now
