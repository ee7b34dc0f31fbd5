"""The process behind /search/: answers questions into the baked frame of each site. No database, no session, no key."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from jiyue.portal.answers import Answers
from jiyue.portal.environment import PortalRenderer
from jiyue.portal.live import packed, parameters
from jiyue.publishing.serving import media
from jiyue.publishing.serving.answers import Answer
from jiyue.publishing.serving.portal import Portal, notice
from jiyue.publishing.serving.requests import Request
from jiyue.publishing.serving.trees import FILE, ForeignChange, Release
from jiyue.search import answering
from jiyue.search.answering import Answering
from jiyue.search.asking import LONGEST_QUERY, Question
from jiyue.search.counting import Counting
from jiyue.search.engines.base import EngineDown
from jiyue.search.folding import clean

logger = logging.getLogger(__name__)
PAGE, SUGGEST = "/search/", "/search/suggest"
RETRY_SECONDS = 5


class Rate:
    """So many questions at once and so many a second for each address; a bucket that refills."""

    def __init__(self, *, burst: int, each_second: float, clock: Callable[[], float] = monotonic) -> None:
        self.burst = burst
        self.each_second = each_second
        self.clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def allows(self, address: str) -> bool:
        """May this address ask once more now?"""
        now = self.clock()
        left, at = self._left.get(address, (float(self.burst), now))
        left = min(self.burst, left + (now - at) * self.each_second)
        if left < 1:  # asking in vain costs nothing: else an office that asks too often gets no answer at all
            return False
        if len(self._left) > 50_000:
            self._left.clear()
        self._left[address] = (left - 1, now)
        return True


class SearchPortal(Portal):
    """Sites of one home as far as they can be searched; everything else is the portal's business."""

    def __init__(
        self, *given: Any, service: Answering, counting: Counting, renderer: PortalRenderer, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.service = service
        self.counting = counting
        self.answers = Answers(renderer)
        # Offices share one address, so the limits are those of an office.
        self.questions = Rate(burst=60, each_second=10)
        self.typing = Rate(burst=200, each_second=40)

    def answer(self, request: Request, now: float) -> Answer:
        site = self.trees.site(request.host, now) if request.host else None
        path = request.address.path
        if site is None or site.closed is not None or site.release is None or path not in (PAGE, SUGGEST):
            return super().answer(request, now)
        if request.method not in ("GET", "HEAD"):
            return notice(405)
        self.counting.write_when_due()
        if path == SUGGEST:
            return self._suggested(request)
        try:
            return self._page_of(site.release, request)
        except ForeignChange as change:
            return self.changed(site.release, change)

    def _page_of(self, release: Release, request: Request) -> Answer:
        question = Question.read(parameters(request.address.query))
        if not self.questions.allows(request.fields.forwarded_for):
            return self._written(release, request, answering.Answer(question=question), problem="busy")
        now = datetime.now(UTC)
        try:
            answer = self.service.answer(question, host=request.host, now=now)
        except EngineDown as error:
            logger.warning("search: %s", error)
            return self._written(release, request, answering.Answer(question=question), problem="down")
        if question.page == 1 and not question.filters:
            self.counting.add(request.host, question.query, found=answer.total, now=now)
        return self._written(release, request, answer)

    def _written(self, release: Release, request: Request, answer: answering.Answer, problem: str = "") -> Answer:
        located = self.trees.locate(release, PAGE)
        if located.kind is not FILE:
            return notice(503)
        frame = self.contents.read(located.plain[0]).decode()
        body = self.answers.page(frame, answer, problem)
        status = {"busy": 429, "down": 503}.get(problem, 200)
        headers = media.page_headers() | ({"Retry-After": str(RETRY_SECONDS)} if problem else {})
        return packed(status, headers, body.encode(), request)

    def _suggested(self, request: Request) -> Answer:
        typed = clean(parameters(request.address.query).get("q", [""])[0])[:LONGEST_QUERY]
        try:
            allowed = self.typing.allows(request.fields.forwarded_for)
            found = self.service.suggestions(typed, host=request.host) if allowed else []
        except EngineDown as error:
            logger.warning("search: %s", error)
            found = []
        lines = [{"text": one.text, "address": one.address} for one in found]
        said = f"{len(lines)} 条建议，用上下方向键选择" if lines else "没有建议"
        headers = {
            "Content-Type": media.CONTENT_TYPES["json"], "Cache-Control": media.NEVER_KEEP, **media.SECURITY_HEADERS,
        }  # fmt: skip
        body = json.dumps({"suggestions": lines, "status": said}, ensure_ascii=False).encode()
        return packed(200, headers, body, request)
