"""The screens of 公开申请: what they show, what a wrong form says, and that nothing typed is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiyue.disclosure import actions
from jiyue.disclosure.models import Request
from jiyue.domain.deadlines import local
from tests.disclosure import COMPANY, IDENTITY, asked
from tests.letters import office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now():
    """The machine's: its screens ask whether the year is over."""
    return timezone.now()


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


@pytest.fixture
def request_(cast, now):
    return asked(cast.city, now=now)


def sent(client, request: Request, act: str, **fields: str):
    request.refresh_from_db()
    data = {"act": act, f"{act}-version": request.version, **{f"{act}-{name}": value for name, value in fields.items()}}
    return client.post(reverse("console_disclosure", args=[request.pk]), data, follow=True)


def test_a_request_is_answered_by_the_forms_of_its_screen(client, request_, desk, now):
    client.force_login(desk.clerk)
    assert request_.title in client.get(reverse("console_disclosures")).content.decode()
    assert "已办理：审查通过" in sent(client, request_, "accept").content.decode()
    client.force_login(desk.handler)
    refused = sent(
        client, request_, "submit", decision="to_be_made", text="没有现成的统计，要另外汇总。"
    ).content.decode()
    assert "请核对现行法律后确认" in refused and "没有现成的统计，要另外汇总。" in refused
    assert "已办理" in sent(
        client, request_, "submit", decision="to_be_made", text="没有现成的统计。", confirmed="on"
    ).content.decode()  # fmt: skip
    client.force_login(desk.replier)
    page = client.get(reverse("console_disclosure", args=[request_.pk])).content.decode()
    assert "第三十八条" in page and "申请行政复议" in page
    assert "已办理：审核通过" in sent(client, request_, "approve", opinion="同意").content.decode()
    client.force_login(desk.handler)
    assert "已办理：发出答复" in sent(client, request_, "send").content.decode()
    letter = request_.letters.get()
    answer = client.get(reverse("console_disclosure_docx", args=[letter.pk]))
    assert answer.content[:2] == b"PK" and "no-store" in answer["Cache-Control"]
    client.force_login(desk.clerk)
    day = timezone.localdate().isoformat()
    assert "已办理：登记送达" in sent(client, request_, "deliver", means="site", on=day, note="").content.decode()
    shown = sent(client, request_, "remedy", remedy="suit", body="例法院", begun_on=day).content.decode()
    assert "登记复议诉讼结果" in shown
    contest = request_.contests.get()
    assert "结果纠正" in sent(
        client, request_, "settle", contest=contest.pk, verdict="corrected", ended_on=day
    ).content.decode()  # fmt: skip


def test_consultation_and_extension_by_form(client, request_, desk, now):
    actions.accept(request=request_, by=desk.clerk, now=now)
    client.force_login(desk.handler)
    asked_at = local(now).strftime("%Y-%m-%dT%H:%M")
    later = local(now + DAY).strftime("%Y-%m-%dT%H:%M")
    wrong = sent(
        client, request_, "consult", kind="third_party", party="例公司", question="同意吗", asked_at="2999-01-01T10:00"
    )
    assert "对方收到的时间" in wrong.content.decode() and "例公司" in wrong.content.decode()
    assert request_.consultations.count() == 0
    assert asked_at < later
    page = sent(client, request_, "ask_time", reason="材料很多").content.decode()
    assert "等另一人决定" in page
    client.force_login(desk.replier)
    assert "已办理：同意延长" in sent(client, request_, "grant_time").content.decode()


def test_what_somebody_did_meanwhile_is_not_overwritten(client, request_, desk, now):
    client.force_login(desk.clerk)
    data = {"act": "accept", "accept-version": request_.version + 5}
    page = client.post(reverse("console_disclosure", args=[request_.pk]), data, follow=True).content.decode()
    assert "刚刚被别人处理过" in page
    page = client.post(reverse("console_disclosure", args=[request_.pk]), {"act": "nonsense"}, follow=True)
    assert "现在不能这样办理" in page.content.decode()


def test_paper_is_registered_and_a_wrong_code_keeps_what_was_typed(client, cast, desk, now):
    client.force_login(desk.clerk)
    address = reverse("console_disclosure_register", args=[cast.city.site.pk])
    given = {**COMPANY, "source": "post", "received_at": local(now - DAY).strftime("%Y-%m-%dT%H:%M")}
    wrong = client.post(address, {**given, "credit_code": "91350100M000100Y44"}).content.decode()
    assert "这不是有效的统一社会信用代码" in wrong and "91350100M000100Y44" in wrong
    page = client.post(address, given, follow=True).content.decode()
    assert "已登记，请审查" in page and COMPANY["name"] not in page
    assert client.get(reverse("console_disclosure_register", args=[cast.outside.site.pk])).status_code == 404


def test_each_figure_of_the_report_leads_to_its_requests(client, request_, desk, now):
    client.force_login(desk.clerk)
    year = local(now).year
    address = f"{reverse('console_disclosure_report')}?site={request_.desk_id}&year={year}"
    page = client.get(address).content.decode()
    assert "每一列都平衡" in page and "row=new&amp;column=natural" in page
    chosen = client.get(f"{address}&row=new&column=natural").content.decode()
    assert request_.number in chosen and IDENTITY not in chosen
    for form in ("docx", "xlsx", "json"):
        assert (
            client.get(
                f"{reverse('console_disclosure_report_export')}?site={request_.desk_id}&year={year}&form={form}"
            ).status_code
            == 200
        )
    assert "还没有过完" in client.post(address, follow=True).content.decode()
    assert client.get(f"{reverse('console_disclosure_report')}?site=nonsense&year=1").status_code == 200
