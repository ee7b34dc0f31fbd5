"""Memory of all processes of `jiyue up` with the demo city: at rest, and after work was done in each of them.

    python bench/memory.py [--quick] [--rest 20] [--home FOLDER]

Starts the product as a person does (`jiyue demo`) in a home of its own, waits until it answers, asks each part once, lets
it rest and adds up what /proc says: PSS counts a shared page once over all processes, RSS counts it in each of them. Then
editors and reviewers write, check and sign articles over HTTP, visitors search, lists and boards are opened, and it is
measured once more.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from building.home import figure
from building.product import Product, found, running, sign_off, write

GOAL = 600  # MB in all
ARTICLES = 5
SCREENS = ("/", "/records/", "/duties/", "/records/?site=all&q=%E6%B9%96")
WORDS = ("湖", "公积金", "澄政发", "gongjijin", "营商环境", "不存在的词语")


@dataclass(frozen=True)
class Process:
    pid: int
    name: str
    rss: float  # MB
    pss: float  # MB
    own: float  # MB that no other process shares


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="rest for 5 seconds")
    parser.add_argument("--rest", type=int, default=20, help="seconds without requests before it is measured")
    parser.add_argument("--home", type=Path, help="a home with the demo city, which is changed")
    options = parser.parse_args()
    rest = 5 if options.quick else options.rest
    with running(options.home) as product:
        product.public("/")
        for _ in range(4):  # both processes of the console
            product.person("bianji").get("/")
        time.sleep(rest)
        _report("at rest", _family(product.process.pid))
        _work(product)
        _report("after work", _family(product.process.pid))
    return 0


def _work(product: Product) -> None:
    for number in range(ARTICLES):
        write(product, f"第{number}次湖岸清洁行动")
        sign_off(product)
    for words in WORDS * 3:
        found(product, words)
    for username in ("bianji", "zhongshen", "jianguan", "duban"):
        for screen in SCREENS:
            try:
                product.person(username).get(screen)
            except RuntimeError as refused:  # not everybody may open everything
                print(f"    {refused}")


def _report(when: str, family: list[Process]) -> None:
    for process in family:
        print(
            f"    {process.name:<18} {process.rss:6.1f} MB RSS  {process.pss:6.1f} MB PSS  {process.own:6.1f} MB its own"
        )
    rss, pss = sum(process.rss for process in family), sum(process.pss for process in family)
    figure(f"{when}: {len(family)} processes, sum of PSS", f"{pss:.0f} MB", f"≤ {GOAL} MB", met=pss <= GOAL)
    figure(f"{when}: {len(family)} processes, sum of RSS", f"{rss:.0f} MB")


def _family(root: int) -> list[Process]:
    """A process and all below it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # it ended while we looked
                continue
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return [process for pid in sorted(family) if (process := _process(pid)) is not None]


def _process(pid: int) -> Process | None:
    folder = Path("/proc") / str(pid)
    try:
        lines = (folder / "smaps_rollup").read_text().splitlines()[1:]
        name = (folder / "comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):  # it ended while we looked, and has no memory any more
        return None
    sizes = {name: int(size) / 1024 for name, size in (line.split()[:2] for line in lines)}
    return Process(pid, name, sizes["Rss:"], sizes["Pss:"], sizes["Private_Clean:"] + sizes["Private_Dirty:"])


if __name__ == "__main__":
    raise SystemExit(main())
