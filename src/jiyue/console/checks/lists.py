"""词表与设置 of a unit: what it added, what it has from above, what ships; and a box to try a text."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiyue.checks.actions import add_word, decide, end_setting, end_word
from jiyue.checks.models import CheckSetting, Kept, UnitWord
from jiyue.checks.policies import fetch_kept_for, kept_units, may_keep, visible
from jiyue.checks.queries import decisions_in_force, words_in_force
from jiyue.console.checks.frame import page
from jiyue.console.checks.lists_forms import FORMS, WORD, value_in_words
from jiyue.console.checks.shown import Shown, shown
from jiyue.console.office.frame import attempt
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation
from jiyue.review.checking import engine_of
from jiyue.review.trying import masked, matter_of

LISTS = "console_check_lists"
MOST_SHOWN = 500
MOST_TRIED = 200_000  # characters


@dataclass(frozen=True)
class Line:
    """One entry in force: what it says, and from whom it comes."""

    row: Kept
    what: str
    says: str
    own: bool
    source: str


@require_http_methods(["GET", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """What counts for one unit, one kind at a time: its own entries, and those of the units above it."""
    units = kept(request)
    unit = chosen(request, units)
    kind = request.GET.get("kind", WORD)
    kind = kind if kind in FORMS else WORD
    keeps = unit is not None and may_keep(request.user, unit, kind="" if kind == WORD else kind)
    form = FORMS[kind](request.POST or None, prefix="f")
    if request.method == "POST":
        if not keeps:
            raise PermissionDenied
        if form.is_valid() and attempt(form, lambda: _add(request, unit, kind, form)):
            messages.success(request, _("已保存，从现在起检测按它执行；今晚会用它复查已公开的内容。"))
            return redirect(f"{reverse(LISTS)}?unit={unit.pk}&kind={kind}")
    context = {
        "units": units, "unit": unit, "kind": kind, "kinds": [(code, word) for code, word in kinds()], "keeps": keeps,
        "lines": _lines(unit, kind) if unit else [], "form": form,
    }  # fmt: skip
    return page(request, "lists.html", tab=LISTS, **context)


@require_POST
def end(request: HttpRequest, matter: str, pk: int) -> HttpResponse:
    """End an entry of one's own unit; what the units above decided counts again."""
    row = fetch_kept_for(request.user, matter, pk)
    if row.organisation is None:
        raise PermissionDenied
    act: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    if isinstance(row, UnitWord):
        end_word(word=row, **act)
        kind = WORD
    elif isinstance(row, CheckSetting):
        end_setting(setting=row, **act)
        kind = row.kind
    messages.success(request, _("已停用，历史记录仍然保留。"))
    return redirect(f"{reverse(LISTS)}?unit={row.organisation_id}&kind={kind}")


@require_http_methods(["GET", "POST"])
def try_text(request: HttpRequest) -> HttpResponse:
    """Paste a text, or the source of a page, and see what would be found with a unit's lists. Nothing is kept."""
    units = kept(request)
    unit = chosen(request, units)
    text = request.POST.get("text", "")[:MOST_TRIED]
    as_page = request.POST.get("as") == "html"
    context: dict[str, Any] = {
        "units": units,
        "unit": unit,
        "text": text,
        "as_page": as_page,
        "asked": bool(text.strip()),
    }
    if text.strip() and unit is not None:
        engine, matter = engine_of(unit, now=timezone.now()), matter_of(text, html=as_page)
        context |= {"found": [_tried(found, unit) for found in engine.read(matter)], "masked": masked(matter, engine)}
    return page(request, "try.html", tab="console_check_try", **context)


def kept(request: HttpRequest) -> QuerySet[Organisation]:
    """Units whose lists the person may see here: those she keeps, and those of the entries she may read."""
    seen = visible(request.user, UnitWord).values("organisation")
    return (kept_units(request.user) | Organisation.objects.filter(pk__in=seen)).distinct().order_by("lineage")


def chosen(request: HttpRequest, units: QuerySet[Organisation]) -> Organisation | None:
    """The unit asked for, or the first. Http404 for a foreign one."""
    asked = request.POST.get("unit") or request.GET.get("unit") or ""
    if not asked.isdecimal() or len(asked) > 18:
        return units.first()
    found = units.filter(pk=asked).first()
    if found is None:
        raise Http404
    return found


def kinds() -> list[tuple[str, str]]:
    return [(WORD, _("自定义词")), *((code, str(word)) for code, word in CheckSetting.Kind.choices)]


def _add(request: HttpRequest, unit: Organisation, kind: str, form: Any) -> None:
    act: dict[str, Any] = {"organisation": unit, "by": request.user, "now": timezone.now()}
    if kind == WORD:
        add_word(**form.cleaned_data, **act)
    else:
        name, value, basis = form.decision()
        decide(kind=kind, name=name, value=value, basis=basis, **act)


def _lines(unit: Organisation, kind: str) -> list[Line]:
    today = timezone.localdate()
    if kind == WORD:
        rows: list[Kept] = list(words_in_force(unit, now=today))
    else:
        rows = [row for row in decisions_in_force(unit, now=today) if row.kind == kind]
    return [_line(row, unit) for row in reversed(rows[-MOST_SHOWN:])]


def _line(row: Kept, unit: Organisation) -> Line:
    own = row.organisation_id == unit.pk
    source = _("本单位") if own else row.organisation.name if row.organisation else _("平台")
    what, says = value_in_words(row)
    return Line(row, what, says, own, source)


def _tried(found: Any, unit: Organisation) -> Shown:
    return shown(found, site=Site(owner=unit))
