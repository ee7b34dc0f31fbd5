"""The register of concerns, used as people use it."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from jiyue.concerns.models import Concern, Contact, Step
from jiyue.content.models import Record
from tests.cast import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(client):
    def open_screen(user, view, /, *args, **query):
        client.force_login(user)
        return client.get(reverse(view, args=args), query)

    return open_screen


@pytest.fixture
def send(client):
    def send_form(user, view, /, *args, **data):
        client.force_login(user)
        return client.post(reverse(view, args=args), data)

    return send_form


def text(response) -> str:
    return response.content.decode()


def local(**ago) -> str:
    return f"{timezone.localtime() - timedelta(**ago):%Y-%m-%dT%H:%M}"


@pytest.fixture
def fields(cast):
    return {
        "kind": "hot_topic", "title": "夜间施工噪声", "what": "来信集中反映夜间施工", "origin": "hotline",
        "unit": cast.city.organisation.pk, "found_at": local(hours=5),
    }  # fmt: skip


@pytest.fixture
def concern(cast, send, fields):
    send(cast.city.editor, "console_concern_new", cast.city.site.pk, **fields)
    return Concern.objects.get()


@pytest.mark.req("RESP-02")
def test_a_hot_topic_is_registered_waits_in_the_list_of_work_and_is_answered(cast, on, send, concern):
    editor = cast.city.editor
    page = text(on(editor, "console_concerns"))
    assert "待回应 1 项" in page and "夜间施工噪声" in page
    assert "夜间施工噪声" in text(on(editor, "wagtailadmin_home"))
    column = cast.city.columns["yw"].pk
    answer = send(
        editor,
        "console_concern",
        concern.pk,
        **{"act": "draft", "draft-title": "关于夜间施工的说明", "draft-column": column},
    )
    record = Record.objects.get()
    assert answer["Location"] == reverse("console_edit", args=[record.pk])
    page = text(on(editor, "console_concern", concern.pk))
    assert "还没有公开的稿件" in page and "关于夜间施工的说明" in page and "公众已经等了 5 小时" in page


def test_an_emergency_without_its_time_is_refused_and_keeps_what_was_typed(cast, send, fields):
    answer = send(
        cast.city.editor, "console_concern_new", cast.city.site.pk, **{**fields, "kind": "emergency", "level": "grave"}
    )
    assert answer.status_code == 422
    assert "请填写事发时间" in text(answer) and "来信集中反映夜间施工" in text(answer)
    assert not Concern.objects.exists()


def test_a_step_is_recorded_with_its_gap_and_struck_out_with_a_reason(cast, on, send, concern):
    editor = cast.city.editor
    refused = send(
        editor,
        "console_concern",
        concern.pk,
        **{"act": "step", "step-kind": "reported", "step-at": local(hours=3), "step-what": ""},
    )
    assert refused.status_code == 422
    send(
        editor,
        "console_concern",
        concern.pk,
        **{"act": "step", "step-kind": "reported", "step-at": local(hours=3), "step-what": "书面报送"},
    )
    page = text(on(editor, "console_concern", concern.pk))
    assert "2 小时 0 分" in page and "书面报送" in page
    step = Step.objects.get()
    assert send(editor, "console_concern_strike", step.pk, struck_reason="").status_code == 422
    send(editor, "console_concern_strike", step.pk, struck_reason="报错了")
    page = text(on(editor, "console_concern", concern.pk))
    assert "已划去：报错了" in page and "<del>" in page


def test_a_record_is_linked_the_matter_closed_and_then_nobody_acts_on_it(cast, on, send, concern, now):
    editor = cast.city.editor
    record, foreign = draft(cast.city, now=now, title="回应稿"), draft(cast.outside, now=now, title="外地稿")
    assert send(editor, "console_concern", concern.pk, **{"act": "link", "link-record": foreign.pk}).status_code == 422
    send(editor, "console_concern", concern.pk, **{"act": "link", "link-record": record.pk})
    send(editor, "console_concern", concern.pk, **{"act": "close", "close-outcome": "已答复来信人"})
    page = text(on(editor, "console_concern", concern.pk))
    assert "已办结" in page and "已答复来信人" in page and "登记步骤" not in page
    late = send(editor, "console_concern", concern.pk, **{"act": "close", "close-outcome": "再来"})
    assert late.status_code in {302, 403}
    concern.refresh_from_db()
    assert concern.outcome == "已答复来信人"


@pytest.mark.req("RESP-05")
def test_contacts_are_kept_changed_by_another_row_and_ended(cast, on, send):
    editor, unit = cast.city.editor, cast.city.organisation
    given = {
        "unit": unit.pk,
        "kind": "police",
        "name": "市公安局值班室（示范）",
        "phone": "000-110",
        "person": "",
        "note": "",
    }
    send(editor, "console_contact_new", **given)
    first = Contact.objects.get()
    send(editor, "console_contact", first.pk, **{**given, "phone": "000-111"})
    assert Contact.objects.filter(ended_at=None).get().phone == "000-111"
    page = text(on(cast.city.people["first"], "console_contacts"))
    assert "000-111" in page and "000-110" not in page and "添加联系单位" not in page
    second = Contact.objects.get(ended_at=None)
    send(editor, "console_contact", second.pk, act="end")
    assert "还没有登记联系单位" in text(on(editor, "console_contacts"))


def test_the_register_goes_out_as_a_workbook_of_ones_own_sites(cast, on, concern):
    answer = on(cast.city.editor, "console_concern_export")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[1][:2] == ("热点关切", "夜间施工噪声") and rows[1][-2] == "待回应"
    foreign = on(cast.outside.editor, "console_concern_export")
    assert len(list(load_workbook(io.BytesIO(foreign.content)).active.iter_rows())) == 1


def test_foreign_people_find_nothing(cast, on, send, concern):
    for view in ("console_concern", "console_concern_new"):
        ref = concern.pk if view == "console_concern" else cast.city.site.pk
        assert on(cast.outside.editor, view, ref).status_code == 404
    assert "夜间施工噪声" not in text(on(cast.outside.editor, "console_concerns"))
