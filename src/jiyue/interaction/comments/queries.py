"""What of comments waits for whom, hints for whoever decides, and votes in numbers for staff."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.checks.settings import Settings
from jiyue.content.models import CommentOrder, Record
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.identity.roles import Permission
from jiyue.interaction.comments.deciding import drafted
from jiyue.interaction.comments.hints import Hint, hints_in
from jiyue.interaction.comments.orders import Orders
from jiyue.interaction.comments.policies import may_keep, visible_comments
from jiyue.interaction.models import Comment, CommentStanding, PageVote
from jiyue.interaction.policies import keys_of
from jiyue.review.ledger import SignOffRefused

logger = logging.getLogger(__name__)
KIND = "comment"
MOST_TODOS = 100
MOST_PAGES = 200  # lines of the table of votes on a screen; the export has all
FEWEST = 5  # votes below which a page says nothing yet
S, R = CommentStanding.State, CommentStanding.Reply


def waiting_for(user: User) -> list[Comment]:
    """Comments about which the person has the next word: to decide as the keeper whom the signed order names, to answer anew
    after a return, or to review an answer.
    """
    rows = visible_comments(user)
    named = CommentOrder.objects.filter(Q(keeper=user) | Q(deputy=user)).values("site")
    to_keep = rows.filter(site__in=named).filter(
        Q(standing__state=S.WAITING)
        | Q(standing__state=S.SHOWN, standing__reply=R.RETURNED)
        | Q(standing__state=S.SHOWN, examined__is_open=True)
    )
    # The pages first, then their comments: others' pages with older comments must not crowd hers out.
    pages = Record.objects.filter(pk__in=to_keep.order_by().values("record")).select_related("site", "column")
    keeping = Keeping(user)
    hers = to_keep.filter(record__in=[page.pk for page in pages.defer("body") if keeping.keeps(page)])
    drafts = rows.filter(
        site__in=keys_of(user, Permission.REVIEW_REPLIES), standing__state=S.SHOWN, standing__reply=R.DRAFTED
    )
    found = [*hers.order_by("standing__since", "pk")[:MOST_TODOS], *_not_by(user, drafts)]
    return sorted(found, key=lambda comment: (comment.standing.since, comment.pk))[:MOST_TODOS]


def _not_by(user: User, drafts: QuerySet[Comment]) -> list[Comment]:
    """Comments whose answer waits for a reviewer who is not its writer, under whichever account."""
    mine = set(accounts_of_same_person(user).values_list("pk", flat=True))
    found = []
    for comment in drafts.order_by("standing__since", "pk")[: 2 * MOST_TODOS]:
        draft = drafted(comment)
        if draft is not None and draft.by_id is not None and draft.by_id not in mine:
            found.append(comment)
    return found


class Keeping:
    """Whether a person keeps the comments of a page now; the orders of each site are read once."""

    def __init__(self, user: User, *, now: datetime | None = None) -> None:
        self.user, self.now = user, now
        self._orders: dict[int, Orders] = {}
        self._known: dict[int, bool] = {}

    def keeps(self, record: Record) -> bool:
        if record.pk not in self._known:
            self._known[record.pk] = self._keeps(record)
        return self._known[record.pk]

    def _keeps(self, record: Record) -> bool:
        if record.site_id not in self._orders:
            self._orders[record.site_id] = Orders(record.site)
        try:
            order = self._orders[record.site_id].of(record, self.now or timezone.now())
        except SignOffRefused:  # reported as an incident where it is published; here nobody keeps anything of that site
            logger.warning("no comments to keep on site %s: its signed structure does not hold", record.site_id)
            return False
        return may_keep(self.user, record, order)


def todo_for(user: User) -> list[Todo]:
    """The same, for the one list of work."""
    return [_todo(comment) for comment in waiting_for(user)]


def _todo(comment: Comment) -> Todo:
    standing = comment.standing
    waits = _("评论待审核") if standing.state == S.WAITING else _("评论复查有疑问")
    what = {R.DRAFTED: _("评论回应待审核"), R.RETURNED: _("评论回应被退回")}.get(R(standing.reply), waits)
    return Todo(
        kind=KIND, ref=str(comment.pk), site=comment.site.name, title=comment.record.title, what=what,
        state=f"comment-{standing.reply or standing.state}", since=standing.since, note=comment.number,
    )  # fmt: skip


def hints_of(comment: Comment, settings: Settings) -> Iterator[Hint]:
    """What may tell of a person, lead elsewhere, or stand there already. Nothing here looks at opinions."""
    yield from hints_in(comment.text, settings)
    same = Comment.objects.filter(record=comment.record_id, text=comment.text).exclude(pk=comment.pk).count()
    if same:
        yield Hint(_("本页有 %(n)d 条一样的评论") % {"n": same})


@dataclass(frozen=True)
class Line:
    """The votes of one page."""

    record: Record
    useful: int
    useless: int
    reasons: int

    @property
    def share(self) -> int:
        """How many of a hundred found it useful."""
        return round(100 * self.useful / (self.useful + self.useless)) if self.useful + self.useless else 0


def votes_by_page(sites: Iterable[Site]) -> list[Line]:
    """Pages with votes, the least useful first; pages with few votes last, because they say nothing yet."""
    counts: Any = PageVote.objects.filter(record__site__in=list(sites)).values("record").order_by("record")
    rows = counts.annotate(
        useful=Count("pk", filter=Q(is_useful=True)), useless=Count("pk", filter=Q(is_useful=False)),
        reasons=Count("pk", filter=~Q(reason="")),
    )  # fmt: skip
    rows = list(rows)
    records = Record.objects.filter(pk__in=[row["record"] for row in rows]).select_related("column", "site")
    known = {record.pk: record for record in records.defer("body")}
    lines = [Line(known[row["record"]], row["useful"], row["useless"], row["reasons"]) for row in rows]
    return sorted(lines, key=lambda one: (one.useful + one.useless < FEWEST, one.share, -one.useless, one.record.pk))


def votes_by_column(lines: Iterable[Line]) -> list[tuple[str, int, int]]:
    """The same by column: name, useful, not useful; the most voted first."""
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        useful, useless = found.get(line.record.column.name, (0, 0))
        found[line.record.column.name] = useful + line.useful, useless + line.useless
    return sorted(((name, *sums) for name, sums in found.items()), key=lambda row: (-(row[1] + row[2]), row[0]))


def reasons_of(record: Record) -> QuerySet[PageVote]:
    """What people wrote beside their votes, the newest first."""
    return PageVote.objects.filter(record=record).exclude(reason="").order_by("-at", "-pk")
