"""Document form: recall on real documents spoilt in one place each, alarms on the same documents as they are."""

from collections import Counter
from functools import cache

from jiyue.checks.detectors import document_form
from jiyue.checks.findings import Finding
from jiyue.checks.matter import Matter
from tests.unit.checks.quality.frame import PLAIN, Section, data
from tests.unit.checks.quality.real import official_documents
from tests.unit.checks.quality.spoiling_documents import spoilt_documents

EACH = 200
# Alarms on real documents that were read and found to be wrong: source and words.
WRONG_ALARMS: frozenset[tuple[str, str]] = frozenset()

Said = tuple[str, str, str]


def said(matter: Matter, finding: Finding) -> Said:
    return finding.detector, matter.text[finding.start : finding.end], finding.say()


@cache
def alarms() -> dict[str, Counter[Said]]:
    """What is said about each real document as it is."""
    return {
        matter.source: Counter(said(matter, one) for one in document_form.find(matter, PLAIN))
        for matter in official_documents()
    }


def recall(each: int) -> dict[tuple[str, str], tuple[int, int]]:
    """For each detector and kind of spoiling: how many were spoilt, how many noticed by that detector."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for spoilt in spoilt_documents(each):
        new = Counter(said(spoilt.matter, one) for one in document_form.find(spoilt.matter, PLAIN))
        noticed = any(one[0] == spoilt.detector for one in new - alarms()[spoilt.matter.source])
        made, hit = counts.get((spoilt.detector, spoilt.kind), (0, 0))
        counts[spoilt.detector, spoilt.kind] = made + 1, hit + noticed
    return counts


def sections() -> list[Section]:
    data("policy_docs")
    counts = recall(EACH)
    given = Counter(one[0] for of_one in alarms().values() for one in of_one.elements())
    wrong = Counter(
        one[0] for source, of_one in alarms().items() for one in of_one.elements() if (source, one[1]) in WRONG_ALARMS
    )
    rows = []
    for detector in sorted({name for name, _kind in counts}):
        made = sum(of[0] for (name, _kind), of in counts.items() if name == detector)
        hit = sum(of[1] for (name, _kind), of in counts.items() if name == detector)
        right = given[detector] - wrong[detector]
        precision = f"{right / given[detector]:.4f}" if given[detector] else "no alarm"
        rows.append((detector, str(made), f"{hit / made:.4f}", str(given[detector]), str(wrong[detector]), precision))
    kinds = "; ".join(f"{kind} {hit}/{made}" for (_name, kind), (made, hit) in sorted(counts.items()))
    return [
        Section(
            "Document form (A4)",
            f"Recall: {len(counts)} ways to spoil a real document, {EACH} times each with a fixed seed, by a program that "
            "knows nothing of the detectors (but has the same author). Alarms: on the "
            f"{len(alarms())} real documents as they are, every one read and judged; they are real gaps in numbering, "
            "chapters lost by whoever copied the text, attachments named and gone, fields filled with something else.",
            ("", "spoilt", "recall", "alarms on real documents", "of them wrong", "precision"),
            tuple(rows),
            order=40,
            known=(
                f"By kind: {kinds}.",
                "Not seen: the last article lost, a first item lost where lists do not begin at one elsewhere, a day of the week "
                "without a year where several years may be meant.",
            ),
        )
    ]
