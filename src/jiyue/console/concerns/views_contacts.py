"""联系单位: whom a unit calls in an emergency, and what was agreed with each (RESP-05)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.concerns.actions import end_contact, save_contact
from jiyue.concerns.models import Contact
from jiyue.concerns.policies import fetch_contact_for, keeping_units, visible_contacts
from jiyue.console.concerns.forms import ContactForm
from jiyue.console.concerns.frame import page
from jiyue.console.office.frame import attempt, paged
from jiyue.console.stewardship.frame import done

TAB = "console_contacts"


def contacts(request: HttpRequest) -> HttpResponse:
    """The registers of the units one has to do with, with how often and when each contact was last called."""
    used = Q(steps__struck_at=None)
    rows = visible_contacts(request.user).filter(ended_at=None).select_related("unit")
    rows = rows.annotate(calls=Count("steps", filter=used), called_at=Max("steps__at", filter=used))
    keeps = list(keeping_units(request.user).values_list("pk", flat=True))
    return page(
        request,
        "contacts.html",
        tab=TAB,
        rows=paged(request, rows.order_by("unit__lineage", "kind", "name")),
        keeps=keeps,
    )


def add_contact(request: HttpRequest) -> HttpResponse:
    units = keeping_units(request.user)
    form = ContactForm(request.POST or None, units=units, instance=Contact(unit=units.first()))
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: save_contact(contact=form.instance, **act)):
        messages.success(request, _("已登记"))
        return redirect(TAB)
    return page(request, "contact.html", tab=TAB, form=form, row=None)


def contact(request: HttpRequest, contact: int) -> HttpResponse:
    """Change one: another row takes its place, so that old steps still say whom they meant. Or use it no more."""
    found = fetch_contact_for(request.user, contact)
    units = keeping_units(request.user)
    if not units.filter(pk=found.unit_id).exists() or found.ended_at is not None:
        raise PermissionDenied
    ends = request.method == "POST" and request.POST.get("act") == "end"
    fresh = Contact(**{name: getattr(found, name) for name in ("unit", "kind", "name", "person", "phone", "note")})
    form = ContactForm(None if ends else request.POST or None, units=units, instance=fresh)
    act = {"by": request.user, "now": timezone.now()}
    taken = False
    if ends:
        taken = attempt(form, lambda: end_contact(contact=found, **act))
    elif request.method == "POST":
        taken = done(form, lambda: save_contact(contact=form.instance, instead_of=found, **act))
    if taken:
        messages.success(request, _("已保存"))
        return redirect(TAB)
    return page(request, "contact.html", tab=TAB, form=form, row=found)
