"""The screens of the checks: mending without script, submission, waivers, leaks, consents, lists, and the try-it box."""

import pytest
from django.urls import reverse

from jiyue.checks.actions import add_word
from jiyue.checks.models import CheckSetting, UnitWord
from jiyue.content.actions import save_column
from jiyue.content.models import Record
from jiyue.review.actions import approve
from jiyue.review.checklist import ALL_GATES
from jiyue.review.examining import examine
from jiyue.review.models import Finding, LeakCase, Rectification, Review, UnitConsent, Waiver
from jiyue.review.waiving import waive
from tests.apps.review.test_checks import GROUNDS, ID_NUMBER, asked, key_of, paragraph, with_number
from tests.cast import draft, reviewed, sign_all, structured

pytestmark = pytest.mark.django_db


def page(client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


@pytest.mark.req("PRIV-03")
def test_a_draft_is_mended_without_script_and_then_goes_through(cast, now, sign_in):
    record = with_number(cast, now)
    client = sign_in(cast.city.editor)
    shown = page(client, "console_checks", record.pk)
    assert "必须处理 1 处" in shown
    assert "第 1 段" in shown
    answer = client.post(reverse("console_checks", args=[record.pk]), {"mend": "0", "here": "submit"})
    assert answer.url == reverse("console_submit", args=[record.pk])
    mended = Record.objects.get(pk=record.pk)
    assert ID_NUMBER not in str(mended.typed.body.get_prep_value())
    assert client.post(reverse("console_submit", args=[record.pk])).status_code == 302
    assert Record.objects.get(pk=record.pk).state == "first"


def test_a_stopped_submission_shows_why_and_loses_nothing(cast, now, sign_in):
    record = with_number(cast, now)
    client = sign_in(cast.city.editor)
    answer = client.post(reverse("console_submit", args=[record.pk]), {"publish_at": "2099-01-02T03:04:05"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "2099-01-02T03:04:05" in shown
    assert "第 1 段" in shown
    assert not Review.objects.filter(version__record=record).exists()
    client.post(reverse("console_submit", args=[record.pk]), {"asks_waiver": "依法公示"})
    assert Review.objects.get(version__record=record).instruction["asks_waiver"] == "依法公示"


@pytest.mark.req("PRIV-02", "PRIV-06", "REV-10")
def test_a_secrecy_reviewer_waives_on_the_reviewing_screen(cast, now, sign_in):
    cast.city.site.ideology_officer = "样某某（副秘书长）"
    cast.city.site.save()
    review = asked(cast, now)
    address = reverse("console_waive", args=[review.pk])
    shown = page(sign_in(cast.city.first), "console_review", review.pk)
    assert "依法公示，需要保留" in shown
    assert "样某某（副秘书长）" in shown
    assert address not in shown
    client = sign_in(cast.city.secrecy)
    assert address in page(client, "console_review", review.pk)
    refused = client.post(address, {"key": key_of(review), "grounds": GROUNDS["grounds"]})
    assert refused.status_code == 409
    assert GROUNDS["grounds"] in refused.content.decode()
    assert client.post(address, {"key": key_of(review), **GROUNDS}).status_code == 302
    assert Waiver.objects.get().by == cast.city.secrecy
    listed = page(client, "console_check_waivers")
    assert GROUNDS["basis"] in listed
    assert cast.city.secrecy.name in listed
    assert ID_NUMBER not in listed
    assert GROUNDS["basis"] not in page(sign_in(cast.outside.secrecy), "console_check_waivers")


@pytest.mark.req("PRIV-02")
def test_a_waiver_is_taken_back_with_a_reason(cast, now, sign_in):
    review = asked(cast, now)
    given = waive(version=review.version, key=key_of(review), by=cast.city.secrecy, now=now, **GROUNDS)
    address = reverse("console_check_waiver", args=[given.pk])
    assert "撤销这项豁免" not in sign_in(cast.city.first).get(address).content.decode()
    assert sign_in(cast.city.first).post(address, {"reason": "依据已经废止"}).status_code == 409
    assert sign_in(cast.outside.secrecy).get(address).status_code == 404
    client = sign_in(cast.city.secrecy)
    assert address in page(client, "console_check_waivers")
    refused = client.post(address, {"reason": "不妥"})
    assert refused.status_code == 409
    assert "请写明撤销的理由" in refused.content.decode()
    assert client.post(address, {"reason": "依据已经废止"}).status_code == 302
    shown = page(client, "console_check_waiver", given.pk)
    assert "依据已经废止" in shown
    assert "撤销这项豁免" not in shown
    listed = client.get(reverse("console_check_waivers"), {"state": "revoked"}).content.decode()
    assert "依据已经废止" in listed
    assert "依据已经废止" not in client.get(reverse("console_check_waivers"), {"state": "holding"}).content.decode()
    assert "撤销豁免" in page(client, "console_path", review.version.record_id)
    assert "必须处理" in page(client, "console_review", review.pk)


@pytest.mark.req("REV-10", "REV-12", "REV-13", "PRIV-08")
def test_the_gates_say_what_is_confirmed(cast, now, sign_in):
    from jiyue.review.actions import submit

    review = submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now)
    shown = page(sign_in(cast.city.first), "console_review", review.pk)
    for words in ("不是个人的观点", "商业秘密", "商业推广", "不符合的质量原则", "准确", "权威"):
        assert words in shown


@pytest.mark.req("PRIV-04", "COL-16", "MON-05")
def test_findings_of_the_night_are_listed_mended_and_recorded(cast, now, sign_in):
    review = asked(cast, now)
    given = waive(version=review.version, key=key_of(review), by=cast.city.secrecy, now=now, **GROUNDS)
    sign_all(cast.city, review, now=now)
    from jiyue.foundation.append_only import lifted

    with lifted():
        Waiver.objects.filter(pk=given.pk)._raw_delete("default")
    examine(cast.city.site, now=now)
    found = Finding.objects.get(severity="block")
    client = sign_in(cast.city.editor)
    assert "身份证号" in page(client, "console_findings")
    assert reverse("console_checks", args=[review.version.record_id]) in page(client, "console_finding", found.pk)
    home = page(client, "wagtailadmin_home")
    assert f"/checks/findings/{found.pk}/" in home
    assert '<span class="jy-state jy-state--cross">必须处理</span>' in home
    assert now.strftime("%Y-%m-%d") not in page(sign_in(cast.outside.editor), "console_examinations")
    assert sign_in(cast.outside.editor).get(reverse("console_finding", args=[found.pk])).status_code == 404
    client = sign_in(cast.city.secrecy)
    client.post(reverse("console_finding", args=[found.pk]), GROUNDS)
    found.refresh_from_db()
    assert found.handling == "waived"
    assert "已豁免" in client.get(reverse("console_findings"), {"state": "handled"}).content.decode()
    assert cast.city.site.name in page(client, "console_examinations")


@pytest.mark.req("PRIV-04", "MON-05")
def test_a_finding_in_a_column_leads_its_manager_to_the_column_and_then_to_the_sign_off(cast, now, sign_in):
    structured(cast.city, now=now)
    word = {"family": "secrecy", "text": "政务要闻的说明", "severity": "block"}
    add_word(organisation=cast.city.organisation, by=cast.city.manager, now=now, **word)
    examine(cast.city.site, now=now)
    found, column = Finding.objects.get(), cast.city.columns["yw"]
    client = sign_in(cast.city.manager)
    home = page(client, "wagtailadmin_home")
    assert "栏目“政务要闻”" in home and f"/checks/findings/{found.pk}/" in home
    change, submits = (
        reverse("console_column_change", args=[column.pk]),
        reverse("console_structure", args=[found.site_id]),
    )
    shown = page(client, "console_finding", found.pk)
    assert change in shown and "未改" in shown and f'class="jy-button" href="{submits}"' not in shown
    column.description = "每天的要闻"
    save_column(column=column, by=cast.city.manager.actor(), now=now)
    shown = page(client, "console_finding", found.pk)
    assert "已改，待签发" in shown and f'class="jy-button" href="{submits}"' in shown
    assert change not in page(sign_in(cast.city.editor), "console_finding", found.pk)


@pytest.mark.req("PRIV-10", "REV-14")
def test_a_leak_is_reported_followed_exported_and_closed(cast, now, sign_in):
    structured(cast.city, now=now)
    record = draft(cast.city, now=now)
    reviewed(cast.city, record, now=now)
    client = sign_in(cast.city.secrecy)
    address = reverse("console_open_leak", args=[record.pk])
    assert address in page(client, "console_path", record.pk)
    assert client.post(address, {"kind": "personal"}).status_code == 422
    answer = client.post(address, {"kind": "personal", "what": "第 1 段的身份证号"})
    leak = LeakCase.objects.get()
    assert answer.url == reverse("console_leak", args=[leak.pk])
    approve(review=leak.withdrawal, by=cast.city.final, now=now, gates=ALL_GATES)
    client = sign_in(cast.city.manager)
    shown = page(client, "console_leak", leak.pk)
    for part in ("editor", "first", "second", "secrecy", "final"):
        assert cast.city.people[part].name in shown
    assert client.get(reverse("console_leak_report", args=[leak.pk])).content[:2] == b"PK"
    client.post(reverse("console_leak", args=[leak.pk]), {"measures": "已告知当事人"})
    assert LeakCase.objects.get().closed_by == cast.city.manager
    assert "已结束" in page(client, "console_leaks")
    assert sign_in(cast.outside.manager).get(reverse("console_leak", args=[leak.pk])).status_code == 404


def test_a_foreign_record_has_no_leak_case_of_mine(cast, now, sign_in):
    record = draft(cast.outside, now=now)
    reviewed(cast.outside, record, now=now)
    assert sign_in(cast.city.final).get(reverse("console_open_leak", args=[record.pk])).status_code == 404
    assert leak_of_nobody() == 0


def leak_of_nobody() -> int:
    return LeakCase.objects.count()


@pytest.mark.req("REV-09")
def test_consents_are_asked_and_recorded_on_the_last_page_before_the_reviewers(cast, now, sign_in):
    record = draft(cast.city, now=now)
    client = sign_in(cast.city.editor)
    assert cast.province.name in page(client, "console_submit", record.pk)
    client.post(reverse("console_ask_consent", args=[record.pk]), {"unit": cast.province.pk})
    consent = UnitConsent.objects.get()
    assert "待同意" in page(client, "console_submit", record.pk)
    address = reverse("console_consent", args=[consent.pk])
    client.post(address, {"given_by": "张某", "given_on": "2026-11-20"})
    assert UnitConsent.objects.get().recorded_at is None
    client.post(address, {"given_by": "张某", "given_on": "2026-11-20", "evidence": "示政函〔2026〕1号"})
    assert "示政函〔2026〕1号" in page(client, "console_submit", record.pk)
    assert sign_in(cast.outside.editor).post(address, {"act": "drop"}).status_code == 404


@pytest.mark.req("REV-09")
def test_a_unit_of_another_site_may_be_named_and_is_shown_nothing_by_it(cast, now, sign_in):
    record = draft(cast.city, now=now, title="还没有公开的稿件")
    outside = cast.outside
    foreign = {"column": outside.columns["yw"].pk, "site": outside.site.pk, "record": draft(outside, now=now).pk}
    sent = {"unit": outside.organisation.pk, **foreign}
    sign_in(cast.city.editor).post(reverse("console_ask_consent", args=[record.pk]), sent)
    consent = UnitConsent.objects.get()
    assert (consent.record_id, consent.unit, consent.asked_by) == (record.pk, outside.organisation, cast.city.editor)
    kept = Record.objects.get(pk=record.pk)
    assert (kept.column_id, kept.site_id) == (record.column_id, record.site_id)
    for person in outside.people.values():
        client = sign_in(person)
        assert record.title not in page(client, "wagtailadmin_home")
        assert client.get(reverse("console_path", args=[record.pk])).status_code == 404
        assert client.post(reverse("console_consent", args=[consent.pk]), {"act": "drop"}).status_code in {403, 404}
    assert UnitConsent.objects.filter(pk=consent.pk, recorded_at=None).exists()


class TestLists:
    def test_a_manager_adds_a_word_which_counts_at_once_and_ends_it(self, cast, sign_in):
        client = sign_in(cast.city.manager)
        unit = cast.city.organisation.pk
        address = f"{reverse('console_check_lists')}?unit={unit}&kind=word"
        sent = {"f-family": "wording", "f-text": "帐号", "f-suggestion": "账号", "f-severity": "warn"}
        assert client.post(address, sent).status_code == 302
        assert "帐号" in client.get(address).content.decode()
        word = UnitWord.objects.get()
        client.post(reverse("console_check_end", args=["word", word.pk]))
        assert UnitWord.objects.get().until_on is not None
        again = client.post(address, {"f-family": "wording", "f-text": "帐"})
        assert again.status_code == 422

    def test_what_the_superior_decided_is_shown_and_not_mine_to_end(self, cast, now, sign_in):
        from jiyue.checks.actions import decide
        from jiyue.identity.actions import give_membership
        from jiyue.identity.roles import Role
        from tests.cast import TEST, account

        above = account("sheng", "administering", cast.province, now=now)
        give_membership(user=above, role=Role.OVERSEER, organisation=cast.province, by=TEST, now=now)
        row = decide(
            organisation=cast.province, kind="mask", name="mobile", value={"first": 3, "last": 2}, by=above, now=now
        )
        client = sign_in(cast.city.manager)
        shown = client.get(
            reverse("console_check_lists"), {"unit": cast.city.organisation.pk, "kind": "mask"}
        ).content.decode()
        assert "上级决定" in shown
        assert cast.province.name in shown
        assert client.post(reverse("console_check_end", args=["setting", row.pk])).url == "/"
        assert CheckSetting.objects.get(pk=row.pk).until_on is None

    @pytest.mark.parametrize("kind", ["mask", "permit", "leader", "body", "host", "threshold", "level"])
    def test_every_kind_has_its_screen(self, cast, sign_in, kind):
        sent = {
            "mask": {"name": "mobile", "first": 3, "last": 4, "sign": "*"},
            "permit": {
                "name": "personal-data.mobile",
                "text": "",
                "within": "行政处罚",
                "basis": "行政处罚法第四十八条",
            },
            "leader": {"name": "样某某", "titles": "市长"},
            "body": {"name": "澄湖市数据局", "short_names": "市数据局", "former_names": "市大数据局"},
            "host": {"name": "www.example.gov.cn"},
            "threshold": {"name": "personal-data.aggregation", "value": 30},
            "level": {"name": "wording.doubled", "severity": "off"},
        }[kind]
        client = sign_in(cast.overseer)
        address = f"{reverse('console_check_lists')}?unit={cast.city.organisation.pk}&kind={kind}"
        answer = client.post(address, {f"f-{name}": value for name, value in sent.items()})
        assert answer.status_code == 302, answer.content.decode()
        assert "本单位" in client.get(address).content.decode()

    def test_a_manager_does_not_weaken_the_checks(self, cast, sign_in):
        client = sign_in(cast.city.manager)
        address = f"{reverse('console_check_lists')}?unit={cast.city.organisation.pk}&kind=level"
        assert "由督办人员决定" in client.get(address).content.decode()
        sent = {"f-name": "personal-data.mobile", "f-severity": "note", "f-basis": "x"}
        assert client.post(address, sent).url == "/"
        assert not CheckSetting.objects.exists()

    def test_a_foreign_unit_is_not_there(self, cast, sign_in):
        client = sign_in(cast.city.manager)
        assert client.get(reverse("console_check_lists"), {"unit": cast.outside.organisation.pk}).status_code == 404

    def test_the_try_it_box_shows_findings_and_the_masked_text_and_keeps_nothing(self, cast, sign_in):
        client = sign_in(cast.city.manager)
        shown = client.post(reverse("console_check_try"), {"text": f"张某，身份证号{ID_NUMBER}"}).content.decode()
        assert "身份证号" in shown
        assert shown.count(ID_NUMBER) == 1  # in the box alone


@pytest.mark.req("PAGE-10")
def test_a_rectification_is_charged_reported_and_exported(cast, now, sign_in):
    record = draft(cast.city, now=now, title="春季活动", body=paragraph("限时抢购，扫码下单，全场包邮，欢迎来电。"))
    reviewed(cast.city, record, now=now)
    examine(cast.city.site, now=now)
    row = Rectification.objects.get()
    manager, address = sign_in(cast.city.manager), reverse("console_rectification", args=[row.pk])
    assert address in page(manager, "console_rectifications")
    shown = page(manager, "console_rectification", row.pk)
    assert "适用的规定没有写时限" in shown
    assert "还没有指定" in shown
    charge = reverse("console_rectification_person", args=[row.pk])
    assert manager.post(charge, {"person": cast.outside.editor.pk}).status_code == 422
    assert manager.post(charge, {"person": cast.city.editor.pk}).status_code == 302
    editor = sign_in(cast.city.editor)
    assert address in page(editor, "wagtailadmin_home")
    assert editor.get(charge).status_code in {403, 404}
    assert editor.post(address, {"measures": "改"}).status_code == 422
    assert editor.post(address, {"measures": "删除了促销内容，已按更正送审"}).status_code == 302
    listed = sign_in(cast.supervisor).get(reverse("console_rectifications"), {"state": "reported"}).content.decode()
    assert "春季活动" in listed
    sign_in(cast.supervisor).post(address, {"measures": "我来改好了"})
    assert Rectification.objects.get().measures == "删除了促销内容，已按更正送审"
    assert sign_in(cast.outside.manager).get(address).status_code == 404
    exported = sign_in(cast.city.manager).get(reverse("console_rectifications_export"), {"state": "reported"})
    assert exported.content[:2] == b"PK"
