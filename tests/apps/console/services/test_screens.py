"""The screens of 服务质量: what a clerk sees and does, and that nobody sees another unit's."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jiyue.console.work import lines_for
from jiyue.content.models import ItemDifference, ServiceGuide, ServiceSource, Synchronisation
from jiyue.content.service_entries import entry_of_draft
from jiyue.content.service_importing import read_file
from jiyue.content.service_sources import set_source
from jiyue.content.synchronising import Ours, note_failure, synchronise
from jiyue.domain.actors import process
from jiyue.domain.service_items import written
from tests.services import guide_of, item_of

pytestmark = pytest.mark.django_db
State = ItemDifference.State


@pytest.fixture
def guide(cast, now) -> ServiceGuide:
    return guide_of(cast.city, item_of(cast, now=now), now=now)


def compared(cast, now, guide, **changed) -> Synchronisation:
    mine = entry_of_draft(guide)
    data = written(replace(mine, **changed)).encode()
    return synchronise(
        site=cast.city.site, origin="file", source="平台.jsonl", data=data, lines=read_file(data), ours=[Ours(guide, mine)],
        by=None, actor=process("test"), now=now,
    )  # fmt: skip


def text(answer) -> str:
    return answer.content.decode()


def test_the_list_says_what_is_wrong_what_to_do_and_where(cast, now, sign_in, guide):
    ServiceGuide.objects.update(telephone="")
    client = sign_in(cast.city.editor)
    page = text(client.get(reverse("console_services")))
    assert "没有咨询电话" in page and "补上后送审" in page and reverse("console_edit", args=[guide.pk]) in page
    assert "触发单项否决" in page and "一份办事指南都没有公开" in page
    only = text(client.get(reverse("console_services") + "?group=links"))
    assert "没有咨询电话" not in only and "没有这一类问题" in only
    export = client.get(reverse("console_services_export"))
    assert export["Content-Disposition"].endswith('.xlsx"') and export.content[:2] == b"PK"


def test_a_site_without_guides_is_told_how_to_begin(cast, sign_in):
    client = sign_in(cast.city.editor)
    assert "还没有办事指南" in text(client.get(reverse("console_services")))
    assert "还没有公开的办事指南" in text(client.get(reverse("console_service_depths")))
    assert "没有待处理的差异" in text(client.get(reverse("console_differences")))
    assert "还没有比对过" in text(client.get(reverse("console_synchronisations")))


@pytest.mark.req("SERV-05")
def test_both_sides_stand_beside_each_other_and_an_editor_takes_theirs(cast, now, sign_in, guide):
    compared(cast, now, guide, promised_days=7, telephone="000-999")
    client = sign_in(cast.city.editor)
    page = text(client.get(reverse("console_differences")))
    assert "000-12345" in page and "000-999" in page and "采用对方" in page
    row = ItemDifference.objects.get(field="telephone")
    answer = client.post(reverse("console_difference_take", args=[row.pk]), {"all": "1"})
    assert answer.url == reverse("console_path", args=[guide.pk])
    kept = ServiceGuide.objects.get()
    assert (kept.promised_days, kept.telephone) == (7, "000-999") and not kept.versions.exists()
    again = client.post(reverse("console_difference_take", args=[row.pk]), follow=True)
    assert "已经处理过了" in text(again)


def test_a_manager_keeps_ours_with_a_reason_and_cannot_take(cast, now, sign_in, guide):
    compared(cast, now, guide, promised_days=7)
    row, client = ItemDifference.objects.get(), sign_in(cast.city.manager)
    [todo] = [line for line in lines_for(cast.city.manager) if line.todo.kind == "service-differences"]
    assert "1 处不一致" in todo.todo.title and client.get(todo.address).status_code == 302
    refused = client.post(reverse("console_difference_take", args=[row.pk]), follow=True)
    assert "由有这个栏目权限的编辑处理" in text(refused)
    form = reverse("console_difference_keep", args=[row.pk])
    assert client.post(form, {"reason": " "}).status_code == 422
    assert client.post(form, {"reason": "已核对 3 号文件"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.KEPT, "已核对 3 号文件")
    assert not [line for line in lines_for(cast.city.manager) if line.todo.kind == "service-differences"]


@pytest.mark.req("SERV-05")
def test_a_file_is_compared_and_what_is_wrong_in_it_is_told_line_by_line(cast, now, sign_in, guide):
    data = written(replace(entry_of_draft(guide), promised_days=7)) + '\n{"code":"x"}'
    client = sign_in(cast.city.editor)
    form = reverse("console_services_compare", args=[cast.city.site.pk])
    answer = client.post(form, {"file": SimpleUploadedFile("平台.jsonl", data.encode()), "complete": "1"}, follow=True)
    assert "第 2 行：事项编码：写法不对：x" in text(answer)
    run = Synchronisation.objects.get()
    assert (run.items, run.refused, run.different, run.by) == (1, 1, 1, cast.city.editor)
    empty = client.post(form, {"file": SimpleUploadedFile("空.xlsx", b"PK\x03\x04no"), "complete": "1"})
    assert empty.status_code == 422 and "不是可以读取的 Excel" in text(empty)


def test_a_manager_names_the_source_and_a_failed_comparison_is_told_and_tried_again(cast, now, sign_in):
    site, client = cast.city.site, sign_in(cast.city.manager)
    form = reverse("console_service_source", args=[site.pk])
    wrong = client.post(form, {"address": "ftp://x.cn/"})
    assert wrong.status_code == 422 and "http" in text(wrong)
    assert client.post(form, {"address": "https://zwfw.example.gov.cn/x"}).status_code == 302
    ServiceSource.objects.update(wanted_at=None)
    note_failure(site=site, origin="address", source="https://zwfw.example.gov.cn/x", trouble="对方没有在规定时间内答完",
                 by=None, actor=process("test"), now=now)  # fmt: skip
    [todo] = [line for line in lines_for(cast.city.manager) if line.todo.kind == "service-comparison"]
    assert "没有在规定时间内答完" in todo.todo.note
    page = text(client.get(reverse("console_synchronisation", args=[Synchronisation.objects.get().pk])))
    assert "再试一次" in page and "没有在规定时间内答完" in page
    client.post(reverse("console_services_again", args=[site.pk]))
    assert ServiceSource.objects.get().wanted_at is not None


def test_another_unit_sees_and_reaches_nothing(cast, now, sign_in, guide):
    run = compared(cast, now, guide, promised_days=7)
    set_source(site=cast.city.site, address="https://zwfw.example.gov.cn/x", by=cast.city.manager, now=now)
    row = ItemDifference.objects.get()
    for person in (cast.outside.editor, cast.outside.manager):
        client = sign_in(person)
        for name, key in (
            ("console_difference_keep", row.pk), ("console_synchronisation", run.pk),
            ("console_services_compare", cast.city.site.pk), ("console_site_differences", cast.city.site.pk),
        ):  # fmt: skip
            assert client.get(reverse(name, args=[key])).status_code == 404
        assert client.post(reverse("console_difference_take", args=[row.pk])).status_code == 404
        assert client.post(reverse("console_services_again", args=[cast.city.site.pk])).status_code == 404
        for name in ("console_services", "console_differences", "console_synchronisations", "console_service_file"):
            shown = client.get(reverse(name) + f"?site={cast.city.site.pk}")
            assert "取水许可" not in text(shown) and "zwfw.example" not in text(shown)
    row.refresh_from_db()
    assert row.state == State.OPEN


@pytest.mark.req("SERV-13")
def test_every_channel_takes_one_and_the_same_file(cast, now, sign_in, guide):
    client = sign_in(cast.city.editor)
    assert client.get(reverse("console_service_file")).content == b""  # a draft is nobody's yet
    answer = client.get(reverse("console_service_file") + "?form=xlsx")
    assert answer.content[:2] == b"PK" and answer["X-Content-Type-Options"] == "nosniff"
