"""A form tells all that is wrong with it in one round: what is missing, and what the act refuses of the rest."""

from datetime import timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from jiyue.console.stewardship.frame import done
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.models import Case, LiveWord
from tests.apps.interaction.test_interviews import told
from tests.interviews import interview_of
from tests.letters import letter, office

pytestmark = pytest.mark.django_db
PHONE = "请打 13812345678 找我。"


class Given(forms.Form):
    one = forms.CharField()
    two = forms.CharField()
    three = forms.DateTimeField()
    four = forms.BooleanField(required=False)


def tried(sent: dict[str, str], act) -> Given:
    form = Given(sent)
    assert not done(form, lambda: act(**form.cleaned_data))
    return form


def test_what_the_act_refuses_is_told_beside_what_is_missing_and_in_one_round():
    def act(*, one, two, three, four):
        for name, value in (("one", one), ("two", two)):
            if value == "错":
                raise ValidationError({name: f"{name} 不对"})
        if three > timezone.now():
            raise ValidationError({"three": "还没到"})
        raise AssertionError("never taken")

    late = str(timezone.now().replace(tzinfo=None) + timedelta(days=9))
    form = tried({"one": "错", "two": "", "three": late}, act)
    assert form.errors == {"one": ["one 不对"], "two": form.errors["two"], "three": ["还没到"]}
    form = tried({"one": "错", "two": "错", "three": late}, act)
    assert set(form.errors) == {"one", "two", "three"}
    assert form.cleaned_data.keys() >= {"four"}


def test_trying_writes_nothing_even_where_the_act_swallows_its_failures(cast):
    def act(**_given):
        AuditEvent.objects.count()
        try:
            AuditEvent.objects.create(code="x")
        except Exception:  # noqa: BLE001  # as a loop over lines does
            raise AssertionError("was not stopped") from None
        raise ValidationError({"one": "too far"})

    before = AuditEvent.objects.count()
    assert set(tried({"one": "a", "two": ""}, act).errors) == {"two", "three"}
    assert AuditEvent.objects.count() == before and not connection.needs_rollback
    assert "three" in tried({"one": "a", "two": "b"}, lambda **given: given["nothing"]).errors


def test_a_form_that_nobody_sent_is_left_alone():
    assert not done(Given(), lambda: pytest.fail("tried"))


@pytest.mark.req("INT-02")
def test_a_letter_handed_down_is_told_all_at_once(cast, sign_in, now):
    desk = office(cast.city, now=now)
    address = reverse("console_letter_register", args=[cast.city.site.pk])
    late = timezone.localtime() + timedelta(days=3)
    sent = {
        "handed_by": "省政府", "outer_number": "省〔2026〕1号", "kind": "enquiry", "title": "", "text": "",
        "received_at": late.strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    page = sign_in(desk.clerk).post(address, sent)
    errors = page.context["form"].errors
    assert page.status_code == 422 and set(errors) == {"title", "text", "received_at"}
    assert "不能晚于现在" in errors["received_at"][0] and not Case.objects.exists()


@pytest.mark.req("INT-02")
def test_acts_on_letters_and_live_words_tell_all_at_once_and_nothing_gets_out(cast, sign_in, home):
    now = timezone.now()
    held = interview_of(cast.city, now=now)
    client, address = sign_in(cast.city.editor), reverse("console_interview", args=[held.pk])
    assert set(client.post(address, {"speaker": "", "text": PHONE}).context["form"].errors) == {"speaker", "text"}
    client.post(address, {"speaker": "host", "text": "大家好。"})
    word = reverse("console_live_word", args=[LiveWord.objects.get().pk])
    page = client.post(word, {"text": PHONE, "reason": ""})
    assert set(page.context["form"].errors) == {"text", "reason"}
    client.post(word, {"text": "各位好。", "reason": ""})
    client.post(address, {"speaker": "", "text": "没有人说的话。"})
    assert [one["text"] for one in told(held)["words"]] == ["大家好。"] and LiveWord.objects.count() == 1


def test_a_right_form_is_taken_once(cast, sign_in, now):
    desk = office(cast.city, now=now)
    case = letter(cast.city, now=now)
    client, address = sign_in(desk.clerk), reverse("console_letter", args=[case.pk])
    sent = {"act": "return", "return-version": case.version, "return-reason": ""}
    assert client.post(address, sent).status_code == 422
    case.refresh_from_db()
    assert (case.state, [step.act for step in case.steps.all()]) == ("received", ["receive"])
    right = {**sent, "return-reason": "请向法院提出"}
    assert [client.post(address, right).status_code for _twice in range(2)] == [302, 302]
    case.refresh_from_db()
    (step,) = case.steps.filter(act="return")
    assert (case.state, step.reason, step.by) == ("returned", "请向法院提出", desk.clerk)
    assert AuditEvent.objects.filter(code="interaction.stepped", data__letter_act="return").count() == 1
