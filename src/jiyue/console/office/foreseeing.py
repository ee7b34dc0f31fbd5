"""Everything that is wrong with a form at once: what it lacks, and what its act would refuse of the rest."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.forms import BaseForm, CharField, DateField, DateTimeField, Field
from django.utils import timezone

logger = logging.getLogger(__name__)
SOME_WORDS = "……"
_READS = frozenset({"SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"})


class _WouldWriteError(BaseException):
    """No Exception, so that no act takes it for a failure of its own and goes on."""


def foresee(form: BaseForm, act: Callable[[], Any]) -> None:
    """Add to a form that is wrong what its act would refuse besides, beside its fields, so that nobody learns it in turns.

    The act is run up to the first row that it would write, with something harmless in the fields that are wrong already;
    so an act must write a row before it writes what others can read, as all of them do.
    """
    given = dict(form.cleaned_data)
    try:
        for _round in form.fields:
            found = _refused(form, given, act)
            fresh = {name: errors for name, errors in found.items() if name in form.fields and name not in form.errors}
            for name, errors in fresh.items():
                form.add_error(name, errors)
            if not fresh:
                return
    finally:
        form.cleaned_data = given


def _refused(form: BaseForm, given: dict[str, Any], act: Callable[[], Any]) -> dict[str, Any]:
    """What the act says of its fields when it is tried once."""
    try:
        form.cleaned_data = {
            name: given[name] if name in given and name not in form.errors else _harmless(form.fields[name])
            for name in form.fields
        }
        with transaction.atomic(), connection.execute_wrapper(_stop_at_writing):
            act()
    except ValidationError as refusal:
        return dict(refusal.error_dict) if hasattr(refusal, "error_dict") else {}
    except _WouldWriteError:
        return {}
    except Exception as stumbled:  # noqa: BLE001  # it may stumble over what is missing, which is said already
        logger.debug("an act that was tried stumbled: %s", type(stumbled).__name__)
        return {}
    return {}


def _harmless(field: Field) -> Any:
    """What may stand in a field that is wrong while the others are tried."""
    if isinstance(field, DateTimeField):
        return timezone.now() - timedelta(days=1)
    if isinstance(field, DateField):
        return timezone.localdate() - timedelta(days=1)
    return SOME_WORDS if isinstance(field, CharField) else field.to_python("")


def _stop_at_writing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # Django's
    if sql.lstrip(" (").split(" ", 1)[0].upper() not in _READS:
        raise _WouldWriteError
    return execute(sql, params, many, context)
