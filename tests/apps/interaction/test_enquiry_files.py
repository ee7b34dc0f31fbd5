"""Files in live enquiries: private both ways, once, and in the letter that the visitor makes of it."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404

from jiyue.domain.letter_files import FileRefused
from jiyue.foundation.home import Home
from jiyue.foundation.models import AuditEvent
from jiyue.foundation.objects import ObjectStore
from jiyue.interaction.enquiries import actions, desks, telling
from jiyue.interaction.enquiries.policies import fetch_enquiry_file_for
from jiyue.interaction.enquiries.taking import empty_box
from jiyue.interaction.letterbox import Drafts
from jiyue.interaction.letterbox.talks import key_of, room_of, ticket_of
from jiyue.interaction.models import Case, EnquiryFile, SetAside
from jiyue.interaction.receiving import empty_box as empty_letters
from tests.enquiries import Visitor, desk_of, talk_box
from tests.letters import dropped, office

pytestmark = pytest.mark.django_db
CANARY = b"ying-wu-canary"
PNG, PDF = b"\x89PNG\r\n\x1a\n" + CANARY, b"%PDF-1.7 " + CANARY
TOKEN = "e" * 32


@pytest.fixture
def people(cast, now, home):
    return office(cast.city, now=now)


@pytest.fixture
def talking(cast, people, now):
    desks.come_on_duty(desk=desk_of(cast.city, now=now), by=people.clerk, now=now)
    visitor = Visitor(cast.city.site.host)
    actions.take(enquiry=visitor.begin("老年卡在哪里换？", now=now), by=people.clerk, now=now)
    return visitor


def store() -> ObjectStore:
    return ObjectStore(Home(settings.JIYUE_HOME))


def handed(talking, people, now, *, text: str = "", name: str = "网点.pdf", data: bytes = PDF, token: str = TOKEN):
    drafts = Drafts(Home(settings.JIYUE_HOME))
    drafts.keep(token, name, data)
    return actions.answer(
        enquiry=talking.enquiry, text=text, by=people.clerk, now=now, token=token, files=drafts.of(token)
    )  # fmt: skip


@pytest.mark.req("INT-16")
def test_a_visitor_hands_in_a_file_and_the_desk_reads_it(talking, people, cast, now):
    talking.say("", now=now, files={"老年卡.png": PNG})
    empty_box(now=now)
    file = EnquiryFile.objects.get()
    assert (file.name, file.size, file.type, store().get(file.digest)) == ("老年卡.png", len(PNG), "image/png", PNG)
    assert talking.page["words"][-1]["files"] == [{"id": "", "name": "老年卡.png", "size": len(PNG)}]
    assert not list(talk_box().brought.iterdir())
    with pytest.raises(Http404):
        fetch_enquiry_file_for(cast.outside.manager, file.pk)
    with pytest.raises(Http404):
        actions.open_file(file=file, by=cast.outside.manager, now=now)
    actions.open_file(file=fetch_enquiry_file_for(people.handler, file.pk), by=people.handler, now=now)
    event = AuditEvent.objects.get(code="interaction.file_opened")
    assert event.actor_key == people.handler.actor().key and "老年卡" not in str(event.data)


def test_a_kill_between_commit_and_removal_keeps_one(talking, now, monkeypatch):
    box = talk_box()
    talking.say("照片", now=now, files={"a.png": PNG, "b.pdf": PDF})
    monkeypatch.setattr(type(box), "taken", lambda *_given: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        empty_box(now=now)
    monkeypatch.undo()
    empty_box(now=now)
    assert EnquiryFile.objects.count() == 2 and talking.texts.count("照片") == 1
    assert not list(box.waiting()) and not list(box.brought.iterdir())


def test_what_a_stranger_put_beside_a_word_is_not_taken(talking, now):
    said = talking.say("照片", now=now, files={"a.png": PNG})
    path = talk_box().file(said, 1)
    path.unlink()
    path.symlink_to("/etc/passwd")
    empty_box(now=now)
    assert not EnquiryFile.objects.exists() and SetAside.objects.count() == 1


@pytest.mark.req("INT-16")
def test_the_desk_hands_one_back_that_the_secret_alone_opens(talking, people, cast, now):
    word = handed(talking, people, now)
    assert handed(talking, people, now) == word  # a button pressed twice
    (told,) = talking.page["words"][-1]["files"]
    assert told == {"id": f"{word.number}-1.pdf", "name": "网点.pdf", "size": len(PDF)}
    box, room = talk_box(), room_of(talking.secret)
    assert box.enclosures.read(room, told["id"], ticket_of(key_of(talking.secret))) == PDF
    other = Visitor(cast.city.site.host)
    assert box.enclosures.read(room, told["id"], ticket_of(key_of(other.secret))) is None


def test_killed_before_the_visitor_is_told_the_worker_locks_it(talking, people, now, monkeypatch):
    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(telling, "tell", lambda _row: (_ for _ in ()).throw(SystemExit))
        handed(talking, people, now)
    assert talk_box().enclosures.size(room_of(talking.secret), "3-1.pdf") is None
    assert telling.tell_due() == 1
    assert talk_box().enclosures.size(room_of(talking.secret), "3-1.pdf") == len(PDF)


def test_an_answer_stands_where_the_disk_is_too_full_to_lock_its_file(talking, people, now, monkeypatch):
    def full(*_given, **_named):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("jiyue.interaction.letterbox.enclosures.Enclosures.put", full)
        handed(talking, people, now)
    assert EnquiryFile.objects.count() == 1 and talking.enquiry.told_due
    assert telling.tell_due() == 1
    assert talk_box().enclosures.size(room_of(talking.secret), "3-1.pdf") == len(PDF)


def test_a_file_of_an_answer_that_may_tell_of_a_person_waits_with_it(talking, people, now):
    with pytest.raises(ValidationError, match="个人信息"):
        handed(talking, people, now, text="请打 13812345678 找王小明")
    assert not EnquiryFile.objects.exists() and Drafts(Home(settings.JIYUE_HOME)).of(TOKEN)


def test_programs_and_disguises_are_refused_where_officers_hand_files_too(talking, people, now):
    for name, data in {"a.exe": b"MZ", "a.png": PDF, "a.pdf": b""}.items():
        with pytest.raises(FileRefused):
            handed(talking, people, now, name=name, data=data)


@pytest.mark.req("INT-16")
def test_a_letter_made_of_it_has_what_the_visitor_handed_in(talking, people, cast, now):
    talking.say("照片", now=now, files={"老年卡.png": PNG})
    empty_box(now=now)
    handed(talking, people, now, text="请看附件")
    dropped(cast.city, now=now, kind="enquiry", talk=room_of(talking.secret))
    empty_letters(now=now)
    case = Case.objects.get()
    assert talking.enquiry.case == case
    assert [(file.name, store().get(file.digest)) for file in case.files.all()] == [("老年卡.png", PNG)]
    dropped(cast.city, now=now, kind="enquiry", talk=room_of(talking.secret))  # another one takes nothing along
    empty_letters(now=now)
    assert Case.objects.exclude(pk=case.pk).get().files.count() == 0


@pytest.mark.req("INT-16")
def test_nothing_of_it_lies_open_anywhere_but_in_the_private_store(talking, people, now):
    talking.say("照片", now=now, files={"a.png": PNG})
    empty_box(now=now)
    handed(talking, people, now)
    Drafts(Home(settings.JIYUE_HOME)).forget(TOKEN)
    home = Home(settings.JIYUE_HOME)
    found = [path for path in home.path.rglob("*") if path.is_file() and CANARY in path.read_bytes()]
    store_only = [path for path in found if home.objects in path.parents]
    drafts = [path for path in found if home.letters / "tmp" in path.parents]  # what this test never sent off
    assert len(store_only) == 2 and set(found) == {*store_only, *drafts}
    assert not any(home.live in path.parents for path in found)
