"""What people do to publishing: try again, go back to a release, go on, change the signing key."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.domain.actors import Actor
from jiyue.estate.models import Site
from jiyue.estate.policies import is_operator, may_manage
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.publishing.baking import file_key, path_of
from jiyue.publishing.change_feed import record_address
from jiyue.publishing.deploying import RolledBack as Reversed
from jiyue.publishing.events import KeyRotated, PublishingResumed, RetryAsked, RolledBack
from jiyue.publishing.models import PageRead, Publication, PublicItem, SitePublication
from jiyue.publishing.publisher import Outcome, Publisher
from jiyue.publishing.renditions.keeping import addresses_of
from jiyue.review.ledger import content_of
from jiyue.review.models import SignOff


def may_operate_publishing(user: User) -> bool:
    return is_operator(user)


def may_retry(user: User, site: Site) -> bool:
    return is_operator(user) or may_manage(user, site)


@transaction.atomic
def retry(*, publication: Publication, by: User, now: datetime) -> None:
    """Try a failed bake again at once. Raises PermissionDenied."""
    if not may_retry(by, publication.site):
        raise PermissionDenied(_("您不能重试这个网站的发布"))
    Publication.objects.filter(pk=publication.pk, state=Publication.State.FAILED).update(next_try_at=now)
    row = publication.sign_off
    event = RetryAsked(subject=f"{row.subject}:{row.identity}", site=publication.site.host, sequence=row.sequence)
    record(event, by=by.actor(), at=now)


def roll_back(*, publisher: Publisher, site: Site, to_release: int, reason: str, by: Actor, now: datetime) -> Reversed:
    """Show again what an earlier release showed, and hold publishing of the site until somebody resumes it.

    What was withdrawn since then stays withdrawn, and so does every page that would lead to it. Nothing that is signed
    off meanwhile is lost: it waits. Raises LookupError for a release that never was, ValidationError without a reason.
    """
    if not reason.strip():
        raise ValidationError(_("回退要写明原因"))
    publisher.deployer.release(site.host, to_release)  # LookupError before anything is held
    paths = _withdrawn_paths(site)
    head = SignOff.objects.filter(site=site).order_by("-sequence").values_list("digest", flat=True).first() or ""
    with publisher.alone(site):
        # Held before the switch: killed in between, the site stands still, and the rollback is simply given again.
        SitePublication.objects.filter(site=site).update(held_since=now, held_reason=reason[:200])
        done = publisher.deployer.rollback(
            site.host, to_sequence=to_release, reason=reason, now=now, ledger_head=head, keep=paths
        )
    with transaction.atomic():
        SitePublication.objects.filter(site=site).update(release=done.release.sequence, released_at=now)
        event = RolledBack(
            subject=f"release:{site.host}:{done.release.sequence}", site=site.host, release=done.release.sequence,
            restores=to_release, reason=reason, kept=len(done.kept),
        )  # fmt: skip
        record(event, by=by, at=now)
    return done


def _withdrawn_paths(site: Site) -> set[str]:
    """Pages that were withdrawn, and the files that only they showed."""
    withdrawn = PublicItem.objects.filter(site=site, state__in=[PublicItem.State.GONE, PublicItem.State.MOVED])
    paths: set[str] = set()
    for item in withdrawn.select_related("sign_off__version"):
        paths.update(path_of(address) for address in (item.address, record_address(item), *addresses_of(item)))
        for facts in content_of(item.sign_off.version, digest=item.version_digest)["files"]:
            if (
                not PageRead.objects.filter(site=site, key=file_key(facts["digest"]))
                .exclude(address=item.address)
                .exists()
            ):
                paths.add(path_of(facts["address"]))
    return paths


def resume(*, publisher: Publisher, site: Site, by: Actor, now: datetime) -> Outcome:
    """End the hold after a rollback: bake everything anew from the ledger and release what differs."""
    SitePublication.objects.filter(site=site).update(held_since=None, held_reason="", look="")
    outcome = publisher.publish(site, now=now)
    with transaction.atomic():
        event = PublishingResumed(subject=f"site:{site.host}", site=site.host, release=outcome.release or 0)
        record(event, by=by, at=now)
    return outcome


def rotate_key(*, publisher: Publisher, by: Actor, now: datetime) -> str:
    """Sign with a new key from now on; the old one introduces it, so that the chain of trust can be followed.

    The public copy of every site's chain head is written anew, because it lists the keys. Gives the key's id.
    """
    key = publisher.keys.rotate(now=now)
    for host in publisher.deployer.hosts():
        publisher.deployer.recover(host)
    with transaction.atomic():
        record(KeyRotated(subject=f"key:{key.key_id}", key_id=key.key_id), by=by, at=now)
    return key.key_id
