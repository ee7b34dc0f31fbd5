"""Figures come from sealed accounts alone: what is written past the steps changes nothing that anybody reads."""

from datetime import timedelta

import pytest
from django.db import connection

from jiyue.domain.letter_figures import empty
from jiyue.foundation.append_only import lifted
from jiyue.interaction import actions, handling
from jiyue.interaction.accounts import FiguresBroken, counted_anew, sums_of
from jiyue.interaction.models import Case, LetterAccount, UnitFigures
from jiyue.publishing import figures
from jiyue.publishing.models import Incident, PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.review import taking
from tests.apps.interaction.test_handling import bureau, under  # noqa: F401  # a fixture
from tests.apps.interaction.test_publicity import root_of
from tests.apps.publishing.test_services import bureau as below  # noqa: F401  # a fixture
from tests.apps.review.test_taking import hear, in_force
from tests.letters import answered, dropped, handled, letter, office, word
from tests.public_answers import made_public, with_answers

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGE = "zmhd/lxgk/statistics/index.html"


@pytest.fixture
def desk(cast, now):
    return office(with_answers(cast.city, now=now, figures=True), now=now)


def whole(desk) -> dict:
    kinds = sums_of(desk.tenant.site.pk).get("2026", {})
    return kinds.get("enquiry", empty())


@pytest.mark.req("INT-05")
def test_each_step_brings_the_sums_along(cast, desk, now):
    under(cast, "hebi", now=now)
    receipt = dropped(desk.tenant, now=now)
    letter(desk.tenant, now=now, title="另一封")
    case = Case.objects.get(number=receipt.number)
    assert (whole(desk)["received"], whole(desk)["answered"]) == (2, 0)
    handled(case, desk, now=now)
    handling.submit_reply(case=case, text="本周五前修好。", by=desk.handler, now=now + 3 * DAY)
    handling.approve_reply(case=case, gates=["policy", "legal", "wording"], by=desk.replier, now=now + 3 * DAY)
    handling.send_reply(case=case, by=desk.handler, now=now + 3 * DAY)
    assert whole(desk) | {"days": {}} == empty() | {"received": 2, "answered": 1, "limited": 1, "in_time": 1}
    assert whole(desk)["days"] == {"2": 1}  # from a Saturday to Tuesday
    word(case, receipt, "rate", now=now + 4 * DAY, score="5")
    assert whole(desk)["ratings"] == {"5": 1}
    word(case, receipt, "reopen", now=now + 5 * DAY, text="还是看不清。")
    assert (whole(desk)["answered"], whole(desk)["days"], whole(desk)["ratings"]) == (0, {}, {})
    handling.submit_reply(case=case, text="已全部换新。", by=desk.handler, now=now + 30 * DAY)
    handling.approve_reply(case=case, gates=["policy", "legal", "wording"], by=desk.replier, now=now + 30 * DAY)
    handling.send_reply(case=case, by=desk.handler, now=now + 30 * DAY)
    assert (whole(desk)["answered"], whole(desk)["limited"], whole(desk)["in_time"]) == (1, 1, 0)
    assert sums_of(case.desk_id) == counted_anew(case.desk_id)


def test_a_letter_that_moves_is_counted_where_it_is(desk, bureau, now):  # noqa: F811  # the fixture of the import
    case = handled(letter(desk.tenant, now=now), desk, now=now)
    actions.transfer(case=case, desk=bureau.tenant.site, reason="由城管局答复", by=desk.clerk, now=now)
    assert whole(desk)["received"] == 0
    assert sums_of(bureau.tenant.site.pk)["2026"]["enquiry"]["received"] == 1


@pytest.mark.req("INT-05")
def test_rows_written_past_the_steps_change_no_public_figure(desk, now):
    answered(letter(desk.tenant, now=now), desk, now=now)
    Case.objects.update(met_at=now - 9 * DAY, rating=5, kind="help")
    site = desk.tenant.site
    assert figures.state_all(now) == 0  # nothing is public of a site without a release
    Publisher().publish(site, now=now)
    assert "还没有可以公布的统计" in (root_of(site) / PAGE).read_text()
    assert figures.state_all(now) == 1 and figures.state_all(now) == 0
    Publisher().publish(site, now=now)
    page = (root_of(site) / PAGE).read_text()
    assert "咨询" in page and "求助" not in page.split("</header>")[-1] and "0 个工作日" in page
    assert figures.newest(site).whole()["received"] == 1
    # A later day: an altered account, an altered sum, an altered statement.
    LetterAccount.objects.update(rating=5)
    with pytest.raises(FiguresBroken):
        counted_anew(site.pk)
    UnitFigures.objects.update(
        sums={"2026": {"enquiry": empty() | {"received": 1, "answered": 1, "ratings": {"5": 1}}}}
    )
    assert figures.state_all(now + DAY) == 0
    assert Incident.objects.filter(subject=f"{site.host} figures").exists()
    with lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE interaction_figuresstatement SET as_of = '2026-12-31'")
    assert figures.newest(site) is None


def test_a_letter_taken_out_of_the_accounts_stops_the_figures(desk, now):
    letter(desk.tenant, now=now)
    LetterAccount.objects.all().delete()
    with pytest.raises(FiguresBroken):
        sums_of(desk.tenant.site.pk)


@pytest.mark.req("INT-20")
def test_a_portal_counts_what_its_sub_sites_answered(desk, below, now):  # noqa: F811  # the fixture of the import
    other = office(with_answers(below, now=now), now=now, prefix="sl")
    answered(letter(below, now=now), other, now=now)
    for tenant in (desk.tenant, below):
        Publisher().publish(tenant.site, now=now)
    assert figures.state_all(now) == 1
    told = figures.newest(desk.tenant.site)
    assert told.by("unit").keys() == {"澄湖市水利局"} and told.whole()["answered"] == 1


@pytest.mark.req("INT-20")
def test_a_portal_takes_the_answers_of_a_sub_site_by_a_signed_rule(desk, below, now):  # noqa: F811  # the fixture of the import
    other = office(with_answers(below, now=now), now=now, prefix="sl")
    rule = in_force(desk.tenant, now, column="lxgk", origin=below.site, kind="public_answer")
    record = made_public(answered(letter(below, now=now), other, now=now), other, now=now)
    hear(now)
    taking.take_due(now=now)
    Publisher().publish(desk.tenant.site, now=now)
    column = root_of(desk.tenant.site) / "zmhd/lxgk"
    assert rule.state == "in_force" and record.title in (column / "index.html").read_text()
    assert "澄湖市水利局" in (column / "index.html").read_text()
    [taken] = PublicItem.objects.filter(site=desk.tenant.site, identity=record.identity)
    assert taken.placed_by is not None and any(
        record.title in page.read_text() for page in column.glob("kind/*/index.html")
    )
