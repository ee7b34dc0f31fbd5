"""Answers are taken once and counted truly; opinions are grouped and decided; results go the way of all records."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from jiyue.content.models import CampaignResult, Record, Survey
from jiyue.content.readiness import problems
from jiyue.foundation.home import Home
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.campaigns import actions
from jiyue.interaction.campaigns.figures import survey_figures
from jiyue.interaction.models import Opinion, OpinionGroup, SetAside, SurveyAnswer, SurveyText
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.publishing.duties import CampaignSource, CampaignYearSource
from jiyue.publishing.publisher import Publisher
from tests.apps.rules.decisions import assigned, overseers
from tests.campaigns import ANSWERS, DAY, address_of, answered, call_draft, signed, survey_draft
from tests.cast import draft, reviewed, structured

pytestmark = pytest.mark.django_db
PRIVATE = "我叫王小湖，电话 13812345678，住在湖滨小区3号楼2单元501室"


@pytest.fixture
def survey(cast, now) -> Survey:
    structured(cast.city, now=now - DAY)
    return signed(cast.city, survey_draft(cast.city, now=now), now=now)


@pytest.fixture
def call(cast, now):
    structured(cast.city, now=now - DAY)
    return signed(cast.city, call_draft(cast.city, now=now), now=now)


def tree(site) -> str:
    """Every byte that the site shows to the world."""
    root = Home(settings.JIYUE_HOME).public_root(site.host)
    return "".join(path.read_text("utf-8", "replace") for path in root.rglob("*") if path.is_file())


@pytest.mark.req("INT-11")
def test_one_browser_counts_once_and_equal_answers_twice(survey, now):
    answered(survey, now=now, token="a" * 32)
    SurveyAnswer.objects.get()
    answered(survey, now=now, token="a" * 32)
    answered(survey, now=now)
    figures = survey_figures(survey)
    assert (figures["answers"], figures["broken"], SurveyText.objects.count()) == (2, 0, 2)
    assert [row["count"] for row in figures["questions"][2]["options"]] == [2, 0, 2]
    assert "路太远" not in "".join(SurveyAnswer.objects.values_list("answers", flat=True))


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "0" * 64}, {"host": "slj.chenghu.localhost"}, {"about": "00000000-0000-4000-8000-000000000000"},
        {"fields": {"q1": "9"}}, {"fields": {**ANSWERS, "q1": "1"}}, {"at": "2031-01-01T00:00:00+00:00"}, {"at": "gestern"},
    ],
)  # fmt: skip
def test_what_is_no_answer_is_set_aside_and_not_counted(survey, now, wrong):
    answered(survey, **{"fields": ANSWERS, "now": now} | wrong)
    assert (SurveyAnswer.objects.count(), SetAside.objects.count()) == (0, 1)


def test_a_row_written_past_the_letter_box_does_not_count(survey, now):
    answered(survey, now=now)
    row = SurveyAnswer.objects.get()
    facts = {"survey": survey, "version": row.version, "at": now, "answers": row.answers, "seal": row.seal}
    SurveyAnswer.objects.create(token="b" * 32, language="zh-CN", **facts)
    assert (survey_figures(survey)["answers"], survey_figures(survey)["broken"]) == (1, 1)


def test_questions_stay_once_somebody_answered(cast, survey, now):
    answered(survey, now=now)
    assert AuditEvent.objects.filter(code="interaction.answers_began").count() == 1
    survey.refresh_from_db()
    rows = survey.questions.get_prep_value()
    rows[0]["value"]["options"] = "每天\n从不"
    survey.questions = survey.questions.stream_block.to_python(rows)
    with pytest.raises(ValidationError, match="不能再改"):
        survey.full_clean()


@pytest.mark.req("INT-11")
def test_the_result_is_drawn_up_after_the_end_and_public_after_review(cast, survey, now):
    answered(survey, {**ANSWERS, "q2": PRIVATE[:50]}, now=now)
    with pytest.raises(ValidationError, match="还没有结束"):
        actions.draw_up_result(campaign=survey, column=survey.column, by=cast.city.editor, now=now)
    text, late = SurveyText.objects.get(), now + 11 * DAY
    with pytest.raises(ValidationError, match="个人信息"):
        actions.quote(text=text, words=text.text, by=cast.city.editor, now=late)
    actions.quote(text=text, words="路太远，希望有公交。", by=cast.city.editor, now=late)
    result = actions.draw_up_result(campaign=survey, column=survey.column, by=cast.city.editor, now=late)
    again = actions.draw_up_result(campaign=survey, column=survey.column, by=cast.city.editor, now=late)
    assert again.pk == result.pk and problems(result, on=late.date()) == []
    reviewed(cast.city, result, now=late)
    Publisher().publish(cast.city.site, now=late)
    root = Home(settings.JIYUE_HOME).public_root(cast.city.site.host)
    page = (root / address_of(result).lstrip("/")).read_text()
    assert "路太远，希望有公交。" in page and "<svg" in page and "100.0%" in page
    assert address_of(result) in (root / address_of(survey).lstrip("/")).read_text()
    assert address_of(survey) in page
    whole = tree(cast.city.site)
    assert [word for word in ("王小湖", "13812345678", "湖滨小区3号楼") if word in whole] == []


def test_who_does_not_write_for_the_site_can_do_nothing(cast, survey, now):
    answered(survey, now=now)
    for by in (cast.outside.editor, cast.city.final):
        with pytest.raises(PermissionDenied):
            actions.quote(text=SurveyText.objects.get(), words="x", by=by, now=now)
        with pytest.raises(PermissionDenied):
            actions.draw_up_result(campaign=survey, column=survey.column, by=by, now=now + 20 * DAY)


def test_a_result_written_from_nothing_is_refused(cast, now):
    structured(cast.city, now=now)
    record = draft(cast.city, now=now, kind=Record.Kind.CAMPAIGN_RESULT, title="结果")
    assert "title" in {problem.field for problem in problems(record, on=now.date())}


@pytest.mark.req("INT-11")
def test_opinions_are_grouped_decided_with_reasons_and_published_without_their_writers(cast, call, now):
    answered(call, {"at": "2", "text": f"{PRIVATE}，建议照明到二十三时。"}, now=now)
    answered(call, {"text": "整篇都好。"}, now=now)
    editor, late = cast.city.editor, now + 11 * DAY
    with pytest.raises(ValidationError, match="没有归类"):
        actions.draw_up_result(campaign=call, column=call.column, by=editor, now=late)
    first, second = Opinion.objects.order_by("pk")
    group = actions.group_opinions(call=call, opinions=[first.pk], title="延长照明", by=editor, now=late)
    other = actions.group_opinions(call=call, opinions=[second.pk], title="赞成", by=editor, now=late)
    with pytest.raises(ValidationError, match="还没有写处理结果"):
        actions.draw_up_result(campaign=call, column=call.column, by=editor, now=late)
    with pytest.raises(ValidationError) as refused:
        actions.decide_group(group=group, summary="", outcome="", reason="", by=editor, now=late)
    assert set(refused.value.error_dict) == {"summary", "outcome", "reason"}
    with pytest.raises(ValidationError, match="个人信息"):
        actions.decide_group(group=group, summary=first.text, outcome="adopted", reason="有理", by=editor, now=late)
    told = {"summary": "建议照明延长一小时。", "outcome": "partly", "reason": "周末延长，见第二条。"}
    actions.decide_group(group=group, by=editor, now=late, **told)
    stale = OpinionGroup(pk=other.pk, call=call, title="赞成", version=9)
    with pytest.raises(actions.GroupChanged):
        actions.decide_group(group=stale, by=editor, now=late, **told)
    actions.decide_group(group=other, summary="赞成。", outcome="adopted", reason="保持不变。", by=editor, now=late)
    result = actions.draw_up_result(campaign=call, column=call.column, by=editor, now=late)
    document = draft(
        cast.city, now=late, kind=Record.Kind.POLICY_DOCUMENT, column="zcwj", title="湖滨步道管理办法", issuer="澄湖市水利局",
        written_on=late.date(), major_decision=True, opinion_call=call,
    )  # fmt: skip
    for record in (result, document):
        reviewed(cast.city, record, now=late)
    Publisher().publish(cast.city.site, now=late)
    root = Home(settings.JIYUE_HOME).public_root(cast.city.site.host)
    page = (root / address_of(result).lstrip("/")).read_text()
    assert "部分采纳" in page and "周末延长，见第二条。" in page
    assert address_of(document) in (root / address_of(call).lstrip("/")).read_text()
    assert address_of(call) in (root / address_of(document).lstrip("/")).read_text()
    whole = tree(cast.city.site)
    assert [word for word in ("王小湖", "13812345678", "整篇都好") if word in whole] == []
    trail = "".join(json.dumps(event.data, ensure_ascii=False) for event in AuditEvent.objects.all())
    assert "王小湖" not in trail and "建议照明" not in trail


@pytest.mark.req("INT-13")
def test_a_major_decision_needs_its_call_or_a_recorded_reason(cast, call, now, sign_in):
    facts = {"kind": Record.Kind.POLICY_DOCUMENT, "column": "zcwj", "issuer": "澄湖市水利局", "written_on": now.date()}
    document = draft(cast.city, now=now, major_decision=True, **facts)
    assert [problem.field for problem in problems(document, on=now.date())] == ["opinion_call"]
    with pytest.raises(ValidationError):
        reviewed(cast.city, document, now=now)
    document.no_call_reason = "依法应当保密的程序，依据条例第十四条。"
    document.save()
    assert problems(document, on=now.date()) == []
    review = reviewed(cast.city, document, now=now)
    assert "应当保密" not in review.version.content
    read = sign_in(cast.city.final).get(reverse("console_review", args=[review.pk])).content.decode()
    assert "依法应当保密的程序" in read
    unseen = call_draft(cast.city, now=now, title="另一次征求意见")
    other = draft(cast.city, now=now, major_decision=True, opinion_call=unseen, title="另一件", **facts)
    assert "还没有公开" in problems(other, on=now.date())[0].message
    reviewed(cast.city, unseen, now=now)
    assert problems(other.__class__.objects.get(pk=other.pk), on=now.date()) == []


@pytest.mark.req("INT-11", "INT-12")
def test_result_and_yearly_count_are_owed_by_rule(cast, survey, now):
    assigned(cast.city.organisation, "xiangxi", (now - 900 * DAY).date(), overseers(None, now=now), now=now - 900 * DAY)
    Publisher().publish(cast.city.site, now=now)
    for source in (CampaignSource(), CampaignYearSource()):
        refresh(source, now=now)
    duty = Obligation.objects.get(parameter="survey.result")
    assert (duty.started_at, duty.done_at, duty.pack) == (survey.closes_at, None, "xiangxi")
    assert duty.due_at - survey.closes_at > timedelta(days=15)
    done = dict(Obligation.objects.filter(parameter="survey.count").values_list("subject", "done_at"))
    key = f"campaign-year:{cast.city.site.pk}"
    assert done[f"{key}:survey"] is not None and done[f"{key}:opinion"] is None
    late = now + 12 * DAY
    result = actions.draw_up_result(campaign=survey, column=survey.column, by=cast.city.editor, now=late)
    reviewed(cast.city, CampaignResult.objects.get(pk=result.pk), now=late)
    Publisher().publish(cast.city.site, now=late)
    refresh(CampaignSource(), subjects=[f"record:{survey.identity}"], now=late)
    duty.refresh_from_db()
    assert duty.done_at is not None


@pytest.mark.req("INT-11")
def test_a_page_says_that_it_opens_is_open_and_is_over_by_itself(cast, now):
    structured(cast.city, now=now - DAY)
    made = survey_draft(cast.city, now=now, opens_at=now + DAY, closes_at=now + 2 * DAY)
    survey = signed(cast.city, made, now=now)
    root = Home(settings.JIYUE_HOME).public_root(cast.city.site.host)
    said = []
    for at in (now, now + 1.5 * DAY, now + 3 * DAY):
        Publisher().publish(cast.city.site, now=at)
        page = (root / address_of(survey).lstrip("/")).read_text()
        said.append(next(word for word in ("未开始", "进行中", "已结束") if word in page))
    assert said == ["未开始", "进行中", "已结束"]
