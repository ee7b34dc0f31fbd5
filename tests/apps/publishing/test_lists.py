"""Pages of a list: whatever is published, withdrawn or arrives late, each item stands on exactly one of them."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import draft, reviewed, structured

from jiyue.content.models import Column
from jiyue.publishing import lists
from jiyue.publishing.lists import LENGTH, items_of, newest
from jiyue.publishing.models import ListPage, PublicItem
from jiyue.publishing.sealed import SealBroken, check_pages, check_total, seal_total
from jiyue.review.models import SignOff

pytestmark = [pytest.mark.django_db, pytest.mark.req("PAGE-02")]


@pytest.fixture
def column(cast, now) -> Column:
    structured(cast.city, now=now)
    reviewed(cast.city, draft(cast.city, now=now), now=now)
    return cast.city.columns["yw"]


def put(column: Column, number: int, at) -> None:
    """An item as the projection would leave it; what it says does not matter here."""
    row = SignOff.objects.filter(subject="record").get()
    PublicItem.objects.create(
        site=column.site, identity=UUID(int=number), column=column, kind="article", state="shown", sign_off=row,
        version_digest=row.version_digest, serial=number, address=f"/{number}.html", published_at=at, changed_at=at,
    )  # fmt: skip


def pages(column: Column) -> dict[int, list[int]]:
    """Serials by number of the closed page; the open one is 0."""
    closed = {page.number: [item.serial for item in items_of(page)] for page in ListPage.objects.filter(column=column)}
    return {0: [item.serial for item in newest(column)], **closed}


def all_once(column: Column) -> bool:
    found = sorted(serial for items in pages(column).values() for serial in items)
    return found == sorted(PublicItem.objects.filter(column=column, state="shown").values_list("serial", flat=True))


ACTS = st.lists(st.tuples(st.sampled_from(["publish", "late", "withdraw"]), st.integers(1, 30)), min_size=1, max_size=7)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_each_item_is_on_exactly_one_page_whatever_happens(column, now, acts):
    PublicItem.objects.filter(column=column).delete()
    ListPage.objects.filter(column=column).delete()
    number = 0
    for act, count in acts:
        for _each in range(count):
            number += 1
            if act == "withdraw":
                PublicItem.objects.filter(serial=number * 7 % max(number, 1)).update(state="gone")
            else:
                days = -number if act == "late" else number
                put(column, number, now + timedelta(minutes=days))
        lists.follow(column, changed=count)
        assert all_once(column)
        assert check_total(column) == PublicItem.objects.filter(column=column, state="shown").count()


def test_a_full_page_keeps_its_items_when_newer_ones_come(column, now):
    PublicItem.objects.filter(column=column).delete()
    before: dict[int, list[int]] = {}
    for number in range(1, 5 * LENGTH):
        put(column, number, now + timedelta(minutes=number))
        lists.divide(column)
        after = pages(column)
        assert {page: items for page, items in after.items() if page in before and page} == {
            page: items for page, items in before.items() if page
        }
        before = after
    assert [len(items) for page, items in sorted(before.items()) if page] == [LENGTH] * 3


def test_a_late_item_joins_the_page_of_its_time_and_no_other(column, now):
    PublicItem.objects.filter(column=column).delete()
    for number in range(1, 4 * LENGTH):
        put(column, number, now + timedelta(minutes=number))
    lists.divide(column)
    before = pages(column)
    put(column, 1000, now + timedelta(minutes=LENGTH + 3, seconds=30))
    lists.divide(column)
    assert [page for page, items in pages(column).items() if items != before[page]] == [2]


def test_dividing_anew_divides_as_if_all_had_come_in_order(column, now):
    PublicItem.objects.filter(column=column).delete()
    for number in range(1, 3 * LENGTH):
        put(column, number, now + timedelta(minutes=number))
        lists.divide(column)
    before = pages(column)
    lists.divide_anew(column)
    assert pages(column) == before


def test_the_seal_covers_the_division(column):
    seal_total(column.pk)
    assert check_total(column) == PublicItem.objects.filter(column=column).count()


def test_a_closed_page_is_read_only_as_it_was_sealed(column, now):
    PublicItem.objects.filter(column=column).delete()
    for number in range(1, 4 * LENGTH):
        put(column, number, now + timedelta(minutes=number))
        lists.divide(column)
    check_pages(column)
    first = ListPage.objects.get(column=column, number=1)
    ListPage.objects.filter(pk=first.pk).update(until_serial=first.until_serial - 1)
    assert check_total(column), "a release looks at the last page only"
    with pytest.raises(SealBroken):
        items_of(ListPage.objects.get(pk=first.pk))
    with pytest.raises(SealBroken):
        check_pages(column)


def test_a_page_of_an_earlier_division_does_not_fit(column, now):
    PublicItem.objects.filter(column=column).delete()
    for number in range(1, 4 * LENGTH):
        put(column, number, now + timedelta(minutes=number))
    lists.divide_anew(column)
    earlier = ListPage.objects.get(column=column, number=1)
    lists.divide_anew(column)
    ListPage.objects.filter(column=column, number=1).update(division=earlier.division, seal=earlier.seal)
    with pytest.raises(SealBroken):
        check_pages(column)


def test_a_missing_or_altered_last_page_stops_a_release(column, now):
    PublicItem.objects.filter(column=column).delete()
    for number in range(1, 5 * LENGTH):
        put(column, number, now + timedelta(minutes=number))
    lists.divide_anew(column)
    pages = ListPage.objects.filter(column=column)
    last = pages.order_by("-number").first()
    pages.filter(pk=last.pk).update(until_serial=last.until_serial - 1)
    with pytest.raises(SealBroken):
        check_total(column)
    pages.filter(pk=last.pk).update(until_serial=last.until_serial)
    pages.filter(number=1).delete()
    with pytest.raises(SealBroken):
        check_total(column)
