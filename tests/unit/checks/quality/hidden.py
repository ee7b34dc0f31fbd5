"""Hidden links, spam and replaced pages: planted in official pages, defaced pages of others, official texts as negatives."""

from collections.abc import Iterator
from functools import lru_cache

from jiyue.checks.detectors import hidden_links, spam
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.matter import Matter
from jiyue.checks.reading import matter_of_html
from tests.unit.checks.quality.frame import PLAIN, SCORED, Score, Section, data, official_pages, official_texts, records
from tests.unit.checks.quality.planting import WAYS, planted

# Counted by pattern, not by hand: nothing in this page was replaced.
_NOT_DEFACED = frozenset({"gdcmovva.ac.in"})


def alarms(matter: Matter) -> Iterator[Finding]:
    """What the two families say above a note; praise worked into a page is measured by itself."""
    for family in (hidden_links, spam):
        yield from (one for one in family.find(matter, PLAIN) if one.severity is not Severity.NOTE)


def _said(matter: Matter) -> set[tuple[str, str]]:
    return {(one.detector, one.say()) for one in alarms(matter)}


@lru_cache(maxsize=4)
def plants(seed: int = 1, each: int = 8) -> dict[str, Score]:
    """Per way how many planted pages say something that the page did not say before."""
    scores = {way: Score() for way in WAYS}
    pages = [matter.html or "" for _name, matter in official_pages()]
    before = {page: _said(matter_of_html(page)) for page in set(pages)}
    for way, page, with_links in planted(pages, seed, each):
        score = scores[way]
        score.gold += 1
        if _said(matter_of_html(with_links)) - before[page]:
            score.hit += 1
        else:
            score.misses.append(with_links)
    return scores


@lru_cache(maxsize=1)
def defaced() -> Score:
    score = Score()
    for row in records(data("seo_spam") / "defaced_pages.jsonl"):
        if row["host"] in _NOT_DEFACED:
            continue
        page = (data("seo_spam") / str(row["file"])).read_bytes().decode("utf-8", "replace")
        score.gold += 1
        if any(alarms(matter_of_html(page))):
            score.hit += 1
        else:
            score.misses.append(str(row["file"]))
    return score


@lru_cache(maxsize=1)
def false_alarms() -> tuple[int, list[str]]:
    """How many official texts and pages there are, and what is said of them."""
    clean = [*official_texts(), *official_pages()]
    told = [
        f"{name}: {one.detector} {one.say()}"
        for name, matter in clean
        for one in alarms(matter)
        if one.detector != "spam.injected"
    ]
    return len(clean), told


@lru_cache(maxsize=1)
def promotions() -> Score:
    """Pages known to carry praise of a private person, and those where none is known."""
    score = Score()
    folder = data("gov_html")
    for row in records(folder / "index.jsonl"):
        page = (folder / "pages" / str(row["file"])).read_bytes().decode("utf-8", "replace")
        found = any(one.detector == "spam.injected" for one in spam.find(matter_of_html(page), PLAIN))
        inserted = bool(row.get("inserted_promotion"))
        score.gold += inserted
        score.hit += inserted and found
        if found and not inserted:
            score.false += 1
            score.alarms.append(str(row["file"]))
    return score


def total() -> Score:
    """Planted and defaced pages, with every word against a clean text as a false alarm."""
    parts = [*plants().values(), defaced()]
    return Score(sum(one.gold for one in parts), sum(one.hit for one in parts), len(false_alarms()[1]))


def sections() -> list[Section]:
    rows = [score.row(f"planted: {way}") for way, score in plants().items()]
    rows += [defaced().row("replaced pages"), total().row("**together, with clean texts**")]
    rows.append(promotions().row("praise of a private person worked in"))
    return [
        Section(
            "Hidden links and spam",
            f"Planted: official pages into which links to hosts of others' lists were put, named by words of the trade or by "
            f"harmless words, in each way of hiding. Replaced pages: 2025 defacements. Negatives: {false_alarms()[0]} "
            "official texts and pages. A page counts as found when it says something that it did not say before.",
            SCORED, tuple(rows), order=30,
            known=(
                "The ways of planting are ours, and these pages and words were at hand while the rules were tuned: read "
                "the recall as a floor for these ways, not as a promise for others.",
                "One of the defaced pages carries no defacement (its label was counted by pattern) and is left out.",
                "Praise without a label of its own (关于专家组 and the like) reads like news and is not found; the one "
                "“false” page does carry such a passage and was not labelled.",
                "A page may hide by a style sheet that is not part of it; then only class names in common use tell.",
                "Copies on other hosts that are word for word the same, or only turned into traditional characters, cannot "
                "be told from the text alone.",
            ),
        ),
    ]  # fmt: skip
