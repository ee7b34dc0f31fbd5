"""Taking letters and further words out of the letter box (docs/adr/0022).

The database commits first, then the box is emptied. A kill between the two finds the same letter again; its token is
known by then, and nothing happens twice. What cannot be read is set aside and told, never thrown away.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.domain import letters
from jiyue.domain.actors import Actor, process
from jiyue.domain.cases import Act, Forbidden, Kind, State, rule_for, sender_may
from jiyue.domain.first_words import beginning
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.interaction.actions import SENDER
from jiyue.interaction.attaching import kept_files
from jiyue.interaction.campaigns.taking import NotAsked
from jiyue.interaction.campaigns.taking import take as take_contribution
from jiyue.interaction.enquiries.taking import link_letter
from jiyue.interaction.events import LetterSetAside
from jiyue.interaction.interviews.taking import KIND as INTERVIEW
from jiyue.interaction.interviews.taking import take_question
from jiyue.interaction.letterbox import Contribution, Damaged, Letter, LetterBox, Stop, TicketKey, Word
from jiyue.interaction.mailboxes import addressee_of, mailbox_of
from jiyue.interaction.models import Case, CaseFile, CaseWord, SetAside
from jiyue.interaction.notices import stop
from jiyue.interaction.policies import desk_for_reports
from jiyue.interaction.sealed import NotOurs, mark_of, opened, sealed
from jiyue.interaction.services import service_of
from jiyue.interaction.stepping import locked, take, written

logger = logging.getLogger(__name__)
COUNTER = process("letters")
CITIZEN = Actor(kind="process", key="process:sender", name="")  # who wrote is nobody's business in the trail
TICKET = "ticket"
TALK = letters.TALK
MOST_AT_ONCE = 50  # a round of the worker; releases wait meanwhile
CONTACT = ("name", "phone", "email", "address")
YEARS = range(2000, 2200)


@dataclass(frozen=True)
class Part:
    """A later part of the platform with a kind of letter of its own in the same box: what takes it in, whose words it hears.

    It may have a kind of contribution too.
    """

    kind: str
    receive: Callable[..., object]
    hear: Callable[..., object]
    owns: Callable[[str], bool]
    stop: Callable[..., bool]
    contribution: str = ""
    contribute: Callable[..., object] = take_contribution


def empty_box(*, now: datetime, parts: Sequence[Part] = ()) -> int:
    """Take out what waits, in the order in which it came; gives how many. Safe to run twice and to be killed.

    What is of the kind of one of `parts` goes there, everything else becomes a case.
    """
    box = LetterBox(Home(settings.JIYUE_HOME).prepare())
    done = 0
    for stored in box.waiting():
        if isinstance(stored, Damaged):
            _set_aside(box, stored.name, stored.why, now=now)
        else:
            _take_out(box, stored, parts, now=now)
        done += 1
        if done >= MOST_AT_ONCE:
            break
    return done


def _take_out(
    box: LetterBox, stored: Letter | Word | Contribution | Stop, parts: Sequence[Part], *, now: datetime
) -> None:
    try:
        if isinstance(stored, Letter):
            takes = next((part.receive for part in parts if part.kind == stored.kind), receive)
            takes(letter=stored, box=box, now=now)
        elif isinstance(stored, Contribution) and stored.kind == INTERVIEW:
            take_question(given=stored, at=moment_of(stored.at))
        elif isinstance(stored, Contribution):
            contribute = next(
                (part.contribute for part in parts if part.contribution == stored.kind), take_contribution
            )
            contribute(given=stored, at=moment_of(stored.at), now=now)
        elif isinstance(stored, Stop):
            stops = next((part.stop for part in parts if part.owns(stored.number)), stop)
            if not stops(secret=stored.secret, number=stored.number, now=min(moment_of(stored.at), now)):
                logger.info("letter box: a wish for no more mail about %s was not that of its sender", stored.number)
        else:
            hears = next((part.hear for part in parts if part.owns(stored.number)), hear)
            hears(word=stored, box=box, now=now)
    except NotOurs:  # our own keys are missing or altered: that is no fault of the letter
        raise
    except (NotForUs, NotAsked) as refusal:
        _set_aside(box, stored.token, str(refusal), now=now)
    except (DataError, IntegrityError, ValueError, TypeError, OverflowError) as refusal:
        # What can never be taken must not stand in the way of the letters behind it. The message may quote the letter.
        _set_aside(box, stored.token, f"damaged: {type(refusal).__name__}", now=now)
    else:
        box.taken(stored.token)


class NotForUs(ValueError):
    """It reads well, but belongs to no site or case of this installation, or was not written by the sender."""


def receive(*, letter: Letter, box: LetterBox, now: datetime) -> Case:
    """Make a case of a letter; the same letter again is the same case. Raises NotForUs."""
    at = moment_of(letter.at)
    if letter.kind not in set(Kind):
        raise NotForUs(f"no case of {letter.kind}")
    site = Site.objects.filter(host=letter.host).select_related("owner").first()
    if site is None:
        raise NotForUs(f"no site {letter.host}")
    store = ObjectStore(Home(settings.JIYUE_HOME))
    digests = kept_files(store, letter.files, lambda n: box.file(letter, n))
    with transaction.atomic():
        known = Case.objects.select_for_update().filter(number=letter.number).first()
        if known is not None:
            if known.token != letter.token:
                raise NotForUs("the number is another letter's")
            return known
        case = _case_of(letter, site, at=at, now=now)
        case.save()
        _keep_files(case, letter, digests)
        # The conversation is locked before the trail is, as wherever somebody acts in it. A report of a wrong stands apart
        # from it: all of the desk read conversations, and a report is read by few and is about no service item.
        if letter.fields.get(TALK) and case.kind != Kind.REPORT:
            asked = link_letter(room=letter.fields[TALK], case_id=case.pk, site=site, now=at)
            if asked is not None and case.service is None:
                case.service = asked
                case.save(update_fields=["service"])
        rule = rule_for(Act.RECEIVE, None, Kind(case.kind))
        written(case=case, rule=rule, before="", now=at, by=None, actor=CITIZEN, reason="", note="")
        return case


def hear(*, word: Word, box: LetterBox, now: datetime) -> CaseWord:
    """Take what the sender said later. What comes too late is kept and told to her. Raises NotForUs."""
    at = moment_of(word.at)
    case = Case.objects.filter(number=word.number).first()
    if case is None or not case.ticket_key:
        raise NotForUs("no such case")
    if not word.is_proved(ticket_key(case)):
        raise NotForUs("not the sender's")
    store = ObjectStore(Home(settings.JIYUE_HOME))
    digests = kept_files(store, word.files, lambda n: box.file(word, n))
    with transaction.atomic():
        case = locked(case)
        known = CaseWord.objects.filter(token=word.token).first()
        if known is not None:
            return known
        text = letters.tidied(word.fields.get("text", ""))
        refused = _heard(case, Act(word.act), text, word.fields, at=min(at, now))
        row = CaseWord.objects.create(case=case, token=word.token, act=word.act, at=at, text=text, refused=refused)
        _keep_files(case, word, digests)
        return row


def _heard(case: Case, act: Act, text: str, fields: Mapping[str, str], *, at: datetime) -> str:
    """Let the word have its effect; gives why it has none."""
    done = [Act(code) for code in case.words.filter(refused="").values_list("act", flat=True)]
    changes: dict[str, object] = {}
    if act == Act.RATE:
        changes["rating"] = int(fields.get("score", "0")) if fields.get("score") in letters.SCORES else None
        done = [Act.RATE] if case.rating else []
    try:
        if act not in sender_may(State(case.state), Kind(case.kind), done=done):
            raise Forbidden(act, State(case.state))
        take(case=case, act=act, actor=CITIZEN, now=at, reason=text, changes=changes)
    except (Forbidden, ValidationError):
        Case.objects.filter(pk=case.pk).update(ticket_due=True)
        with override("zh-hans"):
            return _("收到时信件已不能再这样处理")
    return ""


def ticket_key(case: Case) -> TicketKey:
    """What opens the sender's ticket. Raises sealed.NotOurs."""
    facts = opened(TICKET, case.number, case.ticket_key)
    return TicketKey(bytes.fromhex(facts["salt"]), bytes.fromhex(facts["key"]))


def _case_of(letter: Letter, site: Site, *, at: datetime, now: datetime) -> Case:
    fields = {name: letters.tidied(value) for name, value in letter.fields.items()}
    anonymous = fields.get("naming") == letters.ANONYMOUS  # whatever else came with it, nobody is named
    contact = {} if anonymous else {name: fields[name] for name in CONTACT if fields.get(name)}
    mailbox = mailbox_of(site, fields.pop("leader", "")) if letter.kind == Kind.LEADER_LETTER else None
    desk = (desk_for_reports(site) if letter.kind == Kind.REPORT else mailbox.desk if mailbox else None) or site
    text = fields.get("text", "")
    fields.pop(TALK, None)
    code = fields.pop(letters.SERVICE, "")
    service = service_of(code) if letter.kind != Kind.REPORT else None
    rest = {
        name: value for name, value in fields.items() if name not in {*CONTACT, "title", "text", "public"} and value
    }
    return Case(
        number=letter.number, token=letter.token, site=site, desk=desk, kind=letter.kind, state=State.RECEIVED,
        language=letter.language[:12], title=fields.get("title") or beginning(text), text=text,
        page=letters.tidied(letter.page)[:500],
        mailbox=mailbox, addressee=addressee_of(mailbox) if mailbox else "", fields=rest,
        service=service,
        sender=sealed(SENDER, letter.number, contact) if contact else "", sender_mark=mark_of(contact),
        consents=fields.get("public") == "yes", ticket_key=sealed(TICKET, letter.number, letter.ticket.written()),
        ticket_due=True, received_at=at, recorded_at=now, clock_at=at,
    )  # fmt: skip


def _keep_files(case: Case, stored: Letter | Word, digests: Mapping[int, str]) -> None:
    CaseFile.objects.bulk_create([
        CaseFile(
            case=case, token=stored.token, n=file.n, name=file.name[:200], digest=digests[file.n], size=file.size,
            type=file.type[:120],
        )
        for file in stored.files
    ])  # fmt: skip


def _set_aside(box: LetterBox, name: str, why: str, *, now: datetime) -> None:
    """Tell the operator, then move it where it waits. Said again after a kill, it is told once."""
    logger.error("letter box: %r set aside: %s", name[:64], why)
    whole = name.encode("utf-8", "replace").decode()  # the name of a folder may be any bytes
    with transaction.atomic():
        row, new = SetAside.objects.get_or_create(token=whole[:80], defaults={"problem": why[:200], "found_at": now})
        if new:
            event = LetterSetAside(subject=f"set-aside:{row.pk}", token=row.token, problem=row.problem)
            record(event, by=COUNTER, at=now)
    box.set_aside(name)


def moment_of(text: str) -> datetime:
    """Raises NotForUs for a time that is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotForUs("time") from error
    if at.tzinfo is None:
        raise NotForUs("time without a zone")
    if at.year not in YEARS:  # at the ends of time no other zone can be asked for
        raise NotForUs("time out of all bounds")
    return at
