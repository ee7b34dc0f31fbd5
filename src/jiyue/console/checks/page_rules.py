"""模板对照检查: the checklist of the national Guide beside what a site's pages keep of it (PAGE-04).

Managers of the site have it examined again and say what they saw; supervisors read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiyue.console.checks.frame import page
from jiyue.console.gate import may_open
from jiyue.console.office.frame import attempt, paged
from jiyue.console.refusals import sentences
from jiyue.content.models import Record
from jiyue.domain.page_rules import MUST
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for, may_manage, sites_with
from jiyue.identity.roles import Permission
from jiyue.publishing.framing import origin_of
from jiyue.publishing.models import PageExamination, PageSighting
from jiyue.publishing.page_rules.keeping import Line, confirm, examine, lines_of
from jiyue.publishing.page_rules.looking import OfKind
from jiyue.publishing.page_rules.picking import KINDS
from jiyue.rules import wording

LIST, ONE = "console_page_rules", "console_page_rules_of"
OF_KINDS: Mapping[str, Any] = {
    "home": gettext_lazy("首页"), "column": gettext_lazy("栏目页"), "list": gettext_lazy("列表页"),
    "year": gettext_lazy("年度页"), **dict(Record.Kind.choices), "leaders": gettext_lazy("领导名录"),
    "institutions": gettext_lazy("机构名录"), "services": gettext_lazy("办事服务栏目"), "library": gettext_lazy("政策文件库"),
    "search": gettext_lazy("检索页"), "letters": gettext_lazy("写信页"), "site_map": gettext_lazy("网站地图"),
    "not_found": gettext_lazy("找不到页面的提示页"),
}  # fmt: skip
STATES: Mapping[str, tuple[Any, str]] = {
    "broken": (gettext_lazy("不符合"), "cross"), "waiting": (gettext_lazy("待人工查看"), "hollow"),
    "ended": (gettext_lazy("要重新查看"), "back"), "kept": (gettext_lazy("符合"), "full"),
    "none": (gettext_lazy("没有这类页面"), "bar"), "off": (gettext_lazy("停用"), "bar"),
}  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """Pages of one kind that do not keep to an item: how many, the sentence, and the first one's address."""

    kind: Any
    read: int
    failed: int
    said: str
    path: str
    address: str


@dataclass(frozen=True)
class Shown:
    """One item in words. `kept` names the kinds of pages that keep to it, `hints` what is only told."""

    line: Line
    word: Any
    tone: str
    weight: Any
    sources: list[str]
    notes: list[str]
    broken: list[Broken]
    hints: list[Broken]
    kept: list[Any]
    pages: int


class SeenForm(forms.Form):
    holds = forms.TypedChoiceField(
        label=gettext_lazy("结论"), widget=forms.RadioSelect, coerce=lambda given: given == "yes",
        choices=[("yes", gettext_lazy("符合")), ("no", gettext_lazy("不符合"))], empty_value=None,
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("看了什么"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300,
        help_text=gettext_lazy("写看了哪些页面、用什么看的，例如“用 Edge、微信和 360 浏览器各看了首页和一篇文章”"),
    )  # fmt: skip


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The sites one reads, with what is not kept on each; of one site alone its checklist at once."""
    sites = sites_with(request.user, Permission.READ_CONTENT).filter(publication__release__gt=0).order_by("name", "pk")
    if sites.count() == 1:
        return redirect(ONE, sites.get().pk)
    rows = paged(request, sites.select_related("owner"))
    return page(request, "page_rules.html", tab=LIST, rows=rows, lines=[_row(site) for site in rows])


@require_GET
def checklist(request: HttpRequest, site: int) -> HttpResponse:
    """The whole checklist of one site, what is not kept first."""
    return _checklist(request, _site(request, site), refusal=[])


@require_POST
def examine_now(request: HttpRequest, site: int) -> HttpResponse:
    """Look at the pages again, at once."""
    found = _site(request, site)
    try:
        failing = examine(site=found, by=request.user, now=timezone.now())
    except (PermissionDenied, ValidationError) as refused:
        answer = _checklist(request, found, refusal=sentences(refused))
        answer.status_code = 409
        return answer
    said = _("已检查，%(n)s 项不符合。") % {"n": len(failing)} if failing else _("已检查，程序能查的各项都符合。")
    messages.success(request, said)
    return redirect(ONE, found.pk)


@require_http_methods(["GET", "POST"])
def seen(request: HttpRequest, site: int, rule: str) -> HttpResponse:
    """Say what one saw of an item that no program can judge; what was said before stands below."""
    found, now = _site(request, site), timezone.now()
    line = next((one for one in lines_of(found, now=now) if one.item.key == rule and one.item.by_eye), None)
    if line is None:
        raise Http404
    form = SeenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = {"site": found, "rule": rule, "by": request.user, "now": now}
        if attempt(form, lambda: confirm(**form.cleaned_data, **act)):
            messages.success(request, _("已登记。模板或者网站的页头页脚改变以后，要重新查看。"))
            return redirect(ONE, found.pk)
    rows = PageSighting.objects.filter(site=found, rule=rule).select_related("seen_by")[:20]
    last = PageExamination.objects.filter(site=found).first()
    context = {
        "in_site": found, "one": _shown(line, found), "form": form, "rows": rows, "edition": last.edition if last else "",
        "sees": may_manage(request.user, found) and last is not None and not line.item.off,
    }  # fmt: skip
    return page(request, "page_rule.html", tab=LIST, **context)


def _site(request: HttpRequest, site: int) -> Site:
    return fetch_site_for(request.user, site, Permission.READ_CONTENT)


def _checklist(request: HttpRequest, found: Site, *, refusal: list[str]) -> HttpResponse:
    now = timezone.now()
    shown = [_shown(line, found) for line in lines_of(found, now=now)]
    groups = [(word, tone, [one for one in shown if one.line.state == state]) for state, (word, tone) in STATES.items()]
    last = PageExamination.objects.filter(site=found).first()
    context = {
        "in_site": found, "last": last, "groups": groups if last else [], "refusal": refusal,
        "manages": may_manage(request.user, found), "several": _reads_several(request),
        "origin": origin_of(found.host),
    }  # fmt: skip
    return page(request, "page_rules_of.html", tab=LIST, **context)


def _reads_several(request: HttpRequest) -> bool:
    return sites_with(request.user, Permission.READ_CONTENT).count() > 1 and may_open(request.user, LIST)


def _row(site: Site) -> dict[str, Any]:
    last = PageExamination.objects.filter(site=site).first()
    states = [line.state for line in lines_of(site, now=timezone.now())] if last else []
    return {
        "site": site, "last": last, "broken": states.count("broken"), "kept": states.count("kept"),
        "waiting": states.count("waiting") + states.count("ended"), "address": reverse(ONE, args=[site.pk]),
    }  # fmt: skip


def _shown(line: Line, site: Site) -> Shown:
    word, tone = STATES[line.state]
    kinds = [(kind, line.kinds[kind]) for kind in KINDS if kind in line.kinds and line.kinds[kind].read]
    sources = [f"{source.pack}：{wording.basis(basis)}" for source in line.item.sources for basis in source.basis]
    return Shown(
        line=line, word=word, tone=tone, weight=_("应当") if line.item.weight == MUST else _("宜"),
        sources=sources, notes=[source.note for source in line.item.sources if source.note],
        broken=[_broken(kind, one, site, one.failed) for kind, one in kinds if one.failed],
        hints=[_broken(kind, one, site, one.hints) for kind, one in kinds if one.hints and not one.failed],
        kept=[OF_KINDS[kind] for kind, one in kinds if not one.failed],
        pages=sum(one.read for _kind, one in kinds),
    )  # fmt: skip


def _broken(kind: str, one: OfKind, site: Site, number: int) -> Broken:
    return Broken(
        OF_KINDS[kind], one.read, number, sentence(one.said), one.address, f"{origin_of(site.host)}{one.address}"
    )


def sentence(said: Iterable[Any]) -> str:
    """A fault in words, in the reader's language: what fills it may be a word of ours too."""
    message, values = tuple(said)
    filled = {name: _(value) if isinstance(value, str) and value else value for name, value in values.items()}
    return _(message) % filled
