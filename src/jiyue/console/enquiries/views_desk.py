"""咨询台 of a site: whether it answers live, and when (INT-16)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.console.enquiries.forms import DeskForm
from jiyue.console.office.frame import page as site_page
from jiyue.console.stewardship.frame import done
from jiyue.domain.enquiries import USUAL_EACH, USUAL_HOURS, USUAL_IDLE, USUAL_WAITING
from jiyue.estate.policies import fetch_site_for
from jiyue.identity.roles import Permission
from jiyue.interaction.enquiries.desks import on_duty, set_desk
from jiyue.interaction.models import EnquiryDesk
from jiyue.interaction.policies import takes_letters

FIELDS = ("is_on", "hours", "title", "idle_minutes", "most_each", "most_waiting")
USUAL = {
    "is_on": False, "hours": USUAL_HOURS, "title": "值班员", "idle_minutes": USUAL_IDLE, "most_each": USUAL_EACH,
    "most_waiting": USUAL_WAITING,
}  # fmt: skip


def desk(request: HttpRequest, site: int) -> HttpResponse:
    """Switch it on or off, and set its hours."""
    found = fetch_site_for(request.user, site, Permission.MANAGE_SITE)
    row = EnquiryDesk.objects.filter(site=found).select_related("by").first()
    initial = {name: getattr(row, name) for name in FIELDS} if row else USUAL
    form = DeskForm(request.POST or None, initial=initial)
    if request.method == "POST" and done(
        form, lambda: set_desk(site=found, by=request.user, now=timezone.now(), **form.cleaned_data)
    ):
        messages.success(request, _("已保存，一两秒后对外生效"))
        return redirect("console_enquiry_desk", found.pk)
    there = on_duty(now=timezone.now()).filter(desk=row) if row else []
    return site_page(
        request, "desk.html", folder="enquiries", site=found, form=form, row=row, there=there, takes=takes_letters(found)
    )  # fmt: skip
