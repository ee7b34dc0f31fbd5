"""The site manager's last look at changed settings before the final reviewer confirms them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiyue.console.refusals import sentences
from jiyue.console.structures import structure_rows
from jiyue.content.structure import identity_of, structure_of
from jiyue.estate.policies import fetch_site_for
from jiyue.identity.roles import Permission
from jiyue.review import ledger
from jiyue.review.actions import submit_structure
from jiyue.review.models import Review


@require_http_methods(["GET", "POST"])
def structure(request: HttpRequest, pk: int) -> HttpResponse:
    """What differs from the signed settings, and the button that submits it."""
    site = fetch_site_for(request.user, pk, Permission.MANAGE_SITE)
    refusal: list[str] = []
    if request.method == "POST":
        try:
            submit_structure(site=site, by=request.user, now=timezone.now())
        except (PermissionDenied, ValidationError) as refused:
            refusal = sentences(refused)
        else:
            messages.success(request, _("已送终审，确认后在网站上生效。"))
            return redirect("wagtailadmin_home")
    last = ledger.current(identity_of(site))
    before = ledger.content_of(last.version, digest=last.version_digest) if last else None
    waiting = Review.objects.filter(version__identity=identity_of(site), status=Review.Status.OPEN).first()
    context = {
        "site": site, "rows": structure_rows(before, structure_of(site)), "first_time": before is None,
        "waiting": waiting, "refusal": refusal,
    }  # fmt: skip
    return TemplateResponse(request, "console/structure.html", context, status=409 if refusal else 200)
