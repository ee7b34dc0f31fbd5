"""Every night everything public is checked again: only what changed, on from where it was killed, to somebody's list."""

from datetime import timedelta

import pytest

from jiyue.checks.actions import add_word, end_word
from jiyue.foundation.models import AuditEvent
from jiyue.review import checking, examining
from jiyue.review.actions import submit, submit_withdrawal
from jiyue.review.examining import examine, examine_all, examine_one, night_of
from jiyue.review.models import CheckRun, Examination, Finding
from jiyue.review.queries import todo_for
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
