"""How many article pages a second one core bakes, and how many Wagtail's own view serves of the same content.

    python bench/bake.py [--quick] [--documents 4000] [--profile FILE]

Ours is the whole path of the publisher: item, version and related items read from the database, seals and digests
checked, composed, rendered, digested, packed and written to the object store, with the record's data file beside it.
Wagtail's is a request for a page through Django's handler, without a network. Both are measured in processor time, in
turns, in one run. What the wall clock says depends on what else the machine does.
"""

import argparse
import cProfile
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from building.home import figure, own_home

GOAL_RATE, GOAL_RATIO = 1000, 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="800 documents, 3 rounds")
    parser.add_argument("--documents", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", metavar="FILE", help="write a cProfile of one round of ours and stop")
    options = parser.parse_args()
    if options.quick:
        options.documents, options.rounds = 800, 3
    with own_home() as home:
        return _measure(options, home)


def _measure(options: argparse.Namespace, home: Path) -> int:
    from datetime import UTC, datetime

    from building.documents import publish_many, relate, twelve_columns
    from tests.cast import build_cast

    from jiyue.publishing.baking import Baker
    from jiyue.publishing.models import SitePublication
    from jiyue.publishing.publisher import Publisher
    from jiyue.publishing.reading import to_bake
    from jiyue.publishing.rebuilding import CHUNK
    from jiyue.review.models import SignOff

    now = datetime.now(UTC)
    city = build_cast(now=now).city
    columns = twelve_columns(city, now=now)
    publish_many(city, columns, main=options.documents, others=0, now=now)
    relate(city)
    structure = SignOff.objects.get(subject="structure")
    SitePublication.objects.create(site=city.site, structure=structure)
    publisher = Publisher()
    sizes: list[int] = []

    def bake() -> int:
        _set_aside(home / "objects")
        reader = publisher.reader(city.site, at=now)[0]
        items = to_bake(city.site).iterator(chunk_size=CHUNK)
        baked = Baker(reader, publisher.renderer, publisher.deployer.store).bake([], items=items)
        sizes[:] = [file.size for path, file in baked.changes.items() if path.endswith(".html") and file]
        return baked.pages

    bake()
    if options.profile:
        cProfile.runctx("bake()", {}, {"bake": bake}, options.profile)
        return 0
    print(f"{options.documents} articles of 15 blocks, pages of {statistics.mean(sizes):.0f} bytes")
    with Peer(options.documents // 10) as peer:
        ours, theirs = [], []
        for _ in range(options.rounds):
            ours.append(_timed(bake))
            theirs.append(peer.round())
        _report(ours, theirs, peer.size)
    return 0


class Peer:
    """Wagtail's site in its own process; serves a round of pages when asked for one."""

    def __init__(self, pages: int) -> None:
        script = Path(__file__).parent / "building" / "wagtail_site.py"
        self._process = subprocess.Popen(
            [sys.executable, str(script), str(pages)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.size = json.loads(self._answer())["bytes"]

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()

    def round(self) -> list[float]:
        """Pages, seconds of processor time, seconds of wall clock."""
        self._process.stdin.write("round\n")
        self._process.stdin.flush()
        return json.loads(self._answer())

    def _answer(self) -> str:
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the Wagtail site ended early")
        return line


def _report(ours: list, theirs: list, size: int) -> None:
    rate, wall = (statistics.median(each[0] / each[at] for each in ours) for at in (1, 2))
    peer, peer_wall = (statistics.median(each[0] / each[at] for each in theirs) for at in (1, 2))
    ratios = [a[0] / a[1] / (b[0] / b[1]) for a, b in zip(ours, theirs, strict=True)]
    ratio = statistics.median(ratios)
    figure("baked pages a second of processor time", f"{rate:.0f}", f"≥ {GOAL_RATE}", met=rate >= GOAL_RATE)
    figure("baked pages a second of wall clock", f"{wall:.0f}")
    figure(f"Wagtail's view, pages of {size} bytes, processor time", f"{peer:.1f} a second")
    figure("Wagtail's view, wall clock", f"{peer_wall:.1f} a second")
    rounds = " ".join(f"{value:.1f}" for value in ratios)
    figure(f"baked ÷ served by Wagtail ({rounds})", f"{ratio:.1f}", f"≥ {GOAL_RATIO}", met=ratio >= GOAL_RATIO)


def _timed(work) -> tuple[int, float, float]:
    processor, clock = time.process_time(), time.perf_counter()
    pages = work()
    return pages, time.process_time() - processor, time.perf_counter() - clock


def _set_aside(folder: Path) -> None:
    """So that every round writes its objects anew. Not deleted: ext4 is slow to make files just after many were."""
    folder.rename(folder.with_name(f"objects-{time.monotonic_ns()}"))
    folder.mkdir(0o750)


if __name__ == "__main__":
    raise SystemExit(main())
