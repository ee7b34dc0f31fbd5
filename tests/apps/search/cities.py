"""A city whose index is kept as the worker keeps it, without its clock."""

import time
from dataclasses import dataclass, field
from datetime import datetime

from jiyue.foundation import outbox
from jiyue.foundation.home import Home
from jiyue.publishing.publisher import Publisher
from jiyue.search import handlers
from jiyue.search.answering import Answer
from jiyue.search.asking import Question
from jiyue.search.commanding import answering
from jiyue.search.engines.embedded import EmbeddedEngine
from jiyue.search.indexing import Indexer
from jiyue.search.models import IndexTask


@dataclass
class Indexed:
    """Publisher, outbox and indexer of one home, run step by step."""

    home: Home
    publisher: Publisher = field(init=False)
    indexer: Indexer = field(init=False)

    def __post_init__(self) -> None:
        self.publisher = Publisher(self.home)
        self.indexer = Indexer(EmbeddedEngine(self.home.index), self.home)
        outbox.subscribe(handlers.RELEASED, handlers.heed_release)
        for code in handlers.ROLLED_BACK:
            outbox.subscribe(code, handlers.heed_site)

    def publish(self, *sites, now: datetime) -> None:
        """Publish, deliver, index: one round of worker and indexer."""
        for site in sites:
            self.publisher.publish(site, now=now)
        self.index(now=now)

    def index(self, *, now: datetime) -> None:
        while outbox.deliver(now=now):
            continue
        with self.indexer.engine.writer() as writer:
            self.indexer.step(writer, now=now)
        self.indexer.write_lexicon()  # at once: the worker looks at names every few seconds only, unless it indexed

    def read_files(self, *, now: datetime) -> None:
        """Wait until every attachment was read, and index what it was read for."""
        until = time.monotonic() + 60
        while IndexTask.objects.exists():
            assert time.monotonic() < until, IndexTask.objects.values()
            time.sleep(0.05)
            self.index(now=now)

    def ask(self, query: str, *, host: str | None, now: datetime, **more) -> Answer:
        return answering(self.home, EmbeddedEngine(self.home.index)).answer(
            Question(query=query, **more), host=host, now=now
        )

    def titles(self, query: str, *, host: str | None, now: datetime, **more) -> list[str]:
        return [result.title.striptags() for result in self.ask(query, host=host, now=now, **more).results]
