"""A proposed change of a rule stands in the list of work of those who may answer it, and of nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jiyue.console.work import lines_for
from jiyue.rules.actions import approve, propose_override, revise_calendar
from jiyue.rules.policies import to_answer
from tests.apps.rules.decisions import overseers

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast, now):
    return overseers(cast.city.organisation, now=now)


@pytest.fixture
def proposal(cast, pair, now):
    return propose_override(
        organisation=cast.city.organisation, parameter="message.reply", value="limit: 3 working-days",
        from_on=now.date() + timedelta(days=5), document="澄湖市留言办理规定", grounds="本地要求更高", by=pair[0], now=now,
    )  # fmt: skip


def changes(user) -> list:
    return [line for line in lines_for(user) if line.todo.kind == "rule-change"]


@pytest.mark.req("PLAT-07")
def test_it_waits_for_the_other_overseer_until_its_day(cast, pair, proposal, sign_in):
    (line,) = changes(pair[1])
    assert line.address == reverse("console_change", args=["override", proposal.pk])
    assert line.todo.due.date() == proposal.from_on
    page = sign_in(pair[1]).get(reverse("wagtailadmin_home")).content.decode()
    assert "澄湖市人民政府：留言答复" in page and "批复" in page
    assert sign_in(pair[1]).get(line.address).status_code == 200


def test_it_is_in_the_list_of_duties_too(pair, proposal, sign_in):
    assert "澄湖市人民政府：留言答复" in sign_in(pair[1]).get(reverse("console_duties")).content.decode()


def test_it_waits_for_nobody_else_and_for_nobody_once_answered(cast, pair, proposal, now):
    others = (pair[0], cast.city.editor, cast.city.manager, cast.supervisor, cast.outside.manager)
    assert not any(changes(user) for user in others)
    approve(proposal=proposal, by=pair[1], now=now)
    assert not changes(pair[1]) and not to_answer(pair[1])


def test_a_calendar_waits_for_an_overseer_of_the_whole_platform_without_a_day(now):
    one, two = overseers(None, now=now, prefix="quan")
    revise_calendar(
        year=2027, off={"2027-01-01": "元旦"}, worked={}, notice="虚构的安排", grounds="试", by=one, now=now
    )
    (line,) = changes(two)
    assert (line.todo.title, line.todo.due) == ("2027 年", None)


class TestNotices:
    """Those who answer for what a rule changes find the change in their list, read it, and take note."""

    def test_it_is_in_the_list_read_and_noted(self, cast, proposal, sign_in):
        client = sign_in(cast.city.manager)
        address = reverse("console_rule_notice", args=["override", proposal.pk])
        home = client.get(reverse("wagtailadmin_home")).content.decode()
        assert address in home and "拟调整" in home
        shown = client.get(address).content.decode()
        assert "3 个工作日" in shown and "澄湖市留言办理规定" in shown and "仍按原规定的未完成事项" in shown
        assert "等您知悉" in client.get(reverse("console_rule_notices")).content.decode()
        assert client.post(address, {"stage": "asked"}).url == reverse("console_rule_notices")
        assert address not in client.get(reverse("wagtailadmin_home")).content.decode()
        assert "您已知悉" in client.get(reverse("console_rule_notices")).content.decode()

    def test_what_was_answered_meanwhile_is_looked_at_again_first(self, cast, pair, proposal, sign_in, now):
        client, address = sign_in(cast.city.manager), reverse("console_rule_notice", args=["override", proposal.pk])
        approve(proposal=proposal, by=pair[1], now=now)
        assert client.post(address, {"stage": "asked"}).url == address
        assert address in client.get(reverse("wagtailadmin_home")).content.decode()

    def test_it_does_not_exist_for_others(self, cast, proposal, sign_in):
        address = reverse("console_rule_notice", args=["override", proposal.pk])
        assert sign_in(cast.outside.manager).get(address).status_code == 404
        assert sign_in(cast.city.manager).get(reverse("console_rule_notice", args=["neverheard", 1])).status_code == 404


def test_an_approved_change_still_says_what_stood_there_before(cast, pair, proposal, sign_in, now):
    approve(proposal=proposal, by=pair[1], now=now)
    shown = sign_in(pair[0]).get(reverse("console_change", args=["override", proposal.pk])).content.decode()
    before, after = shown.split('data-label="改为"')
    assert "3 个工作日" in after.split("</td>")[0] and "3 个工作日" not in before.split('data-label="不改的话"')[1]
