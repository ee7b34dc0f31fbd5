"""文件库: what a site has uploaded, by what right it is shown, where it is used, and what nobody uses."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from jiyue.console.files.forms import RightsForm
from jiyue.console.files.thumbs import thumb_of
from jiyue.console.office.frame import attempt, page, paged
from jiyue.console.stewardship.frame import chosen_site, few_sites
from jiyue.content import rights
from jiyue.content.models import Attachment, FileUse, Picture
from jiyue.content.policies import fetch_file_for, may_steward
from jiyue.content.uses import kind_of
from jiyue.estate.models import Site
from jiyue.publishing.models import LISTED, PublicItem

FOLDER = "files"
KINDS = (("picture", gettext_lazy("图片")), ("attachment", gettext_lazy("附件")))
STATES = (
    ("", gettext_lazy("全部")),
    ("unclear", gettext_lazy("权利未写明")),
    ("ending", gettext_lazy("30 天内到期")),
    ("ended", gettext_lazy("授权已过期")),
    ("unused", gettext_lazy("没有用到")),
)
WORDS = {
    "cleared": (gettext_lazy("已写明"), "full"), "unclear": (gettext_lazy("未写明"), "hollow"),
    "ending": (gettext_lazy("快到期"), "two"), "ended": (gettext_lazy("已过期"), "cross"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    file: Any
    word: Any
    tone: str
    thumb: str
    kind: str

    @property
    def used(self) -> int:
        return max(self.file.drafts, self.file.versions)


def files(request: HttpRequest) -> HttpResponse:
    """The library of the site in hand: pictures or attachments, by the state of their rights."""
    site = chosen_site(request)
    kind = request.GET.get("kind", "picture")
    kind = kind if kind in dict(KINDS) else "picture"
    state = request.GET.get("state", "")
    state = state if state in dict(STATES) else ""
    wanted = request.GET.get("q", "").strip()[:60]
    rows = paged(request, _asked(site, kind, state, wanted) if site else [])
    keeps = site is not None and may_steward(request.user, site)
    context = {
        "rows": rows, "lines": [_line(file) for file in rows], "kind": kind, "kinds": KINDS, "state": state,
        "states": STATES, "q": wanted, "in_site": site, "sites": few_sites(request), "keeps": keeps,
        "removes": keeps and state == "unused",
        "query": urlencode({"kind": kind, "state": state, "q": wanted, "site": site.pk if site else ""}),
    }  # fmt: skip
    return page(request, "files.html", folder=FOLDER, **context)


def file(request: HttpRequest, kind: str, file: int) -> HttpResponse:
    """One file: what it is, by what right it is shown, and every place that uses it."""
    found = fetch_file_for(request.user, kind, file)
    keeps = may_steward(request.user, found.site)
    form = RightsForm.of(found, request.POST or None)
    if request.method == "POST":
        if not keeps:
            raise PermissionDenied
        act = {"file": found, "by": request.user, "now": timezone.now()}
        if form.is_valid() and attempt(form, lambda: rights.describe_file(facts=form.cleaned_data, **act)):
            messages.success(request, _("已保存"))
            return redirect("console_file", kind, found.pk)
    counted = rights.with_uses(type(found)._default_manager.filter(pk=found.pk)).get()
    context = {"line": _line(counted), "form": form, "keeps": keeps, "uses": _uses(found), "others": _others(found)}
    return page(request, "file.html", folder=FOLDER, **context)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take the ticked files out of the library; what is used meanwhile stays."""
    site, kind = chosen_site(request), request.POST.get("kind", "")
    if site is None or kind not in dict(KINDS):
        raise Http404
    keys = [int(key) for key in request.POST.getlist("file") if key.isascii() and key.isdecimal() and len(key) < 19]
    back = f"{reverse('console_files')}?kind={kind}&state=unused&site={site.pk}"
    try:
        gone = rights.remove_unused(site=site, kind=kind, files=keys, by=request.user, now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, "；".join(refusal.messages))
        return redirect(back)
    kept = len(set(keys)) - gone
    told = ngettext(
        "移除了 %(n)s 个文件，三十天内可以请运维人员找回", "移除了 %(n)s 个文件，三十天内可以请运维人员找回", gone
    )
    messages.success(request, told % {"n": gone}) if gone else messages.warning(request, _("没有可以移除的文件"))
    if kept:
        messages.warning(request, _("有 %(n)s 个文件已经有稿件在用，没有移除") % {"n": kept})
    return redirect(back)


def _asked(site: Site, kind: str, state: str, wanted: str) -> QuerySet[Any]:
    model = Picture if kind == "picture" else Attachment
    found = rights.in_state(model._default_manager.filter(site=site), state, today=timezone.localdate())
    if wanted:
        found = found.filter(title__icontains=wanted) | found.filter(author__icontains=wanted)
    return rights.with_uses(found).select_related("site").order_by("-created_at", "-pk")


def _line(file: Any) -> Line:
    word, tone = WORDS[rights.state_of(file, today=timezone.localdate())]
    return Line(file, word, tone, thumb_of(file), kind_of(file))


def _uses(file: Any) -> list[tuple[FileUse, list[str]]]:
    """Each record that uses the file, with the sites that show it to the public now."""
    rows = list(
        file.uses.select_related("record__column", "record__site").order_by("-submitted", "-record__changed_at")[:200]
    )
    shown: dict[Any, list[str]] = {}
    items = PublicItem.objects.filter(
        identity__in=[row.record.identity for row in rows if row.submitted], state__in=LISTED
    )
    for item in items.select_related("site"):
        shown.setdefault(item.identity, []).append(item.site.name)
    return [(row, shown.get(row.record.identity, [])) for row in rows]


def _others(file: Any) -> list[str]:
    """What else of the platform names the file, such as the mark of a site."""
    found = []
    for relation in type(file)._meta.related_objects:
        if relation.name in {"renditions", "uses"} or relation.field.name == "cover":
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: file.pk})[:20]
        found += [f"{relation.related_model._meta.verbose_name}：{row}" for row in rows]
    return found
