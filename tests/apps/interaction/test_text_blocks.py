"""答复模板: whose they are, what they fill in, and who may keep them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.foundation.models import AuditEvent
from jiyue.interaction.models import TextBlock
from jiyue.interaction.stepping import ChangedMeanwhile
from jiyue.interaction.text_blocks import filled, keep_block, remove_block, visible_text_blocks
from tests.letters import letter, office

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def kept(desk, by, now, **given) -> TextBlock:
    words = {"own": False, "title": "开头", "text": "您{来信日期}的来信（{编号}）收悉。{单位}，{今天}。", **given}
    return keep_block(site=desk.tenant.site, by=by, now=now, **words)


def test_places_are_filled_in_from_the_letter(cast, desk, now):
    case = letter(cast.city, now=now)
    text = filled(kept(desk, desk.clerk, now), case, now=now)
    assert case.number in text and cast.city.organisation.name in text and "{" not in text
    with pytest.raises(ValidationError, match="没有这样的占位"):
        kept(desk, desk.clerk, now, title="又一个", text="{姓名}您好")


def test_the_units_are_kept_by_the_clerk_and_ones_own_are_seen_by_nobody_else(cast, desk, now):
    shared, own = kept(desk, desk.clerk, now), kept(desk, desk.handler, now, own=True)
    assert set(visible_text_blocks(desk.handler)) == {shared, own}
    assert set(visible_text_blocks(desk.clerk)) == {shared}
    stranger = office(cast.outside, now=now, prefix="fr")
    assert not visible_text_blocks(stranger.clerk).exists()
    for by in (desk.handler, desk.replier, stranger.clerk):
        with pytest.raises(PermissionDenied):
            kept(desk, by, now, title="不该有")
        with pytest.raises(PermissionDenied):
            remove_block(block=shared, by=by, now=now)
    with pytest.raises(PermissionDenied):
        remove_block(block=own, by=desk.clerk, now=now)
    remove_block(block=own, by=desk.handler, now=now)
    codes = AuditEvent.objects.filter(code="interaction.text_block_changed")
    assert [row.data["block_change"] for row in codes.order_by("sequence")] == ["written", "written", "removed"]


def test_a_text_that_somebody_else_changed_is_not_overwritten(desk, now):
    block, other = kept(desk, desk.clerk, now), TextBlock.objects.get()
    kept(desk, desk.clerk, now, block=block, text="改过的文字")
    with pytest.raises(ChangedMeanwhile):
        kept(desk, desk.clerk, now, block=other, text="另一种改法")
    with pytest.raises(ValidationError, match="同名"):
        kept(desk, desk.clerk, now)
