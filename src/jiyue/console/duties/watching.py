"""What supervisors and overseers keep an eye on: how the sites below them stand, the worst first."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.obligations.policies import oversees_or_watches
from jiyue.obligations.queries import load_by_site, visible_pending

MOST_SITES = 50


@dataclass(frozen=True)
class Watched:
    """One site, or the units' own duties, with the lists behind its two numbers."""

    name: str
    late: int
    soon: int
    late_at: str
    soon_at: str


@dataclass(frozen=True)
class Watch:
    """Sites with something late or due soon, and in how many others everything is in time."""

    rows: tuple[Watched, ...]
    in_time: int

    @property
    def late(self) -> int:
        return sum(row.late for row in self.rows)


def watch_of(user: User, now: datetime) -> Watch | None:
    """How what is below the person stands; None for whoever has nothing below her."""
    sites = oversees_or_watches(user)
    if sites is None:
        return None
    names = dict(sites.exclude(status=Site.Status.CLOSED).values_list("pk", "name"))
    loads = load_by_site(visible_pending(user), now)
    rows = [_row(load.site, names.get(load.site or 0, ""), load.late, load.soon) for load in loads]
    told = {load.site for load in loads}
    return Watch(tuple(rows[:MOST_SITES]), sum(key not in told for key in names))


def _row(site: int | None, name: str, late: int, soon: int) -> Watched:
    scope = {"site": site} if site else {"who": "all"}
    return Watched(name or _("各单位自己的事项"), late, soon, _list(scope, "late"), _list(scope, "due_soon"))


def _list(scope: dict[str, object], state: str) -> str:
    return f"{reverse('console_duties')}?{urlencode({**scope, 'state': state})}"
