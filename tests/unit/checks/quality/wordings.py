"""Wording: alarms on clean texts, each read and judged; recall on sentences with marked mistakes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from jiyue.checks.detectors import wording
from jiyue.checks.matter import Matter
from jiyue.checks.reading import matter_of_text
from tests.unit.checks.quality.frame import PLAIN, Section, data
from tests.unit.checks.quality.real import OFFICIAL, rows

CLEAN = ("spelling/rmrb_clean_news", "spelling/xxqg_clean_official", *(f"policy_docs/{name}" for name in OFFICIAL))
MARKED = (
    "ecspell_official_writing_test", "ecspell_official_writing_train", "ecspell_law_test", "ecspell_law_train",
    "textproof_competition", "lemon_v2_sample", "csc_hard_newspaper", "xxqg_synthetic_errors",
)  # fmt: skip
# Alarms on clean texts that were read and found to be wrong, by words around them. The three sentences were cut out of
# paragraphs that close the quotation further on.
WRONG_ALARMS = ("提出三问：『", "报告指出：“随着企业", "启功老所说：“")


@cache
def clean_alarms() -> dict[str, tuple[int, Counter[str], Counter[str]]]:
    """For each clean set: characters, alarms by detector, wrong ones by detector."""
    found = {}
    for name in CLEAN:
        size, given, wrong = 0, Counter[str](), Counter[str]()
        for matter in _texts(name):
            size += len(matter.text)
            for one in wording.find(matter, PLAIN):
                given[one.detector] += 1
                wrong[one.detector] += any(words in one.excerpt for words in WRONG_ALARMS)
        found[name] = size, given, wrong
    return found


def _texts(name: str) -> Iterator[Matter]:
    for row in rows(name):
        text = str(row.get("source") or row.get("text") or row.get("full_text") or row.get("content") or "")
        dates = {key: str(row[key]) for key in ("version_date", "year", "published_date") if row.get(key)}
        yield replace(matter_of_text(text), fields=dates)


def marked(name: str) -> tuple[int, int, int, int]:
    """Mistakes marked in a set, alarms, alarms at a mistake, alarms whose proposal is right; punctuation left out."""
    marks = alarms = hits = right = 0
    for row in rows(f"spelling/{name}"):
        source, target, errors = str(row["source"]), str(row["target"]), row["errors"]
        if not isinstance(errors, list):
            continue
        places = {int(error[0]) for error in errors}
        marks += len(places)
        for one in wording.find(matter_of_text(source), PLAIN):
            if one.detector != "wording.punctuation":
                alarms += 1
                hits += bool(places & set(range(one.start, one.end)))
                right += bool(one.fix and target[one.start : one.end] == one.fix.replacement)
    return marks, alarms, hits, right


def judged() -> tuple[int, int]:
    """Alarms on clean texts but for the set that is half width throughout, and the wrong ones among them."""
    sets = [one for name, one in clean_alarms().items() if name != "spelling/xxqg_clean_official"]
    return sum(sum(given.values()) for _size, given, _wrong in sets), sum(sum(wrong.values()) for *_rest, wrong in sets)


def sections() -> list[Section]:
    data("spelling")
    clean, errors = [], []
    for name, (size, given, wrong) in clean_alarms().items():
        kinds = (str(given[f"wording.{kind}"]) for kind in ("confused", "traditional", "doubled", "punctuation"))
        clean.append((name, str(size), *kinds, str(sum(wrong.values()))))
    for name in MARKED:
        marks, alarms, hits, right = marked(name)
        precision = f"{hits / alarms:.4f}" if alarms else "no alarm"
        errors.append((name, str(marks), str(alarms), f"{hits / marks:.4f}", precision, str(right)))
    total, false = judged()
    return [
        Section(
            "Wording (A5): alarms on clean texts",
            f"Every alarm was read: of {total} outside of xxqg_clean_official {false} are wrong, precision "
            f"{1 - false / total:.4f}. The commas of xxqg_clean_official are half width throughout, as whoever prepared that "
            "set left them: right, but no merit. What is right: slips and forms no longer used in laws since 2002, "
            "traditional characters and 显着 left by conversions, marks without a partner, half-width commas.",
            ("", "characters", "confused", "traditional", "doubled", "punctuation", "wrong"),
            tuple(clean),
            order=50,
        ),
        Section(
            "Wording (A5): sentences with marked mistakes",
            "Recall is low and meant to be: an alarm is given only where the word meant is certain. A list of pairs finds few; "
            "misspellings derived from 2,500 words and phrases of official writing by sound and look find most of these. "
            "Punctuation is left out, the sets do not mark it.",
            ("", "mistakes", "alarms", "recall", "precision", "right proposal"),
            tuple(errors),
            order=51,
            known=(
                "Tried and left: one of many homophones wherever the dictionary knows no word of two characters. Precision was "
                "0.88 to 0.95 on sentences with mistakes, but 24 to 167 alarms came per million characters of clean text, "
                "nearly all of them new coinages (提质), short names and family names.",
                "Not found: a wrong word that is itself a word (权利 for 权力 outside of fixed phrases), 的 for 地 or 得.",
            ),
        ),
    ]
