"""Interviews for the tests' city."""

from datetime import datetime, timedelta

from jiyue.content.models import Interview, Record
from tests.campaigns import signed
from tests.cast import Tenant, draft

HOUR = timedelta(hours=1)


def interview_draft(tenant: Tenant, *, now: datetime, **fields) -> Interview:
    """An interview that could be submitted; it began half an hour ago and lasts two hours. The editor records."""
    given = {
        "title": "冬季供暖怎么保障", "purpose": "今年冬天供暖的安排。", "asked_by": "澄湖市人民政府办公室", "host_name": "林小满",
        "guests": "周明澄，澄湖市住房和城乡建设局局长\n许安湖", "opens_at": now - HOUR / 2, "closes_at": now + 3 * HOUR / 2,
        "recorders": [tenant.editor.username], "body": [], **fields,
    }  # fmt: skip
    return draft(tenant, now=now, kind=Record.Kind.INTERVIEW, **given).typed


def interview_of(tenant: Tenant, *, now: datetime, **fields) -> Interview:
    """The same, signed."""
    return signed(tenant, interview_draft(tenant, now=now, **fields), now=now)
