"""The calendar feed of one person, behind an address that only she knows. Needs no sign-in: calendar programs have none."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jiyue.console.duties import reasons
from jiyue.console.duties.actions import digest_of_secret
from jiyue.console.duties.icalendar import CONTENT_TYPE, Entry, calendar_of
from jiyue.console.models import Subscription
from jiyue.console.rules import reads_content
from jiyue.domain.deadlines import END_OF_DAY, local
from jiyue.domain.duties import LATE
from jiyue.identity.models import User
from jiyue.identity.queries import last_issue
from jiyue.obligations.models import Obligation
from jiyue.obligations.queries import attended

MOST_ENTRIES = 500


@never_cache
@require_GET
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What waits for the owner of this secret. Revoked, unknown or of an account that may look no more: 404.

    A password that was issued since ends the address too: whoever had the account in her hands may have made it.
    """
    now = timezone.now()
    found = Subscription.objects.filter(feed=digest_of_secret(secret)).exclude(feed="").select_related("user").first()
    if found is None or not found.user.is_active or not reads_content(found.user) or _is_outlived(found):
        raise Http404
    content = calendar_of(entries_of(found.user, now), name=_("待办到期"), now=now)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="duties.ics"'
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _is_outlived(row: Subscription) -> bool:
    issued = last_issue(row.user)
    return issued is not None and row.feed_made_at is not None and issued.at >= row.feed_made_at


def entries_of(user: User, now: datetime) -> Iterator[Entry]:
    """The open duties of a person, the most urgent MOST_ENTRIES: titles, rules and dates, no names."""
    for duty in attended(user, now).select_related("rule")[:MOST_ENTRIES]:
        yield _entry(duty, now)


def _entry(duty: Obligation, now: datetime) -> Entry:
    end = local(duty.act_by)
    late = duty.state(now) in LATE
    note = [reasons.short(duty)]
    if duty.provisional:
        note.append(_("暂定：平台还没有所涉日期的放假安排"))
    return Entry(
        uid=f"duty-{duty.pk}@{settings.CONSOLE_HOST}",
        title=(_("已逾期：%(title)s") if late else _("到期：%(title)s")) % {"title": duty.title},
        at=end.date() if end.time() == END_OF_DAY else duty.act_by,
        note="\n".join(note),
        address=urljoin(settings.WAGTAILADMIN_BASE_URL, reverse("console_duty", args=[duty.pk])),
        late=late,
    )
