"""One item for the whole platform, guides of units: what may be written, and by whom."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from jiyue.content.belonging import foreign_links, items_for
from jiyue.content.guide_readiness import lacks
from jiyue.content.models import ServiceGuide, ServiceItem
from jiyue.content.needs import Theme
from jiyue.content.readiness import problems
from jiyue.content.servicing import end_item, save_item
from jiyue.content.snapshots import snapshot_of
from jiyue.foundation.models import AuditEvent
from jiyue.review.matters import fields_of, files_of, words_of
from jiyue.rules.code_words import WORDS
from jiyue.rules.library import shipped
from tests.services import STEPS, guide_of, item_of, material

pytestmark = pytest.mark.django_db


def lacking(guide, **changed) -> set[str]:
    for name, value in changed.items():
        setattr(guide, name, value)
    return {field for field, _sentence in lacks(guide)}


def rows(guide, name, values):
    return getattr(guide, name).stream_block.to_python(values)


@pytest.mark.req("SERV-11")
def test_a_charge_needs_the_law_it_rests_on(cast, now):
    with pytest.raises(ValidationError, match="收费依据"):
        item_of(cast, now=now, charged=True, charge_basis="  ")
    item = item_of(cast, now=now, charged=True, charge_basis="澄价费〔2020〕3号")
    # Past every form: the database refuses as well.
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceItem.objects.filter(pk=item.pk).update(charge_basis="")


@pytest.mark.req("SERV-11")
def test_a_guide_names_no_sum_for_what_is_free_and_a_basis_for_what_is_not(cast, now):
    guide = guide_of(cast.city, item_of(cast, now=now), now=now)
    assert lacking(guide, fee_standard="每件 20 元") == {"fee_standard"}
    guide.item = item_of(cast, now=now, code="990100-SL-0002", charged=True, charge_basis="澄价费〔2020〕3号")
    assert lacking(guide) == {"fee_basis"}
    assert lacking(guide, fee_basis="澄价费〔2020〕3号") == set()


@pytest.mark.req("SERV-14")
def test_only_the_overseer_of_the_catalogue_keeps_an_item(cast, now):
    item = item_of(cast, now=now)
    assert AuditEvent.objects.filter(code="content.service_item_saved", subject=f"service-item:{item.pk}").exists()
    for stranger in (cast.city.manager, cast.city.editor, cast.operator):
        item.name = "改名"
        with pytest.raises(PermissionDenied, match="督办人员"):
            save_item(item=item, by=stranger, now=now)
    item.organisation = cast.province
    with pytest.raises(PermissionDenied):
        save_item(item=item, by=cast.overseer, now=now)
    assert ServiceItem.objects.get(pk=item.pk).name == "取水许可"


@pytest.mark.req("SERV-14")
def test_a_site_gives_guides_to_items_of_its_own_and_of_superiors_only(cast, now):
    item = item_of(cast, now=now)
    assert list(items_for(cast.city.site)) == [item]
    assert not items_for(cast.outside.site).exists()
    with pytest.raises(ValidationError, match="不在本单位"):
        guide_of(cast.outside, item, now=now)


def test_an_item_with_guides_keeps_its_code(cast, now):
    item = item_of(cast, now=now)
    guide_of(cast.city, item, now=now)
    item.code = "990100-SL-0009"
    with pytest.raises(ValidationError, match="编码不能改"):
        save_item(item=item, by=cast.overseer, now=now)


def test_unknown_classes_and_no_audience_are_refused_with_a_sentence(cast, now):
    with pytest.raises(ValidationError) as refused:
        item_of(cast, now=now, audiences=[], themes=["weather"], life_events=["birth", "birth"], code="a b")
    assert set(refused.value.message_dict) == {"audiences", "themes", "life_events", "code"}


def test_an_ended_item_takes_no_guide_to_the_public(cast, now):
    item = item_of(cast, now=now)
    guide = guide_of(cast.city, item, now=now)
    with pytest.raises(ValidationError, match="原因"):
        end_item(item=item, reason=" ", on=now.date(), by=cast.overseer, now=now)
    end_item(item=item, reason="国务院决定取消", on=now.date(), by=cast.overseer, now=now)
    guide = ServiceGuide.objects.get(pk=guide.pk)
    assert [problem.field for problem in problems(guide, on=now.date())] == ["item"]


def test_a_draft_may_be_empty_and_says_at_each_field_what_it_lacks(cast, now):
    bare = dict.fromkeys(
        ("handling_body", "place", "hours", "telephone", "fee_standard", "conditions", "certificates"), ""
    )
    guide = guide_of(
        cast.city,
        None,
        now=now,
        promised_days=None,
        legal_days=None,
        materials=[],
        process=[],
        online_address="",
        **bare,
    )
    found = {problem.field for problem in problems(guide, on=now.date())}
    assert found == {"item", *bare, "promised_days", "process", "online_address"}


@pytest.mark.req("SERV-04")
def test_a_form_needs_blank_instructions_and_sample(cast, now):
    guide = guide_of(cast.city, item_of(cast, now=now), now=now)
    assert lacks(guide) == []
    guide.materials = rows(guide, "materials", [material(cast.city, now=now, sample=None, instructions="")])
    [(field, sentence)] = lacks(guide)
    assert field == "materials" and "填写说明、样表" in sentence and "空白" not in sentence.split("还缺")[1]
    guide.materials = rows(guide, "materials", [material(cast.city, now=now, sample=None, needs_form=False)])
    assert lacks(guide) == []


@pytest.mark.req("SERV-08")
def test_online_handling_leads_to_the_registered_system_only(cast, now):
    guide = guide_of(cast.city, item_of(cast, now=now), now=now)
    for address in ("https://evil.invalid/", "https://zwfw.chenghu.localhost.evil.invalid/", ""):
        assert lacking(guide, online_address=address) == {"online_address"}
    assert lacking(guide, online_address="https://sub.zwfw.chenghu.localhost/x") == set()
    # The other mode: the guide alone, with forms to take away.
    assert lacking(guide, online_address="", online_depth=2) == set()
    assert lacking(guide, materials=rows(guide, "materials", [])) == {"online_depth"}


def test_a_promise_is_not_longer_than_the_law(cast, now):
    guide = guide_of(cast.city, item_of(cast, now=now), now=now)
    assert lacking(guide, promised_days=21) == {"promised_days"}
    assert lacking(guide, promised_days=None, limit_note="每年六月集中办理") == set()


@pytest.mark.req("SERV-12")
def test_no_field_of_item_or_guide_can_ask_for_an_app_or_a_follower():
    names = {field.name for model in (ServiceItem, ServiceGuide) for field in model._meta.get_fields()}
    asked = ("app", "follow", "account", "share", "wechat", "subscribe")
    assert not {name for name in names if any(part in name.split("_") for part in asked)}


def test_the_snapshot_freezes_item_rows_and_files(cast, now):
    guide = guide_of(cast.city, item_of(cast, now=now), now=now)
    content = snapshot_of(guide)
    [row] = content["detail"]["materials"]
    assert row["blank"]["address"].endswith("/blank.txt") and row["sample"]["size"] == 33
    assert content["detail"]["item"]["code"] == "990100-SL-0001"
    assert [step["name"] for step in content["detail"]["process"]] == ["受理", "决定"]
    assert {file.name for file in files_of(content)} == {"blank.txt", "sample.txt"}
    assert "用黑色签字笔填写" in content["text"] and "审查后作出决定" in content["text"]


@pytest.mark.req("PRIV-01")
def test_the_checks_read_every_row(cast, now):
    steps = [{"type": "step", "value": {**STEPS[0]["value"], "who": "张某 13900000000"}}]
    content = snapshot_of(guide_of(cast.city, item_of(cast, now=now), now=now, process=steps))
    assert fields_of(content)["process-0-value-who"] == "张某 13900000000"
    matter = words_of(content, "record", at=now)
    assert matter.part_at(matter.text.index("13900000000")).place == "办理流程第 1 项"


def test_a_material_of_another_site_is_refused(cast, now):
    guide = guide_of(cast.city, item_of(cast, now=now), now=now)
    guide.materials = rows(guide, "materials", [material(cast.outside, now=now)])
    assert set(foreign_links(guide)) == {"materials"}


def test_the_themes_have_the_words_of_the_rule_packs():
    named = shipped().ruleset("xiangxi").answer("service.themes", on=date(2026, 11, 22)).value.terms.value
    assert {code: WORDS[code] for code in named} == {str(theme): str(theme.label) for theme in Theme}
