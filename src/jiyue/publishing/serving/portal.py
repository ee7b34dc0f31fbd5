"""Routing: from a request to an answer. Knows nothing of connections."""

import hashlib
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

from jiyue.interaction.letterbox.talks import opened, room_file, room_of
from jiyue.publishing.serving import feeds, media, notices
from jiyue.publishing.serving.addresses import BadTarget, parse_target
from jiyue.publishing.serving.answers import Answer, Unsatisfiable, matches, parse_range
from jiyue.publishing.serving.contents import Content, Contents
from jiyue.publishing.serving.limits import Limits
from jiyue.publishing.serving.passing import passed_to
from jiyue.publishing.serving.requests import Request
from jiyue.publishing.serving.trees import (
    DIRECTORY,
    FILE,
    GONE,
    MOVED,
    ExpectedDigest,
    ForeignChange,
    Located,
    Release,
    Site,
    Trees,
)

ALWAYS_REACHABLE = "/.well-known/"
RELEASE_HEAD = "/.well-known/jiyue-release.json"
RETRY_SECONDS = 120
ALARM_SECONDS = 1.0
LONGEST_TARGET = 2048
EVENTS = {
    "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": media.NEVER_KEEP, "X-Accel-Buffering": "no",
    **media.SECURITY_HEADERS,
}  # fmt: skip


class Portal:
    """All sites of one JIYUE_HOME.

    `is_known` tells of sites that have no tree yet. `expected_digest` gives what the tree objects say: for a file
    its digest, for the link of a sub-directory the digest of the tree it leads to, None for what no tree lists; it
    gets the absolute path below trees/ and must be quick. Without it nothing is compared. `on_foreign_change` hears
    the path of what differed, at most once a second each. `live` names sockets by the beginnings of the addresses that
    are answered there; those of `taking` may be sent something too, by POST.
    """

    def __init__(
        self,
        home: Path | str,
        limits: Limits,
        *,
        is_known: Callable[[str], bool] | None = None,
        expected_digest: ExpectedDigest | None = None,
        on_foreign_change: Callable[[str], None] | None = None,
        live: Mapping[str, Path] | None = None,
        taking: Collection[str] = (),
    ) -> None:
        self.live = live or {}
        self.taking = tuple(taking)
        self.trees = Trees(
            home, recheck_seconds=limits.recheck_seconds, is_known=is_known, expected_digest=expected_digest
        )
        self.contents = Contents(limits.cache, limits.small_file, expected_digest)
        self.on_foreign_change = on_foreign_change
        self._alarmed: dict[str, float] = {}

    def answer(self, request: Request, now: float) -> Answer:
        """The answer to a request at `now` (monotonic seconds). Every address is routed here and nowhere else."""
        site = self.trees.site(request.host, now) if request.host else None
        if site is None:
            return notice(404, notices.UNKNOWN_HOST)
        path = request.address.path
        if site.closed is not None and not path.startswith(ALWAYS_REACHABLE):
            return _closed(site.closed[0])
        if request.method not in ("GET", "HEAD") and not self.takes(request):
            return notice(405)
        if path == RELEASE_HEAD:
            return self._release_head(site, request)
        if site.release is None:
            return notice(503)
        socket = passed_to(self.live, path)
        try:
            if path == feeds.LIVE_WORDS and request.address.is_servable:
                if request.method == "POST":
                    return notice(405)
                return self.live_words(site.host, site.release, request)
            if path == feeds.TALK_WORDS and request.method != "POST":
                return self.talk_words(site.host, site.release, request)
            if socket is not None and request.address.is_servable:
                return replace(self._nobody(site.release, path), passed=socket)
            return self._from_tree(site.release, request)
        except ForeignChange as change:
            return self.changed(site.release, change)

    def live_words(self, host: str, release: Release, request: Request) -> Answer:
        """The words of an interview as they are said, for as long as its signed page stands in the tree. Raises ForeignChange."""
        asked = parse_qs(request.address.query, max_num_fields=5) if len(request.address.query) < LONGEST_TARGET else {}
        beside = redirect_target(asked.get("of", [""])[0].removesuffix(".html") + ".json")
        located = self.trees.locate(release, unquote(beside)) if beside else None
        found = located is not None and located.kind is FILE
        identity = feeds.told_of(self.contents.read(located.plain[0])) if located and found else ""
        if not identity:
            return self._page(release, "/404.html", 404)
        headers = media.encoded(EVENTS)
        file = feeds.file_for(self.trees.home, host, identity)
        return Answer(200, headers, follows=file, since=feeds.number_in(asked.get("since", [""])[0]))

    def talk_words(self, host: str, release: Release, request: Request) -> Answer:
        """What is said in the conversation whose secret the browser holds. Raises ForeignChange."""
        secret = feeds.secret_in(request.fields.cookie)
        path = room_file(self.trees.home, room_of(secret)) if secret else None
        missing = self._page(release, "/404.html", 404)
        if path is None or not path.exists():
            return missing
        asked = parse_qs(request.address.query, max_num_fields=5) if len(request.address.query) < LONGEST_TARGET else {}
        since = feeds.number_in(asked.get("since", [""])[0])
        following = Answer(200, media.encoded(EVENTS), follows=path, since=since, secret=secret)

        def made() -> Answer:
            page = opened(path, secret)
            return following if page is not None and page.get("host") == host else missing

        return replace(notice(503), later=made)

    def takes(self, request: Request) -> bool:
        """Is a body read for this request? Asked before the first byte of one is."""
        if request.method != "POST" or not request.address.path.startswith(self.taking or ("\0",)):
            return False
        site = self.trees.site(request.host, time.monotonic()) if request.host else None
        return site is not None and site.closed is None and site.release is not None and request.address.is_servable

    def _nobody(self, release: Release, path: str) -> Answer:
        """What is said when nobody answers a live address: the page that lies there, as unavailable."""
        located = self.trees.locate(release, path)
        if located.kind is not FILE:
            located = self.trees.locate(release, f"/{path.split('/', 2)[1]}/")
        return _told(503, self.contents.read(located.plain[0])) if located.kind is FILE else notice(503)

    def _from_tree(self, release: Release, request: Request) -> Answer:
        if not request.address.is_servable:
            return self._page(release, "/404.html", 404)
        located = self.trees.locate(release, request.address.path)
        if located.kind is FILE:
            return conditional(self._content(located, request), request)
        if located.kind is GONE:
            return _told(410, self.contents.read(located.plain[0]))
        if located.kind is DIRECTORY:
            query = request.address.query
            return moved(quote(request.address.path) + "/" + (f"?{query}" if query else ""))
        if located.kind is MOVED:
            return self._moved(release, located)
        return self._page(release, "/404.html", 404)

    def _content(self, located: Located, request: Request) -> Content:
        packed = located.packed
        if packed is not None and request.fields.takes_gzip and request.fields.range is None:
            return self.contents.get(packed, is_packed=True, varies=True)
        return self.contents.get(located.plain, is_packed=False, varies=packed is not None)

    def _moved(self, release: Release, located: Located) -> Answer:
        first_line = self.contents.read(located.plain[0]).partition(b"\n")[0].strip()
        target = redirect_target(first_line.decode("utf-8", "replace"))
        return moved(target) if target else self._page(release, "/404.html", 404)

    def _page(self, release: Release, address: str, status: int) -> Answer:
        """The site's own page for a status, or the platform's."""
        located = self.trees.locate(release, address)
        if located.kind is not FILE:
            return notice(status)
        body = self.contents.get(located.plain, is_packed=False, varies=False).whole.body
        return _told(status, body) if body else notice(status)

    def changed(self, release: Release, change: ForeignChange) -> Answer:
        """503 for what somebody else changed, after telling who watches."""
        self._alarm(change.path)
        try:
            return self._page(release, "/503.html", 503)
        except ForeignChange as second:
            self._alarm(second.path)
            return notice(503)

    def _alarm(self, path: str) -> None:
        now = time.monotonic()
        if self.on_foreign_change is None or now - self._alarmed.get(path, float("-inf")) < ALARM_SECONDS:
            return
        if len(self._alarmed) > 10_000:
            self._alarmed.clear()
        self._alarmed[path] = now
        self.on_foreign_change(path)

    def _release_head(self, site: Site, request: Request) -> Answer:
        path = Path(self.trees.home, "heads", site.host, "jiyue-release.json")
        try:
            body = path.read_bytes()
        except OSError:
            return notice(404)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = media.encoded({**media.headers_for(RELEASE_HEAD, RELEASE_HEAD), "ETag": etag})
        whole = Answer(200, headers + _length(body), body)
        return conditional(Content(len(body), etag, headers, whole), request)


def conditional(content: Content, request: Request) -> Answer:
    """The whole, a part, or word that nothing changed (RFC 9110, 13.2.2)."""
    fields = request.fields
    if fields.if_none_match is not None and matches(fields.if_none_match, content.etag):
        return Answer(304, content.headers)
    if fields.range is None or request.method == "HEAD" or fields.if_range not in (None, content.etag):
        return content.whole
    try:
        wanted = parse_range(fields.range, content.size)
    except Unsatisfiable:
        return _with_headers(notice(416), {"Content-Range": f"bytes */{content.size}"})
    return content.part(*wanted) if wanted else content.whole


def notice(status: int, key: int | str | None = None) -> Answer:
    """A page of the platform."""
    return _NOTICES[key or status]


def redirect_target(line: str) -> str | None:
    """The address in a `.moved` mark, quoted for a header; None unless it is a plain path on the same site."""
    path, mark, query = line.partition("?")
    try:
        parse_target(quote(path, safe="/%~").encode())
    except BadTarget:
        return None
    if path.startswith("//") or len(line) > LONGEST_TARGET:
        return None
    return quote(unquote(path)) + (mark + quote(query, safe="=&%") if mark else "")


def moved(target: str) -> Answer:
    title = "页面已移动"
    body = (
        f'<!doctype html>\n<html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>\n<p>{title}。</p>\n</html>\n'
    )
    headers = {**media.page_headers(), "Cache-Control": media.ASK_EVERY_TIME, "Location": target}
    return Answer(301, media.encoded(headers) + _length(body.encode()), body.encode())


def _closed(path: str) -> Answer:
    try:
        body = Path(path).read_bytes()
    except OSError:
        return notice(503)
    headers = {**media.page_headers(media.NOTICE_POLICY), "Retry-After": str(RETRY_SECONDS)}
    return Answer(503, media.encoded(headers) + _length(body), body)


def _told(status: int, body: bytes) -> Answer:
    headers = media.page_headers()
    if status == 503:
        headers["Retry-After"] = str(RETRY_SECONDS)
    return Answer(status, media.encoded(headers) + _length(body), body)


def _length(body: bytes) -> bytes:
    return f"Content-Length: {len(body)}\r\n".encode()


def _with_headers(answer: Answer, extra: dict[str, str]) -> Answer:
    return Answer(answer.status, answer.headers + media.encoded(extra), answer.body)


def _made_notice(key: int | str) -> Answer:
    status = key if isinstance(key, int) else notices.STATUS[key]
    headers = dict(notices.HEADERS)
    if status == 405:
        headers["Allow"] = "GET, HEAD"
    if status == 503:
        headers["Retry-After"] = str(RETRY_SECONDS)
    body = notices.NOTICES[key]
    return Answer(status, media.encoded(headers) + _length(body), body)


_NOTICES = {key: _made_notice(key) for key in notices.NOTICES}
