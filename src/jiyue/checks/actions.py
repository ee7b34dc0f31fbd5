"""All changes of a unit's lists: added, ended, never changed in place; each leaves its trace."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.checks.deciding import NotAChoice, choice
from jiyue.checks.events import SettingDecided, SettingEnded, WordAdded, WordEnded
from jiyue.checks.models import CheckSetting, Kept, UnitWord
from jiyue.checks.policies import may_keep
from jiyue.domain.deadlines import local
from jiyue.foundation.audit import record
from jiyue.identity.models import Organisation, User

# One character alone would be found everywhere.
LONGER_THAN_ONE = frozenset({UnitWord.Family.WORDING, UnitWord.Family.SPAM, UnitWord.Family.ADVERTISEMENT})


class NotYours(PermissionDenied):
    """This person keeps no lists of this unit, or the row has ended meanwhile."""


@transaction.atomic
def add_word(
    *,
    organisation: Organisation | None,
    family: str,
    text: str,
    by: User,
    now: datetime,
    suggestion: str = "",
    severity: str = UnitWord.Severity.WARN,
    basis: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
) -> UnitWord:
    """Put a word on the list of a unit and everything below it (None: of everybody). Raises NotYours, ValidationError."""
    _demand(may_keep(by, organisation))
    word = UnitWord(
        organisation=organisation, family=family, text=" ".join(text.split()), suggestion=suggestion.strip(),
        severity=severity, basis=basis.strip(), from_on=from_on or local(now).date(), until_on=until_on,
        created_by=by, created_at=now,
    )  # fmt: skip
    if len(word.text) < 2 and family in LONGER_THAN_ONE:
        raise ValidationError({"text": _("一个字的词会误报，请至少写两个字")})
    word.full_clean()
    word.save()
    event = WordAdded(
        subject=_subject(word), family=family, text=word.text, suggestion=word.suggestion, severity=severity,
        basis=word.basis,
    )  # fmt: skip
    record(event, by=by.actor(), at=now)
    return word


@transaction.atomic
def decide(
    *,
    organisation: Organisation | None,
    kind: str,
    name: str,
    value: Mapping[str, Any],
    by: User,
    now: datetime,
    basis: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
) -> CheckSetting:
    """Decide something about the checks of a unit and everything below it; what is valid under this name ends.

    `value` by kind: see `deciding.choice`. Raises NotYours, ValidationError.
    """
    _demand(may_keep(by, organisation, kind=kind))
    try:
        decided = choice(kind, name, value, basis=basis)
    except NotAChoice as refused:
        raise ValidationError({refused.field: _(refused.message)}) from refused
    today = local(now).date()
    if kind != CheckSetting.Kind.PERMIT:
        for earlier in CheckSetting.objects.filter(
            organisation=organisation, kind=kind, name=decided.name, until_on__isnull=True
        ):
            _end(earlier, today, now)
    setting = CheckSetting(
        organisation=organisation, kind=kind, name=decided.name, value=dict(decided.value), basis=basis.strip(),
        from_on=from_on or today, until_on=until_on, created_by=by, created_at=now,
    )  # fmt: skip
    setting.full_clean()
    setting.save()
    event = SettingDecided(
        subject=_subject(setting), kind=kind, name=setting.name, basis=setting.basis,
        value=json.dumps(setting.value, ensure_ascii=False),
    )  # fmt: skip
    record(event, by=by.actor(), at=now)
    return setting


@transaction.atomic
def end_word(*, word: UnitWord, by: User, now: datetime) -> None:
    """Take a word off the list from today on. Raises NotYours."""
    _demand(may_keep(by, word.organisation))
    _end(word, local(now).date(), now)
    record(WordEnded(subject=_subject(word), family=word.family, text=word.text), by=by.actor(), at=now)


@transaction.atomic
def end_setting(*, setting: CheckSetting, by: User, now: datetime) -> None:
    """End a decision from today on: what the units above decided, or what ships, counts again. Raises NotYours."""
    _demand(may_keep(by, setting.organisation, kind=setting.kind))
    _end(setting, local(now).date(), now)
    record(SettingEnded(subject=_subject(setting), kind=setting.kind, name=setting.name), by=by.actor(), at=now)


def _end(row: Kept, today: date, now: datetime) -> None:
    ended = {"until_on": max(today, row.from_on), "ended_at": now}
    _demand(bool(type(row)._default_manager.filter(pk=row.pk, ended_at__isnull=True).update(**ended)))
    row.until_on, row.ended_at = ended["until_on"], now


def _demand(allowed: bool) -> None:
    if not allowed:
        raise NotYours(_("您不能修改这个单位的检测设置，或者它已经停用"))


def _subject(row: Kept) -> str:
    return f"organisation:{row.organisation.code}" if row.organisation else "platform"
