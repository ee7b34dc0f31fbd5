"""Historic material as one matter: drawn up once, sampled by a rule anybody can repeat, signed for by two people."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from jiyue.content.actions import save_draft
from jiyue.content.import_report import ImportReport
from jiyue.content.importing import import_all
from jiyue.content.intake import read
from jiyue.content.models import Record
from jiyue.content.models.records import State
from jiyue.foundation.append_only import lifted
from jiyue.foundation.models import AuditEvent
from jiyue.publishing import batches
from jiyue.publishing.agenda import due_rows
from jiyue.publishing.models import Incident
from jiyue.review import ledger
from jiyue.review.actions import approve, recall, send_back
from jiyue.review.batches import carry_on_batches, draw_up, open_review_of, records_of, sample_of, submit_batch
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Batch, BatchOrder, Decision, Review, SignOff
from jiyue.review.refusals import ReviewRefused
from jiyue.review.sealing import is_genuine_decision
from tests.apps.content.intake_samples import NOTICE
from tests.apps.content.test_importing import article, lines_of
from tests.cast import drawn, sign_all, structured

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought_in(cast, now):
    """An import of records into the policy column, with its report."""

    def brought_in(records) -> ImportReport:
        report = ImportReport()
        results = read(lines_of(records), name="历史.jsonl")
        for group in import_all(results=results, column=cast.city.columns["zcwj"], by=cast.city.editor, now=now):
            report.add(group)
        return report

    return brought_in


@pytest.fixture
def drawn_up(cast, now):
    def drawn_up(report: ImportReport, name="历史文件") -> Batch:
        return draw_up(
            site=cast.city.site, identities=report.submittable, name=name, report=report.for_batch(),
            by=cast.city.editor, now=now,
        )  # fmt: skip

    return drawn_up


def submitted(cast, batch, now) -> Review:
    return submit_batch(batch=batch, records=records_of(batch), by=cast.city.editor, now=now)


def test_what_lacks_something_stays_a_draft_outside_the_batch(brought_in, drawn_up, cast, now):
    text = "第一条 为了保护湖泊。\n第二条 适用于全市。\n第三条 自2020年1月1日起施行。"
    report = brought_in([{"text": NOTICE}, {"title": "保护办法", "kind": "规范性文件", "text": text}])
    review = submitted(cast, drawn_up(report), now)
    assert review.level == "first"
    assert dict(Record.objects.values_list("title", "state")) == {
        "澄湖市人民政府办公室关于做好汛期值守的通知": State.FIRST,
        "保护办法": State.DRAFT,
    }


def test_drawing_up_again_gives_the_same_batch_and_one_trace(brought_in, drawn_up):
    records = [article(n) for n in range(3)]
    first = drawn_up(brought_in(records))
    assert drawn_up(brought_in(records)) == first
    assert Batch.objects.count() == 1
    assert AuditEvent.objects.filter(code="review.batch_drawn_up").count() == 1


def test_a_batch_that_reviewers_see_is_not_changed_under_them(brought_in, drawn_up, cast, now):
    report = brought_in([article(1)])
    batch = drawn_up(report)
    review = submitted(cast, batch, now)
    assert drawn_up(report, name="改名").name == "历史文件"
    assert open_review_of(batch) == review


def test_the_sample_follows_from_the_identities_alone():
    identities = [f"{n:032x}" for n in range(50)]
    seed, sample = sample_of(reversed(identities), size=20)
    assert seed == sha256("\n".join(identities).encode()).hexdigest()
    assert (seed, sample) == sample_of(identities, size=20)
    assert len(set(sample)) == 20
    assert min(identities, key=lambda i: sha256(f"{seed}:{i}".encode()).digest()) == sample[0]


def test_a_batch_needs_a_record(cast, now):
    with pytest.raises(ValueError, match="no records"):
        draw_up(site=cast.city.site, identities=[], name="空", report={}, by=cast.city.editor, now=now)


@pytest.mark.req("REV-01")
def test_three_others_sign_for_the_batch_and_each_record_stands_in_the_ledger(brought_in, drawn_up, cast, now):
    batch = drawn_up(brought_in([article(n) for n in range(3)]))
    review = submitted(cast, batch, now)
    with pytest.raises(ReviewRefused):
        approve(review=review, by=cast.city.editor, now=now, gates=ALL_GATES)
    review = sign_all(cast.city, review, now=now)
    rows = SignOff.objects.order_by("sequence")
    assert [row.batch for row in rows] == [batch] * 3
    assert [signer["level"] for signer in rows[0].signers] == ["first", "secrecy", "final"]
    assert set(Record.objects.values_list("state", flat=True)) == {State.SIGNED_OFF}


def test_a_batch_sent_back_is_mended_and_submitted_again(brought_in, drawn_up, cast, now):
    records = [article(n) for n in range(2)]
    batch = drawn_up(brought_in(records))
    review = submitted(cast, batch, now)
    send_back(review=review, by=cast.city.first, now=now, reason="抽查发现标题有误")
    assert set(Record.objects.values_list("state", flat=True)) == {State.RETURNED}
    again = drawn_up(brought_in(records))
    assert again == batch
    assert submitted(cast, again, now).level == "first"


@pytest.fixture
def by_twos(monkeypatch):
    """Pieces of two, so that seven documents are a large batch."""
    monkeypatch.setattr(ledger, "PIECE", 2)
    for module in ("batches", "course"):
        monkeypatch.setattr(f"jiyue.review.{module}.PIECE", 2)


def decided(cast, brought_in, drawn_up, now, documents: int) -> Review:
    review = submitted(cast, drawn_up(brought_in([article(n) for n in range(documents)])), now)
    return sign_all(cast.city, review, now=now)


@pytest.mark.usefixtures("by_twos")
def test_a_large_batch_is_one_decision_and_its_rows_follow(brought_in, drawn_up, cast, now):
    structured(cast.city, now=now)
    rows_before = SignOff.objects.count()
    review = decided(cast, brought_in, drawn_up, now, 7)
    assert review.status == Review.Status.SIGNING
    assert SignOff.objects.count() == rows_before + 2
    assert not [row for row in due_rows(cast.city.site, at=now) if row.review_id == review.pk]
    assert carry_on_batches(now=now + timedelta(hours=1)) == 5
    review.refresh_from_db()
    rows = SignOff.objects.filter(review=review).order_by("sequence")
    assert review.status == Review.Status.SIGNED_OFF
    assert len({row.identity for row in rows}) == 7 and {row.signed_at for row in rows} == {now}
    assert len(due_rows(cast.city.site, at=now)) == rows_before + 7
    assert set(Record.objects.filter(versions__sign_offs__in=rows).values_list("state", flat=True)) == {"signed_off"}
    assert ledger.broken_rows() == [] and carry_on_batches(now=now) == 0


@pytest.mark.usefixtures("by_twos")
def test_what_is_being_signed_cannot_be_sent_back_nor_submitted_again(brought_in, drawn_up, cast, now):
    review = decided(cast, brought_in, drawn_up, now, 5)
    with pytest.raises(ReviewRefused):
        send_back(review=review, by=cast.city.final, now=now, reason="来不及了")
    with pytest.raises(ReviewRefused):
        recall(review=review, by=cast.city.editor, now=now)
    with pytest.raises(ReviewRefused):
        submitted(cast, Batch.objects.get(), now)


@pytest.mark.usefixtures("by_twos")
def test_an_order_nobody_gave_signs_nothing(brought_in, drawn_up, cast, now):
    review = submitted(cast, drawn_up(brought_in([article(n) for n in range(3)])), now)
    forged = BatchOrder.objects.create(
        review=review, batch=Batch.objects.get(), version_digest=review.version.digest, documents=3, signers=[],
        instruction={}, signed_at=now, effective_at=now, seal="forged",
    )  # fmt: skip
    Review.objects.update(status=Review.Status.SIGNING)
    with pytest.raises(ledger.SignOffRefused):
        ledger.carry_on(order=forged, by=cast.city.final.actor(), now=now)
    assert carry_on_batches(now=now) == 0
    assert not SignOff.objects.filter(review=review).exists()


def resealed(seal: str) -> None:
    with lifted(), connection.cursor() as cursor:
        cursor.execute("update review_batchorder set seal = %s", [seal])


@pytest.mark.usefixtures("by_twos")
def test_who_submitted_a_refused_batch_reads_why(brought_in, drawn_up, cast, now, sign_in):
    review = decided(cast, brought_in, drawn_up, now, 5)
    order = BatchOrder.objects.get()
    resealed("another house's")
    assert batches.carry_on(now=now) == 0
    incident = Incident.objects.get(kind=Incident.Kind.LEDGER)
    assert "封签不符" in incident.what and incident.site == cast.city.site
    for path in ("/", f"/reviews/{review.pk}/"):
        assert "封签不符" in sign_in(cast.city.editor).get(path).content.decode(), path
    assert "封签不符" in sign_in(cast.city.manager).get("/office/incidents/").content.decode()
    resealed(order.seal)
    assert batches.carry_on(now=now) == 3
    incident.refresh_from_db()
    assert incident.closed_at == now
    assert "封签不符" not in sign_in(cast.city.editor).get("/").content.decode()


@pytest.mark.usefixtures("by_twos")
def test_a_document_changed_behind_the_order_is_taken_from_its_frozen_copy(brought_in, drawn_up, cast, now):
    review = decided(cast, brought_in, drawn_up, now, 5)
    with lifted(), connection.cursor() as cursor:
        cursor.execute("update review_version set content = '{}' where subject = 'record'")
    assert carry_on_batches(now=now) == 3
    for row in SignOff.objects.filter(review=review):
        assert ledger.content_of(row.version, digest=row.version_digest)["identity"] == str(row.identity)


def test_a_record_edited_while_its_batch_is_frozen_is_not_submitted_unseen(
    brought_in, drawn_up, cast, now, monkeypatch
):
    batch = drawn_up(brought_in([article(n) for n in range(3)]))

    def meanwhile():
        for place, record in enumerate(records_of(batch)):
            yield record
            if place == 1:
                save_draft(
                    record=Record.objects.order_by("pk").first().typed, by=cast.city.editor, now=now + timedelta(1)
                )

    monkeypatch.setattr("jiyue.review.batches.PIECE", 1)
    with pytest.raises(ReviewRefused, match="刚刚被修改"):
        submit_batch(batch=batch, records=meanwhile(), by=cast.city.editor, now=now)
    assert set(Record.objects.values_list("state", flat=True)) == {State.DRAFT}
    assert submitted(cast, batch, now + timedelta(days=2)).status == Review.Status.OPEN


@pytest.mark.req("PRIV-01")
class TestSecrecyReview:
    @pytest.fixture
    def at_secrecy(self, brought_in, drawn_up, cast, now):
        review = submitted(cast, drawn_up(brought_in([article(n) for n in range(3)])), now)
        return approve(review=review, by=cast.city.first, now=now, gates=ALL_GATES)

    def test_is_by_a_named_person_who_read_the_sample_and_concludes_in_words(self, at_secrecy, cast, now):
        review, read = at_secrecy, drawn(at_secrecy)
        assert (review.level, len(read)) == ("secrecy", 3)
        with pytest.raises(ReviewRefused):
            approve(review=review, by=cast.city.first, now=now, reason="不涉密", looked_at=read)
        with pytest.raises(ValidationError, match="结论"):
            approve(review=review, by=cast.city.secrecy, now=now, looked_at=read)
        with pytest.raises(ValidationError, match="还有 1 篇"):
            approve(review=review, by=cast.city.secrecy, now=now, reason="不涉密", looked_at=read[1:])
        review = approve(review=review, by=cast.city.secrecy, now=now, reason="不涉密", looked_at=[*read, "foreign"])
        given = Decision.objects.get(level="secrecy")
        assert (given.reason, given.looked_at, given.reviewer) == ("不涉密", sorted(read), cast.city.secrecy)
        assert is_genuine_decision(given)
        approve(review=review, by=cast.city.final, now=now, gates=ALL_GATES)
        assert "secrecy" in [signer["level"] for signer in BatchOrder.objects.get().signers]

    def test_is_asked_for_again_by_the_ledger(self, at_secrecy, cast, now):
        Review.objects.filter(pk=at_secrecy.pk).update(levels=["first", "final"], level="final")
        review = Review.objects.get(pk=at_secrecy.pk)
        with pytest.raises(ledger.SignOffRefused, match="保密审查"):
            approve(review=review, by=cast.city.final, now=now, gates=ALL_GATES)
        assert not SignOff.objects.exists()

    @pytest.mark.parametrize("forged", ["looked_at = '[]'", "reason = ''"])
    def test_whose_list_was_changed_does_not_count(self, at_secrecy, cast, now, forged):
        review = approve(review=at_secrecy, by=cast.city.secrecy, now=now, reason="不涉密", looked_at=drawn(at_secrecy))
        with lifted(), connection.cursor() as cursor:
            cursor.execute(f"update review_decision set {forged} where level = 'secrecy'")  # noqa: S608 - our own words
        review = approve(review=review, by=cast.city.final, now=now, gates=ALL_GATES)
        assert (review.status, review.level) == ("open", "secrecy")  # asked for again
        assert not SignOff.objects.exists()
