"""What a list of duties was asked for: whose, in which state, under which rule, due when. Cleaned once, here."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.domain.duties import State
from jiyue.domain.working_days import ONE_DAY, WorkingCalendar
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for, sites_with, visible_organisations
from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import Permission
from jiyue.obligations.models import Obligation, ObligationQuerySet
from jiyue.obligations.policies import own_obligations, visible_obligations, watches
from jiyue.obligations.queries import open_for, visible_open
from jiyue.rules.library import shipped
from jiyue.rules.queries import Book, book

PER_PAGE = 25
MOST_PAGES = 40
MOST_CHOICES = 200
OTHER = "other"  # work of other apps, which has states of its own
LATE = "late"  # overdue or breached
OPEN_STATES = (LATE, State.BREACHED, State.DUE_SOON, State.OPEN)
CLOSED_STATES = (State.MET, State.MET_LATE, State.WAIVED, State.ENDED)
AFTER_ITS_TIME = Q(done_at__gt=F("act_by"))
UPDATES = "column.update."  # all kinds of updates of columns together
PERIODS = {"today": 0, "week": 7, "month": 30}
STATE_CHOICES = (
    (LATE, _("已逾期")), (State.BREACHED, _("超过最迟期限")), (State.DUE_SOON, _("即将到期")), (State.OPEN, _("办理中")),
    (OTHER, _("审核等其他工作")), (State.MET, _("按时办结")), (State.MET_LATE, _("逾期办结")), (State.WAIVED, _("已豁免")),
    (State.ENDED, _("已终止")),
)  # fmt: skip
PERIOD_CHOICES = (("today", _("今天到期")), ("week", _("7 天内到期")), ("month", _("30 天内到期")))


@dataclass(frozen=True)
class Asked:
    """One question for duties. Without site, unit and `everything` it is about the person herself."""

    user: User
    now: datetime
    site: Site | None = None
    unit: Organisation | None = None
    everything: bool = False
    state: str = ""
    rule: str = ""
    period: str = ""
    day: date | None = None
    page: int = 1
    given: dict[str, str] = field(default_factory=dict)

    @property
    def mine(self) -> bool:
        return self.site is None and self.unit is None and not self.everything

    @cached_property
    def only_looks_on(self) -> bool:
        """Her own list has to be asked for by its name, because it is not what she sees unasked."""
        return watches(self.user)

    @property
    def closed(self) -> bool:
        return self.state in CLOSED_STATES

    @property
    def with_others(self) -> bool:
        """Does work of other apps belong into the answer? It has neither a rule nor a day."""
        return self.state in ("", OTHER) and not (self.rule or self.period or self.day)

    @property
    def query(self) -> str:
        """The question as an address, without the page."""
        return urlencode({name: value for name, value in self.given.items() if value and name != "p"})

    @property
    def scope_query(self) -> str:
        """Whose duties, as an address, without the filters."""
        return urlencode({name: self.given[name] for name in ("site", "unit", "who") if self.given.get(name)})

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Of the site or unit asked about; the nation's where it is about a person or everything."""
        unit = self.unit or (self.site.owner if self.site else None)
        return self._rules.calendar_for(unit.lineage) if unit else self._rules.calendar

    def calendar_of(self, duty: Obligation) -> WorkingCalendar:
        """The working days by which this duty is counted."""
        return self._rules.calendar_for(duty.unit.lineage)

    @cached_property
    def _rules(self) -> Book:
        return book()

    def open_duties(self) -> ObligationQuerySet:
        """Open duties in this scope, the most urgent first, before any filter."""
        return self._scoped(open_for(self.user, self.now) if self.mine else visible_open(self.user, self.now))

    def duties(self) -> ObligationQuerySet:
        """The duties asked for; open ones by their moment, closed ones the last first."""
        if self.state == OTHER:
            return self.open_duties().none()
        found = self._closed() if self.closed else self._in_state(self.open_duties())
        if self.rule:
            found = (
                found.filter(parameter__startswith=UPDATES)
                if self.rule == UPDATES
                else found.filter(parameter=self.rule)
            )
        return found.filter(self._due()).select_related("rule")

    def _in_state(self, found: ObligationQuerySet) -> ObligationQuerySet:
        conditions = {
            LATE: Q(act_by__lt=self.now),
            State.BREACHED: Q(act_by__lt=self.now, latest_at__lt=self.now),
            State.DUE_SOON: Q(act_by__gte=self.now, remind_at__lte=self.now),
            State.OPEN: Q(act_by__gte=self.now, remind_at__gt=self.now),
        }
        return found.filter(conditions[self.state]) if self.state in conditions else found

    def _closed(self) -> ObligationQuerySet:
        found = own_obligations(self.user) if self.mine else visible_obligations(self.user)
        conditions = {
            State.MET: Q(done_at__isnull=False) & ~AFTER_ITS_TIME,
            State.MET_LATE: Q(done_at__isnull=False) & AFTER_ITS_TIME,
            State.WAIVED: Q(done_at__isnull=True, waived_at__isnull=False),
            State.ENDED: Q(done_at__isnull=True, waived_at__isnull=True, ended_at__isnull=False),
        }
        rows = self._scoped(found).filter(conditions[self.state]).select_related("site", "unit", "person")
        return rows.order_by("-act_by", "-pk")

    def _scoped(self, found: ObligationQuerySet) -> ObligationQuerySet:
        if self.site is not None:
            found = found.filter(site=self.site)
        if self.unit is not None:
            found = found.filter(unit=self.unit)
        return found

    def _due(self) -> Q:
        if self.day is not None:
            return Q(act_by__gte=midnight(self.day), act_by__lt=midnight(self.day + ONE_DAY))
        if self.period:
            last = local(self.now).date() + timedelta(days=PERIODS[self.period])
            return Q(act_by__gte=self.now, act_by__lt=midnight(last + ONE_DAY))
        return Q()


def asked_of(request: HttpRequest, **fixed: Any) -> Asked:
    """Read the question of a request. A site or unit the person may not read is a 404; unknown words count as none."""
    given = request.GET
    named = given.get("site", "") or given.get("unit", "") or given.get("who", "")
    # Whoever only looks on has no list of her own: what is below her is what she came for.
    everything = given.get("who") == "all" or (not named and watches(request.user))
    whose = {"who": "all"} if everything else {}
    return Asked(
        user=request.user,
        now=timezone.now(),
        site=site_of(request.user, given.get("site", "")),
        unit=unit_of(request.user, given.get("unit", "")),
        everything=everything,
        state=_one_of(given.get("state", ""), [code for code, _label in STATE_CHOICES]),
        rule=_one_of(given.get("rule", ""), [UPDATES, *shipped().parameters]),
        period=_one_of(given.get("period", ""), list(PERIODS)),
        day=day_of(given.get("day", "")),
        page=min(_page(given.get("p", "")), MOST_PAGES),
        given={**given.dict(), **whose, **fixed},
    )


def site_of(user: User, ref: str) -> Site | None:
    """The site named in an address; None when none is. Raises Http404."""
    return fetch_site_for(user, ref, Permission.READ_CONTENT) if ref else None


def unit_of(user: User, ref: str) -> Organisation | None:
    """The unit named in an address; None when none is. Raises Http404."""
    if not ref:
        return None
    found = units_of(user).filter(pk=int(ref)).first() if ref.isdecimal() and len(ref) < 19 else None
    if found is None:
        raise Http404
    return found


def sites_of(user: User) -> QuerySet[Site]:
    """Sites whose duties the person may look at."""
    return sites_with(user, Permission.READ_CONTENT).order_by("name", "pk")


def units_of(user: User) -> QuerySet[Organisation]:
    """Units whose duties the person may look at: those overseen or supervised, and the owners of her sites."""
    above = visible_organisations(user).order_by().values("pk")
    owners = sites_of(user).order_by().values("owner")
    return Organisation.objects.filter(Q(pk__in=above) | Q(pk__in=owners)).order_by("lineage", "code")


def midnight(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def day_of(text: str) -> date | None:
    """The day written in an address, or nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _one_of(word: str, allowed: list) -> str:
    return word if word in allowed else ""


def _page(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
