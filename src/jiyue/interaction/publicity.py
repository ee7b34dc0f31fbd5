"""公开版: from an answered letter to a record that everybody may read, or to a recorded exception (INT-05, INT-06).

Who answers the letter prepares it; the reviewer of replies confirms every place that was hidden or changed; then it is a
record like any other, with its own review and sign-off (ADR 0024). That a result is not public needs a reason and the
same reviewer's yes. The sender's wish is one of the reasons, and shown to whoever prepares.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.checks.settings import Settings
from jiyue.content.actions import keep_new, save_draft
from jiyue.content.answers import confirmed_words
from jiyue.content.models import Column, PublicAnswer
from jiyue.content.models.records import UNDER_REVIEW
from jiyue.domain.cases import Kind, State
from jiyue.domain.deadlines import local
from jiyue.domain.letters import tidied
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.interaction.events import PublicVersionMoved
from jiyue.interaction.masking import Place, hidden, left, places, typed_left
from jiyue.interaction.models import Case, PublicVersion, Reply
from jiyue.interaction.policies import may_confirm_public, may_prepare_public
from jiyue.interaction.sealed import opened
from jiyue.interaction.stepping import ChangedMeanwhile, NotNow, NotYours, locked, subject_of
from jiyue.review import ledger
from jiyue.review.actions import submit as submit_record
from jiyue.review.checking import engine_for
from jiyue.review.models import Review, SignOff

LONGEST = {"title": 60, "question": 6000, "answer": 24_000}
SHORT = 90  # characters of the question in lists and feeds
ANSWERED = frozenset({State.ANSWERED, State.CLOSED})
OWN_FIELDS = {
    "name": gettext_lazy("姓名"), "phone": gettext_lazy("电话"), "email": gettext_lazy("电子邮箱"),
    "address": gettext_lazy("地址"),
}  # fmt: skip
V = PublicVersion.State


@dataclass(frozen=True)
class Words:
    """The three texts of a public version."""

    title: str
    question: str
    answer: str


def originals(case: Case) -> Words:
    """What was written: by the sender, and by the unit in the answer that was sent last."""
    sent = Reply.objects.filter(case=case, state=Reply.State.SENT).order_by("-sent_at", "-pk").first()
    return Words(case.title, case.text, sent.text if sent else "")


def suggested(case: Case, *, now: datetime) -> Words:
    """The texts with everything covered that the checks and the sender's own entries tell."""
    own, how = originals(case), _how(case, now)
    return Words(hidden(own.title, **how), hidden(own.question, **how), hidden(own.answer, **how, by_office=True))


def doubts(case: Case, words: Words, *, now: datetime) -> list[str]:
    """What in these texts may still tell of a person; a hint, for who prepares and who confirms."""
    how = _how(case, now)
    found = [*left(words.title, **how), *left(words.question, **how), *left(words.answer, **how, by_office=True)]
    return list(dict.fromkeys(found))


def places_of(version: PublicVersion) -> dict[str, list[Place]]:
    """Every place where the public texts differ from what was written, by text."""
    own = originals(version.case)
    return {
        name: places(getattr(own, name), getattr(version, name), field=name)
        for name in ("title", "question", "answer")
    }  # fmt: skip


@transaction.atomic
def prepare(
    *, case: Case, column: Column | None, title: str, question: str, answer: str, by: User, now: datetime,
    correction: str = "", version: int = 0,
) -> PublicVersion:  # fmt: skip
    """Lay the public texts before the reviewer of replies; again for a correction, with its reason, which is public.

    Raises NotNow, NotYours, ChangedMeanwhile; ValidationError, also while a field that the sender typed stands in a text.
    """
    row = _row_to_prepare(case, by, version)
    if column is None or column.kind != Column.Kind.ANSWERS or column.site_id != case.desk_id or column.closed_at:
        raise ValidationError({"column": _("请选择本网站“来信公开”类的栏目")})
    words = Words(tidied(title), tidied(question), tidied(answer))
    _refuse_words(case, words, correction)
    public = is_public(row)
    if public and not correction.strip():
        raise ValidationError({"correction": _("更正已公开的答复要写明原因")})
    row.column, row.title, row.question, row.answer = column, words.title, words.question, words.answer
    row.correction = correction.strip() if public else ""
    row.ground, row.grounds, row.opinion = "", "", ""
    return _moved(
        row, V.PREPARED, by=by, now=now, prepared_by=by, prepared_at=now, confirmed_by=None, confirmed_at=None
    )


@transaction.atomic
def confirm(*, version: PublicVersion, looked_at: Collection[str], by: User, now: datetime) -> PublicVersion:
    """The reviewer of replies has compared every place with the letter. Raises NotNow, NotYours, ValidationError."""
    row = _held(version, {V.PREPARED})
    _require_confirmer(by, row)
    keys = [place.key for found in places_of(row).values() for place in found]
    missing = [key for key in keys if key not in set(looked_at)]
    if missing:
        raise ValidationError({"places": _("还有 %(n)s 处没有核对，请逐处看过再确认") % {"n": len(missing)}})
    row.places = len(keys)
    return _moved(row, V.CONFIRMED, by=by, now=now, confirmed_by=by, confirmed_at=now)


@transaction.atomic
def send_back(*, version: PublicVersion, reason: str, by: User, now: datetime) -> PublicVersion:
    """Texts or a proposed exception go back to who prepared them. Raises NotNow, NotYours, ValidationError."""
    row = _held(version, {V.PREPARED, V.PROPOSED})
    _require_confirmer(by, row)
    row.opinion = _reasoned(reason, "reason")
    return _moved(row, V.RETURNED, by=by, now=now)


def submit(*, version: PublicVersion, by: User, now: datetime) -> Review:
    """Make the record of confirmed texts and send it for review. Raises NotNow, NotYours and what `review` raises."""
    with transaction.atomic():
        row = _held(version, {V.CONFIRMED})
        record = _record_of(row, by=by, now=now)
        row.record = record
        _moved(row, V.SUBMITTED, by=by, now=now)
        return submit_record(record=record, by=by, now=now, instruction=_told(row.correction))


@transaction.atomic
def propose_withholding(
    *, case: Case, ground: str, grounds: str, by: User, now: datetime, version: int = 0
) -> PublicVersion:
    """Ask that nothing of this result be public, and say why (INT-06). Raises as `prepare`."""
    row = _row_to_prepare(case, by, version)
    if is_public(row):
        raise NotNow(_("这封信的答复已经公开；不宜公开的，请先撤下公开答复"))
    if ground not in PublicVersion.Ground.values:
        raise ValidationError({"ground": _("请选择不公开的情形")})
    row.ground, row.grounds, row.opinion = ground, _reasoned(grounds, "grounds"), ""
    return _moved(
        row, V.PROPOSED, by=by, now=now, prepared_by=by, prepared_at=now, confirmed_by=None, confirmed_at=None
    )


@transaction.atomic
def approve_withholding(*, version: PublicVersion, by: User, now: datetime, opinion: str = "") -> PublicVersion:
    """The exception stands, under this person's name. Raises NotNow, NotYours."""
    row = _held(version, {V.PROPOSED})
    _require_confirmer(by, row)
    row.opinion = opinion.strip()
    return _moved(row, V.WITHHELD, by=by, now=now, confirmed_by=by, confirmed_at=now)


@transaction.atomic
def mark_again(*, version: PublicVersion, by: User, now: datetime) -> Review:
    """Say on the public page that the matter is handled again. Raises NotNow, NotYours and what `review` raises."""
    row = _held(version, {V.SUBMITTED})
    if row.stale_at is None or row.record is None or not is_public(row):
        raise NotNow(_("来信人没有要求重办，或者答复还没有公开"))
    record = row.record
    record.standing = PublicAnswer.Standing.AGAIN
    save_draft(record=record, by=by, now=now)
    return submit_record(record=record, by=by, now=now, instruction=_told(_("来信人要求重办，正在重新办理")))


def is_stale(row: PublicVersion) -> bool:
    """Is a matter handled again of which the public page tells the answer before?"""
    return row.stale_at is not None and is_public(row) and row.record is not None and not row.record.standing


def columns_for(case: Case) -> list[Column]:
    """Where the unit that answered can make it public."""
    found = Column.objects.filter(site=case.desk_id, kind=Column.Kind.ANSWERS, closed_at=None)
    return list(found.order_by("position", "pk"))


def _how(case: Case, now: datetime) -> dict[str, Any]:
    return {"contact": _contact(case), "settings": _settings(case, now)}


def _contact(case: Case) -> Mapping[str, str]:
    """What the sender typed about herself. Used to hide it, shown to nobody."""
    return opened("sender", case.number, case.sender) if case.sender else {}


def _settings(case: Case, now: datetime) -> Settings:
    return engine_for(case.desk, now=now).settings


def _row_to_prepare(case: Case, by: User, version: int) -> PublicVersion:
    row = locked(case)
    if row.kind == Kind.REPORT:
        raise NotNow(_("举报一律不公开"))
    if not may_prepare_public(by, row):
        raise NotYours(_("公开版由承办这封信的人制作"))
    if State(row.state) not in ANSWERED or not originals(row).answer:
        raise NotNow(_("答复发出以后才能制作公开版"))
    found = PublicVersion.objects.select_for_update(of=("self",)).filter(case=row).select_related("record").first()
    if found is None:
        return PublicVersion(case=row, state=V.PREPARED)
    if found.version != version:
        raise ChangedMeanwhile(_("公开版刚刚被别人处理过，请看过最新情况后再办"))
    if found.record is not None and found.record.state in UNDER_REVIEW:
        raise NotNow(_("公开答复正在审核，请先撤回送审"))
    return found


def _refuse_words(case: Case, words: Words, correction: str) -> None:
    wrong: dict[str, str] = {}
    contact = _contact(case)
    for name, longest in LONGEST.items():
        text = getattr(words, name)
        if not text:
            wrong[name] = _("请填写")
        elif len(text) > longest:
            wrong[name] = _("不能超过 %(n)s 字") % {"n": longest}
        elif told := typed_left(text, contact):
            fields = "、".join(str(OWN_FIELDS.get(field, field)) for field in told)
            wrong[name] = _("文字里还有来信人填写的%(fields)s，请隐去") % {"fields": fields}
    if typed_left(correction, contact):
        wrong["correction"] = _("更正的原因会公开，不能写来信人的姓名和联系方式")
    if case.number in words.title + words.question + words.answer + correction:
        wrong.setdefault("question", _("信件编号不公开，请删去"))
    if wrong:
        raise ValidationError(wrong)


def _record_of(row: PublicVersion, *, by: User, now: datetime) -> PublicAnswer:
    case = row.case
    if not may_prepare_public(by, case):
        raise NotYours(_("公开版由承办这封信的人送审"))
    if case.accepted_at is None or case.met_at is None or row.column is None:
        raise NotNow(_("信件又在办理，答复发出以后再送审"))
    record = row.record or PublicAnswer(kind=PublicAnswer.Kind.PUBLIC_ANSWER, site=case.desk)
    known = Kind(case.kind) if case.kind in PublicAnswer.LetterKind.values else "other"
    facts = {
        "column": row.column, "title": row.title, "question": row.question, "answer": row.answer, "letter_kind": known,
        "written_to": case.addressee,
        "answering_unit": case.desk.owner.name, "responsible": case.desk.owner, "source": case.desk.owner.name[:80],
        "summary": row.question if len(row.question) <= SHORT else f"{row.question[: SHORT - 1]}…",
        "received_on": local(case.received_at).date(), "accepted_on": local(case.accepted_at).date(),
        "answered_on": local(case.met_at).date(), "rating": case.rating, "standing": "", "service": case.service,
    }  # fmt: skip
    for name, value in facts.items():
        setattr(record, name, value)
    record.confirmed = confirmed_words(record)
    if row.record is None:
        keep_new(record=record, by=by, now=now)
    else:
        save_draft(record=record, by=by, now=now)
    row.stale_at = None
    return record


def _told(correction: str) -> dict[str, str] | None:
    return {"reason": correction} if correction else None


def is_public(row: PublicVersion) -> bool:
    """Is something of it signed off and not withdrawn?"""
    if row.record is None:
        return False
    last = ledger.current(row.record.identity)
    return last is not None and last.act != SignOff.Act.WITHDRAW


def _held(version: PublicVersion, states: Collection[str]) -> PublicVersion:
    rows = PublicVersion.objects.select_for_update(of=("self",)).select_related(
        "case__site", "case__desk__owner", "record", "column"
    )
    row = rows.get(pk=version.pk)
    if row.version != version.version:
        raise ChangedMeanwhile(_("公开版刚刚被别人处理过，请看过最新情况后再办"))
    if row.state not in states:
        raise NotNow(_("公开版现在不能这样办理，请看最新情况"))
    return row


def _require_confirmer(by: User, row: PublicVersion) -> None:
    if not may_confirm_public(by, row):
        raise NotYours(_("由制作人以外的答复审核人核对"))


def _reasoned(text: str, field: str) -> str:
    words = tidied(text)
    if not words:
        raise ValidationError({field: _("请写明原因")})
    return words[:1000]


def _moved(row: PublicVersion, state: str, *, by: User, now: datetime, **changes: Any) -> PublicVersion:
    row.state = state
    row.version = row.version + 1 if row.pk else 1
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    case = row.case
    event = PublicVersionMoved(
        subject=subject_of(case), site=case.desk.host, number=case.number, public_state=state, ground=row.ground,
        places=row.places,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return row
