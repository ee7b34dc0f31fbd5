"""The screens of 调查征集: how each stands, what came in, and what a clerk does with it until the result is a draft."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from jiyue.content.models import CampaignResult, Survey
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.models import Opinion, OpinionGroup, Quote, SurveyText
from tests.campaigns import DAY, answered, call_draft, signed, survey_draft

pytestmark = pytest.mark.django_db
WROTE = "请打电话 13812345678 告诉我，路太远。"


@pytest.fixture
def now():
    """The machine's: its screens tell what is open today."""
    return timezone.now()


@pytest.fixture
def over(cast, now) -> Survey:
    """A survey that has ended, with one answer."""
    made = survey_draft(cast.city, now=now - 20 * DAY)
    survey = signed(cast.city, made, now=now - 20 * DAY)
    answered(survey, {"q1": "3", "q2": WROTE, "q3": "1", "q4": "5"}, now=now - 15 * DAY)
    return survey


def text(answer) -> str:
    return answer.content.decode()


def test_the_list_says_how_each_stands(cast, now, sign_in, over):
    signed(cast.city, survey_draft(cast.city, now=now, title="正在做的调查"), now=now)
    page = text(sign_in(cast.city.first).get(reverse("console_surveys")))
    assert "进行中" in page and "已结束" in page and "还没有" in page
    assert "还没有调查和征集" in text(sign_in(cast.outside.editor).get(reverse("console_surveys")))


@pytest.mark.req("INT-11")
def test_a_clerk_reads_counts_quotes_a_text_and_draws_up_the_result(cast, now, sign_in, over):
    client = sign_in(cast.city.editor)
    page = text(client.get(reverse("console_survey", args=[over.pk])))
    assert "100.0%" in page and "问了 1 人，1 人回答" in page and WROTE not in page
    listed = text(client.get(reverse("console_survey_texts", args=[over.pk])))
    assert WROTE in listed
    one = reverse("console_survey_text", args=[SurveyText.objects.get().pk])
    assert "×××" in text(client.get(one))
    refused = client.post(one, {"words": WROTE})
    assert refused.status_code == 422 and "个人信息" in text(refused) and WROTE in text(refused)
    assert client.post(one, {"words": "路太远。"}).status_code == 302
    assert Quote.objects.get().words == "路太远。"
    made = client.post(reverse("console_survey", args=[over.pk]))
    result = CampaignResult.objects.get()
    assert made["Location"] == reverse("console_edit", args=[result.pk])
    assert result.figures["questions"][1]["quotes"] == ["路太远。"] and "13812345678" not in str(result.figures)
    assert client.post(one, {"act": "drop"}).status_code == 302 and not Quote.objects.exists()


def test_whoever_reads_but_does_not_write_sees_counts_and_no_words(cast, now, sign_in, over):
    client = sign_in(cast.city.first)
    page = text(client.get(reverse("console_survey", args=[over.pk])))
    assert "100.0%" in page and "导出" not in page and "生成结果" not in page
    for name in ("console_survey_texts", "console_survey_export"):
        assert client.get(reverse(name, args=[over.pk])).status_code == 404
    refused = client.post(reverse("console_survey", args=[over.pk]))
    assert refused.status_code == 409 and "您不办理" in text(refused)


def test_before_the_end_there_is_no_result(cast, now, sign_in):
    survey = signed(cast.city, survey_draft(cast.city, now=now), now=now)
    client = sign_in(cast.city.editor)
    assert "生成结果" not in text(client.get(reverse("console_survey", args=[survey.pk])))
    refused = client.post(reverse("console_survey", args=[survey.pk]))
    assert refused.status_code == 409 and "还没有结束" in text(refused)


@pytest.mark.req("INT-11")
def test_what_came_in_is_taken_away_as_a_file_and_that_is_told(cast, now, sign_in, over):
    client = sign_in(cast.city.editor)
    address = reverse("console_survey_export", args=[over.pk])
    assert client.get(address).content[:2] == b"PK"
    lines = b"".join(client.get(f"{address}?form=csv").streaming_content).decode().splitlines()
    assert "1. 您多久去一次湖边？" in lines[0] and "很少" in lines[1] and WROTE in lines[1]
    assert AuditEvent.objects.filter(code="interaction.answers_exported").count() == 2


@pytest.mark.req("INT-11")
def test_opinions_are_ticked_grouped_and_decided(cast, now, sign_in):
    call = signed(cast.city, call_draft(cast.city, now=now - 20 * DAY), now=now - 20 * DAY)
    answered(call, {"at": "2", "text": WROTE}, now=now - 15 * DAY)
    client, opinions = sign_in(cast.city.editor), reverse("console_opinions", args=[call.pk])
    page = text(client.get(opinions))
    assert WROTE in page and "第 2 段：第二条" in page
    refused = client.post(opinions, {"title": "太远"})
    assert refused.status_code == 422 and "请先勾选" in text(refused) and 'value="太远"' in text(refused)
    assert client.post(opinions, {"title": "太远", "opinions": [Opinion.objects.get().pk]}).status_code == 302
    assert "没有等着归类的意见" in text(client.get(opinions))
    group = OpinionGroup.objects.get()
    one = reverse("console_opinion_group", args=[group.pk])
    shown = text(client.get(one))
    assert "×××" in shown and WROTE in shown
    bare = client.post(one, {"version": group.version, "summary": "路太远。", "outcome": "", "reason": ""})
    assert bare.status_code == 422 and "请选择怎么处理" in text(bare) and "路太远。" in text(bare)
    sent = {"version": group.version, "summary": "路太远。", "outcome": "rejected", "reason": "公交已够。"}
    assert client.post(one, sent).status_code == 302
    late = client.post(one, {**sent, "reason": "另一个理由"})
    assert late.status_code == 422 and "别人刚刚改过" in text(late) and "另一个理由" in text(late)
    assert sign_in(cast.outside.editor).get(one).status_code == 404
    assert client.get(reverse("console_opinions", args=[cast_survey(cast, now).pk])).status_code == 404


def cast_survey(cast, now) -> Survey:
    return survey_draft(cast.city, now=now, title="另一份")


@pytest.mark.req("INT-18")
def test_a_survey_about_the_site_begins_from_a_template(cast, now, sign_in):
    client, address = sign_in(cast.city.editor), reverse("console_survey_about_site")
    assert "按模板建草稿" in text(client.get(address))
    assert client.post(address, {"column": "0"}).status_code == 422
    made = client.post(address, {"column": cast.city.columns["yw"].pk})
    survey = Survey.objects.get()
    assert made["Location"] == reverse("console_edit", args=[survey.pk])
    assert survey.about_site and len(survey.stream("questions")) == 4
    assert "题目" in text(client.get(made["Location"], follow=True))


def test_an_editor_writes_questions_in_the_editor(cast, now, sign_in):
    survey = survey_draft(cast.city, now=now)
    page = text(sign_in(cast.city.editor).get(reverse("console_edit", args=[survey.pk]), follow=True))
    kinds = ("单选题", "多选题", "打分题", "填空题", "排序题", "矩阵题")
    # The blocks travel to the script as JSON.
    assert [word for word in kinds if word not in page and json.dumps(word).strip('"') not in page] == []
