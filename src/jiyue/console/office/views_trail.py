"""审计记录: who did what, when; nobody changes anything here."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiyue.console.office import wording
from jiyue.console.office.forms import LooksFilter, TrailFilter
from jiyue.console.office.frame import page, paged
from jiyue.console.office.spreadsheets import as_csv
from jiyue.domain.events import Private
from jiyue.estate.policies import is_auditor, readable_trail
from jiyue.foundation.audit import broken_links
from jiyue.foundation.models import AuditEvent
from jiyue.identity.private_looks import Looker, lookers

MOST_EXPORTED = 50_000
USUAL_PERIOD = timedelta(days=30)


def trail(request: HttpRequest) -> HttpResponse:
    """The trail as far as the person may read it, newest first, narrowed by what was asked for."""
    form, found = _narrowed(request)
    rows = paged(request, found)
    lines = [(row, wording.sentence(row.code, row.data), wording.changes(row.data)) for row in rows]
    context = {"form": form, "rows": rows, "lines": lines, "audits": is_auditor(request.user)}
    query = request.GET.copy()
    query.pop("p", None)
    return page(request, "trail.html", query=query.urlencode(), **context)


def export(request: HttpRequest) -> HttpResponse:
    """The same rows as CSV, at most MOST_EXPORTED of them, the newest first."""
    _form, found = _narrowed(request)
    return as_csv("audit-trail", _lines(found[:MOST_EXPORTED]))


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain and say whether every link holds."""
    rows = AuditEvent.objects.order_by("sequence")
    broken = broken_links(rows.iterator(chunk_size=2000))
    if broken:
        words = "、".join(str(sequence) for sequence in broken[:10])
        messages.error(
            request, _("校验链不完整：从序号 %(numbers)s 起与登记的摘要不符，请保留现场并报告") % {"numbers": words}
        )
    else:
        messages.success(request, _("校验链完整：共 %(n)s 条记录，逐条相符") % {"n": rows.count()})
    return redirect("console_trail")


def private_looks(request: HttpRequest) -> HttpResponse:
    """个人信息查看: who looked at data of citizens how often, the most and the unusual first (SECU-22)."""
    form, found = _looked(request)
    return page(request, "private_looks.html", form=form, rows=found, most=settings.JIYUE_CONTACTS_AN_HOUR)


def export_looks(request: HttpRequest) -> HttpResponse:
    """The same lines as CSV."""
    _form, found = _looked(request)
    return as_csv("private-looks", _look_lines(found))


def _looked(request: HttpRequest) -> tuple[LooksFilter, list[Looker]]:
    today = timezone.localdate()
    usual = {"since": (today - USUAL_PERIOD).isoformat(), "until": today.isoformat()}
    form = LooksFilter(request.GET or usual)
    form.is_valid()
    until = form.cleaned_data.get("until") or today
    since = form.cleaned_data.get("since") or until - USUAL_PERIOD
    found = lookers(readable_trail(request.user), since=_midnight(since), until=_midnight(until + timedelta(days=1)))
    words = form.cleaned_data.get("q", "")
    return form, [one for one in found if words in one.name or words in one.unit]


def _look_lines(found: Iterable[Looker]) -> Iterator[list]:
    yield [
        _("姓名"), _("单位"), _("查看姓名和联系方式"), _("查看内容和附件"), _("导出和下载"), _("合计"),
        _("查看最多的一天"), _("当天次数"), _("平日次数"), _("提示"),
    ]  # fmt: skip
    for one in found:
        day, most = one.busiest
        hint = _("达到每小时上限") if one.at_limit else _("明显多于平日") if one.unusual else ""
        seen = [one.seen[kind] for kind in Private]
        yield [one.name, one.unit, *seen, one.total, day.isoformat(), most, f"{one.usual:g}", hint]


def _narrowed(request: HttpRequest) -> tuple[TrailFilter, QuerySet[AuditEvent]]:
    form = TrailFilter(request.GET, kinds=wording.labels())
    form.is_valid()
    asked = form.cleaned_data
    found = readable_trail(request.user)
    if asked.get("q"):
        found = found.filter(Q(actor_name__icontains=asked["q"]) | Q(actor_unit__icontains=asked["q"]))
    if asked.get("kind"):
        found = found.filter(code=asked["kind"])
    if asked.get("site"):
        found = found.filter(site__icontains=asked["site"])
    if asked.get("since"):
        found = found.filter(at__gte=_midnight(asked["since"]))
    if asked.get("until"):
        found = found.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
    return form, found


def _midnight(day) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _lines(rows: QuerySet[AuditEvent]) -> Iterator[list]:
    yield [_("序号"), _("时间"), _("姓名"), _("单位"), _("网站"), _("事项"), _("内容"), _("对象"), _("摘要")]
    for row in rows.iterator(chunk_size=2000):
        at = timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S")
        words = [wording.label(row.code), wording.sentence(row.code, row.data)]
        yield [row.sequence, at, row.actor_name, row.actor_unit, row.site, *words, row.subject, row.digest]
