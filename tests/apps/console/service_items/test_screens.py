"""The catalogue of service items and the editor of a guide, used as people use them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiyue.content.models import ServiceGuide, ServiceItem
from jiyue.publishing.publisher import Publisher
from tests.apps.console.stewardship.test_screens import on, send, text  # noqa: F401 - fixtures
from tests.cast import reviewed, structured
from tests.services import guide_of, item_of, with_services

pytestmark = pytest.mark.django_db


def filled(cast, **given) -> dict:
    return {
        "organisation": cast.city.organisation.pk, "code": "990100-SL-0001", "name": "取水许可", "item_class": "licensing",
        "legal_basis": "取水条例第四条", "audiences": ["legal-person"], "themes": ["utilities"], "life_events": [],
        "charge_basis": "", "system_host": "zwfw.chenghu.localhost", **given,
    }  # fmt: skip


@pytest.mark.req("SERV-14")
def test_an_overseer_registers_an_item_and_editors_below_find_it(cast, on, send):  # noqa: F811
    assert "目录还是空的" in text(on(cast.overseer, "console_service_items"))
    assert send(cast.overseer, "console_service_item_new", **filled(cast)).status_code == 302
    item = ServiceItem.objects.get()
    assert (item.themes, item.charged) == (["utilities"], False)
    page = text(on(cast.city.editor, "console_service_items"))
    assert "取水许可" in page and "还没有" in page and "登记事项" not in page
    assert "取水许可" not in text(on(cast.city.editor, "console_service_items", theme="housing"))
    assert "没有符合条件" in text(on(cast.city.editor, "console_service_items", q="不动产"))


@pytest.mark.req("SERV-11")
def test_a_charge_without_its_law_comes_back_with_a_sentence_and_all_that_was_typed(cast, send):  # noqa: F811
    answer = send(cast.overseer, "console_service_item_new", **filled(cast, charged="on", audiences=[]))
    assert answer.status_code == 422 and "取水条例第四条" in text(answer)
    sent = send(cast.overseer, "console_service_item_new", **filled(cast, charged="on"))
    assert "收费事项必须写明收费依据" in text(sent)
    assert not ServiceItem.objects.exists()


def test_only_who_keeps_it_changes_or_ends_an_item(cast, now, on, send):  # noqa: F811
    item = item_of(cast, now=now)
    for stranger in (cast.city.manager, cast.city.editor):
        for route in ("console_service_item_change", "console_service_item_end"):
            assert send(stranger, route, item.pk, **filled(cast, name="改名")).status_code in {302, 403, 404}
    assert on(cast.outside.editor, "console_service_item", item.pk).status_code == 404
    item.refresh_from_db()
    assert (item.name, item.ended_on) == ("取水许可", None)
    assert "请" in text(send(cast.overseer, "console_service_item_end", item.pk, on="2026-11-21", reason=""))
    assert (
        send(cast.overseer, "console_service_item_end", item.pk, on="2026-11-21", reason="国务院决定").status_code
        == 302
    )
    assert "已取消" in text(on(cast.city.editor, "console_service_item", item.pk))


@pytest.mark.req("SERV-14")
def test_guides_that_repeat_the_item_as_it_was_are_named(cast, now, on, send):  # noqa: F811
    city, item = with_services(cast.city, now=now), item_of(cast, now=now)
    structured(city, now=now)
    guide = guide_of(city, item, now=now, column="bszn")
    reviewed(city, guide, now=now)
    Publisher().publish(city.site, now=now)
    assert "待重新送审" not in text(on(city.editor, "console_service_item", item.pk))
    send(cast.overseer, "console_service_item_change", item.pk, **filled(cast, legal_basis="取水条例第五条"))
    assert "事项已改，待重新送审" in text(on(city.editor, "console_service_item", item.pk))
    later = timezone.now() + timedelta(minutes=1)
    reviewed(
        city, ServiceGuide.objects.get(pk=guide.pk), now=later, instruction={"reason": "事项修改", "finder": "本单位"}
    )
    Publisher().publish(city.site, now=later)
    assert "待重新送审" not in text(on(city.editor, "console_service_item", item.pk))


@pytest.mark.req("SERV-04")
def test_the_editor_of_a_guide_names_what_is_missing_at_its_field(cast, now, on):  # noqa: F811
    city = with_services(cast.city, now=now)
    begin = on(city.editor, "console_begin", kind="service_guide", column=city.columns["bszn"].pk)
    page = text(on(city.editor, "console_service_guide:add", column=city.columns["bszn"].pk))
    assert begin.status_code == 302 and "申请材料" in page and "常见问题" in page
    guide = guide_of(city, item_of(cast, now=now), now=now, column="bszn", place="", telephone="")
    beside = text(on(city.editor, "console_service_guide:edit", guide.pk))
    assert "请填写办理地点" in beside and "请填写咨询电话" in beside
    assert reverse("console_submit", args=[guide.pk])
