"""Who looked at data of citizens: counted from the trail, stopped in numbers, shown to those who read the trail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiyue.foundation.models import AuditEvent
from jiyue.identity.private_looks import TooManyLooks, lookers
from jiyue.interaction import actions, calls
from tests.letters import PHONE, letter, office

pytestmark = [pytest.mark.django_db, pytest.mark.req("SECU-22")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now - 10 * DAY)


def looked(desk, *moments):
    cases = [letter(desk.tenant, now=at) for at in moments]
    for case, at in zip(cases, moments, strict=True):
        actions.look_at_sender(case=case, by=desk.clerk, now=at)
    return cases


def test_nobody_sees_more_senders_in_an_hour_than_the_platform_allows(desk, now, settings, sign_in):
    settings.JIYUE_CONTACTS_AN_HOUR = 2
    _first, second = looked(desk, now - 50 * timedelta(minutes=1), now)
    last, again = letter(desk.tenant, now=now), letter(desk.tenant, now=now)
    with pytest.raises(TooManyLooks, match="一小时内已查看 2 件"):
        actions.look_at_sender(case=last, by=desk.clerk, now=now)
    traced = AuditEvent.objects.filter(code="interaction.sender_seen")
    assert traced.count() == 2
    assert actions.look_at_sender(case=second, by=desk.clerk, now=now)["phone"] == PHONE  # seen already
    assert actions.look_at_sender(case=again, by=desk.clerk, now=now + HOUR)["phone"] == PHONE


def test_the_page_says_why_and_shows_no_sender(desk, settings, sign_in):
    settings.JIYUE_CONTACTS_AN_HOUR = 1
    at = timezone.now()
    looked(desk, at)
    case = letter(desk.tenant, now=at)
    client = sign_in(desk.clerk)
    answer = client.post(reverse("console_letter", args=[case.pk]), {"act": "sender"}, follow=True)
    assert answer.redirect_chain and "达到上限" in answer.content.decode() and PHONE not in answer.content.decode()


def test_looks_are_counted_by_person_and_day_and_an_unusual_day_is_hinted(desk, now):
    looked(desk, now - 3 * DAY, now - 2 * DAY)
    looked(desk, *(now - timedelta(minutes=n) for n in range(10)))
    [one] = lookers(AuditEvent.objects.all(), since=now - 5 * DAY, until=now + DAY)
    assert (one.name, one.contacts, one.matters, one.taken) == (desk.clerk.name, 12, 0, 0)
    assert one.busiest == (now.date(), 10) and one.usual == 1 and one.unusual and not one.at_limit
    [calm] = lookers(AuditEvent.objects.all(), since=now - 5 * DAY, until=now - DAY)
    assert calm.contacts == 2 and not calm.unusual


def test_looks_are_read_by_who_reads_the_trail_of_those_sites_alone(cast, desk, now, settings, sign_in):
    other = office(cast.outside, now=now - 10 * DAY)
    looked(desk, now)
    looked(other, now)
    asked = {"since": (now - DAY).date().isoformat(), "until": now.date().isoformat()}
    of_auditor = sign_in(cast.auditor).get(reverse("console_private_looks"), asked).content.decode()
    assert desk.clerk.name in of_auditor and other.clerk.name in of_auditor
    usual = sign_in(cast.auditor).get(reverse("console_private_looks")).content.decode()
    assert f'value="{timezone.localdate().isoformat()}"' in usual
    of_manager = sign_in(cast.city.manager).get(reverse("console_private_looks"), asked).content.decode()
    assert desk.clerk.name in of_manager and other.clerk.name not in of_manager
    assert sign_in(cast.city.editor).get(reverse("console_private_looks")).status_code in {403, 404}
    settings.JIYUE_CONTACTS_AN_HOUR = 1
    sheet = b"".join(
        sign_in(cast.auditor)
        .get(reverse("console_private_looks_export"), asked | {"q": desk.clerk.name})
        .streaming_content
    ).decode()
    assert desk.clerk.name in sheet and other.clerk.name not in sheet and "达到每小时上限" in sheet
    backwards = {"since": "2026-11-21", "until": "2026-11-01"}
    wrong = sign_in(cast.auditor).get(reverse("console_private_looks"), backwards).content.decode()
    assert "结束日期不能早于开始日期" in wrong


def test_whose_a_telephone_number_is_counts_as_a_look_and_what_was_typed_stays(desk, settings, sign_in):
    settings.JIYUE_CONTACTS_AN_HOUR = 1
    at = timezone.now()
    case = letter(desk.tenant, now=at)
    site = desk.tenant.site
    asked = {"site": site, "words": "别的事", "by": desk.clerk, "now": at}
    assert [one.case for one in calls.look(contact={"phone": PHONE}, **asked)] == [case]
    for phone in (PHONE, "000-55509999"):  # also one that is nobody's: the refusal tells nothing
        with pytest.raises(TooManyLooks):
            calls.look(contact={"phone": phone}, **asked)
    assert calls.look(contact={}, **asked) == []
    with pytest.raises(TooManyLooks):
        actions.look_at_sender(case=letter(desk.tenant, now=at), by=desk.clerk, now=at)
    typed = {"act": "look", "text": "路灯不亮", "phone": PHONE, "kind": "help", "token": "a" * 32}
    shown = sign_in(desk.clerk).post(reverse("console_call_register", args=[site.pk]), typed).content.decode()
    assert "达到上限" in shown and "路灯不亮" in shown and PHONE in shown
    assert AuditEvent.objects.filter(code="interaction.sender_matched").count() == 1
