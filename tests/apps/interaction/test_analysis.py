"""来信情况分析: counts against other periods, words of several people, files with their maker in the trail."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from jiyue.console.letters.views_analysis import how_it_was_made, label_of
from jiyue.domain.deadlines import local
from jiyue.domain.letter_trends import Length, period_at, period_of
from jiyue.estate.models import Site
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.analyses import any_waiting, ask, standing, want_last_month, work_off
from jiyue.interaction.analysis import analyse
from jiyue.interaction.models import LetterAnalysis
from tests.apps.interaction.test_calls import AN_HOUR, rung
from tests.letters import letter, office

pytestmark = [pytest.mark.django_db, pytest.mark.req("INT-19")]
TEXT = "梧桐里六楼一到晚上就没有自来水，已经一个多月，请帮忙协调物业修好水泵。"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def filled(desk, now) -> None:
    for n in range(3):
        rung(
            desk,
            now,
            title="梧桐里没有自来水",
            text=f"{TEXT}{n}",
            outer_number=f"G{n}",
            sender={"phone": f"000-555012{n}0"},
        )
    letter(desk.tenant, now=now)
    letter(
        desk.tenant,
        now=now,
        kind="report",
        reported="某人",
        naming="anonymous",
        title="举报的标题",
        text="举报的内容在这里",
    )
    rung(desk, now, outer_number="G9", received_at=now - timedelta(days=40), sender={})


def lately():
    """A moment of the clock that screens go by; the hour before, in which letters came, lies in the same month."""
    here = timezone.localtime()
    return here - 2 * AN_HOUR if (here - AN_HOUR).month != here.month else here


def found(desk, now, length=Length.MONTH):
    sites = Site.objects.filter(pk=desk.tenant.site.pk)
    return analyse(sites, period_at(length, local(now).date()), now=now)


def test_kinds_and_channels_are_counted_against_the_period_before(desk, now):
    filled(desk, now)
    told = found(desk, now)
    assert (told.whole.received, told.whole.before, told.whole.year_ago, told.whole.against_before) == (5, 1, 0, 400)
    assert {row.name: (row.received, row.before) for row in told.channels} == {"热线电话": (3, 1), "网站": (2, 0)}
    assert {row.name: row.received for row in told.kinds} == {"求助": 3, "咨询": 1, "举报": 1}
    assert told.months[-1][1] == 5 and len(told.months) == 13
    assert [row.received for row in told.asked] == [0, 0, 0]


def test_words_are_of_several_people_and_never_of_a_report(desk, now):
    filled(desk, now)
    told = found(desk, now)
    assert [(one.letters, one.people) for one in told.groups] == [(3, 3)]
    assert any("自来水" in one.words for one in told.phrases)
    assert (told.read, told.readable) == (4, 4)
    assert "举报的" not in str(told)


def test_a_phrase_that_tells_of_a_person_is_left_out(desk, now):
    for n in range(3):
        rung(
            desk,
            now,
            title="投诉王小明老师乱收费",
            text=f"各不相同的事{n}",
            outer_number=f"G{n}",
            sender={"phone": f"000-55501{n}00"},
        )
    assert not any("小明" in one.words for one in found(desk, now).phrases)


def test_nothing_is_a_report_as_well(desk, now):
    told = found(desk, now, Length.YEAR)
    assert (told.whole.received, told.kinds, told.groups) == (0, [], [])


def asks(client, **given):
    return client.post(reverse("console_letter_analysis_ask"), given)


def test_the_report_is_asked_for_made_by_the_clock_read_and_taken_away_and_who_took_it_is_known(client, desk):
    now = lately()
    filled(desk, now)
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    asked = {"period": period_at(Length.MONTH, local(now).date()).code}
    url = reverse("console_letter_analysis_export")
    page = reverse("console_letter_analysis")
    assert "这段时间还没有分析过" in client.get(page, asked).content.decode()
    assert client.get(url, {**asked, "form": "xlsx"}).status_code == 404
    assert LetterAnalysis.objects.count() == 0  # looking asks for nothing
    assert asks(client, **asked).status_code == 302 and any_waiting(now)
    assert "正在分析" in client.get(page, asked).content.decode()
    assert work_off(now) == 1 and not any_waiting(now)
    shown = client.get(page, asked).content.decode()
    assert "来信情况分析" in shown and "分析的结果。" in shown
    letter(desk.tenant, now=now)
    paper = client.get(url, {**asked, "form": "docx"})
    assert "梧桐里" in zipfile.ZipFile(io.BytesIO(paper.content)).read("word/document.xml").decode()
    sheet = load_workbook(io.BytesIO(client.get(url, {**asked, "form": "xlsx"}).content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert any(row[0] == "热线电话" for row in rows) and any(row[:2] == ("合计", "5") for row in rows)
    events = AuditEvent.objects.filter(code="interaction.analysis_made")
    assert [event.data["form"] for event in events.order_by("sequence")] == ["docx", "xlsx"]
    assert AuditEvent.objects.filter(code="interaction.analysis_asked").count() == 1
    assert client.get(url, {**asked, "form": "exe"}).status_code == 404
    assert client.get(page, {"period": "1999"}).status_code == 200
    assert asks(client, period="1999").status_code == 404
    asks(client, **asked)
    again = client.get(page, asked).content.decode()
    assert "正在重新分析" in again and "分析的结果" in again


def test_what_a_killed_process_left_is_begun_again_and_given_up_after_three_times(client, desk, now, monkeypatch):
    filled(desk, now)
    month = period_at(Length.MONTH, local(now).date())
    sites = Site.objects.filter(pk=desk.tenant.site.pk)
    ask(sites=sites, period=month, by=desk.clerk, now=now)

    def killed(*_args, **_how):
        raise SystemExit  # as kill -9: nothing behind it runs

    monkeypatch.setattr("jiyue.interaction.analyses.worked_out", killed)
    with pytest.raises(SystemExit):
        work_off(now)
    assert standing(sites, month).waits
    monkeypatch.setattr("jiyue.interaction.analyses.worked_out", lambda *_a, **_h: 1 / 0)
    assert (work_off(now), work_off(now), any_waiting(now)) == (0, 0, False)
    assert standing(sites, month).failed
    monkeypatch.undo()
    assert ask(sites=sites, period=month, by=desk.clerk, now=now) and not standing(sites, month).failed
    assert not ask(sites=sites, period=month, by=desk.clerk, now=now)  # it is on its way
    assert work_off(now) == 1
    there = standing(sites, month)
    assert (there.waits, there.failed, there.made_at, there.found.whole.received) == (False, False, now, 5)


def test_nobody_is_given_letters_that_she_may_not_read(cast, desk, now):
    filled(desk, now)
    month, sites = period_at(Length.MONTH, local(now).date()), Site.objects.filter(pk=desk.tenant.site.pk)
    with pytest.raises(PermissionDenied):
        ask(sites=Site.objects.all(), period=month, by=desk.clerk, now=now)
    ask(sites=sites, period=month, by=desk.clerk, now=now)
    LetterAnalysis.objects.update(sites=[cast.outside.site.pk])  # by somebody who writes into the database
    assert work_off(now) == 0
    assert standing(sites, month).found is None


def test_a_result_is_of_the_very_sites_that_somebody_reads(cast, desk, now):
    filled(desk, now)
    month = period_at(Length.MONTH, local(now).date())
    ask(sites=Site.objects.filter(pk=desk.tenant.site.pk), period=month, by=desk.clerk, now=now)
    work_off(now)
    assert standing(Site.objects.filter(pk=cast.outside.site.pk), month).found is None
    assert standing(Site.objects.all(), month).found is None


def test_an_altered_result_is_not_shown(client, desk):
    now = timezone.now()
    month = period_at(Length.MONTH, local(now).date())
    sites = Site.objects.filter(pk=desk.tenant.site.pk)
    ask(sites=sites, period=month, by=desk.clerk, now=now)
    work_off(now)
    facts = LetterAnalysis.objects.get().facts
    LetterAnalysis.objects.update(facts={**facts, "groups": [["改过的", 9, 9, []]]})
    assert (standing(sites, month).found, standing(sites, month).altered) == (None, True)
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    assert (
        "保存的结果被改动过" in client.get(reverse("console_letter_analysis"), {"period": month.code}).content.decode()
    )


def test_nobody_waits_for_more_than_five_at_once(client, desk, now):
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    codes = [period_at(Length.MONTH, timezone.localdate()).code]
    for _n in range(6):
        codes.append(period_of(codes[-1]).before.code)
    for code in codes:
        asks(client, period=code)
    assert LetterAnalysis.objects.count() == 5


def test_a_month_that_is_over_is_analysed_by_itself_for_who_looked_lately(desk, now):
    sites = Site.objects.filter(pk=desk.tenant.site.pk)
    month = period_at(Length.MONTH, local(now).date())
    ask(sites=sites, period=month, by=desk.clerk, now=now)
    work_off(now)
    later = now + timedelta(days=12)
    want_last_month(later)  # what there is of November was made while it was running
    assert [row.period for row in LetterAnalysis.objects.filter(waits=True)] == [month.code]
    assert work_off(later) == 1
    want_last_month(later)
    assert not any_waiting(later)
    want_last_month(now)
    want_last_month(now)
    assert [row.period for row in LetterAnalysis.objects.filter(waits=True)] == [month.before.code]
    assert work_off(now) == 1


def test_the_page_asks_as_often_for_few_letters_as_for_more(client, desk):
    now = lately()
    month, sites = period_at(Length.MONTH, local(now).date()), Site.objects.filter(pk=desk.tenant.site.pk)
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")

    def asked(letters: int) -> int:
        assert ask(sites=sites, period=month, by=desk.clerk, now=now) and work_off(now) == 1
        with CaptureQueriesContext(connection) as caught:
            shown = client.get(reverse("console_letter_analysis"), {"period": month.code})
        assert shown.context["found"].whole.received == letters
        return len(caught)

    filled(desk, now)
    asked(5)
    few = asked(5)
    for _n in range(12):
        letter(desk.tenant, now=now)
    assert asked(17) == few <= 40


def test_a_running_month_is_compared_with_as_many_days(desk, now):
    today = local(now).date().replace(day=5)
    moment = local(now).replace(day=5, hour=12)
    before = period_at(Length.MONTH, today).before
    for n, day in enumerate((3, 4, 20, 21)):
        rung(
            desk,
            now,
            outer_number=f"G{n}",
            received_at=moment.replace(year=before.since.year, month=before.since.month, day=day),
        )
    running = analyse(Site.objects.filter(pk=desk.tenant.site.pk), period_at(Length.MONTH, today), now=moment)
    assert (running.whole.before, running.as_of) == (2, today)
    assert label_of(running).endswith(f"（截至 {today.month} 月 5 日）")
    assert any("开头的 5 天" in words for words in how_it_was_made(running))
    done = analyse(Site.objects.filter(pk=desk.tenant.site.pk), before, now=moment)
    assert (done.whole.received, done.as_of) == (4, None)


def test_without_a_question_the_last_whole_month_is_shown(client, desk):
    today = timezone.localtime()
    running = period_at(Length.MONTH, today.date())
    sites = Site.objects.filter(pk=desk.tenant.site.pk)
    letter(desk.tenant, now=today.replace(day=1, hour=12) - timedelta(days=3))
    for month in (running, running.before):
        ask(sites=sites, period=month, by=desk.clerk, now=today)
    assert work_off(today) == 2
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    shown = client.get(reverse("console_letter_analysis")).context
    assert shown["asked"].period == shown["found"].period == period_at(Length.MONTH, timezone.localdate()).before
    assert (shown["found"].whole.received, shown["found"].as_of) == (1, None)


def test_that_only_the_newest_of_the_period_before_were_read_is_said_and_counted_in_proportion(desk, now, monkeypatch):
    month = period_at(Length.MONTH, local(now).date())
    then = local(now).replace(year=month.before.since.year, month=month.before.since.month, day=1)
    title = "梧桐里没有自来水"
    for n in range(8):
        of_then = title if n > 5 else "路灯晚上不亮"
        rung(desk, now, title=of_then, outer_number=f"B{n}", sender={"phone": f"000-555011{n}0"}, received_at=then)
    for n in range(4):
        rung(desk, now, title=title, outer_number=f"N{n}", sender={"phone": f"000-555012{n}0"})
    monkeypatch.setattr("jiyue.interaction.analysis.MOST_READ", 4)
    told = analyse(Site.objects.filter(pk=desk.tenant.site.pk), month, now=now)
    assert (told.read_before, told.readable_before) == (4, 8)
    assert any("上期抽取最近 4 件比较（共 8 件）" in words for words in how_it_was_made(told))
    assert [(one.letters, one.before, one.weight) for one in told.phrases] == [(4, 2, 2.0)]
    assert told.rising == []  # four of four are not twice two of four that stand for eight


def test_many_letters_are_asked_about_in_as_many_questions_as_few(desk, now):
    def asked(letters: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert found(desk, now).whole.received == letters
        return len(caught)

    filled(desk, now)
    asked(5)
    few = asked(5)
    for _n in range(12):
        letter(desk.tenant, now=now)
    assert asked(17) == few <= 25
