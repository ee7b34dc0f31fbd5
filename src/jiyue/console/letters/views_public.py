"""公开版 of one letter: made beside what was written, confirmed place by place, sent for review, or not public for a reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jiyue.console.letters.frame import page
from jiyue.console.stewardship.frame import done
from jiyue.content.models import Column
from jiyue.interaction import publicity
from jiyue.interaction.models import Case, PublicVersion
from jiyue.interaction.policies import fetch_case_for, may_confirm_public, may_prepare_public

V = PublicVersion.State
DONE = {
    "prepare": gettext_lazy("已交答复审核人逐处核对"), "withhold": gettext_lazy("已报答复审核人批准"),
    "confirm": gettext_lazy("已核对，可以送审"), "back": gettext_lazy("已退回重做"), "agree": gettext_lazy("已批准不公开"),
    "submit": gettext_lazy("已送审，签发后自动公开"), "again": gettext_lazy("已送审，签发后公开页面注明正在重新办理"),
}  # fmt: skip


class WordsForm(forms.Form):
    """The public texts, prefilled without what the checks found."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    column = forms.ModelChoiceField(
        label=gettext_lazy("公开到哪个栏目"), queryset=Column.objects.none(), empty_label=None
    )
    title = forms.CharField(label=gettext_lazy("标题"), max_length=publicity.LONGEST["title"])
    question = forms.CharField(
        label=gettext_lazy("来信内容"), widget=forms.Textarea(attrs={"rows": 9}),
        help_text=gettext_lazy("已自动隐去检测到的个人信息；可以再删改，但不能改变原意。附件一律不公开。"),
    )  # fmt: skip
    answer = forms.CharField(label=gettext_lazy("答复内容"), widget=forms.Textarea(attrs={"rows": 9}))

    def __init__(self, *args: Any, case: Case, public: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = Column.objects.filter(pk__in=[one.pk for one in publicity.columns_for(case)])
        if public:
            self.fields["correction"] = forms.CharField(
                label=_("更正的原因，会公开"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
            )


class WithholdForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    ground = forms.ChoiceField(label=gettext_lazy("不公开的情形"), choices=PublicVersion.Ground.choices)
    grounds = forms.CharField(
        label=gettext_lazy("不公开的理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("和批准人一起留存，不对外公开"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("退回的原因，制作人会看到"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ConfirmForm(forms.Form):
    """One tick for each place that differs from the letter; the template lays them beside the places."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    places = forms.MultipleChoiceField(label=gettext_lazy("逐处核对"), required=False)

    def __init__(self, *args: Any, keys: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["places"].choices = [(key, key) for key in keys]


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def public_version(request: HttpRequest, letter: int) -> HttpResponse:
    """What is or will be public of one letter, and the step that is open to this person."""
    case = fetch_case_for(request.user, letter)
    row = (
        PublicVersion.objects.select_related("record", "column", "prepared_by", "confirmed_by")
        .filter(case=case)
        .first()
    )
    sent = request.POST if request.method == "POST" else None
    steps = _steps(request, case, row, sent)
    if sent is not None:
        act = sent.get("act", "")
        if act not in steps:
            messages.error(request, _("公开版现在不能这样办理，请看最新情况"))
            return redirect("console_letter_public", case.pk)
        form, does = steps[act]
        if done(form, lambda: does(form.cleaned_data)):
            messages.success(request, str(DONE[act]))
            return redirect("console_letter_public", case.pk)
    return page(request, "public.html", form=_wrong(steps), **_told(request, case, row, steps))


Steps = dict[str, tuple[forms.Form, Callable[[dict[str, Any]], Any]]]


def _steps(request: HttpRequest, case: Case, row: PublicVersion | None, sent: QueryDict | None) -> Steps:
    """Every step open now, by its name: its form, bound if it was sent, and what it does."""
    who = {"by": request.user, "now": timezone.now()}
    act = sent.get("act", "") if sent is not None else ""
    steps: Steps = {}

    def add(name: str, make: Callable[..., forms.Form], does: Callable[[dict[str, Any]], Any], **more: Any) -> None:
        initial = {"version": row.version if row else 0, **more.pop("initial", {})}
        steps[name] = (make(sent if act == name else None, prefix=name, initial=initial, **more), does)

    def held(given: dict[str, Any]) -> PublicVersion:
        if row is None:
            raise Http404
        row.version = given["version"]
        return row

    confirms = row is not None and may_confirm_public(request.user, row)
    if row is not None and row.state == V.PREPARED and confirms:
        keys = [place.key for found in publicity.places_of(row).values() for place in found]
        does = lambda given: publicity.confirm(version=held(given), looked_at=given["places"], **who)  # noqa: E731
        add("confirm", ConfirmForm, does, keys=keys)
    if row is not None and row.state == V.PROPOSED and confirms:
        add("agree", VersionForm, lambda given: publicity.approve_withholding(version=held(given), **who))
    if row is not None and row.state in (V.PREPARED, V.PROPOSED) and confirms:
        add("back", ReasonForm, lambda given: publicity.send_back(version=held(given), reason=given["reason"], **who))
    if may_prepare_public(request.user, case):
        _add_own(add, held, case, row, who)
    return steps


def _add_own(add: Callable[..., None], held: Callable[..., PublicVersion], case: Case, row: Any, who: Any) -> None:
    """What who answers the letter may do."""
    if row is not None and row.state == V.CONFIRMED:
        add("submit", VersionForm, lambda given: publicity.submit(version=held(given), **who))
    if row is not None and row.state == V.SUBMITTED and publicity.is_stale(row):
        add("again", VersionForm, lambda given: publicity.mark_again(version=held(given), **who))
    if case.state not in publicity.ANSWERED or not publicity.originals(case).answer:
        return
    public = row is not None and publicity.is_public(row)
    kept = row is not None and row.question and not row.stale_at
    words = row if kept else publicity.suggested(case, now=who["now"])
    texts = {name: getattr(words, name) for name in ("title", "question", "answer")}
    add("prepare", WordsForm, lambda given: publicity.prepare(case=case, **_whole(given), **who), case=case, public=public,
        initial=texts)  # fmt: skip
    if not public:
        wish = {} if case.consents else {"ground": PublicVersion.Ground.WISH}
        add("withhold", WithholdForm, lambda given: publicity.propose_withholding(case=case, **_whole(given), **who),
            initial=wish)  # fmt: skip


def _whole(given: dict[str, Any]) -> dict[str, Any]:
    return {**given, "version": given["version"] or 0}


def _wrong(steps: Steps) -> forms.Form | None:
    return next((form for form, _does in steps.values() if form.is_bound and form.errors), None)


def _told(request: HttpRequest, case: Case, row: PublicVersion | None, steps: Steps) -> dict[str, Any]:
    own = publicity.originals(case)
    words = publicity.Words(row.title, row.question, row.answer) if row is not None else None
    named = (("title", _("标题")), ("question", _("来信内容")), ("answer", _("答复内容")))
    found = publicity.places_of(row) if row is not None and row.question else {}
    pairs = [(name, label, getattr(own, name), getattr(words, name, ""), found.get(name, [])) for name, label in named]
    looked = set(request.POST.getlist("confirm-places"))
    return {
        "letter": case, "version": row, "pairs": pairs, "steps": {name: form for name, (form, _does) in steps.items()},
        "doubts": publicity.doubts(case, words, now=timezone.now()) if words is not None and words.question else [],
        "stale": row is not None and publicity.is_stale(row), "public": row is not None and publicity.is_public(row),
        "columns": publicity.columns_for(case), "looked": looked, "answered": bool(own.answer),
    }  # fmt: skip
