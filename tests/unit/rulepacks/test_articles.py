"""The articles of everything that has no P-number, and that nothing stands in a pack which no table here names.

What these values say is tested where they belong: differences, roles, time words, inspection rules, national values.
"""

import pytest

from jiyue.rules.library import shipped
from tests.unit.rulepacks.expectations import PACKS, bases
from tests.unit.rulepacks.test_national_values import FIGURES
from tests.unit.rulepacks.test_notices import KINDS as NOTICES
from tests.unit.rulepacks.test_page_rules import PREFIX

ARTICLES = {
    "hubei": {
        "interpretation.parts": "measures 第十八条",
        "content.update": "measures 第十七条",
        "error-report.release": "measures 第三十四条",
        "incident.response": "measures 第三十条",
        "new-media.scope": "measures 第二十六条",
        "platform.bound": "measures 第二十三条",
        "platform.operator": "measures 第二十二条, measures 第二十三条",
        "reply.publication": "measures 第十九条, measures 第三十四条",
        "rumour.refutation": "measures 第十八条",
        "security.defect": "measures 第二十九条",
        "security.planning": "measures 第二十七条",
        "site.patrol": "measures 第三十八条",
        "site.suspension-without-approval": "measures 第十四条",
        "site.temporary-offline.form": "measures 第十二条",
        "supervision.daily": "measures 第三十二条",
        "supervision.lines": "measures 第四条, measures 第三十二条",
        "supervision.report.duties": "measures 第三十二条, measures 第三十六条",
    },
    "ningxia": {
        "interpretation.author": "notice 二（二）2第1段",
        "interpretation.parts": "notice 二（二）2第1段",
        "column.unkept": "notice 二（二）1第3段",
        "content.update": "notice 二（二）1第1段",
        "contractor.limits": "notice 三（二）",
        "document.publish.start": "notice 二（二）2第1段",
        "interaction.platform": "notice 二（二）4",
        "new-media.scope": "notice 二（二）2第3段",
        "platform.bound": "notice 二（一）7",
        "privacy.masking": "notice 二（二）1第2段",
        "reply.publication": "notice 二（二）4",
        "roles.separation": "notice 二（三）1",
        "site.patrol": "notice 三（二）",
        "site.suspension-without-approval": "notice 二（一）5",
        "site.temporary-offline.form": "notice 二（一）4",
        "supervision.report.duties": "notice 三（三）",
    },
    "hebi": {
        "account.approval": "platform 第十三条",
        "column.unkept": "platform 第二十九条",
        "content.outdated": "platform 第二十九条",
        "content.owner": "platform 第十一条, platform 第十二条, platform 第三十八条",
        "contractor.limits": "new-media 第四条",
        "domain.check": "platform 第二十一条",
        "domain.idle": "platform 第二十条",
        "floating-window.takedown": "platform 第二十四条",
        "incident.report": "platform 第四十八条",
        "interpretation.together": "platform 第三十一条",
        "new-media.eligibility": "new-media 第六条",
        "new-media.fake-account": "new-media 第二十四条",
        "new-media.patrol": "new-media 第二十三条",
        "new-media.scope": "new-media 第二条",
        "new-media.takedown": "new-media 第二十三条",
        "platform.bound": "platform 第十四条",
        "platform.operator": "platform 第四条",
        "privacy.masking": "new-media 第十五条",
        "review.distinct-reviewers": "platform 第三十条, new-media 第十三条",
        "security.defect": "platform 第三十八条",
        "site.patrol": "platform 第五条第（三）项",
        "site.suspension-without-approval": "platform 第十六条",
        "site.temporary-offline.form": "platform 第十六条",
        "staff.education": "platform 第四十四条",
        "supervision.daily": "platform 第三十五条",
        "topic.archive": "platform 第二十九条",
        "warning.response": "platform 第三十八条",
    },
    "chaoyang": {
        "column.table": "measures 附件, measures 第二十三条",
        "content.outdated": "measures 第二十条, measures 第四十三条",
        "content.takedown": "measures 第二十八条",
        "document.publish.start": "measures 附件",
        "incident.report": "measures 第五十三条",
        "interaction.platform": "measures 第三十八条",
        "link.check": "measures 第四十二条",
        "platform.operator": "measures 第四条",
        "site.suspension-without-approval": "measures 第五十一条",
    },
    "xiangxi": {
        "column.change": "measures 第九条",
        "column.unkept": "measures 第九条",
        "commitment.keep": "measures 第五条, measures 第二十条",
        "document.publish.start": "measures 第七条",
        "emergency.release": "measures 第十九条",
        "interpretation.author": "measures 第十条",
        "interpretation.together": "measures 第十条",
        "platform.operator": "measures 第三条",
        "privacy.masking": "measures 第十二条",
        "reply.publication": "measures 第十七条",
    },
}
# What test_national_values does not list: parameter, since, basis, kind of copy.
NATION = [
    ("calendar.fixed-holidays", "undated", "holidays 第二条", "reprint"),
    ("deadline.counting", "undated", "convention 期限计算", "convention"),
    ("disclosure-request.correction-restarts", "2019-05-15", "disclosure-2019 第三十条", "reprint"),
    ("disclosure-request.decisions", "2019-05-15", "disclosure-2019 第三十六条", "secondary"),
    ("disclosure-request.fee", "undated", "fees 第四条, fees 第五条", "reprint"),
    ("disclosure-request.fee-notice", "undated", "fees", "unsourced"),
    ("disclosure-request.remedies", "undated", "reconsideration-law, procedure-law", "unsourced"),
    ("disclosure-request.reply", "2008-05-01", "disclosure-2007 第二十四条", "reprint"),
    ("disclosure-request.reply", "2019-05-15", "disclosure-2019 第三十三条", "reprint"),
    ("disclosure-request.reply-kinds", "2019-05-15", "disclosure-2019 第三十六条", "secondary"),
    ("disclosure-request.silence", "2019-05-15", "disclosure-2019 第三十二条, disclosure-2019 第三十四条", "reprint"),
    ("disclosure-request.stopped", "2008-05-01", "disclosure-2007 第二十四条", "reprint"),
    ("disclosure-request.stopped", "2019-05-15", "disclosure-2019 第三十三条", "reprint"),
    ("domain.idle", "undated", "domains", "reprint"),
    ("domain.suffix", "undated", "domains", "reprint"),
    ("domain.suffix", "2024-07-01", "applications 第四条、第五条", "reprint"),
    ("emergency.briefing", "undated", "openness-rules, response", "secondary"),
    ("inspection.bonus", "undated", "indicators", "secondary"),
    ("inspection.guide.elements", "undated", "indicators", "secondary"),
    ("inspection.indicators", "undated", "indicators", "secondary"),
    ("inspection.scoring", "undated", "indicators", "reprint"),
    ("inspection.supervision-scoring", "undated", "indicators", "secondary"),
    ("inspection.veto.new-media", "undated", "indicators", "secondary"),
    ("inspection.veto.site", "undated", "indicators", "secondary"),
    ("new-media.eligibility", "undated", "local", "secondary"),
    ("notice.annual-report", "undated", "reports", "reprint"),
    ("notice.closure.before", "undated", "guide", "secondary"),
    ("notice.opening.department", "undated", "guide", "unsourced"),
    ("notice.opening.portal", "undated", "guide", "unsourced"),
    ("notice.temporary-offline", "undated", "guide", "unsourced"),
    ("rumour.refutation", "undated", "guide", "secondary"),
    ("security.protection-level", "2024-07-01", "applications 第十七条", "reprint"),
    ("site.eligibility", "undated", "guide", "secondary"),
    ("site.footer", "undated", "guide", "unsourced"),
    ("site.go-live.checks", "undated", "guide", "secondary"),
    ("site.opening.approval", "undated", "guide", "secondary"),
]


def has_number(parameter):
    return any(number.startswith("P-") for number in shipped().parameters[parameter].ids)


@pytest.mark.parametrize("pack", PACKS)
def test_what_has_no_number_is_named_here_with_its_articles(pack):
    found = {
        parameter: ", ".join(basis for value in values for basis in bases(value))
        for parameter, values in shipped().pack(pack).values.items()
        if not has_number(parameter) and parameter not in NOTICES and not parameter.startswith(PREFIX)
    }
    assert found == ARTICLES[pack]


def test_every_value_of_the_nation_is_named():
    listed = [(parameter, since, basis, copy) for parameter, since, _terms, basis, copy in FIGURES] + NATION
    found = [
        (parameter, value.since.stated, ", ".join(bases(value)), copy)
        for parameter, values in shipped().pack("national").values.items()
        if not parameter.startswith(PREFIX)
        for value in values
        for copy in sorted({basis.source.value for basis in value.basis})
    ]
    assert sorted(found) == sorted(listed)


def test_open_points_of_the_nation():
    points = {
        parameter: value.open
        for parameter, values in shipped().pack("national").values.items()
        for value in values
        if value.open
    }
    assert points == {
        "deadline.counting": ("Q-01", "Q-02"),
        "disclosure-request.reply": ("Q-01",),
        "site.report": ("Q-02",),
        "supervision.report": ("Q-02",),
    }
