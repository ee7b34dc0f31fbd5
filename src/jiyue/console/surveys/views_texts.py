"""填空: what people wrote in answer to a question, and which of it the result may quote, in which words."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.office.frame import paged
from jiyue.console.stewardship.frame import done
from jiyue.console.surveys.forms import QuoteForm
from jiyue.console.surveys.frame import page
from jiyue.domain.questionnaires import TEXT
from jiyue.interaction.campaigns.actions import drop_quote, quote
from jiyue.interaction.campaigns.figures import questionnaire_of
from jiyue.interaction.campaigns.policies import fetch_campaign_for, fetch_text_for
from jiyue.interaction.campaigns.privacy import proposed, settings_of
from jiyue.interaction.models import Quote, SurveyText


@require_GET
def texts(request: HttpRequest, survey: int) -> HttpResponse:
    """What was written, by question, the oldest first."""
    found = fetch_campaign_for(request.user, survey, handling=True)
    questions = [one for one in questionnaire_of(found).questions if one.kind == TEXT] if found.kind == "survey" else []
    asked = request.GET.get("question", "")
    chosen = next((one for one in questions if str(one.number) == asked), questions[0] if questions else None)
    rows = SurveyText.objects.filter(survey=found.pk, question=chosen.number if chosen else 0)
    shown = paged(request, rows.select_related("quote").order_by("pk"))
    return page(request, "texts.html", survey=found, questions=questions, chosen=chosen, rows=shown)


@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, survey_text: int) -> HttpResponse:
    """One of them: the words that may be public, proposed with everything covered that may tell of a person."""
    found = fetch_text_for(request.user, survey_text)
    now = timezone.now()
    back = f"{reverse('console_survey_texts', args=[found.survey_id])}?question={found.question}"
    if request.method == "POST" and request.POST.get("act") == "drop":
        drop_quote(text=found, by=request.user, now=now)
        messages.success(request, _("已取消摘录。"))
        return redirect(back)
    kept = Quote.objects.filter(text=found).first()
    words = kept.words if kept else proposed(found.text, settings_of(found.survey, now=now))
    form = QuoteForm(request.POST if request.method == "POST" else None, initial={"words": words})
    if request.method == "POST" and done(
        form, lambda: quote(text=found, words=form.cleaned_data["words"], by=request.user, now=now)
    ):
        messages.success(request, _("已摘录，生成结果时会带上。"))
        return redirect(back)
    return page(request, "text.html", text=found, survey=found.survey, form=form, kept=kept, back=back)
