"""What exists is looked at before something new is proposed (LIB-05)."""

import pytest
from django.core.exceptions import ValidationError

from jiyue.content.models import Column
from jiyue.content.reusing import alike, propose_column, similar_columns
from jiyue.foundation.models import AuditEvent
from tests.cast import draft


def fresh(tenant, name, slug="xin"):
    return Column(
        site=tenant.site, name=name, slug=slug, kind="general", channel="news", responsible=tenant.organisation
    )


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("政务要闻", "政务要闻", True),
        ("通知公告", "公告", True),
        ("政务要闻", "政务动态", False),
        ("政策解读", "政策问答", False),
    ],
)
def test_names_that_are_alike(one, other, share):
    assert (alike(one, other) >= 0.5) is share


@pytest.mark.req("LIB-05")
def test_a_column_beside_a_similar_one_needs_a_reason_and_keeps_what_was_looked_at(cast, now):
    column = fresh(cast.city, "通知公告栏")
    act = {"column": column, "by": cast.city.manager.actor(), "now": now}
    with pytest.raises(ValidationError) as refused:
        propose_column(reason=" ", **act)
    assert "reuse_reason" in refused.value.message_dict and column.pk is None
    propose_column(reason="面向企业，单独开设", **act)
    event = AuditEvent.objects.get(code="content.reuse_considered")
    assert event.data["reason"] == "面向企业，单独开设"
    assert any("通知公告" in line for line in event.data["found"])


def test_without_anything_similar_nothing_is_asked(cast, now):
    propose_column(column=fresh(cast.city, "湖泊水质"), reason="", by=cast.city.manager.actor(), now=now)
    assert not AuditEvent.objects.filter(code="content.reuse_considered").exists()


def test_drafts_of_other_sites_are_nobodys_business(cast, now):
    own = [one.host for one in similar_columns(site=cast.city.site, name="政务要闻")]
    assert own == [cast.city.site.host]
    record = draft(cast.outside, now=now)
    type(record).objects.filter(pk=record.pk).update(state="published")
    hosts = [one.host for one in similar_columns(site=cast.city.site, name="政务要闻")]
    assert hosts == [cast.city.site.host, cast.outside.site.host]
