"""The screen of a 同步案件: three parts, where each stands, what is missing, who has it, and one button for all."""

import pytest
from django.urls import reverse

from jiyue.console.work import cases as todos
from jiyue.content.models import PolicyCase
from jiyue.content.models.records import State
from jiyue.review.models import Review, SignOff
from tests.apps.review.test_together import document_of, material_of, planned, until_together
from tests.cast import sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.req("POL-04")]


@pytest.fixture
def city(cast):
    return cast.city


def screen(client, case) -> str:
    return client.get(reverse("console_case", args=[case.pk])).content.decode()


def act(client, case, name, **given):
    return client.post(reverse("console_case", args=[case.pk]), {"act": name, **given}, follow=True)


def test_a_clerk_opens_a_case_plans_fills_it_and_submits_all_of_it(city, now, sign_in):
    document, material = document_of(city, now), material_of(city, now)
    client = sign_in(city.editor)
    assert "建立同步案件" in client.get(reverse("console_path", args=[document.pk])).content.decode()
    shown = client.post(reverse("console_case_new", args=[document.pk]), follow=True).content.decode()
    assert "解读方案还没有写解读要点" in shown and "案件里还没有解读材料" in shown
    case = PolicyCase.objects.get()
    act(client, case, "add", interpretation=material.pk)
    wrong = act(client, case, "plan", unit=city.organisation.pk, points="要点", ready_on="下周")
    assert wrong.status_code == 422 and "要点" in wrong.content.decode()  # nothing typed is lost
    act(client, case, "plan", unit=city.organisation.pk, points="要点", audience="车主", forms=["text"],
        ready_on="2026-11-30")  # fmt: skip
    assert f"在谁手里：{city.editor.name}" in screen(client, case)
    done = act(client, case, "submit").content.decode()
    assert "已送审 2 件" in done and city.first.name in done
    assert set(Review.objects.values_list("level", flat=True)) == {"first"}


def test_what_cannot_be_submitted_says_why_and_the_rest_goes(city, now, sign_in):
    document = document_of(city, now, issuer="")
    material_of(city, now, document)
    case = planned(city, now, document)
    answer = act(sign_in(city.editor), case, "submit")
    assert answer.status_code == 409 and "“澄湖市停车管理办法”：请填写发文机关" in answer.content.decode()
    assert Review.objects.get().version.record.title == "停车办法解读"


def test_the_waiting_one_says_for_what_and_reviewers_read_the_plan(city, now, sign_in):
    document = document_of(city, now)
    material_of(city, now, document)
    case = planned(city, now, document)
    review = until_together(city, document, now)
    assert "“停车办法解读”还没有送审" in screen(sign_in(city.editor), case)
    page = sign_in(city.final).get(reverse("console_review", args=[review.pk])).content.decode()
    assert "收费标准怎样变" in page and "等同案的稿件一起签发" in page
    waits = [todo.note for todo in todos(city.editor)]
    assert waits == ["有的稿件已通过全部环节，在等还没有送审的稿件"]
    assert todos(city.final) == []


def test_what_was_held_up_is_signed_with_one_button(city, now, sign_in):
    document = document_of(city, now)
    material = material_of(city, now, document)
    case = planned(city, now, document)
    until_together(city, document, now)
    other = sign_all(city, material_review(city, material, now), now=now)
    assert other.status == "together"  # what held it up, an agreement, arrives afterwards
    from jiyue.review.models import UnitConsent

    UnitConsent.objects.update(recorded_at=now)
    assert [todo.what for todo in todos(city.final)] == ["同步签发"]
    act(sign_in(city.final), case, "sign")
    assert SignOff.objects.count() == 2
    document.refresh_from_db()
    assert document.state == State.SIGNED_OFF


def material_review(city, material, now):
    from jiyue.review.actions import submit
    from jiyue.review.models import UnitConsent

    document = material.documents.get()
    UnitConsent.objects.create(record=document, unit=city.organisation, asked_by=city.editor, asked_at=now)
    return submit(record=material, by=city.editor, now=now)


def test_a_foreign_case_does_not_exist(cast, city, now, sign_in):
    case = planned(city, now, document_of(city, now))
    client = sign_in(cast.outside.editor)
    assert client.get(reverse("console_case", args=[case.pk])).status_code == 404
    assert "澄湖市停车管理办法" not in client.get(reverse("console_cases")).content.decode()
