"""调查征集: every survey and call with how it stands; one of them with its counts; what came in as a file."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.office.frame import paged
from jiyue.console.office.spreadsheets import as_csv, as_xlsx
from jiyue.console.rules import writes
from jiyue.console.sites import current_site
from jiyue.console.stewardship.frame import done
from jiyue.console.surveys.forms import SiteSurveyForm
from jiyue.console.surveys.frame import page, rows_of
from jiyue.content.models import Column, OpinionCall, Survey
from jiyue.content.policies import editor_sites, may_write, writable_columns
from jiyue.domain.questionnaires import TEXT, in_words
from jiyue.interaction.campaigns.actions import begin_site_survey, draw_up_result, note_export
from jiyue.interaction.campaigns.figures import call_figures, questionnaire_of, survey_figures, undone
from jiyue.interaction.campaigns.policies import fetch_campaign_for, visible_campaigns
from jiyue.interaction.models import Opinion, OpinionGroup, SurveyAnswer

KINDS = {"survey": Survey, "opinion_call": OpinionCall}


@require_GET
def surveys(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first."""
    found = visible_campaigns(request.user).order_by("-created_at", "-pk").defer("body")
    kind = request.GET.get("kind", "")
    if kind in KINDS:
        found = found.filter(kind=kind)
    shown = paged(request, found)
    shown.object_list = rows_of(shown.object_list, now=timezone.now())
    kinds = [(code, model._meta.verbose_name) for code, model in KINDS.items()]
    return page(request, "surveys.html", rows=shown, kind=kind, kinds=kinds, may_write=writes(request.user))


@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, survey: int) -> HttpResponse:
    """One of them: counts by question, or opinions by group; after the end the result is drawn up here."""
    found = fetch_campaign_for(request.user, survey)
    refusal: list[str] = []
    if request.method == "POST":
        try:
            made = draw_up_result(campaign=found, column=found.column, by=request.user, now=timezone.now())
        except (ValidationError, PermissionDenied) as refused:
            refusal = getattr(refused, "messages", None) or [str(refused)]
        else:
            messages.success(request, _("结果已经生成，请核对、写上分析，然后送审。"))
            return redirect("console_edit", made.pk)
    answer = page(request, "survey.html", **_told(request, found), refusal=refusal)
    answer.status_code = 409 if refusal else 200
    return answer


@require_http_methods(["GET", "POST"])
def about_site(request: HttpRequest) -> HttpResponse:
    """Begin a survey about the site itself: the public judges columns, search, services and replies (INT-18)."""
    site = current_site(request)
    sites = editor_sites(request.user)
    site = sites.filter(pk=site.pk).first() if site else None
    site = site or sites.order_by("name").first()
    columns = (
        writable_columns(request.user, site).select_related("site").order_by("path") if site else Column.objects.none()
    )
    form = SiteSurveyForm(request.POST if request.method == "POST" else None, columns=columns)
    made: list[Survey] = []
    if request.method == "POST" and done(form, lambda: made.append(_begun(form, request))):
        return redirect("console_edit", made[0].pk)
    return page(request, "about_site.html", form=form, site_in_hand=site)


def _begun(form: SiteSurveyForm, request: HttpRequest) -> Survey:
    return begin_site_survey(column=form.cleaned_data["column"], by=request.user, now=timezone.now())


@require_GET
def export(request: HttpRequest, survey: int) -> HttpResponseBase:
    """Everything that came in, one line each, for who works on it; as XLSX, or as CSV where that is asked."""
    found = fetch_campaign_for(request.user, survey, handling=True)
    rows = _answer_rows(found) if isinstance(found, Survey) else _opinion_rows(found)
    count = found.answers.count() if isinstance(found, Survey) else found.opinions.count()
    note_export(campaign=found, number=count, by=request.user, now=timezone.now())
    if request.GET.get("form") == "csv":
        return as_csv(f"survey-{found.pk}", rows)
    return as_xlsx(f"survey-{found.pk}", found.title, rows)


def _told(request: HttpRequest, found: Survey | OpinionCall) -> dict[str, Any]:
    [row] = rows_of([found], now=timezone.now())
    works = may_write(request.user, found)
    told: dict[str, Any] = {
        "row": row,
        "survey": found,
        "works": works,
        "edit": reverse("console_path", args=[found.pk]),
    }
    if isinstance(found, OpinionCall):
        figures = call_figures(found)
        for group in figures["groups"]:
            group["word"] = OpinionGroup.Outcome(group["outcome"]).label if group["outcome"] else ""
        return told | {"figures": figures, "left": undone(found) if works else []}
    figures = survey_figures(found)
    for question in figures["questions"]:
        question["is_text"] = question["kind"] == TEXT
        for option in question.get("options", ()):
            option["share"] = _share(option["count"], question["answered"])
    return told | {"figures": figures}


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.1f}" if of else "0.0"


def _answer_rows(survey: Survey) -> Iterator[list[Any]]:
    questions = questionnaire_of(survey).questions
    yield [_("收到时间"), *(f"{one.number}. {one.words}" for one in questions)]
    rows = SurveyAnswer.objects.filter(survey=survey).order_by("pk").prefetch_related("texts")
    for row in rows.iterator(chunk_size=2000):
        answers = json.loads(row.answers) | {f"q{text.question}": text.text for text in row.texts.all()}
        at = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}"
        yield [at, *(in_words(one, answers.get(one.name, "")) for one in questions)]


def _opinion_rows(call: OpinionCall) -> Iterator[list[Any]]:
    yield [_("收到时间"), _("第几段"), _("意见"), _("归类"), _("处理"), _("理由（公开）")]
    rows = Opinion.objects.filter(call=call).order_by("pk").select_related("place__group")
    for row in rows.iterator(chunk_size=2000):
        place = getattr(row, "place", None)
        group = [place.group.title, place.group.get_outcome_display(), place.group.reason] if place else ["", "", ""]
        yield [f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}", row.paragraph or _("整篇"), row.text, *group]
