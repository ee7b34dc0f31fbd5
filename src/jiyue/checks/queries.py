"""What counts for a unit: what ships, then what the units above it added, then its own."""

import json
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

from django.db.models import Q

from jiyue.checks.deciding import OFF
from jiyue.checks.findings import Severity
from jiyue.checks.models import CheckSetting, UnitWord
from jiyue.checks.settings import MASKS, Body, Leader, Mask, Permit, Settings, Word
from jiyue.domain.canonical import digest_of
from jiyue.identity.models import Organisation

WordRow: TypeAlias = tuple[str, str, str, str, str]
DecisionRow: TypeAlias = tuple[str, str, str, str]


def settings_for(organisation: Organisation | None, *, now: date) -> Settings:
    """What the checks of this unit ask on this day (None: what holds for everybody). Costs two questions.

    The same rows give the same object, so that whatever a detector builds of them is built once.
    """
    words = tuple(
        (row.family, row.text, row.suggestion, row.severity, row.basis)
        for row in words_in_force(organisation, now=now)
    )  # fmt: skip
    decisions = tuple(
        (row.kind, row.name, json.dumps(row.value, sort_keys=True), row.basis)
        for row in decisions_in_force(organisation, now=now)
    )
    return _settings(words, decisions, now)


def words_in_force(organisation: Organisation | None, *, now: date) -> list[UnitWord]:
    """Own and inherited words, farthest unit first: of two entries for the same word the later one counts."""
    return _in_force(UnitWord, _lineage(organisation), now)


def decisions_in_force(organisation: Organisation | None, *, now: date) -> list[CheckSetting]:
    """Own and inherited decisions, farthest unit first: of two about the same the later one counts."""
    return _in_force(CheckSetting, _lineage(organisation), now)


def _lineage(organisation: Organisation | None) -> str:
    return organisation.lineage if organisation else "/"


@lru_cache(maxsize=256)
def _settings(words: tuple[WordRow, ...], decisions: tuple[DecisionRow, ...], now: date) -> Settings:
    kinds = CheckSetting.Kind
    rows = [(kind, name, json.loads(value), basis) for kind, name, value, basis in decisions]
    named = {wanted: {name: value for kind, name, value, _basis in rows if kind == wanted} for wanted in kinds}
    levels = {name: value["severity"] for name, value in named[kinds.LEVEL].items()}
    return Settings(
        now=now,
        # A nearer unit's entry for the same word takes the place of a farther one's.
        words=tuple({row[:2]: Word(*row[:3], Severity(row[3]), row[4]) for row in words}.values()),
        masks={**MASKS, **{name: Mask(**value) for name, value in named[kinds.MASK].items()}},
        permits=tuple(
            Permit(name, value["text"], basis, value["within"])
            for kind, name, value, basis in rows if kind == kinds.PERMIT
        ),
        hosts=frozenset(named[kinds.HOST]),
        leaders=tuple(Leader(name, tuple(value["titles"])) for name, value in named[kinds.LEADER].items()),
        bodies=tuple(
            Body(name, tuple(value["short_names"]), tuple(value["former_names"]))
            for name, value in named[kinds.BODY].items()
        ),
        thresholds={name: value["value"] for name, value in named[kinds.THRESHOLD].items()},
        levels={name: Severity(level) for name, level in levels.items() if level != OFF},
        off=frozenset(name for name, level in levels.items() if level == OFF),
        revision=digest_of([words, decisions]),
    )  # fmt: skip


def _in_force(model: type[Any], lineage: str, now: date) -> list[Any]:
    units = [int(key) for key in lineage.strip("/").split("/") if key]
    order: dict[int | None, int] = {None: -1, **{unit: place for place, unit in enumerate(units)}}
    rows = model._default_manager.filter(
        Q(organisation__isnull=True) | Q(organisation__in=units),
        Q(until_on__isnull=True) | Q(until_on__gt=now),
        from_on__lte=now,
    )
    return sorted(rows.select_related("organisation"), key=lambda row: (order[row.organisation_id], row.pk))
