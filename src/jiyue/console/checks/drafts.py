"""检查 on a page of its own: a saved draft, every finding, and buttons that mend it. Works without any script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiyue.console.checks.shown import Shown, shown, shown_all
from jiyue.console.checks.while_typing import EVERY, chosen
from jiyue.console.detector_words import detector_word
from jiyue.console.refusals import sentences
from jiyue.content.actions import save_draft
from jiyue.content.guides import put_words
from jiyue.content.models import Record, ServiceGuide, Survey
from jiyue.content.models.records import UNDER_REVIEW
from jiyue.content.policies import fetch_record_for
from jiyue.identity.models import User
from jiyue.review.checking import engine_for, findings_in_files, waived_keys
from jiyue.review.drafts import Draft, attached_files, draft_words, mend, placed
from jiyue.review.models import Version


@dataclass(frozen=True)
class Kind:
    """All findings of one kind that a single button mends."""

    value: str
    word: str
    count: int


@dataclass(frozen=True)
class Checked:
    """A draft and what was found in it, with its files."""

    words: list[Shown]
    files: list[Shown]
    kinds: list[Kind]

    @property
    def all(self) -> list[Shown]:
        return [*self.words, *self.files]

    @property
    def stopping(self) -> list[Shown]:
        return [one for one in self.all if one.found.blocks and not one.waived]

    @property
    def warning(self) -> list[Shown]:
        return [one for one in self.all if one.found.severity == "warn" and not one.waived]


def checked(record: Record) -> Checked:
    """Check a saved draft, its attachments included."""
    now = timezone.now()
    record, engine = record.typed, engine_for(record.site, now=now)
    version = Version.objects.filter(identity=record.identity).order_by("-number").first()
    waived = waived_keys(version) if version else set()
    words = shown_all(placed(draft_words(record), engine), site=record.site, waived=waived)
    found = findings_in_files(attached_files(record), engine=engine, now=now)
    files = [shown(one, site=record.site, waived=one.key in waived) for one in found]
    return Checked(words, files, kinds_of(words))


def kinds_of(listed: list[Shown]) -> list[Kind]:
    """Kinds that are found more than once and can be mended."""
    counts: dict[str, int] = {}
    for one in listed:
        if one.changes:
            counts[one.found.detector] = counts.get(one.found.detector, 0) + 1
    return [Kind(f"{EVERY}{name}", detector_word(name), count) for name, count in counts.items() if count > 1]


@require_http_methods(["GET", "POST"])
def check_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything found in a saved draft; a button mends one place, or all of a kind, and saves."""
    record = fetch_record_for(request.user, pk, writable=True)
    refusal: list[str] = []
    if request.method == "POST":
        try:
            count = mend_draft(record, request.POST.getlist("mend"), by=request.user)
        except (PermissionDenied, ValidationError) as refused:
            refusal = sentences(refused)
        else:
            messages.success(request, _("已改好 %(n)s 处，并保存为新的修改。") % {"n": count})
            return redirect(_back(request, record))
    context = {
        "record": record, "checked": checked(record), "locked": record.state in UNDER_REVIEW, "refusal": refusal,
        "here": "check",
    }  # fmt: skip
    return TemplateResponse(request, "console/checks/record.html", context, status=409 if refusal else 200)


def mend_draft(record: Record, wanted: list[str], *, by: User) -> int:
    """Make the changes of some findings in a saved draft; gives how many places were changed. Raises RecordLocked."""
    record = record.typed
    before = draft_words(record)
    found = chosen(placed(before, engine_for(record.site, now=timezone.now())), wanted)
    after = mend(before, found)
    if after == before:
        raise ValidationError(_("没有可以改的地方，可能已经改过"))
    _write(record, before, after)
    save_draft(record=record, by=by, now=timezone.now())
    return len({change for one in found for change in one.changes})


def _write(record: Record, before: Draft, after: Draft) -> None:
    record.body = record.body.stream_block.to_python(after.blocks)
    for name, value in _changed(before.fields, after.fields).items():
        if isinstance(record, ServiceGuide | Survey) and "-" in name:
            put_words(record, name, value)
        else:
            setattr(record, name, value)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before.get(name) != value}


def _back(request: HttpRequest, record: Record) -> str:
    """The page the button stood on."""
    here = "console_submit" if request.POST.get("here") == "submit" else "console_checks"
    return reverse(here, args=[record.pk])
