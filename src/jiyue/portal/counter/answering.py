"""The process behind /hudong/: takes letters, answers and opinions, and shows how letters stand.

No Django, no database, no key of the console.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jiyue.interaction.letterbox import LetterBox
from jiyue.interaction.letterbox.talks import TalkBox
from jiyue.portal.counter import forms
from jiyue.portal.counter.campaigns import Campaign, campaign_of
from jiyue.portal.counter.commenting import Commenting
from jiyue.portal.counter.following import Following
from jiyue.portal.counter.guards import Guard
from jiyue.portal.counter.interviews import Asking, Interview, LiveWords, interview_of
from jiyue.portal.counter.joining import MOST_FIELDS, Joining
from jiyue.portal.counter.mailboxes import Mailbox, mailboxes_in
from jiyue.portal.counter.services import GUIDE, Asked, asked_of
from jiyue.portal.counter.sheets import Sheet, Sheets
from jiyue.portal.counter.stopping import Stopping
from jiyue.portal.counter.talking import Talking
from jiyue.portal.counter.voices import Shown, Voices, gone, voices_of
from jiyue.portal.counter.voting import Voting
from jiyue.portal.counter.wording import TITLES
from jiyue.portal.counter.writing import Download, Said, Writing, page_of_site
from jiyue.portal.environment import PortalRenderer
from jiyue.portal.live import packed, parameters
from jiyue.publishing.serving import feeds, media
from jiyue.publishing.serving.answers import Answer
from jiyue.publishing.serving.portal import Portal, notice
from jiyue.publishing.serving.requests import Request
from jiyue.publishing.serving.trees import FILE, ForeignChange, Release

logger = logging.getLogger(__name__)
ENTRANCE, WRITE, FOLLOW, JOIN, STOP = "/hudong/", "/hudong/write", "/hudong/follow", "/hudong/join", "/hudong/stop"
ASK, LIVE, LIVE_PICTURE = "/hudong/ask", "/hudong/live", "/hudong/live-picture"
TALK, TALK_SAVED, TALK_FILE = "/hudong/talk", "/hudong/talk-saved", "/hudong/talk-file"
OF_INTERVIEWS = (ASK, LIVE, LIVE_PICTURE)
COMMENT, COMMENTS, VOTE = "/hudong/comment", "/hudong/comments", "/hudong/vote"
OF_VOICES = (COMMENT, COMMENTS, VOTE)
TAKING = (WRITE, FOLLOW, JOIN, STOP, ASK, COMMENT, VOTE, TALK)
# A form may come back by the back button with everything in it; a receipt is not for the next person at this computer.
KEPT, NOT_KEPT = "private, no-cache", media.NEVER_KEEP


class CounterPortal(Portal):
    """Sites of one home as far as they take letters; everything else is the portal's business."""

    def __init__(
        self, *given: Any, box: LetterBox, talks: TalkBox, guard: Guard, renderer: PortalRenderer, mails: bool = False,
        **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*given, taking=(ENTRANCE,), **more)
        self.sheets = Sheets(renderer, mails=mails)
        self.writing = Writing(box, guard)
        self.following = Following(box)
        self.joining = Joining(box, guard)
        self.asking = Asking(box, guard)
        self.live_pages = LiveWords(Path(self.trees.home))
        self.stopping = Stopping(box)
        self.commenting, self.voting = Commenting(box, guard), Voting(box, guard)
        self.shown = Shown(Path(self.trees.home))
        self.talking = Talking(talks, guard, self.writing)

    def answer(self, request: Request, now: float) -> Answer:
        site = self.trees.site(request.host, now) if request.host else None
        path = request.address.path
        if (
            site is None or site.closed is not None or site.release is None or not path.startswith(ENTRANCE)
            or path in (feeds.LIVE_WORDS, feeds.TALK_WORDS)
        ):  # fmt: skip
            return super().answer(request, now)
        try:
            located = self.trees.locate(site.release, ENTRANCE)
            # A site whose structure has the block switched off has no frame here, and takes no letters.
            if located.kind is not FILE or path not in (
                ENTRANCE,
                *TAKING,
                *OF_INTERVIEWS,
                *OF_VOICES,
                TALK_SAVED,
                TALK_FILE,
            ):
                return self._page(site.release, "/404.html", 404)
            if request.method not in ("GET", "HEAD", "POST") or (request.method == "POST" and path not in TAKING):
                return notice(405)
            frame = self.contents.read(located.plain[0]).decode()
            about = self._about(site.release, request) if path in (WRITE, TALK) else None
            if path == JOIN:
                return self._joined(site.release, frame, request)
            if path in OF_INTERVIEWS:
                return self._interviewed(site.release, frame, request)
            if path in OF_VOICES:
                return self._voiced(site.release, frame, request)
            if path in (TALK, TALK_SAVED, TALK_FILE) and not self.talking.is_known(request.host, request.fields.cookie):
                return self._page(site.release, "/404.html", 404)
            if path == TALK_SAVED:
                missing = self._page(site.release, "/404.html", 404)
                return _later(lambda: self._saved(request) or missing)
            if path == TALK_FILE:
                missing = self._page(site.release, "/404.html", 404)
                return _later(lambda: self._handed(frame, request) or missing)
        except ForeignChange as change:
            return self.changed(site.release, change)
        return _later(lambda: self._made(frame, request, self._said(request, mailboxes_in(frame), about)))

    def _joined(self, release: Release, frame: str, request: Request) -> Answer:
        """Survey or opinion call: what is asked is read from the same tree as the page. Raises ForeignChange."""
        asked = _asked(request)
        address, data = self._signed(release, asked, request)
        campaign = campaign_of(data, address)
        if campaign is None:
            return self._page(release, "/404.html", 404)
        return _later(lambda: self._made(frame, request, self._taken(campaign, asked, request)))

    def _signed(self, release: Release, asked: Mapping[str, str], request: Request) -> tuple[str, bytes]:
        """The page that is named, and the signed data beside it in the same tree; empty where there are none."""
        address = page_of_site(asked.get("of", ""), request.host)
        beside = f"{address.removesuffix('.html')}.json"
        located = self.trees.locate(release, beside) if address.endswith(".html") else None
        return address, self.contents.read(located.plain[0]) if located and located.kind is FILE else b""

    def _about(self, release: Release, request: Request) -> Asked | None:
        """The guide by which somebody came to ask, while it stands in the tree. Raises ForeignChange."""
        guide = _asked(request).get(GUIDE, "")
        if not guide:
            return None
        address, data = self._signed(release, {"of": guide}, request)
        return asked_of(data, address)

    def _interviewed(self, release: Release, frame: str, request: Request) -> Answer:
        """A question to the guests, or what is said live. Raises ForeignChange."""
        asked = _asked(request)
        address, data = self._signed(release, asked, request)
        interview, path = interview_of(data, address), request.address.path
        if interview is None or (path != ASK and not interview.has_live):
            return self._page(release, "/404.html", 404)
        if path == LIVE_PICTURE:
            missing = self._page(release, "/404.html", 404)
            return _later(lambda: self._picture(interview, asked.get("name", ""), request) or missing)
        return _later(lambda: self._made(frame, request, self._of_interview(interview, asked, request)))

    def _voiced(self, release: Release, frame: str, request: Request) -> Answer:
        """A comment, a vote, or what others said: only under a page that stands in the tree and says so. Raises ForeignChange."""
        asked, path = _asked(request), request.address.path
        address = page_of_site(asked.get("of", ""), request.host)
        voices = self._voices(release, address)
        if voices is not None and voices.home:
            voices = voices.as_at_home(self._voices_at(voices.home, voices.at))
        taken = voices is not None and {COMMENT: voices.takes_comments, VOTE: voices.takes_votes}.get(path, True)
        if not taken and request.method != "POST":
            return self._page(release, "/404.html", 404)
        return _later(lambda: self._made(frame, request, self._of_voices(voices if taken else None, asked, request)))

    def _voices(self, release: Release, address: str) -> Voices | None:
        """What the page at an address of this tree takes. Raises ForeignChange."""
        located = self.trees.locate(release, address) if address.endswith(".html") else None
        is_there = located is not None and located.kind is FILE
        return voices_of(self.contents.read(located.plain[0]), address) if located and is_there else None

    def _voices_at(self, host: str, address: str) -> Voices | None:
        """The same of another site of this home, as it stands in its own tree now."""
        site = self.trees.site(host, time.monotonic())
        if site is None or site.closed is not None or site.release is None:
            return None
        try:
            return self._voices(site.release, address)
        except ForeignChange as change:
            self.changed(site.release, change)
            return None

    def _of_voices(self, voices: Voices | None, asked: Mapping[str, str], request: Request) -> Said:
        now, path, lang = datetime.now(UTC), request.address.path, "en" if asked.get("lang") == "en" else ""
        if voices is not None and path == COMMENTS:
            return self.shown.page(voices, asked, request.host, now=now)
        way = self.commenting if path == COMMENT else self.voting
        if voices is not None and request.method != "POST":
            return way.opened(voices, asked, now=now)
        try:
            sent = forms.read(request)
        except forms.Unreadable as error:
            return _unreadable(error, lang)
        if voices is None:
            return gone(sent.texts, "en" if sent.get("lang") == "en" else "")
        return way.posted(voices, sent, request.fields.forwarded_for, request.host, now=now)

    def _of_interview(self, interview: Interview, asked: Mapping[str, str], request: Request) -> Said:
        now = datetime.now(UTC)
        if request.address.path == LIVE:
            return self.live_pages.shown(interview, asked, request.host, now=now)
        if request.method != "POST":
            return self.asking.opened(interview, asked, now=now)
        try:
            sent = forms.read(request)
        except forms.Unreadable as error:
            return _unreadable(error, "en" if asked.get("lang") == "en" else "")
        return self.asking.posted(interview, sent, request.fields.forwarded_for, request.host, now=now)

    def _picture(self, interview: Interview, name: str, request: Request) -> Answer | None:
        body = self.live_pages.picture(interview, name, request.host)
        if body is None:
            return None
        headers = {**media.headers_for(f"/{name}", name), "Cache-Control": media.ASK_EVERY_TIME}
        return Answer(200, media.encoded(headers) + f"Content-Length: {len(body)}\r\n".encode(), body)

    def _saved(self, request: Request) -> Answer | None:
        """The conversation as a text file."""
        asked = _asked(request)
        words = self.talking.saved(request.fields.cookie, request.host, "en" if asked.get("lang") == "en" else "",
                                   self.sheets.renderer)  # fmt: skip
        if words is None:
            return None
        headers = media.page_headers() | {
            "Content-Type": "text/plain; charset=utf-8", "Cache-Control": NOT_KEPT,
            "Content-Disposition": 'attachment; filename="zixun.txt"',
        }  # fmt: skip
        return packed(200, headers, ("\ufeff" + words).encode(), request)

    def _handed(self, frame: str, request: Request) -> Answer | None:
        """A file that the duty desk handed back."""
        asked, fields = _asked(request), request.fields
        lang = "en" if asked.get("lang") == "en" else ""
        said = self.talking.taken(asked.get("f", ""), fields.cookie, request.host, lang, fields.forwarded_for)
        return self._made(frame, request, said) if said is not None else None

    def _taken(self, campaign: Campaign, asked: Mapping[str, str], request: Request) -> Said:
        now, cookies = datetime.now(UTC), request.fields.cookie
        if request.method != "POST":
            return self.joining.opened(campaign, asked, cookies, now=now)
        try:
            sent = forms.read(request, most_fields=MOST_FIELDS)
        except forms.Unreadable as error:
            return _unreadable(error, "en" if asked.get("lang") == "en" else "")
        address = request.fields.forwarded_for
        return self.joining.posted(campaign, sent, address, cookies, request.host, now=now)

    def _made(self, frame: str, request: Request, said: Said) -> Answer:
        if said.download is not None:
            return _handed_out(said.download)
        body = self.sheets.page(frame, said.sheet).encode()
        headers = media.page_headers() | {"Cache-Control": NOT_KEPT if said.ends else KEPT}
        if said.status in (429, 503):
            headers["Retry-After"] = "60"
        if said.cookie:
            headers["Set-Cookie"] = said.cookie + ("; Secure" if request.fields.is_https else "")
        return packed(said.status, headers, body, request)

    def _said(self, request: Request, mailboxes: tuple[Mailbox, ...], about: Asked | None) -> Said:
        path, now = request.address.path, datetime.now(UTC)
        asked = _asked(request)
        lang = "en" if asked.get("lang") == "en" else ""
        if request.method != "POST":
            if path == TALK:
                return self.talking.opened(lang, request.fields.cookie, request.host, about=about, now=now)
            return self._opened(path, asked, lang, request.host, mailboxes, about, now)
        try:
            sent = forms.read(request)
        except forms.Unreadable as error:
            return _unreadable(error, lang)
        address = request.fields.forwarded_for
        if path == TALK:
            return self.talking.posted(sent, address, request.fields.cookie, request.host, about=about, now=now)
        if path == STOP:
            return self.stopping.posted(sent, asked, address, lang, now=now)
        if path == WRITE:
            talks = about is not None and self.talking.is_known(request.host, "")
            return self.writing.posted(
                sent, address, request.host, mailboxes=mailboxes, about=about, talks=talks, now=now
            )
        return self.following.posted(sent, address, now=now)

    def _opened(
        self, path: str, asked: Mapping[str, str], lang: str, host: str, mailboxes: tuple[Mailbox, ...],
        about: Asked | None, now: datetime,
    ) -> Said:  # fmt: skip
        if path == ENTRANCE:
            talks = self.talking.is_known(host, "")
            return Said(Sheet("entrance", TITLES["entrance"], lang=lang, mailboxes=mailboxes, more={"talks": talks}))
        if path == FOLLOW:
            return self.following.opened(lang)
        if path == STOP:
            return self.stopping.opened(asked, lang)
        talks = about is not None and self.talking.is_known(host, "")
        return self.writing.opened(asked, host, mailboxes=mailboxes, about=about, talks=talks, now=now.timestamp())


def _handed_out(file: Download) -> Answer:
    """To be saved and never drawn: what came with an answer was written elsewhere. Kept by nobody on the way."""
    headers = {
        "Content-Type": file.type, "Cache-Control": NOT_KEPT, **media.SECURITY_HEADERS,
        "Content-Security-Policy": "default-src 'none'; sandbox", "Referrer-Policy": "no-referrer",
        "Content-Disposition": f"attachment; filename=\"{file.plain}\"; filename*=UTF-8''{quote(file.name, safe='')}",
    }  # fmt: skip
    return Answer(200, media.encoded(headers) + f"Content-Length: {len(file.data)}\r\n".encode(), file.data)


def _asked(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parameters(request.address.query).items()}


def _later(make: Callable[[], Answer]) -> Answer:
    """The answer as it is made in a thread."""
    return replace(notice(503), later=make)


def _unreadable(error: forms.Unreadable, lang: str) -> Said:
    logger.info("counter: a form was not read: %s", error)
    return Said(Sheet("trouble", TITLES["trouble"], lang=lang, trouble="unreadable"), 400)
