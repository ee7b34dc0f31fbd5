"""The checklist kept up: examined every night and when asked, owed until it is kept, confirmed by eye for one edition.

What is found waits with the managers of the site and closes by itself: nobody ticks it off. What only people can see is
theirs to say, and ends with the edition of the templates and of the frame for which they said it.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.domain.actors import Actor, process
from jiyue.domain.page_rules import Item, checklist
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.estate.policies import may_manage, sites_with
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.publishing.events import PagesExamined, PagesSeen
from jiyue.publishing.models import PageExamination, PageFault, PageSighting
from jiyue.publishing.page_rules.looking import NothingPublic, OfKind, Report, look
from jiyue.rules.queries import ruleset_for

logger = logging.getLogger(__name__)
KIND = "page-rules"
SHORTEST = 4  # characters of what was looked at: "看过" alone is none


def examine_all(*, now: datetime) -> int:
    """Every site that has a release; gives how many items are not kept. One site's trouble does not stop the others."""
    open_ones = 0
    for site in Site.objects.filter(publication__release__gt=0).select_related("owner").order_by("pk"):
        try:
            open_ones += len(
                _keep(look(site, on=timezone.localdate(now)), by=process("examination"), now=now, asked=False)
            )
        except NothingPublic:
            logger.info("no pages to examine on %s", site.host)
    return open_ones


def examine(*, site: Site, by: User, now: datetime) -> list[Item]:
    """Examine one site at once; gives the items not kept. Raises PermissionDenied, ValidationError."""
    if not may_manage(by, site):
        raise PermissionDenied(_("只有网站管理员可以检查"))
    try:
        report = look(site, on=timezone.localdate(now))
    except NothingPublic as error:
        raise ValidationError(_("这个网站还没有发布，没有页面可以检查")) from error
    return _keep(report, by=by.actor(), now=now, asked=True)


@transaction.atomic
def confirm(*, site: Site, rule: str, holds: bool, note: str, by: User, now: datetime) -> PageSighting:
    """Say what one saw of an item that no program can judge. Raises PermissionDenied, ValidationError."""
    if not may_manage(by, site):
        raise PermissionDenied(_("只有网站管理员可以登记人工查看的结果"))
    last = PageExamination.objects.select_for_update().filter(site=site).first()
    if last is None:
        raise ValidationError(_("还没有检查过，请先检查一次"))
    item = next((one for one in items_of(site, now=now) if one.key == rule and one.by_eye and not one.off), None)
    if item is None:
        raise ValidationError(_("清单里没有这一项，或者它不是由人查看的"))
    if len(note.strip()) < SHORTEST:
        raise ValidationError({"note": _("请写明看了哪些页面、用什么看的，例如“用 Edge 和手机看了首页、栏目页”")})
    seen = PageSighting.objects.create(
        site=site, rule=rule, edition=last.edition, holds=holds, note=note.strip()[:300], seen_by=by, seen_at=now
    )
    event = PagesSeen(**_about(site), rule=rule, title=item.title, holds=holds, note=seen.note, edition=last.edition)
    trace(event, by=by.actor(), at=now)
    return seen


# ---- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One item with what came of it. `seen` is the last sighting, `current` whether it is of the edition shown now."""

    item: Item
    kinds: Mapping[str, OfKind]
    seen: PageSighting | None = None
    current: bool = False

    @property
    def state(self) -> str:
        """`off`, `kept`, `broken`, `none` (no page it is about), or of the eye `waiting`, `ended`, `kept`, `broken`."""
        if self.item.off:
            return "off"
        if self.item.by_eye:
            return self._by_eye()
        if not any(one.read for one in self.kinds.values()):
            return "none"
        return "broken" if any(one.failed for one in self.kinds.values()) else "kept"

    def _by_eye(self) -> str:
        if self.seen is None:
            return "waiting"
        if not self.current:
            return "ended"
        return "kept" if self.seen.holds else "broken"


def items_of(site: Site, *, now: datetime) -> list[Item]:
    """The checklist in force for the owner of a site."""
    on = timezone.localdate(now)
    return checklist(ruleset_for(site.owner, on=on), on)


def lines_of(site: Site, *, now: datetime) -> list[Line]:
    """Every item of the checklist with the outcome of the last look and the last sighting."""
    last = PageExamination.objects.filter(site=site).first()
    found: dict[str, Any] = last.found if last else {}
    seen = _latest(site)
    return [
        Line(
            item,
            {kind: OfKind(**one) for kind, one in found.get(item.key, {}).items()},
            seen.get(item.key),
            last is not None and item.key in seen and seen[item.key].edition == last.edition,
        )
        for item in items_of(site, now=now)
    ]


def visible_examinations(user: User) -> QuerySet[PageExamination]:
    """Of the sites that the person reads."""
    return PageExamination.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def todo_for(user: User) -> list[Todo]:
    """For each site that the person manages: what its pages do not keep to, and what is to be looked at by eye."""
    sites = sites_with(user, Permission.MANAGE_SITE).filter(page_examination__isnull=False)
    rows = PageExamination.objects.filter(site__in=sites).select_related("site__owner")
    return [todo for row in rows if (todo := _todo(row)) is not None]


def _todo(row: PageExamination) -> Todo | None:
    lines = lines_of(row.site, now=row.examined_at)
    broken = [line for line in lines if line.state == "broken"]
    waiting = [line for line in lines if line.state in ("waiting", "ended")]
    if not broken and not waiting:
        return None
    since = [fault.found_at for fault in PageFault.objects.filter(site=row.site, mended_at__isnull=True)]
    return Todo(
        kind=KIND, ref=str(row.site_id), site=row.site.name, what=_("模板对照检查"),
        title=_("%(broken)s 项不符合，%(waiting)s 项待人工查看") % {"broken": len(broken), "waiting": len(waiting)},
        state="warn" if broken else "note", since=min(since, default=row.examined_at),
        note="、".join(line.item.title for line in (broken or waiting)[:3]),
    )  # fmt: skip


# ---- keeping ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def _keep(report: Report, *, by: Actor, now: datetime, asked: bool) -> list[Item]:
    """Note the look, open what is new, close what is kept now; gives the items not kept."""
    site, failing = report.site, {item.key: item for item in report.failing}
    found = {key: {kind: asdict(one) for kind, one in kinds.items()} for key, kinds in report.found.items()}
    values = {"edition": report.edition, "pages": report.pages, "found": found, "examined_at": now}
    PageExamination.objects.update_or_create(site=site, defaults=values)
    open_now = {
        row.rule: row for row in PageFault.objects.select_for_update().filter(site=site, mended_at__isnull=True)
    }
    new = [item for key, item in failing.items() if key not in open_now]
    mended = [row for rule, row in open_now.items() if rule not in failing]
    PageFault.objects.bulk_create(
        PageFault(site=site, rule=item.key, title=item.title, weight=item.weight, found_at=now) for item in new
    )
    PageFault.objects.filter(pk__in=[row.pk for row in mended]).update(mended_at=now)
    if asked or new or mended:
        event = PagesExamined(
            **_about(site), pages=report.pages, found=[item.title for item in new], mended=[row.title for row in mended]
        )
        trace(event, by=by, at=now)
    return list(failing.values())


def _latest(site: Site) -> dict[str, PageSighting]:
    rows = PageSighting.objects.filter(site=site).select_related("seen_by").order_by("seen_at", "pk")
    return {row.rule: row for row in rows}


def _about(site: Site) -> dict[str, str]:
    return {"subject": f"site:{site.host}", "site": site.host}
