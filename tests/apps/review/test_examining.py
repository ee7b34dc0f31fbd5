"""Every night everything public is checked again: only what changed, on from where it was killed, to somebody's list."""

from datetime import timedelta

import pytest

from jiyue.checks.actions import add_word, end_word
from jiyue.content.actions import save_column
from jiyue.content.structure import identity_of
from jiyue.estate.actions import post_notice, save_site
from jiyue.estate.models import FloatingWindow
from jiyue.estate.windows import plan_window
from jiyue.foundation.models import AuditEvent
from jiyue.review import checking, examining
from jiyue.review.actions import submit, submit_withdrawal
from jiyue.review.examining import examine, examine_all, examine_one, night_of
from jiyue.review.models import CheckRun, Examination, Finding
from jiyue.review.queries import todo_for
from jiyue.review.structure_findings import places_of
from jiyue.review.waiving import waive
from tests.apps.review.test_checks import GROUNDS, paragraph
from tests.cast import draft, reviewed, sign_all, structured, with_body

pytestmark = [pytest.mark.django_db, pytest.mark.req("PRIV-04", "MON-05", "COL-16")]
NIGHT = timedelta(hours=16)


@pytest.fixture
def public(cast, now):
    """Three public records; the second says something that a later list bars."""
    made = [draft(cast.city, now=now, title=f"第 {n} 篇", body=paragraph(f"内容 {n}，甲乙丙丁{n}。")) for n in range(3)]
    for record in made:
        reviewed(cast.city, record, now=now)
    return made


def bar(cast, now, text="甲乙丙丁1", severity="block"):
    return add_word(
        organisation=cast.city.organisation,
        family="secrecy",
        text=text,
        severity=severity,
        by=cast.city.manager,
        now=now,
    )


def test_a_quiet_night_is_recorded_and_reads_nothing_twice(cast, now, public):
    first = examine(cast.city.site, now=now)
    again = examine(cast.city.site, now=now + timedelta(days=1))
    assert (first.public, first.read, first.found) == (3, 3, 0)
    assert (again.public, again.read) == (3, 0)
    assert list(Examination.objects.order_by("night").values_list("public", "read")) == [(3, 3), (3, 0)]
    assert AuditEvent.objects.filter(code="review.site_examined").count() == 2


def test_a_newer_list_finds_what_is_public_and_tells_its_owner(cast, now, public):
    examine(cast.city.site, now=now)
    bar(cast, now)
    told = examine(cast.city.site, now=now + NIGHT)
    assert (told.read, told.found) == (3, 1)
    [todo] = [todo for todo in todo_for(cast.city.editor) if todo.kind == "finding"]
    assert todo.title == "第 1 篇"
    assert "第 1 段" in todo.note
    assert not [todo for todo in todo_for(cast.outside.editor) if todo.kind == "finding"]


def test_a_correction_settles_it_at_once(cast, now, public):
    bar(cast, now)
    examine(cast.city.site, now=now)
    record = with_body(public[1], paragraph("已经改好。"), by=cast.city.editor, now=now)
    reviewed(cast.city, record, now=now, instruction={"reason": "改正"})
    examine_one(record.identity, now=now)
    found = Finding.objects.get()
    assert (found.handling, found.handled_at) == ("mended", now)


def test_a_withdrawal_settles_it(cast, now, public):
    bar(cast, now)
    examine(cast.city.site, now=now)
    review = submit_withdrawal(record=public[1], kind="error", reason="有误", by=cast.city.editor, now=now)
    sign_all(cast.city, review, now=now)
    assert examine(cast.city.site, now=now + NIGHT).settled == 1
    assert Finding.objects.get().handling == "withdrawn"


def test_a_waiver_settles_it_and_the_next_nights_leave_it_alone(cast, now, public):
    bar(cast, now)
    examine(cast.city.site, now=now)
    found = Finding.objects.get()
    waive(version=found.version, key=found.key, by=cast.city.secrecy, now=now, **GROUNDS)
    examine(cast.city.site, now=now + NIGHT)
    bar(cast, now, text="甲乙丙丁2", severity="warn")
    assert examine(cast.city.site, now=now + 2 * NIGHT).found == 1
    assert Finding.objects.get(pk=found.pk).handling == "waived"


def test_a_word_taken_off_the_list_settles_it_and_put_back_opens_it_again(cast, now, public):
    word = bar(cast, now)
    examine(cast.city.site, now=now)
    end_word(word=word, by=cast.city.manager, now=now)
    examine(cast.city.site, now=now + NIGHT)
    assert Finding.objects.get().handling == "settled"
    bar(cast, now)
    examine(cast.city.site, now=now + 2 * NIGHT)
    assert Finding.objects.get().handled_at is None


def test_a_killed_night_goes_on_where_it_stopped(cast, now, public, monkeypatch):
    one = examining._examine_one
    done = []

    def killed(version, engine, *, now):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(version.pk)
        return one(version, engine, now=now)

    monkeypatch.setattr(examining, "_examine_one", killed)
    with pytest.raises(KeyboardInterrupt):
        examine(cast.city.site, now=now)
    assert Examination.objects.get().finished_at is None
    monkeypatch.undo()
    assert examine(cast.city.site, now=now).read == 1
    assert Examination.objects.get().finished_at == now


def test_the_run_of_the_submission_serves_the_night(cast, now, public):
    before = CheckRun.objects.count()
    examine(cast.city.site, now=now)
    assert CheckRun.objects.count() == before


def test_columns_and_notices_are_read_too(cast, now):
    structured(cast.city, now=now)
    bar(cast, now, text="政务要闻的说明")
    assert examine_all(now=now)[cast.city.site.host].found == 1
    assert Finding.objects.get().record is None


def structure_todos(user):
    return [todo for todo in todo_for(user) if todo.kind == "finding"]


def test_the_site_manager_learns_where_it_is_why_and_by_what_and_a_signed_change_closes_it(cast, now):
    structured(cast.city, now=now)
    bar(cast, now, text="政务要闻的说明")
    examine_all(now=now)
    [todo] = structure_todos(cast.city.manager)
    assert todo.title == "栏目“政务要闻”（/zwdt/yw/）的名称与说明"
    assert "依据：" in todo.note and todo.state == "block"
    assert not structure_todos(cast.city.editor) and not structure_todos(cast.outside.manager)
    column = cast.city.columns["yw"]
    column.description = "每天的要闻"
    save_column(column=column, by=cast.city.manager.actor(), now=now)
    [place] = places_of(Finding.objects.get(), now=now)
    assert place.mended and (place.said.kept, place.said.key) == ("column", column.pk)
    assert structure_todos(cast.city.manager)  # what is public is public until it is signed for
    structured(cast.city, now=now)
    examine_one(identity_of(cast.city.site), now=now)
    assert Finding.objects.get().handling == "mended" and not structure_todos(cast.city.manager)


def test_settings_notices_and_windows_are_read_and_every_place_is_told(cast, now):
    site, act = cast.city.site, {"by": cast.city.manager.actor(), "now": now}
    site.contact = "000-66666 内情"
    save_site(site=site, **act)
    times = {"starts_at": now, "until": now + timedelta(days=3)}
    post_notice(site=site, kind="pause", text="停机内情", **times, **act)
    plan_window(window=FloatingWindow(site=site, title="内情征集", address="/zwdt/", **times), **act)
    structured(cast.city, now=now)
    bar(cast, now, text="内情")
    examine_all(now=now)
    told = [place.said.place for place in places_of(Finding.objects.get(), now=now)]
    assert told == ["网站设置“联系方式”", "第 1 条网站公告", "第 1 个首页飘窗"]


@pytest.mark.parametrize(("email", "found"), [("office@chenghu.localhost", 0), ("zhangsan@qq.com", 1)])
def test_an_address_under_the_own_domain_is_the_units_and_one_elsewhere_a_persons(cast, now, email, found):
    cast.city.site.email = email
    save_site(site=cast.city.site, by=cast.city.manager.actor(), now=now)
    structured(cast.city, now=now)
    examine_all(now=now)
    assert len(structure_todos(cast.city.manager)) == found


def test_a_notice_whose_time_is_over_is_no_finding_any_more_and_stops_no_later_sign_off(cast, now):
    site, act = cast.city.site, {"by": cast.city.manager.actor(), "now": now}
    post_notice(site=site, kind="pause", text="停机内情", starts_at=now, until=now + timedelta(days=1), **act)
    structured(cast.city, now=now)
    bar(cast, now, text="内情")
    examine_all(now=now)
    assert structure_todos(cast.city.manager)
    later = now + timedelta(days=2)
    assert examine_all(now=later)[site.host].settled == 1
    assert not structure_todos(cast.city.manager)
    site.contact = "000-66666"
    save_site(site=site, by=cast.city.manager.actor(), now=later)
    structured(cast.city, now=later)
    bar(cast, later, text="别的词")
    assert examine_all(now=later)[site.host].found == 0


def test_a_draft_is_not_examined(cast, now, public):
    submit(record=draft(cast.city, now=now, title="未公开"), by=cast.city.editor, now=now)
    assert examine(cast.city.site, now=now).public == 3


def test_a_night_has_the_date_on_which_it_began(now):
    assert night_of(now.replace(hour=23)) == night_of(now.replace(hour=2) + timedelta(days=1)) == now.date()


def test_the_engine_changes_with_the_lists_and_not_with_the_day(cast, now):
    before = checking.engine_for(cast.city.site, now=now).name
    assert checking.engine_for(cast.city.site, now=now + timedelta(days=3)).name == before
    bar(cast, now)
    assert checking.engine_for(cast.city.site, now=now).name != before
    assert checking.engine_for(cast.outside.site, now=now).name == before
