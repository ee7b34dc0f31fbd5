"""What stands above the five jurisdictions: each value with the kind of copy that the field's notes record for it."""

from datetime import date

import pytest

from jiyue.rules.library import shipped
from tests.unit.rulepacks.expectations import DAY, bases, written

APPLICATIONS = "applications 第四条、第五条"
# parameter, since, what is written, basis, kind of copy
FIGURES = [
    ("site.count", "undated", {"at_most": "1"}, "guide", "secondary"),
    ("site.count", "2024-07-01", {"at_most": "1"}, APPLICATIONS, "reprint"),
    ("site.temporary-offline.count", "undated", {"at_most": "1 per year"}, "guide", "unsourced"),
    ("site.temporary-offline.length", "undated", {"limit": "30 days"}, "guide", "unsourced"),
    ("notice.closure.kept", "undated", {"at_least": "30 days"}, "guide", "secondary"),
    ("domain.english.count", "undated", {"at_most": "1"}, "domains", "reprint"),
    ("domain.english.count", "2024-07-01", {"at_most": "1"}, APPLICATIONS, "reprint"),
    ("domain.chinese.count", "undated", {"at_most": "1"}, "domains", "reprint"),
    ("domain.chinese.count", "2024-07-01", {"at_most": "1"}, APPLICATIONS, "reprint"),
    ("domain.registration", "undated", {"limit": "3 working-days"}, "domains", "secondary"),
    ("column.update.news", "undated", {"gap": "2 weeks"}, "indicators", "secondary"),
    ("column.update.policy", "undated", {"gap": "6 months"}, "indicators", "secondary"),
    ("interpretation.publish", "undated", {"limit": "3 working-days"}, "openness-rules", "unsourced"),
    ("reprint.publish", "undated", {"limit": "24 hours"}, "bulletin-2017", "reprint"),
    ("emergency.release", "undated", {"limit": "5 hours"}, "openness-rules", "secondary"),
    ("message.reply", "undated", {"limit": "7 working-days", "latest": "15 working-days", "latest_when": "情况复杂的"},
     "guide", "secondary"),
    ("message.reply.simple", "undated", {"limit": "5 working-days"}, "local", "secondary"),
    ("error-report.reply", "undated", {"limit": "3 working-days"}, "guide", "unsourced"),
    ("error-report.forward", "undated", {"limit": "1 working-day"}, "guide", "unsourced"),
    ("disclosure.other", "2008-05-01", {"limit": "20 working-days"}, "disclosure-2007 第十八条", "reprint"),
    ("disclosure.other", "2019-05-15", {"limit": "20 working-days"}, "disclosure-2019 第二十六条", "reprint"),
    ("disclosure-request.extension", "2008-05-01", {"limit": "15 working-days"}, "disclosure-2007 第二十四条", "reprint"),
    ("disclosure-request.extension", "2019-05-15", {"limit": "20 working-days"}, "disclosure-2019 第三十三条", "reprint"),
    ("disclosure-request.correction", "2019-05-15", {"limit": "7 working-days"}, "disclosure-2019 第三十条", "reprint"),
    ("disclosure-request.third-party", "2019-05-15", {"limit": "15 working-days"}, "disclosure-2019 第三十二条",
     "reprint"),
    ("disclosure-request.other-body", "2019-05-15", {"limit": "15 working-days"}, "disclosure-2019 第三十四条",
     "reprint"),
    ("disclosure.annual-report.department", "undated", {"by": "01-31"}, "disclosure-report", "unsourced"),
    ("disclosure.annual-report.government", "undated", {"by": "03-31"}, "disclosure-report", "unsourced"),
    ("inspection.national", "2017", {"at_least": "1 per quarter"}, "bulletin-2017", "reprint"),
    ("inspection.national", "2019", {"at_least": "1 per half-year"}, "indicators", "reprint"),
    ("inspection.supervision-review", "undated", {"at_least": "1 per year"}, "indicators", "reprint"),
    ("inspection.share", "undated", {"at_least": "30 %"}, "guide", "unsourced"),
    ("site.report", "undated", {"by": "01-31"}, "reports", "reprint"),
    ("supervision.report", "undated", {"by": "01-31"}, "reports", "reprint"),
    ("log.retention", "2017-06-01", {"at_least": "6 months"}, "cybersecurity 第二十一条第（三）项", "secondary"),
    ("log.retention", "2026-01-01", {"at_least": "6 months"}, "cybersecurity-2025 第二十三条第（三）项", "secondary"),
    ("log.retention.application", "2024-07-01", {"at_least": "1 year"}, "applications 第二十条", "reprint"),
    ("security.assessment", "2024-07-01", {"at_least": "1 per year"}, "applications 第十八条", "reprint"),
    ("hosting.abroad", "undated", {"at_most": "0"}, "guide", "unsourced"),
    ("new-media.account-count", "undated", {"at_most": "1"}, "local", "secondary"),
    ("new-media.silent", "undated", {"value": "3 months"}, "local", "secondary"),
    ("site.reopening", "undated", {"value": "1 year"}, "guide", "secondary"),
    ("page.load", "undated", {"value": 3}, "guide", "secondary"),
    ("page.colours", "undated", {"value": 3}, "guide", "secondary"),
    ("page.time-format", "undated", {"value": "YYYY-MM-DD HH:MM"}, "guide", "secondary"),
    ("inspection.reach.window", "undated", {"value": "1 week"}, "indicators", "secondary"),
    ("inspection.reach.visits", "undated", {"value": 20}, "indicators", "secondary"),
    ("inspection.reach.seconds", "undated", {"value": 15}, "indicators", "secondary"),
    ("inspection.reach.share", "undated", {"value": 5}, "indicators", "secondary"),
    ("inspection.home.window", "undated", {"value": "2 weeks"}, "indicators", "secondary"),
    ("inspection.columns.news-window", "undated", {"value": "2 weeks"}, "indicators", "secondary"),
    ("inspection.columns.policy-window", "undated", {"value": "6 months"}, "indicators", "secondary"),
    ("inspection.columns.stale", "undated", {"value": 5}, "indicators", "secondary"),
    ("inspection.columns.unmaintained", "undated", {"value": 10}, "indicators", "secondary"),
    ("inspection.columns.empty", "undated", {"value": 5}, "indicators", "secondary"),
    ("inspection.reply.window", "undated", {"value": "1 year"}, "indicators", "secondary"),
    ("inspection.reply.unanswered", "undated", {"value": "3 months"}, "indicators", "secondary"),
    ("inspection.guide.missing", "undated", {"value": 4}, "indicators", "unsourced"),
    ("inspection.guide.items", "undated", {"value": 5}, "indicators", "unsourced"),
    ("inspection.new-media.window", "undated", {"value": "2 weeks"}, "indicators", "secondary"),
]  # fmt: skip
BEFORE_2019, SINCE_2019 = date(2019, 5, 14), date(2019, 5, 15)


def nation(parameter, on=DAY):
    return shipped().ruleset("national").answer(parameter, on)


@pytest.mark.parametrize(("parameter", "since", "terms", "basis", "copy"), FIGURES)
def test_the_nation_says_what_the_notes_record(parameter, since, terms, basis, copy):
    (value,) = [each for each in shipped().pack("national").values[parameter] if each.since.stated == since]
    assert (written(value), bases(value)) == (terms, (basis,))
    assert [each.source.value for each in value.basis] == [copy]


@pytest.mark.req("DISC-04")
def test_a_disclosure_request_has_the_limit_of_the_regulation_in_force():
    (old, new) = nation("disclosure-request.reply", BEFORE_2019), nation("disclosure-request.reply", SINCE_2019)
    assert (str(old.limit), str(old.latest), bases(old.found)) == (
        "15 working-days", "30 working-days", ("disclosure-2007 第二十四条",)
    )  # fmt: skip
    assert (str(new.limit), str(new.latest), bases(new.found)) == (
        "20 working-days", "40 working-days", ("disclosure-2019 第三十三条",)
    )  # fmt: skip


@pytest.mark.req("DISC-04")
@pytest.mark.parametrize("pack", ["hubei", "ningxia", "hebi", "chaoyang", "xiangxi"])
def test_no_jurisdiction_sets_the_limit_of_a_disclosure_request_itself(pack):
    answer = shipped().ruleset(pack).answer("disclosure-request.reply", DAY)
    assert (answer.pack, str(answer.limit)) == ("national", "20 working-days")
    assert [passed.pack for passed in answer.passed] == [pack]


def test_nothing_was_in_force_before_the_first_regulation():
    answer = nation("disclosure-request.reply", date(2008, 4, 30))
    assert not answer.is_set
    assert [(passed.pack, passed.later.stated) for passed in answer.passed] == [("national", "2008-05-01")]


def test_consulting_others_stops_the_clock_of_a_request():
    assert nation("disclosure-request.stopped", BEFORE_2019).terms.value == ["third-party"]
    assert nation("disclosure-request.stopped", SINCE_2019).terms.value == ["third-party", "other-body"]
    assert nation("disclosure-request.silence").terms.value == {"third-party": "body-decides", "other-body": "agreed"}
    assert nation("disclosure-request.correction-restarts").terms.value is True


def test_a_request_can_be_answered_in_seven_ways():
    assert nation("disclosure-request.reply-kinds").terms.value == [
        "already-public", "disclosed", "not-disclosed", "not-held", "not-this-body", "repeated", "other-rules"
    ]  # fmt: skip


def test_the_fee_grows_with_what_is_asked_beyond_a_number():
    fee = nation("disclosure-request.fee").terms.value
    assert [(step["from"], step.get("to"), step.get("fee")) for step in fee["by-item"]["steps"]] == [
        (1, 10, 0), (11, 30, 100), (31, None, None)
    ]  # fmt: skip
    assert (fee["by-item"]["steps"][2]["per"], fee["by-item"]["steps"][2]["more"]) == (10, 100)
    assert [(step["from"], step.get("to"), step["fee"]) for step in fee["by-quantity"]["steps"]] == [
        (1, 30, 0), (31, 100, 10), (101, 200, 20), (201, None, 40)
    ]  # fmt: skip


def test_logs_are_kept_under_both_norms():
    assert str(nation("log.retention").terms.at_least) == "6 months"
    assert str(nation("log.retention.application").terms.at_least) == "1 year"
    assert not nation("log.retention.application", date(2024, 6, 30)).is_set


def test_level_three_is_for_the_sites_the_regulation_names():
    assert nation("security.protection-level").terms.value == {
        "level": 3, "for": ["central-portal", "city-and-above-portal", "important-business"]
    }  # fmt: skip


def test_a_text_whose_number_is_unknown_has_none():
    texts = shipped().pack("national").texts
    assert {key: texts[key].number for key in ("guide", "indicators", "cybersecurity", "applications", "local")} == {
        "guide": "国办发〔2017〕47号",
        "indicators": "国办秘函〔2019〕19号",
        "cybersecurity": "",
        "applications": "",
        "local": "",
    }
    for pack in ("hubei", "ningxia", "hebi", "chaoyang", "xiangxi"):
        assert {(text.number, text.source.value) for text in shipped().pack(pack).texts.values()} == {("", "notes")}


@pytest.mark.parametrize(
    ("pack", "text", "issued", "in_force"),
    [
        ("hubei", "measures", None, None),
        ("ningxia", "notice", "2022-08-24", None),
        ("hebi", "platform", "2022", "2022"),
        ("hebi", "new-media", "2022", "2022"),
        ("chaoyang", "measures", "2007", "2007"),
        ("xiangxi", "measures", "2018", "2018"),
    ],
)
def test_days_are_as_exact_as_the_notes(pack, text, issued, in_force):
    found = shipped().pack(pack).texts[text]
    stated = [since and since.stated for since in (found.issued, found.in_force)]
    assert stated == [issued, in_force]
