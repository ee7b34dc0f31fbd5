"""自动取用: one signature covers what comes later, and nothing that the signed rule does not mean (LIB-03)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.checks.actions import add_word
from jiyue.config.takings import heed_signed
from jiyue.content.actions import close_column, save_draft
from jiyue.content.models import Placement, Record, TakingRule
from jiyue.content.placing import delay, refuse
from jiyue.content.takings import save_rule, stop_rule
from jiyue.domain.deadlines import local
from jiyue.foundation.models import AuditEvent
from jiyue.publishing.agenda import due_rows
from jiyue.publishing.models import PublicItem
from jiyue.publishing.projection import Changes, apply, follow, known_columns
from jiyue.review import ledger, taking
from jiyue.review.actions import send_back, submit_withdrawal
from jiyue.review.models import SignOff, Version
from jiyue.review.refusals import ReviewRefused
from tests.cast import draft, reviewed, sign_all, structured

pytestmark = [pytest.mark.django_db, pytest.mark.req("LIB-03")]
STATE = Placement.State
HOUR = timedelta(hours=1)


def drawn_up(taker, now, *, column="yw", **terms) -> TakingRule:
    rule = TakingRule(column=taker.columns[column], from_on=local(now).date(), **terms)
    return save_rule(rule=rule, by=taker.editor, now=now)


def in_force(taker, now, **terms) -> TakingRule:
    rule = drawn_up(taker, now, **terms)
    sign_all(taker, taking.submit_rule(rule=rule, by=taker.editor, now=now), now=now)
    hear(now)
    rule.refresh_from_db()
    return rule


def hear(now) -> None:
    """What the worker's outbox does with every sign-off."""
    for event in AuditEvent.objects.filter(code="review.signed_off").order_by("sequence"):
        heed_signed(event, now)


def public(tenant, now, **fields) -> Record:
    """Signed, heard of, and out on its own site."""
    record = draft(tenant, now=now, **fields)
    reviewed(tenant, record, now=now)
    return out(tenant, record, now)


def out(tenant, record, now) -> Record:
    hear(now)
    Record.objects.filter(pk=record.pk).update(state="published")
    return Record.objects.get(pk=record.pk)


@pytest.fixture
def rule(cast, now):
    return in_force(cast.outside, now, origin=cast.city.site)


def standing() -> list[tuple[str, str]]:
    return list(Placement.objects.order_by("pk").values_list("state", "reason"))


def test_what_a_signed_rule_means_is_taken_and_the_row_names_the_rule(cast, now, rule):
    record = public(cast.city, now)
    assert standing() == [(STATE.PLANNED, "")]
    assert taking.take_due(now=now) == 1
    row = SignOff.objects.get(act=SignOff.Act.PLACE)
    signed = ledger.current(rule.identity)
    assert row.instruction == {"rule": signed.sequence, "rule_digest": signed.digest}
    assert row.signers == signed.signers and [signer["level"] for signer in row.signers] == ["final"]
    assert Placement.objects.get().record == record
    assert ledger.broken_rows() == []
    assert standing() == [(STATE.TAKEN, "")]
    assert taking.take_due(now=now) == 0


def test_the_publisher_shows_it_and_follows_a_correction_and_a_withdrawal(cast, now, rule):
    for tenant in (cast.city, cast.outside):
        structured(tenant, now=now)
    record = public(cast.city, now, title="湖岸清洁")
    taking.take_due(now=now)
    for tenant in (cast.city, cast.outside):
        assert apply(tenant.site, SignOff.objects.filter(site=tenant.site).order_by("sequence"))[1] == {}
    taken = PublicItem.objects.get(site=cast.outside.site)
    assert taken.state == PublicItem.State.SHOWN and taken.column == cast.outside.columns["yw"]
    review = submit_withdrawal(record=record, kind="error", reason="有误", by=cast.city.editor, now=now + HOUR)
    sign_all(cast.city, review, now=now + HOUR)
    apply(cast.city.site, SignOff.objects.filter(review=review), columns=known_columns(cast.city.site))
    follow(cast.outside.site, Changes())
    taken.refresh_from_db()
    assert taken.state == PublicItem.State.GONE


def test_only_what_the_rule_means_is_taken(cast, now):
    rule = in_force(
        cast.outside, now, origin=cast.city.site, origin_column=cast.city.columns["zwdt"], kind="article",
        subject_class="环境保护", unit=cast.city.organisation,
    )  # fmt: skip
    public(cast.city, now, title="别的主题")
    public(cast.city, now, title="别的单位", subject_class="环境保护", responsible=cast.province)
    public(cast.city, now, title="别的类型", subject_class="环境保护", kind=Record.Kind.NOTICE, column="tzgg")
    public(cast.city, now, title="历史稿件", subject_class="环境保护", original_published_at=now - timedelta(days=900))
    wanted = public(cast.city, now, title="正是这篇", subject_class="环境保护")
    assert list(rule.placements.values_list("record", flat=True)) == [wanted.pk]


def test_a_rule_over_all_sites_goes_by_the_unit(cast, now):
    rule = in_force(cast.outside, now, unit=cast.city.organisation)
    public(cast.outside, now, title="本网站自己的", responsible=cast.city.organisation)
    wanted = public(cast.city, now)
    assert list(rule.placements.values_list("record", flat=True)) == [wanted.pk]


def test_a_rule_takes_nothing_before_it_is_signed_and_another_person_signs(cast, now):
    rule = drawn_up(cast.outside, now, origin=cast.city.site)
    public(cast.city, now)
    review = taking.submit_rule(rule=rule, by=cast.outside.editor, now=now)
    assert (review.level, standing()) == ("final", [])
    send_back(review=review, by=cast.outside.final, now=now, reason="栏目不对")
    rule.refresh_from_db()
    assert (rule.state, rule.reason) == ("returned", "栏目不对")
    assert taking.take_due(now=now) == 0


def test_a_rule_is_drawn_up_by_people_of_the_taker_only(cast, now):
    for person in (cast.city.editor, cast.city.manager, cast.outside.final, cast.auditor):
        with pytest.raises(PermissionDenied):
            save_rule(
                rule=TakingRule(column=cast.outside.columns["yw"], origin=cast.city.site, from_on=local(now).date()),
                by=person, now=now,
            )  # fmt: skip
    rule = drawn_up(cast.outside, now, origin=cast.city.site)
    with pytest.raises(ReviewRefused):
        taking.submit_rule(rule=rule, by=cast.city.editor, now=now)
    with pytest.raises(PermissionDenied):
        stop_rule(rule=rule, reason="x", by=cast.city.manager, now=now)


def test_a_rule_that_cannot_be_meant_is_refused(cast, now):
    wrong = [
        {}, {"origin": cast.outside.site}, {"origin": cast.city.site, "origin_column": cast.outside.columns["zwdt"]},
        {"origin": cast.city.site, "until_on": local(now).date() - timedelta(days=1)},
        {"origin": cast.city.site, "delay_hours": 721},
    ]  # fmt: skip
    for terms in wrong:
        with pytest.raises(ValidationError):
            drawn_up(cast.outside, now, **terms)


def test_what_is_signed_is_not_edited(cast, now, rule):
    rule.delay_hours = 5
    with pytest.raises(ValidationError):
        save_rule(rule=rule, by=cast.outside.editor, now=now)
    TakingRule.objects.filter(pk=rule.pk).update(origin=None, unit=cast.city.organisation, from_on="2000-01-01")
    public(cast.city, now, title="历史稿件", original_published_at=now - timedelta(days=900))
    taking.catch_up_all(now=now)
    assert standing() == []  # the signed text still says from when on


def test_it_waits_as_long_as_the_rule_says_but_not_with_what_is_urgent(cast, now):
    in_force(cast.outside, now, origin=cast.city.site, delay_hours=24)
    public(cast.city, now, title="平常")
    urgent = public(cast.city, now, title="应急", emergency=True)
    assert taking.take_due(now=now) == 1
    assert Placement.objects.get(state=STATE.TAKEN).record == urgent
    assert taking.take_due(now=now + 23 * HOUR) == 0
    assert taking.take_due(now=now + 24 * HOUR) == 1


def test_meanwhile_the_taker_refuses_or_decides_later_and_no_rule_decides_again(cast, now):
    rule = in_force(cast.outside, now, origin=cast.city.site, delay_hours=24)
    for title in ("不要", "以后再说"):
        public(cast.city, now, title=title)
    first, second = Placement.objects.order_by("pk")
    with pytest.raises(ValidationError):
        refuse(placement=first, reason=" ", by=cast.outside.editor, now=now)
    with pytest.raises(PermissionDenied):
        refuse(placement=first, reason="与本市无关", by=cast.city.editor, now=now)
    refuse(placement=first, reason="与本市无关", by=cast.outside.editor, now=now)
    until = local(now).date() + timedelta(days=9)
    delay(placement=second, until=until, reason="等待核实", by=cast.outside.editor, now=now)
    taking.catch_up(rule=rule, now=now)
    assert taking.take_due(now=now + timedelta(days=30)) == 0
    assert standing() == [(STATE.REFUSED, "与本市无关"), (STATE.DELAYED, "等待核实")]


def test_two_sites_that_take_from_each_other_do_not_go_round(cast, now, rule):
    in_force(cast.city, now, origin=cast.outside.site)
    public(cast.city, now)
    for _round in range(3):
        taking.take_due(now=now)
        hear(now)
        taking.catch_up_all(now=now)
    assert SignOff.objects.filter(act=SignOff.Act.PLACE).count() == Placement.objects.count() == 1


def test_what_changes_its_class_or_is_withdrawn_before_its_moment_is_given_up(cast, now):
    in_force(cast.outside, now, origin=cast.city.site, origin_column=cast.city.columns["yw"], delay_hours=24)
    moved, gone = (public(cast.city, now, title=title) for title in ("改了栏目", "撤下"))
    moved = moved.typed
    moved.column = cast.city.columns["tzgg"]
    save_draft(record=moved, by=cast.city.editor, now=now + HOUR)
    reviewed(cast.city, moved, now=now + HOUR, instruction={"reason": "放错栏目"})
    out(cast.city, moved, now)
    review = submit_withdrawal(record=gone, kind="error", reason="有误", by=cast.city.editor, now=now + HOUR)
    sign_all(cast.city, review, now=now + HOUR)
    out(cast.city, gone, now)
    assert taking.take_due(now=now + timedelta(days=2)) == 0
    assert standing() == [
        (STATE.ENDED, "稿件改了栏目、类型、分类或责任单位，不再符合规则"), (STATE.ENDED, "来源网站已经撤下这篇稿件"),
    ]  # fmt: skip


def test_what_changes_into_the_rule_is_taken_too(cast, now):
    in_force(cast.outside, now, origin=cast.city.site, subject_class="环境保护")
    record = public(cast.city, now).typed
    assert standing() == []
    record.subject_class = "环境保护"
    save_draft(record=record, by=cast.city.editor, now=now + HOUR)
    reviewed(cast.city, record, now=now + HOUR, instruction={"reason": "补填分类"})
    out(cast.city, record, now + HOUR)
    assert taking.take_due(now=now + HOUR) == 1


def test_a_closed_column_lays_it_before_people_and_a_stopped_rule_gives_it_up(cast, now):
    rule = in_force(cast.outside, now, origin=cast.city.site, delay_hours=24)
    public(cast.city, now, title="栏目要关闭")
    close_column(column=cast.outside.columns["yw"], reason="合并", by=cast.outside.manager.actor(), now=now)
    with pytest.raises(PermissionDenied):
        stop_rule(rule=rule, reason="越权", by=cast.city.editor, now=now)
    assert taking.take_due(now=now + timedelta(days=2)) == 0
    assert standing() == [(STATE.OFFERED, "栏目已经关闭，请换一个栏目")]
    public(cast.city, now, title="规则要停用")
    with pytest.raises(ValidationError):
        stop_rule(rule=rule, reason="", by=cast.outside.manager, now=now)
    stop_rule(rule=rule, reason="栏目关闭", by=cast.outside.manager, now=now)
    assert standing()[1] == (STATE.ENDED, "取用规则已停用")
    public(cast.city, now, title="以后的")
    assert len(standing()) == 2


def test_what_the_takers_own_lists_stop_is_laid_before_people(cast, now, rule):
    add_word(
        organisation=cast.outside.organisation, family="secrecy", text="湖岸清洁行动", severity="block",
        by=cast.outside.manager, now=now,
    )  # fmt: skip
    public(cast.city, now)
    assert taking.take_due(now=now) == 0
    ((state, reason),) = standing()
    assert state == STATE.OFFERED and "检测发现" in reason
    assert not SignOff.objects.filter(act=SignOff.Act.PLACE).exists()


def test_the_ledger_believes_no_rule_that_nobody_signed(cast, now, rule):
    public(cast.city, now)
    version = _version_of(Placement.objects.get(), now)
    structure = sign_all_structure(cast, now)
    for forged in (structure, SignOff.objects.filter(act=SignOff.Act.PUBLISH).first()):
        with pytest.raises(ledger.SignOffRefused):
            ledger.take(rule=forged, version=version, by=taking.TAKER, now=now)
    signed = ledger.current(rule.identity)
    signed.site = cast.city.site
    with pytest.raises(ledger.SignOffRefused):
        ledger.take(rule=signed, version=version, by=taking.TAKER, now=now)
    assert not SignOff.objects.filter(act=SignOff.Act.PLACE).exists()


def sign_all_structure(cast, now) -> SignOff:
    return SignOff.objects.get(review=structured(cast.outside, now=now))


def _version_of(placement, now) -> Version:
    signed = ledger.current(placement.rule.identity)
    origin = ledger.public_row(placement.record.identity, at=now)
    return taking._frozen(placement, signed, origin, now=now)


def test_the_preview_shows_what_it_would_have_taken_and_writes_nothing(cast, now):
    public(cast.city, now - timedelta(days=40), title="太早")
    kept = public(cast.city, now - timedelta(days=3), title="会取用")
    gone = public(cast.city, now - timedelta(days=2), title="已撤下")
    sign_all(
        cast.city, submit_withdrawal(record=gone, kind="error", reason="有误", by=cast.city.editor, now=now), now=now
    )
    draft(cast.city, now=now, title="草稿")
    rule = TakingRule(
        site=cast.outside.site, column=cast.outside.columns["yw"], origin=cast.city.site, from_on=local(now).date()
    )
    found, all_read = taking.would_take(rule, now=now)
    assert ([match.content["title"] for match in found], all_read) == ([kept.title], True)
    assert not Placement.objects.exists() and not TakingRule.objects.exists()


def test_nothing_is_taken_before_its_own_page_is_out(cast, now, rule):
    record = draft(cast.city, now=now)
    reviewed(cast.city, record, now=now)
    hear(now)
    assert taking.take_due(now=now) == 0
    out(cast.city, record, now)
    assert taking.take_due(now=now) == 1


def test_a_rule_needs_no_page_of_its_own(cast, now, rule):
    assert [row.act for row in due_rows(cast.outside.site, at=now)] == []
