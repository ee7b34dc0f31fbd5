"""A document's page says how it stands without anybody editing it: another document, or a day, changes it (POL-01)."""

import re
from datetime import date, timedelta

import pytest

from jiyue.foundation.home import Home
from jiyue.identity.actions import save_organisation
from jiyue.publishing.agenda import sites_with_work
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.reconciling import reconcile
from jiyue.review.actions import submit_withdrawal
from jiyue.review.refusals import NotReady
from tests.cast import TEST, draft, reviewed, sign_all, structured

pytestmark = [pytest.mark.django_db, pytest.mark.req("POL-12")]
FACTS = {"issuer": "澄湖市人民政府", "written_on": date(2020, 3, 1), "effective_on": date(2020, 4, 1)}


@pytest.fixture
def publisher(home):
    return Publisher()


def document(tenant, *, now, title, **facts):
    return draft(tenant, now=now, title=title, kind="policy_document", column="zcwj", **(FACTS | facts))


def publish(publisher, cast, at):
    """As the worker does: the pages first, then the files to take away."""
    while due := sites_with_work(at=at):
        for site in due:
            publisher.publish(site, now=at)


def page(settings, tenant, record, path=None) -> str:
    item = PublicItem.objects.get(site=tenant.site, identity=record.identity)
    return (Home(settings.JIYUE_HOME).public_root(tenant.site.host) / (path or item.address.lstrip("/"))).read_text()


def badges(html: str) -> set[str]:
    return set(re.findall(r'<span class="badge[^>]*>([^<]+)<', html))


@pytest.fixture
def old(cast, now, publisher):
    structured(cast.city, now=now)
    record = document(cast.city, now=now, title="澄湖市停车管理办法", document_number="澄政发〔2020〕3号")
    reviewed(cast.city, record, now=now)
    publish(publisher, cast, now)
    return record


def repealing(cast, now, old, **facts):
    record = document(
        cast.city, now=now, title="澄湖市停车管理条例实施办法", document_number="澄政发〔2026〕9号", **facts
    )
    record.repeals.set([old.typed])
    reviewed(cast.city, record, now=now)
    return record


def test_a_repeal_is_told_on_both_pages_and_in_every_list(cast, now, publisher, settings, old):
    assert badges(page(settings, cast.city, old)) == {"有效"}
    new = repealing(cast, now, old)
    publish(publisher, cast, now)
    told = page(settings, cast.city, old)
    assert "本文件已由《澄湖市停车管理条例实施办法》（澄政发〔2026〕9号）废止，自2020年4月1日起不再施行" in told
    assert PublicItem.objects.get(identity=new.identity).address in told
    assert "本文件废止" in page(settings, cast.city, new)
    listed = page(settings, cast.city, old, "zwgk/zcwj/index.html")
    assert listed.count("已废止") == 1
    assert "已废止" in page(settings, cast.city, old, "zwgk/zcwj/2026/index.html")
    assert sites_with_work(at=now) == []
    assert reconcile(now=now).clean


def test_a_repeal_waits_for_its_day_and_then_comes_by_itself(cast, now, publisher, settings, old):
    day = (now + timedelta(days=9)).date()
    repealing(cast, now, old, effective_on=day)
    publish(publisher, cast, now)
    assert badges(page(settings, cast.city, old)) == {"有效"}
    item = PublicItem.objects.get(identity=old.identity)
    assert (item.validity, item.turns_at.astimezone(now.tzinfo).date()) == ("valid", day)
    assert sites_with_work(at=now + timedelta(days=8)) == []
    publish(publisher, cast, now + timedelta(days=9))
    assert "不再施行" in page(settings, cast.city, old)
    assert "已废止" in page(settings, cast.city, old, "zwgk/zcwj/index.html")
    assert PublicItem.objects.get(identity=old.identity).turns_at is None


def test_a_killed_release_finds_the_day_again(cast, now, publisher, settings, old, monkeypatch):
    repealing(cast, now, old, effective_on=(now + timedelta(days=9)).date())
    publish(publisher, cast, now)
    later = now + timedelta(days=9)
    with publisher.alone(cast.city.site):
        publisher.plan(cast.city.site, at=later)  # and the process dies before the switch
    assert sites_with_work(at=later) == [cast.city.site]
    publish(Publisher(), cast, later)
    assert "不再施行" in page(settings, cast.city, old)


def test_a_withdrawn_repeal_lets_the_document_stand_again(cast, now, publisher, settings, old):
    new = repealing(cast, now, old)
    publish(publisher, cast, now)
    review = submit_withdrawal(record=new, kind="error", reason="误发", by=cast.city.editor, now=now)
    sign_all(cast.city, review, now=now)
    publish(publisher, cast, now)
    told = page(settings, cast.city, old)
    assert (badges(told), "文件沿革" in told) == ({"有效"}, False)


def test_a_document_expires_after_its_last_day(cast, now, publisher, settings):
    structured(cast.city, now=now)
    record = document(cast.city, now=now, title="澄湖市夏季用电办法", expires_on=now.date())
    reviewed(cast.city, record, now=now)
    publish(publisher, cast, now)
    assert badges(page(settings, cast.city, record)) == {"有效"}
    publish(publisher, cast, now + timedelta(days=1))
    assert "起失效，仅供查阅" in page(settings, cast.city, record)


def test_a_superior_repeals_what_another_site_shows(cast, now, publisher, settings):
    """The other site's pages follow, though nothing was signed there."""
    for tenant in (cast.city, cast.outside):
        structured(tenant, now=now)
    record = document(cast.outside, now=now, title="邻江市停车办法")
    reviewed(cast.outside, record, now=now)
    publish(publisher, cast, now)
    cast.outside.organisation.superior = cast.city.organisation
    save_organisation(organisation=cast.outside.organisation, by=TEST, now=now)
    new = document(cast.city, now=now, title="关于废止部分文件的决定")
    new.repeals.set([record.typed])
    reviewed(cast.city, new, now=now)
    publish(publisher, cast, now)
    publish(publisher, cast, now)
    told = page(settings, cast.outside, record)
    assert "关于废止部分文件的决定" in told
    assert "http://www.chenghu.localhost:8080/" in told
    assert sites_with_work(at=now) == []


def test_a_unit_never_ends_what_another_issued(cast, now, old):
    new = document(cast.outside, now=now, title="关于废止部分文件的决定")
    new.repeals.set([old.typed])
    with pytest.raises(NotReady, match="不由本单位管"):
        reviewed(cast.outside, new, now=now)


def test_a_badge_written_past_the_publisher_is_found(cast, now, publisher, old):
    PublicItem.objects.filter(identity=old.identity).update(validity="repealed")
    assert f"public-item:{old.identity}" in reconcile(now=now).items
    publish(publisher, cast, now)
    assert PublicItem.objects.get(identity=old.identity).validity == "valid"


def test_a_day_taken_out_of_the_calendar_is_found(cast, now, publisher, old):
    repealing(cast, now, old, effective_on=(now + timedelta(days=9)).date())
    publish(publisher, cast, now)
    PublicItem.objects.filter(identity=old.identity).update(turns_at=None)
    assert f"validity:{old.identity}" in reconcile(now=now).items
    publish(publisher, cast, now)
    assert PublicItem.objects.get(identity=old.identity).turns_at is not None
