"""Announcement and transcript as pages: signed like everything else, with what is told to nobody left out."""

import json

import pytest
from tests.campaigns import address_of, signed
from tests.cast import draft, structured
from tests.interviews import HOUR, interview_draft, interview_of

from jiyue.content.models import Record
from jiyue.content.readiness import problems
from jiyue.foundation.home import Home
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher

pytestmark = pytest.mark.django_db


def page_of(home, site, address: str) -> str:
    root = Home(home).deployed / site.host
    return (root / address.lstrip("/")).read_text(encoding="utf-8")


@pytest.mark.req("INT-14")
def test_the_announcement_tells_everything_but_who_records(cast, home, now):
    structured(cast.city, now=now - HOUR)
    made = interview_of(cast.city, now=now, video_address="https://video.example.invalid/1")
    Publisher().publish(cast.city.site, now=now)
    address = address_of(made)
    page = page_of(home, cast.city.site, address)
    assert "周明澄" in page and "住房和城乡建设局局长" in page and "林小满" in page and "进行中" in page
    assert f"/hudong/live?of={address}" in page and f"/hudong/ask?of={address}" in page
    data = json.loads(page_of(home, cast.city.site, address.replace(".html", ".json")))
    assert "recorders" not in data["record"]["detail"] and cast.city.editor.username not in json.dumps(data)
    assert PublicItem.objects.get(identity=made.identity).turns_at == made.closes_at


@pytest.mark.req("INT-14")
def test_the_transcript_is_a_document_and_stands_in_the_place_of_live_words(cast, home, now):
    structured(cast.city, now=now - HOUR)
    made = interview_of(cast.city, now=now - 5 * HOUR)
    body = [{"type": "paragraph", "value": "<p>主持人：大家好。</p>", "id": "a"}]
    told = draft(cast.city, now=now, kind=Record.Kind.TRANSCRIPT, title="访谈实录", body=body, meeting=made)
    signed(cast.city, told, now=now)
    Publisher().publish(cast.city.site, now=now)
    page = page_of(home, cast.city.site, address_of(made))
    assert address_of(told) in page and "/hudong/live" not in page and "/hudong/ask" not in page
    assert address_of(made) in page_of(home, cast.city.site, address_of(told))


def test_what_an_announcement_lacks_is_said_at_its_field(cast, now):
    bare = interview_draft(
        cast.city, now=now, purpose="", guests=" ", recorders=[], closes_at=now - HOUR, asked_by=""
    )  # fmt: skip
    told = {problem.field: problem.message for problem in problems(bare, on=now.date())}
    assert {"purpose", "guests", "recorders", "closes_at", "asked_by"} <= set(told)
    assert "晚于" in told["closes_at"]
    over = interview_draft(cast.city, now=now, opens_at=now - 60 * HOUR, closes_at=now - 58 * HOUR)
    assert "已经过了" in {p.field: p.message for p in problems(over, on=now.date())}["closes_at"]
    alone = draft(cast.city, now=now, kind=Record.Kind.TRANSCRIPT, title="实录")
    assert "哪一次访谈" in {p.field: p.message for p in problems(alone, on=now.date())}["meeting"]
