"""答复模板: words that answers are made of, of a unit or of one person, with places that each letter fills in."""

import re
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from jiyue.domain.deadlines import local
from jiyue.domain.letters import tidied
from jiyue.estate.models import Site
from jiyue.estate.policies import may
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.interaction.events import TextBlockChanged
from jiyue.interaction.models import Case, TextBlock
from jiyue.interaction.policies import keys_of
from jiyue.interaction.stepping import ChangedMeanwhile

LONGEST = 5000  # characters
# Written in a text as {编号}; the names are what people type, and are not translated.
PLACES: dict[str, Callable[[Case, datetime], str]] = {
    "编号": lambda case, now: case.number,
    "标题": lambda case, now: case.title,
    "来信日期": lambda case, now: _day(case.received_at),
    "今天": lambda case, now: _day(now),
    "单位": lambda case, now: case.desk.owner.name,
}
_PLACE = re.compile(r"\{([^{}\n]{0,20})\}")


def filled(block: TextBlock, case: Case, *, now: datetime) -> str:
    """The text as it reads in the answer to this letter."""
    return _PLACE.sub(lambda found: PLACES[found[1]](case, now) if found[1] in PLACES else found[0], block.text)


def visible_text_blocks(user: User) -> QuerySet[TextBlock]:
    """Those of the units whose letters the person receives or handles, and her own; nobody else's own."""
    sites = [*keys_of(user, Permission.RECEIVE_LETTERS), *keys_of(user, Permission.HANDLE_LETTERS)]
    rows = TextBlock.objects.filter(Q(person=None) | Q(person=user.pk), site__in=sites)
    return rows.select_related("site", "person", "by").order_by("site__name", "person", "title", "pk")


def blocks_for(user: User, case: Case) -> QuerySet[TextBlock]:
    """What may be put into an answer to this letter."""
    return visible_text_blocks(user).filter(site=case.desk_id)


def fetch_text_block_for(user: User, ref: int) -> TextBlock:
    """Raises Http404."""
    found = visible_text_blocks(user).filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def may_keep(user: User, site: Site, *, own: bool) -> bool:
    """Her own keeps whoever works on the site's letters; the unit's keeps who receives them for it."""
    receives = may(user, Permission.RECEIVE_LETTERS, site)
    return receives or (own and may(user, Permission.HANDLE_LETTERS, site))


@transaction.atomic
def keep_block(
    *, site: Site, own: bool, title: str, text: str, by: User, now: datetime, block: TextBlock | None = None
) -> TextBlock:
    """Write a text, or change one that was read. Raises PermissionDenied, ValidationError, ChangedMeanwhile."""
    if not may_keep(by, site, own=own) or (block is not None and not _is_hers(by, block)):
        raise PermissionDenied(_("单位的答复模板由信件受理人维护；您可以保存自己的"))
    name, words = tidied(title), tidied(text)
    _require_words(name, words)
    row = block or TextBlock(version=0)
    if block is not None:
        _require_unchanged(block)
    row.site, row.person, row.title, row.text, row.by, row.at = site, by if own else None, name, words, by, now
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError({"title": _("已经有一个同名的模板")}) from error
    _trace(row, "changed" if block else "written", by, now)
    return row


@transaction.atomic
def remove_block(*, block: TextBlock, by: User, now: datetime) -> None:
    """Answers that were made of it stay as they are. Raises PermissionDenied."""
    if not _is_hers(by, block):
        raise PermissionDenied(_("单位的答复模板由信件受理人维护；您可以保存自己的"))
    _trace(block, "removed", by, now)
    block.delete()


def _is_hers(by: User, block: TextBlock) -> bool:
    return (block.person_id in (None, by.pk)) and may_keep(by, block.site, own=block.person_id is not None)


def _require_words(title: str, text: str) -> None:
    for name, value, most in (("title", title, 60), ("text", text, LONGEST)):
        if not value:
            raise ValidationError({name: _("请填写")})
        if len(value) > most:
            raise ValidationError({name: _("不能超过 %(n)s 字") % {"n": most}})
    unknown = [found for found in _PLACE.findall(text) if found not in PLACES]
    if unknown:
        words = {"wrong": "、".join(f"{{{name}}}" for name in unknown), "known": "、".join(f"{{{n}}}" for n in PLACES)}
        raise ValidationError({"text": _("没有这样的占位：%(wrong)s。可以用的有：%(known)s") % words})


def _require_unchanged(block: TextBlock) -> None:
    if not TextBlock.objects.select_for_update().filter(pk=block.pk, version=block.version).exists():
        raise ChangedMeanwhile(_("这个模板刚刚被别人改过，请重新打开"))


def _trace(row: TextBlock, change: str, by: User, now: datetime) -> None:
    event = TextBlockChanged(subject=f"text-block:{row.pk}", site=row.site.host, title=row.title, block_change=change)
    record(event, by=by.actor(), at=now)


def _day(at: datetime) -> str:
    day = local(at)
    return f"{day.year}年{day.month}月{day.day}日"
