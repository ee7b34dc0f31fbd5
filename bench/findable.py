"""How soon what was signed off is found by a visitor, and how soon what was withdrawn is gone: the whole way, over HTTP.

    python bench/findable.py [--quick] [--rounds 20] [--home FOLDER]

The product runs as a person starts it (`jiyue demo`). From the moment at which the last reviewer's decision is sent until
the portal's search page shows the title, or shows it no more: decision, ledger, bake, release, queue, index, answer. The
search page is asked every tenth of a second. Exit status 1 when the slowest is slower than the goal.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from building.home import figure
from building.product import Product, found, running, sign_off, withdraw, write

GOAL = 2.0  # seconds
EVERY = 0.1  # seconds between questions; the search answers ten a second and address
PATIENCE = 60.0
SIGNS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three rounds")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--home", type=Path, help="a home with the demo city, which is changed")
    options = parser.parse_args()
    with running(options.home) as product:
        time.sleep(10)  # what runs once after a start
        rounds = [_round(product, number) for number in range(3 if options.quick else options.rounds)]
    missed = False
    for at, name in enumerate(("signed off until found", "withdrawn until gone")):
        answered, times = zip(*(one[at] for one in rounds), strict=True)
        missed |= max(times) > GOAL
        spread = f"{statistics.median(times):.2f} s, worst {max(times):.2f} s"
        figure(f"{name}, median of {len(times)}", spread, f"≤ {GOAL:.0f} s", met=max(times) <= GOAL)
        figure("    of it until the console had answered", f"{statistics.median(answered):.2f} s")
    print(f"  load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return int(missed)


def _round(product: Product, number: int) -> tuple[tuple[float, float], tuple[float, float]]:
    title = f"{SIGNS[number % 20]}{SIGNS[number // 20 % 20]}号独一无二通告{time.time_ns() % 10**9}"
    key = write(product, title)
    shown = _until(product, title, wanted=True)
    withdraw(product, key)
    return shown, _until(product, title, wanted=False)


def _until(product: Product, title: str, *, wanted: bool) -> tuple[float, float]:
    """Sign; seconds from sending the decision until the answer, and until the search shows it or shows it no more."""
    since, answered = sign_off(product)
    while found(product, title) is not wanted:
        if time.monotonic() - since > PATIENCE:
            raise SystemExit(f"{title}: not {'found' if wanted else 'gone'} after {PATIENCE} seconds")
        time.sleep(EVERY)
    return answered - since, time.monotonic() - since


if __name__ == "__main__":
    raise SystemExit(main())
