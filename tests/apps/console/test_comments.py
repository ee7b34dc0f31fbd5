"""评论和评价 in the console: the queue, one comment to its answer, many at once, votes in numbers, and orders of a site."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from jiyue.config.letters import attend
from jiyue.content.models import CommentOrder
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.comments import deciding, showing
from jiyue.interaction.comments.examining import examine_all
from jiyue.interaction.models import CommentExamined, CommentStanding
from jiyue.publishing.publisher import Publisher
from tests.campaigns import address_of
from tests.cast import structured
from tests.comments import comment, ordered, page, vote
from tests.letters import office

pytestmark = pytest.mark.django_db
PHONE = "请打 13812345678 找我。"


@pytest.fixture
def desk(cast):
    return office(cast.city, now=timezone.now())


@pytest.fixture
def record(cast, desk, home):
    """On the machine's clock, which is the screens'."""
    ordered(cast.city, desk, now=timezone.now())
    return page(cast.city, now=timezone.now())


def text(answer) -> str:
    return answer.content.decode()


def told(record) -> list[dict]:
    return json.loads(showing.file_of(record).read_bytes())["comments"]


@pytest.mark.req("INT-17")
def test_from_the_queue_to_the_public_answer(cast, sign_in, desk, record):
    first = comment(record, f"写得很清楚。{PHONE}", now=timezone.now())
    second = comment(record, "什么时候再办？", now=timezone.now())
    client, queue = sign_in(desk.handler), reverse("console_comments")
    listed = text(client.get(queue))
    assert "待审核（2）" in listed
    assert "可能是个人信息" in listed
    assert "评论待审核" in text(client.get(reverse("wagtailadmin_home")))
    one = reverse("console_comment", args=[first.pk])
    assert "×××" in text(client.get(one))
    refused = client.post(one, {"act": "show", "show-words": first.text})
    assert refused.status_code == 422
    assert "个人信息" in text(refused)
    assert "照样显示" in text(refused)
    changed = client.post(one, {"act": "show", "show-words": "写得真好"})
    assert changed.status_code == 422
    assert "写得真好" in text(changed)
    covered = "写得很清楚。请打 ××× 找我。"
    done = client.post(one, {"act": "show", "show-words": covered})
    assert done["Location"] == reverse("console_comment", args=[second.pk])
    assert [row["text"] for row in told(record)] == [covered]
    assert client.post(one, {"act": "reply", "reply-text": "谢谢您的意见。"}).status_code == 302
    assert client.post(one, {"act": "approve", "draft": "2"}).status_code == 409
    other = sign_in(desk.replier)
    read = text(other.get(one))
    assert "谢谢您的意见。" in read
    assert read.count('<input type="hidden" name="draft" value="2">') == 2
    assert other.post(one, {"act": "return", "return-reason": "", "draft": "2"}).status_code == 422
    for draft in ("", "1", "x"):
        late = other.post(one, {"act": "approve", "draft": draft})
        assert late.status_code == 409
        assert "看过最新的" in text(late)
        late = other.post(one, {"act": "return", "return-reason": "写清", "draft": draft})
        assert late.status_code == 422
        assert "看过最新的" in text(late)
    assert other.post(one, {"act": "approve", "draft": "2"}).status_code == 302
    assert told(record)[0]["replies"][0]["text"] == "谢谢您的意见。"
    client = sign_in(desk.handler)
    assert client.post(one, {"act": "hide", "hide-reason": "本人要求"}).status_code == 302
    assert told(record) == []
    page_of = text(client.get(one))
    assert "本人要求" in page_of
    assert "隐藏" in page_of
    refusal = client.post(reverse("console_comment", args=[second.pk]), {"act": "refuse", "refuse-ground": "law"})
    assert refusal.status_code == 422
    assert "哪部法律" in text(refusal)


@pytest.mark.req("INT-17")
def test_many_at_once_leave_what_needs_a_look(sign_in, desk, record):
    rows = [comment(record, words, now=timezone.now()) for words in ("好。谢谢", PHONE, "不错不错")]
    client, queue = sign_in(desk.handler), reverse("console_comments")
    answer = client.post(queue, {"act": "show", "comment": [row.pk for row in rows]}, follow=True)
    assert "已处理 2 条" in text(answer)
    assert "1 条没有处理" in text(answer)
    assert len(told(record)) == 2
    assert "请先勾选" in text(client.post(queue, {"act": "refuse", "comment": [rows[1].pk]}, follow=True))
    assert client.post(queue, {"act": "refuse", "ground": "person", "comment": [rows[1].pk]}).status_code == 302
    assert CommentStanding.objects.get(comment=rows[1]).state == "refused"
    assert "请先勾选" in text(client.post(queue, {"act": "show", "comment": ["x", "9" * 30]}, follow=True))


@pytest.mark.req("SECU-22")
def test_others_read_or_find_nothing(cast, sign_in, desk, record):
    found = comment(record, now=timezone.now())
    one = reverse("console_comment", args=[found.pk])
    for who in (desk.clerk, desk.replier):
        client = sign_in(who)
        assert "您可以查看" in text(client.get(one)) or who == desk.replier
        refused = client.post(one, {"act": "show", "show-words": found.text})
        assert refused.status_code == 422
        assert "不由您审核" in text(refused)
        bulk = client.post(reverse("console_comments"), {"act": "show", "comment": [found.pk]}, follow=True)
        assert "1 条没有处理" in text(bulk)
    for who in (cast.city.editor, cast.outside.editor, cast.city.manager):
        assert sign_in(who).get(one).status_code == 404
    assert not showing.file_of(record).exists()


@pytest.mark.req("INT-18")
def test_votes_in_numbers_with_reasons_and_as_a_table(cast, sign_in, desk, record):
    for n in range(6):
        vote(record, "no" if n else "yes", f"第{n}步看不懂" if n == 3 else "", now=timezone.now())
    attend(timezone.now())
    client = sign_in(desk.clerk)
    listed = text(client.get(reverse("console_page_votes")))
    assert record.title in listed
    assert "17%" in listed
    assert "第3步看不懂" in text(client.get(reverse("console_page_votes_of", args=[record.pk])))
    assert client.get(reverse("console_page_votes_export"))["Content-Type"].endswith("sheet")
    assert AuditEvent.objects.filter(code="interaction.comment_votes_exported").count() == 1
    assert sign_in(cast.city.editor).get(reverse("console_page_votes_of", args=[record.pk])).status_code == 404


@pytest.mark.req("INT-17")
def test_a_manager_opens_one_page_and_the_signers_read_it(cast, sign_in, desk, home):
    now = timezone.now()
    structured(cast.city, now=now)
    record = page(cast.city, now=now)
    Publisher().publish(cast.city.site, now=now)
    client, screen = sign_in(cast.city.manager), reverse("console_comment_orders", args=[cast.city.site.pk])
    assert "还没有开放评论和评价" in text(client.get(screen))
    wrong = client.post(screen, {"record": "/nothing/1.html", "takes_comments": "on", "named": "样管理"})
    assert wrong.status_code == 422
    assert "没有找到这个网页" in text(wrong)
    assert "样管理" in text(wrong)
    lacking = client.post(screen, {"record": address_of(record), "takes_comments": "on", "named": "样管理"})
    assert "要指定评论管理员" in text(lacking)
    given = {
        "record": address_of(record), "takes_comments": "on", "named": "样管理", "keeper": desk.handler.pk,
        "closes_at": "2099-01-01T08:00",
    }  # fmt: skip
    assert client.post(screen, given).status_code == 302
    order = CommentOrder.objects.get()
    assert (order.record_id, order.takes_votes) == (record.pk, False)
    assert record.title in text(client.get(f"{screen}?order={order.pk}"))
    structure = text(client.get(reverse("console_structure", args=[cast.city.site.pk])))
    assert f"审核账号：{desk.handler.username}" in structure
    assert "2099-01-01 08:00" in structure
    end = reverse("console_comment_order_end", args=[order.pk])
    assert record.title in text(client.get(end))
    assert client.post(end).status_code == 302
    assert not CommentOrder.objects.exists()
    assert sign_in(cast.city.editor).post(screen, given).status_code == 404


@pytest.mark.req("INT-17")
def test_an_order_that_gets_another_place_moves_there(cast, sign_in, desk, home):
    now, column = timezone.now(), cast.city.columns["yw"]
    order = ordered(cast.city, desk, now=now, signed=False)
    client, screen = sign_in(cast.city.manager), reverse("console_comment_orders", args=[cast.city.site.pk])
    change = f"{screen}?order={order.pk}"
    assert "这条安排就移到那里" in text(client.get(change))
    given = {"takes_comments": "on", "named": "样管理", "keeper": desk.handler.pk}
    assert client.post(change, {**given, "column": column.pk}).status_code == 302
    [moved] = CommentOrder.objects.all()
    assert (moved.pk, moved.column, moved.named) == (order.pk, column, "样管理")
    told = AuditEvent.objects.filter(code="interaction.comment_order").order_by("sequence")
    assert [event.data["comment_order_act"] for event in told][-2:] == ["ended", "set"]
    assert client.post(screen, given).status_code == 302  # without a name of an order it is a new one
    refused = client.post(change, given)
    assert refused.status_code == 422 and "已有安排" in text(refused)
    assert CommentOrder.objects.count() == 2
    moved.delete()
    gone = client.post(f"{screen}?order={order.pk}", {**given, "column": column.pk})
    assert gone.status_code == 302  # taken back meanwhile: what was typed is an order of its own
    assert "键盘快捷键" in text(sign_in(desk.handler).get(reverse("console_comments")))


@pytest.mark.req("COL-16")
def test_what_the_night_found_in_a_shown_comment_has_a_tab_and_can_be_let_stand(cast, sign_in, desk, record):
    found = comment(record, f"窗口真好。{PHONE}", now=timezone.now())
    deciding.show(comment=found, words=found.text, by=desk.handler, now=timezone.now(), looked=True)
    CommentExamined.objects.all().delete()  # shown before nights looked through comments
    examine_all(now=timezone.now())
    client, queue, one = sign_in(desk.handler), reverse("console_comments"), reverse("console_comment", args=[found.pk])
    listed = text(client.get(f"{queue}?tab=doubtful"))
    assert "复查有疑问（1）" in listed
    assert found.number in listed
    assert "公开 1 条，读过 1 条，新有疑问 1 条" in listed
    assert "评论复查有疑问" in text(client.get(reverse("wagtailadmin_home")))
    assert "看过，照旧显示" in text(client.get(one))
    assert "看过，照旧显示" not in text(sign_in(desk.clerk).get(one))
    assert sign_in(desk.clerk).post(one, {"act": "stand"}).status_code == 409
    assert sign_in(desk.handler).post(one, {"act": "stand"}).status_code == 409  # without what stood on her screen
    assert sign_in(desk.handler).post(one, {"act": "stand", "seen": "13812345678"}).status_code == 302
    assert "复查有疑问（0）" in text(client.get(queue))
    assert sign_in(desk.handler).post(one, {"act": "stand"}).status_code == 409
