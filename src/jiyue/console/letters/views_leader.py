"""我的信箱: what a leader sees of the letters written to him, and his word on one of them (批示). He does nothing else here."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jiyue.console.letters.acts import call, offers
from jiyue.console.letters.frame import page, rows_of
from jiyue.console.letters.views import told
from jiyue.console.office.frame import paged
from jiyue.console.stewardship.frame import done
from jiyue.domain.cases import Act
from jiyue.interaction.instructions import open_as_leader
from jiyue.interaction.leaders import fetch_led_for, letters_led, mailboxes_led
from jiyue.interaction.mailboxes import addressee_of
from jiyue.interaction.models import STILL_OPEN, Case
from jiyue.interaction.queries import with_due

WAITING, IN_HAND, LATE, ANSWERED, ALL = "waiting", "open", "late", "answered", "all"
TABS = {
    WAITING: gettext_lazy("等我批示"), IN_HAND: gettext_lazy("办理中"), LATE: gettext_lazy("已逾期"),
    ANSWERED: gettext_lazy("已答复"), ALL: gettext_lazy("全部"),
}  # fmt: skip


@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """The letters of the leader's own mailbox: what waits for his word first, then by the clock; each part with its count."""
    now = timezone.now()
    asked = request.GET.get("tab", WAITING)
    tab = asked if asked in TABS else WAITING
    rows = with_due(letters_led(request.user))
    shown = paged(request, _part(rows, tab, now).select_related("site", "desk__owner", "handler"))
    shown.object_list = rows_of(shown.object_list, now=now)
    return page(
        request, "led_letters.html", rows=shown, tab=tab, query=f"tab={tab}",
        tabs=[(code, label, _part(rows, code, now).count()) for code, label in TABS.items()],
        names="、".join(addressee_of(mailbox) for mailbox in mailboxes_led(request.user)),
    )  # fmt: skip


def letter(request: HttpRequest, led: int) -> HttpResponse:
    """One letter as its leader reads it, and the one thing he may do: say his word."""
    found = fetch_led_for(request.user, led)
    now = timezone.now()
    sent = request.POST if request.method == "POST" else None
    offered = [offer for offer in offers(found, request.user, sent=sent) if offer.act == Act.INSTRUCT]
    if sent is not None:
        form = offered[0].form if offered else None
        if form is None or not form.is_bound:
            messages.error(request, _("这封信现在不能这样办理，请看最新情况"))
            return redirect("console_led_letter", found.pk)
        if done(form, lambda: call(offered[0], sent=sent, by=request.user, now=now)):
            messages.success(request, _("已批示，经办人和承办单位马上能看到"))
            return redirect("console_led_letter", found.pk)
        found = fetch_led_for(request.user, led)
    open_as_leader(case=found, by=request.user, now=now)  # each time it is drawn, also with what is wrong
    wrong = next((offer.form for offer in offered if offer.form.is_bound and offer.form.errors), None)
    return page(request, "led_letter.html", form=wrong, offers=offered, **told(request, found))


def _part(rows: QuerySet[Case], tab: str, now: datetime) -> QuerySet[Any]:
    """What of the mailbox stands under one tab. A letter that waits for the leader is in hand as well."""
    if tab == ANSWERED:
        return rows.filter(~STILL_OPEN, met_at__isnull=False).order_by("-met_at", "-pk")
    if tab == ALL:
        return rows.order_by("-received_at", "-pk")
    condition = {WAITING: Q(presented_at__isnull=False), IN_HAND: Q(), LATE: Q(due__lt=now)}[tab]
    return rows.filter(STILL_OPEN & condition).order_by(F("due").asc(nulls_last=True), "clock_at", "pk")
