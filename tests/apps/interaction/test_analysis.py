"""来信情况分析: counts against other periods, words of several people, files with their maker in the trail."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from jiyue.console.letters.views_analysis import how_it_was_made, label_of
from jiyue.domain.deadlines import local
from jiyue.domain.letter_trends import Length, period_at
from jiyue.estate.models import Site
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.analysis import analyse
from tests.apps.interaction.test_calls import rung
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


def test_the_report_is_read_and_taken_away_and_who_took_it_is_known(client, desk, now):
    filled(desk, now)
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    asked = {"period": period_at(Length.MONTH, local(now).date()).code}
    shown = client.get(reverse("console_letter_analysis"), asked).content.decode()
    assert "来信情况分析" in shown
    url = reverse("console_letter_analysis_export")
    paper = client.get(url, {**asked, "form": "docx"})
    assert "梧桐里" in zipfile.ZipFile(io.BytesIO(paper.content)).read("word/document.xml").decode()
    sheet = load_workbook(io.BytesIO(client.get(url, {**asked, "form": "xlsx"}).content)).worksheets[0]
    assert any(row[0] == "热线电话" for row in sheet.iter_rows(values_only=True))
    events = AuditEvent.objects.filter(code="interaction.analysis_made")
    assert [event.data["form"] for event in events.order_by("sequence")] == ["docx", "xlsx"]
    assert client.get(url, {**asked, "form": "exe"}).status_code == 404
    assert client.get(reverse("console_letter_analysis"), {"period": "1999"}).status_code == 200


def test_a_running_month_is_compared_with_as_many_days_and_is_not_shown_first(client, desk, now):
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
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    shown = client.get(reverse("console_letter_analysis"))
    assert shown.context["found"].period == period_at(Length.MONTH, timezone.localdate()).before


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


def test_a_thousand_letters_are_asked_about_in_a_fixed_number_of_questions(desk, now, django_assert_max_num_queries):
    filled(desk, now)
    with django_assert_max_num_queries(25):
        found(desk, now)
