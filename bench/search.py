"""How fast questions are answered while publishing goes on, and how soon a published item is found and a withdrawn one gone.

    python bench/search.py [--quick] [--documents 200000] [--seed 1]

Documents are composed of real paragraphs (../shared/data/policy_docs) with a seed. Another process replaces and removes
documents and commits each, as the indexer does. Measured: the engine alone (question, count, facets, first 30), and the whole
page as the portal sends it (socket, frame, excerpts, gzip not counted). Exit status 1 when a goal is missed.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import Event, Process
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.apps.publishing.deployed_home import DeployedHome  # noqa: E402
from tests.apps.search.quality import corpus  # noqa: E402

from jiyue.foundation.home import Home  # noqa: E402
from jiyue.portal.environment import portal_renderer  # noqa: E402
from jiyue.portal.gallery import sample_frame  # noqa: E402
from jiyue.portal.gallery_pages import search  # noqa: E402
from jiyue.portal.searching import Rate, SearchPortal  # noqa: E402
from jiyue.publishing.serving import Limits  # noqa: E402
from jiyue.publishing.serving.requests import parse  # noqa: E402
from jiyue.search.answering import Answering  # noqa: E402
from jiyue.search.counting import Counting  # noqa: E402
from jiyue.search.engines.embedded import EmbeddedEngine  # noqa: E402
from jiyue.search.entries import Entry  # noqa: E402
from jiyue.search.lexicon import FILE, Lexicon, LexiconFile, Place  # noqa: E402
from jiyue.search.planning import Narrowed, plan  # noqa: E402
from jiyue.search.ranking import CANDIDATES  # noqa: E402

HOST = "www.chenghu.localhost"
ENGINE_GOAL, PAGE_GOAL, SEEN_GOAL = 0.010, 0.050, 2.0  # seconds
PARAGRAPHS = range(4, 14)  # of a document; about 800 characters
SITES, COLUMNS = 20, 200
BATCH = 5_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5,000 documents")
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    count = 5_000 if options.quick else options.documents
    with tempfile.TemporaryDirectory(prefix="jiyue-bench-") as folder:
        home = Home(Path(folder))
        _deploy_frame(home)
        home.prepare()
        texts = Composer(options.seed)
        _build(home, texts, count)
        return _measure(home, texts, count)


class Composer:
    """Documents made of real titles and real paragraphs."""

    def __init__(self, seed: int) -> None:
        entries = list(corpus.entries())
        if not entries:
            sys.exit("no ../shared/data/policy_docs beside the checkout; JIYUE_TEST_DATA names another place")
        self.titles = [entry.title for entry in entries]
        self.paragraphs = [
            text for entry in entries for text in entry.text.splitlines() if 40 <= len(text.strip()) <= 400
        ]
        self.seed = seed

    def entry(self, number: int) -> Entry:
        draw = random.Random(self.seed * 1_000_003 + number)  # noqa: S311 - a draw that can be repeated
        year = draw.randrange(2005, 2027)
        column = draw.randrange(COLUMNS)
        numbered = draw.random() < 0.3
        return Entry(
            key=f"{number % SITES + 1}:{number}", site=number % SITES + 1, address=f"/zwgk/{number}.html", column=column,
            columns=(column, COLUMNS + column % 10), kind=draw.choice(("article", "notice", "policy_document")),
            title=draw.choice(self.titles), text="\n".join(draw.sample(self.paragraphs, draw.choice(PARAGRAPHS))),
            published=1_100_000_000 + draw.randrange(690_000_000), year=year,
            number=f"澄政发〔{year}〕{draw.randrange(1, 200)}号" if numbered else "",
            issuers=(draw.choice(("澄湖市人民政府", "澄湖市教育局", "澄湖市生态环境局")),) if numbered else (),
            validity=draw.choice(("valid", "valid", "repealed", "")),
        )  # fmt: skip

    def entries(self, count: int) -> Iterator[Entry]:
        return (self.entry(number) for number in range(count))


def questions(seed: int) -> list[str]:
    """What is asked: the judged questions, pieces of titles, common words."""
    draw = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    found = [judgement.query for judgement in corpus.judgements()]
    titles = [entry.title for entry in corpus.entries()]
    for title in draw.sample(titles, 100):
        start = draw.randrange(max(1, len(title) - 6))
        found.append(title[start : start + draw.randrange(2, 7)])
    found += ["管理", "通知", "国务院", "工作", "安全 生产", "环境 保护 条例", "人民政府", "办法"] * 5
    draw.shuffle(found)
    return [query for query in found if query.strip()]


def _deploy_frame(home: Home) -> None:
    frame, _files = sample_frame()
    DeployedHome(home.path).deploy(HOST, {"search/index.html": portal_renderer().render(search(frame)).encode()})


def _build(home: Home, texts: Composer, count: int) -> None:
    sites = {key: Place(host=HOST, origin=f"http://{HOST}", name=f"网站{key}") for key in range(1, SITES + 1)}
    columns = {key: f"栏目{key}" for key in range(COLUMNS + 10)}
    (home.index / FILE).write_bytes(Lexicon(sites=sites, columns=columns, kinds={"article": "文章"}).written())
    began = time.perf_counter()
    with EmbeddedEngine(home.index).writer() as writer:
        for start in range(0, count, BATCH):
            writer.put(texts.entry(number) for number in range(start, min(start + BATCH, count)))
        writer.commit()
    size = sum(file.stat().st_size for file in home.index.rglob("*") if file.is_file()) / 1e6
    print(f"{count:,} documents indexed in {time.perf_counter() - began:.1f} s, {size:.0f} MB")


def _measure(home: Home, texts: Composer, count: int) -> int:
    stop, asked = Event(), questions(texts.seed)
    busy = Process(target=_publish, args=(home, texts, count, stop))
    busy.start()
    try:
        reader = EmbeddedEngine(home.index)
        engine = _times(asked, lambda query: _ask(reader, query))
        portal = _portal(home)
        page = _times(asked, lambda query: _page(portal, query))
        typed = _times(asked, lambda query: _suggest(portal, query[:2]))
    finally:
        stop.set()
        busy.join()
    seen, gone = _visibility(home, texts, count)
    rows = [
        ("engine: question, count, facets, first 30", engine, ENGINE_GOAL),
        ("whole page", page, PAGE_GOAL),
        ("suggestions for two signs", typed, PAGE_GOAL),
    ]
    missed = False
    for name, times, goal in rows:
        p95 = statistics.quantiles(times, n=20)[-1]
        missed |= p95 > goal
        print(
            f"{name:45} p50 {1e3 * statistics.median(times):6.1f} ms  p95 {1e3 * p95:6.1f} ms  goal {1e3 * goal:.0f} ms"
        )
    print(f"{'put or removed, until another process sees it':45} {1e3 * seen:6.1f} ms, {1e3 * gone:6.1f} ms")
    print(json.dumps({"load": os.getloadavg()[0], "processors": os.cpu_count()}))
    return int(missed or max(seen, gone) > SEEN_GOAL)


def _times(asked: list[str], act) -> list[float]:
    for query in asked[:20]:
        act(query)
    times = []
    for query in asked:
        began = time.perf_counter()
        act(query)
        times.append(time.perf_counter() - began)
    return times


def _ask(engine: EmbeddedEngine, query: str) -> None:
    engine.search(plan(query, {}), Narrowed(facets={}), limit=CANDIDATES, facets=True)


def _portal(home: Home) -> SearchPortal:
    service = Answering(EmbeddedEngine(home.index), LexiconFile(home.index), lambda _host, _address: True)
    portal = SearchPortal(
        home.path, Limits(), service=service, counting=Counting(home.index), renderer=portal_renderer()
    )
    portal.questions = portal.typing = Rate(burst=10**9, each_second=1.0)
    return portal


def _page(portal: SearchPortal, query: str) -> None:
    answer = _get(portal, f"/search/?s=all&q={_quoted(query)}")
    if answer.status != 200:
        raise RuntimeError(answer.status)


def _suggest(portal: SearchPortal, typed: str) -> None:
    _get(portal, f"/search/suggest?q={_quoted(typed)}")


def _get(portal: SearchPortal, target: str):
    return portal.answer(parse(f"GET {target} HTTP/1.1\r\nHost: {HOST}".encode()), time.monotonic())


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _publish(home: Home, texts: Composer, count: int, stop) -> None:
    """What the indexer does while sites publish: five releases a second, each its own commit."""
    number = 0
    with EmbeddedEngine(home.index).writer() as writer:
        while not stop.is_set():
            writer.put([texts.entry(number % count)])
            writer.commit()
            number += 7
            time.sleep(0.2)


def _visibility(home: Home, texts: Composer, count: int) -> tuple[float, float]:
    """Seconds from the call of the writer until another reader finds it, and until it finds it no more."""
    reader = EmbeddedEngine(home.index)
    entry = texts.entry(count + 1)
    asked, narrowed = plan("独此一家的测试标题", {}), Narrowed(facets={})
    unique = Entry(**{name: getattr(entry, name) for name in entry.__slots__} | {"title": "独此一家的测试标题"})
    with EmbeddedEngine(home.index).writer() as writer:
        waits = []
        for act, wanted in ((lambda: writer.put([unique]), 1), (lambda: writer.remove([unique.key]), 0)):
            began = time.perf_counter()
            act()
            writer.commit()
            while reader.search(asked, narrowed, limit=1).total != wanted:
                time.sleep(0.001)
            waits.append(time.perf_counter() - began)
    return waits[0], waits[1]


if __name__ == "__main__":
    sys.exit(main())
