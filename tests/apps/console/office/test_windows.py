"""飘窗: one form, a close button, an end – from the plan of a manager to the home page and away again (PAGE-07)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from jiyue.estate.models import FloatingWindow
from jiyue.estate.windows import end_window, plan_window
from jiyue.foundation.home import Home
from jiyue.publishing.agenda import sites_with_work
from jiyue.publishing.publisher import Publisher
from tests.cast import TEST, structured

pytestmark = [pytest.mark.django_db, pytest.mark.req("PAGE-07")]


def window(tenant, now, *, hours=(0, 48), title="义务植树报名", address="/zwdt/") -> FloatingWindow:
    begins, ends = (now + timedelta(hours=each) for each in hours)
    made = FloatingWindow(site=tenant.site, title=title, address=address, starts_at=begins, until=ends)
    return plan_window(window=made, by=TEST, now=now)


def shown(tenant, home):
    page = HTMLParser((Home(home).public_root(tenant.site.host) / "index.html").read_text())
    return page.css_first("details.floating-window")


def test_it_is_up_from_its_beginning_to_its_end_and_goes_without_anybody(cast, now, home):
    city, publisher = cast.city, Publisher()
    structured(city, now=now)
    publisher.publish(city.site, now=now)
    window(city, now, hours=(2, 48))
    structured(city, now=now + timedelta(hours=1))
    publisher.publish(city.site, now=now + timedelta(hours=1))
    assert shown(city, home) is None
    before = publisher.deployer.newest(city.site.host)
    for hours, up in ((3, True), (47, True), (49, False)):
        for site in sites_with_work(at=now + timedelta(hours=hours)):
            publisher.publish(site, now=now + timedelta(hours=hours))
        found = shown(city, home)
        assert (found is not None) == up
        if up:
            assert found.css_first("a").attributes["href"] == "/zwdt/"
            assert "关闭" in found.css_first("summary").text() and "open" in found.attributes
    assert publisher.deployer.newest(city.site.host).sequence == before.sequence + 2, "one release up, one down"


def test_there_is_one_at_a_time_and_never_one_without_an_end(cast, now):
    window(cast.city, now)
    with pytest.raises(ValidationError, match="同一时间只能有一个飘窗"):
        window(cast.city, now, hours=(10, 20), title="第二个")
    window(cast.city, now, hours=(48, 50), title="接着的")
    window(cast.outside, now)
    for hours, said in (((5, 5), "晚于开始时间"), ((-5, -1), "已经过去")):
        with pytest.raises(ValidationError, match=said):
            window(cast.city, now, hours=hours)
    with pytest.raises(ValidationError, match="以 / 开头"):
        window(cast.city, now, hours=(60, 70), address="javascript:alert(1)")


def test_one_that_is_cancelled_makes_room_and_is_cancelled_once(cast, now):
    first = window(cast.city, now)
    end_window(window=first, by=TEST, now=now)
    with pytest.raises(ValidationError, match="已经结束"):
        end_window(window=first, by=TEST, now=now)
    assert window(cast.city, now, title="另一个").pk


def test_the_manager_plans_and_cancels_it_on_a_screen_and_nobody_else(cast, client):
    city, at = cast.city, timezone.localtime()
    address = reverse("console_windows", args=[city.site.pk])
    moments = {"starts_at": f"{at:%Y-%m-%dT%H:%M}", "until": f"{at + timedelta(days=2):%Y-%m-%dT%H:%M}"}
    client.force_login(city.manager)
    wrong = client.post(address, {"title": "植树", "address": "ftp://x", **moments})
    assert wrong.status_code == 422 and "植树" in wrong.content.decode()
    client.post(address, {"title": "植树", "address": "/zwdt/", **moments})
    row = FloatingWindow.objects.get()
    changes = client.get(reverse("console_structure", args=[city.site.pk])).content.decode()
    assert "首页飘窗" in changes and "植树 /zwdt/" in changes
    down = reverse("console_window_down", args=[row.pk])
    for other, status in ((cast.outside.manager, {404}), (city.editor, {302, 403, 404})):
        client.force_login(other)
        assert client.post(down).status_code in status
        assert client.post(address, {"title": "别人", "address": "/x/", **moments}).status_code in {302, 403, 404}
    row.refresh_from_db()
    assert row.ended_at is None and FloatingWindow.objects.count() == 1
    client.force_login(city.manager)
    client.post(down)
    row.refresh_from_db()
    assert row.ended_at is not None
