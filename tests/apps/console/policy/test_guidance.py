"""应急信息: what the propaganda or cyberspace authority said stands before the reviewers and in the sealed ledger row."""

import pytest
from django.urls import reverse

from jiyue.review.models import Review, SignOff
from jiyue.review.sealing import is_genuine
from tests.cast import draft, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.req("REV-11")]
SAID = "市委网信办例某，今天九点电话：可以发布，先发救援进展"


def test_guidance_is_asked_of_emergencies_read_by_reviewers_and_sealed(cast, now, sign_in):
    city, client = cast.city, sign_in(cast.city.editor)
    record, plain = draft(cast.city, now=now, emergency=True), draft(cast.city, now=now)
    assert "网信部门" not in client.get(reverse("console_submit", args=[plain.pk])).content.decode()
    assert "网信部门" in client.get(reverse("console_submit", args=[record.pk])).content.decode()
    client.post(reverse("console_submit", args=[record.pk]), {"guidance": SAID})
    review = Review.objects.get()
    assert SAID in sign_in(city.first).get(reverse("console_review", args=[review.pk])).content.decode()
    sign_all(city, review, now=now)
    row = SignOff.objects.get()
    assert row.instruction["guidance"] == SAID and is_genuine(row)
    assert SAID in sign_in(city.editor).get(reverse("console_path", args=[record.pk])).content.decode()
