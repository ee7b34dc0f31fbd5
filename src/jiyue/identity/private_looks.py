"""个人信息查看: how often somebody looked at data of citizens, as the trail says; and the brake against taking them in numbers.

Every such look is an event whose class says what was seen (`domain.events.Private`). Nobody looks at more people within
an hour than the platform allows (SECU-22, 防泄漏): a stolen account does not carry away the names of a year in a night.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncHour
from django.utils.translation import gettext as _

from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.events import Event, Private, codes_of
from jiyue.foundation.models import AuditEvent
from jiyue.identity.models import User

HOUR = timedelta(hours=1)
# Three times her usual day, and no fewer than ten: the platform's own measure, no regulation has one. A hint, no verdict.
MANY_TIMES, MANY_AT_LEAST = 3, 10


class TooManyLooks(Exception):
    """The person has looked at the senders of as many letters within the last hour as one account may."""


def require_room(by: User, *, subject: str, now: datetime) -> None:
    """Asked before each look at a name or a way to reach somebody; what was seen within the hour may be seen again.

    Raises TooManyLooks.
    """
    most = settings.JIYUE_CONTACTS_AN_HOUR
    seen = AuditEvent.objects.filter(actor_key=by.actor().key, code__in=codes_of(Private.CONTACT), at__gt=now - HOUR)
    subjects = set(seen.order_by().values_list("subject", flat=True))
    if subject not in subjects and len(subjects) >= most:
        words = _(
            "一小时内已查看 %(n)s 件来信或申请的姓名和联系方式，达到上限。"
            "请过一会儿再看；急需时请网站管理员安排其他承办人查看"
        )
        raise TooManyLooks(words % {"n": most})


@dataclass
class Looker:
    """One person's looks in a period. `usual` is the median of the days on which she looked at all."""

    key: str
    name: str = ""
    unit: str = ""
    seen: Counter[Private] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    most_contacts: int = 0  # within one hour of the clock

    @property
    def contacts(self) -> int:
        return self.seen[Private.CONTACT]

    @property
    def matters(self) -> int:
        return self.seen[Private.MATTER]

    @property
    def taken(self) -> int:
        return self.seen[Private.TAKEN]

    @property
    def total(self) -> int:
        return self.seen.total()

    @property
    def busiest(self) -> tuple[date, int]:
        """The day with the most looks, the latest of several."""
        return max(self.days.items(), key=lambda one: (one[1], one[0]))

    @property
    def usual(self) -> float:
        return median(self.days.values())

    @property
    def unusual(self) -> bool:
        most = self.busiest[1]
        return most >= MANY_AT_LEAST and most >= MANY_TIMES * self.usual

    @property
    def at_limit(self) -> bool:
        """May have been stopped: as many people within one hour of the clock as the platform allows."""
        return self.most_contacts >= settings.JIYUE_CONTACTS_AN_HOUR


def lookers(rows: QuerySet[AuditEvent], *, since: datetime, until: datetime) -> list[Looker]:
    """Who looked at data of citizens in these rows of the trail, from `since` up to before `until`; the most first."""
    kinds = {event.code: event.private for event in Event.__subclasses__() if event.private is not None}
    hours = (
        rows.filter(code__in=kinds, at__gte=since, at__lt=until)
        .order_by()
        .annotate(hour=TruncHour("at", tzinfo=SHANGHAI))
        .values_list("actor_key", "code", "hour")
        .annotate(
            n=Count("pk"), different=Count("subject", distinct=True), name=Max("actor_name"), unit=Max("actor_unit")
        )
    )
    found: dict[str, Looker] = {}
    contacts: Counter[tuple[str, datetime]] = Counter()
    for key, code, hour, n, different, name, unit in hours:
        one = found.setdefault(key, Looker(key))
        one.name, one.unit = name, unit
        one.seen[kinds[code]] += n
        one.days[hour.date()] += n
        if kinds[code] == Private.CONTACT:
            contacts[key, hour] += different
    for (key, _hour), n in contacts.items():
        found[key].most_contacts = max(found[key].most_contacts, n)
    return sorted(found.values(), key=lambda one: (-one.at_limit, -one.unusual, -one.total, one.key))
