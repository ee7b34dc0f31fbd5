"""Reviewing: what changed is shown, a decision is one post, refusals come back with a sentence."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiyue.console.facts import differences
from jiyue.content.actions import save_draft
from jiyue.content.models import Record
from jiyue.content.models.records import State
from jiyue.publishing.models import Publication, SitePublication
from jiyue.review import ledger
from jiyue.review.actions import approve, send_back, submit, submit_structure, submit_withdrawal
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Decision, Review, SignOff
from tests.cast import draft, reviewed, sign_all, with_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(cast, now) -> Review:
    return submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now)


def decide(review):
    return reverse("console_decide", args=[review.pk])


@pytest.mark.req("REV-03")
def test_all_gates_and_one_click_approve(cast, waiting, sign_in):
    sign_in(cast.city.first).post(decide(waiting), {"act": "approve", "gates": sorted(ALL_GATES)})
    waiting.refresh_from_db()
    assert (waiting.level, Decision.objects.get().reviewer) == ("second", cast.city.first)


def test_a_missing_gate_is_refused_and_the_ticked_ones_stay(cast, waiting, sign_in):
    answer = sign_in(cast.city.first).post(decide(waiting), {"act": "approve", "gates": ["legal"]})
    page = answer.content.decode()
    assert answer.status_code == 409 and "请逐项确认五关" in page
    assert 'value="legal" data-gate checked' in page
    assert not Decision.objects.exists()


def test_a_text_block_returns_in_one_post_with_its_principle(cast, waiting, sign_in):
    sign_in(cast.city.first).post(decide(waiting), {"act": "return", "reason_block": "facts"})
    given = Decision.objects.get()
    assert (given.answer, given.principle, Record.objects.get().state) == ("return", "accurate", State.RETURNED)


def test_who_comes_second_reads_who_was_first(cast, waiting, now, sign_in):
    send_back(review=waiting, by=cast.city.first, now=now, reason="数字有误")
    page = sign_in(cast.city.first).get(reverse("console_review", args=[waiting.pk])).content.decode()
    assert "样ch_first在初审环节作出了意见：退回" in page


def test_a_reviewer_sees_what_changed_since_she_last_saw_it(cast, now, sign_in):
    record = draft(cast.city, now=now, body=[{"type": "paragraph", "value": "<p>投资12.5亿元。</p>", "id": "a"}])
    first = submit(record=record, by=cast.city.editor, now=now)
    send_back(review=first, by=cast.city.first, now=now, reason="核对")
    record = Record.objects.get().typed
    record.title = "新的标题"
    with_body(
        record, [{"type": "paragraph", "value": "<p>投资13.5亿元。</p>", "id": "a"}], by=cast.city.editor, now=now
    )
    again = submit(record=record, by=cast.city.editor, now=now)
    page = sign_in(cast.city.first).get(reverse("console_review", args=[again.pk])).content.decode()
    assert "与您上次审核的第 1 版相比" in page and "改动了：标题；正文 1 段" in page
    assert "12.5</del>" in page and "13.5</ins>" in page


@pytest.mark.req("REV-05")
def test_a_correction_keeps_old_and_new_text_on_the_way_of_the_item(cast, now, sign_in):
    record = draft(cast.city, now=now)
    reviewed(cast.city, record, now=now)
    record = Record.objects.get().typed
    record.title = "更正后的标题"
    save_draft(record=record, by=cast.city.editor, now=now)
    submit(record=record, by=cast.city.editor, now=now, instruction={"reason": "标题有误", "finder": "读者来电"})
    page = sign_in(cast.city.editor).get(reverse("console_path", args=[record.pk])).content.decode()
    assert "原因：标题有误" in page and "发现人：读者来电" in page
    assert "<del>" in page and "<ins>" in page and "签发：发布" in page


def test_a_withdrawal_is_typed_and_goes_to_the_final_reviewer(cast, now, sign_in):
    record = draft(cast.city, now=now)
    reviewed(cast.city, record, now=now)
    client, there = sign_in(cast.city.editor), reverse("console_withdraw", args=[record.pk])
    refused = client.post(there, {"kind": "merged", "reason": "与另一篇合并", "target": "x"})
    assert refused.status_code == 409 and "与另一篇合并" in refused.content.decode()
    client.post(there, {"kind": "error", "reason": "重复发布"})
    assert Review.objects.get(act="withdraw").levels == ["final"]


@pytest.mark.req("REV-05")
def test_the_way_of_an_item_does_not_call_a_withdrawal_published(cast, now, sign_in):
    record = draft(cast.city, now=now)
    reviewed(cast.city, record, now=now)
    instruction = {"kind": "error", "reason": "重复发布"}
    sign_all(cast.city, submit_withdrawal(record=record, by=cast.city.editor, now=now, **instruction), now=now)
    for sign_off in SignOff.objects.filter(identity=record.identity):
        Publication.objects.create(sign_off=sign_off, site=record.site, state="deployed", deployed_at=now, release=1)
    page = sign_in(cast.city.editor).get(reverse("console_path", args=[record.pk])).content.decode()
    assert page.count(f"已发布到“{record.site.name}”") == 1
    assert page.count(f"撤下已在“{record.site.name}”上生效") == 1


def test_a_structure_review_lists_the_differences(cast, now, sign_in):
    review = submit_structure(site=cast.city.site, by=cast.city.manager, now=now)
    page = sign_in(cast.city.final).get(reverse("console_review", args=[review.pk])).content.decode()
    assert "政务要闻（/zwdt/yw/）" in page


@pytest.mark.parametrize("name", ["console_review", "console_version_file"])
def test_a_foreign_submission_does_not_exist(cast, waiting, sign_in, name):
    args = [waiting.pk] if name == "console_review" else [waiting.version_id, "0" * 16, "a.pdf"]
    assert sign_in(cast.outside.first).get(reverse(name, args=args)).status_code == 404
    assert (
        sign_in(cast.outside.first).post(decide(waiting), {"act": "return", "reason_block": "facts"}).status_code == 404
    )


def test_differences_name_facts_in_words(cast, now):
    record = draft(cast.city, now=now)
    one = ledger.content_of(
        submit(record=record, by=cast.city.editor, now=now).version, digest=record.versions.get().digest
    )
    found = differences(one, {**one, "emergency": True})
    assert [(difference.label, found.summary) for difference in found.facts] == [("应急信息", "改动了：应急信息")]


def signed_off_by_hand(cast, review, sign_in, now) -> str:
    """All but the last signature by verbs, the last one on the screen; gives the page she comes to."""
    while review.level != "final":
        review = approve(
            review=review, by=cast.city.people[review.level], now=now, gates=ALL_GATES, reason="不涉及国家秘密和工作秘密",
        )  # fmt: skip
    client = sign_in(cast.city.final)
    return client.post(decide(review), {"act": "approve", "gates": sorted(ALL_GATES)}, follow=True).content.decode()


def test_who_signs_last_reads_when_it_will_be_public(cast, now, sign_in):
    at = timezone.now().replace(microsecond=0) + timedelta(days=2)
    timed = submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now, publish_at=at)
    page = signed_off_by_hand(cast, timed, sign_in, now)
    assert f"已签发，定于 {timezone.localtime(at):%Y-%m-%d %H:%M:%S} 发布。" in page and "正在发布" not in page


def test_while_publishing_is_held_editor_and_signer_read_it(cast, now, sign_in):
    record = draft(cast.city, now=now)
    review = submit(record=record, by=cast.city.editor, now=now)
    SitePublication.objects.update_or_create(
        site=cast.city.site, defaults={"held_since": now, "held_reason": "核对上一批内容"}
    )
    assert "这个网站的发布已暂停，恢复后补发" in signed_off_by_hand(cast, review, sign_in, now)
    page = sign_in(cast.city.editor).get(reverse("console_path", args=[record.pk])).content.decode()
    assert "这个网站的发布已暂停" in page and "核对上一批内容" in page
