"""The screens of inspections: planned and drawn by the supervisor, answered by the site, exported."""

import pytest
from django.urls import reverse

from jiyue.review.models import InspectedItem, Inspection, InspectionFinding
from tests.cast import draft, reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.req("PRIV-09")]


def page(client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_from_the_plan_to_the_conclusion(cast, now, sign_in):
    reviewed(cast.city, draft(cast.city, now=now, title="公开稿件甲"), now=now)
    office, day = sign_in(cast.supervisor), f"{now:%Y-%m-%d}"
    form = page(office, "console_inspection_new")
    unit = form.partition('name="unit"')[2].partition('option value="')[2].partition('"')[0]
    given = {
        "unit": unit, "name": "第三季度保密检查", "held_on": day, "sites": [cast.city.site.pk], "size": 5,
        "public_from": day, "public_until": day, "participants": "保密行政管理部门：样某", "paths": "no/such",
    }  # fmt: skip
    refused = office.post(reverse("console_inspection_new"), given)
    assert refused.status_code == 422
    assert "没有这些栏目" in refused.content.decode()
    office.post(reverse("console_inspection_new"), given | {"paths": ""})
    row = Inspection.objects.get()
    office.post(reverse("console_inspection_act", args=[row.pk, "draw"]))
    item = InspectedItem.objects.get()
    address = reverse("console_inspection_item", args=[item.pk])
    assert office.post(address, {"act": "problem", "kind": "internal"}).status_code == 422
    office.post(address, {"act": "problem", "kind": "internal", "what": "第 1 段", "demand": "撤下"})
    found = InspectionFinding.objects.get()
    site = sign_in(cast.city.manager)
    assert "第三季度保密检查" in page(site, "console_inspections")
    assert reverse("console_inspection_finding", args=[found.pk]) in page(site, "wagtailadmin_home")
    assert "撤下" in page(site, "console_inspection_finding", found.pk)
    address = reverse("console_inspection_finding", args=[found.pk])
    assert site.post(address, {"answer": "已经撤下并说明"}).status_code == 302
    office = sign_in(cast.supervisor)
    assert office.post(address, {"accepted": "yes"}).status_code == 302
    done = office.post(reverse("console_inspection_act", args=[row.pk, "conclude"]), {"conclusion": "问题已处理"})
    assert done.status_code == 302, done.content.decode()
    assert office.get(reverse("console_inspection_export", args=[row.pk])).content[:2] == b"PK"
    site = sign_in(cast.city.manager)
    shown = page(site, "console_inspection", row.pk)
    assert "问题已处理" in shown
    assert "已处理" in shown
    assert site.get(reverse("console_inspection_new")).status_code == 404
    stranger = sign_in(cast.outside.manager)
    assert stranger.get(reverse("console_inspection", args=[row.pk])).status_code == 404
    assert stranger.get(address).status_code == 404
    assert stranger.get(reverse("console_inspection_item", args=[item.pk])).status_code == 404
    assert "第三季度保密检查" not in page(stranger, "console_inspections")
