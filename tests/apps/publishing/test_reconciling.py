"""对账: repairs are repairs: what is computed anew equals what grew step by step."""

import pytest
from tests.cast import draft, reviewed, sign_all, structured

from jiyue.foundation.home import Home
from jiyue.publishing.models import Incident, ListPage, Publication, PublicItem, SitePublication
from jiyue.publishing.projection import apply, known_columns
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.reconciling import LedgerDamaged, rebuild, reconcile
from jiyue.review.actions import submit_withdrawal
from jiyue.review.models import SignOff

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher(home):
    return Publisher()


@pytest.fixture
def life(cast, now, publisher):
    """A site's life: records one release after the other, one withdrawn."""
    structured(cast.city, now=now)
    for number in range(4):
        record = draft(cast.city, now=now, title=f"第{number}篇", column="yw" if number % 2 else "tzgg")
        reviewed(cast.city, record, now=now)
        publisher.publish(cast.city.site, now=now)
    record.refresh_from_db()
    review = submit_withdrawal(record=record, kind="error", reason="有误", by=cast.city.editor, now=now)
    sign_all(cast.city, review, now=now)
    publisher.publish(cast.city.site, now=now)
    return cast.city.site


def projection(site) -> list[tuple]:
    fields = ("identity", "column", "state", "sign_off", "serial", "address", "published_at", "changed_at", "seal")
    items = PublicItem.objects.filter(site=site).order_by("serial").values_list(*fields)
    spans = (
        ListPage.objects.filter(column__site=site).order_by("column", "number").values_list("column", "until_serial")
    )
    return [*items, *spans]


def test_what_is_computed_anew_equals_what_grew(life, now):
    grown = projection(life)
    rebuild(life, now=now)
    assert projection(life) == grown
    assert reconcile(now=now).clean


def test_applying_twice_is_applying_once(life):
    once = projection(life)
    rows = SignOff.objects.filter(site=life).select_related("version", "version__record").order_by("sequence")
    first, _refused = apply(life, rows, columns=known_columns(life))
    second, _refused = apply(life, rows, columns=known_columns(life))
    assert projection(life) == once
    assert first.keys == second.keys


def test_a_sound_site_is_found_sound(life, now):
    assert reconcile(now=now).clean
    assert not Incident.objects.exists()


def test_pages_after_a_rebuild_are_the_same_bytes(life, now, publisher, settings):
    root = Home(settings.JIYUE_HOME).public_root(life.host)
    before = root.resolve()
    rebuild(life, now=now)
    publisher.publish(life, now=now)
    assert root.resolve() == before


def test_progress_is_put_right_from_the_trail(life, now):
    rows = Publication.objects.filter(site=life)
    changed, gone = rows.order_by("pk")[:2]
    rows.filter(pk=changed.pk).update(state="waiting")
    gone.delete()
    found = reconcile(now=now)
    assert found.forgotten == sorted([changed.sign_off.sequence, gone.sign_off.sequence])
    assert set(rows.values_list("state", flat=True)) == {"deployed"}


def test_nothing_is_computed_from_a_damaged_ledger(life, now):
    """Without the altered withdrawal the record would be shown again: better to stand still."""
    from django.db import connection

    from jiyue.foundation.append_only import lifted

    with lifted(), connection.cursor() as cursor:
        cursor.execute("update review_signoff set instruction='{}' where act='withdraw'")
    before = projection(life)
    with pytest.raises(LedgerDamaged):
        rebuild(life, now=now)
    assert projection(life) == before


def test_a_hold_nobody_gave_is_told(life, now):
    SitePublication.objects.filter(site=life).update(held_since=now)
    assert reconcile(now=now).mirrors == [f"hold:{life.host}"]


def test_an_open_incident_is_counted_not_repeated(life, now):
    SitePublication.objects.filter(site=life).update(held_since=now)
    for _time in range(3):
        reconcile(now=now)
    assert Incident.objects.get().times == 3
