"""Taking part in a survey, without a server: one browser answers once, each refusal has its sentence, nothing typed is lost."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import LetterBox
from jiyue.portal.counter.campaigns import Campaign, campaign_of
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Guard
from jiyue.portal.counter.joining import Joining

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
DETAIL = {
    "purpose": "了解", "asked_by": "局", "opens_at": "2026-11-20T00:00:00+00:00", "closes_at": "2026-11-30T00:00:00+00:00",
    "questions": [{"type": "single", "question": "去吗", "options": "去\n不去", "needed": True}],
}  # fmt: skip
TOLD = {
    "version": "f" * 64,
    "record": {
        "kind": "survey", "identity": "0123abcd-0000-4000-8000-000000000000", "title": "调查", "detail": DETAIL,
    },
}  # fmt: skip


@pytest.fixture
def campaign() -> Campaign:
    found = campaign_of(json.dumps(TOLD).encode(), "/a/1.html")
    assert found is not None
    return found


@pytest.fixture
def joining(tmp_path) -> Joining:
    home = Home(tmp_path).prepare()
    return Joining(LetterBox(home), Guard(home))


def sent(joining: Joining, campaign: Campaign, cookies: str, now: datetime = NOW, **typed: str):
    said = joining.opened(campaign, {}, cookies, now=now)
    token = said.sheet.token or "a" * 32
    challenge = joining.guard.challenge(token, "", now=now.timestamp())
    texts = {"token": token, "page": "0", "human": str(challenge.first + challenge.second), **typed}
    return joining.posted(campaign, Sent(texts), "000", cookies, "www", now=now)


@pytest.mark.req("INT-11")
def test_one_browser_answers_once_and_the_mark_tells_nothing_of_another_survey(joining, campaign):
    first = joining.opened(campaign, {}, "", now=NOW)
    mark = re.match(
        r"(jy_a_0123abcd=[0-9a-f]{32}); Path=/hudong/join; Max-Age=\d+; HttpOnly; SameSite=Lax$", first.cookie
    )[1]
    done = sent(joining, campaign, mark, q1="1")
    assert done.sheet.name == "thanks" and not done.sheet.more["again"] and f"{mark}.1;" in done.cookie
    again = sent(joining, campaign, mark, q1="2")
    assert again.sheet.more["again"]
    assert joining.opened(campaign, {}, f"{mark}.1", now=NOW).sheet.more["again"]
    [kept] = joining.box.waiting()
    assert kept.fields == {"q1": "1"} and kept.at == "2026-11-22T08:30:00+00:00"
    assert mark.partition("=")[2] not in kept.written().decode()
    other = replace(campaign, about="9999abcd-0000-4000-8000-000000000000")
    assert joining.opened(other, {}, mark, now=NOW).sheet.name == "survey"


def test_a_browser_without_cookies_counts_by_its_form(joining, campaign):
    assert sent(joining, campaign, "", q1="1").cookie == ""
    assert sent(joining, campaign, "", q1="1").sheet.name == "thanks"
    assert len(list(joining.box.waiting())) == 2


@pytest.mark.parametrize(
    ("after", "state"),
    [(timedelta(days=-3), "coming"), (timedelta(days=8), "over"), (timedelta(days=7, hours=15, minutes=30), "over")],
)  # fmt: skip
def test_out_of_time_nothing_is_taken_and_what_was_typed_stays(joining, campaign, after, state):
    said = sent(joining, campaign, "", now=NOW + after, q1="2")
    assert (said.sheet.trouble, said.sheet.values) == (state, {"q1": "2"})
    assert joining.opened(campaign, {}, "", now=NOW + after).sheet.name == "join_closed"
    assert list(joining.box.waiting()) == []


def test_a_wrong_sum_and_a_machine_are_asked_again_with_everything_kept(joining, campaign):
    wrong = sent(joining, campaign, "", q1="1", human="99")
    assert [fault.code for fault in wrong.sheet.faults] == ["not_human"] and wrong.sheet.values == {"q1": "1"}
    machine = sent(joining, campaign, "", q1="1", human="", website="http://x.invalid/")
    assert [fault.code for fault in machine.sheet.faults] == ["missing"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"record":{"kind":"article"}}', b'{"record":{"kind":"survey"}}'])
def test_data_that_are_no_campaign_are_none(data):
    assert campaign_of(data, "/a/1.html") is None
