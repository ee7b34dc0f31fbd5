"""文件库, 数据标准 and 数据交换 as their people use them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from jiyue.content import exchanging
from jiyue.content.actions import store_picture
from jiyue.content.models import Picture
from jiyue.identity.roles import Duty, Role
from jiyue.rules.models import LocalStandard
from tests.cast import draft, member
from tests.pictures import png

# Wagtail leaves the temporary file of a rendition to the collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


def picture_of(tenant, now, title="湖岸"):
    return store_picture(site=tenant.site, name="hu.png", data=png(), title=title, by=tenant.editor, now=now)


def test_an_editor_states_rights_and_finds_where_a_picture_is_used(cast, now, sign_in):
    picture = picture_of(cast.city, now)
    image = {
        "type": "image",
        "id": "i",
        "value": {"image": picture.pk, "alt": "湖", "decorative": False, "caption": ""},
    }
    draft(cast.city, now=now, title="用到图片的稿件", body=[image])
    client = sign_in(cast.city.editor)
    address = reverse("console_file", args=["picture", picture.pk])
    assert "用到图片的稿件" in client.get(address).content.decode()
    refused = client.post(address, {"title": "湖岸", "licence": "bought"})
    assert refused.status_code == 422 and "请写明授权依据" in refused.content.decode()
    done = client.post(address, {"title": "湖岸", "licence": "own", "author": "样作者"})
    assert done.status_code == 302
    listed = client.get(reverse("console_files"), {"state": "unclear"}).content.decode()
    assert "没有符合条件的文件" in listed
    assert sign_in(cast.outside.editor).get(address).status_code == 404


def test_unused_files_are_removed_together_and_used_ones_stay(cast, now, sign_in):
    free, used = picture_of(cast.city, now, "没用到的"), picture_of(cast.city, now, "用到的")
    draft(cast.city, now=now, cover=used, cover_alt="湖")
    client = sign_in(cast.city.manager)
    page = client.get(reverse("console_files"), {"state": "unused"}).content.decode()
    assert "没用到的" in page and "用到的</a>" not in page.replace("没用到的</a>", "")
    sent = {"kind": "picture", "file": [free.pk, used.pk]}
    answer = client.post(reverse("console_files_remove"), sent, follow=True).content.decode()
    assert "移除了 1 个文件" in answer and "有 1 个文件已经有稿件在用" in answer
    assert list(Picture.objects.values_list("pk", flat=True)) == [used.pk]


def test_an_overseer_asks_more_of_a_standard_and_another_brings_it_into_force(cast, now, sign_in):
    second = member("duban2", Role.OVERSEER, Duty.ADMINISTERING, cast.city.organisation, now=now)
    client = sign_in(cast.overseer)
    form = reverse("console_standard_new", args=["policy_document"])
    assert client.get(form).status_code == 200
    given = {
        "organisation": cast.city.organisation.pk, "from_on": timezone.localdate().isoformat(), "document": "数据要求",
        "grounds": "统一", "filled:detail.index_number": "on", "longest:summary": "300",
    }  # fmt: skip
    answer = client.post(form, given)
    assert answer.status_code == 302, answer.content.decode()
    row = LocalStandard.objects.get()
    assert row.demands == {"detail.index_number": {"filled": True}, "summary": {"longest": 300}}
    change = reverse("console_change", args=["standard", row.pk])
    page = sign_in(second).get(change).content.decode()
    assert "索引号" in page and "最多 300 字" in page
    assert sign_in(second).post(change, {"answer": "yes", "reply": ""}).status_code == 302
    shown = sign_in(cast.city.editor).get(reverse("console_standard", args=["policy_document"])).content.decode()
    assert "澄湖市人民政府" in shown and "没有找到" in shown


def test_everybody_reads_the_register_and_takes_the_schema(cast, sign_in):
    client = sign_in(cast.auditor)
    assert "数据标准" in client.get(reverse("console_standards")).content.decode()
    schema = client.get(reverse("console_standard_schema", args=["article"])).json()
    assert schema["title"] == "文章" and schema["required"]
    assert client.get(reverse("console_standard", args=["nothing"])).status_code == 404


def test_a_source_is_registered_asked_and_stopped(cast, now, sign_in):
    client = sign_in(cast.city.editor)
    form = reverse("console_exchange_new", args=[cast.city.site.pk])
    given = {"name": "样例市", "address": "https://www.example.invalid/", "column": cast.city.columns["yw"].pk}
    assert client.post(form, given).status_code == 302
    source = cast.city.site.exchange_sources.get()
    assert exchanging.due(now).filter(pk=source.pk).exists()
    page = reverse("console_exchange_source", args=[source.pk])
    assert client.post(page, {"act": "ask"}).status_code == 302
    assert client.post(page, {"act": "stop", "reason": ""}).status_code == 422
    assert client.post(page, {"act": "stop", "reason": "对方停用"}).status_code == 302
    assert "已停用" in client.get(reverse("console_exchanges")).content.decode()
    assert sign_in(cast.outside.editor).get(page).status_code == 404
    assert sign_in(cast.outside.editor).get(form).status_code in {403, 404}
