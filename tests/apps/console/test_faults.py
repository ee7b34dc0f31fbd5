"""What a person reads when a screen fails. The full disk itself is filled in `tests/journeys/test_full_disk`."""

import errno

import pytest

from jiyue.console import faults
from jiyue.publishing.models import Incident

pytestmark = pytest.mark.django_db


def failed(rf, error: Exception, data: dict):
    request = rf.post("/records/1/submit/?site=2", data)
    request.POST  # noqa: B018 read, as every view does before it saves
    try:
        raise error
    except type(error):
        return faults.failed(request)


def test_a_full_disk_gives_back_what_was_typed_and_tells_the_operator(rf):
    answer = failed(
        rf, OSError(errno.ENOSPC, "No space left on device"), {"note": "\n请看<第3段>", "gates": ["a", "b"]}
    )
    page = answer.content.decode()
    assert answer.status_code == 507
    assert '<textarea hidden name="note">\n\n请看&lt;第3段&gt;</textarea>' in page
    assert page.count('name="gates"') == 2
    assert 'action="/records/1/submit/?site=2"' in page
    assert Incident.objects.get().kind == Incident.Kind.DISK


def test_a_password_is_never_written_into_a_page(rf):
    answer = failed(rf, OSError(errno.ENOSPC, "full"), {"username": "ch_editor", "password": "lake-and-mountain"})
    assert "lake-and-mountain" not in answer.content.decode()


def test_any_other_fault_is_said_in_chinese_and_nothing_is_told_as_a_full_disk(rf):
    answer = failed(rf, ValueError("secret detail"), {"note": "x"})
    assert (answer.status_code, "系统出错了" in answer.content.decode()) == (500, True)
    assert "secret detail" not in answer.content.decode()
    assert not Incident.objects.exists()
