"""What is due: which sign-offs of which sites wait to become public, and when the next one takes effect."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from jiyue.estate.models import Site
from jiyue.publishing import together
from jiyue.publishing.models import Publication, ShelfCall, SitePublication
from jiyue.publishing.projection import due_to_turn, outdated
from jiyue.review.models import Review, SignOff, Subject

RETRY_AFTER = (5, 30, 120, 600)  # seconds until a failed bake is tried again, then always the last
PIECE = 500  # rows a statement


def due_rows(site: Site, *, at: datetime) -> list[SignOff]:
    """Ledger rows of a site that are in effect at `at` and not deployed, in the order of signing.

    A row that was signed together with others is among them only with all of them.
    """
    _welcome()
    waiting = Publication.objects.filter(site=site, state__in=Publication.OPEN)
    ready = waiting.filter(_is_ready(at))
    rows = SignOff.objects.filter(publication__in=ready, effective_at__lte=at).exclude(review__in=_unfinished())
    return together.whole(rows.select_related("version", "version__record").order_by("sequence"))


def next_effective(*, after: datetime) -> datetime | None:
    """The next moment later than `after` at which a sign-off takes effect."""
    rows = SignOff.objects.filter(effective_at__gt=after).order_by("effective_at")
    return rows.values_list("effective_at", flat=True).first()


def sites_effective(*, at: datetime) -> list[Site]:
    """Sites with a sign-off that takes effect at exactly this moment; those that are held are left out."""
    held = SitePublication.objects.filter(held_since__isnull=False).values("site")
    return list(Site.objects.filter(sign_offs__effective_at=at).exclude(pk__in=held).distinct())


def sites_with_work(*, at: datetime) -> list[Site]:
    """Sites for which `publish` would have something to do."""
    _welcome()
    waiting = Publication.objects.filter(state__in=Publication.OPEN)
    open_rows = waiting.filter(_is_ready(at), sign_off__effective_at__lte=at)
    open_rows = open_rows.exclude(sign_off__review__in=_unfinished())
    clock = SitePublication.objects.filter(next_change_at__lte=at)
    wanted = {*outdated().values_list("site", flat=True), *open_rows.values_list("site", flat=True)}
    wanted |= set(clock.values_list("site", flat=True))
    wanted |= set(due_to_turn(at=at).values_list("site", flat=True).distinct())
    grouped = SitePublication.objects.filter(Q(group_changed_at__isnull=False) | Q(files_due=True))
    wanted |= set(grouped.values_list("site", flat=True))
    wanted |= set(ShelfCall.objects.values_list("site", flat=True).distinct())
    # Forgotten on purpose, after a repair: everything is to be baked anew.
    wanted |= set(SitePublication.objects.filter(look="", structure__isnull=False).values_list("site", flat=True))
    if not wanted:
        return []
    held = SitePublication.objects.filter(site__in=wanted, held_since__isnull=False).values("site")
    return list(Site.objects.filter(pk__in=wanted).exclude(pk__in=held))


def _welcome() -> None:
    """Give every new ledger row its progress row. Sequences commit in order, so the newest known one is a cursor."""
    last = (
        SignOff.objects.filter(publication__isnull=False)
        .order_by("-sequence")
        .values_list("sequence", flat=True)
        .first()
    )
    showing = SignOff.objects.exclude(subject=Subject.TAKING)  # a rule shows nothing itself
    fresh = showing.filter(sequence__gt=last or 0).order_by("sequence").values_list("pk", "site_id")
    Publication.objects.bulk_create(
        [Publication(sign_off_id=pk, site_id=site) for pk, site in fresh], batch_size=PIECE, ignore_conflicts=True
    )


def _unfinished() -> QuerySet[Review]:
    """Batches that are signed for and not wholly in the ledger: nothing of them is public before all of them is."""
    return Review.objects.filter(status=Review.Status.SIGNING, order__isnull=False)


def _is_ready(at: datetime) -> Q:
    return Q(next_try_at__isnull=True) | Q(next_try_at__lte=at) | Q(next_try_at__gt=latest_try(at))


def latest_try(at: datetime) -> datetime:
    """The latest moment to which a failed row can have been put off."""
    # Nobody waits longer than the longest wait: a moment beyond it was written past the publisher.
    return at + timedelta(seconds=RETRY_AFTER[-1])
