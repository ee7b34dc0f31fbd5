"""A letter all the way: typed on the site's page, taken into the database, accepted, seen by its sender, withdrawn by her."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings

from jiyue.config.letters import attend
from jiyue.foundation.home import Home
from jiyue.interaction.actions import accept
from jiyue.interaction.models import Case
from jiyue.publishing.publisher import Publisher
from tests.apps.portal.counter_home import counting
from tests.cast import structured
from tests.letters import office

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def test_a_letter_is_written_taken_in_accepted_followed_and_withdrawn(cast, home):
    now = datetime.now(UTC)  # as the counter, whose clock is the machine's
    structured(cast.city, now=now)
    Publisher().publish(cast.city.site, now=now)
    people = office(cast.city, now=now)
    with counting(Home(settings.JIYUE_HOME), cast.city.site.host) as city:
        typed = {"title": "路灯不亮", "text": "湖滨路北段的路灯三天不亮了。"}
        form = city.form("/hudong/write?kind=help").send(files=(("照片.png", PNG),), **typed)
        form = form.send(name="测试甲", phone="000-1234567", public="yes")
        receipt = form.send("send", human=form.answer()).text
        number, code = re.search(r"\d{8}-\d{6}", receipt)[0], re.search(r"\d{3} \d{3} \d{4}", receipt)[0]
        attend(now=datetime.now(UTC))
        case = Case.objects.get(number=number)
        assert (case.title, case.kind, case.site, case.files.count()) == ("路灯不亮", "help", cast.city.site, 1)
        accept(case=case, by=people.clerk, now=datetime.now(UTC))
        attend(now=datetime.now(UTC))
        followed = city.form("/hudong/follow").send(number=number, code=code)
        assert "已受理" in followed.text and cast.city.organisation.name in followed.text
        assert "测试甲" not in followed.text and "000-1234567" not in followed.text
        said = {"number": number, "code": code, "act": "withdraw", "token": "a" * 32}
        assert "收到了" in city.post("/hudong/follow", said).body.decode()
        attend(now=datetime.now(UTC))
        assert "已撤回" in city.form("/hudong/follow").send(number=number, code=code).text
        case.refresh_from_db()
        assert case.state == "withdrawn" and list(city.box.waiting()) == []
