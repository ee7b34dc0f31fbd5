"""Surveys and opinion calls as the counter knows them: read from the signed data that lie beside their page in the tree."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from jiyue.domain.campaigns import standing
from jiyue.domain.questionnaires import Questionnaire, read

SURVEY, OPINION_CALL = "survey", "opinion_call"
_STAYS: Final = 24 * 3600  # seconds that the token of a browser outlives the end


@dataclass(frozen=True)
class Campaign:
    """What is asked, of whom and until when. `address` is that of its page, `about` its identity."""

    kind: str
    about: str
    version: str
    address: str
    title: str
    purpose: str
    asked_by: str
    opens_at: datetime
    closes_at: datetime
    questionnaire: Questionnaire
    paragraphs: tuple[str, ...] = ()

    def state(self, now: datetime) -> str:
        return standing(opens_at=self.opens_at, closes_at=self.closes_at, at=now)[0]

    def paragraph(self, at: str) -> str:
        """The text of a paragraph by its number as typed; empty for the whole and for a number that there is not."""
        number = int(at) if at.isascii() and at.isdigit() and len(at) < 6 else 0
        return self.paragraphs[number - 1] if 0 < number <= len(self.paragraphs) else ""


def campaign_of(data: bytes, address: str) -> Campaign | None:
    """The campaign in the data of a page; None when the page is another kind of record."""
    try:
        told = json.loads(data)
        record = told["record"]
        if record["kind"] not in (SURVEY, OPINION_CALL):
            return None
        detail = record["detail"]
        return Campaign(
            kind=record["kind"], about=record["identity"], version=told["version"], address=address,
            title=record["title"], purpose=detail["purpose"], asked_by=detail["asked_by"],
            opens_at=datetime.fromisoformat(detail["opens_at"]), closes_at=datetime.fromisoformat(detail["closes_at"]),
            questionnaire=read(detail.get("questions", ())), paragraphs=tuple(detail.get("paragraphs", ())),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


# ── one browser, one answer ──


@dataclass(frozen=True)
class Browser:
    """What a browser remembers of one campaign: a token that says nothing about anything else, and whether it answered."""

    token: str = ""
    answered: bool = False


def browser_of(cookies: str, campaign: Campaign) -> Browser:
    found = re.search(rf"(?:^|;\s*){_name(campaign)}=([0-9a-f]{{32}})(\.1)?(?:;|$)", cookies)
    return Browser(found[1], bool(found[2])) if found else Browser()


def cookie_for(campaign: Campaign, browser: Browser, *, now: datetime) -> str:
    """What the browser shall remember until a day after the end."""
    kept = max(int((campaign.closes_at - now).total_seconds()), 0) + _STAYS
    value = f"{browser.token}{'.1' if browser.answered else ''}"
    return f"{_name(campaign)}={value}; Path=/hudong/join; Max-Age={kept}; HttpOnly; SameSite=Lax"


def token_of(campaign: Campaign, own: str) -> str:
    """The token under which an answer is kept: from that of the browser or the form, which nobody learns from it."""
    return sha256(f"{own}:{campaign.about}".encode()).hexdigest()[:32]


def _name(campaign: Campaign) -> str:
    return f"jy_a_{campaign.about[:8]}"


def typed_in(campaign: Campaign, texts: Mapping[str, str]) -> dict[str, str]:
    """What was typed into fields of this campaign."""
    names: tuple[Any, ...] = campaign.questionnaire.names if campaign.kind == SURVEY else ("at", "text")
    return {name: texts[name] for name in names if texts.get(name)}
