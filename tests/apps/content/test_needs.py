"""For whom and for what a document is: one list for documents and services, kept with the version that is signed."""

import pytest
from django.core.exceptions import ValidationError

from jiyue.content.needs import LifeEvent, Theme, codes_of
from jiyue.content.snapshots import snapshot_of
from tests.cast import draft

pytestmark = pytest.mark.django_db


def test_what_a_document_is_for_stands_in_its_version_and_only_when_it_says_so(cast, now):
    silent = draft(cast.city, now=now, kind="policy_document", column="zcwj")
    told = draft(cast.city, now=now, kind="policy_document", column="zcwj", themes=["housing"], life_events=["home"])
    assert not {"audiences", "themes", "life_events"} & snapshot_of(silent)["detail"].keys()
    assert snapshot_of(told)["detail"]["themes"] == ["housing"]


@pytest.mark.parametrize("value", [["nobody"], ["housing", "housing"], "housing", {"housing": 1}])
def test_a_need_that_no_list_knows_is_refused(cast, now, value):
    with pytest.raises(ValidationError) as refused:
        draft(cast.city, now=now, kind="policy_document", column="zcwj", themes=value)
    assert set(refused.value.error_dict) == {"themes"}


def test_codes_come_in_the_order_of_the_list():
    assert codes_of(Theme, ["utilities", "unknown", "education"]) == ["education", "utilities"]
    assert codes_of(LifeEvent, []) == []
