"""The checklist against what a site really serves: the templates pass, a spoiled page is found and stays owed (PAGE-04)."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.cast import TEST, draft, member, reviewed, structured

from jiyue.config import command
from jiyue.config.page_checking import check_templates
from jiyue.estate.actions import save_site
from jiyue.identity.roles import Duty, Role
from jiyue.publishing.deploying import Deployer
from jiyue.publishing.models import PageFault, PageSighting
from jiyue.publishing.page_rules import keeping
from jiyue.publishing.page_rules.looking import NothingPublic, look
from jiyue.publishing.publisher import Publisher
from jiyue.rules.actions import approve, propose_override

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(cast, now, home):
    structured(cast.city, now=now)
    reviewed(cast.city, draft(cast.city, now=now, title="湖岸清洁行动启动"), now=now)
    Publisher().publish(cast.city.site, now=now)
    return cast.city


def told(report):
    return {item.key: [one.said for one in report.of(item).values() if one.failed] for item in report.failing}


@pytest.mark.req("PAGE-04")
def test_the_templates_of_the_platform_pass_the_national_checklist(city, now):
    report = look(city.site, on=now.date())
    assert told(report) == {}
    assert report.pages > 10
    assert {"home", "column", "article", "leaders", "search", "site_map"} <= set(report.found["page.rule.header-name"])


def test_a_site_without_a_release_has_no_pages_to_look_at(cast, now, home):
    with pytest.raises(NothingPublic):
        look(cast.outside.site, on=now.date())


@pytest.fixture
def spoiled(city, now, monkeypatch):
    """The column's page of the deployed tree as somebody else's template would make it: another name in the header."""

    def spoil(address: str, good: bytes, bad: bytes):
        standing = Deployer.standing

        def other(self, host):
            newest, read = standing(self, host)
            return newest, lambda at: (read(at) or b"").replace(good, bad) if at == address else read(at)

        monkeypatch.setattr(Deployer, "standing", other)

    yield spoil
    monkeypatch.undo()


@pytest.mark.req("PAGE-04")
def test_what_is_found_waits_with_the_manager_and_closes_by_itself(city, cast, now, spoiled, monkeypatch):
    keeping.examine_all(now=now)
    assert PageFault.objects.count() == 0
    spoiled("/zwdt/yw/index.html", b'name="SiteIDCode"', b'name="SiteCode"')
    assert [item.key for item in keeping.examine(site=city.site, by=city.manager, now=now)] == ["page.rule.site-tags"]
    line = next(line for line in keeping.lines_of(city.site, now=now) if line.item.key == "page.rule.site-tags")
    assert line.state == "broken"
    column = line.kinds["column"]
    assert (column.failed, column.address) == (1, "/zwdt/yw/")
    assert "SiteIDCode" in str(column.said)
    todo = keeping.todo_for(city.manager)[0]
    assert (todo.ref, todo.title.startswith("1 项不符合")) == (str(city.site.pk), True)
    assert keeping.todo_for(cast.outside.manager) == []
    assert keeping.todo_for(city.editor) == []
    monkeypatch.undo()
    later = now + timedelta(days=1)
    keeping.examine_all(now=later)
    assert PageFault.objects.get().mended_at == later
    assert not keeping.todo_for(city.manager)[0].title.startswith("1 项不符合")


@pytest.mark.req("PAGE-04")
def test_what_a_person_saw_holds_for_one_edition_of_the_frame(city, cast, now):
    rule = "page.rule.browsers"
    keeping.examine(site=city.site, by=city.manager, now=now)
    assert state(city, rule, now) == "waiting"
    keeping.confirm(site=city.site, rule=rule, holds=True, note="用 Edge 和手机看了首页", by=city.manager, now=now)
    assert state(city, rule, now) == "kept"
    city.site.colour = "#7a1212"
    save_site(site=city.site, by=TEST, now=now)
    structured(city, now=now)
    Publisher().publish(city.site, now=now)
    keeping.examine_all(now=now)
    assert state(city, rule, now) == "ended"
    keeping.confirm(site=city.site, rule=rule, holds=False, note="手机上菜单重叠", by=city.manager, now=now)
    assert state(city, rule, now) == "broken"
    seen = PageSighting.objects.filter(rule=rule)
    assert len({row.edition for row in seen}) == 2


def test_only_managers_of_the_site_say_what_they_saw_and_say_it_in_words(city, cast, now):
    keeping.examine(site=city.site, by=city.manager, now=now)
    act = {"site": city.site, "holds": True, "now": now}
    for person in (city.editor, cast.supervisor, cast.outside.manager):
        with pytest.raises(PermissionDenied):
            keeping.confirm(rule="page.rule.browsers", note="看过各页了", by=person, **act)
        with pytest.raises(PermissionDenied):
            keeping.examine(site=city.site, by=person, now=now)
    for rule, note in (("page.rule.browsers", "看"), ("page.rule.footer", "看过各页了"), ("nothing", "看过各页了")):
        with pytest.raises(ValidationError):
            keeping.confirm(rule=rule, note=note, by=city.manager, **act)
    with pytest.raises(ValidationError):
        keeping.examine(site=cast.outside.site, by=cast.outside.manager, now=now)


@pytest.mark.req("PAGE-04")
def test_a_local_text_adds_tightens_and_switches_off(city, cast, now, monkeypatch):
    second = member("duban2", Role.OVERSEER, Duty.ADMINISTERING, city.organisation, now=now)

    def decide(parameter, value):
        row = propose_override(
            organisation=city.organisation, parameter=parameter, value=value, from_on=now.date() + timedelta(days=1),
            document="澄湖市网页规范", grounds="本地要求", by=cast.overseer, now=now,
        )  # fmt: skip
        approve(proposal=row, by=second, now=now)

    decide("page.rule.channels", "value: {say: 要有五个标准频道, look: channels, weight: must}")
    decide("page.rule.colours", "value: {most: 1}")
    decide("page.rule.share", "value: {'off': 没有转发的要求}")
    decide("page.rule.local", "value: [{key: emblem, say: 首页有市徽}]")
    today, tomorrow = look(city.site, on=now.date()), look(city.site, on=now.date() + timedelta(days=1))
    assert told(today) == {}
    assert set(told(tomorrow)) == {"page.rule.channels", "page.rule.colours"}
    items = {item.key: item for item in tomorrow.items}
    assert items["page.rule.share"].off == "没有转发的要求"
    assert items["page.rule.colours"].say == {item.key: item for item in today.items}["page.rule.colours"].say
    assert [source.pack for source in items["page.rule.colours"].sources][-1] == "国家"
    assert items["page.rule.local.emblem"].by_eye


def test_the_command_prints_every_item(city, now, capsys, monkeypatch):
    assert check_templates([city.site], as_json=False) == 0
    told = capsys.readouterr().out
    assert "[符合] 页脚必备标识" in told
    assert "[人工查看] 首页长度" in told
    assert check_templates([city.site], as_json=True) == 0
    assert {"page.rule.colours", "page.rule.loading"} <= {
        item["rule"] for item in json.loads(capsys.readouterr().out)[0]["items"]
    }

    monkeypatch.setattr("jiyue.config.command.open_database", lambda: None)  # the test has one open
    assert command.main(["check", "--templates", "--site", city.site.host]) == 0
    assert "[符合] 页脚必备标识" in capsys.readouterr().out
    assert command.main(["check", "--templates", "--site", "nowhere.localhost"]) == 2
    assert "没有域名为 nowhere.localhost 的网站" in capsys.readouterr().err


def state(city, rule, now):
    return next(line.state for line in keeping.lines_of(city.site, now=now) if line.item.key == rule)


def test_the_command_line_asks_for_a_site_or_for_files(capsys, monkeypatch):
    monkeypatch.setattr(command, "open_database", lambda: None)
    wrong = ([], ["--site", "x"], ["--templates", "a.txt"], ["--templates", "--site", "x"])
    assert [command.main(["check", *options]) for options in wrong] == [2, 2, 2, 2]
    assert capsys.readouterr().err.count("\n") == 4
