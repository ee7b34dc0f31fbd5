"""Letters and words come out of the box once, whole, and never get lost."""

import json
from datetime import timedelta

import pytest
from django.conf import settings

from jiyue.foundation.home import Home
from jiyue.foundation.models import AuditEvent
from jiyue.foundation.objects import ObjectStore
from jiyue.interaction.actions import SENDER
from jiyue.interaction.letterbox import LetterBox, NewWord
from jiyue.interaction.models import Case, CaseFile, CaseWord, SetAside
from jiyue.interaction.receiving import empty_box
from jiyue.interaction.sealed import NotOurs, opened
from jiyue.interaction.tickets import write_due
from tests.letters import PHONE, answered, box, dropped, letter, office, word
from tests.pictures import png

pytestmark = pytest.mark.django_db


def read(receipt):
    return box().tickets.read(receipt.number, receipt.code)


def test_a_letter_becomes_a_case_with_its_sender_sealed(cast, now):
    receipt = dropped(cast.city, now=now)
    assert empty_box(now=now) == 1
    case = Case.objects.get()
    assert (case.number, case.state, case.site, case.desk) == (
        receipt.number,
        "received",
        cast.city.site,
        cast.city.site,
    )
    assert (case.received_at, case.consents, case.version) == (now, True, 1)
    assert opened(SENDER, case.number, case.sender) == {"name": "样来信", "phone": PHONE}
    assert PHONE not in repr(Case.objects.values().get())
    assert list(box().waiting()) == []
    assert [step.act for step in case.steps.all()] == ["receive"]


def test_no_word_of_the_sender_reaches_the_trail(cast, now):
    letter(cast.city, now=now, title="独特的标题字样", text="独特的正文字样，内容较长。")
    said = "".join(str(event.data) + event.subject + event.actor_name for event in AuditEvent.objects.all())
    assert [word for word in ("独特的", "样来信", PHONE) if word in said] == []


@pytest.mark.req("INT-03")
def test_a_kill_between_commit_and_removal_makes_one_case(cast, now, monkeypatch):
    dropped(cast.city, now=now)
    with monkeypatch.context() as patch:
        patch.setattr(LetterBox, "taken", lambda *_args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            empty_box(now=now)
    assert empty_box(now=now) == 1
    assert (Case.objects.count(), Case.objects.get().steps.count()) == (1, 1)
    assert list(box().waiting()) == []


def test_attachments_lie_in_the_private_store(cast, now):
    token = "a" * 32
    kept = [box().drafts.keep(token, "照片.png", png())]
    dropped(cast.city, now=now, token=token, files=kept)
    empty_box(now=now)
    file = CaseFile.objects.get()
    assert file.name == "照片.png"
    assert ObjectStore(Home(settings.JIYUE_HOME)).get(file.digest) == png()


def test_what_cannot_be_read_is_set_aside_and_told_once(cast, now):
    receipt = dropped(cast.city, now=now)
    folder = next(box().inside.iterdir())
    (folder / "letter.json").write_text("{damaged")
    assert empty_box(now=now) == 1
    assert (Case.objects.count(), SetAside.objects.get().token) == (0, folder.name)
    assert [path.name[:32] for path in box().damaged.iterdir()] == [folder.name]
    assert AuditEvent.objects.filter(code="interaction.letter_set_aside").count() == 1
    assert empty_box(now=now) == 0
    assert read(receipt)["state"] == "received"  # nobody is told that it does not exist


def test_a_letter_to_a_site_that_is_not_here_is_set_aside(cast, now):
    dropped(cast.city, now=now)
    cast.city.site.host = "gone.chenghu.localhost"
    cast.city.site.save(update_fields=["host"])
    empty_box(now=now)
    assert (Case.objects.count(), SetAside.objects.count()) == (0, 1)


@pytest.mark.req("INT-03")
def test_the_sender_follows_supplements_rates_disputes_and_reopens_once(cast, now):
    people = office(cast.city, now=now)
    receipt = dropped(cast.city, now=now)
    empty_box(now=now)
    case = Case.objects.select_related("site__owner", "desk__owner").get()
    word(case, receipt, "supplement", now=now + timedelta(minutes=1), text="补充：是第三个站牌。")
    assert (case.state, case.words.get().text) == ("received", "补充：是第三个站牌。")
    answered(case, people, now=now + timedelta(hours=1))
    write_due(now=now + timedelta(hours=1))
    seen = read(receipt)
    assert (seen["state"], seen["may"]) == ("answered", ["rate", "dispute", "reopen"])
    assert seen["reply"] == "站牌的灯已于本周修好，请放心乘车。"
    assert [step["text"] for step in seen["steps"]] == [
        "收到您的来信", "您补充了材料", "已受理", "已交澄湖市人民政府办理", "已答复",
    ]  # fmt: skip
    word(case, receipt, "rate", now=now + timedelta(hours=2), score="2")
    assert case.rating == 2
    word(case, receipt, "reopen", now=now + timedelta(hours=3), text="昨晚还是不亮。")
    assert (case.state, case.clock_at, case.rating) == ("handling", now + timedelta(hours=3), None)
    word(case, receipt, "dispute", now=now + timedelta(hours=4), text="还是不亮，太慢了。")
    assert (case.state, CaseWord.objects.get(act="dispute").refused) == ("handling", "收到时信件已不能再这样处理")
    write_due(now=now + timedelta(hours=4))
    assert "dispute" not in read(receipt)["may"]


def test_a_word_twice_is_one_word(cast, now):
    receipt = dropped(cast.city, now=now)
    empty_box(now=now)
    case = Case.objects.get()
    for _time in range(2):
        word(case, receipt, "supplement", now=now, token="b" * 32, text="同一句补充。")
    assert CaseWord.objects.count() == 1


def test_a_word_without_the_senders_proof_is_set_aside(cast, now):
    receipt = dropped(cast.city, now=now)
    empty_box(now=now)
    stranger = box().tickets.issue("0000000000")
    said = NewWord(token="c" * 32, number=receipt.number, act="withdraw", at=now, fields={"text": "撤回"})
    box().drop_word(said, stranger)
    empty_box(now=now)
    assert (Case.objects.get().state, SetAside.objects.get().problem) == ("received", "not the sender's")


def test_a_ticket_is_written_after_a_step_and_not_before(cast, now):
    receipt = dropped(cast.city, now=now)
    empty_box(now=now)
    assert write_due(now=now) == 1
    assert write_due(now=now) == 0
    assert read(receipt)["unit"] == "澄湖市人民政府"


@pytest.mark.parametrize(
    "change",
    [
        {"at": "0001-01-01T00:00:00+00:00"}, {"at": "9999-12-31T23:59:59-12:00"}, {"language": "zh\ud800"},
        {"fields": {"title": "\udfff", "text": "一"}}, {"page": "\ud800"},
    ],
)  # fmt: skip
def test_a_letter_behind_one_that_can_never_be_taken_is_taken(cast, now, change):
    dropped(cast.city, now=now)
    path = next(box().inside.iterdir()) / "letter.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    behind = dropped(cast.city, now=now)
    assert empty_box(now=now) == 2
    assert (Case.objects.get().number, SetAside.objects.get().token) == (behind.number, path.parent.name)


def test_a_word_whose_proof_is_no_seal_at_all_is_set_aside(cast, now):
    receipt = dropped(cast.city, now=now)
    empty_box(now=now)
    said = NewWord(token="c" * 32, number=receipt.number, act="withdraw", at=now, fields={"text": "撤回"})
    box().drop_word(said, box().tickets.issue("0000000000"))
    path = next(box().inside.iterdir()) / "word.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"proof": "不是"}))
    dropped(cast.city, now=now)
    assert empty_box(now=now) == 2
    assert (Case.objects.count(), SetAside.objects.get().problem) == (2, "not the sender's")


@pytest.mark.parametrize("fault", [ValueError, TypeError, OverflowError])
def test_what_breaks_on_the_way_is_set_aside_without_its_words(cast, now, monkeypatch, caplog, fault):
    def broken(**_given):
        raise fault("what the citizen wrote")

    dropped(cast.city, now=now)
    monkeypatch.setattr("jiyue.interaction.receiving.receive", broken)
    assert empty_box(now=now) == 1
    assert SetAside.objects.get().problem == f"damaged: {fault.__name__}" and "citizen" not in caplog.text


def test_a_folder_whose_name_is_no_text_is_set_aside(cast, now):
    (box().inside / "\udcff").mkdir()
    dropped(cast.city, now=now)
    assert empty_box(now=now) == 2
    assert (Case.objects.count(), SetAside.objects.count(), list(box().inside.iterdir())) == (1, 1, [])


def test_our_own_fault_sets_no_letter_aside(cast, now, monkeypatch):
    def broken(**_given):
        raise NotOurs

    dropped(cast.city, now=now)
    monkeypatch.setattr("jiyue.interaction.receiving.receive", broken)
    with pytest.raises(NotOurs):
        empty_box(now=now)
    assert not SetAside.objects.exists() and list(box().inside.iterdir())
