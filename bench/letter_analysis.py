"""How long it takes, and how much memory, to find what the letters of one period have in common.

    python bench/letter_analysis.py [--letters 8000 25000 100000]

What a province with 1,000,000 letters in ten years has in a month, a quarter and a year. The letters are put together from
sentences that people really wrote (`citizen_letters` of the test data); one in ten is written after another with a sentence
changed. Only the comparison is measured, in processor time, which the clock does beside the worker;
reading the letters comes on top.
"""

import argparse
import json
import os
import random
import re
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, nargs="+", default=[8_000, 25_000, 100_000])
    options = parser.parse_args()
    from jiyue.domain.letter_trends import groups, phrases

    rows = _rows()
    for count in options.letters:
        letters = _drawn(rows, count)
        began = time.process_time()
        found = groups(letters, hide=lambda _words, _titles: False)
        grouped = time.process_time() - began
        said = phrases(letters, hide=lambda _words, _titles: False)
        took = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{count:>8,} letters: {len(found)} groups in {grouped:.1f} s, {len(said)} phrases in {took - grouped:.1f} s, "
              f"peak {peak} MB", flush=True)  # fmt: skip
    return 0


def _rows() -> list[dict]:
    folder = Path(os.environ.get("JIYUE_TEST_DATA", ROOT.parent / "shared" / "data"))
    file = folder / "citizen_letters" / "letters_with_replies.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _drawn(rows: list[dict], count: int) -> list:
    from jiyue.domain.letter_trends import Told

    draw = random.Random(5)  # noqa: S311 - drawn data, the same every time
    sentences = sorted({one for row in rows for one in re.split(r"[。！？\n]", row["content"]) if 8 <= len(one) <= 80})
    titles = sorted({row["title"] for row in rows})
    letters: list = []
    for number in range(count):
        said = [draw.choice(sentences) for _each in range(6)]
        title = draw.choice(titles)
        if letters and number % 10 == 0:
            title, said = letters[draw.randrange(max(1, len(letters) // 100))]
            said = [*said[:5], draw.choice(sentences)]
        letters.append((title, said))
    return [Told(n, f"p{n}", title, "。".join(said)) for n, (title, said) in enumerate(letters)]


if __name__ == "__main__":
    sys.exit(main())
