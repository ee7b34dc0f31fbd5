"""The screen on which an answered letter becomes public: what is shown to whom, and nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from jiyue.interaction import publicity
from jiyue.interaction.models import PublicVersion
from tests.letters import answered, letter, office
from tests.public_answers import prepared, with_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast, now):
    return office(with_answers(cast.city, now=now), now=now)


@pytest.fixture
def case(desk, now):
    text = "我叫样来信，电话000-55501234。湖滨路的公交站牌晚上看不清，请问什么时候能修？"
    return answered(letter(desk.tenant, now=now, text=text), desk, now=now)


def seen_by(user, case, **sent):
    client = Client(headers={"host": "console.localhost"})
    client.force_login(user)
    address = reverse("console_letter_public", args=[case.pk])
    return client.post(address, sent, follow=True) if sent else client.get(address)


def test_from_the_handler_to_the_reviewer_and_into_review(case, desk, now):
    first = seen_by(desk.handler, case).content.decode()
    assert "制作公开版" in first and "×××" in first and "来信人同意隐去个人信息后公开" in first
    sent = {
        "act": "prepare", "prepare-version": "0", "prepare-column": str(desk.tenant.columns["lxgk"].pk),
        "prepare-title": "公交站牌看不清", "prepare-question": "我叫样来信，站牌看不清。", "prepare-answer": "已修好。",
    }  # fmt: skip
    refused = seen_by(desk.handler, case, **sent).content.decode()
    assert "文字里还有来信人填写的姓名，请隐去" in refused and "我叫样来信，站牌看不清。" in refused
    seen_by(desk.handler, case, **{**sent, "prepare-question": "我叫×××，站牌看不清。"})
    version = PublicVersion.objects.get()
    shown = seen_by(desk.replier, case).content.decode()
    assert "以上各处都已核对" in shown and "<del>样来信</del>" in shown and "待逐处核对" in shown
    half = seen_by(desk.replier, case, **{"act": "confirm", "confirm-version": "1", "confirm-places": "question-1"})
    assert "处没有核对" in half.content.decode()
    keys = [place.key for found in publicity.places_of(version).values() for place in found]
    seen_by(desk.replier, case, **{"act": "confirm", "confirm-version": "1", "confirm-places": keys})
    done = seen_by(desk.handler, case, **{"act": "submit", "submit-version": "2"}).content.decode()
    version.refresh_from_db()
    assert "已送审，签发后自动公开" in done and version.record.state == "first"


def test_an_exception_shows_its_reason_and_names(case, desk, now):
    sent = {
        "act": "withhold",
        "withhold-version": "0",
        "withhold-ground": "untrue",
        "withhold-grounds": "现场核实没有此事。",
    }
    assert "已报答复审核人批准" in seen_by(desk.handler, case, **sent).content.decode()
    assert 'value="agree"' not in seen_by(desk.handler, case).content.decode()
    page = seen_by(desk.replier, case, **{"act": "agree", "agree-version": "1"}).content.decode()
    assert "现场核实没有此事。" in page and desk.replier.name in page and desk.handler.name in page


def test_other_people_of_other_sites_find_nothing(cast, case, desk, now):
    prepared(case, desk, now=now)
    assert seen_by(office(cast.outside, now=now).replier, case).status_code == 404
    assert seen_by(cast.city.editor, case).status_code in (403, 404)
    supervisor = seen_by(cast.supervisor, case)
    assert supervisor.status_code == 200 and "以上各处都已核对" not in supervisor.content.decode()


@pytest.mark.req("MON-04")
def test_a_supervisor_reads_hints_marks_the_reply_and_sees_it_counted(cast, desk, now):
    empty = "您反映的问题已收悉，我们将加强管理，感谢您的关心。"
    case = answered(letter(desk.tenant, now=now), desk, now=now, text=empty)
    client = Client(headers={"host": "console.localhost"})
    client.force_login(cast.supervisor)
    address, reply = reverse("console_letter", args=[case.pk]), case.replies.get()
    assert "只是提示，不是结论" in client.get(address).content.decode()
    sent = {"act": "mark", f"mark-{reply.pk}-reply": reply.pk, f"mark-{reply.pk}-fault": "empty"}
    refused = client.post(address, sent)
    assert refused.status_code == 422 and "没有保存" in refused.content.decode()
    client.post(address, {**sent, f"mark-{reply.pk}-reason": "没有说什么时候修"})
    assert "没有说什么时候修" in client.get(address).content.decode()
    span = f"?since={now:%Y}-01-01&until={now:%Y}-12-31"
    page = client.get(reverse("console_letter_statistics") + span).content.decode()
    assert "按承办人" in page and desk.handler.name in page and "质量标记" in page
    table = client.get(reverse("console_letter_statistics_export") + span)
    assert table.status_code == 200 and table.content[:2] == b"PK"
    assert (
        "结束日期早于开始日期"
        in client.get(
            reverse("console_letter_statistics"), {"since": "2026-12-01", "until": "2026-01-01"}
        ).content.decode()
    )
