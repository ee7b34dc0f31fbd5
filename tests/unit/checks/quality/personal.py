"""Personal data and secrecy: recall and precision on composed sentences, on published test values, on clean texts."""

from collections.abc import Iterable
from functools import lru_cache

from jiyue.checks.findings import Severity
from jiyue.checks.reading import matter_of_text
from jiyue.checks.running import check
from tests.unit.checks.quality import composing
from tests.unit.checks.quality.frame import (
    PLAIN,
    SCORED,
    Score,
    Section,
    Span,
    data,
    official_pages,
    official_texts,
    records,
)

KINDS = {"id-number": "identity number", "mobile": "mobile number", "bank-card": "bank card"}
# A number that is said to be a card but fails its sum is reported as an account: found, under its neighbour's name.
SAME = {"bank-card": ("bank-card", "account")}
EACH, SEED = 2_000, 20261122


def spans(text: str, kinds: Iterable[str]) -> list[Span]:
    """Where these kinds are found; every place of a finding that stands for many."""
    names = {f"personal-data.{kind}" for kind in kinds}
    found = check(matter_of_text(text), PLAIN, only=["personal-data"])
    return [(fix.start, fix.end) for one in found if one.detector in names for fix in one.fixes]


def composed(kind: str, *, seed: int = SEED, each: int = EACH) -> Score:
    """Sentences with numbers of this kind, and as many hard negatives and sentences with the other kinds."""
    score = Score()
    kinds = SAME.get(kind, (kind,))
    others = [one for other in KINDS if other != kind for one in composing.positives(other, each // 4, seed + 1)]
    for one in [*composing.positives(kind, each, seed), *composing.negatives(each, seed), *others]:
        gold = one.gold if one.kind == kind else ()
        score.judge(one.text, gold, spans(one.text, kinds if one.kind == kind else (kind,)))
    return score


PUBLISHED = {
    "id-number": ("身份证号", "居民身份证 (RIC)", "should validate identity cards (CN)"),
    "mobile": ("手机号", "should validate mobile phone number (CN)"),
    "bank-card": ("bank card (Luhn)",),
}
LABEL = {"id-number": "身份证号：", "mobile": "手机号：", "bank-card": "银行卡号："}


def published(kind: str) -> Score:
    """Values of other projects' tests, set behind a label as a document has them; the values of other kinds without."""
    score = Score()
    for row in records(data("pii") / "format_values.jsonl"):
        value, name = str(row["value"]), str(row["kind"])
        ours = name.startswith(PUBLISHED[kind])
        label = LABEL[kind] if ours and row["valid"] else ""
        text = f"{label}{value}。"
        gold = ((len(label), len(label) + len(value)),) if ours and row["valid"] else ()
        if not ours and any(name.startswith(names) for names in PUBLISHED.values()):
            continue
        score.judge(text, gold, spans(text, SAME.get(kind, (kind,))))
    return score


def recognisers() -> Score:
    """Sentences of other recognisers' tests that state how many there are: each count that differs is a miss or alarm."""
    detectors = {"TestCNPhoneRecognizer": "mobile", "TestCNIDCardRecognizer": "id-number", "TestCNEmailRecognizer": "e-mail",
                 "TestCNBankCardRecognizer": "bank-card", "TestCNPassportRecognizer": "passport"}  # fmt: skip
    score = Score()
    for row in records(data("pii") / "chinese_sentences.jsonl"):
        kind = detectors.get(str(row["test_class"]))
        if kind is None or not row["expected"]:
            continue
        text, wanted = str(row["text"]), int(row["expected"][0])  # type: ignore[index]
        found = len(spans(text, (kind,)))
        score.gold += wanted
        score.hit += min(wanted, found)
        score.false += max(0, found - wanted)
        score.misses += [text] * max(0, wanted - found)
    return score


@lru_cache(maxsize=1)
def blocks() -> tuple[int, tuple[tuple[str, str, str], ...]]:
    """How many clean texts there are, and every block on them: text, family, what."""
    texts = [*official_texts(), *official_pages()]
    told = tuple(
        (name, one.family, f"{one.detector} {matter.text[one.start : one.end][:40]!r}")
        for name, matter in texts
        for one in check(matter, PLAIN)
        if one.severity == Severity.BLOCK
    )
    return len(texts), told


def blocked(family: str = "") -> tuple[int, list[str]]:
    """How many clean texts a family (or all together) blocks, and what it says of them."""
    told = [(name, what) for name, one, what in blocks()[1] if family in ("", one)]
    return len({name for name, _what in told}), [f"{name}: {what}" for name, what in told]


def sections() -> list[Section]:
    rows = [composed(kind).row(f"{name}, composed") for kind, name in KINDS.items()]
    rows += [published(kind).row(f"{name}, published values") for kind, name in KINDS.items()]
    rows.append(recognisers().row("all kinds, sentences of other recognisers' tests"))
    texts, told = blocks()
    families = sorted({*("personal-data", "secrecy", "document"), *(family for _name, family, _what in told)})
    clean = [(family, str(blocked(family)[0]), f"{blocked(family)[0] / texts:.4f}") for family in families]
    clean.append(("**all together**", str(blocked()[0]), f"{blocked()[0] / texts:.4f}"))
    return [
        Section(
            "Personal data", "Composed: official prose with made-up numbers from a seed (plain, full-width, grouped, with "
            "invisible signs; with and without a label), and as many sentences with order numbers, serial numbers, IMEI, "
            "credit codes, amounts, coordinates, dates and addresses. Published: test values of other projects behind a "
            "label (`../shared/data/pii`).", SCORED, tuple(rows), order=10,
            known=(
                "“Valid” of a published value means that its origin's pattern takes it. The mobile numbers missed begin with "
                "98 or +8692, which no Chinese network gives out; the false alarms are a real number behind +0086 and one "
                "with its groups, and an identity number whose county is younger than its owner.",
                "A wrong check digit is a warning (疑似), not silence: people mistype, and demonstrations should be seen.",
                "Names alone are no finding; names with illness, need or school are.",
            ),
        ),
        Section(
            "False blocks on clean official texts",
            f"{texts} texts: documents of `../shared/data/policy_docs` and pages of `gov_html` "
            "without known insertions. A family that is not named blocks none. The goal is one in 200 for all families together.",
            ("family", "blocked", "share"), tuple(clean), order=90,
        ),
    ]  # fmt: skip
