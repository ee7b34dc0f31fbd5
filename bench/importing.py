"""Reading and importing real documents, measured: `python bench/importing.py DATA_FOLDER [HOME]`.

Without HOME only the reading is measured: the share of documents whose number and day of writing are read from the text
alone as the given metadata say, and documents a second. With HOME (a home that holds the demo city) the whole set goes
from files to served pages, and the table says how many seconds each stage took. One process, one core.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

SITE, COLUMN = "www.chenghu.localhost", "zwgk/zcwj"


def main(folder: Path, home: Path | None) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiyue.config.settings.base")
    if home:
        os.environ["JIYUE_HOME"] = str(home)
    import django

    django.setup()
    files = sorted(folder.glob("*.jsonl"))
    reading(folder / "state_council_docs.jsonl", files)
    if home:
        whole_way(files)


def reading(judged: Path, files: list[Path]) -> None:
    from jiyue.content.intake.measuring import measure

    equal, everything = measure([judged]), measure(files)
    row("judged documents", equal["judged"])
    row("number equal", f"{equal['equal_number']:.1%}")
    row("day of writing equal", f"{equal['equal_date']:.1%}")
    row("both equal", f"{equal['equal_both']:.1%}")
    row("read from text, documents/s", everything["reading"]["per_second"])
    row("file to item, documents/s", everything["intake"]["per_second"])
    for miss in equal["misses"]:
        row("miss", miss)


def whole_way(files: list[Path]) -> None:
    from django.utils import timezone

    from jiyue.config.command import main as jiyue
    from jiyue.identity.models import User
    from jiyue.publishing.publisher import Publisher
    from jiyue.review.actions import approve
    from jiyue.review.batches import carry_on_batches
    from jiyue.review.checklist import ALL_GATES
    from jiyue.review.models import Review

    where = [*map(str, files), "--site", SITE, "--column", COLUMN, "--by", "bianji", "--source", "历史资料", "--json"]
    timed("import as drafts", lambda: jiyue(["import", *where]))
    timed("again, all there, and submit", lambda: jiyue(["import", *where, "--submit"]))
    review = Review.objects.filter(act=Review.Act.BATCH).latest("pk")
    read = {"reason": "不涉及国家秘密", "looked_at": json.loads(review.version.content)["sample"]}
    for person in ("chushen", "fushen", "zhongshen"):
        act = {"by": User.objects.get(username=person), "now": timezone.now(), "gates": ALL_GATES, **read}
        timed(f"sign as {person}", lambda: approve(review=review, **act))  # noqa: B023
    timed("write the ledger's other rows", lambda: carry_on_batches(now=timezone.now(), seconds=600))
    outcome = timed("bake and deploy", lambda: Publisher().publish(review.site, now=timezone.now()))
    row("sign-offs deployed", outcome.deployed)
    row("pages", outcome.pages)


def timed(name: str, act: Callable):
    began, used = time.perf_counter(), time.process_time()
    kept, sys.stdout = sys.stdout, open(os.devnull, "w")  # noqa: SIM115 the commands' own report is not the table
    try:
        result = act()
    finally:
        sys.stdout.close()
        sys.stdout = kept
    row(name, f"{time.perf_counter() - began:.1f} s, of which {time.process_time() - used:.1f} s of processor")
    return result


def row(name: str, value: object) -> None:
    print(f"{name:32} {value}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
