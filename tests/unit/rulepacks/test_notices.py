"""Where notices must appear (requirements 2.5), per notice and jurisdiction; Xiangxi sets no place."""

import pytest

from jiyue.rules.library import shipped
from tests.unit.rulepacks.expectations import DAY, bases, is_silent, written

ALL, ANY = "all", "any"
CELLS = [
    ("notice.opening.portal", "hubei", {"places": ["superior-portal"], "match": ALL}, ("measures 第八条",)),
    ("notice.opening.portal", "ningxia", "公告", ("notice 二（一）3",)),
    ("notice.opening.portal", "hebi", {"places": ["own-site", "city-portal"], "match": ANY}, ("platform 第十五条",)),
    ("notice.opening.portal", "chaoyang", None, ()),
    ("notice.opening.department", "hubei", {"places": ["same-level-portal"], "match": ALL}, ("measures 第八条",)),
    ("notice.opening.department", "ningxia", "公告", ("notice 二（一）3",)),
    ("notice.opening.department", "hebi", {"places": ["own-site", "city-portal"], "match": ANY},
     ("platform 第十五条",)),
    ("notice.opening.department", "chaoyang", None, ()),
    ("notice.closure.before", "hubei", {"places": ["own-site"], "match": ALL, "prominent": True, "before": True},
     ("measures 第十三条",)),
    ("notice.closure.before", "ningxia", "按政府网站发展指引", ("notice 二（一）5",)),
    ("notice.closure.before", "hebi", {"places": ["own-site"], "match": ALL, "prominent": True, "before": True},
     ("platform 第十六条",)),
    ("notice.closure.before", "chaoyang", None, ()),
    ("notice.closure.after", "hubei", {"places": ["superior-site", "same-level-portal"], "match": ANY},
     ("measures 第十三条",)),
    ("notice.closure.after", "ningxia", "按政府网站发展指引", ("notice 二（一）5",)),
    ("notice.closure.after", "hebi", {"places": ["city-portal"], "match": ALL}, ("platform 第十六条",)),
    ("notice.closure.after", "chaoyang", None, ()),
    ("notice.temporary-offline", "hubei", {"places": ["own-site", "same-level-portal"], "match": ALL},
     ("measures 第十四条",)),
    ("notice.temporary-offline", "ningxia",
     {"places": ["own-site", "same-level-portal"], "match": ALL, "together": True}, ("notice 二（一）5",)),
    ("notice.temporary-offline", "hebi", {"places": ["own-site", "city-portal"], "match": ALL, "together": True},
     ("platform 第十六条",)),
    ("notice.temporary-offline", "chaoyang",
     {"places": ["own-site"], "match": ALL, "prominent": True, "before": True, "told-first": "区网站运行管理中心"},
     ("measures 第四十四条",)),
    ("notice.domain-change", "hubei", None, ()),
    ("notice.domain-change", "ningxia", {"places": ["original-site"], "match": ALL}, ("notice 二（一）6",)),
    ("notice.domain-change", "hebi", {"places": ["own-site", "city-portal"], "match": ANY}, ("platform 第十五条",)),
    ("notice.domain-change", "chaoyang", None, ()),
    ("notice.new-media-change", "hubei", None, ()),
    ("notice.new-media-change", "ningxia", None, ()),
    ("notice.new-media-change", "hebi", {"places": ["government-site"], "match": ANY}, ("new-media 第九条",)),
    ("notice.new-media-change", "chaoyang", None, ()),
    ("notice.inspection-result", "hubei", {"places": ["site-of-level"], "match": ALL}, ("measures 第三十二条",)),
    ("notice.inspection-result", "ningxia", {"places": ["same-level-portal"], "match": ALL}, ("notice 三（三）",)),
    ("notice.inspection-result", "hebi", {"places": ["circular"], "match": ALL, "new-media": "public"},
     ("platform 第三十五条", "new-media 第二十七条")),
    ("notice.inspection-result", "chaoyang", {"places": ["circular"], "match": ALL}, ("measures 第五十六条",)),
    ("notice.annual-report", "hubei", "公开",
     ("measures 第三十二条", "measures 第三十六条")),
    ("notice.annual-report", "ningxia", "公开", ("notice 三（三）",)),
    ("notice.annual-report", "hebi", None, ()),
    ("notice.annual-report", "chaoyang", None, ()),
]  # fmt: skip
KINDS = sorted({cell[0] for cell in CELLS})


@pytest.mark.parametrize(("parameter", "pack", "places", "articles"), CELLS)
def test_a_notice_appears_where_the_text_wants_it(parameter, pack, places, articles):
    if places is None:
        assert is_silent(pack, parameter)
        return
    (value,) = shipped().pack(pack).values[parameter]
    said = value.word if isinstance(places, str) else written(value)
    assert (said, bases(value)) == (places if isinstance(places, str) else {"value": places}, articles)


@pytest.mark.parametrize(
    ("pack", "parameter", "place"),
    [
        ("ningxia", "notice.opening.portal", "superior-portal"),
        ("ningxia", "notice.opening.department", "same-level-portal"),
        ("ningxia", "notice.closure.before", "own-site"),
        ("ningxia", "notice.annual-report", "own-site"),
        ("hubei", "notice.annual-report", "own-site"),
    ],
)
def test_a_text_that_wants_a_notice_and_states_no_place_leaves_the_place_to_the_nation(pack, parameter, place):
    answer = shipped().ruleset(pack).answer(parameter, DAY)
    assert (answer.pack, answer.terms.value["places"]) == ("national", [place])
    assert [passed.pack for passed in answer.words] == [pack]


def test_where_the_nation_names_no_place_either_nothing_is_set():
    answer = shipped().ruleset("ningxia").answer("notice.closure.after", DAY)
    assert not answer.is_set and [passed.value.word for passed in answer.words] == ["按政府网站发展指引"]


@pytest.mark.parametrize("parameter", KINDS)
def test_xiangxi_sets_no_place(parameter):
    assert is_silent("xiangxi", parameter)
