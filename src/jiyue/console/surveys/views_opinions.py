"""意见: sorting what people said into groups, and saying for each group what became of it and why."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiyue.console.office.frame import paged
from jiyue.console.stewardship.frame import done
from jiyue.console.surveys.forms import GroupForm, GroupingForm
from jiyue.console.surveys.frame import page
from jiyue.content.models import OpinionCall
from jiyue.interaction.campaigns.actions import decide_group, group_opinions
from jiyue.interaction.campaigns.figures import parts_shown
from jiyue.interaction.campaigns.policies import fetch_campaign_for, fetch_group_for
from jiyue.interaction.campaigns.privacy import proposed, settings_of
from jiyue.interaction.models import Opinion, OpinionGroup

LOOSE = "loose"


@require_http_methods(["GET", "POST"])
def opinions(request: HttpRequest, call: int) -> HttpResponse:
    """What came in, first what stands in no group yet; ticked ones go together under a name."""
    found = fetch_campaign_for(request.user, call, handling=True)
    if not isinstance(found, OpinionCall):
        raise Http404
    rows = Opinion.objects.filter(call=found).select_related("place__group").order_by("paragraph", "pk")
    tab = request.GET.get("tab", LOOSE)
    if tab == LOOSE:
        rows = rows.filter(place=None)
    shown = paged(request, rows)
    shown.object_list = _beside_the_draft(found, shown.object_list)
    keys = list(rows.values_list("pk", flat=True)) if request.method == "POST" else []
    form = GroupingForm(request.POST if request.method == "POST" else None, keys=keys)
    if request.method == "POST" and done(
        form, lambda: group_opinions(call=found, by=request.user, now=timezone.now(), **form.cleaned_data)
    ):
        messages.success(request, _("已归类。"))
        return redirect(request.get_full_path())
    ticked = set(request.POST.getlist("opinions"))
    groups = OpinionGroup.objects.filter(call=found).prefetch_related("places").order_by("pk")
    return page(
        request, "opinions.html", survey=found, rows=shown, tab=tab, form=form, ticked=ticked, groups=groups,
        loose=Opinion.objects.filter(call=found, place=None).count(),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, opinion_group: int) -> HttpResponse:
    """One group with everything in it; the summary is proposed from the first opinion, with persons covered."""
    found = fetch_group_for(request.user, opinion_group)
    members = list(Opinion.objects.filter(place__group=found).order_by("pk")[:200])
    form = GroupForm(request.POST if request.method == "POST" else None, initial=_initial(found, members))
    if request.method == "POST" and done(form, lambda: _decide(found, form.cleaned_data, request)):
        messages.success(request, _("已保存。"))
        return redirect("console_opinions", found.call_id)
    return page(request, "group.html", group=found, survey=found.call, form=form, members=members)


def _beside_the_draft(found: OpinionCall, rows: Iterable[Opinion]) -> list[tuple[Opinion, str]]:
    """Each opinion with the paragraph that its writer had before her."""
    parts = parts_shown(found)
    return [(row, parts.get(row.version, {}).get(row.paragraph, "")) for row in rows]


def _initial(found: OpinionGroup, members: list[Opinion]) -> dict[str, Any]:
    summary = found.summary
    if not summary and members:
        summary = proposed(members[0].text, settings_of(found.call, now=timezone.now()))[:1000]
    return {"version": found.version, "summary": summary, "outcome": found.outcome, "reason": found.reason}


def _decide(found: OpinionGroup, given: dict[str, Any], request: HttpRequest) -> None:
    found.version = given.pop("version")
    try:
        decide_group(group=found, by=request.user, now=timezone.now(), **given)
    except ValidationError:
        found.refresh_from_db()
        raise
