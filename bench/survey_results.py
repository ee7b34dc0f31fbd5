"""How long the counts of a survey take when many have answered, each seal checked, and the same counts by another way.

    python bench/survey_results.py [--answers 100000] [--quick]

An own home with one signed survey of six questions, one of each kind. Answers are written with their seals, as the worker
writes them. Goal: results with 100,000 answers in under 2 s (issue 5, B1). Beside it, as a peer, the plain way: every
answer read as a row of Django's and counted one by one; both must say the same.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
GOAL = 2.0  # seconds
CHUNK = 5000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true", help="10,000 answers")
    options = parser.parse_args()
    answers = 10_000 if options.quick else options.answers
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"JIYUE_HOME": f"{folder}/var", "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.test"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        return _measured(answers)


def _measured(answers: int) -> int:
    from tests.campaigns import signed, survey_draft
    from tests.cast import build_cast

    from jiyue.interaction.campaigns.figures import survey_figures

    now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    city = build_cast(now=now).city
    survey = signed(city, survey_draft(city, now=now), now=now)
    different = _fill(survey, answers, now)
    started = time.perf_counter()
    figures = survey_figures(survey)
    counting = time.perf_counter() - started
    started = time.perf_counter()
    plain = _plainly(survey)
    peer = time.perf_counter() - started
    assert figures["answers"] == answers and figures["broken"] == 0
    assert [[row["count"] for row in figures["questions"][n]["options"]] for n in (0, 2, 3)] == plain
    print(f"answers, {different:,} different ones      {answers:>10,}")
    print(f"counted, each seal checked          {counting:>10.2f} s")
    print(f"row by row, without seals (peer)    {peer:>10.2f} s")
    print(f"ratio                               {peer / counting:>10.2f}")
    return 0 if counting <= GOAL else 1


def _fill(survey, answers: int, now: datetime) -> int:
    from jiyue.domain.canonical import canonical
    from jiyue.interaction.campaigns.sealing import seal_of
    from jiyue.interaction.models import SurveyAnswer

    chance, seal = random.Random(7), seal_of(survey)  # noqa: S311 - the same answers each time
    version = survey.versions.latest("number").digest
    seen = set()
    for start in range(0, answers, CHUNK):
        rows = []
        for n in range(start, min(start + CHUNK, answers)):
            text = canonical(_answer(chance))
            seen.add(text)
            token = f"{n:032x}"
            rows.append(SurveyAnswer(
                survey=survey, token=token, version=version, at=now, language="zh-CN", answers=text,
                seal=seal(token, version, text),
            ))  # fmt: skip
        SurveyAnswer.objects.bulk_create(rows)
    return len(seen)


def _answer(chance: random.Random) -> dict[str, str]:
    order = ["1", "2", "3"]
    chance.shuffle(order)
    first = chance.choice("123")
    chosen = sorted(chance.sample("123", chance.choice((1, 2))))
    answer = {
        "q1": first, "q3": ",".join(chosen), "q4": chance.choice("12345"), "q5": ",".join(order),
        "q6": f"{chance.choice('123')},{chance.choice('123')}",
    }  # fmt: skip
    return answer | ({"q2": "1"} if first == "3" and chance.random() < 0.5 else {})


def _plainly(survey) -> list[list[int]]:
    from jiyue.interaction.models import SurveyAnswer

    counts = {name: [0] * size for name, size in (("q1", 3), ("q3", 3), ("q4", 5))}
    for row in SurveyAnswer.objects.filter(survey=survey).iterator():
        answers = json.loads(row.answers)
        for name, found in counts.items():
            for option in answers[name].split(","):
                found[int(option) - 1] += 1
    return list(counts.values())


if __name__ == "__main__":
    sys.exit(main())
