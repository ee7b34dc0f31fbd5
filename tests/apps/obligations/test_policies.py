"""Who sees whose duties."""

import pytest
from django.http import Http404

from jiyue.content.actions import limit_to_columns
from jiyue.obligations.actions import ask_waiver
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.obligations.policies import (
    fetch_obligation_for,
    fetch_waiver_for,
    own_obligations,
    visible_obligations,
    waivers_to_answer,
)
from jiyue.obligations.queries import due_for, load_by_site, of_subject, open_for, todo_for, visible_open
from tests.apps.obligations.facts import NEWS, Stated, fact
from tests.cast import TEST, organisation, platform_people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hebi")]


@pytest.fixture
def duties(cast, pair, now) -> dict[str, Obligation]:
    """One of each site, one of a column, one of a unit without a site, one for a named person."""
    bureau = organisation("澄湖市教育局", "990100021", "city", superior=cast.city.organisation, now=now)
    stated = [
        fact(cast.city, subject="letter:city"),
        fact(cast.city, NEWS, "column:7", area="column:7"),
        fact(cast.city, subject="unit:bureau", unit=bureau.pk, site=None),
        fact(cast.city, subject="letter:named", person=cast.city.editor.pk),
        fact(cast.outside, NEWS, "column:outside"),
    ]
    refresh(Stated(stated), now=now)
    return {row.subject: row for row in Obligation.objects.all()}


def subjects(rows) -> set[str]:
    return set(rows.values_list("subject", flat=True))


CITY = {"letter:city", "column:7", "letter:named"}


def test_each_sees_the_duties_of_the_own_sites_and_units_below(cast, duties):
    seen = {part: subjects(visible_obligations(person)) for part, person in cast.city.people.items()}
    assert all(found == CITY for found in seen.values())
    above = {role: subjects(visible_obligations(person)) for role, person in platform_people(cast).items()}
    everything_below = CITY | {"unit:bureau"}
    assert above == {
        "supervisor": everything_below, "overseer": everything_below, "operator": set(), "auditor": set(),
    }  # fmt: skip


def test_whoever_oversees_the_platform_sees_all(duties, pair):
    assert subjects(visible_obligations(pair[0])) == set(duties)


def test_what_waits_for_whom(cast, duties, now):
    assert subjects(own_obligations(cast.city.editor)) == CITY
    assert subjects(own_obligations(cast.city.manager)) == {"letter:city", "column:7"}
    for person in (cast.city.first, cast.supervisor, cast.overseer, cast.operator):
        assert not own_obligations(person).exists()


def test_an_inactive_account_sees_only_nothing(cast, duties):
    cast.city.editor.is_active = False
    assert subjects(visible_obligations(cast.city.editor)) <= {"letter:named"}


@pytest.mark.req("CAL-03")
def test_people_limited_to_columns_see_those_and_what_is_below(cast, duties, now):
    news, channel = cast.city.columns["yw"], cast.city.columns["zwdt"]
    refresh(Stated([fact(cast.city, NEWS, f"column:{news.pk}", area=f"column:{news.pk}")], code="columns"), now=now)
    (appointment,) = cast.city.editor.appointments.all()
    limit_to_columns(appointment=appointment, columns=[channel], by=TEST, now=now)
    limited = {f"column:{news.pk}", "letter:named"}
    assert subjects(visible_obligations(cast.city.editor)) == limited
    assert {row.subject for row in open_for(cast.city.editor, now)} == limited
    assert not visible_obligations(cast.outside.editor).filter(area=f"column:{news.pk}").exists()


def test_a_foreign_duty_does_not_exist(cast, duties, now):
    row = duties["letter:city"]
    waiver = ask_waiver(obligation=row, grounds="来信人已撤回", by=cast.city.editor, now=now)
    assert fetch_obligation_for(cast.city.editor, row.pk) == row
    assert fetch_waiver_for(cast.overseer, waiver.pk) == waiver
    for person in (cast.outside.editor, cast.outside.manager, cast.operator, cast.auditor):
        with pytest.raises(Http404):
            fetch_obligation_for(person, row.pk)
        with pytest.raises(Http404):
            fetch_waiver_for(person, waiver.pk)


def test_requests_wait_for_the_overseer_above(cast, duties, above, now):
    waiver = ask_waiver(obligation=duties["letter:city"], grounds="来信人已撤回", by=cast.city.editor, now=now)
    assert list(waivers_to_answer(above)) == [waiver]
    assert not waivers_to_answer(cast.overseer).exists()  # of the same unit, not of one above it
    (todo,) = todo_for(above, now, apart_from=())
    assert (todo.kind, todo.note) == ("waiver", "来信人已撤回")


def test_lists_are_in_order_of_urgency_and_cost_the_same_for_few_and_many(cast, duties, now, django_assert_num_queries):
    with django_assert_num_queries(5):
        rows = list(open_for(cast.city.editor, now))
        assert [row.act_by for row in rows] == sorted(row.act_by for row in rows)
        assert {row.site.name for row in rows} == {"澄湖市人民政府"}
    assert not due_for(cast.city.editor, now).exists()
    later = max(row.act_by for row in rows)
    assert len(due_for(cast.city.editor, later)) == 3
    assert [todo.due for todo in todo_for(cast.city.editor, later, apart_from=())] == sorted(row.act_by for row in rows)
    assert len(visible_open(cast.supervisor, now)) == 4
    assert [row.subject for row in of_subject(["column:7"])] == ["column:7"]


def test_the_load_of_each_site(cast, duties, now):
    later = duties["letter:city"].act_by.replace(hour=0) + (duties["letter:city"].act_by - now) / 4
    loads = {load.site: (load.late, load.soon) for load in load_by_site(visible_obligations(cast.supervisor), later)}
    assert loads == {cast.city.site.pk: (2, 0), None: (1, 0)}
