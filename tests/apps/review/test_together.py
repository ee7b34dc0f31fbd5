"""一案三同步: document, plan and material are signed in one act or not at all (POL-04)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from jiyue.content import binding
from jiyue.content.actions import save_draft
from jiyue.content.models import PolicyCase
from jiyue.content.models.records import State
from jiyue.review import ledger
from jiyue.review.actions import recall, send_back, sign_waiting, submit, submit_withdrawal
from jiyue.review.ledger import SignOffRefused, sign_off
from jiyue.review.models import Review, SignOff
from jiyue.review.refusals import NotReady, ReviewRefused
from tests.apps.rules.decisions import assigned, overseers
from tests.cast import TEST, draft, reviewed, sign_all, with_body

pytestmark = [pytest.mark.django_db, pytest.mark.req("POL-04")]
PARTS = ("一、背景和依据", "二、目标任务", "三、主要内容", "四、解决的问题")


@pytest.fixture
def city(cast):
    return cast.city


@pytest.fixture
def under(cast, now):
    def put(pack: str) -> None:
        long_ago = now - timedelta(days=900)
        assigned(cast.city.organisation, pack, long_ago.date(), overseers(None, now=long_ago), now=long_ago)

    return put


def document_of(city, now, **facts):
    given = {
        "title": "澄湖市停车管理办法", "kind": "policy_document", "column": "zcwj", "issuer": "澄湖市人民政府",
        "written_on": now.date(), "drafting_unit": city.organisation, "public_effect": "vital", **facts,
    }  # fmt: skip
    return draft(city, now=now, **given).typed


def material_of(city, now, *documents, title="停车办法解读", form="text"):
    body = [{"type": "heading", "value": {"text": text, "level": "2"}, "id": text} for text in PARTS]
    body.append({"type": "paragraph", "value": "<p>办法自明年起施行，重点是便民。</p>", "id": "p"})
    record = draft(city, now=now, kind="interpretation", column="zcjd", title=title, body=body, form=form)
    record.documents.set(documents)
    return record.typed


def planned(city, now, document, *, forms=("text",)) -> PolicyCase:
    case = binding.open_case(document=document, by=city.editor, now=now)
    return binding.save_plan(
        case=case, unit=city.organisation, forms=list(forms), points="收费标准怎样变\n谁可以免费", audience="车主",
        ready_on=now.date(), by=city.editor, now=now,
    )  # fmt: skip


@pytest.fixture
def case(city, now) -> PolicyCase:
    document = document_of(city, now)
    material_of(city, now, document)
    return planned(city, now, document)


def parts(case):
    return case.document, case.interpretations.get()


def until_together(city, record, now) -> Review:
    review = sign_all(city, submit(record=record, by=city.editor, now=now), now=now)
    record.refresh_from_db()
    return review


def lacks(record, city, now) -> str:
    with pytest.raises(NotReady) as refused:
        submit(record=record, by=city.editor, now=now)
    return "\n".join(refused.value.messages)


@pytest.mark.parametrize(("pack", "article"), [("hebi", "第三十一条"), ("xiangxi", "第十条")])
def test_where_the_pack_says_so_no_document_is_submitted_without_plan_and_material(city, now, under, pack, article):
    under(pack)
    document = document_of(city, now)
    told = lacks(document, city, now)
    assert "同步案件" in told and article in told
    case = binding.open_case(document=document, by=city.editor, now=now)
    told = lacks(document, city, now)
    for missing in ("解读要点", "讲给谁听", "解读形式", "完成日期", "还没有解读材料"):
        assert missing in told
    case = planned(city, now, document, forms=["text", "graphic"])
    binding.add_material(case=case, interpretation=material_of(city, now), by=city.editor, now=now)
    assert "方案里有“图表图解”，案件里还没有这种材料" in lacks(document, city, now)
    document.refresh_from_db()
    assert document.state == State.DRAFT  # nothing is lost
    planned(city, now, document)
    assert submit(record=document, by=city.editor, now=now).level == "first"


def test_elsewhere_nobody_asks_and_what_touches_nobody_or_is_old_is_not_asked_either(city, now, under):
    reviewed(city, document_of(city, now), now=now)
    under("hebi")
    reviewed(city, document_of(city, now, public_effect="none"), now=now)
    assert "对公众的影响" in lacks(document_of(city, now, public_effect=""), city, now)
    old = document_of(city, now)
    type(old).objects.filter(pk=old.pk).update(import_key="k" * 64, original_published_at=now - timedelta(days=900))
    assert reviewed(city, old, now=now).status == "signed_off"


def test_the_first_that_is_through_waits_and_the_last_signs_all_in_one_act(city, now, case):
    document, material = parts(case)
    waiting = until_together(city, document, now)
    assert (waiting.status, document.state, SignOff.objects.count()) == ("together", State.TOGETHER, 0)
    later = now + timedelta(hours=3)
    done = sign_all(
        city, submit(record=material, by=city.editor, now=later, publish_at=later + timedelta(days=1)), now=later
    )
    waiting.refresh_from_db()
    rows = list(SignOff.objects.order_by("sequence"))
    assert (done.status, waiting.status) == ("signed_off", "signed_off")
    assert [row.identity for row in rows] == [document.identity, material.identity]
    assert {row.effective_at for row in rows} == {later + timedelta(days=1)}
    assert rows[0].instruction["together"] == sorted([str(document.identity), str(material.identity)])
    assert ledger.broken_rows() == []


def test_it_does_not_matter_which_is_through_first(city, now, case):
    document, material = parts(case)
    assert until_together(city, material, now).status == "together"
    assert until_together(city, document, now).status == "signed_off"
    assert SignOff.objects.count() == 2


def test_no_call_signs_one_without_the_other(city, now, case):
    document, material = parts(case)
    alone = until_together(city, document, now)
    with pytest.raises(SignOffRefused) as refused:
        sign_off(review=alone, by=TEST, now=now)
    assert "“停车办法解读”还没有送审" in refused.value.reasons
    review = submit(record=material, by=city.editor, now=now)
    with pytest.raises(SignOffRefused) as refused:
        sign_waiting(review=alone, by=city.final, now=now)
    assert any("还缺少" in reason and "初审" in reason for reason in refused.value.reasons)
    for forged in (
        {"status": "signed_off"}, {"status": "together", "level": ""}, {"act": "correct", "level": "final"},
    ):  # fmt: skip
        Review.objects.filter(pk=review.pk).update(**forged)
        with pytest.raises(SignOffRefused):
            sign_off(review=alone, by=TEST, now=now)
    assert SignOff.objects.count() == 0


def test_what_stands_in_the_sealed_version_counts_whatever_becomes_of_the_case(city, now, case):
    document, _material = parts(case)
    alone = until_together(city, document, now)
    PolicyCase.objects.all().delete()  # as nobody may, and somebody with the database could
    with pytest.raises(SignOffRefused):
        sign_off(review=alone, by=TEST, now=now)


def test_the_returned_one_is_waited_for_and_its_companion_keeps_its_signatures(city, now, case):
    document, material = parts(case)
    until_together(city, document, now)
    review = submit(record=material, by=city.editor, now=now)
    send_back(review=review, by=city.first, now=now, reason="要点没有讲清楚")
    material.refresh_from_db()
    changed = with_body(material, [*material.body.get_prep_value()], by=city.editor, now=now)
    changed.summary = "改过"
    save_draft(record=changed, by=city.editor, now=now)
    assert until_together(city, changed, now).status == "signed_off"
    document.refresh_from_db()
    assert document.state == State.SIGNED_OFF


def test_a_recalled_document_leaves_the_material_waiting_and_nothing_is_signed(city, now, case):
    document, material = parts(case)
    until_together(city, material, now)
    review = submit(record=document, by=city.editor, now=now)
    recall(review=review, by=city.editor, now=now)
    material.refresh_from_db()
    document.refresh_from_db()
    assert (material.state, document.state, SignOff.objects.count()) == (State.TOGETHER, State.DRAFT, 0)
    waiting = Review.objects.get(version__identity=material.identity)
    recall(review=waiting, by=city.editor, now=now)
    material.refresh_from_db()
    assert material.state == State.DRAFT


def test_nothing_of_a_case_changes_while_a_part_is_under_review(city, now, case):
    document, material = parts(case)
    until_together(city, document, now)
    how = {"case": case, "by": city.editor, "now": now}
    for change in (
        lambda: binding.remove_material(interpretation=material, **how),
        lambda: binding.dissolve_case(reason="不办了", **how),
        lambda: planned(city, now, document),
    ):
        with pytest.raises(ValidationError, match="正在审核"):
            change()
    recall(review=Review.objects.get(status="together"), by=city.editor, now=now)
    submit(record=material, by=city.editor, now=now)
    with pytest.raises(ValidationError, match="正在审核"):
        binding.remove_material(interpretation=material, **how)


def test_a_changed_plan_is_another_version_and_is_signed_anew(city, now, case):
    document, _material = parts(case)
    first = until_together(city, document, now)
    recall(review=first, by=city.editor, now=now)
    case.refresh_from_db()
    binding.save_plan(case=case, unit=city.organisation, forms=["text"], points="另外讲一件事", audience="车主",
                      ready_on=now.date(), by=city.editor, now=now)  # fmt: skip
    again = submit(record=document, by=city.editor, now=now)
    assert (again.version.number, again.level) == (2, "first")


def test_an_interpretation_outside_the_case_does_not_run_ahead_of_the_document(city, now, case):
    document, _material = parts(case)
    stray = material_of(city, now, document, title="抢先的解读")
    review = submit(record=stray, by=city.editor, now=now)
    with pytest.raises(SignOffRefused, match="请先把这篇解读放进案件"):
        sign_all(city, review, now=now)


def test_a_correction_needs_no_companion_and_later_ones_need_no_case(city, now, case):
    document, material = parts(case)
    until_together(city, document, now)
    until_together(city, material, now)
    material.refresh_from_db()
    changed = with_body(material, [*material.body.get_prep_value()], by=city.editor, now=now)
    changed.summary = "订正"
    save_draft(record=changed, by=city.editor, now=now)
    correction = submit(record=changed, by=city.editor, now=now, instruction={"reason": "数字有误"})
    assert sign_all(city, correction, now=now).status == "signed_off"
    later = material_of(city, now, document, title="后来的图解", form="graphic")
    assert reviewed(city, later, now=now).status == "signed_off"


def test_a_withdrawal_says_what_becomes_of_the_companions(city, now, case):
    document, material = parts(case)
    until_together(city, document, now)
    until_together(city, material, now)
    document.refresh_from_db()
    how = {"record": document, "kind": "error", "reason": "文件有误", "by": city.editor, "now": now}
    with pytest.raises(ValidationError, match="解读是否一并撤下"):
        submit_withdrawal(**how)
    asked = submit_withdrawal(**how, companions="withdraw")
    assert asked.instruction["companions"] == "withdraw"
    other = Review.objects.get(version__identity=material.identity, act="withdraw")
    assert "《澄湖市停车管理办法》撤下" in other.instruction["reason"]
    assert sign_all(city, asked, now=now).status == "signed_off"  # not held up by the other


def test_only_its_final_reviewer_signs_what_waits(cast, city, now, case):
    document, _material = parts(case)
    waiting = until_together(city, document, now)
    for other in (cast.outside.final, city.first, city.editor, city.manager, cast.operator):
        with pytest.raises(ReviewRefused):
            sign_waiting(review=waiting, by=other, now=now)


def test_a_case_is_its_sites_own(cast, city, now, case):
    foreign = material_of(cast.outside, now)
    with pytest.raises(Exception, match="不能编写"):
        binding.add_material(case=case, interpretation=foreign, by=city.editor, now=now)
    with pytest.raises(Exception, match="不能办理"):
        planned(cast.outside, now, case.document)


def test_a_rule_that_comes_later_leaves_what_was_submitted_before(city, now, under):
    review = submit(record=document_of(city, now), by=city.editor, now=now - timedelta(days=901))
    under("hebi")
    assert sign_all(city, review, now=now).status == "signed_off"


def test_killed_between_two_rows_nothing_is_signed_and_the_signature_can_be_given_again(city, now, case, monkeypatch):
    document, material = parts(case)
    waiting = until_together(city, document, now)
    review, finish = submit(record=material, by=city.editor, now=now), ledger._finish
    calls = []

    def dying(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return finish(*args, **kwargs)

    monkeypatch.setattr(ledger, "_finish", dying)
    with pytest.raises(KeyboardInterrupt):
        sign_all(city, review, now=now)
    waiting.refresh_from_db()
    review.refresh_from_db()
    assert (waiting.status, review.status, review.level, SignOff.objects.count()) == ("together", "open", "final", 0)
    monkeypatch.undo()
    assert sign_all(city, review, now=now).status == "signed_off"
