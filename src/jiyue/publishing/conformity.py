"""Do the public records still keep to the data standards in force? What was signed under an older edition is compared
again when a new one comes into force, and listed until it is corrected (PLAT-08).

Nothing public changes by itself: the list is a task for the people of the site.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import ngettext

from jiyue.content.models import Record
from jiyue.content.standards import exchanged, faults_of
from jiyue.domain.moments import SHANGHAI
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.obligations.changing import STANDARDS
from jiyue.publishing.models import LISTED, NonConformity, PublicItem, StandardsLook
from jiyue.rules.local_standards import edition_key
from jiyue.rules.models import LocalStandard, PackEdition, Proposal
from jiyue.rules.standards import sentence

KIND = "nonconforming"
CHUNK = 200


def any_due(now: datetime) -> bool:
    """Has an addition, or an edition that an upgrade brought, come into force since all sites were last looked at?

    Two small questions, asked every minute.
    """
    last = StandardsLook.objects.aggregate(at=Min("at"))["at"]
    counting = LocalStandard.objects.filter(state=Proposal.State.APPROVED, from_on__lte=timezone.localdate(now))
    newest = counting.aggregate(answered=Max("answered_at"), day=Max("from_on"))
    moments = [*_moments_of_editions(now)]
    if newest["answered"] is not None:
        moments += [newest["answered"], _begin(newest["day"])]
    return bool(moments) and (last is None or max(moments) > last)


def _moments_of_editions(now: datetime) -> Iterator[datetime]:
    """When editions of an upgrade were noticed, and when those that are in force by now began."""
    for noticed, values in PackEdition.objects.filter(name=STANDARDS).values_list("noticed_at", "values"):
        yield noticed
        days = (date.fromisoformat(since) for _name, since in values)
        yield from (_begin(day) for day in days if day <= timezone.localdate(now))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def look_at_all(*, now: datetime) -> int:
    """Every site whose standards changed since it was last looked at; gives how many records break them now."""
    return sum(look_at(site, now=now) for site in Site.objects.select_related("owner").order_by("pk"))


def look_at(site: Site, *, now: datetime) -> int:
    """Compare the public records of a site with what is in force, unless nothing changed since; gives how many open
    cases it has. May be killed anywhere and run again.
    """
    today = timezone.localdate(now)
    key = edition_key(site.owner, on=today)
    if not StandardsLook.objects.filter(site=site, standards=key).exists():
        own = PublicItem.objects.filter(site=site, state__in=LISTED, placed_by__isnull=True)
        for item in own.select_related("sign_off__version").order_by("pk").iterator(chunk_size=CHUNK):
            _compare(site, item, now=now)
    else:
        for row in NonConformity.objects.filter(site=site, mended_at__isnull=True).select_related("record"):
            look_again(row.record, now=now)
    StandardsLook.objects.update_or_create(site=site, defaults={"standards": key, "at": now})
    return NonConformity.objects.filter(site=site, mended_at__isnull=True).count()


def look_again(record: Record, *, now: datetime) -> None:
    """A record with an open case was corrected or withdrawn: does it keep to the standards now?"""
    case = NonConformity.objects.filter(record=record, mended_at__isnull=True).first()
    if case is None:
        return
    item = PublicItem.objects.filter(site=record.site_id, identity=record.identity, state__in=LISTED).first()
    if item is None:
        NonConformity.objects.filter(pk=case.pk).update(mended_at=now)
    else:
        _compare(record.site, item, now=now)


def faults_against(item: PublicItem, *, now: datetime) -> list[str]:
    """In which sentences the signed content of a public item breaks the standards in force."""
    content: dict[str, Any] = json.loads(item.sign_off.version.content)
    found = faults_of(exchanged(content), organisation=item.site.owner, on=timezone.localdate(now))
    return [sentence(fault) for fault in found]


@transaction.atomic
def _compare(site: Site, item: PublicItem, *, now: datetime) -> None:
    item.site = site
    found = faults_against(item, now=now)
    record = item.sign_off.version.its_record
    case = NonConformity.objects.filter(record=record, mended_at__isnull=True).first()
    if not found:
        if case is not None:
            NonConformity.objects.filter(pk=case.pk).update(mended_at=now)
        return
    facts = {"version_digest": item.version_digest, "faults": found}
    if case is None:
        NonConformity.objects.create(site=site, record=record, found_at=now, **facts)
    else:
        NonConformity.objects.filter(pk=case.pk).update(**facts)


def todo_for(user: User) -> list[Todo]:
    """For each site that the person writes for or manages: how many of its public records break a standard."""
    sites = Site.objects.filter(
        Q(pk__in=sites_with(user, Permission.WRITE_CONTENT).values("pk"))
        | Q(pk__in=sites_with(user, Permission.MANAGE_SITE).values("pk"))
    )
    cases = NonConformity.objects.filter(site__in=sites, mended_at__isnull=True).order_by()
    found = cases.values("site", "site__name").annotate(n=Count("pk"), since=Min("found_at"))
    return [_todo(row) for row in found]


def _todo(row: Mapping[str, Any]) -> Todo:
    title = ngettext("%(n)s 篇已发布稿件不符合数据标准", "%(n)s 篇已发布稿件不符合数据标准", row["n"]) % {"n": row["n"]}
    return Todo(
        kind=KIND, ref=str(row["site"]), site=row["site__name"], title=title, what=title, state="returned",
        since=row["since"],
    )  # fmt: skip
