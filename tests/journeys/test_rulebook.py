"""The overseer changes a reply limit from a day on; what began before keeps the old one, and the reason can be read."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiyue.domain.duties import Fact
from jiyue.obligations.changing import apply_changes
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.rules.models import Override
from tests.apps.rules.decisions import assigned, overseers

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Letters:
    """Letters of citizens, which a later part of the platform will receive."""

    code = "letters"
    parameters = ("message.reply",)

    def __init__(self, site, *received: datetime) -> None:
        self.site, self.received = site, received

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        for number, moment in enumerate(self.received):
            yield Fact(
                parameter="message.reply", subject=f"letter:{number}", title=f"第 {number + 1} 封来信",
                unit=self.site.owner_id, site=self.site.pk, started_at=moment,
            )  # fmt: skip


@pytest.mark.req("CAL-03")
def test_a_reply_limit_is_changed_from_a_day_on(cast, client):
    begun = timezone.now() - DAY
    city = cast.city
    pair = overseers(city.organisation, now=begun)
    everywhere = overseers(None, now=begun, prefix="quan")
    assigned(city.organisation, "hebi", timezone.localdate(begun), everywhere, now=begun)
    refresh(Letters(city.site, begun), now=begun)

    tomorrow = timezone.localdate() + DAY
    row = proposed(client, pair[0], city.organisation, tomorrow)
    page = opened(client, pair[1], "console_change", "override", row.pk)
    assert "5 个工作日" in page
    assert "3 个工作日" in page
    assert "现在有 1 个未完成事项在起用日期以前开始，仍按原来的规定" in page
    answered = client.post(reverse("console_change", args=["override", row.pk]), {"answer": "yes", "reply": "同意"})
    assert answered.status_code == 302

    later = timezone.now() + 2 * DAY
    letters = Letters(city.site, begun, later)
    apply_changes(sources=[letters], now=later)
    refresh(letters, now=later + DAY)
    first, second = Obligation.objects.order_by("started_at")
    assert str(first.answer.limit) == "5 working-days"
    assert str(second.answer.limit) == "3 working-days"
    assert second.answer.basis[0].document == "澄湖市留言办理规定"

    history = opened(client, city.editor, "console_parameter", "message.reply", on=f"{tomorrow}")
    assert "本地调整" in history
    assert "3 个工作日" in history


@pytest.mark.req("CAL-02")
def test_a_supervisor_opens_a_late_item_and_reads_article_and_days(cast, client):
    begun = timezone.now() - 30 * DAY
    everywhere = overseers(None, now=begun, prefix="quan")
    assigned(cast.city.organisation, "hebi", timezone.localdate(begun), everywhere, now=begun)
    refresh(Letters(cast.city.site, begun), now=timezone.now())
    page = opened(client, cast.supervisor, "console_duty", Obligation.objects.get().pk)
    assert "鹤壁市政府网站统一技术平台管理办法（试行）" in page
    assert "第二十九条" in page
    assert "第 5 个工作日" in page
    assert "周末" in page


def proposed(client, person, unit, day) -> Override:
    facts = {
        "scope": f"unit:{unit.pk}", "from_on": f"{day}", "limit_0": "3", "limit_1": "working-days", "number": "",
        "document": "澄湖市留言办理规定", "article": "第三条", "grounds": "本地要求更高",
    }  # fmt: skip
    client.force_login(person)
    answer = client.post(reverse("console_override_new", args=["message.reply"]), facts)
    assert answer.status_code == 302, answer.content.decode()
    return Override.objects.get()


def opened(client, person, view: str, /, *args, **query) -> str:
    client.force_login(person)
    answer = client.get(reverse(view, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()
