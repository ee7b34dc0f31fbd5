"""Comments and votes of the demo city, told through the actions that people use: shown, covered, refused, hidden, answered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings

from jiyue.content.models import Column, Record
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.domain.comments import COMMENT, VOTE
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.identity.models import User
from jiyue.identity.roles import Role
from jiyue.interaction.comments import deciding, showing
from jiyue.interaction.comments.orders import set_order
from jiyue.interaction.comments.taking import PART, write_due
from jiyue.interaction.comments.votes import NO, YES, take_vote
from jiyue.interaction.letterbox import Contribution, LetterBox, NewLetter, new_token
from jiyue.interaction.models import Comment
from jiyue.interaction.receiving import empty_box

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Comments:
    """What the stories need of the loaded city."""

    sites: dict[str, Site]
    columns: dict[tuple[str, str], Column]
    person: Callable[[str, str], User]
    now: datetime

    def order(self, at: datetime) -> None:
        """Where people may comment and vote; signed with what else of the structure is signed next."""
        told = self._told
        site, manager = self.sites[told["site"]], self.person(told["site"], Role.SITE_MANAGER)
        for row in told["orders"]:
            comments = row.get("comments", False)
            set_order(
                site=site, column=self.columns[told["site"], row["column"]] if "column" in row else None, record=None,
                takes_comments=comments, takes_votes=row["votes"], opens_at=None, closes_at=None,
                named=told["named"] if comments else "", keeper=self._keeper if comments else None, deputy=None, by=manager,
                now=at,
            )  # fmt: skip

    def tell(self) -> None:
        """Everything that was written and voted, and what the keeper did."""
        for row in self._told["pages"]:
            record = Record.objects.select_related("site__owner").get(
                site=self.sites[self._told["site"]], title=row["title"]
            )
            for one in row.get("comments", ()):
                self._tell(record, one)
            self._vote(record, row["votes"], row["reasons"])
        showing.attend(now=self.now)
        write_due(now=self.now)

    @property
    def _told(self) -> dict[str, Any]:
        return read_yaml(FOLDER / "comments.yaml")

    @property
    def _keeper(self) -> User:
        return self.person(self._told["site"], Role.LETTER_HANDLER)

    def _tell(self, record: Record, row: dict[str, Any]) -> None:
        at = self.now - row["hours"] * HOUR
        fields = {
            "text": row["text"],
            "about": str(record.identity),
            "version": record.versions.latest("number").digest,
        }
        letter = NewLetter(
            token=new_token(),
            kind=COMMENT,
            host=record.site.host,
            at=at.astimezone(UTC),
            language="zh-CN",
            fields=fields,
        )
        receipt = LetterBox(Home(settings.JIYUE_HOME).prepare()).drop(letter)
        empty_box(now=at, parts=(PART,))
        comment = Comment.objects.select_related("record__site__owner").get(number=receipt.number)
        self._decide(comment, row, at + HOUR / 2)

    def _decide(self, comment: Comment, row: dict[str, Any], at: datetime) -> None:
        keeper, reviewer = self._keeper, self.person(self._told["site"], Role.REPLY_REVIEWER)
        if "show" in row:
            words = row["text"] if row["show"] is True else row["show"]
            deciding.show(comment=comment, words=words, looked=True, by=keeper, now=at)
        if "refuse" in row:
            deciding.refuse(comment=comment, ground=row["refuse"], by=keeper, now=at)
        if "reply" in row:
            draft = deciding.write_reply(comment=comment, text=row["reply"], by=keeper, now=at + HOUR / 4)
            if row.get("approved"):
                deciding.approve_reply(comment=comment, draft=draft.number, by=reviewer, now=at + HOUR / 2)
        if "hide" in row:
            deciding.hide(comment=comment, reason=row["hide"], by=keeper, now=at + HOUR)

    def _vote(self, record: Record, votes: dict[str, int], reasons: Iterable[str]) -> None:
        said = [*([(NO, reason) for reason in reasons]), *([(YES, "")] * votes[YES])]
        said += [(NO, "")] * (votes[NO] - len([one for one in said if one[0] == NO]))
        version = record.versions.latest("number").digest
        for n, (useful, reason) in enumerate(said):
            at = (self.now - (n + 1) * HOUR).replace(second=0, microsecond=0)
            fields = {"useful": useful} | ({"reason": reason} if reason else {})
            given = Contribution(
                token=sha256(f"{record.identity}:{n}".encode()).hexdigest()[:32], kind=VOTE, about=str(record.identity),
                version=version, host=record.site.host, at=at.astimezone(UTC).isoformat(), language="zh-CN", fields=fields,
            )  # fmt: skip
            take_vote(given=given, at=at, now=self.now)
