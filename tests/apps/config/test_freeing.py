"""Memory between what is in use goes back to the system."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
from datetime import UTC, datetime
from pathlib import Path
from jiyue.config.freeing import give_back

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

used = [bytearray(4000) for _ in range(20_000)]
kept = used[::50]
del used
before = held()
give_back(datetime.now(UTC))
print(before - held(), sum(map(len, kept)))
"""


def test_what_lies_unused_between_used_pieces_is_given_back():
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    given_back, kept = map(int, run.stdout.split())
    assert kept == 400 * 4000
    assert given_back > 40_000_000


def test_the_counter_loads_nothing_of_the_search():
    script = "import sys, jiyue.portal.counter.answering; print(sorted({'pypinyin', 'tantivy', 'django'} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert run.stdout.strip() == "[]"
