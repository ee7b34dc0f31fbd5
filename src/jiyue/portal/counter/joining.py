"""Taking part: answering a survey and giving an opinion on a draft. No name is asked, and what was typed is never lost."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from jiyue.domain.campaigns import OPEN
from jiyue.domain.questionnaires import Fault as Wrong
from jiyue.domain.questionnaires import Question, answers_of, in_words
from jiyue.foundation import durable
from jiyue.interaction.letterbox import Contribution, LetterBox, is_token, new_token
from jiyue.portal.counter.campaigns import (
    SURVEY,
    Browser,
    Campaign,
    browser_of,
    cookie_for,
    token_of,
    typed_in,
)
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Guard, Tries
from jiyue.portal.counter.sheets import LANGUAGES, Fault, Sheet
from jiyue.portal.counter.wording import TITLES
from jiyue.portal.counter.writing import Said

logger = logging.getLogger(__name__)
MOST_FIELDS: Final = 800
SHORTEST_OPINION, LONGEST_OPINION = 2, 2000


@dataclass(frozen=True)
class Turn:
    """One form on its way: what was typed, at which page of the questions it is, and what is wrong."""

    campaign: Campaign
    token: str
    lang: str
    opened: str
    values: Mapping[str, str]
    page: int = 0
    faults: tuple[Fault, ...] = ()
    trouble: str = ""
    asks_human: bool = False

    @property
    def pages(self) -> tuple[tuple[Question, ...], ...]:
        return self.campaign.questionnaire.pages()

    @property
    def is_last(self) -> bool:
        """Is this the page from which it is sent: the only one, or the one on which all answers are looked over?"""
        return self.campaign.kind != SURVEY or len(self.pages) == 1 or self.page >= len(self.pages)


class Joining:
    """Keep one for the life of a process."""

    def __init__(self, box: LetterBox, guard: Guard) -> None:
        self.box, self.guard = box, guard
        # A whole office or school answers from one address on one morning.
        self.sending = Tries(burst=300, seconds_each=0.2)
        self.sending_unproved = Tries(burst=30, seconds_each=5)

    def opened(self, campaign: Campaign, asked: Mapping[str, str], cookies: str, *, now: datetime) -> Said:
        lang = "en" if asked.get("lang") == "en" else ""
        browser = browser_of(cookies, campaign)
        if campaign.state(now) != OPEN:
            return self._closed(campaign, lang, now)
        if browser.answered:
            return self._thanks(campaign, lang, again=True)
        at = asked.get("at", "")
        values = {"at": at} if campaign.paragraph(at) else {}
        said = self._said(Turn(campaign, new_token(), lang, "", values), now=now)
        fresh = Browser(browser.token or new_token())
        return replace(said, cookie=cookie_for(campaign, fresh, now=now)) if campaign.kind == SURVEY else said

    def posted(self, campaign: Campaign, sent: Sent, address: str, cookies: str, host: str, *, now: datetime) -> Said:
        turn = self._read(campaign, sent)
        go = sent.get("go")
        if campaign.state(now) != OPEN:
            return self._said(replace(turn, trouble=campaign.state(now)), now=now)
        if go.startswith("lang:"):
            return self._said(replace(turn, lang="en" if go == "lang:en" else ""), now=now)
        if go == "back" or go.startswith("page:"):
            return self._said(replace(turn, page=_page_asked(turn, go)), now=now)
        faults = self._faults(turn)
        if faults:
            return self._said(replace(turn, page=_page_of(turn, faults[0]), faults=tuple(faults)), now=now)
        if turn.is_last:
            return self._sent(turn, sent, address, browser_of(cookies, campaign), host, now=now)
        return self._said(replace(turn, page=_page_after(turn)), now=now)

    # ── reading ──

    def _read(self, campaign: Campaign, sent: Sent) -> Turn:
        token = sent.get("token") if is_token(sent.get("token")) else new_token()
        page = sent.get("page")
        at = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 0
        turn = Turn(campaign, token, "en" if sent.get("lang") == "en" else "", sent.get("opened"), {})
        return replace(turn, values=typed_in(campaign, sent.texts), page=min(at, len(turn.pages)))

    def _faults(self, turn: Turn) -> list[Fault]:
        if turn.campaign.kind != SURVEY:
            return _faults_of_opinion(turn)
        _answers, found = answers_of(turn.campaign.questionnaire, turn.values)
        if not turn.is_last:
            here = {question.number for question in turn.pages[turn.page]}
            found = [fault for fault in found if fault.number in here]
        return [_fault(fault) for fault in found]

    # ── sending ──

    def _sent(
        self, turn: Turn, sent: Sent, address: str, browser: Browser, host: str, *, now: datetime
    ) -> Said:  # fmt: skip
        campaign = turn.campaign
        token = token_of(campaign, turn.token if campaign.kind != SURVEY else browser.token or turn.token)
        if browser.answered or self.box.receipt(token) is not None:
            return self._thanks(campaign, turn.lang, again=True)
        code, proved = self.guard.judged(turn.token, sent.texts, now=now.timestamp())
        if code:
            return self._said(replace(turn, faults=(Fault("human", code),), asks_human=True), now=now)
        if not (self.sending if proved else self.sending_unproved).spend(address):
            return self._said(replace(turn, trouble="busy"), now=now)
        try:
            self.box.drop_contribution(_contribution(turn, token, host, now))
        except OSError as error:
            if not durable.is_full(error):
                logger.exception("counter: an answer could not be put into the box")
            return self._said(replace(turn, trouble="full"), now=now)
        said = self._thanks(campaign, turn.lang, again=False)
        if campaign.kind != SURVEY or not browser.token:
            return said
        return replace(said, cookie=cookie_for(campaign, Browser(browser.token, answered=True), now=now))

    # ── pages ──

    def _said(self, turn: Turn, *, now: datetime) -> Said:
        campaign = turn.campaign
        challenge = self.guard.challenge(turn.token, turn.opened, now=now.timestamp())
        name = "opinion" if campaign.kind != SURVEY else "survey_check" if turn.page >= len(turn.pages) else "survey"
        answers, _wrong = answers_of(campaign.questionnaire, turn.values)
        asked = list(campaign.questionnaire.asked(answers))
        more: dict[str, Any] = {
            "campaign": campaign, "page": turn.page, "pages": len(turn.pages), "is_last": turn.is_last,
            "questions": [one for one in turn.pages[turn.page] if one in asked] if name == "survey" else [],
            "review": [(one, in_words(one, answers.get(one.name, "")), _page_with(turn, one)) for one in asked],
            "quote": campaign.paragraph(turn.values.get("at", "")), "is_open": campaign.state(now) == OPEN,
        }  # fmt: skip
        sheet = Sheet(
            name, campaign.title, lang=turn.lang, token=turn.token, challenge=challenge, values=turn.values,
            faults=turn.faults, trouble=turn.trouble, asks_human=turn.asks_human, more=more,
        )  # fmt: skip
        return Said(sheet, {"busy": 429, "full": 503}.get(turn.trouble, 200))

    def _thanks(self, campaign: Campaign, lang: str, *, again: bool) -> Said:
        more = {"campaign": campaign, "again": again}
        return Said(Sheet("thanks", TITLES["thanks"], lang=lang, more=more), ends=True)

    def _closed(self, campaign: Campaign, lang: str, now: datetime) -> Said:
        more = {"campaign": campaign, "state": campaign.state(now)}
        return Said(Sheet("join_closed", campaign.title, lang=lang, more=more))


def _fault(wrong: Wrong) -> Fault:
    return Fault(f"q{wrong.number}", "unanswered" if wrong.code == "missing" else wrong.code, wrong.limit)


def _faults_of_opinion(turn: Turn) -> list[Fault]:
    at, text = turn.values.get("at", ""), turn.values.get("text", "")
    found = [Fault("at", "not_a_choice")] if at and not turn.campaign.paragraph(at) else []
    if not text:
        return [*found, Fault("text", "no_opinion")]
    if len(text) < SHORTEST_OPINION:
        return [*found, Fault("text", "too_short", SHORTEST_OPINION)]
    return [*found, Fault("text", "opinion_too_long", LONGEST_OPINION)] if len(text) > LONGEST_OPINION else found


def _contribution(turn: Turn, token: str, host: str, now: datetime) -> Contribution:
    campaign = turn.campaign
    fields = dict(turn.values)
    if campaign.kind == SURVEY:
        fields, _none = answers_of(campaign.questionnaire, turn.values)
    # To the minute: enough to see that it came in time, too little to be matched with anybody's log.
    at = now.astimezone(UTC).replace(second=0, microsecond=0).isoformat()
    return Contribution(token, campaign.kind, campaign.about, campaign.version, host, at, LANGUAGES[turn.lang], fields)


def _asked_on(turn: Turn, page: int) -> bool:
    answers, _wrong = answers_of(turn.campaign.questionnaire, turn.values)
    asked = {question.number for question in turn.campaign.questionnaire.asked(answers)}
    return any(question.number in asked for question in turn.pages[page])


def _page_after(turn: Turn) -> int:
    """The next page with a question for this person, or the one on which all is looked over."""
    later = range(turn.page + 1, len(turn.pages))
    return next((page for page in later if _asked_on(turn, page)), len(turn.pages))


def _page_asked(turn: Turn, go: str) -> int:
    if go == "back":
        return next((page for page in range(turn.page - 1, -1, -1) if _asked_on(turn, page)), 0)
    wanted = go.removeprefix("page:")
    return min(int(wanted), len(turn.pages) - 1) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else 0


def _page_of(turn: Turn, fault: Fault) -> int:
    names = (fault.field,)
    return next((n for n, page in enumerate(turn.pages) if any(one.name in names for one in page)), turn.page)


def _page_with(turn: Turn, question: Question) -> int:
    return next(n for n, page in enumerate(turn.pages) if question in page)
