"""The plain data of public pages: every page names a template, and a frame tells which marks it lacks."""

from dataclasses import FrozenInstanceError, replace

import pytest

from jiyue.publishing.frame import Assets, Contact, Mark, SiteFrame, missing_marks
from jiyue.publishing.pages import NotFoundPage, template_for

FRAME = SiteFrame(
    name="澄湖市人民政府",
    host="www.chenghu.localhost",
    origin="http://www.chenghu.localhost",
    identification_code="9901000001",
    icp=Mark(text="示ICP备00000001号"),
    police_filing=Mark(text="示公网安备00000000000001号"),
    party_mark=Mark(text="党政机关"),
    owner="澄湖市人民政府办公室",
    contact=Contact(phone="000-00000001"),
    colour="#123f7a",
    assets=Assets(stylesheet="/assets/a.css", site_stylesheet="/assets/b.css", script="/assets/c.js"),
    error_report_address="/jiucuo.html",
)


def test_a_complete_frame_lacks_no_mark() -> None:
    assert missing_marks(FRAME) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"party_mark": Mark(text="")}, "party_mark"),
        ({"identification_code": ""}, "identification_code"),
        ({"icp": Mark(text="")}, "icp"),
        ({"police_filing": Mark(text="")}, "police_filing"),
        ({"owner": ""}, "owner_and_contact"),
        ({"contact": Contact()}, "owner_and_contact"),
        ({"error_report_address": ""}, "error_report"),
        ({"site_map_address": ""}, "site_map"),
    ],
)
def test_a_frame_names_the_mark_it_lacks(change: dict[str, object], code: str) -> None:
    assert missing_marks(replace(FRAME, **change)) == (code,)


def test_a_page_names_its_template_and_cannot_be_changed() -> None:
    page = NotFoundPage(frame=FRAME, title="找不到这个网页", address="/404.html", canonical="")
    assert template_for(page) == "404.html"
    with pytest.raises(FrozenInstanceError):
        page.title = "别的"  # type: ignore[misc]
