"""What visitors said, out of the box into the database: once each, and nothing that the holder of the secret did not say.

The database commits first, then the box is emptied; a kill between the two finds the same word again, and its token is known
by then. The worker and every console process with an open desk may do this at once: one at a time does.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from jiyue.content.models import ServiceItem
from jiyue.domain.actors import Actor
from jiyue.domain.enquiries import LONGEST_WORD, VISITORS, Act, End, State
from jiyue.domain.letters import SCORES, SERVICE, tidied
from jiyue.domain.talk_figures import LETTERS
from jiyue.estate.models import Site
from jiyue.foundation import durable
from jiyue.foundation.audit import record
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.interaction.attaching import kept_files
from jiyue.interaction.enquiries import figures
from jiyue.interaction.enquiries.rows import Attached, finish, locked, trace, written
from jiyue.interaction.enquiries.telling import KEY, key_for, tell_or_leave_due
from jiyue.interaction.events import LetterSetAside
from jiyue.interaction.letterbox import Damaged
from jiyue.interaction.letterbox.talks import END, OPEN, RATE, Said, TalkBox
from jiyue.interaction.models import CaseFile, Enquiry, EnquiryDesk, EnquiryFile, EnquiryWord, SetAside
from jiyue.interaction.sealed import NotOurs, sealed
from jiyue.interaction.services import service_of

logger = logging.getLogger(__name__)
VISITOR = Actor(kind="process", key="process:visitor", name="")  # who asked is nobody's business in the trail
MOST_AT_ONCE = 100


class DeskFull(Exception):
    """So many wait that nobody more is taken into the queue."""


class NotForUs(ValueError):
    """It reads well, but is of no desk or conversation of ours, or was not said by the holder of its secret."""


def empty_box(*, now: datetime) -> int:
    """Take out what waits, in the order in which it came; gives how many. Safe to run twice, at once and to be killed."""
    box = TalkBox(Home(settings.JIYUE_HOME).prepare())
    if not any(True for _one in box.inside.glob("*.json")):
        return 0
    done = 0
    with durable.locked(box.inside.parent / "talks.lock"):
        touched: dict[int, Enquiry] = {}
        for said in box.waiting():
            try:
                row = _take_out(box, said, now=now)
            except Exception as error:  # noqa: BLE001  # one word that cannot be kept now stays, and holds up no other
                logger.error("live enquiries: a word stays in the box: %s", type(error).__name__)
                row = None
            if row is not None:
                touched[row.pk] = row
            done += 1
            if done >= MOST_AT_ONCE:
                break
    for row in touched.values():
        tell_or_leave_due(row)
    return done


def _take_out(box: TalkBox, said: Said | Damaged, *, now: datetime) -> Enquiry | None:
    if isinstance(said, Damaged):
        _set_aside(box, said.name, said.why, now=now)
        return None
    try:
        row = take_in(said=said, now=now, files=_attached(box, said))
    except DeskFull:
        box.refuse(said, "full")
        row = None
    except (NotForUs, NotOurs, DataError, IntegrityError) as refusal:
        # What the database says may have a visitor's words in it.
        why = str(refusal) if isinstance(refusal, NotForUs) else type(refusal).__name__
        if said.act == OPEN and said.key and not Enquiry.objects.filter(room=said.room).exists():
            box.refuse(said, "failed")
        _set_aside(box, f"{said.token}.json", why, now=now)
        return None
    box.taken(said.token)
    return row


def _attached(box: TalkBox, said: Said) -> list[Attached]:
    """The bytes of its files are in the private store when this returns."""
    digests = kept_files(ObjectStore(Home(settings.JIYUE_HOME)), said.files, lambda n: box.file(said, n))
    return [Attached(file.name, digests[file.n], file.size, file.type) for file in said.files]


@transaction.atomic
def take_in(*, said: Said, now: datetime, files: Sequence[Attached] = ()) -> Enquiry:
    """Keep what was said, with its `files`; the same again changes nothing. Raises NotForUs, DeskFull, NotOurs."""
    at = min(_moment(said.at), now)
    found = Enquiry.objects.filter(room=said.room).first()
    if found is None:
        return _begun(said, at)
    row = locked(found)
    if said.act == OPEN:
        return row  # sent twice
    if not said.is_proved(key_for(row)) or said.host != row.site.host:
        raise NotForUs("not the visitor's")
    if EnquiryWord.objects.filter(token=said.token).exists():
        return row
    if said.act == RATE:
        _rated(row, said, at)
    elif said.act == END:
        if row.state != State.ENDED:
            finish(row, End.VISITOR, now=at, actor=VISITOR)
    else:
        row.silent_since = max(row.silent_since, at)
        act = Act.LATE if row.state == State.ENDED else Act.SAY
        written(row, act, now=at, text=_text(said, bare=bool(files)), token=said.token, files=files)
    return row


def _begun(said: Said, at: datetime) -> Enquiry:
    site = Site.objects.filter(host=said.host).first()
    desk = EnquiryDesk.objects.filter(site=site).first() if site else None
    if said.act != OPEN or site is None or desk is None or len(said.key) != 64:
        raise NotForUs("no such desk or conversation")
    text = _text(said)
    if Enquiry.objects.filter(desk=site, state=State.WAITING).count() >= desk.most_waiting:
        raise DeskFull
    row = Enquiry.objects.create(
        site=site, desk=site, room=said.room, key=sealed(KEY, said.room, {"key": said.key}), language=said.language[:12],
        state=State.WAITING, opened_at=at, waits_since=at, silent_since=at,
        service=service_of(said.fields.get(SERVICE, "")),
    )  # fmt: skip
    row.place = Enquiry.objects.filter(desk=site, state=State.WAITING, opened_at__lt=at).count() + 1
    written(row, Act.SAY, now=at, text=text, token=said.token)
    figures.begun(row)
    trace(row, "open", now=at, actor=VISITOR)
    return row


def _rated(row: Enquiry, said: Said, at: datetime) -> None:
    score = said.fields.get("score", "")
    if row.state == State.ENDED and row.rating is None and row.taken_at is not None and score in SCORES:
        row.rating, row.told_due = int(score), True
        row.save(update_fields=["rating", "told_due"])
        figures.count(row, rating=row.rating)
        trace(row, "rate", now=at, actor=VISITOR)


def link_letter(*, room: str, case_id: int, site: Site, now: datetime) -> ServiceItem | None:
    """A letter was made of the conversation by its visitor; another site's, or one made already, is left as it is.

    Gives about which service item was asked in it.
    """
    row = (
        Enquiry.objects.select_for_update(of=("self",))
        .select_related("site", "desk", "service")
        .filter(room=room, site=site)
        .first()
    )
    if row is not None and row.case_id is None:
        row.case_id, row.told_due = case_id, True
        row.save(update_fields=["case", "told_due"])
        figures.count(row, LETTERS)
        trace(row, "letter", now=now, actor=VISITOR)
        _carry_files(row, case_id)
    return row.service if row is not None else None


def _carry_files(row: Enquiry, case_id: int) -> None:
    """What the visitor handed in goes along into her letter; what the desk handed her stays in the conversation."""
    brought = EnquiryFile.objects.filter(word__enquiry=row, word__act__in=VISITORS).select_related("word")
    CaseFile.objects.bulk_create([
        CaseFile(
            case_id=case_id, token=file.word.token or f"enquiry-{row.pk}-{file.word.number}", n=file.n, name=file.name,
            digest=file.digest, size=file.size, type=file.type,
        )
        for file in brought
    ])  # fmt: skip


def _text(said: Said, *, bare: bool = False) -> str:
    """What was said; `bare`: files may come without a word. Raises NotForUs."""
    text = tidied(said.fields.get("text", ""))
    if not (text or bare) or len(text) > LONGEST_WORD:
        raise NotForUs("nothing said, or too much")
    return text


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotForUs("time") from error
    if at.tzinfo is None:
        raise NotForUs("time without a zone")
    return at


def _set_aside(box: TalkBox, name: str, why: str, *, now: datetime) -> None:
    """Tell the operator, then move it where it waits. Said again after a kill, it is told once."""
    logger.error("live enquiries: %s set aside: %s", name[:64], why)
    with transaction.atomic():
        row, new = SetAside.objects.get_or_create(token=name[:80], defaults={"problem": why[:200], "found_at": now})
        if new:
            event = LetterSetAside(subject=f"set-aside:{row.pk}", token=row.token, problem=row.problem)
            record(event, by=VISITOR, at=now)
    box.set_aside(name)
