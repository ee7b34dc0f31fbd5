"""One duty: what stands behind it, what happened to it, and what a person may do with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiyue.console.duties import earlier, words
from jiyue.console.duties.frame import screen
from jiyue.console.duties.proofs import ProofField, kept
from jiyue.console.duties.reasons import of_obligation
from jiyue.console.gate import may_open
from jiyue.console.office import wording
from jiyue.console.office.forms import Moment
from jiyue.console.office.frame import attempt
from jiyue.content.models import Record
from jiyue.estate.policies import may_manage
from jiyue.foundation.models import AuditEvent
from jiyue.identity.models import User
from jiyue.identity.policies import oversees
from jiyue.identity.roles import Role
from jiyue.obligations import actions
from jiyue.obligations.models import Obligation, Waiver
from jiyue.obligations.policies import ACTING, fetch_obligation_for, fetch_waiver_for, may_act, may_answer_waiver
from jiyue.rules.queries import book

MOST_HISTORY = 100


class MeetForm(forms.Form):
    """办结: what was done, and when."""

    note = forms.CharField(
        label=gettext_lazy("办理情况"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=gettext_lazy("写明做了什么、结果在哪里可以看到，作为完成的依据"),
    )  # fmt: skip
    at = Moment(label=gettext_lazy("完成时间"), required=False, help_text=gettext_lazy("不填就是现在"))
    file = ProofField(
        label=gettext_lazy("证明材料"), required=False,
        help_text=gettext_lazy("可以不传。扫描件、报告、截图等一个文件，不超过 20 MB；只有能看到这项工作的人能下载，不会公开"),
    )  # fmt: skip


class StepForm(forms.Form):
    """改用最迟期限."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )


class WaiverForm(forms.Form):
    """申请豁免."""

    grounds = forms.CharField(
        label=gettext_lazy("理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=gettext_lazy("由上级单位的督办人员批复；批复以前期限照常计算"),
    )  # fmt: skip


class PersonForm(forms.Form):
    """指定责任人."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("责任人"), queryset=User.objects.none(), empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("指定以后只出现在这个人的清单里"),
    )  # fmt: skip

    def __init__(self, *args: Any, found: Obligation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = nameable(found)
        self.fields["person"].initial = found.person_id


class AnswerForm(forms.Form):
    """批复豁免申请."""

    answer = forms.ChoiceField(
        label=gettext_lazy("批复"), widget=forms.RadioSelect,
        choices=[("grant", gettext_lazy("批准豁免")), ("refuse", gettext_lazy("不批准"))],
    )  # fmt: skip
    reply = forms.CharField(
        label=gettext_lazy("批复意见"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False,
        help_text=gettext_lazy("不批准时必须写明原因"),
    )  # fmt: skip


@dataclass(frozen=True)
class Happened:
    """One line of the history."""

    at: Any
    what: str
    told: str
    who: str


@require_GET
def duty(request: HttpRequest, duty: int) -> HttpResponse:
    """The page of one duty."""
    return _page(request, fetch_obligation_for(request.user, duty))


@require_POST
def meet(request: HttpRequest, duty: int) -> HttpResponse:
    """Close it by hand, with what proves it."""

    def act(found: Obligation, form: forms.Form) -> None:
        given, now = form.cleaned_data, timezone.now()
        how = {"note": given["note"], "at": given["at"], "files": kept(given["file"])}
        actions.meet_by_hand(obligation=found, by=request.user, now=now, **how)

    return _act(request, duty, "meet", MeetForm, act, _("已经办结"))


@require_POST
def step(request: HttpRequest, duty: int) -> HttpResponse:
    """Let the latest limit count."""

    def act(found: Obligation, form: forms.Form) -> None:
        reason = form.cleaned_data["reason"]
        actions.take_second_step(obligation=found, reason=reason, by=request.user, now=timezone.now())

    return _act(request, duty, "step", StepForm, act, _("已改用最迟期限"))


@require_POST
def ask(request: HttpRequest, duty: int) -> HttpResponse:
    """Ask the superior unit for a waiver."""

    def act(found: Obligation, form: forms.Form) -> None:
        grounds = form.cleaned_data["grounds"]
        actions.ask_waiver(obligation=found, grounds=grounds, by=request.user, now=timezone.now())

    return _act(request, duty, "ask", WaiverForm, act, _("豁免申请已送上级单位"))


@require_POST
def name(request: HttpRequest, duty: int) -> HttpResponse:
    """Say who is to do it."""
    found = fetch_obligation_for(request.user, duty)
    if not _may_name(request, found):
        raise Http404
    form = PersonForm(request.POST, prefix="person", found=found)
    if form.is_valid() and attempt(form, lambda: _name(request, found, form)):
        messages.success(request, _("已指定责任人"))
        return redirect("console_duty", duty)
    return _page(request, found, person=form)


def nameable(found: Obligation) -> QuerySet[User]:
    """Who could be named: editors and managers of the site; for a unit's own duty those who oversee it."""
    people = User.objects.filter(is_active=True).order_by("name", "pk")
    if found.site_id:
        return people.filter(appointments__site=found.site_id, appointments__role__in=ACTING).distinct()
    units = [int(key) for key in found.unit.lineage.strip("/").split("/") if key]
    here = Q(memberships__organisation__in=[*units, found.unit_id]) | Q(memberships__organisation=None)
    return people.filter(here, memberships__role=Role.OVERSEER).distinct()


def _may_name(request: HttpRequest, found: Obligation) -> bool:
    is_open = not (found.done_at or found.waived_at or found.ended_at)
    manages = found.site is not None and may_manage(request.user, found.site)
    return is_open and (manages or oversees(request.user, found.unit))


def _name(request: HttpRequest, found: Obligation, form: forms.Form) -> None:
    actions.name_person(obligation=found, person=form.cleaned_data["person"], by=request.user, now=timezone.now())


@require_http_methods(["GET", "POST"])
def waiver(request: HttpRequest, waiver: int) -> HttpResponse:
    """Answer a request for a waiver, on the page of the duty it is about."""
    found = fetch_waiver_for(request.user, waiver)
    if not may_answer_waiver(request.user, found):
        raise Http404
    if request.method == "GET":
        return redirect(reverse("console_duty", args=[found.obligation_id]) + "#waivers")
    form = AnswerForm(request.POST, prefix="answer")
    if form.is_valid() and attempt(form, lambda: _answer(request, found, form)):
        messages.success(request, _("已经批复"))
        return redirect("console_duty", found.obligation_id)
    return _page(request, fetch_obligation_for(request.user, found.obligation_id), answer=form)


def _answer(request: HttpRequest, found: Waiver, form: forms.Form) -> None:
    how = {"waiver": found, "by": request.user, "now": timezone.now(), "reply": form.cleaned_data["reply"]}
    if form.cleaned_data["answer"] == "grant":
        actions.grant_waiver(**how)
    else:
        actions.refuse_waiver(**how)


def _act(
    request: HttpRequest, key: int, name: str, make: type[forms.Form], act: Callable[[Obligation, forms.Form], None],
    done: str,
) -> HttpResponse:  # fmt: skip
    """Run one act; what was refused or mistyped comes back with everything that was typed."""
    found = fetch_obligation_for(request.user, key)
    if not may_act(request.user, found):
        raise Http404
    form = make(request.POST, request.FILES, prefix=name)
    if form.is_valid() and attempt(form, lambda: act(found, form)):
        messages.success(request, done)
        return redirect("console_duty", key)
    return _page(request, found, **{name: form})


def _page(request: HttpRequest, found: Obligation, **bound: forms.Form) -> HttpResponse:
    now, rules = timezone.now(), book()
    days = rules.calendar_for(found.unit.lineage)
    waivers = list(found.waivers.select_related("asked_by", "answered_by"))
    asked = next((one for one in waivers if one.state == Waiver.State.ASKED), None)
    is_open = not (found.done_at or found.waived_at or found.ended_at)
    acts = is_open and may_act(request.user, found)
    if asked is not None:
        asked.obligation = found
    forms_of = {
        "meet": (MeetForm, acts and found.by_hand),
        "step": (StepForm, acts and _has_second_step(found, now)),
        "ask": (WaiverForm, acts and asked is None),
        "answer": (AnswerForm, is_open and asked is not None and may_answer_waiver(request.user, asked)),
    }
    # A refused form is shown again whatever the duty allows by now: what was typed stays.
    wanted = {name: make for name, (make, may) in forms_of.items() if may or name in bound}
    shown = {f"{name}_form": bound.get(name) or make(prefix=name) for name, make in wanted.items()}
    if "person" in bound or _may_name(request, found):
        shown["person_form"] = bound.get("person") or PersonForm(prefix="person", found=found)
    response = screen(
        request, "duty.html", duty=found, now=now, state=found.state(now), reason=of_obligation(found, calendar=days),
        clock=words.clock(found, now=now, calendar=days), waivers=waivers, waiver=asked, acts=acts,
        history=history_of(found), subject=subject_address(request, found.subject), needs_reason=actions.needs_reason(found),
        earlier=earlier.of_duty(found, rules=rules, now=now),
        scope=f"site={found.site_id}" if found.site_id else f"unit={found.unit_id}", **shown,
    )  # fmt: skip
    response.status_code = 422 if bound else 200
    return response


def history_of(found: Obligation) -> list[Happened]:
    """What happened to a duty, the latest first."""
    rows = AuditEvent.objects.filter(subject=f"obligation:{found.pk}").order_by("-sequence")[:MOST_HISTORY]
    return [Happened(row.at, wording.label(row.code), wording.sentence(row.code, row.data), _who(row)) for row in rows]


def subject_address(request: HttpRequest, subject: str) -> str:
    """Where the thing can be looked at that a duty is about; empty where the person is offered no such screen."""
    kind, _colon, key = subject.partition(":")
    if kind == "column" and key.isdecimal() and may_open(request.user, "console_records"):
        return f"{reverse('console_records')}?column={key}"
    if kind == "reprint" and may_open(request.user, "console_reprint"):
        return reverse("console_reprint", args=[key.partition(":")[0]])
    if kind == "record" and may_open(request.user, "console_path"):
        record = Record.objects.filter(identity=_identity(key)).only("pk").first()
        return reverse("console_path", args=[record.pk]) if record else ""
    return ""


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _has_second_step(found: Obligation, now) -> bool:
    return found.latest_at is not None and found.second_step_at is None and now <= found.latest_at


def _who(row: AuditEvent) -> str:
    if row.actor_kind == "process":
        return _("平台")
    return f"{row.actor_name}（{row.actor_unit}）" if row.actor_unit else row.actor_name
