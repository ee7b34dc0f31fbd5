"""What the public asks of a policy and which section answers it; where a policy was carried to people (POL-09, POL-10)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.content import asking
from jiyue.content.models import PolicyCampaign, PublicQuestion
from jiyue.content.readiness import problems
from jiyue.content.snapshots import snapshot_of
from jiyue.domain.actors import process
from jiyue.review.actions import submit
from jiyue.review.answering import signed_answers, todo_for
from tests.apps.review.test_together import document_of, material_of
from tests.cast import reviewed, with_body

pytestmark = pytest.mark.django_db
SECTION = "三、主要内容"


@pytest.fixture
def city(cast):
    return cast.city


@pytest.fixture
def document(city, now):
    return document_of(city, now)


def asked(city, document, now, words="停车超过半小时怎么收费？", **facts) -> PublicQuestion:
    given = {"source": "hotline", "asked_on": now.date(), "by": city.editor, "now": now, **facts}
    return asking.gather_question(document=document, words=words, **given)


@pytest.mark.req("POL-09")
@pytest.mark.parametrize("words", [
    "张某（电话13900000000）问能不能减免？", "身份证11010519491231002X的老人怎么办？", "a" * 301, "  ",
])  # fmt: skip
def test_a_question_holds_no_person_and_no_novel(city, document, now, words):
    with pytest.raises(ValidationError):
        asked(city, document, now, words)
    assert PublicQuestion.objects.count() == 0


@pytest.mark.req("POL-09")
def test_only_who_keeps_the_site_gathers_and_nothing_from_tomorrow(cast, city, document, now):
    with pytest.raises(PermissionDenied):
        asked(city, document, now, by=cast.outside.editor)
    with pytest.raises(ValidationError):
        asked(city, document, now, asked_on=now.date() + timedelta(days=1))
    with pytest.raises(ValidationError):
        asked(city, document, now, times=0)


@pytest.mark.req("POL-09")
def test_programs_hand_a_question_over_once_and_then_only_how_many_asked(city, document, now):
    given = {"document": document, "words": "老小区怎么办？", "source": "letter", "asked_on": now.date(), "now": now,
             "by": process("interaction"), "reference": "letters:17"}  # fmt: skip
    first = asking.take_in_question(**given, times=3)
    again = asking.take_in_question(**given, times=9)
    assert (first.pk, again.times, PublicQuestion.objects.count()) == (again.pk, 9, 1)


@pytest.mark.req("POL-09")
def test_an_answer_is_part_of_the_version_and_public_only_with_it(city, document, now):
    material = material_of(city, now, document)
    question = asked(city, document, now, times=12)
    assert [todo.note for todo in todo_for(city.editor)] == ["1 个问题还没有解读回答"]
    reviewed(city, material, now=now)
    material.refresh_from_db()
    answered = asking.answer_question(
        question=question, interpretation=material, section=SECTION, by=city.editor, now=now
    )
    assert (answered.state, signed_answers([answered]), todo_for(city.editor)) == ("chosen", set(), [])
    [told] = snapshot_of(material)["detail"]["answers"]
    assert (told["words"], told["section"], told["document"]) == (question.words, SECTION, str(document.identity))
    assert told["anchor"] in snapshot_of(material)["body"]
    reviewed(city, material, now=now, instruction={"reason": "补充回答公众关心的问题"})
    assert signed_answers([answered]) == {question.pk}


@pytest.mark.req("POL-09")
def test_what_an_answer_points_to_has_to_be_there(city, document, now):
    material, question = material_of(city, now, document), asked(city, document, now)
    how = {"question": question, "by": city.editor, "now": now}
    with pytest.raises(ValidationError, match="没有这个小标题"):
        asking.answer_question(interpretation=material, section="五、没有这一节", **how)
    with pytest.raises(ValidationError, match="没有解读这份文件"):
        asking.answer_question(interpretation=material_of(city, now, title="别的解读"), **how)
    asking.answer_question(interpretation=material, section=SECTION, **how)
    with pytest.raises(ValidationError, match="先取消回答"):
        asking.decline_question(reason="不讲", **how)
    plain = [{"type": "paragraph", "value": "<p>办法自明年起施行。</p>", "id": "p"}]
    told = [problem.message for problem in problems(with_body(material, plain, by=city.editor, now=now), on=now.date())]
    assert any("已经不在解读里" in message for message in told)


@pytest.mark.req("POL-09")
def test_no_answer_moves_while_reviewers_read(cast, city, document, now):
    material, question = material_of(city, now, document), asked(city, document, now)
    how = {"question": question, "interpretation": material, "now": now}
    submit(record=material, by=city.editor, now=now)
    material.refresh_from_db()
    with pytest.raises(ValidationError, match="正在审核"):
        asking.answer_question(by=city.editor, **how)
    with pytest.raises(PermissionDenied):
        asking.answer_question(by=cast.outside.editor, **how)


@pytest.mark.req("POL-09")
def test_one_that_is_let_be_says_why(city, document, now):
    question = asked(city, document, now)
    with pytest.raises(ValidationError):
        asking.decline_question(question=question, reason=" ", by=city.editor, now=now)
    asking.decline_question(question=question, reason="文件第三条已写明", by=city.editor, now=now)
    assert todo_for(city.editor) == []
    assert asking.choose_question(question=question, by=city.editor, now=now).declined_reason == ""


@pytest.mark.req("POL-10")
def test_a_campaign_names_place_people_and_documents(cast, city, document, now):
    def fresh(**facts):
        given = {"title": "停车新规进社区", "place_kind": "community", "place": "柳岸社区活动室", "audience": "车主",
                 "held_on": now.date(), **facts}  # fmt: skip
        return PolicyCampaign(site=city.site, unit=city.organisation, **given)

    how = {"interpretations": [], "by": city.editor, "now": now}
    kept = asking.save_campaign(campaign=fresh(people=43), documents=[document], **how)
    assert list(kept.documents.all()) == [document]
    for campaign, documents in (
        (fresh(), []),
        (fresh(place_kind="moon"), [document]),
        (fresh(people=5, held_on=now.date() + timedelta(days=2)), [document]),
        (fresh(), [document_of(cast.outside, now)]),
    ):
        with pytest.raises(ValidationError):
            asking.save_campaign(campaign=campaign, documents=documents, **how)
    with pytest.raises(PermissionDenied):
        asking.save_campaign(campaign=fresh(), documents=[document], **how | {"by": cast.outside.editor})
    with pytest.raises(ValidationError):
        asking.remove_campaign(campaign=kept, reason="", by=city.editor, now=now)
    asking.remove_campaign(campaign=kept, reason="登记重了", by=city.editor, now=now)
    assert PolicyCampaign.objects.count() == 0
