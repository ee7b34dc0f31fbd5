"""Rows of a live enquiry: each thing said or done is one, written once, in the transaction that holds the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jiyue.domain.actors import Actor, process
from jiyue.domain.enquiries import Act, End, State
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.enquiries.events import EnquiryStepped
from jiyue.interaction.models import Enquiry, EnquiryFile, EnquiryWord

CLOCK = process("enquiries")


@dataclass(frozen=True)
class Attached:
    """A file whose bytes lie in the private store already."""

    name: str
    digest: str
    size: int
    type: str


def locked(enquiry: Enquiry) -> Enquiry:
    """The row as it is now, held until the transaction ends."""
    rows = Enquiry.objects.select_for_update(of=("self",)).select_related("site__owner", "desk__owner", "person")
    return rows.get(pk=enquiry.pk)


def finish(row: Enquiry, how: End, *, now: datetime, by: User | None = None, actor: Actor | None = None) -> None:
    """The conversation is over; on a locked row, inside its transaction."""
    row.state, row.end, row.ended_at, row.place = State.ENDED, how, now, 0
    written(row, Act.END, now=now, by=by, actor=actor, label=row.label, text=how)


def written(
    row: Enquiry, act: Act, *, now: datetime, by: User | None = None, actor: Actor | None = None, label: str = "",
    text: str = "", token: str | None = None, files: Sequence[Attached] = (),
) -> EnquiryWord:  # fmt: skip
    """One more row of a locked conversation, and its trace; what is merely said leaves none."""
    row.last += 1
    row.told_due = True
    row.save()
    word = EnquiryWord.objects.create(
        enquiry=row, number=row.last, act=act, by=by, label=label, text=text, token=token, at=now
    )
    EnquiryFile.objects.bulk_create([
        EnquiryFile(word=word, n=n, name=one.name[:200], digest=one.digest, size=one.size, type=one.type[:120])
        for n, one in enumerate(files, 1)
    ])  # fmt: skip
    if act not in (Act.SAY, Act.ANSWER, Act.LATE):
        how = text if act == Act.END else ""
        trace(row, act, now=now, by=by, actor=actor, to=label if act == Act.HAND else "", how=how)
    return word


def trace(
    row: Enquiry, act: str, *, now: datetime, by: User | None = None, actor: Actor | None = None, to: str = "",
    how: str = "",
) -> None:  # fmt: skip
    who = by.actor() if by is not None else actor or CLOCK
    event = EnquiryStepped(
        subject=f"enquiry:{row.pk}", site=row.desk.host, number=str(row), enquiry_act=act, enquiry_end=how, to=to
    )
    record(event, by=who, at=now)
