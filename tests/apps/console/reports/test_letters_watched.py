"""各地办信: one view of a supervisor over the letters of all governments, from sealed sums (INT-02)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from jiyue.estate.policies import sites_watched
from jiyue.identity.roles import Duty, Role
from jiyue.interaction.actions import return_letter
from jiyue.interaction.duties import LetterSource
from jiyue.interaction.models import LetterAccount, UnitFigures
from jiyue.interaction.overview import ALL_YEARS, overview, years_of
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from tests.apps.interaction.test_handling import under  # a fixture's maker
from tests.cast import member, organisation, tenant
from tests.letters import answered, dropped, letter, office, word

pytestmark = [pytest.mark.django_db, pytest.mark.req("INT-02")]
DAY = timedelta(days=1)


@pytest.fixture
def offices(cast, now):
    """The city, a bureau of it, and a county below it."""
    city = cast.city.organisation
    bureau = organisation("样城市水务局", "SW", "city", now=now, superior=city, kind="department")
    county = organisation("样县", "YX", "county", now=now, superior=city)
    units = [
        cast.city,
        tenant("shuiwu.city.example.cn", bureau, "sw", code="4100000011", now=now),
        tenant("yangxian.example.cn", county, "yx", code="4100000012", now=now),
    ]
    return [office(each, now=now, prefix=f"o{n}") for n, each in enumerate(units)]


def seen(user, now, **how):
    return overview(sites_watched(user), **{"year": now.year, "now": now, "whole": "合计", **how})


def figures(line) -> tuple:
    return line.name, line.received, line.open, line.returned, line.reopened


def test_units_stand_under_their_nearest_government_and_governments_open_to_their_units(cast, offices, now):
    city, bureau, county = offices
    answered(letter(city.tenant, now=now), city, now=now)
    letter(bureau.tenant, now=now)
    return_letter(case=letter(bureau.tenant, now=now), reason="不是信访事项", by=bureau.clerk, now=now)
    letter(county.tenant, now=now)
    letter(office(cast.outside, now=now, prefix="out").tenant, now=now)
    found = seen(cast.supervisor, now)
    top, low = city.tenant.organisation.name, "样县"
    assert [figures(line) for line in found.lines[:2]] == [(top, 3, 1, 1, 0), (low, 1, 1, 0, 0)]
    assert figures(found.whole) == ("合计", 4, 2, 1, 0)
    units = seen(cast.supervisor, now, of=city.tenant.organisation.pk)
    assert {(line.name, line.received) for line in units.lines} == {(top, 1), ("样城市水务局", 2)}
    assert seen(cast.supervisor, now, of=cast.outside.organisation.pk) is None
    assert seen(cast.supervisor, now, year=now.year - 1).whole.received == 0
    assert seen(cast.supervisor, now, year=ALL_YEARS).whole.received == 4
    assert years_of(now)[0] == now.year


def test_what_the_sender_said_and_reopened_is_counted(cast, offices, now):
    city = offices[0]
    receipt = dropped(city.tenant, now=now)
    letter(city.tenant, now=now)
    case = LetterAccount.objects.get(case__number=receipt.number).case
    answered(case, city, now=now + DAY)
    word(case, receipt, "rate", now=now + 2 * DAY, score="5")
    line = seen(cast.supervisor, now).lines[0]
    assert (line.answered, line.satisfied, line.median) == (1, (100, 1), 0.0)
    word(case, receipt, "reopen", now=now + 3 * DAY, text="还是看不清。")
    line = seen(cast.supervisor, now).lines[0]
    assert (line.answered, line.reopened, line.satisfied) == (0, 1, None)


def test_what_falls_due_in_three_working_days_and_what_is_overdue_is_of_now(cast, offices, now):
    under(cast, "hebi", now=now)
    city = offices[0]
    letter(city.tenant, now=now)
    refresh(LetterSource(), now=now)
    line = seen(cast.supervisor, now).lines[0]
    due = Obligation.objects.get(subject__startswith="letter:").act_by
    later = seen(cast.supervisor, due + DAY).lines[0]
    near = seen(cast.supervisor, due - DAY).lines[0]
    assert (line.overdue, line.soon) == (0, 0)
    assert (near.overdue, near.soon) == (0, 1)
    assert (later.overdue, later.soon) == (1, 0)


def test_a_sum_that_was_altered_is_not_counted_and_named(cast, offices, now, sign_in):
    bureau = offices[1]
    letter(bureau.tenant, now=now)
    row = UnitFigures.objects.get(desk=bureau.tenant.site.pk)
    UnitFigures.objects.filter(pk=row.pk).update(sums={"2026": {}})
    found = seen(cast.supervisor, now)
    assert found.whole.received == 0 and found.whole.broken == [bureau.tenant.site.name]
    UnitFigures.objects.filter(pk=row.pk).delete()
    assert seen(cast.supervisor, now).whole.broken == [bureau.tenant.site.name]
    shown = sign_in(cast.supervisor).get(reverse("console_letters_watched")).content.decode()
    assert "核对不上" in shown and bureau.tenant.site.name in shown


def test_it_asks_as_often_for_few_governments_as_for_many(cast, offices, now):
    def asked(governments: int) -> int:
        seen(cast.supervisor, now)  # what is asked once and kept at hand
        with CaptureQueriesContext(connection) as caught:
            assert len(seen(cast.supervisor, now).lines) == governments
        return len(caught)

    for each in offices:
        letter(each.tenant, now=now)
    few = asked(2)
    for n in range(4):
        unit = organisation(f"样县{n}", f"YX{n}", "county", now=now, superior=cast.city.organisation)
        letter(tenant(f"x{n}.example.cn", unit, f"x{n}", code=f"410000003{n}", now=now), now=now)
    assert asked(6) == few <= 12


def test_the_page_and_its_workbook_are_for_who_watches_a_territory(cast, offices, now, sign_in):
    city, _bureau, county = offices
    letter(county.tenant, now=now)
    url, export = reverse("console_letters_watched"), reverse("console_letters_watched_export")
    for person in (city.clerk, cast.city.manager, cast.city.editor, cast.operator, cast.auditor):
        assert sign_in(person).get(url).status_code == 404
        assert sign_in(person).get(export).status_code == 404
    client = sign_in(cast.supervisor)
    shown = client.get(url).content.decode()
    assert "各地办信" in shown and "样县" in shown and cast.outside.organisation.name not in shown
    below = client.get(url, {"of": county.tenant.organisation.pk})
    assert "回到全部政府" in below.content.decode()
    assert [row["line"].name for row in below.context["lines"]] == ["样县"]
    # The screen looks at the year in which the test runs, the letter came in the year of `now`.
    rows = list(load_workbook(BytesIO(client.get(export, {"year": ALL_YEARS}).content)).active.values)
    assert rows[0][:3] == ("政府", "网站", "收到") and ("样县", "1") in {(row[0], row[2]) for row in rows}
    overseer = member("duban9", Role.OVERSEER, Duty.ADMINISTERING, county.tenant.organisation, now=now)
    own = sign_in(overseer).get(url).content.decode()
    assert "样县" in own and cast.city.organisation.name not in own


@pytest.mark.parametrize(
    ("given", "status"),
    [({"year": "1999"}, 200), ({"year": "x"}, 200), ({"of": "x"}, 404), ({"of": "9" * 30}, 404), ({"of": "1"}, 404)],
)
def test_a_wrong_question_is_told(cast, offices, sign_in, given, status):
    client = sign_in(cast.supervisor)
    asked = {"of": str(cast.outside.organisation.pk)} if given == {"of": "1"} else given
    answer = client.get(reverse("console_letters_watched"), asked)
    assert answer.status_code == status
    if status == 200:
        assert "of-error" in answer.content.decode()
