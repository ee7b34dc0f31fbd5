"""Pages of a column's list. Numbered from the oldest, so that a full page keeps its number, its items and its bytes.

The newest page (`index.html`) is open and holds between one and two page lengths; when it would hold more, its oldest
part is closed into the next numbered page. A new item therefore changes the newest page only, whatever the column's
size. An older item that arrives late joins the closed page whose span it falls in.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from jiyue.content.models import Column
from jiyue.publishing.models import LISTED, ColumnTotal, ListPage, PublicItem
from jiyue.publishing.projection import LOCAL
from jiyue.publishing.sealed import check_page, new_division, seal_page, seal_total

LENGTH = 20  # items a page
IMPORT_SIZE = 200  # more changed items of one column than this divide its list anew
CROWDED = 3 * LENGTH  # a closed page that has grown to this is a reason to divide the column anew


def listed(column: Column) -> QuerySet[PublicItem]:
    """Public items of a column, newest first."""
    return PublicItem.objects.filter(column=column, state__in=LISTED).order_by("-published_at", "-serial")


def newest(column: Column) -> QuerySet[PublicItem]:
    """Items of the open page, newest first."""
    last = ListPage.objects.filter(column=column).order_by("-number").first()
    return listed(column).filter(_after(last.until_at, last.until_serial)) if last else listed(column)


def items_of(page: ListPage) -> QuerySet[PublicItem]:
    """Items of a closed page, newest first. Raises SealBroken."""
    check_page(page)
    # The outer bound says nothing new, but without it no database uses the index for an OR.
    until = Q(published_at__lt=page.until_at) | Q(serial__lte=page.until_serial)
    items = listed(page.column).filter(until, published_at__lte=page.until_at)
    if page.from_at is None:
        return items
    return items.filter(_after(page.from_at, page.from_serial))


def follow(column: Column, *, changed: int) -> set[int]:
    """Divide after a release that changed so many items of the column; gives the numbers of pages to bake."""
    return divide_anew(column) if changed > IMPORT_SIZE else divide(column)


@transaction.atomic
def divide(column: Column) -> set[int]:
    """Close what has become too long; gives the numbers of pages that are new or whose span changed."""
    if any(items_of(page).count() > CROWDED for page in _touched_pages(column)):
        return divide_anew(column)
    return _close_full_pages(column)


def _touched_pages(column: Column) -> QuerySet[ListPage]:
    # Late arrivals are rare and mostly recent; a whole import goes through `divide_anew`.
    return ListPage.objects.filter(column=column).order_by("-number")[:3]


@transaction.atomic
def divide_anew(column: Column) -> set[int]:
    """Forget all spans and divide the column again; for imports of historic material."""
    before = set(ListPage.objects.filter(column=column).values_list("number", flat=True))
    ListPage.objects.filter(column=column).delete()
    return before | _close_full_pages(column, division=new_division())


def _close_full_pages(column: Column, *, division: str | None = None) -> set[int]:
    known = ColumnTotal.objects.filter(column=column).values_list("division", flat=True).first()
    division = division or known or new_division()
    last = ListPage.objects.filter(column=column).order_by("-number").first()
    open_items = newest(column).order_by("published_at", "serial")
    keys = list(open_items.values_list("published_at", "serial"))
    closed, start = [], 0
    while len(keys) - start > 2 * LENGTH:
        at, serial = keys[start + LENGTH - 1]
        page = ListPage(
            column=column,
            number=(last.number if last else 0) + 1,
            from_at=last.until_at if last else None,
            from_serial=last.until_serial if last else 0,
            until_at=at,
            until_serial=serial,
            division=division,
        )
        seal_page(page)
        closed.append(page)
        last, start = page, start + LENGTH
    ListPage.objects.bulk_create(closed, batch_size=500)
    seal_total(column.pk, division=division)
    return {page.number for page in closed}


def page_holding(column: Column, item: PublicItem) -> ListPage | None:
    """The closed page whose span holds the item; None for the open page."""
    pages = ListPage.objects.filter(column=column)
    reached = Q(until_at__gt=item.published_at) | Q(until_serial__gte=item.serial)
    return pages.filter(reached, until_at__gte=item.published_at).order_by("number").first()


def of_year(column: Column, year: int) -> QuerySet[PublicItem]:
    """Items of a column published in a year (Asia/Shanghai), newest first."""
    return within(column, datetime(year, 1, 1, tzinfo=LOCAL), datetime(year + 1, 1, 1, tzinfo=LOCAL))


def within(column: Column, begins: datetime, ends: datetime) -> QuerySet[PublicItem]:
    """Items of a column published in [`begins`, `ends`), newest first."""
    return listed(column).filter(published_at__gte=begins, published_at__lt=ends)


def years(column: Column) -> list[int]:
    """Years in which a column has items, newest first. One small question a year, whatever the column's size."""
    found: list[int] = []
    newest = listed(column).values_list("published_at", flat=True).first()
    while newest is not None:
        year = newest.astimezone(LOCAL).year
        found.append(year)
        before = listed(column).filter(published_at__lt=datetime(year, 1, 1, tzinfo=LOCAL))
        newest = before.values_list("published_at", flat=True).first()
    return found


def years_of_pages(column: Column, numbers: set[int]) -> set[int]:
    """Years that these closed pages reach into: what a year's page says of the list may have changed with them."""
    found: set[int] = set()
    for page in ListPage.objects.filter(column=column, number__in=numbers):
        begins = (page.from_at or page.until_at).astimezone(LOCAL).year
        found.update(range(begins, page.until_at.astimezone(LOCAL).year + 1))
    return found


def _after(at: datetime, serial: int) -> Q:
    # The outer bound says nothing new, but without it no database uses the index for an OR.
    return Q(published_at__gte=at) & (Q(published_at__gt=at) | Q(serial__gt=serial))
