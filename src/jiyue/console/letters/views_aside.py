"""待查来信: what lay in the letter box and could not be read. It belongs to no site, so the operator looks at it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiyue.console.letters.forms import OutcomeForm
from jiyue.console.letters.frame import page
from jiyue.console.office.frame import paged
from jiyue.console.stewardship.frame import done
from jiyue.interaction.actions import settle_set_aside
from jiyue.interaction.policies import fetch_set_aside_for, visible_set_aside


@require_GET
def set_aside(request: HttpRequest) -> HttpResponse:
    """What waits to be looked into first, then what was settled."""
    rows = visible_set_aside(request.user).select_related("settled_by").order_by("settled_at", "-found_at")
    return page(request, "set_aside.html", rows=paged(request, rows))


def settle(request: HttpRequest, aside: int) -> HttpResponse:
    """Say what was found out about one of them; its bytes stay where they are."""
    row = fetch_set_aside_for(request.user, aside)
    form = OutcomeForm(request.POST or None)
    act = {"row": row, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: settle_set_aside(outcome=form.cleaned_data["outcome"], **act)):
        messages.success(request, _("已登记"))
        return redirect("console_letters_aside")
    return page(request, "settle.html", form=form, row=row)
