"""Every night what readers see of comments is looked through again; what is found waits for the keeper (COL-16)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.config.running import examination
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.comments import deciding, examining
from jiyue.interaction.comments.examining import doubtful, examine_all, let_stand, open_doubts
from jiyue.interaction.comments.hints import doubts_in
from jiyue.interaction.comments.queries import todo_for
from jiyue.interaction.models import Comment, CommentExamined, CommentNight
from jiyue.review.checking import engine_for
from tests.comments import comment, ordered, page
from tests.letters import office

pytestmark = [pytest.mark.django_db, pytest.mark.req("COL-16")]
NIGHT = timedelta(hours=16)
NUMBER = "13812345678"
CALL = f"办事窗口的电话是 {NUMBER}，打得通。"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


@pytest.fixture
def record(cast, now, home, desk):
    ordered(cast.city, desk, now=now)
    return page(cast.city, now=now)


def shown_long_ago(record, desk, now) -> Comment:
    """Shown before any night looked through comments: nobody has said yet that the number may stand."""
    found = shown(record, desk, now, looked=True)
    CommentExamined.objects.all().delete()
    return found


def shown(record, desk, now, text=CALL, **how) -> Comment:
    found = comment(record, text, now=now)
    deciding.show(comment=found, words=text, by=desk.handler, now=now, **how)
    return Comment.objects.select_related("record__site__owner", "standing").get(pk=found.pk)


def test_a_quiet_night_is_recorded_and_asks_nobody(cast, record, desk, now):
    shown(record, desk, now, "写得很清楚。")
    shown(record, desk, now, CALL, looked=True)  # with the hint beside it
    comment(record, f"没有显示过，{NUMBER}", now=now)
    assert examination() == 0
    again = examine_all(now=now + NIGHT + timedelta(days=1))[record.site.host]
    assert (again.public, again.read, again.found) == (2, 0, 0)
    assert not doubtful(Comment.objects.all()).exists()
    assert CommentNight.objects.count() == 2
    assert AuditEvent.objects.filter(code="interaction.comments_examined").count() == 2


def test_what_the_checks_see_only_later_waits_for_the_keeper_until_she_has_looked(cast, record, desk, now):
    found = shown_long_ago(record, desk, now)
    night = now + NIGHT + timedelta(days=1)
    told = examine_all(now=night)[record.site.host]
    assert (told.public, told.read, told.found) == (1, 1, 1)
    assert open_doubts(found) == [NUMBER]
    assert [(todo.ref, todo.what) for todo in todo_for(desk.handler)] == [(str(found.pk), "评论复查有疑问")]
    assert todo_for(desk.clerk) == []
    with pytest.raises(PermissionDenied):
        let_stand(comment=found, seen=[NUMBER], by=desk.clerk, now=night)
    with pytest.raises(ValidationError, match="又查出别的"):
        let_stand(comment=found, seen=[], by=desk.handler, now=night)
    assert examine_all(now=night)[record.site.host].found == 0  # told once
    let_stand(comment=found, seen=[NUMBER], by=desk.handler, now=night)
    with pytest.raises(ValidationError, match="没有要看的疑问"):
        let_stand(comment=found, seen=[NUMBER], by=desk.handler, now=night)
    assert todo_for(desk.handler) == []
    event = AuditEvent.objects.get(code="interaction.comment_doubts_cleared")
    assert (event.data["number"], NUMBER in str(event.data)) == (found.number, False)
    CommentExamined.objects.update(engine="an older program")
    assert examine_all(now=night + timedelta(days=1))[record.site.host].found == 0  # she let it stand


def test_what_is_hidden_or_covered_is_in_doubt_no_more(cast, record, desk, now):
    found = shown_long_ago(record, desk, now)
    night = now + NIGHT + timedelta(days=1)
    examine_all(now=night)
    deciding.hide(comment=found, reason="有手机号码", by=desk.handler, now=night)
    assert todo_for(desk.handler) == []
    deciding.show(comment=found, words=CALL.replace(NUMBER, "×××"), by=desk.handler, now=night)
    assert open_doubts(found) == []
    assert examine_all(now=night + timedelta(days=1))[record.site.host].found == 0


def test_an_answer_below_is_looked_through_as_well(cast, record, desk, now):
    found = shown(record, desk, now, "窗口的电话打不通。")
    draft = deciding.write_reply(comment=found, text="已经修好，谢谢提醒。", by=desk.handler, now=now)
    assert examine_all(now=now)[record.site.host].read == 0  # nobody reads the draft
    deciding.approve_reply(comment=found, draft=draft.number, by=desk.replier, now=now)
    assert examine_all(now=now + NIGHT)[record.site.host].read == 1
    assert doubts_in("窗口的电话打不通。", (f"请改打 {NUMBER}。",), engine_for(record.site, now=now).settings) == [
        NUMBER
    ]


def test_a_run_that_is_cut_off_loses_no_count_and_a_broken_row_stops_no_other_site(
    cast, record, desk, now, monkeypatch
):
    for n in range(3):
        shown(record, desk, now, f"第 {n} 条，{NUMBER}", looked=True)
    CommentExamined.objects.all().delete()
    monkeypatch.setattr("jiyue.interaction.comments.examining.MANY", 1)
    looked, whole = [], examining.doubts_in

    def cut_off(*given):
        if len(looked) == 2:
            raise SystemExit
        looked.append(given)
        return whole(*given)

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(examining, "doubts_in", cut_off)
        examine_all(now=now)
    examine_all(now=now)
    night = CommentNight.objects.get()
    assert (night.public, night.read, night.found) == (3, 3, 3)
    # A standing that says "shown" without the act: nobody reads that comment, and nothing stumbles over it.
    odd = comment(record, "没有人显示过", now=now)
    odd.standing.state = "shown"
    odd.standing.save()
    assert examine_all(now=now + NIGHT + timedelta(days=1))[record.site.host].public == 4
