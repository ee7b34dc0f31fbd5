"""Interaction in the library: what of letters, surveys, calls and interviews is public is a record as all others are (LIB-02).

By its standard in the feed, in the export and beside its page; found; taken by another site; brought to another installation;
and nothing that citizens wrote and nobody made public is in any of it.
"""

import json
from datetime import timedelta

import pytest
from django.conf import settings

from jiyue.config.command import _parser
from jiyue.config.exporting import RECORDS
from jiyue.config.importing import run_import
from jiyue.config.takings import heed_signed
from jiyue.content.models import Record, TakingRule
from jiyue.content.takings import save_rule
from jiyue.domain.deadlines import local
from jiyue.foundation import outbox
from jiyue.foundation.home import Home
from jiyue.interaction.campaigns import actions as campaigns
from jiyue.interaction.interviews import actions as interviews
from jiyue.interaction.models import Opinion
from jiyue.publishing import change_feed
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.review import taking
from jiyue.rules.standards import faults, shipped
from tests.apps.config.test_exporting import export
from tests.campaigns import ANSWERS, answered, call_draft, signed, survey_draft
from tests.cast import sign_all, structured
from tests.interviews import interview_of
from tests.letters import answered as replied
from tests.letters import letter, office
from tests.public_answers import everything_outside, made_public, with_answers

pytestmark = [pytest.mark.django_db, pytest.mark.req("LIB-02")]
KINDS = {"public_answer", "survey", "opinion_call", "campaign_result", "interview", "transcript"}
CANARIES = ("欧阳隐姓", "000-77991133", "金丝雀答卷", "金丝雀意见", "金丝雀提问", "canary@private.invalid")
LATE = timedelta(days=11)


@pytest.fixture
def city(cast, now, home):
    """Everything of interaction that can be public, public, at the end of the eleventh day."""
    outbox.subscribe("review.signed_off", heed_signed)
    tenant, late = with_answers(cast.city, now=now), now + LATE
    structured(cast.outside, now=now)
    rule = TakingRule(column=cast.outside.columns["yw"], origin=tenant.site, from_on=local(now).date())
    rule = save_rule(rule=rule, by=cast.outside.editor, now=now)
    sign_all(cast.outside, taking.submit_rule(rule=rule, by=cast.outside.editor, now=now), now=now)
    survey = signed(tenant, survey_draft(tenant, now=now), now=now)
    call = signed(tenant, call_draft(tenant, now=now), now=now)
    held = interview_of(tenant, now=now)
    Publisher().publish(tenant.site, now=now)
    desk = office(tenant, now=now)
    case = letter(tenant, now=now, name="欧阳隐姓", phone="000-77991133", email="canary@private.invalid")
    made_public(replied(case, desk, now=now), desk, now=now)
    answered(survey, {**ANSWERS, "q2": "金丝雀答卷"}, now=now)
    answered(call, {"at": "2", "text": "金丝雀意见，灯太早关。"}, now=now)
    interviews.say(interview=held, speaker="guest1", text="供暖费不变。", by=tenant.editor, now=now)
    interviews.close(interview=held, by=tenant.editor, now=now)
    transcript = interviews.draw_up_transcript(interview=held, column=held.column, by=tenant.editor, now=now)
    group = campaigns.group_opinions(
        call=call, opinions=[Opinion.objects.get().pk], title="照明", by=tenant.editor, now=late
    )
    told = {"summary": "建议延长照明。", "outcome": "partly", "reason": "周末延长。"}
    campaigns.decide_group(group=group, by=tenant.editor, now=late, **told)
    results = [
        campaigns.draw_up_result(campaign=each, column=each.column, by=tenant.editor, now=late)
        for each in (survey, call)
    ]
    for record in (transcript, *results):
        signed(tenant, record, now=late)
    Publisher().publish(tenant.site, now=late)
    return tenant


def public_items(site):
    return PublicItem.objects.filter(site=site, kind__in=KINDS, placed_by=None)


def test_each_is_a_record_of_its_standard_in_the_feed_and_beside_its_page(city, now):
    root = Home(settings.JIYUE_HOME).public_root(city.site.host)
    feed = json.loads((root / "exchange" / "changes.json").read_text())
    told = {change["identity"] for change in feed["changes"] if change["act"] == "publish"}
    items = list(public_items(city.site))
    assert {item.kind for item in items} == KINDS
    for item in items:
        data = json.loads((root / change_feed.record_address(item).lstrip("/")).read_text())
        assert str(item.identity) in told
        assert faults(data, shipped().editions["exchange_item"][-1].schema) == []
        assert faults(data["record"], shipped().editions[item.kind][-1].schema) == []


def test_nothing_private_is_in_the_trees_or_in_the_export(city, tmp_path):
    assert export(tmp_path / "out") == 0
    kinds = {json.loads(line)["record"]["kind"] for line in (tmp_path / "out" / RECORDS).read_text().splitlines()}
    assert kinds >= KINDS
    outside = [data for _path, data in everything_outside(Home(settings.JIYUE_HOME))]
    outside += [path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert [word for word in CANARIES if any(word.encode() in data for data in outside)] == []
    assert any("供暖费不变".encode() in data for data in outside)


def test_another_site_takes_them_by_rule(city, cast, now):
    late = now + LATE
    while outbox.deliver(now=late):
        continue
    taking.take_due(now=late, seconds=60)
    Publisher().publish(cast.outside.site, now=late)
    taken = PublicItem.objects.filter(site=cast.outside.site).exclude(placed_by=None)
    assert set(taken.values_list("kind", flat=True)) >= KINDS
    root = Home(settings.JIYUE_HOME).public_root(cast.outside.site.host)
    answer = taken.get(kind="public_answer")
    assert "公交站牌看不清" in (root / answer.address.lstrip("/")).read_text()


def test_another_installation_gets_them_as_articles_that_name_their_origin(city, cast, tmp_path, capsys):
    export(tmp_path / "out")
    words = ["import", str(tmp_path / "out" / RECORDS), "--site", "www.linjiang.localhost", "--column", "zwdt/yw"]
    run_import(_parser().parse_args([*words, "--by", "lj_editor"]))
    taken = {record.title: record for record in Record.objects.filter(site=cast.outside.site)}
    answer = taken["公交站牌看不清"].typed
    body = json.dumps(answer.body.get_prep_value(), ensure_ascii=False)
    assert (answer.kind, answer.state) == ("article", "draft")
    assert "湖滨路的公交站牌晚上看不清" in body and "请放心乘车" in body
    assert answer.original_address.startswith("http") and city.site.host in answer.original_address
    survey = next(record for title, record in taken.items() if "湖滨步道修缮" in title and "结果" in title)
    assert "共收到 1 份" in json.dumps(survey.typed.body.get_prep_value(), ensure_ascii=False)
    assert {record.kind for record in taken.values()} == {"article"}
