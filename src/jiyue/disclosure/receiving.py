"""Taking disclosure requests, and what applicants say later, out of the letter box (docs/adr/0022, 0025)."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.disclosure.identities import kept, mark_of_applicant
from jiyue.disclosure.models import Request, RequestFile, RequestWord
from jiyue.disclosure.notices import stop
from jiyue.disclosure.stepping import locked, take, written
from jiyue.domain import letters
from jiyue.domain.disclosure import Act, Forbidden, State, rule_for, sender_may
from jiyue.domain.disclosure_outcomes import Row
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.interaction.attaching import kept_files
from jiyue.interaction.letterbox import Letter, LetterBox, TicketKey, Word
from jiyue.interaction.receiving import CITIZEN, TICKET, NotForUs, Part, moment_of
from jiyue.interaction.sealed import opened, sealed


def receive(*, letter: Letter, box: LetterBox, now: datetime) -> Request:
    """Make a request of a letter; the same letter again is the same request. Raises NotForUs."""
    at = moment_of(letter.at)
    site = Site.objects.filter(host=letter.host).select_related("owner").first()
    if site is None:
        raise NotForUs(f"no site {letter.host}")
    fields = {name: letters.tidied(value) for name, value in letter.fields.items()}
    if letters.problems(letters.DISCLOSURE, fields):
        raise NotForUs("a request that the form would not have let through")
    digests = kept_files(ObjectStore(Home(settings.JIYUE_HOME)), letter.files, lambda n: box.file(letter, n))
    with transaction.atomic():
        known = Request.objects.select_for_update().filter(number=letter.number).first()
        if known is not None:
            if known.token != letter.token:
                raise NotForUs("the number is another request's")
            return known
        request = _request_of(letter, fields, site, at=at, now=now)
        request.save()
        _keep_files(request, letter, digests)
        rule = rule_for(Act.RECEIVE, None)
        written(request=request, rule=rule, before="", now=at, by=None, actor=CITIZEN, reason="", note="")
        return request


def hear(*, word: Word, box: LetterBox, now: datetime) -> RequestWord:
    """Take what the applicant said later. What comes too late is kept and told. Raises NotForUs."""
    at = moment_of(word.at)
    request = Request.objects.filter(number=word.number).first()
    if request is None or not request.ticket_key or not word.is_proved(ticket_key(request)):
        raise NotForUs("not the applicant's")
    digests = kept_files(ObjectStore(Home(settings.JIYUE_HOME)), word.files, lambda n: box.file(word, n))
    with transaction.atomic():
        request = locked(request)
        known = RequestWord.objects.filter(token=word.token).first()
        if known is not None:
            return known
        text = letters.tidied(word.fields.get("text", ""))
        refused = _heard(request, word.act, text, at=min(at, now))
        row = RequestWord.objects.create(
            request=request, token=word.token, act=word.act, at=at, text=text, refused=refused
        )
        _keep_files(request, word, digests)
        return row


def owns(number: str) -> bool:
    """Is this the number of a request?"""
    return Request.objects.filter(number=number).exists()


def ticket_key(request: Request) -> TicketKey:
    """What opens the applicant's ticket. Raises sealed.NotOurs."""
    facts = opened(TICKET, request.number, request.ticket_key)
    return TicketKey(bytes.fromhex(facts["salt"]), bytes.fromhex(facts["key"]))


PART = Part(letters.DISCLOSURE, receive, hear, owns, stop)


def _heard(request: Request, code: str, text: str, *, at: datetime) -> str:
    """Let the word have its effect; gives why it has none."""
    changes = {"outcome": Row.OTHER} if code == Act.WITHDRAW else {}
    try:
        if code not in sender_may(State(request.state)):
            raise ValidationError("")
        take(request=request, act=Act(code), actor=CITIZEN, now=at, changes=changes)
    except (Forbidden, ValidationError):
        Request.objects.filter(pk=request.pk).update(ticket_due=True)
        with override("zh-hans"):
            return _("收到时申请已不能再这样处理")
    return ""


def _request_of(letter: Letter, fields: Mapping[str, str], site: Site, *, at: datetime, now: datetime) -> Request:
    return Request(
        number=letter.number, token=letter.token, site=site, desk=site, state=State.RECEIVED,
        language=letter.language[:12], applicant=fields["applicant"], title=fields["title"],
        document_number=fields.get("document_number", ""), text=fields["text"], form=fields["form"],
        delivery=fields["delivery"], sealed_applicant=kept(letter.number, fields), applicant_mark=mark_of_applicant(fields),
        ticket_key=sealed(TICKET, letter.number, letter.ticket.written()), ticket_due=True, received_at=at,
        recorded_at=now, clock_at=at,
    )  # fmt: skip


def _keep_files(request: Request, stored: Letter | Word, digests: Mapping[int, str]) -> None:
    RequestFile.objects.bulk_create([
        RequestFile(
            request=request, token=stored.token, n=file.n, name=file.name[:200], digest=digests[file.n], size=file.size,
            type=file.type[:120],
        )
        for file in stored.files
    ])  # fmt: skip
