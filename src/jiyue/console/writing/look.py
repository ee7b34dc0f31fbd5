"""先查后建 for a single item (LIB-05): what exists already under a similar title is shown before an empty page is opened.

Of other sites only what is public, with the title that was signed; what can be taken is one click away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jiyue.console.library.shelf import public_address, public_items, signed_contents
from jiyue.console.writing.views import LONGEST_TITLE, column_of
from jiyue.content.models import Column, Record
from jiyue.content.policies import writable_records
from jiyue.content.reusing import RecordAlike, records_alike
from jiyue.identity.models import User
from jiyue.publishing.models import PublicItem


@dataclass(frozen=True)
class Existing:
    """One item that may make a new one unnecessary. Empty addresses are not offered."""

    title: str
    kind: str
    site: str
    own: bool
    state: str = ""
    shown_at: str = ""
    edit_at: str = ""
    path_at: str = ""
    take_at: str = ""


@require_GET
def look(request: HttpRequest) -> HttpResponse:
    """Ask for the title, show what is like it; with nothing like it the editor opens at once."""
    kind, key = request.GET.get("kind", ""), request.GET.get("column", "")
    if kind not in Record.Kind.values or kind == Record.Kind.PUBLIC_ANSWER or not key.isdecimal():
        return redirect("console_write")
    column = column_of(request)
    title = " ".join(request.GET.get("title", "").split())[:LONGEST_TITLE]
    onward = f"{reverse('console_begin')}?{urlencode({'kind': kind, 'column': column.pk, 'title': title})}"
    found = existing(request.user, column, title) if title else []
    if title and not found:
        return redirect(onward)
    context = {"column": column, "kind": Record.Kind(kind), "title": title, "found": found, "onward": onward}
    return TemplateResponse(request, "console/writing/look.html", context)


def existing(user: User, column: Column, title: str) -> list[Existing]:
    """What is like this title and may be seen: of the column's own site, and what is public on others."""
    shown = Exists(public_items().filter(identity=OuterRef("identity")))
    alike = records_alike(site=column.site, name=title, public=shown, now=timezone.now())
    public = _public(alike)
    mine = set(writable_records(user).filter(pk__in=[one.pk for one in alike]).values_list("pk", flat=True))
    rows = (_existing(one, public.get(one.identity), one.pk in mine) for one in alike)
    return [one for one in rows if one is not None]


def _public(alike: Iterable[RecordAlike]) -> dict[object, tuple[PublicItem, str]]:
    rows = public_items().filter(identity__in=[one.identity for one in alike]).select_related("site")
    items = list(rows)
    contents = signed_contents(items)
    return {item.identity: (item, content["title"]) for item in items if (content := contents[item.pk])}


def _existing(one: RecordAlike, public: tuple[PublicItem, str] | None, writable: bool) -> Existing | None:
    kind = str(Record.Kind(one.kind).label)
    if one.own:
        path = reverse("console_path", args=[one.pk])
        edit = reverse("console_edit", args=[one.pk]) if writable and public is None else ""
        shown = public_address(public[0]) if public else ""
        return Existing(one.title, kind, one.site, True, one.state, shown, edit, path)
    if public is None:
        return None
    item, title = public
    take = reverse("console_take", args=[item.pk])
    return Existing(title, kind, item.site.name, False, "published", public_address(item), take_at=take)
