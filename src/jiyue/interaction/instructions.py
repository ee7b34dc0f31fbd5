"""批示: a letter is put before the leader to whom it was written (呈批), he says his word, and the keeper tells what was done.

Nothing of it moves the letter: state, handler and clock stay as they are. His words are for those who handle the letter;
its sender reads them where he says so, and nobody else ever does.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.domain.cases import Act
from jiyue.domain.letters import tidied
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.events import LeaderRead
from jiyue.interaction.leaders import has_reader, keeper_of, letters_led
from jiyue.interaction.models import Case, CaseStep
from jiyue.interaction.stepping import locked, subject_of, take

LONGEST_WORD = 500  # characters of what a leader writes
SAID = (Act.INSTRUCT, Act.ANNOUNCE)
SHOWN = (Act.PRESENT, Act.TAKE_BACK, *SAID, Act.CARRY_OUT)


class To(models.TextChoices):
    """Whom the leader asks to act."""

    UNIT = "unit", gettext_lazy("承办单位")
    KEEPER = "keeper", gettext_lazy("信箱经办人")


def present(*, case: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """Put the letter before its leader, with what he should look at. Raises as `stepping.take`."""
    if case.presented_at is not None:
        raise ValidationError(_("已经呈批，正在等领导批示"))
    if not has_reader(case.mailbox):
        raise ValidationError(_("这个信箱现在没有领导本人的有效账号，不能在平台上呈批"))
    return take(case=case, act=Act.PRESENT, by=by, now=now, reason=reason, changes={"presented_at": now})


def take_back(*, case: Case, by: User, now: datetime) -> CaseStep:
    """His word is not waited for any more. Raises as `stepping.take`."""
    if case.presented_at is None:
        raise ValidationError(_("现在没有呈批"))
    return take(case=case, act=Act.TAKE_BACK, by=by, now=now, changes={"presented_at": None})


@transaction.atomic
def instruct(*, case: Case, text: str, to: str, told: bool, by: User, now: datetime) -> CaseStep:
    """The leader's word, also where nobody asked for it; `told` shows it to the sender. Raises as `stepping.take`.

    What others did with the letter while he wrote does not refuse it.
    """
    words = tidied(text)
    if not words:
        raise ValidationError({"text": _("请写批示")})
    if len(words) > LONGEST_WORD:
        raise ValidationError({"text": _("批示不能超过 %(n)s 字") % {"n": LONGEST_WORD}})
    if to not in To.values:
        raise ValidationError({"to": _("请选择批给谁")})
    now_it_is = locked(case)
    if _repeats(now_it_is, words, by):
        raise ValidationError({"text": _("这条批示已经写过")})
    case.version = now_it_is.version
    return take(
        case=case, act=Act.ANNOUNCE if told else Act.INSTRUCT, by=by, now=now, reason=words,
        note=_addressed(now_it_is, to), changes={"presented_at": None, "instructed_at": now},
    )  # fmt: skip


def carry_out(*, case: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """Tell what was done upon his word. Raises as `stepping.take`."""
    if case.instructed_at is None:
        raise ValidationError(_("没有待落实的批示"))
    return take(case=case, act=Act.CARRY_OUT, by=by, now=now, reason=reason, changes={"instructed_at": None})


@transaction.atomic
def open_as_leader(*, case: Case, by: User, now: datetime) -> None:
    """The leader reads a letter; each time stands in the trail. Raises PermissionDenied."""
    if not letters_led(by).filter(pk=case.pk).exists():
        raise PermissionDenied(_("这封信不是写给您的"))
    record(LeaderRead(subject=subject_of(case), site=case.desk.host, number=case.number), by=by.actor(), at=now)


def words_on(case: Case) -> list[CaseStep]:
    """What was put before the leader and what he said, the newest first."""
    return list(case.steps.filter(act__in=SHOWN).order_by("-pk"))


def _repeats(case: Case, words: str, by: User) -> bool:
    """A button pressed twice says nothing new."""
    last = case.steps.filter(act__in=SHOWN).order_by("-pk").first()
    return last is not None and last.act in SAID and last.by_id == by.pk and last.reason == words


def _addressed(case: Case, to: str) -> str:
    """The name of whom he asks, as it is on that day."""
    mailbox = case.mailbox
    if to == To.UNIT or mailbox is None:
        return case.desk.owner.name
    keeper = keeper_of(mailbox)
    return keeper.name if keeper is not None else mailbox.desk.owner.name
