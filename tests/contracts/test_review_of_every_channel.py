"""Every kind of thing that readers can meet, and the door by which it would come out: shut without its review (REV-01).

What a new kind of record, a new subject of the ledger or a new writer of live files adds has no row here, and fails.
"""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

import jiyue
from jiyue.content.models import RECORD_TYPES, Record
from jiyue.content.structure import identity_of_site
from jiyue.domain.canonical import canonical, digest_of_text
from jiyue.foundation.home import Home
from jiyue.interaction.comments import deciding
from jiyue.interaction.handling import send_reply, submit_reply
from jiyue.interaction.interviews import actions as interviews
from jiyue.interaction.letterbox.talks import TalkBox
from jiyue.interaction.models import Case
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit_structure
from jiyue.review.freezing import freeze_record
from jiyue.review.ledger import SignOffRefused, sign_off
from jiyue.review.models import Review, SignOff, Subject, Version
from jiyue.search.answering import Recommended
from jiyue.search.lexicon import Promoted
from tests.cast import TEST, draft, structured
from tests.comments import comment, ordered, page
from tests.contracts.siege_city import MARK, public_bytes
from tests.interviews import interview_draft, interview_of
from tests.letters import answered, handled, letter, office
from tests.public_answers import confirmed, prepared, with_answers

pytestmark = [pytest.mark.django_db, pytest.mark.req("REV-01")]
# Modules that write what readers get besides the signed trees, and the test below that holds their door.
LIVE = {
    "interaction/interviews/live.py": "test_live_words_need_a_signed_plan",
    "interaction/comments/showing.py": "test_a_comment_needs_a_signed_order_and_its_keeper",
    "interaction/letterbox/talks.py": "test_a_live_enquiry_is_read_by_nobody_but_its_visitor",
}


@pytest.fixture
def city(cast, now, home):
    structured(cast.city, now=now)
    return cast.city


def outside() -> bytes:
    """Everything that readers get: trees, feeds, and what is written live."""
    live = [path.read_bytes() for path in Home(settings.JIYUE_HOME).live.rglob("*") if path.is_file()]
    return b"\n".join([*public_bytes().values(), *live])


@pytest.mark.parametrize("kind", sorted(RECORD_TYPES))
def test_no_kind_of_record_is_public_because_its_row_says_so(city, now, kind):
    record = draft(city, now=now, kind=kind, title=MARK)
    Record.objects.filter(pk=record.pk).update(state="published")
    Publisher().publish(city.site, now=now)
    assert MARK.encode() not in outside()
    assert outside() != b""


@pytest.mark.parametrize("subject", Subject.values)
def test_the_ledger_signs_nothing_that_lacks_a_level(city, now, subject):
    before = SignOff.objects.count()
    record = draft(city, now=now, title=MARK).typed
    frozen = freeze_record(record, by=city.editor, now=now)
    about = identity_of_site(city.site.pk) if subject == Subject.STRUCTURE else record.identity
    named = dict.fromkeys(("rule", "record", "identity", "batch"), str(about))
    more = {**named, "origin": city.site.pk, "versions": []}
    content = frozen.content if subject == Subject.RECORD else canonical({**json.loads(frozen.content), **more})
    version = Version.objects.create(
        subject=subject, identity=about, site=city.site, number=7, content=content,
        record=record if subject == Subject.RECORD else None, digest=digest_of_text(content), author=city.editor,
        writers=[], created_at=now,
    )  # fmt: skip
    for levels in (["first", "second", "final"], ["final"], []):
        review = Review.objects.create(
            version=version, site=city.site, act="publish", levels=levels, level=levels[-1] if levels else "",
            submitted_by=city.editor, submitted_at=now, waiting_since=now,
        )  # fmt: skip
        with pytest.raises(SignOffRefused), transaction.atomic():
            sign_off(review=review, by=TEST, now=now)
        review.status = Review.Status.RECALLED
        review.save()
    assert SignOff.objects.count() == before


def test_what_a_site_says_of_itself_waits_for_its_signature(city, now):
    city.site.name = MARK
    city.site.save()
    submit_structure(site=city.site, by=city.manager, now=now)
    Publisher().publish(city.site, now=now)
    assert MARK.encode() not in outside()


def test_an_answer_reaches_nobody_before_another_person_let_it_pass(cast, now, home):
    desk = office(with_answers(cast.city, now=now), now=now)
    case = handled(letter(cast.city, now=now), desk, now=now)
    submit_reply(case=case, text=MARK, by=desk.handler, now=now)
    case = Case.objects.get(pk=case.pk)
    with pytest.raises((ValidationError, PermissionDenied)):
        send_reply(case=case, by=desk.handler, now=now)


def test_a_public_version_is_a_record_that_waits(cast, now, home):
    desk = office(with_answers(cast.city, now=now), now=now)
    case = answered(letter(cast.city, now=now), desk, now=now)
    prepared(case, desk, now=now, title=MARK)
    Publisher().publish(cast.city.site, now=now)
    confirmed(case, desk, now=now, title=MARK)
    Publisher().publish(cast.city.site, now=now)
    assert MARK.encode() not in outside()


def test_live_words_need_a_signed_plan(city, now):
    held = interview_draft(city, now=now)
    with pytest.raises((PermissionDenied, ValidationError)):
        interviews.say(interview=held, speaker="guest1", text=MARK, by=city.editor, now=now)
    signed = interview_of(city, now=now)
    with pytest.raises((PermissionDenied, ValidationError)):  # nobody but who was signed
        interviews.say(interview=signed, speaker="guest1", text=MARK, by=city.manager, now=now)
    Publisher().publish(city.site, now=now)
    assert MARK.encode() not in outside()


def test_a_comment_needs_a_signed_order_and_its_keeper(city, now):
    desk = office(city, now=now)
    record = page(city, now=now)
    ordered(city, desk, now=now)
    Publisher().publish(city.site, now=now)
    found = comment(record, MARK, now=now)
    assert MARK.encode() not in outside()
    with pytest.raises((PermissionDenied, ValidationError)):
        deciding.show(comment=found, words=MARK, by=desk.clerk, now=now)
    deciding.show(comment=found, words=MARK, by=desk.handler, now=now)  # the keeper may; her answer needs another
    draft_of = deciding.write_reply(comment=found, text="未经第二人看过的回应", by=desk.handler, now=now)
    with pytest.raises(PermissionDenied):
        deciding.approve_reply(comment=found, draft=draft_of.number, by=desk.handler, now=now)
    assert "未经第二人看过的回应".encode() not in outside()


def test_a_live_enquiry_is_read_by_nobody_but_its_visitor(home):
    box = TalkBox(Home(settings.JIYUE_HOME).prepare())
    secret = "a" * 32
    box.create(secret, {"v": 1, "words": [{"text": MARK}]})
    assert MARK.encode() not in outside()  # what lies there is locked by the secret
    assert box.read("b" * 32) is None


def test_the_search_shows_titles_that_were_signed_and_no_words_of_its_keeper():
    for shown in (Recommended, Promoted):
        assert not {"note", "text", "summary"} & set(shown.__dataclass_fields__)


def test_whoever_writes_live_files_has_a_row_here():
    source = Path(jiyue.__file__).parent
    found = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if re.search(r"\)\.live\b|home\.live /|\.prepare\(\)\.live", path.read_text())
        and not str(path.relative_to(source)).startswith(("portal/", "foundation/", "publishing/serving/"))
    }
    assert found == set(LIVE)
    assert all(name in globals() for name in LIVE.values())
