"""A survey all the way: signed, answered on the site's page without script, taken once, closed, and its result public."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.conf import settings

from jiyue.config.letters import attend
from jiyue.foundation.home import Home
from jiyue.interaction.models import Opinion, SurveyAnswer, SurveyText
from jiyue.publishing.publisher import Publisher
from tests.apps.portal.counter_home import counting
from tests.campaigns import DAY, address_of, call_draft, signed, survey_draft
from tests.cast import structured

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.req("INT-11")
def test_a_survey_is_answered_without_script_and_counted_once(cast, home):
    now = datetime.now(UTC)  # as the counter, whose clock is the machine's
    structured(cast.city, now=now - DAY)
    survey = signed(cast.city, survey_draft(cast.city, now=now), now=now)
    Publisher().publish(cast.city.site, now=now)
    page = address_of(survey)
    with counting(Home(settings.JIYUE_HOME), cast.city.site.host) as city:
        shown = city.get(page).body.decode()
        target = re.search(r'href="(/hudong/join\?of=[^"]+)"', shown)[1]
        form = city.form(target)
        assert "不问姓名" in form.text and "为什么很少去" not in form.text
        assert "第 1 题：这一题需要回答" in form.posted(target).text
        form = form.posted(target, q1="3")
        assert "为什么很少去" in form.text
        wrong = form.posted(target, **{"q2": "路太远", "q3.1": "1", "q3.2": "1", "q3.3": "1", "q4": "4"})
        assert "最多选 2 项" in wrong.text and "路太远" in wrong.text and wrong.text.count("checked") >= 4
        checked = form.posted(target, **{"q2": "路太远", "q3.1": "1", "q4": "4"})
        assert "核对一遍" in checked.text and "北段" in checked.text
        assert "请回答下面的问题" in checked.posted(target).text
        thanks = checked.posted(target, human=checked.answer())
        assert "已经收到" in thanks.text
        again = checked.posted(target, human=checked.answer())
        assert "只计一次" in again.text
    attend(now=datetime.now(UTC))
    row = SurveyAnswer.objects.get()
    assert json.loads(row.answers) == {"q1": "3", "q2": "1", "q3": "1", "q4": "4"}
    assert SurveyText.objects.get().text == "路太远"


def test_after_the_end_nothing_is_taken_and_nothing_typed_is_lost(cast, home):
    now = datetime.now(UTC)
    structured(cast.city, now=now - DAY)
    draft = survey_draft(cast.city, now=now - 2 * DAY, opens_at=now - 2 * DAY, closes_at=now - DAY)
    survey = signed(cast.city, draft, now=now - 2 * DAY)
    Publisher().publish(cast.city.site, now=now)
    target = f"/hudong/join?of={address_of(survey)}"
    with counting(Home(settings.JIYUE_HOME), cast.city.site.host) as city:
        assert "已经在" in city.get(target).body.decode()
        late = city.post(target, {"q1": "2", "page": "0", "go": "next"}).body.decode()
        assert "不能再提交了" in late and 'value="2" checked' in late and "main-button" not in late.split("</main>")[0]
        assert city.get("/hudong/join?of=/nothing/1.html").status == 404
        assert "参加调查" not in city.get(address_of(survey)).body.decode()
    assert SurveyAnswer.objects.count() == 0


@pytest.mark.req("INT-11")
def test_an_opinion_is_given_on_a_paragraph(cast, home):
    now = datetime.now(UTC)
    structured(cast.city, now=now - DAY)
    call = signed(cast.city, call_draft(cast.city, now=now), now=now)
    Publisher().publish(cast.city.site, now=now)
    with counting(Home(settings.JIYUE_HOME), cast.city.site.host) as city:
        shown = city.get(address_of(call)).body.decode()
        target = re.search(r'href="([^"]+at=2)" aria-label="对第 2 段提意见"', shown)[1].replace("&amp;", "&")
        form = city.form(target)
        assert "<blockquote" in form.text and "照明到二十二时" in form.text
        assert "请写下您的意见" in form.posted(target, at="2").text
        thanks = form.posted(target, at="2", text="建议延长到二十三时。", human=form.answer())
        assert "已经收到" in thanks.text
    attend(now=datetime.now(UTC))
    row = Opinion.objects.get()
    assert (row.paragraph, row.text) == (2, "建议延长到二十三时。")
