"""Services as the public sees them: the veto, the faults, how far one gets online, and comparisons by the clock."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cast import reviewed
from tests.services import guide_of, item_of

from jiyue.content.models import ItemDifference, ServiceGuide, ServiceSource, Synchronisation
from jiyue.content.service_sources import any_wanted, set_source
from jiyue.domain.service_items import written
from jiyue.domain.service_quality import Group
from jiyue.foundation.fetching import Fetched, NotFetched
from jiyue.publishing.projection import apply
from jiyue.publishing.service_rounds import compare_wanted
from jiyue.publishing.services import ours, reaches, shown_guides, standings, thresholds, usability
from jiyue.review.models import SignOff

pytestmark = pytest.mark.django_db
ADDRESS = "https://zwfw.example.gov.cn/items.jsonl"


def publish(tenant, guide, now) -> ServiceGuide:
    """Signed off and public, as far as the projection tells."""
    reviewed(tenant, guide, now=now)
    rows = SignOff.objects.filter(identity=guide.identity).order_by("sequence")
    apply(tenant.site, rows, columns={column.pk for column in tenant.columns.values()})
    return ServiceGuide.objects.get(pk=guide.pk)


@pytest.fixture
def public(cast, now) -> ServiceGuide:
    return publish(cast.city, guide_of(cast.city, item_of(cast, now=now), now=now), now)


def fetched(*entries):
    body = "\n".join(map(written, entries)).encode()
    return lambda address: Fetched(address, 200, {}, body)


def test_what_is_public_is_shown_as_it_was_signed_and_not_as_it_is_being_changed(cast, now, public):
    ServiceGuide.objects.update(telephone="", promised_days=99)
    [shown] = shown_guides([cast.city.site])
    assert shown.is_public and (shown.entry.telephone, shown.entry.promised_days) == ("000-12345", 10)
    assert shown.files == {"取水许可申请表": frozenset({"blank", "instructions", "sample"})}
    assert shown.entry.item_basis and shown.entry.materials[0].needs_form


def test_a_public_guide_that_was_altered_past_the_ledger_is_not_believed(cast, now, public):
    from jiyue.publishing.models import PublicItem
    from jiyue.publishing.sealed import SealBroken

    PublicItem.objects.filter(identity=public.identity).update(address="/falsch/")
    with pytest.raises(SealBroken):
        shown_guides([cast.city.site])


@pytest.mark.req("SERV-05")
def test_the_veto_on_services_counts_public_guides_by_the_national_values(cast, now):
    site, today = cast.city.site, now.date()
    rules = thresholds(site, on=today)
    assert (rules.missing, rules.items, len(rules.elements)) == (4, 5, 8)
    draft = guide_of(cast.city, item_of(cast, now=now), now=now)
    assert [found.verdict for found in usability(site, shown_guides([site]), today=today)] == [
        "fail",
        "unchecked",
        "unchecked",
    ]
    publish(cast.city, draft, now)
    found = usability(site, shown_guides([site]), today=today)
    assert [(each.code, each.verdict, each.of) for each in found] == [
        ("no-services", "pass", 1), ("guides", "pass", 1), ("guides-few", "pass", 1),
    ]  # fmt: skip
    [whole] = shown_guides([site])
    poor = [replace(whole, entry=replace(whole.entry, place="", hours="", telephone="", conditions=""))]
    assert [each.verdict for each in usability(site, poor, today=today)] == ["pass", "pass", "fail"]
    assert usability(site, poor * 5, today=today)[1].verdict == "fail"


def test_faults_are_told_with_what_the_platform_knows_of_the_item_elsewhere(cast, now, public):
    item = public.item
    other = guide_of(
        cast.city, item, now=now, title="取水许可（湖区）", legal_days=15, promised_days=10, complaint_telephone="",
        online_address="https://old.example.com/x", review_on=now.date() - timedelta(days=1),
    )  # fmt: skip
    found = {each.shown.guide.pk: each.faults for each in standings(shown_guides([cast.city.site]), today=now.date())}
    assert [(fault.group, fault.code) for fault in found[other.pk]] == [
        (Group.LINKS, "foreign"), (Group.LIMITS, "legal_differs"), (Group.EXAMINATION, "day_passed"),
    ]  # fmt: skip
    assert [fault.code for fault in found[public.pk]] == ["legal_differs", "no_day"]


@pytest.mark.req("SERV-03", "SERV-09")
def test_how_far_one_gets_online_is_counted_for_each_site_of_the_group(cast, now, public):
    city, outside = cast.city.site, cast.outside.site
    publish(cast.city, guide_of(cast.city, public.item, now=now, title="补办", online_depth=2, online_address=""), now)
    guide_of(cast.city, public.item, now=now, title="草稿不算", online_depth=4)
    [here, there] = reaches([city, outside], shown_guides([city, outside]))
    assert (here.degrees, here.total, here.online, here.share) == ({1: 0, 2: 1, 3: 0, 4: 1}, 2, 1, 50)
    assert (there.total, there.share) == (0, None)


@pytest.mark.req("SERV-05")
def test_the_clock_compares_with_the_configured_address(cast, now, public):
    set_source(site=cast.city.site, address=ADDRESS, by=cast.city.manager, now=now)
    [mine] = ours(cast.city.site)
    [run] = compare_wanted(now=now, get=fetched(replace(mine.entry, promised_days=7)))
    assert (run.origin, run.source, run.different, run.trouble, run.by) == ("address", ADDRESS, 1, "", None)
    assert not any_wanted(now) and ItemDifference.objects.get().field == "promised_days"


def test_what_cannot_be_fetched_or_read_is_told_and_may_be_tried_again(cast, now, public):
    def broken(_address):
        raise NotFetched("slow")

    for get in (broken, lambda address: Fetched(address, 200, {}, b"")):
        set_source(site=cast.city.site, address=ADDRESS, by=cast.city.manager, now=now)
        [run] = compare_wanted(now=now, get=get)
        assert run.trouble and not any_wanted(now)
    set_source(site=cast.city.site, address="http://127.0.0.1:8000/x", by=cast.city.manager, now=now)
    [run] = compare_wanted(now=now)
    assert re.search("内部网络", run.trouble)
    assert Synchronisation.objects.count() == 3 and ServiceSource.objects.count() == 1
