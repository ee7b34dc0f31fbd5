"""The pages of the counter as data, and how they are put into the baked frame of a site."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from jiyue.domain import letters
from jiyue.interaction.letterbox import Kept
from jiyue.portal.counter import wording
from jiyue.portal.counter.guards import PROOF_BITS, Challenge
from jiyue.portal.counter.mailboxes import MARK, Mailbox, chosen
from jiyue.portal.counter.services import Asked
from jiyue.portal.environment import PortalRenderer
from jiyue.portal.wording import minute

# Links that the site was baked with; shown where information is asked for.
BESIDE = re.compile(r'<p id="counter-beside".*?</p>\n?', re.DOTALL)
# By when letters are answered; shown before one is written and on its receipt.
LIMITS = re.compile(r'<p id="counter-limits".*?</p>\n?', re.DOTALL)
BEGIN, END = '<div id="counter">', "</main>"
LANGUAGES = {"": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Fault:
    """A fault at a field, with what its sentence names."""

    field: str
    code: str
    limit: int = 0
    name: str = ""

    @property
    def sentence(self) -> str:
        return wording.FAULTS.get((self.code, self.field)) or wording.FAULTS[self.code]


@dataclass(frozen=True)
class Sheet:
    """One page of the counter. `values` is everything typed so far, on whatever page."""

    name: str
    title: str
    lang: str = ""
    kind: str = ""
    token: str = ""
    challenge: Challenge | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Kept, ...] = ()
    faults: tuple[Fault, ...] = ()
    trouble: str = ""
    asks_human: bool = False
    from_check: bool = False
    mailboxes: tuple[Mailbox, ...] = ()
    asked: Asked | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    head: str = ""  # what belongs into the page's head, written by us

    @property
    def act(self) -> str:
        """The further word that is being said, on the page of a case."""
        return str(self.more.get("act", ""))

    @property
    def addressee(self) -> str:
        """The leader to whom it is written, with the post; empty for other letters."""
        found = chosen(self.mailboxes, self.values.get("leader", "")) if self.kind == letters.LEADER_LETTER else None
        return found.title if found else ""

    @property
    def about(self) -> Asked | None:
        """The service item that the letter is about; a request for information and a report of a wrong name none."""
        return self.asked if self.kind not in (letters.DISCLOSURE, letters.REPORT) else None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that this site offers: a letter to a leader only where one has a mailbox."""
        return tuple(kind for kind in wording.KINDS if kind != letters.LEADER_LETTER or self.mailboxes)

    @property
    def bare(self) -> "Sheet":
        """The same without anything typed: for the other forms of a page."""
        return replace(self, values={}, files=(), faults=())

    def fault(self, name: str) -> Fault | None:
        return next((fault for fault in self.faults if fault.field == name), None)

    def fields(self, page: str) -> tuple[letters.Field, ...]:
        """What this page asks of this applicant."""
        return tuple(field for field in letters.KINDS[self.kind].on(page) if field.is_asked(self.values))

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that are filled in for this kind and these answers."""
        return letters.KINDS[self.kind].pages_for(self.values)

    @property
    def steps(self) -> tuple[int, int]:
        """Which step this page is, and of how many; before the kind is known, of the four that most kinds have."""
        pages = ("kind", *(self.pages if self.kind else ("matter", "person")), "check")
        return pages.index(self.name) + 1 if self.name in pages else 1, len(pages)

    def shown(self, page: str) -> tuple[str, ...]:
        """Names of the fields that stand on the page, and so need not travel in it unseen."""
        return (*(field.name for field in self.fields(page)), *(("page", "place") if page == "matter" else ()))

    def label(self, name: str, of: str = "") -> tuple[str, str]:
        return wording.LABELS_OF.get((of or self.kind, name)) or wording.LABELS[name]


def minute_of(text: str) -> str:
    """A stored moment as people read it in Asia/Shanghai; what is no moment, as it stands."""
    try:
        return minute(datetime.fromisoformat(text))
    except ValueError:
        return text


class Sheets:
    """Renders pages. Keep one for the life of a process."""

    def __init__(self, renderer: PortalRenderer, *, mails: bool = False) -> None:
        """With `mails` senders who leave an address hear by mail how their letters stand, and are told so."""
        self.renderer, self.mails = renderer, mails

    def page(self, frame: str, sheet: Sheet) -> str:
        """The whole page: the frame of the site with the sheet in it."""
        language = LANGUAGES[sheet.lang]
        before, _mark, rest = frame.partition(BEGIN)
        found = BESIDE.search(before)
        limits = LIMITS.search(before)
        before = MARK.sub("", LIMITS.sub("", BESIDE.sub("", before)))
        template = self.renderer.template(f"counter/{sheet.name}.html", language)
        title = self.renderer.said(sheet.title, language)
        body = template.render(
            sheet=sheet, words=wording, letters=letters, title=title, code_shown=letters.code_shown, bits=PROOF_BITS,
            mails=self.mails, beside=Markup(found[0]) if found else "",  # noqa: S704 - a piece of the signed frame itself
            limits=Markup(limits[0]) if limits else "",  # noqa: S704 - another
        )  # fmt: skip
        _idle, _mark, after = rest.rpartition(END)
        wrong = f"{self.renderer.said(wording.WRONG, language)}：" if sheet.faults else ""
        named = f"<title>{escape(wrong + title)}_"
        if named not in before:  # the entrance has the frame's own title
            before = before.replace("<title>", named, 1)
        if sheet.head:
            before = before.replace("<title>", f"{sheet.head}<title>", 1)
        return f'{before}{BEGIN[:-1]} lang="{language}">{body}</div>\n{END}{after}'
