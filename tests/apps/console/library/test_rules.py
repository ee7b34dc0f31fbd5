"""自动取用 in the console: where from, a look, submit, sign, stop; and who shares with the portal (LIB-03, LIB-04)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jiyue.config.takings import heed_signed
from jiyue.content.models import Placement, Record, TakingRule
from jiyue.foundation.models import AuditEvent
from jiyue.publishing.sharing import shares_of
from jiyue.review import taking
from jiyue.review.models import Review
from tests.apps.console.library.conftest import bring_up
from tests.cast import sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.req("LIB-03")]


def terms(cast, **given):
    return {
        "column": cast.outside.columns["yw"].pk, "from_on": "2000-01-01", "until_on": "", "delay_hours": "0", "kind": "",
        "unit": "", "origin_column": "", "subject_class": "", **given,
    }  # fmt: skip


@pytest.fixture
def now():
    """The machine's: its screens look back thirty days from today."""
    return timezone.now()


@pytest.fixture
def address(cast):
    return f"/takings/new/?origin={cast.city.site.pk}"


def hear_and_take(now):
    for event in AuditEvent.objects.filter(code="review.signed_off").order_by("sequence"):
        heed_signed(event, now)
    Record.objects.filter(state="signed_off").update(state="published")
    return taking.take_due(now=now)


def test_a_clerk_looks_first_and_submits_then(cast, now, publish, sign_in, address):
    publish(cast.city, title="湖岸清洁")
    client = sign_in(cast.outside.editor)
    assert "第一步" in client.get("/takings/new/").content.decode()
    look = client.post(address, {**terms(cast), "act": "look"})
    assert (look.context["count"], "湖岸清洁" in look.content.decode()) == (1, True)
    assert not TakingRule.objects.exists()
    nothing = client.post(address, {**terms(cast, subject_class="没有的分类"), "act": "look"}).content.decode()
    assert "一篇也没有" in nothing and "没有的分类" in nothing
    sent = client.post(address, {**terms(cast), "act": "submit"})
    rule = TakingRule.objects.get()
    assert (sent.status_code, sent["Location"], rule.state) == (302, f"/takings/{rule.identity}/", "submitted")


def test_what_is_wrong_stands_beside_its_field_with_everything_typed(cast, publish, sign_in, address):
    client = sign_in(cast.outside.editor)
    for wrong, sentence in (
        ({"until_on": "1999-12-31"}, "结束日期不能早于开始日期"), ({"delay_hours": "721"}, "720"),
        ({"delay_hours": "-1"}, "delay_hours"), ({"column": cast.city.columns["yw"].pk}, "column"),
        ({"origin_column": cast.outside.columns["yw"].pk}, "origin_column"), ({"from_on": "2026-02-31"}, "from_on"),
    ):  # fmt: skip
        page = client.post(address, {**terms(cast, subject_class="环境保护", **wrong), "act": "submit"})
        assert page.status_code == 422 and sentence in page.content.decode() and "环境保护" in page.content.decode()
    assert not TakingRule.objects.exists()


def test_the_final_reviewer_reads_the_terms_and_what_they_would_take(cast, now, publish, sign_in, address):
    publish(cast.city, title="湖岸清洁")
    sign_in(cast.outside.editor).post(address, {**terms(cast, delay_hours="24"), "act": "submit"})
    review = Review.objects.get(act="rule")
    page = sign_in(cast.outside.final).get(f"/reviews/{review.pk}/").content.decode()
    assert "按这条规则，最近 30 天会取用 1 篇" in page and "湖岸清洁" in page and "24 小时" in page
    assert "取用规则：" in sign_in(cast.outside.final).get("/").content.decode()


def test_a_rule_in_force_takes_what_was_public_already_and_is_stopped_with_a_reason(
    cast, now, publish, sign_in, address
):
    publish(cast.city, title="湖岸清洁")
    client = sign_in(cast.outside.editor)
    client.post(address, {**terms(cast), "act": "submit"})
    rule = TakingRule.objects.get()
    sign_all(cast.outside, Review.objects.get(act="rule"), now=now)
    assert hear_and_take(now) == 1
    client = sign_in(cast.outside.manager)
    shown = client.get(f"/takings/{rule.identity}/").content.decode()
    assert "湖岸清洁" in shown and "已取用 1 篇" in shown
    assert client.post(f"/takings/{rule.identity}/", {"reason": " "}).status_code == 422
    assert client.post(f"/takings/{rule.identity}/", {"reason": "改为逐篇取用"}).status_code == 302
    rule.refresh_from_db()
    assert (rule.state, rule.reason) == ("stopped", "改为逐篇取用")
    assert client.post(f"/takings/{rule.identity}/", {"reason": "再停一次"}).headers["Location"] == "/"


def test_a_waiting_item_is_refused_on_its_own_screen(cast, now, publish, sign_in, address):
    sign_in(cast.outside.editor).post(address, {**terms(cast, delay_hours="24"), "act": "submit"})
    sign_all(cast.outside, Review.objects.get(act="rule"), now=now)
    publish(cast.city, title="湖岸清洁")
    hear_and_take(now)
    placement = Placement.objects.get()
    client = sign_in(cast.outside.editor)
    assert "湖岸清洁" in client.get("/placements/").content.decode()
    assert "自动取用；在那以前可以暂缓或不取用" in client.get(f"/placements/{placement.identity}/").content.decode()
    client.post(f"/placements/{placement.identity}/answer/", {"act": "refuse", "refuse_reason": "与本市无关"})
    placement.refresh_from_db()
    assert placement.state == "refused"
    assert taking.take_due(now=now + timedelta(days=2)) == 0


def test_a_rule_of_another_site_does_not_exist_for_its_neighbours(cast, now, publish, sign_in, address):
    sign_in(cast.outside.editor).post(address, {**terms(cast), "act": "submit"})
    rule = TakingRule.objects.get()
    client = sign_in(cast.city.editor)
    assert client.get(f"/takings/{rule.identity}/").status_code == 404
    assert client.post(f"/takings/{rule.identity}/", {"reason": "x"}).status_code == 404
    assert client.get(f"/takings/{rule.identity}/change/").status_code == 404
    assert str(rule.identity) not in client.get("/takings/").content.decode()
    sign_all(cast.outside, Review.objects.get(act="rule"), now=now)
    told = sign_in(cast.city.editor).get("/takings/").content.decode()  # whose column it is taken into is public anyhow
    assert "谁在自动取用我们的内容" in told and cast.outside.site.name in told


@pytest.mark.req("LIB-04", "LIB-02")
def test_who_shares_with_the_portal_is_counted_on_what_is_public(cast, now, publish, sign_in, address):
    portal, below = cast.outside.site, cast.city.site
    below.superior_site, below.status = portal, "online"
    below.save()
    publish(cast.city, title="湖岸清洁")
    period = {"since": now - timedelta(days=30), "until": now + timedelta(days=1)}
    (share,) = shares_of(portal, **period)
    assert (share.site, share.published, share.shared, share.silent, share.latest) == (below, 1, 0, True, None)
    client = sign_in(cast.outside.editor)
    assert "没有共享" in client.get("/sharing/").content.decode()
    client.post(address, {**terms(cast), "act": "submit"})
    sign_all(cast.outside, Review.objects.get(act="rule"), now=now)
    hear_and_take(now)
    bring_up(portal)
    (share,) = shares_of(portal, **period)
    assert (share.shared, share.silent, share.latest) == (1, False, now)
    page = client.get("/sharing/?period=year").content.decode()
    assert "1 个与它共享内容" in page and "jy-flag" not in page
    earlier = shares_of(portal, since=now - timedelta(days=60), until=now - timedelta(days=30))
    assert [(each.published, each.shared) for each in earlier] == [(0, 0)]
