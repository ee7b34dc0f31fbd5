"""S-01 to S-08 (requirements part 3): rules between roles, as values of the texts that set them."""

from jiyue.rules.library import shipped
from tests.unit.rulepacks.expectations import bases, is_silent, terms_of


def basis_of(pack, parameter):
    (value,) = shipped().pack(pack).values[parameter]
    return bases(value)


def named(number):
    return shipped().parameter(number).name


def test_s01_administration_editing_and_review_are_apart():
    assert terms_of("ningxia", named("S-01")) == {"value": ["administration", "editing", "review"]}
    assert basis_of("ningxia", named("S-01")) == ("notice 二（三）1",)


def test_s02_the_three_reviewers_are_three_persons_other_than_the_author():
    assert terms_of("hebi", named("S-02")) == {"value": {"persons": 3, "author-excluded": True}}
    assert basis_of("hebi", named("S-02")) == ("platform 第三十条", "new-media 第十三条")


def test_s03_platform_and_operator_hold_no_content_right():
    assert terms_of("hebi", named("S-03"))["value"]["content"] == "owner"
    assert basis_of("hebi", named("S-03"))[:2] == ("platform 第十一条", "platform 第十二条")


def test_s04_an_account_needs_three_hands():
    hands = terms_of("hebi", named("S-04"))
    assert hands == {"apply": "主办单位", "approve": "市政府办公室", "execute": "平台建设运维单位"}
    assert basis_of("hebi", named("S-04")) == ("platform 第十三条",)


def test_s05_leader_consents_owner_applies_office_reviews_province_approves():
    for pack in ("hubei", "ningxia", "hebi"):
        assert list(terms_of(pack, named("S-05"))) == ["leader", "apply", "review", "approve"]


def test_s06_a_contractor_never_replaces_the_owner():
    assert terms_of("ningxia", named("S-06")) == terms_of("hebi", named("S-06")) == {"value": {"replaces-owner": False}}
    assert basis_of("hebi", named("S-06")) == ("new-media 第四条",)


def test_s07_the_province_approves_the_reply_to_an_error_report():
    assert terms_of("hubei", named("S-07")) == {"draft": "承办人员", "review": "逐级上报", "approve": "省政府办公厅"}


def test_s08_supervision_follows_the_territory_or_the_system():
    assert terms_of("hubei", named("S-08")) == {"value": ["territorial", "vertical"]}
    assert is_silent("ningxia", named("S-08"))
