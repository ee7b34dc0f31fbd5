"""Letters of the demo city, each told through the actions that people use, up to the stage in which the demo finds it.

Imperfect on purpose: one is long overdue, one answer says nothing and is disputed, two say the same, one was handed
down, some rang up or commented elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from jiyue.content.models import Leader
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.domain.cases import Kind
from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.identity.models import User
from jiyue.identity.roles import Role
from jiyue.interaction import account_comments, actions, calls, handling, instructions, publicity, reported, telling
from jiyue.interaction.letterbox import Letter, LetterBox, Word, new_token
from jiyue.interaction.mailboxes import close_mailbox, open_mailbox
from jiyue.interaction.models import Case
from jiyue.interaction.receiving import hear, receive, ticket_key
from jiyue.interaction.tickets import write_due
from jiyue.interaction.words import GATES
from jiyue.review.actions import submit_structure
from jiyue.review.models import Review

FIELDS = ("title", "text", "name", "phone", "email", "public", "place", "category", "reported", "happened", "naming")
FIRST_NUMBER = 990001
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Letters:
    """What the stories need of the loaded city."""

    sites: dict[str, Site]
    person: Callable[[str, str], User]
    sign: Callable[[Review, str, datetime], Review]
    now: datetime

    def tell(self) -> None:
        """All letters of letters.yaml, and what their senders may read of them."""
        given = read_yaml(FOLDER / "letters.yaml")
        for n, row in enumerate(given["letters"]):
            at = self.now - timedelta(hours=row["age"])
            if row["stage"] == "superior":
                case = self._handed_down(row, at)
            elif row.get("by"):
                case = self._registered(row, at)
            else:
                case = self._received(row, at, number=FIRST_NUMBER + n, code=given["code"])
            self._go_on(case, row, at)
        while write_due(now=self.now):
            pass

    def _received(self, row: dict[str, Any], at: datetime, *, number: int, code: str) -> Case:
        box = LetterBox(Home(settings.JIYUE_HOME).prepare())
        key = box.tickets.issue(code)
        fields = {name: row[name] for name in FIELDS if row.get(name)}
        if row.get("leader"):
            fields["leader"] = str(leader_named(self.sites[row["site"]], row["leader"]).identity)
        letter = Letter(
            token=new_token(), number=f"{local(at):%Y%m%d}-{number}", kind=row["kind"], host=self.sites[row["site"]].host,
            at=written_moment(at), language="zh-hans", fields=fields,
            ticket=key, page=row.get("page", ""),
        )  # fmt: skip
        return receive(letter=letter, box=box, now=at)

    def _registered(self, row: dict[str, Any], at: datetime) -> Case:
        """A call that the desk wrote down, or a comment that it copied."""
        given: dict[str, Any] = {
            "site": self.sites[row["site"]], "kind": row["kind"], "title": row["title"], "text": row["text"],
            "outer_number": row.get("outer_number", ""), "received_at": at, "now": at,
            "by": self.person(row["site"], Role.LETTER_CLERK),
        }  # fmt: skip
        if row["by"] == Case.Source.ACCOUNT:
            return account_comments.register_comment(
                **given, account=row["account"], link=row["link"], name=row["name"]
            )
        sender = {"name": row["name"], "phone": row["phone"]}
        return calls.register_call(**given, handed_by=row["centre"], sender=sender)[0]

    def _handed_down(self, row: dict[str, Any], at: datetime) -> Case:
        return actions.register_letter(
            site=self.sites[row["site"]], kind=row["kind"], title=row["title"], text=row["text"],
            outer_number=row["outer_number"], handed_by=row["handed_by"], received_at=at, now=at,
            by=self.person(row["site"], Role.LETTER_CLERK), sender={"name": row["name"], "phone": row["phone"]},
        )  # fmt: skip

    def _go_on(self, case: Case, row: dict[str, Any], at: datetime) -> None:
        stage, clerk = row["stage"], self.person(row["site"], Role.LETTER_CLERK)
        if stage == "received":
            return
        if stage == "returned":
            actions.return_letter(case=case, reason=row["reason"], by=clerk, now=at + AN_HOUR)
            return
        if row["kind"] == Kind.REPORT:
            unit = self.sites[row["accused"]].owner if row.get("accused") else None
            reported.identify(case=case, accused=unit, reason="来信写明", by=clerk, now=at + AN_HOUR / 3)
        unit = row.get("unit", row["site"])
        handler = self.person(unit, Role.LETTER_HANDLER)
        actions.accept(case=case, by=clerk, now=at + AN_HOUR / 2)
        own = handler if unit == row["site"] else None
        actions.assign(case=case, desk=self.sites[unit], handler=own, by=clerk, now=at + AN_HOUR)
        if row.get("presented"):
            self._before_the_leader(case, row, at + 2 * AN_HOUR)
        if stage == "waiting":
            handling.ask_sender(case=case, reason=row["reason"], by=handler, now=at + 3 * AN_HOUR)
        if "reply" in row:
            self._answered(case, row, at, handler=handler, unit=unit)

    def _before_the_leader(self, case: Case, row: dict[str, Any], at: datetime) -> None:
        """What the keeper asks of the leader, and his word where he has said it."""
        mailbox = case.mailbox
        if mailbox is None or mailbox.keeper is None or mailbox.person is None:
            raise ValueError(f"{row['title']}: nobody keeps the mailbox, or nobody reads it")
        instructions.present(case=case, reason=row["presented"], by=mailbox.keeper, now=at)
        if row.get("instructed"):
            instructions.instruct(
                case=case,
                text=row["instructed"],
                to=instructions.To.UNIT,
                told=False,
                by=mailbox.person,
                now=at + AN_HOUR,
            )

    def _answered(self, case: Case, row: dict[str, Any], at: datetime, *, handler: User, unit: str) -> None:
        stage = row["stage"]
        handling.submit_reply(case=case, text=row["reply"], by=handler, now=at + 20 * AN_HOUR)
        if stage in {"reviewing", "error_reviewing"}:
            return
        reviewer = self.person(unit, Role.REPLY_REVIEWER)
        handling.approve_reply(case=case, gates=list(GATES), by=reviewer, now=at + 22 * AN_HOUR)
        if stage == "ready":
            return
        ways = telling.ways_for(case)
        way = {"person": handler.name, "at": at + 23 * AN_HOUR, "link": row.get("posted", "")}
        given = telling.Given(way=ways[0], **way) if ways else None
        handling.send_reply(case=case, by=handler, now=at + 23 * AN_HOUR, given=given)
        if stage == "told":
            return
        if stage == "disputed":
            self._say(case, "dispute", {"text": row["reason"]}, at + 30 * AN_HOUR)
        elif stage == "reopened":
            self._say(case, "reopen", {"text": row["reason"]}, at + 60 * AN_HOUR)
        else:
            self._say(case, "rate", {"score": "5", "text": "很清楚，谢谢。"}, at + 30 * AN_HOUR)
            actions.close(case=case, by=self.person(unit, Role.LETTER_CLERK), now=at + 50 * AN_HOUR)
            self._told(case, row, at + 60 * AN_HOUR, unit=unit)

    def _told(self, case: Case, row: dict[str, Any], at: datetime, *, unit: str) -> None:
        """What becomes public of it: signed, waiting for its reviewer, or an exception with its reason and approver."""
        stage, handler = row.get("told"), self.person(unit, Role.LETTER_HANDLER)
        reviewer = self.person(unit, Role.REPLY_REVIEWER)
        if stage == "withheld":
            version = publicity.propose_withholding(
                case=case, ground=row["ground"], grounds=row["grounds"], by=handler, now=at
            )
            publicity.approve_withholding(version=version, by=reviewer, now=at + AN_HOUR, opinion="同意")
        if stage not in {"prepared", "signed"}:
            return
        words = publicity.suggested(case, now=at)
        version = publicity.prepare(
            case=case, column=publicity.columns_for(case)[0], title=words.title, question=words.question, answer=words.answer,
            by=handler, now=at,
        )  # fmt: skip
        if stage == "prepared":
            return
        keys = [place.key for found in publicity.places_of(version).values() for place in found]
        version = publicity.confirm(version=version, looked_at=keys, by=reviewer, now=at + AN_HOUR)
        self.sign(publicity.submit(version=version, by=handler, now=at + 2 * AN_HOUR), unit, at + 3 * AN_HOUR)

    def _say(self, case: Case, act: str, fields: dict[str, str], at: datetime) -> None:
        """A further word, proved as its sender would."""
        word = Word(token=new_token(), number=case.number, act=act, at=written_moment(at), fields=fields)
        hear(word=word.proved(ticket_key(case)), box=LetterBox(Home(settings.JIYUE_HOME)), now=at)
        case.refresh_from_db()


def leader_named(site: Site, name: str) -> Leader:
    return Leader.objects.get(site=site, title=name)


def open_mailboxes(
    sites: dict[str, Site],
    person: Callable[[str, str], User],
    sign: Callable[[Review, str, datetime], Review],
    at: datetime,
) -> None:
    """The leaders' mailboxes of letters.yaml, one of them closed, signed as part of each site's structure."""
    rows = read_yaml(FOLDER / "letters.yaml")["mailboxes"]
    for row in rows:
        site, manager = sites[row["site"]], person(row["site"], Role.SITE_MANAGER)
        keeper = person(row["site"], Role.LETTER_HANDLER) if row.get("kept") else None
        mailbox = open_mailbox(
            leader=leader_named(site, row["leader"]),
            wording=row["wording"],
            desk=site,
            keeper=keeper,
            person=User.objects.get(username=row["account"]) if row.get("account") else None,
            by=manager,
            now=at,
        )
        if row.get("closed"):
            close_mailbox(mailbox=mailbox, why=row["closed"], by=manager, now=at)
    for key in dict.fromkeys(row["site"] for row in rows):
        sign(submit_structure(site=sites[key], by=person(key, Role.SITE_MANAGER), now=at), key, at)


def written_moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
