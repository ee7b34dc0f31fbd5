"""Columns are arranged through actions; a new site gets them from its template."""

import time

import pytest
from django.core.exceptions import ValidationError

from jiyue.content.actions import close_column, reopen_column, save_column, shift_column
from jiyue.content.models import Column
from jiyue.content.site_templates import Template, branches_of, create_site_from_template
from jiyue.foundation.models import AuditEvent
from jiyue.review.actions import submit
from tests.cast import TEST, draft, organisation

pytestmark = pytest.mark.django_db
STANDARD = {
    "overview", "institutions", "leaders", "policy_documents", "news", "interpretations", "data", "disclosure_guide",
    "disclosure_report", "personnel", "notices", "plans",
}  # fmt: skip


@pytest.mark.req("COL-01", "PLAT-01")
@pytest.mark.parametrize("template", Template.values)
def test_a_site_with_its_columns_stands_in_under_five_seconds(template, cast, now):
    unit = organisation("望溪县人民政府", "990101001", "county", superior=cast.city.organisation, now=now)
    began = time.process_time()  # whoever else is at work on the machine does not count
    site = create_site_from_template(
        template=template, name=unit.name, host="www.wangxi.localhost", owner=unit, by=TEST, now=now
    )
    seconds = time.process_time() - began
    print(f"{template}: {site.columns.count()} columns in {seconds:.2f} s")  # noqa: T201 - the measured figure
    assert seconds < 5
    assert site.columns.filter(parent=None).count() == 5
    assert all(column.description and column.responsible == unit for column in site.columns.all())


@pytest.mark.req("COL-01")
def test_the_portal_template_has_every_standard_kind():
    kinds = {column.kind for branch in branches_of(Template.PORTAL) for column in branch.columns}
    assert kinds >= STANDARD


def test_a_taken_host_leaves_nothing_behind(cast, now):
    unit = organisation("望溪县人民政府", "990101001", "county", now=now)
    before = Column.objects.count()
    with pytest.raises(ValidationError):
        create_site_from_template(
            template="portal", name="望溪", host="www.chenghu.localhost", owner=unit, by=TEST, now=now
        )
    assert Column.objects.count() == before


def test_a_moved_column_takes_what_is_below_along(cast, now):
    columns = cast.city.columns
    columns["zcwj"].parent = columns["ztzl"]
    save_column(column=columns["zcwj"], by=TEST, now=now)
    moved = Column.objects.get(pk=columns["zcwj"].pk)
    assert (moved.path, moved.channel) == ("ztzl/zcwj", "topics")
    columns["zwdt"].slug = "news"
    save_column(column=columns["zwdt"], by=TEST, now=now)
    assert Column.objects.get(pk=columns["yw"].pk).path == "news/yw"


def test_a_column_cannot_stand_below_itself(cast, now):
    top = cast.city.columns["zwdt"]
    top.parent = cast.city.columns["yw"]
    with pytest.raises(ValidationError, match="下级栏目"):
        save_column(column=top, by=TEST, now=now)


def test_the_address_stays_once_something_was_submitted(cast, now):
    submit(record=draft(cast.city, now=now), by=cast.city.editor, now=now)
    for slug, field, value in [("yw", "slug", "news"), ("zwdt", "slug", "news"), ("yw", "parent", None)]:
        column = Column.objects.get(pk=cast.city.columns[slug].pk)
        setattr(column, field, value)
        with pytest.raises(ValidationError, match="网址已经固定"):
            save_column(column=column, by=TEST, now=now)
    column = Column.objects.get(pk=cast.city.columns["yw"].pk)
    column.name = "要闻"
    assert save_column(column=column, by=TEST, now=now).name == "要闻"


def test_shifting_exchanges_neighbours_and_stops_at_the_edge(cast, now):
    def order():
        return list(Column.objects.filter(site=cast.city.site, parent__slug="zwgk").values_list("slug", flat=True))

    assert order() == ["zcwj", "zcjd", "ldxx", "jgzn"]
    shift_column(column=cast.city.columns["ldxx"], up=True, by=TEST, now=now)
    assert order() == ["zcwj", "ldxx", "zcjd", "jgzn"]
    shift_column(column=cast.city.columns["jgzn"], up=False, by=TEST, now=now)
    assert order() == ["zcwj", "ldxx", "zcjd", "jgzn"]


def test_closing_goes_from_below_and_opening_from_above(cast, now):
    columns = cast.city.columns
    with pytest.raises(ValidationError, match="下级栏目"):
        close_column(column=columns["zwdt"], reason="合并", by=TEST, now=now)
    with pytest.raises(ValidationError):
        close_column(column=columns["yw"], reason="", by=TEST, now=now)
    for slug in ("yw", "tzgg", "zwdt"):
        close_column(column=columns[slug], reason="合并", by=TEST, now=now)
    child = Column.objects.get(pk=columns["yw"].pk)
    with pytest.raises(ValidationError, match="上级栏目"):
        reopen_column(column=child, by=TEST, now=now)
    reopen_column(column=columns["zwdt"], by=TEST, now=now)
    assert AuditEvent.objects.first().code == "content.column_reopened"
