"""The indexing worker: takes rows from the queue, brings the index to what is public, commits, then deletes the rows.

Killed anywhere it starts again with the same rows; doing them twice changes nothing. It alone holds the writer.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import close_old_connections, transaction

from jiyue.estate.models import Site
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.search.asked import take_in
from jiyue.search.attachments import Key, Reader
from jiyue.search.engines.base import Engine, EngineDown, Writer
from jiyue.search.gathering import Gathered, Gatherer, Made, lexicon
from jiyue.search.handlers import queue, queue_all
from jiyue.search.lexicon import FILE, Lexicon
from jiyue.search.models import IndexedItem, IndexTask
from jiyue.search.queries import differing

logger = logging.getLogger(__name__)
POLL = 0.2  # seconds between looks at the queue
BATCH = 200  # rows of the queue a commit
REBUILT = 500  # records that are read at a time while everything is built anew
RETRY_AFTER = timedelta(seconds=30)
NAMES_EVERY = 5.0  # seconds between looks at names, synonyms and promoted answers
COUNTS_EVERY = 10.0  # seconds between looks at what visitors asked
WAITS_FOR_FILES = timedelta(hours=6)  # a row whose files are being read; it is called earlier when they were
COMPARED_EVERY = timedelta(minutes=30)
LEXICON_MODE = 0o640
ASKED_ANEW = "rebuild"  # a file that asks the running indexer to build everything anew


class Indexer:
    """One process of this kind. A second one finds the writer taken and waits for it.

    `at_rest` is called every few seconds while it runs, with the time.
    """

    def __init__(
        self, engine: Engine, home: Home, *, at_rest: Callable[[datetime], object] = lambda _now: None
    ) -> None:
        self.engine = engine
        self.home = home
        self.at_rest = at_rest
        self.gatherer = Gatherer(home)
        self.reader = Reader(home)
        self._waiting: dict[Key, set[tuple[int, UUID]]] = {}
        self.stopping = False
        self._lexicon: Lexicon | None = None
        self._looked = self._counted = float("-inf")
        self._compared: datetime | None = None

    def run(self) -> None:
        """Until `stop`."""
        while not self.stopping:
            try:
                with self.engine.writer() as writer:
                    self._work(writer)
            except EngineDown as error:
                logger.warning("index: %s", error)
                time.sleep(1)
        self.reader.close()

    def stop(self) -> None:
        self.stopping = True

    def _work(self, writer: Writer) -> None:
        call_waiting(now=datetime.now(UTC))
        if self.is_behind():
            self.rebuild(writer, now=datetime.now(UTC))
        while not self.stopping:
            began = time.monotonic()
            close_old_connections()
            self.step(writer, now=datetime.now(UTC))
            time.sleep(max(0.0, POLL - (time.monotonic() - began)))

    def step(self, writer: Writer, *, now: datetime) -> int:
        """One round: the queue, then names and counts when their time has come. Gives how many rows were done."""
        if (self.home.index / ASKED_ANEW).exists():
            self.rebuild(writer, now=now)
            (self.home.index / ASKED_ANEW).unlink(missing_ok=True)
        if self._compared is None or now - self._compared >= COMPARED_EVERY:
            self._compared = now
            self.compare(now=now)
        self.take_read(now=now)
        done = self.drain(writer, now=now)
        if done or time.monotonic() - self._looked >= NAMES_EVERY:
            self._looked = time.monotonic()
            self.write_lexicon()
        if time.monotonic() - self._counted >= COUNTS_EVERY:
            self._counted = time.monotonic()
            take_in(self.home.index, now=now)
            self.at_rest(now)
        return done

    def drain(self, writer: Writer, *, now: datetime) -> int:
        """Do what waits, a commit for each batch; gives how many rows were done."""
        done = 0
        while rows := list(IndexTask.objects.filter(next_try_at__lte=now).order_by("next_try_at", "pk")[:BATCH]):
            self._do(writer, rows, now=now)
            done += len(rows)
            if self.stopping:
                break
        return done

    def take_read(self, *, now: datetime) -> None:
        """Call the records whose files were read, to be put into the index once more with the words inside them."""
        for key in self.reader.finished():
            for site, identity in self._waiting.pop(key, ()):
                IndexTask.objects.filter(site=site, identity=identity, problem="").update(next_try_at=now)

    def compare(self, *, now: datetime) -> None:
        """Queue whatever the index holds otherwise than the sites show: events that were missed are mended here."""
        for site in Site.objects.filter(publication__release__gt=0):
            queue_all(site, IndexTask.Reach.DIFFERING, now=now)

    def rebuild(self, writer: Writer, *, now: datetime) -> int:
        """Build everything anew in one commit; until then readers see the old. Gives how many entries there are."""
        self.gatherer.forget()
        self.gatherer.texts.forget_unread()
        waiting = list(IndexTask.objects.values_list("pk", flat=True))
        writer.clear()
        rows: list[IndexedItem] = []
        unread: list[IndexTask] = []
        files: set[Key] = set()
        for gathered in self._everything():
            writer.put(made.entry for made in gathered.entries)
            rows += [_row(made, now) for made in gathered.entries]
            unread += [_task(made, now) for made in gathered.entries if self._has_read(made)]
            files.update(*(made.files for made in gathered.entries))
        self.write_lexicon()
        writer.commit()
        self.gatherer.texts.keep_only(files)
        with transaction.atomic():
            IndexedItem.objects.all().delete()
            IndexedItem.objects.bulk_create(rows, batch_size=500)
            IndexTask.objects.filter(pk__in=waiting).delete()
            IndexTask.objects.bulk_create(unread, batch_size=500)
        return len(rows)

    def rebuild_or_ask(self, *, now: datetime) -> int:
        """Build everything anew; while an indexer runs, leave a mark that it does so. Gives what is indexed, -1 if asked."""
        try:
            with self.engine.writer() as writer:
                return self.rebuild(writer, now=now)
        except EngineDown:
            (self.home.index / ASKED_ANEW).touch()
            return -1

    def write_lexicon(self) -> None:
        """Write names, synonyms and promoted answers when they changed."""
        current = lexicon(self.home)
        if current != self._lexicon or not (self.home.index / FILE).exists():
            durable.replace(self.home.index / FILE, current.written(), mode=LEXICON_MODE)
            self._lexicon = current

    def is_behind(self) -> bool:
        """Does the engine hold nothing although something was indexed? Its folder was deleted, or is another's."""
        try:
            return self.engine.size == 0 and IndexedItem.objects.exists()
        except EngineDown:
            return True

    # ---- steps ---------------------------------------------------------------------------------------------------

    def _do(self, writer: Writer, rows: Sequence[IndexTask], *, now: datetime) -> None:
        self.gatherer.forget()
        indexed: list[IndexedItem] = []
        gone: list[tuple[int, UUID]] = []
        done: list[int] = []
        later: set[int] = set()
        sites = {site.pk: site for site in Site.objects.filter(pk__in={row.site_id for row in rows})}
        for site_id, site in sites.items():
            asked = [row for row in rows if row.site_id == site_id]
            try:
                self._expand(site, asked, now=now)
                identities = {row.identity for row in asked if row.identity is not None}
                gathered = self.gatherer.gather(site, identities)
                writer.remove(gathered.gone)
                writer.put(made.entry for made in gathered.entries)
            except Exception as error:  # one site's fault, told in its rows, must not keep the others out of the index
                logger.exception("index of %s", site.host)
                self._put_off(asked, error, now=now)
                continue
            shown = {made.item.identity for made in gathered.entries}
            waits = {made.item.identity for made in gathered.entries if self._has_read(made)}
            indexed += [_row(made, now) for made in gathered.entries]
            gone += [(site_id, identity) for identity in identities - shown]
            done += [row.pk for row in asked if row.identity not in waits]
            later |= {row.pk for row in asked if row.identity in waits}
        writer.commit()
        self._note(indexed, gone, done, later, now=now)

    def _has_read(self, made: Made) -> bool:
        """Ask for the files of a record that nobody has read yet; is there one?"""
        for key in made.waits_for:
            self._waiting.setdefault(key, set()).add((made.item.site_id, made.item.identity))
            self.reader.want(key)
        return bool(made.waits_for)

    @staticmethod
    def _expand(site: Site, rows: Sequence[IndexTask], *, now: datetime) -> None:
        """A row for more than a record becomes rows for its records."""
        reaches = {row.reach for row in rows}
        if IndexTask.Reach.SITE in reaches:
            shown = PublicItem.objects.filter(site=site, state__in=LISTED).values_list("identity", flat=True)
            held = IndexedItem.objects.filter(site=site).values_list("identity", flat=True)
            queue(site, set(shown) | set(held), now=now)
        elif IndexTask.Reach.DIFFERING in reaches:
            asked = {row.identity for row in rows}
            queue(site, set(differing(site)) - asked, now=now)

    @staticmethod
    def _put_off(rows: Sequence[IndexTask], error: Exception, *, now: datetime) -> None:
        problem = f"{type(error).__name__}: {error}"
        keys = [row.pk for row in rows]
        IndexTask.objects.filter(pk__in=keys).update(problem=problem, next_try_at=now + RETRY_AFTER)

    @staticmethod
    @transaction.atomic
    def _note(
        indexed: Sequence[IndexedItem],
        gone: Sequence[tuple[int, UUID]],
        done: Sequence[int],
        later: Collection[int],
        *,
        now: datetime,
    ) -> None:
        """After the commit: what the index holds now, the rows that are done, and those that wait for their files."""
        for site_id, identity in gone:
            IndexedItem.objects.filter(site=site_id, identity=identity).delete()
        IndexedItem.objects.bulk_create(
            indexed,
            update_conflicts=True,
            unique_fields=["site", "identity"],
            update_fields=["sign_off", "validity", "unread", "indexed_at"],
        )
        IndexTask.objects.filter(pk__in=done).delete()
        IndexTask.objects.filter(pk__in=later).update(next_try_at=now + WAITS_FOR_FILES)

    def _everything(self) -> Iterator[Gathered]:
        for site in Site.objects.filter(publication__release__gt=0):
            identities = PublicItem.objects.filter(site=site, state__in=LISTED).values_list("identity", flat=True)
            waiting = identities.iterator(chunk_size=2000)
            while part := list(islice(waiting, REBUILT)):
                yield self.gatherer.gather(site, part)


def call_waiting(*, now: datetime) -> None:
    """Rows that waited for files when the last indexer ended: nobody reads for them any more."""
    IndexTask.objects.filter(problem="", next_try_at__gt=now).update(next_try_at=now)


def _task(made: Made, now: datetime) -> IndexTask:
    return IndexTask(
        site_id=made.item.site_id, identity=made.item.identity, asked_at=now, next_try_at=now + WAITS_FOR_FILES
    )


def _row(made: Made, now: datetime) -> IndexedItem:
    return IndexedItem(
        site_id=made.item.site_id,
        identity=made.item.identity,
        sign_off=made.item.sign_off_id,
        validity=made.item.validity,
        unread=made.unread,
        indexed_at=now,
    )
