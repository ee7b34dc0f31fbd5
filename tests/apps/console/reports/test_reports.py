"""Counts of what is public, events beside publication, accounts of units and people (COL-13, COL-17, REV-08)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from jiyue.content.models import Record
from jiyue.estate.models import Site
from jiyue.publishing.projection import apply
from jiyue.publishing.tallies import counts, events, told
from jiyue.review.accounts import accountable_sites, accounts
from jiyue.review.actions import send_back, submit, submit_withdrawal
from jiyue.review.models import SignOff
from tests.cast import draft, reviewed, sign_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(client):
    def open_screen(user, view, /, **query):
        client.force_login(user)
        return client.get(reverse(view), query)

    return open_screen


def text(response) -> str:
    return response.content.decode()


def public(tenant, now, **facts) -> Record:
    record = draft(tenant, now=now, **facts)
    reviewed(tenant, record, now=now)
    rows = SignOff.objects.filter(identity=record.identity).order_by("sequence")
    apply(tenant.site, rows, columns={column.pk for column in tenant.columns.values()})
    return record


@pytest.fixture
def day(now):
    return timezone.localdate(now)


@pytest.mark.req("COL-13")
def test_what_is_public_is_counted_once_by_openness_subject_form_site_and_unit(cast, now, day):
    city = cast.city
    public(city, now, openness="result", subject_class="城乡建设", form_class="通知")
    public(city, now, openness="result", subject_class="城乡建设")
    gone = public(city, now, openness="decision")
    sign_all(city, submit_withdrawal(record=gone, kind="error", reason="有误", by=city.editor, now=now), now=now)
    rows = SignOff.objects.filter(identity=gone.identity).order_by("sequence")
    apply(city.site, rows, columns={column.pk for column in city.columns.values()})
    draft(city, now=now, openness="service")
    public(cast.outside, now, openness="service")
    found = counts(Site.objects.filter(pk=city.site.pk), since=day, until=day)
    assert (found.total, dict(found.by_kind)) == (2, {"result": 2})
    assert found.subjects == [("城乡建设", 2)] and found.forms == [("", 1), ("通知", 1)]
    assert [(line.name, line.total) for line in found.units] == [(city.organisation.name, 2)]
    before = day - timedelta(days=1)
    assert counts(Site.objects.all(), since=before, until=before).total == 0
    assert [line.total for line in counts(Site.objects.all(), since=day, until=day).sites] == [2, 1]


@pytest.mark.req("COL-13")
def test_the_counts_are_drawn_tabled_and_exported_for_ones_own_sites_only(cast, now, day, on):
    public(cast.city, now, openness="result", subject_class="城乡建设")
    asked = {"since": f"{day}", "until": f"{day}"}
    page = text(on(cast.city.editor, "console_counts", **asked))
    assert "共 1 篇" in page and 'class="jd-chart"' in page and "结果公开" in page and "城乡建设" in page
    assert "城乡建设" not in text(on(cast.outside.editor, "console_counts", **asked))
    rows = list(load_workbook(BytesIO(on(cast.city.editor, "console_counts_export", **asked).content)).active.values)
    assert rows[0][2:5] == ("合计", "决策公开", "执行公开") and ("网站", cast.city.site.name, "1") == rows[1][:3]
    foreign = on(cast.outside.editor, "console_counts", site=cast.city.site.pk, **asked)
    assert "共 1 篇" not in text(foreign)


@pytest.mark.parametrize(
    "wrong", [{"since": "上周"}, {"since": "2026-02-01", "until": "2026-01-01"}, {"since": "2020-01-01"}, {"site": "0"}]
)
@pytest.mark.parametrize("view", ["console_counts", "console_events_told", "console_accountability"])
def test_a_wrong_question_is_told_and_nothing_breaks(cast, on, view, wrong):
    answer = on(cast.city.manager, view, **wrong)
    assert answer.status_code == 200 and "of-error" in text(answer)
    assert on(cast.city.manager, f"{view}_export", **wrong).status_code == 200


@pytest.mark.req("COL-17")
def test_an_event_stands_beside_the_time_it_became_public(cast, now, day, on):
    city = cast.city
    happened = {"information_class": "major", "event_on": day - timedelta(days=3)}
    public(city, now, title="市政府召开第十次常务会议", **happened)
    draft(city, now=now, title="一次还没有公布的活动", **happened)
    public(cast.outside, now, title="别处的会议", **happened)
    found = told(list(events(Site.objects.filter(pk=city.site.pk), since=day - timedelta(days=5), until=day,
                             information_class="major")))  # fmt: skip
    assert [(one.record.title, one.days) for one in found] == [
        ("一次还没有公布的活动", None),
        ("市政府召开第十次常务会议", 3),
    ]
    asked = {"since": f"{day - timedelta(days=5)}", "until": f"{day}"}
    page = text(on(city.editor, "console_events_told", **asked))
    assert "3 天" in page and "还没有公开" in page and "别处的会议" not in page
    assert "第十次常务会议" not in text(on(city.editor, "console_events_told", information_class="other", **asked))
    rows = list(load_workbook(BytesIO(on(city.editor, "console_events_told_export", **asked).content)).active.values)
    assert rows[2][0] == "市政府召开第十次常务会议" and rows[2][5] == "3"


@pytest.mark.req("REV-08")
def test_units_and_people_answer_for_items_returns_and_waiting(cast, now, day):
    city = cast.city
    public(city, now)
    waiting = submit(record=draft(city, now=now), by=city.editor, now=now)
    send_back(review=waiting, by=city.first, reason="标题不准", now=now + timedelta(hours=4))
    found = accounts(city.manager, site=None, since=day, until=day + timedelta(days=1))
    (unit,) = found.units
    assert (unit.name, unit.submitted, unit.published, unit.returned) == (city.organisation.name, 2, 1, 1)
    (editor,) = found.editors
    assert (editor.name, editor.submitted, editor.returned) == (city.editor.name, 2, 1)
    first = next(line for line in found.reviewers if line.name == city.first.name)
    assert (first.decided, first.returned, first.signed) == (2, 1, 0)
    assert 0 <= first.wait.total_seconds() <= 4 * 3600
    assert sum(line.signed for line in found.reviewers) == 1
    assert [line.name for line in found.reviewers] == sorted(line.name for line in found.reviewers)


@pytest.mark.req("REV-08")
def test_a_person_sees_herself_a_manager_her_site_a_supervisor_what_lies_below(cast, now, day, on):
    city = cast.city
    public(city, now)
    public(cast.outside, now)
    period = {"site": None, "since": day, "until": day}
    own = accounts(city.editor, **period)
    assert own.units == [] and [line.name for line in own.editors] == [city.editor.name] and own.reviewers == []
    assert [line.name for line in accounts(city.first, **period).reviewers] == [city.first.name]
    assert {line.name for line in accounts(city.manager, **period).editors} == {city.editor.name}
    assert {line.name for line in accounts(cast.supervisor, **period).units} == {city.organisation.name}
    assert not accountable_sites(city.final).exists() and not accountable_sites(cast.auditor).exists()
    asked = {"since": f"{day}", "until": f"{day}"}
    assert city.first.name not in text(on(city.editor, "console_accountability", **asked))
    assert city.first.name in text(on(city.manager, "console_accountability", **asked))
    assert city.first.name not in text(on(cast.outside.manager, "console_accountability", site=city.site.pk, **asked))
    rows = list(load_workbook(BytesIO(on(city.editor, "console_accountability_export", **asked).content)).active.values)
    assert [row[1] for row in rows[1:]] == [city.editor.name]
