"""Lists by year: one page a year at a lasting address, and a sign-off touches the years it is about."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from tests.cast import draft, reviewed, sign_all, structured

from jiyue.content.models import Record
from jiyue.foundation.home import Home
from jiyue.publishing import lists
from jiyue.publishing.composing import columns
from jiyue.publishing.models import PageRead, PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.remembering import SEALING
from jiyue.review.actions import submit_withdrawal

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def city(cast, now):
    structured(cast.city, now=now)
    return cast.city


def publish(city, now):
    return Publisher().publish(city.site, now=now)


def told(city, title: str, year: int, *, now, month=6, day=1, hour=9) -> Record:
    at = datetime(year, month, day, hour, tzinfo=SHANGHAI)
    record = draft(city, now=now, title=title, original_published_at=at)
    reviewed(city, record, now=now)
    return record


def file_of(city, home, path: str):
    return Home(home).public_root(city.site.host) / path


def page(city, home, path: str) -> HTMLParser:
    return HTMLParser(file_of(city, home, path).read_text())


def years_at(city, home, path: str) -> list[str]:
    return [link.text() for link in page(city, home, path).css("nav.years a")]


@pytest.mark.req("COL-15")
def test_a_list_leads_to_its_years_and_each_shows_its_own(city, now, home):
    told(city, "前年的事", 2024, now=now)
    told(city, "去年的事", 2025, now=now)
    told(city, "今年的事", 2026, now=now)
    publish(city, now)
    links = page(city, home, "zwdt/yw/index.html").css("nav.years a")
    assert [(link.text(), link.attributes["href"]) for link in links] == [
        ("2026", "/zwdt/yw/2026/"), ("2025", "/zwdt/yw/2025/"), ("2024", "/zwdt/yw/2024/"),
    ]  # fmt: skip
    year = page(city, home, "zwdt/yw/2025/index.html")
    assert [item.text() for item in year.css("ol.items a")] == ["去年的事"]
    assert year.css_first("nav.years [aria-current]").text() == "2025"
    assert year.css_first("h2").text() == "6月"


def test_a_year_is_a_year_in_shanghai(city, now, home):
    told(city, "元旦零点后", 2026, now=now, month=1, day=1, hour=0)
    publish(city, now)
    assert file_of(city, home, "zwdt/yw/2026/index.html").exists()
    assert not file_of(city, home, "zwdt/yw/2025/index.html").exists()


def test_one_year_alone_is_no_choice(city, now, home):
    told(city, "今年的事", 2026, now=now)
    publish(city, now)
    assert years_at(city, home, "zwdt/yw/index.html") == []


def test_a_sign_off_touches_its_own_year_only(city, now, home):
    for year in (2023, 2024, 2025, 2026):
        told(city, f"{year}年的事", year, now=now)
    publish(city, now)
    untouched = [file_of(city, home, f"zwdt/yw/{year}/index.html").stat().st_ino for year in (2023, 2024, 2026)]
    told(city, "迟到的事", 2025, now=now)
    publish(city, now + timedelta(minutes=1))
    assert "迟到的事" in file_of(city, home, "zwdt/yw/2025/index.html").read_text()
    assert [file_of(city, home, f"zwdt/yw/{year}/index.html").stat().st_ino for year in (2023, 2024, 2026)] == untouched


def test_a_new_year_appears_in_every_years_choice_and_goes_with_its_last_item(city, now, home):
    told(city, "今年的事", 2026, now=now)
    record = told(city, "去年的事", 2025, now=now)
    publish(city, now)
    told(city, "前年的事", 2024, now=now)
    publish(city, now + timedelta(minutes=1))
    assert years_at(city, home, "zwdt/yw/2026/index.html") == ["2026", "2025", "2024"]
    later = now + timedelta(minutes=2)
    sign_all(city, submit_withdrawal(record=record, kind="error", reason="有误", by=city.editor, now=later), now=later)
    publish(city, later)
    assert not file_of(city, home, "zwdt/yw/2025/index.html").exists()
    assert years_at(city, home, "zwdt/yw/2026/index.html") == ["2026", "2024"]
    assert years_at(city, home, "zwdt/yw/index.html") == ["2026", "2024"]


def test_a_year_notes_itself_and_not_each_of_its_items(city, now):
    told(city, "今年的事", 2026, now=now)
    publish(city, now)
    column = city.columns["yw"].pk
    keys = PageRead.objects.filter(site=city.site, address="/zwdt/yw/2026/").values_list("key", flat=True)
    assert {key for key in keys if not key.startswith(SEALING)} == {f"year:{column}:2026", f"years:{column}"}


def test_a_long_year_shows_its_newest_and_leads_into_the_list_by_month(city, now, home, monkeypatch):
    monkeypatch.setattr(columns, "WHOLE_YEAR", 30)
    monkeypatch.setattr(lists, "LENGTH", 10)
    for number in range(36):
        told(city, f"第{number}件", 2026, now=now, month=1 + number % 9, day=1 + number % 20)
    publish(city, now)
    year = page(city, home, "zwdt/yw/2026/index.html")
    assert len(year.css("ol.items a")) == 10
    gates = {link.text(): link.attributes["href"] for link in year.css("nav.years")[-1].css("a")}
    assert list(gates) == [f"{month}月" for month in range(9, 0, -1)]
    march = page(city, home, gates["3月"].lstrip("/") + ("index.html" if gates["3月"].endswith("/") else ""))
    newest = PublicItem.objects.filter(published_at__month=3).order_by("-published_at", "-serial").first()
    assert march.css_first(f'a[href="{newest.address}"]')
    assert years_at(city, home, "zwdt/yw/index.html") == []


def test_a_closed_list_page_leads_to_the_years_of_its_own_items_and_to_no_other(city, now, home, monkeypatch):
    monkeypatch.setattr(lists, "LENGTH", 10)
    for year in (2024, 2025, 2026):
        for number in range(15):
            told(city, f"{year}年第{number}件", year, now=now, day=1 + number)
        publish(city, now)
    assert years_at(city, home, "zwdt/yw/list/1.html") == ["2024"]
    assert years_at(city, home, "zwdt/yw/list/2.html") == ["2025", "2024"]
    assert years_at(city, home, "zwdt/yw/index.html") == ["2026", "2025", "2024"]
