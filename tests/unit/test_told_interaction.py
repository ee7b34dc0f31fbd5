"""Records of interaction told in paragraphs: every kind, and figures that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.content.intake.items import IntakeRefused
from jiyue.content.intake.told import TOLD, told
from jiyue.content.models import RECORD_TYPES

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["questions", "groups", "rows", "options", "columns", "label", "count", "counts", "answers"]), inner, max_size=4),
    max_leaves=15,
)  # fmt: skip


def words(detail, kind="campaign_result"):
    record = {
        "kind": kind,
        "detail": detail,
        "responsible": "澄湖市水利局",
        "blocks": [{"type": "divider", "value": None}],
    }
    return [str(block["value"]) for block in told(record)[:-1]]


def test_an_answer_is_told_with_its_days_and_cannot_bring_code():
    detail = {"received_on": "2026-11-01", "answered_on": "2026-11-05", "answering_unit": "水利局", "question": "<b>问</b>",
              "answer": "一\n\n二"}  # fmt: skip
    assert words(detail, "public_answer") == [
        "<p>来信（2026-11-01 收到）：</p>", "<p>&lt;b&gt;问&lt;/b&gt;</p>",
        "<p>水利局 2026-11-05 答复：</p>", "<p>一</p>", "<p>二</p>",
    ]  # fmt: skip


def test_figures_of_a_survey_and_of_a_call():
    survey = {"answers": 2, "questions": [
        {"number": 1, "words": "去哪", "answered": 2, "options": [{"label": "北段", "count": 2}], "quotes": ["路远"]},
        {"number": 2, "words": "各段", "answered": 2, "columns": ["好", "差"], "rows": [{"label": "南段", "counts": [1, 1]}]},
    ]}  # fmt: skip
    assert words({"figures": survey}) == [
        "<p>共收到 2 份</p>", "<p>1. 去哪：北段 2</p>", "<p>“路远”</p>", "<p>2. 各段：南段（好 1，差 1）</p>",
    ]  # fmt: skip
    call = {"answers": 1, "groups": [
        {"title": "照明", "count": 1, "outcome": "partly", "summary": "延长。", "reason": "周末。"}]}  # fmt: skip
    assert words({"figures": call})[1] == "<p>照明（1 条，部分采纳）：延长。 周末。</p>"


def test_a_period_is_told_by_the_clocks_of_the_country():
    period = {"opens_at": "2026-11-01T01:00:00+00:00", "closes_at": "2026-11-30T18:00:00+08:00", "asked_by": "水利局"}
    assert words(period, "survey") == ["<p>水利局，2026-11-01 09:00至2026-11-30 18:00</p>"]
    with pytest.raises(IntakeRefused):
        words(period | {"opens_at": "昨天"}, "survey")


@given(JSON)
def test_figures_that_are_none_are_refused_and_break_nothing(figures):
    try:
        assert isinstance(words({"figures": figures}), list)
    except IntakeRefused as refused:
        assert refused.note is not None


@pytest.mark.req("LIB-02")
def test_every_kind_of_record_is_taken_in_or_told_or_said_to_be_none_of_ours():
    from jiyue.content.intake.exchange import NOT_TAKEN

    assert TOLD.isdisjoint(NOT_TAKEN)
    assert set(RECORD_TYPES) >= TOLD
