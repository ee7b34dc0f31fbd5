"""C-01 to C-30 (requirements 5.1): where jurisdictions differ, each gets its own answer from the same question."""

from jiyue.rules import wording
from jiyue.rules.library import shipped
from tests.unit.rulepacks.expectations import DAY, is_silent, terms_of, word_of


def answer(pack, parameter):
    return shipped().ruleset(pack).answer(parameter, DAY)


def not_found(pack, parameter):
    """Nobody on the way says anything, and that is what is told: each who was asked, by name."""
    found = answer(pack, parameter)
    asked = [each.title for each in shipped().ruleset(pack).chain]
    said = wording.not_set(found)
    return (
        is_silent(pack, parameter)
        and not found.is_set
        and said == f"没有规定：{'；'.join(f'{each}未规定' for each in asked)}"
    )


def limit(pack, parameter):
    return str(answer(pack, parameter).limit)


def test_c01_who_may_have_a_site():
    county_department = {pack: terms_of(pack, "site.eligibility")["county-department"]
                         for pack in ("ningxia", "hubei", "hebi", "chaoyang", "xiangxi")}  # fmt: skip
    assert county_department == {
        "ningxia": "no",
        "hubei": "in-principle-no",
        "hebi": "in-principle-no",
        "chaoyang": "approval",
        "xiangxi": "allowed",
    }
    assert (terms_of("chaoyang", "site.eligibility")["court"], terms_of("hubei", "site.eligibility")["court"]) == (
        "subsite",
        "outside",
    )


def test_where_a_text_leaves_a_subject_open_the_nation_is_asked_for_that_subject():
    hebi, xiangxi = answer("hebi", "site.eligibility"), answer("xiangxi", "site.eligibility")
    assert terms_of("hebi", "site.eligibility")["province-government"] == "not-regulated"
    assert hebi.terms.of("province-government").answer == ("compulsory",)
    assert hebi.terms.of("city-government").answer == ("portal",)
    assert [ruling.subject for ruling in hebi.supplements[0].value.terms.rulings] == ["province-government"]
    # What the nation leaves open too stays open; who is outside the text's scope is not looked up.
    assert hebi.terms.of("province-department").answer == ("not-regulated",)
    assert hebi.terms.of("court").answer == ("outside",)
    assert {each: xiangxi.terms.of(each).answer[0] for each in ("township", "event", "county-department")} == {
        "township": "in-principle-no",
        "event": "topic-only",
        "county-department": "allowed",
    }
    assert "文中没有规定的对象，按国家：省级政府：应当开办" in wording.supplement(hebi.supplements[0])


def test_a_chain_of_approvals_is_one_whole():
    assert terms_of("chaoyang", "site.opening.approval") == {"approve": "区信息办"}
    assert answer("chaoyang", "site.opening.approval").supplements == ()


def test_c02_closing_a_portal():
    assert terms_of("ningxia", "site.closure.portal") == {"portal": "no"}
    assert terms_of("hebi", "site.closure.portal") == {"portal": "in-principle-no"}
    assert is_silent("hubei", "site.closure.portal")
    assert not answer("hubei", "site.closure.portal").is_set


def test_c03_who_approves_offline():
    assert terms_of("hubei", "site.closure.approval")["approve"] == "省政府办公厅"
    assert terms_of("ningxia", "site.closure.approval")["approve"] == "自治区人民政府办公厅"
    assert terms_of("hebi", "site.closure.approval")["approve"] == "省政府办公厅"
    assert terms_of("chaoyang", "site.closure.approval") == {"notify": "区网站运行管理中心"}
    for parameter in ("site.temporary-offline.count", "site.temporary-offline.length"):
        assert is_silent("chaoyang", parameter)
        assert answer("hubei", parameter).pack == "hubei"


def test_c04_form_of_temporary_offline():
    assert terms_of("hubei", "site.temporary-offline.form") == {"value": "written-level-by-level"}
    assert terms_of("hebi", "site.temporary-offline.form") == {"value": "national-reporting-system"}
    assert word_of("ningxia", "site.temporary-offline.form") == "申请"


def test_c05_emergency_shutdown():
    assert terms_of("hubei", "site.emergency-shutdown.counted") == {"value": False}
    for pack in ("ningxia", "hebi", "chaoyang", "xiangxi"):
        assert not_found(pack, "site.emergency-shutdown.counted")


def test_c06_place_of_notices():
    assert terms_of("hubei", "notice.temporary-offline")["value"]["places"] == ["own-site", "same-level-portal"]
    assert terms_of("ningxia", "notice.temporary-offline")["value"]["places"] == ["own-site", "same-level-portal"]
    assert terms_of("hebi", "notice.temporary-offline")["value"]["places"] == ["own-site", "city-portal"]
    assert terms_of("hubei", "notice.closure.after")["value"] == {
        "places": ["superior-site", "same-level-portal"],
        "match": "any",
    }
    assert terms_of("hebi", "notice.closure.after")["value"] == {"places": ["city-portal"], "match": "all"}


def test_c07_domain_suffix():
    assert terms_of("hubei", "domain.suffix")["value"]["suffixes"] == [".gov.cn"]
    assert terms_of("hebi", "domain.suffix")["value"]["suffixes"] == [".gov.cn"]
    assert terms_of("chaoyang", "domain.suffix")["value"]["under"] == "district-base-domain"
    assert terms_of("chaoyang", "domain.suffix")["value"]["other"] == {"answer": "approval", "by": "区信息办"}


def test_c08_time_of_interpretation():
    assert {pack: limit(pack, "interpretation.publish") for pack in ("hubei", "xiangxi", "ningxia", "hebi")} == {
        "hubei": "with-event",
        "xiangxi": "with-event",
        "ningxia": "3 working-days",
        "hebi": "3 working-days",
    }
    assert terms_of("hebi", "interpretation.together") == {"value": ["organise", "countersign", "deploy"]}
    assert is_silent("ningxia", "interpretation.together")


def test_c09_start_of_the_policy_document_limit():
    assert {pack: limit(pack, "document.publish") for pack in ("ningxia", "xiangxi", "chaoyang")} == {
        "ningxia": "5 working-days",
        "xiangxi": "5 working-days",
        "chaoyang": "with-event",
    }
    assert terms_of("ningxia", "document.publish.start") == {"value": "issue"}
    assert terms_of("xiangxi", "document.publish.start") == {"value": "change"}
    assert terms_of("chaoyang", "document.publish.start") == {"value": "with-issue"}


def test_c10_message_reply():
    assert terms_of("hebi", "message.reply") == {"limit": "5 working-days", "latest": "10 working-days"}
    assert terms_of("xiangxi", "message.reply") == {
        "limit": "7 working-days",
        "classes": [
            {"name": "建议、咨询类", "limit": "7 working-days"},
            {"name": "需要核实或办理的", "limit": "15 working-days"},
        ],
    }
    assert terms_of("hubei", "error-report.reply") == {"limit": "2 working-days"}
    assert [word_of(pack, "message.reply") for pack in ("hubei", "ningxia", "chaoyang")] == [
        "规定时限",
        "及时",
        "专人答复",
    ]


def test_c11_who_releases_the_reply_to_an_error_report():
    assert terms_of("hubei", "error-report.release")["approve"] == "省政府办公厅"
    assert limit("hubei", "error-report.reply") == "2 working-days"
    for pack in ("ningxia", "hebi", "chaoyang", "xiangxi"):
        # The figure of the nation is no rule of theirs, and nobody says who releases the reply.
        assert not_found(pack, "error-report.release")
        assert is_silent(pack, "error-report.reply")
        assert answer(pack, "error-report.reply").pack == "national"


def test_c12_update_of_news():
    assert terms_of("chaoyang", "column.update.portal-news") == {"at_least": "1 per day"}
    assert terms_of("chaoyang", "column.update.subsite") == {"limit": "same-day"}
    assert terms_of("hebi", "column.update.news") == {"gap": "2 weeks"}
    assert terms_of("xiangxi", "column.update.news") == {"gap": "2 weeks"}


def test_c13_reprinting():
    assert limit("ningxia", "reprint.publish") == "12 hours"
    assert word_of("hebi", "reprint.publish") == "及时"
    assert word_of("hubei", "reprint.publish") == "转载重要信息"


def test_c14_review():
    assert terms_of("hebi", "review.levels") == {"value": 3}
    assert word_of("ningxia", "review.levels") == "编辑与审核分离"
    assert terms_of("ningxia", "roles.separation") == {"value": ["administration", "editing", "review"]}
    for pack in ("hubei", "chaoyang", "xiangxi"):
        assert word_of(pack, "review.levels") == "审核"
        assert not answer(pack, "review.levels").is_set


def test_c15_supervision_sample():
    assert terms_of("hubei", "inspection.sample") == {"at_least": "1 per quarter"}
    assert terms_of("hubei", "inspection.share") == {"at_least": "30 %"}
    assert terms_of("ningxia", "inspection.share") == {"at_least": "100 %"}
    assert terms_of("ningxia", "inspection.cities") == {"value": 5}
    assert [word_of(pack, "inspection.sample") for pack in ("hebi", "chaoyang")] == ["定期", "定期"]


def test_c16_duty():
    for pack in ("hubei", "ningxia"):
        assert terms_of(pack, "duty.cover")["value"] == {"hours-per-day": 24, "periods": "always"}
    assert terms_of("hebi", "duty.cover")["value"]["periods"] == "important"


def test_c17_accessibility():
    assert {pack: answer(pack, "site.accessibility").terms.value for pack in ("ningxia", "hebi", "hubei")} == {
        "ningxia": "required-index",
        "hebi": "platform-function",
        "hubei": "optional",
    }


def test_c18_interaction_on_department_sites():
    assert terms_of("ningxia", "interaction.platform")["value"] == {"use": "portal-platform", "must": True}
    assert terms_of("chaoyang", "interaction.platform")["value"] == {"use": "own-columns", "shared-with": "portal"}


def test_c19_public_display_of_replies():
    assert {
        pack: terms_of(pack, "reply.publication")["value"]["public"] for pack in ("hubei", "xiangxi", "ningxia")
    } == {
        "hubei": "all-but-special",
        "xiangxi": "after-review",
        "ningxia": "acceptance-and-feedback",
    }


def test_c20_drill_and_self_check():
    assert terms_of("hebi", "security.drill") == {"at_least": "1 per year"}
    assert terms_of("hubei", "security.self-check") == {"at_least": "1 per half-year"}
    assert word_of("ningxia", "security.drill") == "开展演练"
    assert word_of("chaoyang", "security.drill") == "定期"


def test_c21_column_changes():
    assert terms_of("xiangxi", "column.change")["value"] == {
        "report-to": "州政府信息中心（州电子政务办）",
        "filing": True,
    }
    for pack in ("hebi", "ningxia"):
        assert is_silent(pack, "column.change")
        assert terms_of(pack, "column.unkept")["value"]["decided-by"] == "owner"


def test_c22_new_media():
    assert terms_of("hebi", "new-media.scope") == {"value": "regulated"}
    assert terms_of("hebi", "new-media.filing") == {"limit": "3 working-days"}
    for pack in ("hubei", "ningxia"):
        assert terms_of(pack, "new-media.scope") == {"value": "channel-only"}
        assert not answer(pack, "new-media.filing").is_set


def test_c23_who_runs_the_platform():
    assert terms_of("hubei", "platform.operator") == {"province": "省政府办公厅", "city": "市（州）政府"}
    assert terms_of("hebi", "platform.operator") == {"city": "市政府办公室"}
    assert terms_of("xiangxi", "platform.operator") == {"city": "州政府信息中心（州电子政务办）"}
    assert terms_of("chaoyang", "platform.operator") == {"county": ["区信息办", "区网站运行管理中心", "区信息网络中心"]}


def test_c24_bound_to_the_platform():
    assert terms_of("hebi", "platform.bound") == {"all": "must"}
    assert terms_of("ningxia", "platform.bound") == {"all": "must"}
    assert terms_of("hubei", "platform.bound") == {"county-and-below": "no-build", "city": "may-build"}


def test_c25_annual_reports():
    assert terms_of("hubei", "supervision.report.duties")["value"] == {
        "compiler": "supervising-unit",
        "submitted": "written",
    }
    assert terms_of("ningxia", "supervision.report.duties")["value"] == {
        "compiler": "not-stated",
        "submitted": "not-stated",
    }
    for pack in ("hebi", "chaoyang", "xiangxi"):
        assert is_silent(pack, "site.report")
        assert is_silent(pack, "supervision.report")


def test_c26_outdated_content():
    assert terms_of("chaoyang", "content.outdated")["value"] == {"ways": ["change", "move", "delete"]}
    assert terms_of("hebi", "content.outdated")["value"] == {"ways": ["archive"], "kept-in": "topic-area"}


def test_c27_tampering_and_unapproved_downtime():
    assert terms_of("chaoyang", "tampering.response")["value"]["otherwise"] == "suspend-until-restored"
    assert terms_of("chaoyang", "site.suspension-without-approval") == {"tampered": "yes"}
    assert terms_of("hubei", "site.suspension-without-approval") == {
        "force-majeure": "yes",
        "ordered": "yes",
        "tampered": "no",
    }
    for pack in ("ningxia", "hebi"):
        assert set(terms_of(pack, "site.suspension-without-approval").values()) == {"no"}


def test_c28_old_domain_after_a_change():
    assert terms_of("ningxia", "notice.domain-change")["value"]["places"] == ["original-site"]
    assert terms_of("hebi", "notice.domain-change")["value"]["places"] == ["own-site", "city-portal"]
    assert terms_of("hebi", "domain.english.count") == {"at_most": "1"}
    assert word_of("hebi", "domain.idle") == "及时"
    assert is_silent("ningxia", "domain.idle")


def test_c29_who_may_touch_content_in_an_emergency():
    assert terms_of("hebi", "content.owner")["value"] == {
        "content": "owner",
        "platform-safety": "operator",
        "operator-may": ["notify", "urge", "restore"],
    }
    assert not answer("chaoyang", "content.owner").is_set


def test_c30_public_replies_and_privacy():
    assert terms_of("hubei", "reply.publication")["value"]["public"] == "all-but-special"
    assert terms_of("ningxia", "privacy.masking")["value"]["required"] is True
    for pack in ("xiangxi", "hebi"):
        assert terms_of(pack, "privacy.masking")["value"] == {"required": True}
