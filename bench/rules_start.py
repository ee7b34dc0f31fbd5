"""How long `jiyue rules due` takes from the shell to its answer.

    python bench/rules_start.py [--quick | RUNS]

Prints the median beside the limit of design 10 (under a second) and beside a Python that does nothing; also what a check
of all packs takes. One due date inside Python is in `due_date.py`.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_MS = 1_000
ASKED = ["-m", "jiyue.config.command", "rules", "due", "P-40", "--pack", "hebi", "--from", "2025-09-29T10:00", "--json"]
CHECK = ["-m", "jiyue.config.command", "rules", "check", str(ROOT / "rulepacks")]


def main(runs: int) -> int:
    answer, check, nothing = (_median_ms(each, runs) for each in (ASKED, CHECK, ["-c", "pass"]))
    print(f"jiyue rules due: {answer:.0f} ms (limit {LIMIT_MS}); Python that does nothing: {nothing:.0f} ms")
    print(f"jiyue rules check rulepacks: {check:.0f} ms")
    return 0 if answer <= LIMIT_MS else 1


def _median_ms(arguments: list[str], runs: int) -> float:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1_000


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word.isdecimal()]
    sys.exit(main(int(given[0]) if given else 5 if "--quick" in sys.argv else 30))
