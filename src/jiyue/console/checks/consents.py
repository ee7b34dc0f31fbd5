"""会签 on the last page before the reviewers: which other units were asked, and what they said."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from jiyue.console.refusals import sentences
from jiyue.content.models import Record
from jiyue.content.policies import fetch_record_for
from jiyue.identity.models import Organisation
from jiyue.review.consenting import ask_consent, drop_consent, record_consent
from jiyue.review.models import UnitConsent
from jiyue.review.policies import fetch_consent_for


class ConsentForm(forms.Form):
    given_by = forms.CharField(label=gettext_lazy("同意人"), max_length=80)
    given_on = forms.DateField(label=gettext_lazy("同意日期"), widget=forms.DateInput(attrs={"type": "date"}))
    evidence = forms.CharField(
        label=gettext_lazy("凭据"), max_length=200,
        help_text=gettext_lazy("复函文号、签字件或通话记录，例如“电话确认，000-12345”"),
    )  # fmt: skip


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a unit on the list of those that must agree."""
    record = fetch_record_for(request.user, pk, writable=True)
    given = request.POST.get("unit", "")
    unit = units_for(record).filter(pk=given).first() if given.isdecimal() and len(given) < 19 else None
    try:
        if unit is None:
            raise ValidationError(_("请选择涉及的单位"))
        ask_consent(record=record, unit=unit, by=request.user, now=timezone.now())
    except (PermissionDenied, ValidationError) as refused:
        messages.error(request, " ".join(sentences(refused)))
    else:
        messages.success(request, _("已列出“%(unit)s”，登记同意以前不能签发。") % {"unit": unit.name})
    return redirect("console_submit", pk)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a unit agreed, or take it off the list."""
    consent = fetch_consent_for(request.user, pk)
    record = consent.record_id
    form = ConsentForm(request.POST)
    act: dict[str, Any] = {"consent": consent, "by": request.user, "now": timezone.now()}
    try:
        if request.POST.get("act") == "drop":
            drop_consent(**act)
        elif form.is_valid():
            record_consent(**act, **form.cleaned_data)
        else:
            raise ValidationError([error for errors in form.errors.values() for error in errors])
    except (PermissionDenied, ValidationError) as refused:
        messages.error(request, " ".join(sentences(refused)))
    else:
        messages.success(request, _("已保存"))
    return redirect("console_submit", record)


def consents_of(record: Record) -> dict[str, Any]:
    """What the page shows: who was asked, and who can still be."""
    rows = list(UnitConsent.objects.filter(record=record.pk).select_related("unit").order_by("pk"))
    asked = [row.unit_id for row in rows]
    return {
        "consents": rows,
        "consent_form": ConsentForm(auto_id=False),
        "units": units_for(record).exclude(pk__in=asked),
    }


def units_for(record: Record) -> QuerySet[Organisation]:
    """Units that are not the record's own."""
    own = [key for key in (record.responsible_id, record.site.owner_id) if key]
    return Organisation.objects.exclude(pk__in=own).order_by("lineage", "name")
