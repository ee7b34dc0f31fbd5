"""写稿: first where, then what. Every column says how often it must be renewed and who keeps it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.sites import current_site
from jiyue.content.actions import delete_draft
from jiyue.content.models import Column, Record
from jiyue.content.policies import editor_sites, fetch_record_for, may_delete, writable_columns

K, C = Record.Kind, Column.Kind
# What is usually written in a column of this kind; every other type stays one click away.
USUAL: dict[str, Record.Kind] = {
    C.POLICY_DOCUMENTS: K.POLICY_DOCUMENT, C.INTERPRETATIONS: K.INTERPRETATION, C.LEADERS: K.LEADER,
    C.INSTITUTIONS: K.INSTITUTION, C.NOTICES: K.NOTICE, C.TOPICS: K.TOPIC, C.GALLERY: K.GALLERY,
    C.OVERVIEW: K.PLAIN_PAGE, C.DISCLOSURE_GUIDE: K.PLAIN_PAGE, C.SERVICES: K.SERVICE_GUIDE,
}  # fmt: skip


@require_GET
def write(request: HttpRequest) -> HttpResponse:
    """All columns of the site in hand in which the person may write."""
    site = current_site(request)
    if site is None or not editor_sites(request.user).filter(pk=site.pk).exists():
        site = editor_sites(request.user).order_by("name").first()
    columns = writable_columns(request.user, site).select_related("responsible").order_by("path") if site else []
    only = request.GET.get("column", "")
    shown = [column for column in columns if not only or str(column.pk) == only]
    context = {
        "site": site,
        "rows": [
            (column, USUAL.get(column.kind, K.ARTICLE), K(USUAL.get(column.kind, K.ARTICLE)).label) for column in shown
        ],
        "kinds": [choice for choice in K.choices if choice[0] != K.PUBLIC_ANSWER],
    }
    return TemplateResponse(request, "console/writing/start.html", context)


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Open the editor for the type and column picked on the page above."""
    kind = request.GET.get("kind", "")
    column = request.GET.get("column", "")
    if kind not in K.values or kind == K.PUBLIC_ANSWER or not column.isdecimal():
        return redirect("console_write")
    answer = redirect(f"console_{kind}:add")
    title = request.GET.get("title", "")
    answer["Location"] += f"?{urlencode({'column': column, **({'title': title} if title else {})})}"
    return answer


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft that was never submitted, after asking once."""
    record = fetch_record_for(request.user, pk, writable=True)
    if request.method == "POST" and may_delete(request.user, record):
        delete_draft(record=record, by=request.user, now=timezone.now())
        return redirect("console_records")
    context = {"record": record, "may": may_delete(request.user, record), "why": _("送审过的稿件是历史，不能删除。")}
    return TemplateResponse(request, "console/writing/delete.html", context)
