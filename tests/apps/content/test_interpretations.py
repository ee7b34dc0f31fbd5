"""What the packs ask of an interpretation: its parts, and that whoever drafted the document writes it."""

from datetime import date, timedelta

import pytest

from jiyue.content.models import Interpretation
from jiyue.content.readiness import problems
from jiyue.rules.library import shipped
from tests.apps.rules.decisions import assigned, overseers
from tests.cast import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def under(cast, now):
    """Put the city under a pack."""

    def put(pack: str) -> None:
        long_ago = now - timedelta(days=900)
        assigned(cast.city.organisation, pack, long_ago.date(), overseers(None, now=long_ago), now=long_ago)

    return put


def explained(cast, now, *headings: str, document=None, **facts) -> Interpretation:
    document = document or draft(cast.city, now=now, title="澄湖市停车管理办法", kind="policy_document", column="zcwj")
    body = [
        {"type": "heading", "value": {"text": text, "level": "2"}, "id": f"h{number}"}
        for number, text in enumerate(headings)
    ]
    body.append({"type": "paragraph", "value": "<p>办法共三章二十条，自明年起施行，重点是便民。</p>", "id": "p"})
    record = draft(cast.city, now=now, kind="interpretation", column="zcjd", title="停车办法解读", body=body, **facts)
    record.documents.set([document.typed])
    return record


def lacking(record, now) -> list[str]:
    return [problem.message for problem in problems(record, on=now.date())]


@pytest.mark.req("POL-06")
def test_hubei_asks_for_four_parts_and_names_each_that_is_missing(cast, now, under):
    under("hubei")
    messages = lacking(explained(cast, now, "一、出台的背景和依据", "二、主要内容"), now)
    assert [message.split("”")[0].split("“")[1] for message in messages] == ["目标任务", "解决的问题"]
    assert all("第十八条" in message for message in messages)
    whole = explained(cast, now, "一、出台背景", "二、目标任务", "三、主要内容", "四、解决了哪些问题")
    assert lacking(whole, now) == []


@pytest.mark.req("POL-06")
def test_ningxia_asks_for_five_others(cast, now, under):
    under("ningxia")
    whole = ("名词解释", "与原办法的区别", "适用对象", "执行标准和注意事项", "惠企举措")
    assert lacking(explained(cast, now, *whole), now) == []
    assert len(lacking(explained(cast, now, "一、出台背景", "二、目标任务"), now)) == 5


@pytest.mark.req("POL-06")
def test_a_film_tells_its_parts_in_its_own_way_and_no_pack_asks_nothing(cast, now, under):
    assert lacking(explained(cast, now), now) == []
    under("hubei")
    assert lacking(explained(cast, now, form="video"), now) == []


@pytest.mark.req("POL-05")
@pytest.mark.parametrize(("pack", "asked"), [("ningxia", True), ("xiangxi", True), ("hubei", False)])
def test_who_drafted_the_document_interprets_it_where_the_pack_says_so(cast, now, under, pack, asked):
    under(pack)
    document = draft(cast.city, now=now, title="澄湖市停车管理办法", kind="policy_document", column="zcwj",
                     drafting_unit=cast.outside.organisation)  # fmt: skip
    record = explained(cast, now, document=document, form="video")
    messages = lacking(record, now)
    assert bool(messages) == asked
    if asked:
        assert f"由{cast.outside.organisation.name}起草" in messages[0]
    record.responsible = cast.outside.organisation
    assert lacking(record, now) == []


def test_every_part_that_a_pack_names_can_be_recognised():
    from jiyue.content.interpretations import NAMES, PARTS, SIGNS

    library = shipped()
    named = {
        part
        for name in library.names
        if (answer := library.ruleset(name).answer(PARTS, on=date(2026, 11, 21))).is_set
        for part in answer.terms.value
    }
    assert named and named <= NAMES.keys() == SIGNS.keys()
