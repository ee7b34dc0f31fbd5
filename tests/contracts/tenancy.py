"""Whose is a row? For every model of ours the way from a row to its site or unit, or why it belongs to nobody."""

from collections import deque
from functools import cache

from django.apps import apps
from django.db.models import ForeignKey, Model, OneToOneField

SITE, UNIT = "estate.Site", "identity.Organisation"
# Links that say who acted or what is meant, not whose the row is.
NOT_OWNERSHIP = frozenset({
    "uploaded_by_user", "locked_by", "created_by", "offered_by", "author", "submitted_by", "reviewer", "latest_revision",
    "collection", "superior_site", "superior", "vertical_superior", "responsible", "drafting_unit",
    "person", "escalated_to", "second_step_by", "proposed_by", "answered_by", "asked_by", "by", "recorded_by",
    "opened_by", "closed_by", "linked_by", "struck_by",
    "handler", "level", "drafted_by", "reviewed_by", "settled_by", "merged_into",
    "reported_by",
    "extension_by", "kept_by",
})  # fmt: skip
SHARED = {
    "identity.SignInCount": "failures to sign in by keyed digests; read by the sign-in alone, shown to nobody",
    "review.FileRun": "what the checks say of a file by its digest and name; read only through versions that hold it",
    "foundation.AuditEvent": "one chain for the platform; `readable_trail` narrows it by its `site` text",
    "foundation.OutboxMessage": "the delivery of an audit event, read by the worker alone",
    "obligations.FrozenRule": "what the texts say; the same for everybody",
    "obligations.AppliedChange": "which rule changes the worker has dealt with",
    "rules.PackEdition": "what an upgrade brought into the shipped files; the same for everybody",
    "search.SynonymGroup": "words that mean the same mean it on every site; no text of a tenant",
    "interaction.LetterAnalysis": "counts and words without names, found only by the digest of all sites that one reads",
    "interaction.SetAside": "what lay damaged in the letter box and names no site that could be trusted; the operator's alone",
    "rules.KnownPack": "what the shipped files said; the same for everybody",
}


@cache
def models_of_ours() -> list[type[Model]]:
    """Every model of this project, the tables of many-to-many links included."""
    everything = apps.get_models(include_auto_created=True)
    return [model for model in everything if model.__module__.startswith("jiyue.")]


@cache
def scope_of(model: type[Model]) -> str | None:
    """The shortest way from a row to its site (or unit) in query language; "" for the tenant itself, None when there is none."""
    waiting = deque([(model, "")])
    seen: set[type[Model]] = set()
    best = None
    while waiting:
        here, path = waiting.popleft()
        if here._meta.label == SITE or (here._meta.label == UNIT and here is model):
            return path
        if here._meta.label == UNIT:
            best = path if best is None else best
            continue
        if here in seen:
            continue
        seen.add(here)
        for field in here._meta.get_fields():
            if isinstance(field, ForeignKey | OneToOneField) and field.name not in NOT_OWNERSHIP:
                waiting.append((field.related_model, f"{path}__{field.name}" if path else field.name))
    return best


def leads_to_site(model: type[Model]) -> bool:
    """Does the way of `scope_of` end at a site (and not at a unit)?"""
    path, here = scope_of(model), model
    for step in filter(None, (path or "").split("__")):
        here = here._meta.get_field(step).related_model
    return path is not None and here._meta.label == SITE
