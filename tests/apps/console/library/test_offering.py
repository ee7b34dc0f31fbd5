"""推送 from the record's own page: to chosen sites, once it is public, with their answers below."""

import pytest

from jiyue.content.models import Placement
from jiyue.content.placing import refuse
from tests.cast import draft

pytestmark = [pytest.mark.django_db, pytest.mark.req("LIB-03")]


@pytest.fixture
def record(cast, publish):
    return publish(cast.city, title="湖岸清洁")


def test_a_public_record_is_offered_to_chosen_sites(cast, record, sign_in):
    client = sign_in(cast.city.editor)
    assert "邻江市人民政府" in client.get(f"/records/{record.pk}/offer/").content.decode()
    answer = client.post(f"/records/{record.pk}/offer/", {"site": [cast.outside.site.pk]})
    assert answer.status_code == 302
    assert list(Placement.objects.values_list("site", "state")) == [(cast.outside.site.pk, "offered")]
    after = client.get(f"/records/{record.pk}/offer/")
    assert (after.context["sites"], [row.state for row in after.context["placements"]]) == ([], ["offered"])


def test_the_way_of_a_public_record_leads_there(cast, record, sign_in):
    assert f"/records/{record.pk}/offer/" in sign_in(cast.city.editor).get(f"/records/{record.pk}/").content.decode()


def test_the_origin_reads_why_an_offer_was_refused_and_may_offer_again(cast, now, record, sign_in):
    client = sign_in(cast.city.editor)
    client.post(f"/records/{record.pk}/offer/", {"site": [cast.outside.site.pk]})
    refuse(placement=Placement.objects.get(), reason="与本市无关", by=cast.outside.editor, now=now)
    page = client.get(f"/records/{record.pk}/offer/")
    assert "与本市无关" in page.content.decode()
    assert page.context["sites"] == [cast.outside.site]


def test_a_draft_is_offered_to_nobody(cast, now, publish, sign_in):
    hidden = draft(cast.city, now=now)
    answer = sign_in(cast.city.editor).post(f"/records/{hidden.pk}/offer/", {"site": [cast.outside.site.pk]})
    assert (answer.status_code, "稿件公开以后才能推送" in answer.content.decode()) == (409, True)
    assert not Placement.objects.exists()


def test_no_site_chosen_is_told(cast, record, sign_in):
    answer = sign_in(cast.city.editor).post(f"/records/{record.pk}/offer/", {"site": [cast.city.site.pk, "x"]})
    assert (answer.status_code, "请至少选择一个网站" in answer.content.decode()) == (409, True)


def test_sites_are_found_by_name_or_host(cast, record, sign_in):
    client = sign_in(cast.city.editor)
    for asked, expected in [("linjiang", [cast.outside.site]), ("邻江", [cast.outside.site]), ("没有", [])]:
        assert client.get(f"/records/{record.pk}/offer/", {"q": asked}).context["sites"] == expected


def test_only_writers_of_the_record_offer_it(cast, record, sign_in):
    for person in (cast.outside.editor, cast.city.final, cast.city.manager, cast.supervisor):
        client = sign_in(person)
        assert client.get(f"/records/{record.pk}/offer/").status_code == 404
        answer = client.post(f"/records/{record.pk}/offer/", {"site": [cast.outside.site.pk]})
        assert answer.status_code == 404
    assert not Placement.objects.exists()
