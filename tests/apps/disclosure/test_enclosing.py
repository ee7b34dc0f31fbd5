"""What an applicant takes away: letters and files of the answer, behind number and code alone."""

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from jiyue.disclosure import actions, handling, tickets
from jiyue.disclosure.bringing import Brought
from jiyue.disclosure.models import AnswerFile, Draft, Request
from jiyue.disclosure.policies import fetch_answer_file_for
from jiyue.domain.deadlines import local
from jiyue.interaction.letterbox import ENCLOSURES_KEPT
from jiyue.publishing.renditions.typesetting import Typesetter, TypesettingFailed
from tests.disclosure import FIELDS, dropped, taken
from tests.letters import box, office

pytestmark = pytest.mark.django_db
CANARY = b"%PDF-1.7 canary-7d1f-of-the-report"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now - timedelta(days=60))


def submitted(request: Request, desk, *, now, files=(), keep=()) -> Draft:
    return handling.submit(
        request=request, decision="disclosed", text="全文随函附上。", confirmed=True, by=desk.handler, now=now,
        brought=[Brought(name, data) for name, data in files], keep=keep,
    )  # fmt: skip


def answered(request: Request, desk, *, now, files=(("验收报告.pdf", CANARY),)) -> Request:
    actions.accept(request=request, by=desk.clerk, now=now)
    submitted(request, desk, now=now, files=files)
    handling.approve(request=request, by=desk.replier, now=now)
    handling.send(request=request, by=desk.handler, now=now)
    return request


def opened(receipt):
    return box().tickets.open(receipt.number, receipt.code)


@pytest.mark.req("DISC-02")
def test_letter_and_files_lie_locked_beside_the_ticket(cast, desk, now):
    receipt = dropped(cast.city, now=now)
    request = answered(taken(receipt, now=now), desk, now=now)
    letter = request.letters.get()
    assert "附件：1. 验收报告.pdf。" in letter.content["lines"]
    assert tickets.write_due(now=now) == 1
    ticket = opened(receipt)
    until = local(now + ENCLOSURES_KEPT).date().isoformat()
    named = [(file["name"], file["until"]) for file in ticket.state["files"]]
    title = f"{letter.content['title']} {letter.number}"
    assert named == [(f"{title}.pdf", until), (f"{title}.docx", until), ("验收报告.pdf", until)]
    pdf, docx, report = (
        box().enclosures.read(receipt.number, file["id"], ticket.key) for file in ticket.state["files"]
    )
    assert pdf.startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert FIELDS["name"] in archive.read("word/document.xml").decode()
    assert report == CANARY
    plain = [path for path in _files(settings.JIYUE_HOME) if CANARY in path.read_bytes()]
    assert [path.parent.parent.name for path in plain] == ["objects"]  # its private store, which no tree links
    assert str(plain[0].name) == AnswerFile.objects.get().digest


def test_what_was_made_is_not_made_again_and_what_was_lost_is(cast, desk, now, monkeypatch):
    receipt = dropped(cast.city, now=now)
    request = answered(taken(receipt, now=now), desk, now=now)
    tickets.write_due(now=now)
    day = local(now).date()
    monkeypatch.setattr(Typesetter, "pdf", _never)
    actions.deliver(request=request, means="site", on=day, note="", by=desk.clerk, now=now)
    tickets.write_due(now=now)
    assert len(opened(receipt).state["files"]) == 3
    monkeypatch.undo()
    for path in box().enclosures.folder.rglob("*.docx"):
        path.unlink()
    Request.objects.update(ticket_due=True)
    tickets.write_due(now=now)
    ticket = opened(receipt)
    assert all(box().enclosures.read(receipt.number, file["id"], ticket.key) for file in ticket.state["files"])
    # after its time it is forgotten, still told, and not made anew
    late = now + ENCLOSURES_KEPT + timedelta(days=1)
    box().clear(now=late)
    Request.objects.update(ticket_due=True)
    tickets.write_due(now=late)
    assert [file["size"] for file in opened(receipt).state["files"]] == [0, 0, 0]
    assert not list(_files(box().enclosures.folder))


def test_killed_between_the_files_and_the_ticket_nothing_is_named_that_is_not_there(cast, desk, now, monkeypatch):
    receipt = dropped(cast.city, now=now)
    request = taken(receipt, now=now)
    tickets.write_due(now=now)
    answered(request, desk, now=now)
    written = os.rename
    monkeypatch.setattr(os, "rename", lambda one, to: _killed() if "tickets" in str(to) else written(one, to))
    with pytest.raises(KeyboardInterrupt):
        tickets.write_due(now=now)
    assert opened(receipt).state.get("files", []) == []
    assert Request.objects.get().ticket_due
    monkeypatch.undo()
    tickets.write_due(now=now)
    assert len(opened(receipt).state["files"]) == 3


def test_a_letter_that_the_typesetter_cannot_set_is_offered_as_docx(cast, desk, now, monkeypatch):
    receipt = dropped(cast.city, now=now)
    answered(taken(receipt, now=now), desk, now=now, files=())

    def refuse(*_given):
        raise TypesettingFailed("no such character")

    monkeypatch.setattr(Typesetter, "pdf", refuse)
    tickets.write_due(now=now)
    assert [file["id"].rpartition(".")[2] for file in opened(receipt).state["files"]] == ["docx"]


def test_a_draft_that_is_not_sent_gives_nothing_away(cast, desk, now):
    receipt = dropped(cast.city, now=now)
    request = taken(receipt, now=now)
    actions.accept(request=request, by=desk.clerk, now=now)
    submitted(request, desk, now=now, files=[("报告.pdf", CANARY)])
    Request.objects.update(ticket_due=True)
    tickets.write_due(now=now)
    assert opened(receipt).state["files"] == []


@pytest.mark.parametrize(("files", "words"), [
    ([("程序.pdf", b"MZ\x90")], "其实是程序"), ([("图.png", b"%PDF-1.7")], "不符"), ([("空.pdf", b"")], "空文件"),
    ([("网页.html", b"<html>")], "类型不接收"), ([(f"{n}.pdf", CANARY) for n in range(6)], "最多 5 个"),
    ([("大.pdf", b"%PDF-" + bytes(5 << 20))], "超过 5 MB"),
])  # fmt: skip
def test_wrong_files_are_refused_with_their_name_and_nothing_is_kept(cast, desk, now, files, words):
    request = taken(dropped(cast.city, now=now), now=now)
    actions.accept(request=request, by=desk.clerk, now=now)
    with pytest.raises(ValidationError) as refusal:
        submitted(request, desk, now=now, files=files)
    assert words in refusal.value.message_dict["brought"][0]
    request.refresh_from_db()
    assert (request.state, Draft.objects.count(), AnswerFile.objects.count()) == ("handling", 0, 0)


def test_files_of_a_draft_that_came_back_are_kept_or_left_out(cast, desk, now):
    request = taken(dropped(cast.city, now=now), now=now)
    actions.accept(request=request, by=desk.clerk, now=now)
    first = submitted(request, desk, now=now, files=[("甲.pdf", CANARY), ("../乙.pdf", CANARY + b"2")])
    assert [file.name for file in first.files.all()] == ["甲.pdf", "乙.pdf"]
    handling.send_back(request=request, reason="乙里有手机号", by=desk.replier, now=now)
    again = submitted(request, desk, now=now, keep=[AnswerFile.objects.get(n=1)], files=[("丙.pdf", CANARY)])
    assert [(file.n, file.name) for file in again.files.all()] == [(1, "甲.pdf"), (2, "丙.pdf")]


def test_a_file_of_an_answer_is_for_those_who_work_on_it(cast, desk, now, client):
    request = answered(taken(dropped(cast.city, now=now), now=now), desk, now=now)
    file = AnswerFile.objects.get()
    foreign = office(cast.outside, now=now)
    with pytest.raises(Http404):
        fetch_answer_file_for(foreign.handler, file.pk)
    with pytest.raises(PermissionDenied):
        actions.open_answer_file(file=file, by=cast.supervisor, now=now)
    client.force_login(desk.replier)
    page = client.get(reverse("console_disclosure", args=[request.pk])).content.decode()
    assert "验收报告.pdf" in page
    reply = client.get(reverse("console_disclosure_answer_file", args=[file.pk]))
    assert b"".join(reply.streaming_content) == CANARY
    assert reply["Content-Disposition"].startswith("attachment")


def _files(folder):
    for top, _folders, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            if os.path.isfile(path) and not name.endswith(("sqlite3", "-wal", "-shm")):
                yield Path(path)


def _never(*_given):
    raise AssertionError("made again")


def _killed():
    raise KeyboardInterrupt
