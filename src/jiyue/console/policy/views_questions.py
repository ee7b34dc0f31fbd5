"""公众关心的问题: gathered from letters, hotline, comments and surveys; chosen; answered by a section of an interpretation."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.office.frame import paged
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.policy.forms import AnswerForm, QuestionForm, ReasonForm
from jiyue.console.policy.frame import page
from jiyue.console.stewardship.frame import chosen_site, done, readable_sites
from jiyue.content.asking import answer_question, choose_question, decline_question, gather_question
from jiyue.content.models import Interpretation, PublicQuestion
from jiyue.content.policies import (
    fetch_question_for,
    fetch_record_for,
    may_steward,
    visible_questions,
    writable_records,
)
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for
from jiyue.review.answering import signed_answers, waits

TAB = "console_questions"
GATHERED, CHOSEN, LINKED, SHOWN, DECLINED = "gathered", "chosen", "linked", "shown", "declined"
STATES = {
    GATHERED: gettext_lazy("待研究"), CHOSEN: gettext_lazy("拟解读，还没有回答"), LINKED: gettext_lazy("已关联解读，待签发"),
    SHOWN: gettext_lazy("已公开回答"), DECLINED: gettext_lazy("不单独解读"),
}  # fmt: skip
TONES = {GATHERED: "hollow", CHOSEN: "cross", LINKED: "two", SHOWN: "full", DECLINED: "bar"}
MOST_EXPORTED = 5000


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """All questions of the sites one reads, what nobody answered first."""
    return _list(request, _asked_for(request, visible_questions(request.user)), about=None)


@require_GET
def about(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions about one document."""
    record = fetch_record_for(request.user, pk)
    if record.kind != "policy_document":
        raise Http404
    return _list(request, visible_questions(request.user).filter(document=record.pk), about=record)


def _list(request: HttpRequest, rows: QuerySet[PublicQuestion], *, about: Any) -> HttpResponse:
    wanted = request.GET.get("state", "")
    lines = _lines(rows, wanted)
    site = chosen_site(request)
    context = {
        "rows": paged(request, lines), "about": about, "states": STATES.items(), "wanted": wanted,
        "sites": list(readable_sites(request)[:50]), "picked": request.GET.get("site", ""), "in_site": site,
        "adds": site is not None and may_steward(request.user, site),
        "query": "&".join(f"{name}={value}" for name, value in request.GET.items() if name != "p" and value),
    }  # fmt: skip
    return page(request, "questions.html", tab=TAB, **context)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same list for a spreadsheet program."""
    lines = _lines(_asked_for(request, visible_questions(request.user)), request.GET.get("state", ""))
    return as_xlsx("questions", _("公众关心的问题"), _table(lines[:MOST_EXPORTED]))


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, site: int) -> HttpResponse:
    found = _steward_site(request, site)
    first = request.GET.get("document", "")
    given = {
        "asked_on": timezone.localdate(),
        "document": int(first) if first.isdecimal() and len(first) < 19 else None,
    }
    form = QuestionForm(request.POST or None, site=found, initial=given)
    how = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: gather_question(**form.cleaned_data, **how)):
        messages.success(request, _("已登记"))
        return redirect("console_questions_about", form.cleaned_data["document"].pk)
    words = {"title": _("登记公众关心的问题"), "button": _("登记"), "about": found, "back_to": TAB}
    return page(request, "act.html", tab=TAB, form=form, **words)


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, question: int) -> HttpResponse:
    """One question: choose it, let it be with a reason, or say where it is answered."""
    found = fetch_question_for(request.user, question)
    acts = may_steward(request.user, found.site)
    explaining = _interpretations(request, found)
    posted = request.POST if request.method == "POST" else None
    name = request.POST.get("act", "")
    answer = AnswerForm(posted if name == "answer" else None, interpretations=explaining)
    decline = ReasonForm(posted if name == "decline" else None)
    if posted is not None:
        if not acts:
            raise PermissionDenied
        if _acted(request, found, name, answer, decline):
            messages.success(request, _("已保存"))
            return redirect("console_question", found.pk)
    [(_row, state)] = _stated([found])
    context = {
        "row": found, "state": state, "word": STATES[state], "tone": TONES[state], "acts": acts, "answer": answer,
        "decline": decline, "explaining": explaining, "days": waits(found, now=timezone.now()),
    }  # fmt: skip
    return page(request, "question.html", tab=TAB, **context)


def _acted(request: HttpRequest, found: PublicQuestion, name: str, answer: AnswerForm, decline: ReasonForm) -> bool:
    how: dict[str, Any] = {"question": found, "by": request.user, "now": timezone.now()}
    if name == "answer":
        return done(answer, lambda: answer_question(interpretation=answer.chosen[0], section=answer.chosen[1], **how))
    if name == "decline":
        return done(decline, lambda: decline_question(reason=decline.cleaned_data["reason"], **how))
    if name == "choose":
        return _plainly(request, lambda: choose_question(**how))
    return name == "release" and _plainly(request, lambda: answer_question(interpretation=None, **how))


def _plainly(request: HttpRequest, act: Callable[[], Any]) -> bool:
    try:
        act()
    except ValidationError as refused:
        messages.error(request, "；".join(refused.messages))
        return False
    return True


def _interpretations(request: HttpRequest, found: PublicQuestion) -> list[Interpretation]:
    rows = Interpretation.objects.filter(documents=found.document_id, site=found.site_id)
    return list(rows.filter(pk__in=writable_records(request.user).values("pk")).order_by("-changed_at")[:20])


def _asked_for(request: HttpRequest, rows: QuerySet[PublicQuestion]) -> QuerySet[PublicQuestion]:
    picked = request.GET.get("site", "")
    return rows.filter(site=int(picked)) if picked.isdecimal() and len(picked) < 19 else rows


def _lines(rows: QuerySet[PublicQuestion], wanted: str) -> list[tuple[PublicQuestion, str, Any, str]]:
    found = rows.select_related("site", "document", "interpretation")
    stated = [(row, state) for row, state in _stated(list(found)) if not wanted or state == wanted]
    stated.sort(key=lambda line: (list(STATES).index(line[1]), -line[0].times))
    return [(row, state, STATES[state], TONES[state]) for row, state in stated]


def _stated(rows: list[PublicQuestion]) -> list[tuple[PublicQuestion, str]]:
    shown = signed_answers(rows)
    return [(row, SHOWN if row.pk in shown else LINKED if row.interpretation_id else row.state) for row in rows]


def _table(lines: list[tuple[PublicQuestion, str, Any, str]]) -> Iterator[list[Any]]:
    yield [
        _("网站"), _("文件"), _("问题"), _("从哪里来"), _("什么时候问的"), _("有多少人问"), _("状态"), _("解读"),
        _("在哪一节"),
    ]  # fmt: skip
    for row, _state, word, _tone in lines:
        yield [
            row.site.name, row.document.title, row.words, row.get_source_display(), row.asked_on.isoformat(), row.times,
            word, row.interpretation.title if row.interpretation else "", row.section,
        ]  # fmt: skip


def _steward_site(request: HttpRequest, site: int) -> Site:
    found = fetch_site_for(request.user, site)
    if not may_steward(request.user, found):
        raise Http404
    return found
