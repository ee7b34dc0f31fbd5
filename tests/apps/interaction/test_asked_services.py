"""Which service item a letter asks about: from the guide by which it came, or as its desk says; both pages lead to each other."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from jiyue.content.actions import save_draft
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import actions, publicity
from jiyue.interaction.enquiries.taking import empty_box as empty_talks
from jiyue.interaction.letterbox import talks as box_of
from jiyue.interaction.models import Case, Enquiry
from jiyue.interaction.publicity import V
from jiyue.interaction.queries import earlier_answers
from jiyue.interaction.receiving import empty_box
from jiyue.interaction.services import may_name, name_service, services_for
from jiyue.interaction.statistics import letter_statistics
from jiyue.interaction.stepping import ChangedMeanwhile, NotNow, NotYours
from jiyue.portal.counter.services import Asked, asked_of
from jiyue.publishing.models import ItemLink, PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.reconciling import reconcile
from jiyue.review.actions import submit, submit_withdrawal
from tests.cast import reviewed, sign_all, structured
from tests.enquiries import Visitor, desk_of
from tests.letters import answered, dropped, letter, office
from tests.public_answers import made_public, with_answers
from tests.services import guide_of, item_of, with_services

pytestmark = [pytest.mark.django_db, pytest.mark.req("SERV-10")]
HOUR = timedelta(hours=1)
CODE = "990100-SL-0001"


@pytest.fixture
def city(cast, now):
    with_services(cast.city, now=now)
    return with_answers(cast.city, now=now)


@pytest.fixture
def desk(city, now):
    return office(city, now=now)


@pytest.fixture
def item(cast, now):
    return item_of(cast, now=now)


def page_of(site, record) -> HTMLParser:
    found = PublicItem.objects.get(identity=record.identity, site=site)
    root = Home(settings.JIYUE_HOME).public_root(site.host)
    return HTMLParser((root / found.address.lstrip("/")).read_text())


def links(page: HTMLParser, css: str) -> list[str]:
    return [link.text(strip=True) for link in page.css(f"{css} a")]


def test_a_letter_from_a_guide_carries_its_item_and_one_of_an_unknown_code_none(desk, item, now):
    assert letter(desk.tenant, now=now, service=CODE).service == item
    assert letter(desk.tenant, now=now, service="990100-XX-0000").service is None
    assert letter(desk.tenant, now=now, service="x" * 5000).service is None
    assert "service" not in letter(desk.tenant, now=now, service=CODE).fields


def test_a_report_of_a_wrong_names_no_item(desk, item, now):
    receipt = dropped(
        desk.tenant, now=now, kind="report", service=CODE, reported="某单位", naming="anonymous", phone="", name="",
        public="",
    )  # fmt: skip
    empty_box(now=now)
    case = Case.objects.get(number=receipt.number)
    assert case.service is None
    assert not may_name(desk.clerk, case)
    with pytest.raises(NotNow):
        name_service(case=case, code=CODE, by=desk.clerk, now=now)


def test_the_desk_says_which_item_and_takes_it_back(desk, item, now):
    case = letter(desk.tenant, now=now)
    with pytest.raises(ValidationError, match="没有“990100-XX-0000”这个办事事项"):
        name_service(case=case, code="990100-XX-0000", by=desk.clerk, now=now)
    with pytest.raises(NotYours):
        name_service(case=case, code=CODE, by=desk.replier, now=now)
    old = Case.objects.get(pk=case.pk)
    name_service(case=case, code=CODE, by=desk.clerk, now=now)
    case.refresh_from_db()
    assert case.service == item
    with pytest.raises(ChangedMeanwhile):
        name_service(case=old, code="", by=desk.clerk, now=now)
    name_service(case=case, code=CODE, by=desk.clerk, now=now)  # the same again changes and tells nothing
    name_service(case=case, code="", by=desk.clerk, now=now)
    said = AuditEvent.objects.filter(code="interaction.letter_service").order_by("sequence")
    assert [event.data["service"] for event in said] == [CODE, ""]


def test_an_item_that_was_given_up_is_not_offered_but_stays_where_it_is(desk, item, now):
    old = letter(desk.tenant, now=now, service=CODE)
    item.ended_on, item.ended_reason = now.date(), "已取消"
    item.save()
    fresh = letter(desk.tenant, now=now)
    assert list(services_for(fresh)) == []
    assert list(services_for(old)) == [item]


def test_merging_and_splitting_keep_it(desk, item, now):
    lead, same = letter(desk.tenant, now=now), letter(desk.tenant, now=now, service=CODE)
    actions.merge(case=same, into=lead, reason="同一件事", by=desk.clerk, now=now)
    lead.refresh_from_db()
    assert lead.service == item
    actions.accept(case=lead, by=desk.clerk, now=now)
    part = actions.split(
        case=lead, title="另一件", text="还有一件事要问。", desk=lead.desk, reason="分开办", by=desk.clerk, now=now
    )
    assert part.service == item


def test_what_was_asked_at_the_live_desk_stays_with_the_letter_made_of_it(desk, city, item, now):
    desk_of(city, now=now)
    visitor = Visitor(city.site.host)
    visitor.say("取水许可要多久？", now=now, act=box_of.OPEN, service=CODE)
    empty_talks(now=now)
    row = Enquiry.objects.get()
    assert row.service == item
    case = letter(city, now=now, talk=row.room)
    assert case.service == item


def test_guide_and_answer_lead_to_each_other_as_long_as_both_are_public(desk, city, item, now):
    guide = guide_of(city, item, now=now, column="bszn")
    reviewed(city, guide, now=now)
    Publisher().publish(city.site, now=now)
    assert not page_of(city.site, guide).css("#answers")
    case = answered(letter(city, now=now, service=CODE), desk, now=now)
    record = made_public(case, desk, now=now)
    assert links(page_of(city.site, guide), "#answers") == ["公交站牌看不清"]
    assert "取水许可办事指南" in links(page_of(city.site, record), ".facts")
    other = made_public(answered(letter(city, now=now), desk, now=now), desk, now=now)
    assert links(page_of(city.site, guide), "#answers") == ["公交站牌看不清"]
    assert "所问的办事事项" not in page_of(city.site, other).html
    # A guide that is corrected is named anew; one that is gone leaves the name of the item.
    guide.refresh_from_db()
    guide.title = "取水许可（新办）办事指南"
    guide = save_draft(record=guide, by=city.editor, now=now)
    sign_all(city, submit(record=guide, by=city.editor, now=now + HOUR, instruction={"reason": "改名"}), now=now + HOUR)
    Publisher().publish(city.site, now=now + HOUR)
    assert "取水许可（新办）办事指南" in links(page_of(city.site, record), ".facts")
    sign_all(city, submit_withdrawal(record=guide, reason="已取消", kind="error", by=city.editor, now=now + 2 * HOUR),
             now=now + 2 * HOUR)  # fmt: skip
    Publisher().publish(city.site, now=now + 2 * HOUR)
    shown = page_of(city.site, record)
    assert links(shown, ".facts") == [] and "取水许可" in shown.css_first(".facts").text()


def test_an_answer_that_is_withdrawn_leaves_the_guide(desk, city, item, now):
    guide = guide_of(city, item, now=now, column="bszn")
    reviewed(city, guide, now=now)
    record = made_public(answered(letter(city, now=now, service=CODE), desk, now=now), desk, now=now)
    assert links(page_of(city.site, guide), "#answers")
    review = submit_withdrawal(record=record, reason="写错", kind="error", by=city.editor, now=now + HOUR)
    sign_all(city, review, now=now + HOUR)
    Publisher().publish(city.site, now=now + HOUR)
    assert not page_of(city.site, guide).css("#answers")


def test_a_correction_with_another_item_moves_the_answer(cast, desk, city, item, now):
    other = item_of(cast, now=now, code="990100-SL-0002", name="河道采砂许可")
    first = guide_of(city, item, now=now, column="bszn")
    second = guide_of(city, other, now=now, column="bszn", title="河道采砂许可办事指南")
    reviewed(city, first, now=now)
    reviewed(city, second, now=now)
    case = answered(letter(city, now=now, service=CODE), desk, now=now)
    record = made_public(case, desk, now=now)
    name_service(case=Case.objects.get(pk=case.pk), code=other.code, by=desk.clerk, now=now)
    case = Case.objects.get(pk=case.pk)
    words = publicity.Words(record.title, record.question, record.answer)
    version = publicity.prepare(
        case=case, column=record.column, title=words.title, question=words.question, answer=words.answer,
        by=desk.handler, now=now + HOUR, correction="事项写错了", version=case.public_version.version,
    )  # fmt: skip
    keys = [place.key for found in publicity.places_of(version).values() for place in found]
    version = publicity.confirm(version=version, looked_at=keys, by=desk.replier, now=now + HOUR)
    assert version.state == V.CONFIRMED
    sign_all(city, publicity.submit(version=version, by=desk.handler, now=now + HOUR), now=now + HOUR)
    Publisher().publish(city.site, now=now + HOUR)
    assert not page_of(city.site, first).css("#answers")
    assert links(page_of(city.site, second), "#answers") == ["公交站牌看不清"]


def test_a_link_written_into_the_database_shows_nothing_and_is_found(desk, city, item, now):
    guide = guide_of(city, item, now=now, column="bszn")
    reviewed(city, guide, now=now)
    record = made_public(answered(letter(city, now=now), desk, now=now), desk, now=now)
    forged = PublicItem.objects.get(identity=record.identity)
    ItemLink.objects.create(item=forged, target=item.identity)
    structured(city, now=now + HOUR)
    Publisher().publish(city.site, now=now + HOUR)
    assert not page_of(city.site, guide).css("#answers")
    assert f"links:{record.identity}" in str(reconcile(now=now + HOUR))


def test_guides_that_were_public_before_are_linked_by_the_migration(city, item, now):
    guides = [
        guide_of(city, item, now=now, column="bszn"),
        guide_of(city, None, now=now, column="bszn", title="便民服务"),
    ]
    reviewed(city, guides[0], now=now)
    Publisher().publish(city.site, now=now)
    ItemLink.objects.all().delete()
    step = import_module("jiyue.publishing.migrations.0015_service_links")
    for _twice in range(2):
        step.link(apps, None)
    assert list(ItemLink.objects.values_list("item__identity", "target")) == [(guides[0].identity, item.identity)]


def test_who_came_from_the_guide_is_led_to_write_about_it(city, item, now):
    guide = guide_of(city, item, now=now, column="bszn")
    reviewed(city, guide, now=now)
    Publisher().publish(city.site, now=now)
    address = PublicItem.objects.get(identity=guide.identity).address
    assert f'/hudong/write?guide={address}"' in page_of(city.site, guide).html
    beside = Home(settings.JIYUE_HOME).public_root(city.site.host) / address.lstrip("/").replace(".html", ".json")
    assert asked_of(beside.read_bytes(), address) == Asked(address, "取水许可办事指南", CODE)


def test_earlier_answers_about_the_same_item_come_first(desk, city, item, now):
    first = answered(letter(city, now=now, service=CODE, text="水表怎么装，要交哪些图纸？"), desk, now=now)
    answered(letter(city, now=now), desk, now=now)
    fresh = letter(city, now=now, service=CODE)
    assert earlier_answers(fresh, desk.clerk)[0].case == first


def test_letters_are_counted_by_item(desk, city, item, now):
    letter(city, now=now, service=CODE)
    letter(city, now=now)
    found = letter_statistics(
        Site.objects.filter(pk=city.site.pk), since=now.date(), until=now.date(), now=now, whole="合计"
    )
    assert [(line.name, line.received) for line in found.services] == [("取水许可", 1)]


def test_the_page_of_a_letter_shows_the_item_and_keeps_what_was_typed_wrong(desk, city, item, now):
    reviewed(city, guide_of(city, item, now=now, column="bszn"), now=now)
    Publisher().publish(city.site, now=now)
    case = letter(city, now=now)
    client = Client(headers={"host": "console.localhost"})
    client.force_login(desk.clerk)
    address = reverse("console_letter", args=[case.pk])
    assert f'<option value="{CODE} 取水许可">' in client.get(address).content.decode()
    sent = {"act": "service", "service-version": case.version, "service-service": "没有的事项"}
    refused = client.post(address, sent).content.decode()
    assert "没有“没有的事项”这个办事事项" in refused and 'value="没有的事项"' in refused
    done = client.post(address, {**sent, "service-service": f"{CODE} 取水许可"}, follow=True).content.decode()
    assert "已记下所问的办事事项" in done and "办事指南：取水许可办事指南" in done
    case.refresh_from_db()
    stale = client.post(address, {**sent, "service-service": ""}).content.decode()
    assert "这封信刚刚被别人处理过" in stale
    # The other forms are those of the letter as it is now, so that what is done with them next is not refused too.
    assert (
        re.findall(r'name="accept-version" value="(\d+)"', stale)
        == [str(case.version)]
        != [str(sent["service-version"])]
    )
    by_name = {**sent, "service-version": case.version, "service-service": "取水许可"}
    client.post(address, by_name)
    assert Case.objects.get(pk=case.pk).service == item
    client.force_login(desk.replier)
    assert 'name="service-service"' not in client.get(address).content.decode()
