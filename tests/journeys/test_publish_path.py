"""A draft passes its reviewers and stands in the ledger; who may not sign, cannot."""

import pytest

from jiyue.review import ledger
from jiyue.review.actions import ReviewRefused, approve, submit
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Review, SignOff
from tests.cast import draft, reviewed

pytestmark = pytest.mark.django_db


@pytest.mark.req("REV-01", "REV-02")
def test_three_people_and_a_secrecy_conclusion_sign_off(cast, now):
    review = reviewed(cast.city, draft(cast.city, now=now), now=now)
    row = SignOff.objects.get()
    assert review.status == Review.Status.SIGNED_OFF
    assert [signer["level"] for signer in row.signers] == ["first", "second", "secrecy", "final"]
    assert ledger.broken_rows() == []


def test_the_author_cannot_sign(cast, now):
    review = submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now)
    with pytest.raises(ReviewRefused):
        approve(review=review, by=cast.city.editor, now=now, gates=ALL_GATES)
