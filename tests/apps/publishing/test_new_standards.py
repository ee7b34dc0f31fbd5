"""An upgrade brings a new edition of a data standard: those concerned are told, and what is public is compared again."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.publishing.test_conformity import public

from jiyue.foundation.models import AuditEvent
from jiyue.obligations.actions import note_rule_change
from jiyue.obligations.changing import notice_standards
from jiyue.obligations.noticing import unread_for
from jiyue.publishing import conformity
from jiyue.publishing.models import NonConformity
from jiyue.rules.standards import Edition, register

pytestmark = [pytest.mark.django_db, pytest.mark.req("PLAT-08")]


@pytest.fixture
def upgrade(monkeypatch, now):
    """Let the program come with an edition of articles that demands a summary from a day on."""
    told = register.read()

    def bring(*, days: int) -> None:
        (first,) = told.editions["article"]
        schema = deepcopy(first.schema)
        schema["properties"]["summary"] |= {"minLength": 1, "x-filled": True}
        schema["properties"]["season"] = {"title": "季节", "type": "string"}
        newer = Edition("article", timezone.localdate(now) + timedelta(days=days), schema)
        newest = replace(told, editions={**told.editions, "article": (first, newer)})
        monkeypatch.setattr(register, "read", lambda: newest)
        register.shipped.cache_clear()

    yield bring
    monkeypatch.undo()
    register.shipped.cache_clear()


def refs(user, now) -> list[str]:
    return [change.matter for change in unread_for(user, now)]


def test_it_is_told_once_to_those_who_write_and_answer_for_sites_until_they_take_note(cast, upgrade, client):
    now = timezone.now()
    assert notice_standards(now=now) == 0 and not unread_for(cast.city.editor, now)
    upgrade(days=10)
    assert (notice_standards(now=now), notice_standards(now=now)) == (1, 0)
    for person in (cast.city.editor, cast.city.manager, cast.outside.editor, cast.overseer):
        assert refs(person, now) == ["standards"]
    (event,) = AuditEvent.objects.filter(code="rules.standards_noticed")
    assert "文章" in event.data["standards"]
    (change,) = unread_for(cast.city.editor, now)
    client.force_login(cast.city.editor)
    assert "随程序更新启用的数据标准：文章" in client.get("/").content.decode()
    page = client.get(reverse("console_rule_notice", args=["standards", change.row.pk])).content.decode()
    assert "增加：季节" in page and "要求有变化：摘要" in page and change.since.isoformat() in page
    note_rule_change(change=change, by=cast.city.editor, now=now)
    assert refs(cast.city.editor, now) == [] and refs(cast.city.manager, now) == ["standards"]


def test_what_is_public_is_compared_from_its_day_on(cast, upgrade, now):
    bad = public(cast.city, now, summary="")
    notice_standards(now=now)
    assert not conformity.any_due(now)
    upgrade(days=2)
    notice_standards(now=now)
    assert conformity.any_due(now) and conformity.look_at_all(now=now) == 0
    assert not conformity.any_due(now + timedelta(days=1))
    later = now + timedelta(days=2)
    assert conformity.any_due(later) and conformity.look_at_all(now=later) == 1
    assert NonConformity.objects.get().record_id == bad.pk
    assert not conformity.any_due(later + timedelta(minutes=1))
