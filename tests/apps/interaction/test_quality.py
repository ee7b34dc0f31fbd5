"""Replies that are wanting: hints for who reads them, marks by a checker, before and after they were sent, counted."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import handling, quality
from jiyue.interaction.duties import LetterSource
from jiyue.interaction.models import Case, Reply, ReplyMark
from jiyue.interaction.statistics import letter_statistics
from jiyue.interaction.stepping import NotYours
from jiyue.obligations.engine import refresh
from tests.apps.interaction.test_handling import under
from tests.letters import answered, dropped, handled, letter, office, word

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EMPTY = "您反映的问题已收悉，我们将加强管理，感谢您的关心。"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def statistics(desk, now, **span):
    day = local(now).date()
    return letter_statistics(
        Site.objects.filter(pk=desk.tenant.site.pk), since=span.get("since", day), until=span.get("until", day), now=now,
        whole="合计",
    )  # fmt: skip


@pytest.mark.req("INT-09")
def test_a_reviewer_returns_an_empty_reply_and_marks_it(desk, now):
    case = handled(letter(desk.tenant, now=now), desk, now=now)
    handling.submit_reply(case=case, text=EMPTY, by=desk.handler, now=now)
    reply = Reply.objects.select_related("case__desk").get()
    assert any("套话" in hint for hint in quality.hints_for(reply))
    with pytest.raises(NotYours):
        quality.return_marked(case=case, fault="empty", reason="什么都没说", by=desk.handler, now=now)
    assert not ReplyMark.objects.exists()
    quality.return_marked(case=case, fault="empty", reason="没有说什么时候修", by=desk.replier, now=now)
    reply.refresh_from_db()
    assert (reply.state, case.state, ReplyMark.objects.get().fault) == ("returned", "handling", "empty")
    assert statistics(desk, now).whole.marked == 1


@pytest.mark.req("MON-04", "INT-09")
def test_a_supervisor_marks_after_the_fact_and_the_marks_are_counted(cast, desk, now):
    case = answered(letter(desk.tenant, now=now), desk, now=now, text=EMPTY)
    reply = Reply.objects.select_related("case__desk").get()
    for person in (desk.handler, cast.city.editor, office(cast.outside, now=now).replier, cast.operator):
        with pytest.raises(NotYours):
            quality.mark_reply(reply=reply, fault="empty", why="空话", by=person, now=now)
    for wrong in ({"fault": "bad", "why": "空话"}, {"fault": "empty", "why": " "}):
        with pytest.raises(ValidationError):
            quality.mark_reply(reply=reply, by=cast.supervisor, now=now, **wrong)
    quality.mark_reply(reply=reply, fault="evasive", why="没有说由谁修", by=cast.supervisor, now=now)
    with pytest.raises(ValidationError, match="已经标记过"):
        quality.mark_reply(reply=reply, fault="empty", why="再来一次", by=cast.supervisor, now=now)
    event = AuditEvent.objects.get(code="interaction.reply_marked")
    assert (event.data["reply_fault"], event.subject) == ("evasive", f"letter:{case.pk}")
    assert statistics(desk, now).units[0].marked == 1 and case.state == "answered"


def test_statistics_by_unit_and_person_count_what_happened(cast, desk, now):
    under(cast, "hebi", now=now)
    receipt = dropped(desk.tenant, now=now)
    case = letter(desk.tenant, now=now, title="另一封")
    done = answered(Case.objects.get(number=receipt.number), desk, now=now)
    word(done, receipt, "rate", now=now, score="2")
    refresh(LetterSource(), now=now)
    day = local(now).date()
    found = statistics(desk, now + 30 * DAY, since=day, until=day)
    assert (found.whole.received, found.whole.answered, found.whole.open, found.whole.late) == (2, 1, 1, 1)
    assert (found.whole.median, found.whole.satisfied, found.whole.rated) == (0, 0, 1)
    assert {(line.name, line.received) for line in found.people} == {("", 1), (desk.handler.name, 1)}
    assert (
        case.number and statistics(desk, now, since=local(now).date() + DAY, until=local(now).date() + DAY).units == []
    )
