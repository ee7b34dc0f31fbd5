"""Historic material as one matter: drawn up once, sampled by a rule anybody can repeat, signed for by two people."""

from hashlib import sha256

import pytest

from jiyue.content.import_report import ImportReport
from jiyue.content.importing import import_all
from jiyue.content.intake import read
from jiyue.content.models import Record
from jiyue.content.models.records import State
from jiyue.foundation.models import AuditEvent
from jiyue.review.actions import ReviewRefused, approve, send_back, submit_batch
from jiyue.review.batches import draw_up, open_review_of, records_of, sample_of
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Batch, Review, SignOff
from tests.apps.content.intake_samples import NOTICE
from tests.apps.content.test_importing import article, lines_of

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
def test_two_others_sign_for_the_batch_and_each_record_stands_in_the_ledger(brought_in, drawn_up, cast, now):
    batch = drawn_up(brought_in([article(n) for n in range(3)]))
    review = submitted(cast, batch, now)
    with pytest.raises(ReviewRefused):
        approve(review=review, by=cast.city.editor, now=now, gates=ALL_GATES)
    for level in ("first", "final"):
        review = approve(review=review, by=cast.city.people[level], now=now, gates=ALL_GATES)
    rows = SignOff.objects.order_by("sequence")
    assert [row.batch for row in rows] == [batch] * 3
    assert [signer["level"] for signer in rows[0].signers] == ["first", "final"]
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
