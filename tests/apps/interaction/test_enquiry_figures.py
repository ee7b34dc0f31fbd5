"""What the public statistics tell of live enquiries: each step counted once, sealed, under the signed order."""

from datetime import timedelta

import pytest

from jiyue.domain import talk_figures
from jiyue.interaction.accounts import FiguresBroken
from jiyue.interaction.enquiries import actions, desks
from jiyue.interaction.enquiries.figures import talk_sums_of
from jiyue.interaction.enquiries.taking import empty_box
from jiyue.interaction.letterbox.talks import room_of
from jiyue.interaction.models import Enquiry, EnquiryFigures
from jiyue.interaction.receiving import empty_box as empty_letters
from jiyue.publishing import figures
from jiyue.publishing.models import Incident
from jiyue.publishing.publisher import Publisher
from tests.apps.interaction.test_publicity import root_of
from tests.enquiries import Visitor, desk_of
from tests.letters import dropped, office
from tests.public_answers import BASE, with_answers

pytestmark = [pytest.mark.django_db, pytest.mark.req("INT-16", "INT-05")]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PAGE = f"{BASE}statistics/index.html"


@pytest.fixture
def clerk(cast, now, home):
    tenant = with_answers(cast.city, now=now, figures=True)
    people, desk = office(tenant, now=now), desk_of(tenant, now=now)
    desks.come_on_duty(desk=desk, by=people.clerk, now=now)
    return people.clerk


def began(cast, now) -> Visitor:
    visitor = Visitor(cast.city.site.host)
    visitor.begin("老年卡在哪里换？", now=now)
    return visitor


def back_on_duty(cast, clerk, now) -> None:
    desks.come_on_duty(desk=cast.city.site.enquiry_desk, by=clerk, now=now)


def whole(cast) -> talk_figures.Sum:
    return talk_sums_of(cast.city.site.pk).get("2026") or talk_figures.empty()


def test_each_step_is_counted_once(cast, clerk, now):
    visitor = began(cast, now)
    began(cast, now)
    assert whole(cast) == talk_figures.empty() | {"held": 2}
    for _twice in range(2):
        actions.take(enquiry=visitor.enquiry, by=clerk, now=now)
    for late, words in ((5, "到街道办。"), (40, "带身份证。")):
        back_on_duty(cast, clerk, now + late * MINUTE)
        actions.answer(enquiry=visitor.enquiry, text=words, by=clerk, now=now + late * MINUTE)
    for _twice in range(2):
        dropped(cast.city, now=now, talk=room_of(visitor.secret))
        empty_letters(now=now)
    visitor.say("", act="end", now=now + 41 * MINUTE)
    for score in ("5", "1"):
        visitor.say("", act="rate", now=now + 42 * MINUTE, score=score)
    empty_box(now=now + 43 * MINUTE)
    expected = {"held": 2, "taken": 1, "answered": 1, "in_time": 1, "letters": 1, "ratings": {"5": 1}}
    assert whole(cast) == expected
    assert talk_figures.share_in_time(whole(cast)) == 100


def test_an_answer_after_the_time_of_the_desk_is_not_in_time(cast, clerk, now):
    visitor = began(cast, now)
    actions.take(enquiry=visitor.enquiry, by=clerk, now=now)
    back_on_duty(cast, clerk, now + 16 * MINUTE)
    actions.answer(enquiry=visitor.enquiry, text="到街道办。", by=clerk, now=now + 16 * MINUTE)
    assert (whole(cast)["answered"], whole(cast)["in_time"]) == (1, 0)


def test_the_public_page_tells_them_and_stops_where_a_sum_was_written(cast, clerk, now):
    site, visitor = cast.city.site, began(cast, now)
    actions.take(enquiry=visitor.enquiry, by=clerk, now=now)
    Publisher().publish(site, now=now)
    assert figures.state_all(now) == 1
    Publisher().publish(site, now=now)
    page = (root_of(site) / PAGE).read_text().split("</header>")[-1]
    assert "在线咨询" in page and "<td>1</td><td>1</td><td>0%</td><td>0</td><td>—</td>" in page
    EnquiryFigures.objects.update(sums={"2026": talk_figures.empty() | {"held": 1, "taken": 1, "ratings": {"5": 99}}})
    with pytest.raises(FiguresBroken):
        talk_sums_of(site.pk)
    actions.answer(enquiry=visitor.enquiry, text="到街道办。", by=clerk, now=now)  # goes on, and seals nothing anew
    assert figures.state_all(now + DAY) == 0
    assert Incident.objects.filter(subject=f"{site.host} figures").exists()


def test_a_conversation_taken_out_stops_the_figures(cast, clerk, now):
    visitor = began(cast, now)
    began(cast, now)
    Enquiry.objects.filter(pk=visitor.enquiry.pk).update(site=cast.outside.site)
    with pytest.raises(FiguresBroken):
        talk_sums_of(cast.city.site.pk)


def test_sums_that_were_removed_and_begun_anew_stop_the_statement(cast, clerk, now):
    site = cast.city.site
    for _n in range(2):
        began(cast, now)
    Publisher().publish(site, now=now)
    assert figures.state_all(now) == 1
    EnquiryFigures.objects.all().delete()
    assert figures.state_all(now + DAY) == 0
    began(cast, now)
    assert talk_sums_of(site.pk)["2026"]["held"] == 1  # sealed, and one fewer than was told in public
    assert figures.state_all(now + DAY) == 0
    assert Incident.objects.filter(subject=f"{site.host} figures").exists()


def test_conversations_from_before_are_left_out(cast, clerk, now):
    visitor = began(cast, now)
    EnquiryFigures.objects.all().delete()
    actions.take(enquiry=visitor.enquiry, by=clerk, now=now)
    assert talk_sums_of(cast.city.site.pk) == {}
    began(cast, now)
    visitor.say("", act="end", now=now)
    visitor.say("", act="rate", now=now, score="4")
    empty_box(now=now)
    assert whole(cast) == talk_figures.empty() | {"held": 1}
