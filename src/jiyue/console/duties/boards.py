"""看板 and 值班大屏: how a site or everything one may see stands. Only what was counted is shown as a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from jiyue.console.duties import charts, reasons, words
from jiyue.console.duties.asked import MOST_CHOICES, UPDATES, Asked, asked_of, midnight, sites_of, units_of
from jiyue.console.duties.charts import Bar, Point
from jiyue.console.duties.frame import screen
from jiyue.domain.deadlines import local
from jiyue.domain.working_days import ONE_DAY
from jiyue.identity.models import Organisation
from jiyue.publishing.interpreting import coverage

INTERPRETATION = "interpretation.publish"
AHEAD = 30  # days
MOST_BARS = 10
MOST_ON_THE_WALL = 5  # what a 16:9 screen shows without scrolling, for there is nobody to scroll
MOST_UNITS = 12
MOST_TOPS = 20
REFRESH = 60  # seconds


@dataclass(frozen=True)
class Figure:
    """One number with what it counts and the list behind it; without a value it says what is missing to know it."""

    label: str
    value: str
    address: str
    tone: str = "calm"
    missing: str = ""
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing with its table; without rows the sentence why there is none."""

    title: str
    drawing: SafeString
    rows: Sequence[Bar | Point]
    heads: tuple[str, str]
    nothing: str


@dataclass(frozen=True)
class Interpreted:
    """Documents of this year that must be interpreted, and how many are; `required` as the rules say, or empty."""

    part: int
    total: int
    required: str = ""


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The figures and charts of one site, one unit, or everything the person may see."""
    asked = whole(asked_of(request))
    explained = interpreted(asked)
    context = {"figures": figures(asked, explained), "charts": drawn(asked, explained), "now": asked.now}
    return screen(request, "board.html", asked=asked, **context)


@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """For a screen in a duty room: what is late and what is due today, by unit. It asks again by itself."""
    asked = whole(asked_of(request))
    end = midnight(local(asked.now).date() + ONE_DAY)
    pressing = asked.open_duties().filter(act_by__lt=end)
    late, today = Q(act_by__lt=asked.now), Q(act_by__gte=asked.now)
    units = (
        pressing.order_by()
        .values("unit__name")
        .annotate(late=Count("pk", filter=late), today=Count("pk", filter=today))
    )
    rows = list(pressing.select_related("rule")[:MOST_ON_THE_WALL])
    by_unit = list(units.order_by("-late", "-today", "unit__name"))
    context = {
        "asked": asked,
        "units": by_unit[:MOST_UNITS],
        "other_units": len(by_unit[MOST_UNITS:]),
        "others": sum(row["late"] + row["today"] for row in by_unit) - len(rows),
        "rows": [
            (duty, words.clock(duty, now=asked.now, calendar=asked.calendar_of(duty)), reasons.short(duty))
            for duty in rows
        ],
        "refresh": 0 if request.GET.get("still") else REFRESH,
        "now": asked.now,
    }
    # A wall has nobody who signs in again: looking keeps the session, as long as the account may look.
    request.session.modified = True
    return TemplateResponse(request, "console/duties/wall.html", context)


def whole(asked: Asked) -> Asked:
    """A board without a site or unit is about everything the person may see, not about her own work."""
    return asked if not asked.mine else Asked(user=asked.user, now=asked.now, everything=True, given={"who": "all"})


def figures(asked: Asked, explained: Interpreted) -> list[Figure]:
    """At most five numbers."""
    now, end = asked.now, midnight(local(asked.now).date() + ONE_DAY)
    stale = Q(act_by__lt=now, parameter__startswith=UPDATES)
    counted = asked.open_duties().order_by().filter(act_by__lt=end).aggregate(
        late=Count("pk", filter=Q(act_by__lt=now)),
        breached=Count("pk", filter=Q(act_by__lt=now, latest_at__lt=now)),
        today=Count("pk", filter=Q(act_by__gte=now)),
        stale=Count("pk", filter=stale),
    )  # fmt: skip
    return [
        Figure(_("已逾期"), str(counted["late"]), listed(asked, state="late"), "late" if counted["late"] else "calm"),
        Figure(
            _("超过最迟期限"), str(counted["breached"]), listed(asked, state="breached"),
            "breach" if counted["breached"] else "calm",
        ),
        Figure(_("今天到期"), str(counted["today"]), listed(asked, period="today"), "soon" if counted["today"] else "calm"),
        _staleness(asked, counted["stale"]),
        _coverage(asked, explained),
    ]  # fmt: skip


def _staleness(asked: Asked, late: int) -> Figure:
    if not late and not asked.open_duties().order_by().filter(parameter__startswith=UPDATES).exists():
        return Figure(_("没有按时更新的栏目"), "", "", missing=_("没有栏目有更新要求"))
    return Figure(
        _("没有按时更新的栏目"), str(late), listed(asked, state="late", rule=UPDATES), "late" if late else "calm"
    )


def interpreted(asked: Asked) -> Interpreted:
    """Of the unit asked for, of the site, or of all sites that the person may look at; what is on others is not counted."""
    today = local(asked.now).date()
    period = {"since": today.replace(month=1, day=1), "until": today, "now": asked.now}
    sites = [asked.site.pk] if asked.site else list(sites_of(asked.user).order_by().values_list("pk", flat=True))
    reached = [coverage(unit, sites=sites, **period) for unit in _tops(asked)]
    shares = {str(one.share) for one in reached if one.share is not None}
    total = sum(one.total for one in reached)
    return Interpreted(sum(one.part for one in reached), total, shares.pop() if len(shares) == 1 else "")


def _tops(asked: Asked) -> list[Organisation]:
    """Units none of which stands below another one of them."""
    if asked.unit is not None or asked.site is not None:
        return [asked.unit or asked.site.owner]
    units = list(units_of(asked.user)[:MOST_CHOICES])
    keys = {unit.pk for unit in units}
    above = (unit for unit in units if not keys & {int(key) for key in unit.lineage.strip("/").split("/")[:-1] if key})
    return list(above)[:MOST_TOPS]


def _coverage(asked: Asked, found: Interpreted) -> Figure:
    label = _("今年政策解读覆盖率")
    if not found.total:
        return Figure(label, "", "", missing=_("今年还没有应当解读的文件"))
    note = _("应达到 %(share)s") % {"share": found.required} if found.required else ""
    tone = "calm" if found.part == found.total else "soon"
    return Figure(label, f"{100 * found.part // found.total}%", listed(asked, rule=INTERPRETATION), tone, note=note)


def drawn(asked: Asked, explained: Interpreted) -> list[Chart]:
    """Overdue by kind, freshness of columns, interpretation, and what comes due."""
    return [_by_kind(asked), _freshness(asked), _interpretation(asked, explained), _coming(asked)]


def _by_kind(asked: Asked) -> Chart:
    late = asked.open_duties().order_by().filter(act_by__lt=asked.now).values("parameter").annotate(n=Count("pk"))
    kinds = list(late.order_by("-n", "parameter"))
    shown = kinds if len(kinds) <= MOST_BARS else kinds[: MOST_BARS - 1]
    rows = [
        Bar(words.parameter(row["parameter"]), row["n"], listed(asked, state="late", rule=row["parameter"]), "late")
        for row in shown
    ]
    if others := kinds[len(shown) :]:
        # What has no bar of its own is still counted, or the bars would come to less than the number above them.
        label = ngettext("其余 %(n)s 类", "其余 %(n)s 类", len(others)) % {"n": len(others)}
        rows.append(Bar(label, sum(row["n"] for row in others), listed(asked, state="late"), "late"))
    return _bars(_("逾期事项，按规则"), rows, (_("规则"), _("件数")), _("没有逾期的事项。"))


def _freshness(asked: Asked) -> Chart:
    now = asked.now
    updates = asked.open_duties().order_by().filter(parameter__startswith=UPDATES)
    counted = updates.aggregate(
        fresh=Count("pk", filter=Q(remind_at__gt=now, act_by__gte=now)),
        soon=Count("pk", filter=Q(remind_at__lte=now, act_by__gte=now)),
        late=Count("pk", filter=Q(act_by__lt=now)),
    )
    rows = [
        Bar(_("按时更新"), counted["fresh"], listed(asked, state="open", rule=UPDATES), "done"),
        Bar(_("即将到期"), counted["soon"], listed(asked, state="due_soon", rule=UPDATES), "soon"),
        Bar(_("已逾期"), counted["late"], listed(asked, state="late", rule=UPDATES), "late"),
    ]
    known = rows if sum(counted.values()) else []
    return _bars(_("栏目更新"), known, (_("更新情况"), _("栏目数")), _("没有栏目有更新要求，或者还没有统计。"))


def _interpretation(asked: Asked, found: Interpreted) -> Chart:
    rows = [
        Bar(_("已解读"), found.part, tone="done"),
        Bar(_("未解读"), found.total - found.part, listed(asked, rule=INTERPRETATION), "late"),
    ]
    title, heads = _("政策解读（今年公开的文件）"), (_("解读情况"), _("文件数"))
    return _bars(title, rows if found.total else [], heads, _("今年还没有应当解读的文件"))


def _coming(asked: Asked) -> Chart:
    today = local(asked.now).date()
    last = today + timedelta(days=AHEAD - 1)
    found = asked.open_duties().order_by().filter(act_by__gte=asked.now, act_by__lt=midnight(last + ONE_DAY))
    per_day = dict(found.values(day=TruncDate("act_by")).annotate(n=Count("pk")).values_list("day", "n"))
    days = [today + timedelta(days=number) for number in range(AHEAD)]
    points = [Point(f"{day.month}/{day.day}", per_day.get(day, 0), listed(asked, day=day.isoformat())) for day in days]
    title = _("今后 30 天每天到期")
    rows = points if per_day else []
    return Chart(
        title,
        charts.line(rows, title=_told(title, rows)),
        rows,
        (_("日期"), _("件数")),
        _("今后 30 天没有到期的事项。"),
    )


def _bars(title: str, rows: list[Bar], heads: tuple[str, str], nothing: str) -> Chart:
    return Chart(title, charts.bars(rows, title=_told(title, rows)), rows, heads, nothing)


def _told(title: str, rows: Sequence[Bar | Point]) -> str:
    return _("%(title)s：%(rows)s") % {"title": title, "rows": charts.summary(rows)}


def listed(asked: Asked, **wanted: Any) -> str:
    """The list behind a number."""
    scope = {name: asked.given[name] for name in ("site", "unit", "who") if asked.given.get(name)}
    return f"{reverse('console_duties')}?{urlencode({**scope, **wanted})}"
