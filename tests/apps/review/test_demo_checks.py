"""The demo city's stories about the checks are what they say: stopped, waived, found at night."""

import pytest

from jiyue.demo.checking import Teller, night
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.foundation.models import AuditEvent
from jiyue.review.models import Finding, Review, Waiver
from tests.cast import sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.req("PRIV-02", "PRIV-04", "PRIV-06")]


def test_each_story_comes_out_as_it_is_told(cast, now):
    rows = read_yaml(FOLDER / "stewardship.yaml")["checks"]
    columns = {("portal", row["column"]): cast.city.columns["tzgg"] for row in rows}
    people = {"secrecy_reviewer": "secrecy", "site_manager": "manager", "editor": "editor"}
    Teller(
        {"portal": cast.city.site}, columns, lambda _site, role: cast.city.people[people[role]],
        lambda review, _site, at: sign_all(cast.city, review, now=at), now,
    ).tell()  # fmt: skip
    night(now=now)
    assert list(AuditEvent.objects.filter(code="review.stopped").values_list("data", flat=True)) == [
        {"findings": {"personal-data.mobile": 2}}
    ]
    assert [waiver.detector for waiver in Waiver.objects.all()] == ["personal-data.address"]
    assert Review.objects.filter(status="signed_off").count() == 2
    assert "市数据局" in str([found.said for found in Finding.objects.filter(handled_at=None)])
