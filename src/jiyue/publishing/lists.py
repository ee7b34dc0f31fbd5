"""Pages of a column's list. Numbered from the oldest, so that a full page keeps its number, its items and its bytes.

The newest page (`index.html`) is open and holds between one and two page lengths; when it would hold more, its oldest
part is closed into the next numbered page. A new item therefore changes the newest page only, whatever the column's
size. An older item that arrives late joins the closed page whose span it falls in.
"""

from django.db import transaction
from django.db.models import Q, QuerySet

from jiyue.content.models import Column
from jiyue.publishing.models import ListPage, PublicItem
from jiyue.publishing.projection import LISTED, seal_total

LENGTH = 20  # items a page
IMPORT_SIZE = 200  # more changed items of one column than this divide its list anew
CROWDED = 3 * LENGTH  # a closed page that has grown to this is a reason to divide the column anew


def listed(column: Column) -> QuerySet[PublicItem]:
    """Public items of a column, newest first."""
    return PublicItem.objects.filter(column=column, state__in=LISTED).order_by("-published_at", "-serial")


def newest(column: Column) -> QuerySet[PublicItem]:
    """Items of the open page, newest first."""
    last = ListPage.objects.filter(column=column).order_by("-number").first()
    return listed(column).filter(_after(last)) if last else listed(column)


def items_of(page: ListPage) -> QuerySet[PublicItem]:
    """Items of a closed page, newest first."""
    until = Q(published_at__lt=page.until_at) | Q(published_at=page.until_at, serial__lte=page.until_serial)
    items = listed(page.column).filter(until)
    if page.from_at is None:
        return items
    return items.filter(Q(published_at__gt=page.from_at) | Q(published_at=page.from_at, serial__gt=page.from_serial))


def follow(column: Column, *, changed: int) -> set[int]:
    """Divide after a release that changed so many items of the column; gives the numbers of pages to bake."""
    return divide_anew(column) if changed > IMPORT_SIZE else divide(column)


@transaction.atomic
def divide(column: Column) -> set[int]:
    """Close what has become too long; gives the numbers of pages that are new or whose span changed."""
    if any(items_of(page).count() > CROWDED for page in _touched_pages(column)):
        ListPage.objects.filter(column=column).delete()
    return _close_full_pages(column)


def _touched_pages(column: Column) -> QuerySet[ListPage]:
    # Late arrivals are rare and mostly recent; a whole import goes through `divide_anew`.
    return ListPage.objects.filter(column=column).order_by("-number")[:3]


@transaction.atomic
def divide_anew(column: Column) -> set[int]:
    """Forget all spans and divide the column again; for imports of historic material."""
    before = set(ListPage.objects.filter(column=column).values_list("number", flat=True))
    ListPage.objects.filter(column=column).delete()
    return before | _close_full_pages(column)


def _close_full_pages(column: Column) -> set[int]:
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
        )
        closed.append(page)
        last, start = page, start + LENGTH
    ListPage.objects.bulk_create(closed, batch_size=500)
    seal_total(column.pk)
    return {page.number for page in closed}


def page_holding(column: Column, item: PublicItem) -> ListPage | None:
    """The closed page whose span holds the item; None for the open page."""
    pages = ListPage.objects.filter(column=column)
    reached = Q(until_at__gt=item.published_at) | Q(until_at=item.published_at, until_serial__gte=item.serial)
    return pages.filter(reached).order_by("number").first()


def _after(page: ListPage) -> Q:
    return Q(published_at__gt=page.until_at) | Q(published_at=page.until_at, serial__gt=page.until_serial)
