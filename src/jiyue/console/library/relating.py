"""相关内容 of one record: what its page offers beside the text and why, and what its editors pin or hide (LIB-06)."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jiyue.console.finding import by_words
from jiyue.console.office.frame import page
from jiyue.content.actions import RecordLocked
from jiyue.content.models import Record
from jiyue.content.models.records import UNDER_REVIEW
from jiyue.content.needs import LifeEvent, Theme
from jiyue.content.policies import fetch_record_for, may_write
from jiyue.content.relating import HIDE, LEAVE, PIN, RELATED_KINDS, arrange_related, hidden_of, pinned_of, relatable
from jiyue.content.snapshots import draft_words
from jiyue.domain.kinship import SHOWN
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.relating import offered
from jiyue.publishing.sealed import SealBroken

MOST_FOUND = 10
REASONS = {
    "names": gettext_lazy("本稿提到它"),
    "named": gettext_lazy("它提到本稿"),
    "same": gettext_lazy("与本稿同名"),
    "document": gettext_lazy("说的是同一份文件"),
    "topic": gettext_lazy("属于同一个专题"),
    "cites": gettext_lazy("都提到同一份文件"),
}
DONE = {
    PIN: gettext_lazy("已固定在前，签发后显示"),
    HIDE: gettext_lazy("已设为不显示，签发后生效"),
    LEAVE: gettext_lazy("已恢复自动推荐，签发后生效"),
}


@dataclass(frozen=True)
class Line:
    """A record that stands beside another or could: why, and whether the public can see it."""

    identity: str
    title: str
    kind: str
    why: str = ""
    is_public: bool = True


@require_http_methods(["GET", "POST"])
def related(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as it will be, what is hidden, and a search for more."""
    record = fetch_record_for(request.user, pk).typed
    if record.kind not in RELATED_KINDS:
        raise Http404
    refusal: list[str] = []
    if request.method == "POST":
        refusal = _arrange(request, record)
        if not refusal:
            return redirect("console_related", pk)
    answer = page(request, "related.html", folder="library", **_shown(request, record), refusal=refusal)
    if refusal:
        answer.status_code = 409
    return answer


def _arrange(request: HttpRequest, record: Record) -> list[str]:
    wish = request.POST.get("wish", "")
    try:
        other = UUID(request.POST.get("other", ""))
    except ValueError:
        return [_("没有找到这篇稿件，请重新选择")]
    if wish not in DONE:
        return [_("没有这样的操作，请重新选择")]
    try:
        arrange_related(record=record, other=other, wish=wish, by=request.user, now=timezone.now())
    except ValidationError as refused:
        return refused.messages
    except RecordLocked as locked:
        return [str(locked)]
    messages.success(request, str(DONE[wish]))
    return []


def _shown(request: HttpRequest, record: Record) -> dict:
    wishes = {"pinned": pinned_of(record), "hidden": hidden_of(record)}
    told = {str(row.item.identity): row.shared for row in _reckoned(record)}
    left = [identity for identity in told if identity not in wishes["pinned"] and identity not in wishes["hidden"]]
    titles = _titles(record, {*told, *wishes["pinned"], *wishes["hidden"]})
    asked = request.GET.get("q", "").strip()[:100]
    writes = may_write(request.user, record)
    named = {identity: _reasons(shared) for identity, shared in told.items()}
    lines = {
        name: [_line(titles[identity], named.get(identity, "")) for identity in identities if identity in titles]
        for name, identities in (*wishes.items(), ("reckoned", left))
    }
    room = max(0, SHOWN - len(lines["pinned"]))
    return {
        "record": record, "writes": writes, "locked": record.state in UNDER_REVIEW, "asked": asked, "most": SHOWN,
        **lines, "reckoned": lines["reckoned"][:room], "spare": lines["reckoned"][room:],
        "found": _found(record, asked, but={*wishes["pinned"], str(record.identity)}) if asked and writes else [],
    }  # fmt: skip


def _reckoned(record: Record) -> list:
    try:
        return offered(record.site_id, draft_words(record))
    except SealBroken:
        return []  # the publisher puts the rows right and reports it; until then nothing is offered


def _titles(record: Record, identities: set[str]) -> dict[str, Line]:
    records = relatable(record.site).filter(identity__in=identities)
    return {line.identity: line for line in _lines(record, records)}


def _found(record: Record, asked: str, *, but: set[str]) -> list[Line]:
    found, _as_typed = by_words(relatable(record.site).exclude(identity__in=but), asked)
    return _lines(record, found.order_by("-changed_at", "-pk")[:MOST_FOUND])


def _lines(record: Record, records) -> list[Line]:
    rows = list(records.values_list("identity", "title", "kind"))
    wanted = [identity for identity, _title, _kind in rows]
    public = PublicItem.objects.filter(site=record.site_id, identity__in=wanted, state__in=LISTED)
    shown = set(public.values_list("identity", flat=True))
    return [
        Line(str(identity), title, str(Record.Kind(kind).label), "", identity in shown)
        for identity, title, kind in rows
    ]


def _line(line: Line, why: str) -> Line:
    return Line(line.identity, line.title, line.kind, why, line.is_public)


def _reasons(shared: list[str]) -> str:
    """Why two belong together, in words, weightiest first."""
    words = [key.partition(":")[2] for key in shared if key.startswith("word:")]
    found = [_reason(key) for key in shared if not key.startswith("word:")]
    if words:
        found.append(_("标题里都有%(words)s") % {"words": "、".join(f"“{word}”" for word in words)})
    return "；".join(dict.fromkeys(found))


def _reason(key: str) -> str:
    kind, _colon, value = key.partition(":")
    if kind in REASONS:
        return str(REASONS[kind])
    match kind:
        case "subject":
            return _("同属主题分类“%(name)s”") % {"name": value}
        case "theme":
            return _("同属办事主题“%(name)s”") % {"name": Theme(value).label}
        case "event":
            return _("同为“%(name)s”时所需") % {"name": LifeEvent(value).label}
    return _("同一发文机关")
