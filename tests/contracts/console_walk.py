"""Where every offered screen of the console can be opened: what the tests that enumerate walk over.

A route with arguments that is not told here fails those tests: whoever adds a screen says how to reach it.
"""

from collections.abc import Callable

from django.urls import NoReverseMatch, reverse
from wagtail import hooks

from jiyue.console.gate import OFFERED
from jiyue.content.models import (
    RECORD_TYPES,
    Record,
)
from tests.contracts.console_things import Things

# What is the same for everybody: its screens take an argument, and no site's things are on them.
SHARED = {
    "console_pack": ["hebi"], "console_parameter": ["message.reply"], "console_override_new": ["message.reply"],
    "console_calendar": [2026], "console_calendar_revise": [2027],
    "console_calendar_regional": [2027], "console_standard": ["article"], "console_standard_schema": ["article"],
    "console_standard_new": ["article"],
}  # fmt: skip
ARGUMENTS: dict[str, Callable[[Things], list]] = {
    **{name: lambda t, given=given: given for name, given in SHARED.items()},
    "console_change": lambda t: ["override", t.kept.override.pk],
    "console_rule_notice": lambda t: ["override", t.kept.override.pk],
    "console_file": lambda t: ["picture", t.picture.pk],
    "console_checks": lambda t: [t.record.pk],
    "console_open_leak": lambda t: [t.public.pk],
    "console_ask_consent": lambda t: [t.record.pk],
    "console_consent": lambda t: [t.judged.consent.pk],
    "console_finding": lambda t: [t.judged.finding.pk],
    "console_page_rules_of": lambda t: [t.tenant.site.pk],
    "console_page_rules_examine": lambda t: [t.tenant.site.pk],
    "console_page_rule_seen": lambda t: [t.tenant.site.pk, "page.rule.home-length"],
    "console_rectification": lambda t: [t.judged.rectification.pk],
    "console_rectification_person": lambda t: [t.judged.rectification.pk],
    "console_inspection": lambda t: [t.judged.inspected.item.inspection_id],
    "console_inspection_export": lambda t: [t.judged.inspected.item.inspection_id],
    "console_inspection_act": lambda t: [t.judged.inspection.pk, "cancel"],
    "console_inspection_item": lambda t: [t.judged.inspected.item_id],
    "console_inspection_finding": lambda t: [t.judged.inspected.pk],
    "console_check_waiver": lambda t: [t.judged.waiver.pk],
    "console_leak": lambda t: [t.judged.leak.pk],
    "console_leak_report": lambda t: [t.judged.leak.pk],
    "console_waive": lambda t: [t.review.pk],
    "console_check_end": lambda t: ["word", t.judged.word.pk],
    "console_path": lambda t: [t.record.pk],
    "console_questions_about": lambda t: [t.kept.case.document_id],
    "console_case_new": lambda t: [t.by_kind[Record.Kind.POLICY_DOCUMENT].pk],
    "console_originals": lambda t: [t.record.pk],
    "console_related": lambda t: [t.record.pk],
    "console_looked_at": lambda t: [t.public.pk],
    "console_mark_picture": lambda t: [t.tenant.site.pk, "0" * 64],
    "console_duty_proof": lambda t: [t.waiver.obligation_id, 1],
    "console_edit": lambda t: [t.record.pk],
    "console_bring_body": lambda t: [t.record.pk],
    "console_submit": lambda t: [t.record.pk],
    "console_withdraw": lambda t: [t.public.pk],
    "console_delete": lambda t: [t.record.pk],
    "console_review": lambda t: [t.review.pk],
    "console_decide": lambda t: [t.review.pk],
    "console_take": lambda t: [t.withdrawn.pk],
    "console_offer": lambda t: [t.public.pk],
    "console_placement": lambda t: [t.placement.identity],
    "console_answer": lambda t: [t.placement.identity],
    "console_taking": lambda t: [t.taking.identity],
    "console_taking_change": lambda t: [t.taking.identity],
    "console_version_file": lambda t: [t.review.version_id, "0" * 16, "a.png"],
    "console_version_page": lambda t: [t.review.version_id],
    "console_feed": lambda t: ["nobody-knows-this"],
    "console_preview": lambda t: [t.review.version_id],
    "console_preview_part": lambda t: [t.tenant.site.pk, "files/aa/none.png"],
    "console_private_file": lambda t: [t.picture.file.name],
    "wagtailimages_chooser:chosen": lambda t: [t.picture.pk],
    "wagtaildocs_chooser:chosen": lambda t: [t.attachment.pk],
    "wagtailadmin_editing_sessions:ping": lambda t: ["content", "article", t.record.pk, 1],
    "wagtailadmin_editing_sessions:release": lambda t: [1],
    **{f"console_{kind}:edit": lambda t, kind=kind: [t.by_kind[kind].pk] for kind in RECORD_TYPES},
    **{f"console_{kind}:preview_on_edit": lambda t, kind=kind: [t.by_kind[kind].pk] for kind in RECORD_TYPES},
}


def load() -> None:
    """The table is filled by Wagtail's hooks; a test that comes first has to ask for them."""
    hooks.search_for_hooks()


def untold(things: Things) -> list[str]:
    """Offered routes that need arguments nobody told how to make."""
    return [name for name in OFFERED if address(name, things) is None]


def about_a_thing() -> list[str]:
    """Offered routes whose address names an object of somebody."""
    return sorted(name for name in OFFERED if name not in SHARED and _without_arguments(name) is None)


def address(name: str, things: Things) -> str | None:
    """Where the route leads for these things; None when nobody told what its arguments are."""
    if name in ARGUMENTS:
        return reverse(name, args=ARGUMENTS[name](things))
    return _without_arguments(name) or _with_parameters(name, things.parameters)


def _with_parameters(name: str, parameters: dict[str, int]) -> str | None:
    chosen = [(part,) for part in parameters] + [("site", part) for part in parameters if part != "site"]
    for parts in chosen:
        try:
            return reverse(name, kwargs={part: parameters[part] for part in parts})
        except NoReverseMatch:
            continue
    return None


def _without_arguments(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
