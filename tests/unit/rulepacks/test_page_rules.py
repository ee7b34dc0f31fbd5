"""The checklist of page templates: what each pack says, by which article, and how well that is known (PAGE-04)."""

from datetime import date

import pytest

from jiyue.domain.page_rules import BY_EYE, MUST, PREFIX, NotAPageRule, checklist, read_page_rule
from jiyue.rules.library import shipped
from tests.unit.rulepacks.expectations import bases

DAY = date(2026, 11, 22)
# Of the nation's items: how the source was read. No text of the annex itself was seen.
FROM_THE_GUIDE = {
    "secondary": {"site-tags", "column-tags", "article-tags", "time", "validity", "search", "colours", "loading", "one-style"},
    "unsourced": {"header-name", "zones", "same-frame", "footer", "source", "share", "home-length", "browsers", "advertising",
                  "markup", "files"},
    "convention": {"width", "weight", "title", "headings", "link-words", "breadcrumb", "new-window", "floating", "playing",
                   "plug-ins", "pictures", "clicks"},
}  # fmt: skip
LOCAL = {
    "hubei": {"header-name": "measures 第九条, measures 第十五条", "zones": "measures 第十五条", "footer": "measures 第十五条"},
    "ningxia": {"header-name": "notice 二（一）3", "advertising": "notice 二（一）3"},
    "hebi": {"channels": "platform 第二十三条", "floating": "platform 第二十四条", "footer": "platform 第十五条",
             "advertising": "platform 第二十八条"},
    "chaoyang": {"home-groups": "measures 第十四条", "plug-ins": "measures 第三十六条", "local": "measures 第十五条"},
    "xiangxi": {},
}  # fmt: skip


def items(pack):
    return {item.key: item for item in checklist(shipped().ruleset(pack), DAY)}


def of_pages(pack):
    return {
        name.removeprefix(PREFIX): values
        for name, values in shipped().pack(pack).values.items()
        if name.startswith(PREFIX)
    }


@pytest.mark.req("PAGE-04")
def test_every_item_of_the_nation_says_how_its_source_was_read():
    found = {name: values[0].basis[0].source.value for name, values in of_pages("national").items()}
    assert found == {name: copy for copy, names in FROM_THE_GUIDE.items() for name in names}


@pytest.mark.req("PAGE-04")
@pytest.mark.parametrize("pack", sorted(LOCAL))
def test_local_texts_name_their_articles(pack):
    found = {
        name: ", ".join(basis for value in values for basis in bases(value)) for name, values in of_pages(pack).items()
    }
    assert found == LOCAL[pack]


def test_a_local_pack_changes_parts_and_keeps_the_rest():
    nation, hebi = items("national"), items("hebi")
    assert (nation["page.rule.floating"].weight, hebi["page.rule.floating"].weight) == ("should", MUST)
    assert hebi["page.rule.floating"].say == nation["page.rule.floating"].say
    assert [source.pack for source in hebi["page.rule.floating"].sources] == ["河南省鹤壁市", "国家"]
    assert "page.rule.channels" not in nation
    assert hebi["page.rule.channels"].weight == MUST
    assert items("chaoyang")["page.rule.local.group-mark"].look == BY_EYE


def test_figures_come_from_their_parameters_and_what_nobody_states_has_none():
    nation = items("national")
    assert nation["page.rule.colours"].most == 3
    assert nation["page.rule.loading"].most == 3
    assert nation["page.rule.home-length"].most is None
    unsourced = [item for item in nation.values() if item.most is not None and not item.figure]
    assert {basis.source.value for item in unsourced for source in item.sources for basis in source.basis} == {
        "convention"
    }


@pytest.mark.parametrize("setting", [
    None, [], {}, "full-name", {"look": "guess"}, {"weight": "may"}, {"say": ""}, {"say": "长" * 301}, {"most": 0},
    {"most": "3"}, {"most": True}, {"other": "x"}, {"off": " "},
])  # fmt: skip
def test_what_is_no_item_is_refused(setting):
    with pytest.raises(NotAPageRule):
        read_page_rule("page.rule.footer", setting)


@pytest.mark.parametrize(
    "setting", [{"say": "x"}, [], [{"key": "a"}], [{"key": "a", "say": "b", "weight": "x"}], ["a"]]
)
def test_what_is_no_list_of_local_items_is_refused(setting):
    with pytest.raises(NotAPageRule):
        read_page_rule("page.rule.local", setting)
