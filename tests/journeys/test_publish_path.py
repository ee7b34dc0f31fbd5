"""A draft passes its reviewers and stands in the ledger; who may not sign, cannot."""

import pytest
from django.core.exceptions import ValidationError

from jiyue.review import ledger
from jiyue.review.actions import approve, submit, submit_structure
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Review, SignOff
from jiyue.review.refusals import ReviewRefused
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


@pytest.mark.req("PAGE-02")
def test_a_site_without_its_marks_cannot_be_submitted(cast, now):
    site = cast.city.site
    site.icp_number = site.contact = ""
    site.save()
    with pytest.raises(ValidationError, match="ICP备案号、联系方式"):
        submit_structure(site=site, by=cast.city.manager, now=now)
