"""Mail to applicants: that it came, that a correction is wanted, that it takes longer, that there is an outcome; never what."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jiyue.disclosure import actions, handling
from jiyue.disclosure.models import Request, RequestNotice
from jiyue.disclosure.notices import any_waiting, send_waiting, stop
from jiyue.disclosure.receiving import PART
from jiyue.domain.deadlines import local
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.notices import secret_of
from jiyue.interaction.receiving import empty_box
from tests.apps.console.duties.test_posts import postbox  # noqa: F401  # a fixture
from tests.apps.interaction.test_notices import mails
from tests.disclosure import COMPANY, FIELDS, IDENTITY, asked
from tests.letters import box, office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ADDRESS = "shenqing@example.invalid"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now - 60 * DAY)


def test_four_moments_are_told_and_nothing_of_the_request(cast, desk, postbox, now):  # noqa: F811
    request = asked(cast.city, now=now, email=ADDRESS)
    until = local(now + 10 * DAY).date()
    actions.notify_correction(request=request, reason="请写明年份", until=until, by=desk.clerk, now=now)
    actions.take_correction(request=request, text="2025年", arrived_at=now + DAY, by=desk.clerk, now=now + DAY)
    now += DAY
    actions.accept(request=request, by=desk.clerk, now=now)
    handling.ask_time(request=request, reason="材料多", by=desk.handler, now=now)
    handling.grant_time(request=request, by=desk.replier, now=now)
    handling.submit(request=request, decision="not_held", text="查无此件", confirmed=True, by=desk.handler, now=now)
    handling.approve(request=request, by=desk.replier, now=now)
    handling.send(request=request, by=desk.handler, now=now)
    assert any_waiting(now)
    assert (send_waiting(now=now), send_waiting(now=now)) == (4, 0)
    told, number = mails(postbox), request.number
    assert [mail["Subject"].rpartition("：")[2] for mail in told] == [
        f"已收到您的政府信息公开申请，编号 {number}", f"公开申请 {number} 请您补正", f"公开申请 {number} 的答复期限延长了",
        f"公开申请 {number} 有结果了",
    ]  # fmt: skip
    for mail in told:
        text = mail.get_content()
        assert number in text and "/hudong/follow" in text and "也没有查询码" in text
        for private in (FIELDS["title"], FIELDS["name"], IDENTITY, "年份", "材料", "查无", "公开〔"):
            assert private not in str(mail) + text
    assert len({mail["Message-ID"] for mail in told}) == 4
    assert ADDRESS not in str(list(RequestNotice.objects.values()))


def test_paper_and_requests_without_an_address_get_none(cast, desk, postbox, now):  # noqa: F811
    asked(cast.city, now=now)
    actions.register_request(
        site=cast.city.site,
        fields={**COMPANY, "email": ADDRESS},
        source="post",
        received_at=now,
        by=desk.clerk,
        now=now,
    )
    assert not RequestNotice.objects.exists()


def test_one_click_stops_every_further_mail_about_this_request(cast, desk, postbox, now):  # noqa: F811
    request, other = asked(cast.city, now=now, email=ADDRESS), asked(cast.city, now=now, email=ADDRESS)
    send_waiting(now=now)
    link = mails(postbox)[0]["List-Unsubscribe"].strip("<>")
    assert link.endswith(f"/hudong/stop?n={request.number}&k={secret_of(request.number)}")
    for _twice in range(2):
        box().drop_stop(request.number, secret_of(request.number), at=now)
        empty_box(now=now, parts=(PART,))
    box().drop_stop(other.number, secret_of(request.number), at=now)
    empty_box(now=now, parts=(PART,))
    assert Request.objects.get(pk=request.pk).mail_stopped_at == now
    assert Request.objects.get(pk=other.pk).mail_stopped_at is None
    request.refresh_from_db()
    actions.notify_correction(request=request, reason="年份", until=local(now + 9 * DAY).date(), by=desk.clerk, now=now)
    assert request.notices.count() == 1
    assert AuditEvent.objects.filter(code="disclosure.mail_stopped").count() == 1
    assert not stop(secret="0" * 32, number="20200101-000000", now=now)


def test_a_refused_address_is_told_to_the_desk(cast, desk, postbox, client, now):  # noqa: F811
    request = asked(cast.city, now=now, email=ADDRESS)
    RequestNotice.objects.update(tries=9)
    postbox.refuse = True
    send_waiting(now=now)
    assert RequestNotice.objects.get().state == "failed"
    assert AuditEvent.objects.filter(code="disclosure.notice_failed", subject=f"disclosure:{request.pk}").exists()
    client.force_login(desk.clerk)
    page = client.get(reverse("console_disclosure", args=[request.pk])).content.decode()
    assert "没有发出" in page and ADDRESS not in page
