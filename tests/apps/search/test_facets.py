"""Narrowing down: counts are what following them gives, on every engine, for words, phrases and chosen conditions."""

import os
from contextlib import closing

import pytest
from selectolax.lexbor import LexborHTMLParser

from jiyue.portal.answers import Answers
from jiyue.portal.environment import portal_renderer
from jiyue.search.answering import Answer, Answering
from jiyue.search.asking import Question
from jiyue.search.engines.embedded import EmbeddedEngine
from jiyue.search.lexicon import FILE, Lexicon, LexiconFile, Place
from tests.clock import NOW
from tests.unit.search.entries import entry

NAMES = {
    "item_class": {"licensing": "行政许可", "public_service": "公共服务"},
    "theme": {"housing": "住房", "education": "教育", "utilities": "公用事业"},
    "audience": {"person": "个人", "legal-person": "法人和其他组织"},
    "event": {"home": "买房租房", "schooling": "上学"},
}
KINDS = {"service_guide": "办事指南", "policy_document": "政策文件", "article": "文章"}
ENTRIES = [
    entry(
        1, "公租房申请办事指南", kind="service_guide", item_class="public_service", themes=("housing",),
        audiences=("person",), events=("home",),
    ),
    entry(
        2, "公租房建设许可办事指南", kind="service_guide", item_class="licensing", themes=("housing", "utilities"),
        audiences=("legal-person",),
    ),
    entry(
        3, "公租房管理办法", kind="policy_document", themes=("housing",), audiences=("person", "legal-person"), year=2025,
        issuers=("澄湖市人民政府", "澄湖市住房局"), validity="valid", events=("home", "schooling"),
    ),
    entry(
        4, "公租房与学区说明", kind="policy_document", themes=("education",), year=2024, issuers=("澄湖市教育局",),
        validity="repealed",
    ),
    entry(5, "公租房今日开工"),
]  # fmt: skip


@pytest.fixture(params=["embedded", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def service(request, tmp_path):
    """What answers about five entries, with each engine in turn."""
    postgresql = request.param == "postgresql"
    engine = request.getfixturevalue("postgresql_engine") if postgresql else EmbeddedEngine(tmp_path)
    with engine.writer() as writer:
        writer.clear()
        writer.put(ENTRIES)
        writer.commit()
    place = Place(host="www.chenghu.localhost", origin="http://www.chenghu.localhost", name="澄湖市人民政府")
    lexicon = Lexicon(sites={1: place}, columns={12: "办事指南"}, kinds=KINDS, codes=NAMES)
    (tmp_path / FILE).write_bytes(lexicon.written())
    return Answering(engine, LexiconFile(tmp_path), lambda _host, _address: True)


@pytest.fixture
def postgresql_engine():
    """The same in the database of the tests."""
    from jiyue.search.engines.postgresql import PostgresqlEngine

    facts = {"host": "JIYUE_PG_HOST", "port": "JIYUE_PG_PORT", "dbname": "JIYUE_PG_NAME", "user": "JIYUE_PG_USER"}
    address = " ".join(f"{name}={os.environ[key]}" for name, key in facts.items() if os.environ.get(key))
    with closing(PostgresqlEngine(address)) as engine:
        yield engine


def asked(service, **given) -> Answer:
    return service.answer(Question(**given), host="www.chenghu.localhost", now=NOW)


def counts(answer: Answer) -> dict[str, dict[str, int]]:
    return {facet: {choice.name: choice.count for choice in choices} for facet, choices in answer.facets}


@pytest.mark.req("SRCH-01")
def test_every_count_is_what_choosing_it_gives(service):
    answer = asked(service, query="公租房")
    shown = counts(answer)
    assert shown["item_class"] == {"行政许可": 1, "公共服务": 1}
    assert shown["theme"] == {"住房": 3, "教育": 1, "公用事业": 1}
    assert shown["audience"] == {"个人": 2, "法人和其他组织": 2}
    assert shown["event"] == {"买房租房": 2, "上学": 1}
    assert shown["issuer"]["澄湖市住房局"] == 1 and shown["year"] == {"2026": 3, "2025": 1, "2024": 1}
    for _facet, choices in answer.facets:
        for choice in choices:
            narrowed = service.answer(choice.question, host="www.chenghu.localhost", now=NOW)
            assert (narrowed.total, choice.chosen) == (choice.count, False), choice


def test_conditions_join_and_let_go_one_by_one(service):
    answer = asked(service, theme="housing", audience="person")
    assert {str(result.title) for result in answer.results} == {"公租房申请办事指南", "公租房管理办法"}
    [theme] = [choices for facet, choices in answer.facets if facet == "theme"]
    assert [(choice.name, choice.count, choice.chosen) for choice in theme] == [("住房", 2, True)]
    assert theme[0].question == Question(audience="person")
    assert Question(query="公租房", theme="housing", span="year").bare() == Question(query="公租房")


def test_a_phrase_counts_only_what_holds_it(service):
    assert counts(asked(service, query="“公租房管理”"))["audience"] == {"个人": 1, "法人和其他组织": 1}
    shown = counts(asked(service, query="“公租房”"))
    assert shown["kind"] == {"办事指南": 2, "政策文件": 2, "文章": 1} and shown["theme"]["住房"] == 3


def test_the_address_is_stable_and_what_nobody_knows_finds_nothing(service):
    question = Question(query="公租房", item_class="licensing", theme="housing", audience="legal-person", event="home")
    assert question.address == "q=%E5%85%AC%E7%A7%9F%E6%88%BF&g=licensing&h=housing&a=legal-person&e=home"
    given = {"q": ["公租房"], "e": ["home"], "a": ["legal-person"], "h": ["housing"], "g": ["licensing"]}
    assert Question.read(given) == question
    assert asked(service, query="公租房", theme="<b>").total == 0


def test_a_phone_sees_a_few_choices_and_unfolds_the_rest_without_script(service):
    page = LexborHTMLParser(
        Answers(portal_renderer()).page('<div id="search-answer"></main>', asked(service, query="公租房"))
    )
    sections = page.css(".facets > section")
    titles = [section.css_first("h2").text(strip=True) for section in sections]
    assert titles == [
        "类型",
        "事项类型",
        "办事主题",
        "服务对象",
        "人生事件和企业事件",
        "年份",
        "发文机关",
        "有效性",
        "时间",
    ]
    folded = [section.css_first("summary h2") is not None for section in sections]
    assert folded == [False] * 4 + [True] * 4 + [False]
    assert all(len(section.css("li")) - len(section.css("details li")) <= 5 for section in sections)
    assert "script" not in (page.css_first(".facets").html or "")
