"""Comparing a site's services with another source, and deciding over each difference (SERV-05; Ningxia 2.2.3; Hebi art. 10).

A comparison changes nothing but its own rows. Taking the other side's word changes a draft, which then needs its review
like any other; keeping ours needs a reason. What is compared is what the caller shows as ours: the public guides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.actions import save_draft
from jiyue.content.belonging import items_for
from jiyue.content.events import DifferenceKept, DifferencesTaken, ServicesCompared
from jiyue.content.models import ItemDifference, ServiceGuide, Synchronisation
from jiyue.content.policies import may_steward, may_write
from jiyue.content.service_entries import ITEM_COLUMNS, Moved, entry_of_draft, put_difference, put_item_element
from jiyue.content.service_importing import Made, guide_column, new_guide
from jiyue.content.service_sentences import element, of_line
from jiyue.content.servicing import save_item
from jiyue.domain.actors import Actor
from jiyue.domain.service_differences import Difference, Kind, differences, same
from jiyue.domain.service_items import ITEM_FIELDS, Line, ServiceEntry, entry_of, plain
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

MOST_SENTENCES = 200
State = ItemDifference.State


@dataclass(frozen=True)
class Ours:
    """A guide of the site as it is shown."""

    guide: ServiceGuide
    entry: ServiceEntry


@dataclass
class _Found:
    """What one comparison comes to, gathered item by item."""

    differences: list[tuple[Ours | None, Difference]] = field(default_factory=list)
    equal: int = 0
    different: int = 0
    only_here: int = 0
    only_there: int = 0


@transaction.atomic
def synchronise(
    *, site: Site, origin: str, source: str, data: bytes, lines: Sequence[Line], ours: Iterable[Ours], by: User | None,
    actor: Actor, now: datetime, complete: bool = True, made: Sequence[Made] = (),
) -> Synchronisation:  # fmt: skip
    """Compare and keep what came out: the run, and each difference once. `by` is None for the timer.

    A difference that an earlier run found with the same values stays what was decided about it; one that this run does
    not find any more is gone. Only a `complete` file, every line of which could be read, says by its silence that the
    other side does not have an item.
    """
    theirs = [line.entry for line in lines if line.entry is not None]
    wrong = [line for line in lines if line.entry is None]
    whole = complete and not wrong
    found = _compare(list(ours), theirs, whole=whole)
    sentences = [text for line in wrong for text in of_line(line)]
    sentences += [f"{each.code}：{each.refused}" for each in made if each.refused]
    run = Synchronisation.objects.create(
        site=site, origin=origin, source=source[:400], digest=sha256(data).hexdigest(), size=len(data), at=now, by=by,
        items=len(theirs), equal=found.equal, different=found.different, only_here=found.only_here,
        only_there=found.only_there, refused=len(wrong), problems=sentences[:MOST_SENTENCES],
        made_items=sum(each.item for each in made), made_guides=sum(each.guide is not None for each in made),
    )  # fmt: skip
    _keep(run, found.differences, {entry.code: entry for entry in theirs}, whole=whole, now=now)
    _trace_run(run, actor, now)
    return run


@transaction.atomic
def note_failure(
    *, site: Site, origin: str, source: str, trouble: str, by: User | None, actor: Actor, now: datetime
) -> Synchronisation:
    """A comparison that could not take place, with the reason in words; it may be asked for again."""
    run = Synchronisation.objects.create(
        site=site, origin=origin, source=source[:400], at=now, by=by, trouble=trouble[:300]
    )
    _trace_run(run, actor, now)
    return run


# ---- deciding ------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_theirs(*, differences: Sequence[ItemDifference], by: User, now: datetime) -> ServiceGuide | None:
    """Let the draft of one guide, or the item itself, say what the other side says; several at once are one revision.

    Gives the guide whose draft now waits to be submitted. Raises PermissionDenied (an item is its overseer's, a guide its
    editor's), RecordLocked while the guide is under review, ValidationError when the draft was changed meanwhile or the
    values do not fit.
    """
    rows = _open(differences)
    if len({(row.guide_id, row.code) for row in rows}) > 1:
        raise ValidationError(_("一次只能处理同一份指南的差异"))
    of_items = [row for row in rows if row.field in ITEM_FIELDS]
    of_guides = [row for row in rows if row not in of_items]
    if of_items:
        _take_into_item(of_items, by=by, now=now)
    guide = _take_into_guide(of_guides, by=by, now=now) if of_guides else None
    _decided(rows, State.TAKEN, by=by, now=now)
    first = rows[0]
    event = DifferencesTaken(
        subject=f"service:{first.code}", site=first.site.host, item=first.code, name=first.name,
        elements=[_place(row) for row in rows],
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return guide


@transaction.atomic
def keep_ours(*, difference: ItemDifference, reason: str, by: User, now: datetime) -> None:
    """What we say stays, for a reason; the same disagreement is not asked about again. Raises as `take_theirs`."""
    [row] = _open([difference])
    if not may_steward(by, row.site):
        raise PermissionDenied(_("您不能处理这个网站的差异"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明为什么保留本站的内容，例如核对了哪个文件")})
    row.reason = reason.strip()
    row.clean_fields(exclude=["ours", "theirs"])
    _decided([row], State.KEPT, by=by, now=now)
    event = DifferenceKept(
        subject=f"service:{row.code}", site=row.site.host, item=row.code, name=row.name, element=_place(row),
        reason=row.reason,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)


def difference_of(row: ItemDifference) -> Difference:
    """The difference that a row keeps."""
    return Difference(row.code, Kind(row.kind), row.field, row.row, row.part, row.ours, row.theirs)


def _take_into_item(rows: Sequence[ItemDifference], *, by: User, now: datetime) -> None:
    item = items_for(rows[0].site).filter(code=rows[0].code).first()
    if item is None:
        raise ValidationError(_("目录里已经没有这个事项"))
    for row in rows:
        put_item_element(item, ITEM_COLUMNS[row.field], row.theirs)
    save_item(item=item, by=by, now=now)


def _take_into_guide(rows: Sequence[ItemDifference], *, by: User, now: datetime) -> ServiceGuide:
    if rows[0].kind == Kind.ONLY_THERE and not rows[0].field:
        return _take_whole(rows[0], by=by, now=now)
    if rows[0].guide is None or not rows[0].field:
        raise ValidationError(_("对方没有这个事项：确已取消的请撤下指南，否则请写明理由保留"))
    guide = ServiceGuide.objects.select_related("site", "item", "column").get(pk=rows[0].guide.pk)
    if not may_write(by, guide):
        raise PermissionDenied(_("采用对方的内容要改指南草稿，请由有这个栏目权限的编辑处理"))
    for row in _in_order(rows):
        try:
            put_difference(guide, difference_of(row))
        except Moved as moved:
            message = _("%(element)s：%(why)s，请打开草稿处理") % {"element": _place(row), "why": moved}
            raise ValidationError(message) from moved
    return _as_guide(save_draft(record=guide, by=by, now=now))


def _in_order(rows: Sequence[ItemDifference]) -> list[ItemDifference]:
    """Steps are named by their place: those to go are taken out from behind, those to come put in from before."""
    gone = [row for row in rows if row.kind == Kind.ONLY_HERE]
    rest = [row for row in rows if row not in gone]
    place = {row.pk: int(row.row) if row.field == "process" else 0 for row in rows}
    return [*sorted(rest, key=lambda row: place[row.pk]), *sorted(gone, key=lambda row: -place[row.pk])]


def _take_whole(row: ItemDifference, *, by: User, now: datetime) -> ServiceGuide:
    item = items_for(row.site).filter(code=row.code, ended_on=None).first()
    if item is None:
        raise ValidationError(_("目录里还没有这个事项，请目录编制单位的督办人员先登记，再采用"))
    column = guide_column(by, row.site)
    if column is None:
        raise PermissionDenied(_("新建指南要有这个网站“办事服务”栏目的编辑权限"))
    guide = new_guide(entry=entry_of(row.theirs), item=item, column=column, by=by, now=now)
    row.guide = guide
    return guide


def _open(rows: Sequence[ItemDifference]) -> list[ItemDifference]:
    keys = [row.pk for row in rows]
    locked = ItemDifference.objects.select_for_update(of=("self",)).select_related("site__owner", "guide")
    found = list(locked.filter(pk__in=keys).order_by("pk"))
    if not found or any(row.state != State.OPEN for row in found):
        raise ValidationError(_("这处差异已经处理过了"))
    return found


def _decided(rows: Sequence[ItemDifference], state: str, *, by: User, now: datetime) -> None:
    for row in rows:
        row.state, row.decided_by, row.decided_at = state, by, now
        row.save(update_fields=["state", "decided_by", "decided_at", "reason", "guide"])


def _as_guide(record: Any) -> ServiceGuide:
    return record if isinstance(record, ServiceGuide) else ServiceGuide.objects.get(pk=record.pk)


# ---- comparing -----------------------------------------------------------------------------------------------------


def _compare(ours: Sequence[Ours], theirs: Sequence[ServiceEntry], *, whole: bool) -> _Found:
    found, there = _Found(), {entry.code: entry for entry in theirs}
    here: Mapping[str, list[Ours]] = _by_code(ours)
    for code, entry in there.items():
        _one_item(found, here.get(code, []), entry)
    for code, mine in here.items() if whole else ():
        if code not in there:
            found.only_here += 1
            found.differences += [(one, Difference(code, Kind.ONLY_HERE, ours=one.entry.title)) for one in mine]
    return found


def _by_code(ours: Sequence[Ours]) -> dict[str, list[Ours]]:
    found: dict[str, list[Ours]] = defaultdict(list)
    for one in ours:
        if one.entry.code:
            found[one.entry.code].append(one)
    return found


def _one_item(found: _Found, mine: Sequence[Ours], theirs: ServiceEntry) -> None:
    if not mine:
        found.only_there += 1
        found.differences.append((None, Difference(theirs.code, Kind.ONLY_THERE, theirs=plain(theirs))))
        return
    # Of several guides of one item, one for each counter, the other side describes the one with the same title.
    meant = [one for one in mine if same(one.entry.title, theirs.title)] or mine
    pairs = [(one, each) for one in meant for each in differences(one.entry, theirs)]
    found.differences += pairs
    found.different += bool(pairs)
    found.equal += not pairs


def _keep(
    run: Synchronisation, pairs: Sequence[tuple[Ours | None, Difference]], theirs: Mapping[str, ServiceEntry], *,
    whole: bool, now: datetime,
) -> None:  # fmt: skip
    """Rows for what is new; what was there is marked as seen; what was not found any more is gone."""
    rows = ItemDifference.objects.filter(site=run.site_id).select_related("guide__item")
    known = {(row.guide_id, row.digest): row for row in rows}
    fresh: dict[tuple[int | None, str], ItemDifference] = {}
    seen: dict[int, ItemDifference] = {}
    for mine, each in pairs:
        key = (mine.guide.pk if mine else None, each.digest)
        if key in known:
            seen[known[key].pk] = known[key]
        else:
            fresh.setdefault(key, _row(run, mine, each, now))
    ItemDifference.objects.bulk_create(fresh.values(), batch_size=200)
    _mark(seen, last_run=run)
    again = [pk for pk, row in seen.items() if row.state == State.GONE or _was_undone(row, theirs)]
    _mark(again, state=State.OPEN, decided_by=None, decided_at=None, reason="")
    passed = [row for row in known.values() if row.pk not in seen and row.state != State.GONE]
    _mark([row.pk for row in passed if whole or row.code in theirs], state=State.GONE)


def _was_undone(row: ItemDifference, theirs: Mapping[str, ServiceEntry]) -> bool:
    """Was it taken, and does the draft say something else again? Until the draft is public, the public page differs."""
    if row.state != State.TAKEN or row.field in ITEM_FIELDS:
        return False
    if row.guide is None:
        return True
    place = (row.field, row.row, row.part)
    drafted = differences(entry_of_draft(row.guide), theirs[row.code])
    return any((each.field, each.row, each.part) == place for each in drafted)


def _mark(found: Iterable[int], **values: Any) -> None:
    keys = list(found)
    for start in range(0, len(keys), 500):
        ItemDifference.objects.filter(pk__in=keys[start : start + 500]).update(**values)


def _row(run: Synchronisation, mine: Ours | None, each: Difference, now: datetime) -> ItemDifference:
    name = mine.entry.title if mine else (each.theirs.get("name") or each.theirs.get("title") or "")
    return ItemDifference(
        site_id=run.site_id, first_run=run, last_run=run, guide=mine.guide if mine else None, digest=each.digest,
        code=each.code, name=name[:200], kind=str(each.kind), field=each.field, row=each.row, part=each.part,
        ours=each.ours, theirs=each.theirs, noted_at=now,
    )  # fmt: skip


def _place(row: ItemDifference) -> str:
    """Which element a difference is about, in words."""
    parts = [str(element(row.field)) if row.field else _("整个事项"), row.row]
    return " · ".join(filter(None, parts))


def _trace_run(run: Synchronisation, actor: Actor, now: datetime) -> None:
    event = ServicesCompared(
        subject=f"site:{run.site.host}", site=run.site.host, source=run.source, digest=run.digest, items=run.items,
        different=run.different, only_here=run.only_here, only_there=run.only_there, trouble=run.trouble,
    )  # fmt: skip
    trace(event, by=actor, at=now)
