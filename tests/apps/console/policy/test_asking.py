"""The screens of questions, campaigns and shares: from a hotline call to a line on the public page; numbers with lists."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from jiyue.content.models import PolicyCampaign, PublicQuestion
from jiyue.foundation.home import Home
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from tests.apps.review.test_together import document_of, material_of
from tests.cast import reviewed, structured

pytestmark = pytest.mark.django_db
WORDS = "停车超过半小时怎么收费？"


@pytest.fixture
def city(cast):
    return cast.city


def posted(client, name, pk, **given):
    return client.post(reverse(name, args=[pk]), given, follow=True)


def cells(answer) -> list[str]:
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


@pytest.mark.req("POL-09", "POL-02")
def test_a_question_from_the_hotline_ends_on_both_public_pages(cast, city, now, sign_in, settings):
    structured(city, now=now)
    document = document_of(city, now)
    material = material_of(city, now, document)
    client = sign_in(city.editor)
    given = {"document": document.pk, "words": WORDS, "source": "hotline", "asked_on": "2026-11-20", "times": 12}
    wrong = posted(client, "console_question_new", city.site.pk, **given | {"words": "张某手机13900000000问"})
    assert wrong.status_code == 422 and "个人信息" in wrong.content.decode()
    shown = posted(client, "console_question_new", city.site.pk, **given).content.decode()
    assert WORDS in shown and "待研究" in shown
    question = PublicQuestion.objects.get()
    shown = posted(client, "console_question", question.pk, act="answer", place=f"{material.pk}-3").content.decode()
    assert "三、主要内容" in shown and "公众还看不到" in shown
    reviewed(city, document, now=now)
    material.refresh_from_db()
    reviewed(city, material, now=now)
    Publisher().publish(city.site, now=now)
    root, items = (
        Home(settings.JIYUE_HOME).public_root(city.site.host),
        {item.identity: item for item in PublicItem.objects.all()},
    )
    page = (root / items[document.identity].address.lstrip("/")).read_text()
    other = (root / items[material.identity].address.lstrip("/")).read_text()
    assert WORDS in page and f"{items[material.identity].address}#" in page
    assert WORDS in other and "公众关心的问题" in other
    assert "已公开回答" in client.get(reverse("console_question", args=[question.pk])).content.decode()
    assert WORDS in cells(client.get(reverse("console_questions_export")))
    stranger = sign_in(cast.outside.editor)
    assert WORDS not in stranger.get(reverse("console_questions")).content.decode()
    assert WORDS not in cells(stranger.get(reverse("console_questions_export")))


@pytest.mark.req("POL-10")
def test_a_campaign_is_registered_corrected_exported_and_removed(cast, city, now, sign_in):
    document = document_of(city, now)
    client = sign_in(city.editor)
    given = {
        "unit": city.organisation.pk, "title": "停车新规进园区", "place_kind": "park", "place": "湖西产业园",
        "audience": "园区企业", "held_on": "2026-11-20", "people": "26", "documents": [document.pk],
    }  # fmt: skip
    wrong = posted(client, "console_campaign_new", city.site.pk, **given | {"documents": []})
    assert wrong.status_code == 422 and "请选择讲了哪些文件" in wrong.content.decode()
    posted(client, "console_campaign_new", city.site.pk, **given)
    kept = PolicyCampaign.objects.get()
    posted(client, "console_campaign", kept.pk, act="save", **given | {"people": "28"})
    assert "28" in cells(client.get(reverse("console_campaigns_export") + "?kind=park&year=2026"))
    assert "停车新规进园区" not in client.get(reverse("console_campaigns") + "?kind=school").content.decode()
    assert "停车新规进园区" not in sign_in(cast.outside.editor).get(reverse("console_campaigns")).content.decode()
    posted(sign_in(city.editor), "console_campaign", kept.pk, act="remove", reason="登记重了")
    assert PolicyCampaign.objects.count() == 0


@pytest.mark.req("POL-07", "POL-02")
def test_shares_show_number_goal_and_the_lists_behind_them(city, now, sign_in):
    structured(city, now=now)
    without = document_of(city, now, title="没有解读的办法")
    document = document_of(city, now)
    for record in (without, document, material_of(city, now, document)):
        reviewed(city, record, now=now)
    Publisher().publish(city.site, now=now)
    client = sign_in(city.editor)
    period = "?since=2026-01-01&until=2026-12-31"
    shown = client.get(reverse("console_interpreted") + period).content.decode()
    assert "50%" in shown and "没有解读的办法" in shown and "还没有解读的文件（1）" in shown and "没有规定目标" in shown
    assert "没有解读的办法" in cells(client.get(reverse("console_interpreted_export") + period))
    wrong = client.get(reverse("console_interpreted") + "?since=2026-02-01&until=2026-01-01").content.decode()
    assert "结束日期早于开始日期" in wrong
