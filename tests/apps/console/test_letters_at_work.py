"""What makes the work on letters quicker on the screen: many at once, texts for answers, the whole file, single keys."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from jiyue.domain.cases import Act
from jiyue.interaction import bulk
from jiyue.interaction.models import BulkStep, Case, CaseFile, Reply, TextBlock
from jiyue.interaction.text_blocks import keep_block
from tests.letters import PHONE, answered, handled, letter, office

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def confirmation(page: bytes) -> dict[str, list[str]]:
    """What the button that does it would send."""
    form = next(form for form in LexborHTMLParser(page).css("main form, form") if form.css_first("[name=step]"))
    sent: dict[str, list[str]] = {}
    for field in form.css("input"):
        sent.setdefault(field.attributes["name"], []).append(field.attributes.get("value") or "")
    sent.pop("csrfmiddlewaretoken", None)
    return sent


@pytest.mark.req("INT-02")
def test_many_letters_are_chosen_foreseen_and_returned_with_one_reason(cast, desk, sign_in, now):
    cases = [letter(cast.city, now=now, title=f"广告{n}") for n in range(3)]
    handled(cases[2], desk, now=now)
    client, address = sign_in(desk.clerk), reverse("console_letters_bulk")
    chosen = {"letter": [case.pk for case in cases], "act": "return"}
    assert "先填写" in client.get(address, chosen).content.decode()
    empty = client.post(address, {**chosen, "reason": ""})
    assert empty.status_code == 422
    foreseen = client.post(address, {**chosen, "reason": "属于商业广告"})
    assert "会办理的 2 封" in foreseen.content.decode() and "不办理的 1 封" in foreseen.content.decode()
    sent = confirmation(foreseen.content)
    for _time in range(2):
        done = client.post(address, sent)
        assert done.status_code == 302
    assert "已办理 2" in client.get(done["Location"]).content.decode()
    assert list(Case.objects.order_by("pk").values_list("state", flat=True)) == ["returned", "returned", "handling"]
    assert BulkStep.objects.count() == 2
    assert sign_in(desk.handler).get(done["Location"]).status_code == 404


def test_nothing_chosen_too_many_and_foreign_letters_are_told(cast, desk, sign_in, now):
    foreign = letter(cast.outside, now=now)
    client, address = sign_in(desk.clerk), reverse("console_letters_bulk")
    assert "没有选中信件" in client.get(address).content.decode()
    assert "没有选中信件" in client.get(address, {"letter": [foreign.pk, "x"], "act": "accept"}).content.decode()
    assert "一次最多选 100 封" in client.get(address, {"letter": range(101), "act": "accept"}).content.decode()


def test_what_stopped_half_way_says_so_and_goes_on(cast, desk, sign_in, now):
    case = letter(cast.city, now=now)
    row = BulkStep.objects.create(token="b2" * 16, case=case, version=1, act="accept", by=desk.clerk, asked_at=now)
    client, address = sign_in(desk.clerk), reverse("console_letters_bulk_done", args=[row.pk])
    assert "还有 1 封没有办" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    case.refresh_from_db()
    assert (case.state, "接着办" in client.get(address).content.decode()) == ("accepted", False)


def test_chosen_letters_are_exported_without_their_senders_and_printed_each_from_a_new_sheet(cast, desk, sign_in, now):
    cases = [letter(cast.city, now=now, title=f"信{n}", name="样来信") for n in range(2)]
    client, address = sign_in(desk.clerk), reverse("console_letters_bulk")
    chosen = {"letter": [case.pk for case in cases], "act": "export"}
    table = client.post(address, confirmation(client.get(address, chosen).content))
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(table.content)).active]
    assert [row[0] for row in rows[1:]] == [case.number for case in cases]
    assert "样来信" not in str(rows) and PHONE not in str(rows)
    printed = client.get(client.get(address, {**chosen, "act": "print"})["Location"]).content.decode()
    assert printed.count("cl-whole") == 2 and "样来信" not in printed


@pytest.mark.req("INT-09")
def test_a_text_is_put_into_the_draft_and_nothing_typed_is_lost(cast, desk, sign_in, now):
    case = handled(letter(cast.city, now=now), desk, now=now)
    given = {"site": case.desk, "title": "收悉", "text": "您的来信{编号}收悉。", "by": desk.clerk, "now": now}
    block = keep_block(own=False, **given)
    client, address = sign_in(desk.handler), reverse("console_letter", args=[case.pk])
    assert "收悉" in client.get(address).content.decode()
    data = {"act": "insert", "block": block.pk, "submit-text": "正在写的话", "submit-version": case.version}
    shown = client.post(address, data)
    draft = LexborHTMLParser(shown.content).css_first("[name=submit-text]").text()
    assert draft.strip() == f"正在写的话\n您的来信{case.number}收悉。"
    assert not Reply.objects.exists()
    nothing = client.post(address, {**data, "block": ""}).content.decode()
    assert "正在写的话" in nothing and "请先选择要插入的模板" in nothing


def test_how_the_same_was_answered_before_stands_beside_the_draft(cast, desk, sign_in, now):
    before = answered(letter(cast.city, now=now), desk, now=now, text="路灯和站牌的灯已经修好。")
    case = handled(letter(cast.city, now=now, title="另一处公交站牌看不清"), desk, now=now)
    client, address = sign_in(desk.handler), reverse("console_letter", args=[case.pk])
    assert "路灯和站牌的灯已经修好。" in client.get(address).content.decode()
    sent = {"quote": before.pk, "submit-text": "已写的", "submit-version": case.version}
    draft = LexborHTMLParser(client.post(address, sent).content).css_first("[name=submit-text]").text()
    assert draft.strip() == "已写的\n路灯和站牌的灯已经修好。"


def test_texts_are_kept_on_a_screen_by_who_may(cast, desk, sign_in, now):
    client = sign_in(desk.handler)
    site = cast.city.site.pk
    given = {"site": site, "whose": "unit", "title": "结尾", "text": "感谢您的来信。"}
    refused = client.post(reverse("console_text_block_new"), given)
    assert (refused.status_code, "感谢您的来信。" in refused.content.decode()) == (422, True)
    assert client.post(reverse("console_text_block_new"), {**given, "whose": "own"}).status_code == 302
    block = TextBlock.objects.get()
    address = reverse("console_text_block", args=[block.pk])
    changed = {**given, "whose": "own", "text": "谢谢您。", "version": block.version}
    assert client.post(address, changed).status_code == 302
    assert "谢谢您。" in client.get(reverse("console_text_blocks")).content.decode()
    assert sign_in(desk.clerk).get(address).status_code == 404
    assert sign_in(desk.handler).post(address, {"act": "remove"}).status_code == 302
    assert not TextBlock.objects.exists()


def test_the_whole_file_has_the_digests_of_attachments_and_who_confirmed_what(cast, desk, sign_in, now):
    case = answered(letter(cast.city, now=now), desk, now=now)
    CaseFile.objects.create(case=case, token="f" * 32, n=1, name="照片.png", digest="sha256:" + "ab" * 32, size=9)
    paper = sign_in(cast.supervisor).get(reverse("console_letter_print", args=[case.pk])).content.decode()
    assert "ab" * 32 in paper and "照片.png" in paper and "文字关" in paper
    assert PHONE not in paper and "样来信" not in paper


def test_single_keys_are_told_and_can_be_switched_off(cast, desk, sign_in, now):
    letter(cast.city, now=now)
    page = LexborHTMLParser(sign_in(desk.clerk).get(reverse("console_letters")).content)
    assert page.css_first("[data-keys-open]").attributes.get("hidden", "no") != "no"  # a script shows it
    assert page.css_first("dialog[data-keys] input[type=checkbox]") is not None
    assert {node.text() for node in page.css("dialog[data-keys] kbd")} == set("jkox/urp?")


@pytest.mark.req("INT-02")
def test_who_lost_the_page_finds_in_the_inbox_what_stopped_and_what_came_of_it(cast, desk, sign_in, now):
    at = timezone.now()
    cases = [letter(cast.city, now=now, title=f"第{n}封") for n in range(3)]
    bulk.ask(token="c3" * 16, cases=cases, act=Act.ACCEPT, given={}, by=desk.clerk, now=at)
    first = BulkStep.objects.earliest("pk")
    bulk._carried_out(first.pk, desk.clerk, at)  # and then the process was gone
    client, address = sign_in(desk.clerk), reverse("console_letters_bulk_done", args=[first.pk])
    inbox = client.get(reverse("console_letters")).content.decode()
    assert "停在一半，还有 2 封没有办" in inbox and address in inbox
    assert client.post(address).status_code == 302
    inbox = client.get(reverse("console_letters")).content.decode()
    assert "停在一半" not in inbox and "已办理 3 封，没有办成 0 封" in inbox
    assert "批量办理" not in sign_in(desk.handler).get(reverse("console_letters")).content.decode()
    BulkStep.objects.update(asked_at=at - bulk.REMEMBERED)
    assert "批量办理" not in sign_in(desk.clerk).get(reverse("console_letters")).content.decode()
