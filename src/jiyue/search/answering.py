"""From a question to an answer: one site or all, strict first, then less strict, with facets and suggestions.

What an index says is not believed: a result is shown only while its page stands in the deployed tree of its site.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup

from jiyue.search.asking import PAGE, SHORT, Question
from jiyue.search.engines.base import Engine
from jiyue.search.entries import FACETS, MANY, Found, Hits
from jiyue.search.excerpts import excerpt, mark, marked_words
from jiyue.search.folding import fold
from jiyue.search.lexicon import IsPublic, Lexicon, LexiconFile
from jiyue.search.planning import Narrowed, Plan, looser, loosest, plan
from jiyue.search.ranking import CANDIDATES, reranked
from jiyue.search.spelling import corrections, suggested_terms
from jiyue.search.synonyms import Synonyms
from jiyue.search.tokens import needed

FEW = 5  # with fewer results than these, less strict readings are tried
SPANS = {"week": timedelta(days=7), "month": timedelta(days=31), "year": timedelta(days=366)}
QUOTES = ('""', "“”", "「」", "『』", "＂＂")
EXACTLY = 300  # results that are read for a phrase in quotation marks
SHOWN_PROMOTED = 3
MOST_CHOICES = 12
NO_VALIDITY = frozenset({"none", "unchecked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the answer. `address` is absolute when the page stands on another site."""

    title: Markup
    address: str
    excerpt: Markup
    site: str
    column: str
    kind: str
    published_at: datetime
    hour_known: bool
    number: str = ""
    validity: str = ""
    source: str = ""
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a facet; `question` asks for it, or without it where it is chosen."""

    facet: str
    value: str
    name: str
    count: int
    chosen: bool
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """A title that was signed, at its address. What the manager noted beside it nobody reviewed, and readers do not get it."""

    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`strictness` is how the question was read: exact, looser, loosest."""

    question: Question
    total: int = 0
    results: tuple[Result, ...] = ()
    facets: tuple[tuple[str, tuple[Choice, ...]], ...] = ()
    promoted: tuple[Recommended, ...] = ()
    corrections: tuple[str, ...] = ()
    strictness: str = "exact"
    elsewhere: int = 0  # results on all sites where this one has none

    @property
    def pages(self) -> int:
        return -(-self.total // PAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A term to ask for, or the title of a page with its address."""

    text: str
    address: str = ""


class Answering:
    """Answers questions from one index. Safe to keep for the life of a process."""

    def __init__(self, engine: Engine, lexicon: LexiconFile, is_public: IsPublic) -> None:
        self.engine = engine
        self.file = lexicon
        self.is_public = is_public

    def answer(self, question: Question, *, host: str | None, now: datetime) -> Answer:
        """The answer as the site of `host` gives it; without one, as the platform does. Raises EngineDown."""
        lexicon, synonyms = self.file.lexicon, self.file.synonyms
        here = lexicon.site_of(host) if host else None
        if not question.query.strip() and not question.filters:
            return Answer(question=question)
        narrowed = _narrowed(question, here if question.scope == "here" else None, now)
        strictness, hits = self._hits(question, narrowed, synonyms, now)
        visible = [one for one in hits.found if self._shows(one, lexicon)]
        total = max(0, hits.total - (len(hits.found) - len(visible)))
        few = total < FEW and bool(question.query.strip())
        return Answer(
            question=question,
            total=total,
            results=tuple(_result(one, lexicon, here, question, synonyms) for one in visible),
            facets=_facets(hits, question, lexicon),
            promoted=self._promoted(question, lexicon, here) if question.page == 1 else (),
            corrections=tuple(corrections(self.engine, question.query, synonyms, narrowed)) if few else (),
            strictness=strictness,
            elsewhere=self._elsewhere(question, synonyms) if not total and question.scope == "here" else 0,
        )

    def suggestions(self, typed: str, *, host: str, limit: int = 8) -> list[Suggestion]:
        """What a reader may be about to type: terms first, then titles. Raises EngineDown."""
        lexicon = self.file.lexicon
        site = lexicon.site_of(host)
        narrowed = Narrowed(facets={}, sites=(site,) if site is not None else None)
        folded = " ".join(fold(typed).split())
        if not folded:
            return []
        terms = [term for term in suggested_terms(self.engine, folded) if self._in_titles(term, narrowed, 1).total]
        found = [Suggestion(text=term) for term in terms[: limit // 2]]
        for one in self._in_titles(folded, narrowed, limit).found:
            if len(found) < limit and self._shows(one, lexicon):
                found.append(Suggestion(text=one.card["title"], address=_address(one, lexicon, site)))
        return found

    # ---- steps ---------------------------------------------------------------------------------------------------

    def _hits(self, question: Question, narrowed: Narrowed, synonyms: Synonyms, now: datetime) -> tuple[str, Hits]:
        if not question.query.strip():
            return "exact", self._chosen(question, narrowed)
        phrase = quoted(question.query)
        if phrase:
            return "exact", self._exactly(phrase, question, narrowed)
        strictness, hits = "exact", self._page(plan(question.query, synonyms), question, narrowed, now)
        for name, reading, enough in (("looser", looser, FEW), ("loosest", loosest, 1)):
            if hits.total >= enough:
                break
            wider = self._page(reading(question.query, synonyms), question, narrowed, now)
            if wider.total > hits.total:
                strictness, hits = (strictness if hits.total else name), wider
        return strictness, hits

    def _page(self, asked: Plan, question: Question, narrowed: Narrowed, now: datetime) -> Hits:
        """The results of one page. The first pages are put in order anew, all of them together."""
        start = (question.page - 1) * PAGE
        if question.sort == "date" or start >= CANDIDATES:
            by_date = question.sort == "date"
            return self.engine.search(asked, narrowed, limit=PAGE, offset=start, by_date=by_date, facets=True)
        hits = self.engine.search(asked, narrowed, limit=CANDIDATES, facets=True)
        return replace(
            hits, found=tuple(reranked(hits.found, question.query, now=now.timestamp())[start : start + PAGE])
        )

    def _chosen(self, question: Question, narrowed: Narrowed) -> Hits:
        """Nothing was typed: what the chosen facets leave, newest first, as who comes from the policy library reads it."""
        start = (question.page - 1) * PAGE
        return self.engine.search(Plan(everything=True), narrowed, limit=PAGE, offset=start, by_date=True, facets=True)

    def _exactly(self, phrase: str, question: Question, narrowed: Narrowed) -> Hits:
        """Only what holds the phrase sign for sign; the pairs that were looked up may stand apart."""
        by_date, folded = question.sort == "date", fold(phrase)
        hits = self.engine.search(plan(phrase, {}), narrowed, limit=EXACTLY, by_date=by_date, facets=True)
        exact = [one for one in hits.found if folded in fold(one.card["title"]) or folded in fold(one.text)]
        start = (question.page - 1) * PAGE
        found = tuple(exact[start : start + PAGE])
        return Hits(total=len(exact), found=found, facets=counted(one.card for one in exact))

    def _in_titles(self, text: str, narrowed: Narrowed, limit: int) -> Hits:
        asked = plan(text, {})
        return self.engine.search(replace(asked, in_titles=True), narrowed, limit=limit)

    def _elsewhere(self, question: Question, synonyms: Synonyms) -> int:
        if not question.query.strip():
            return 0
        everywhere = Narrowed(facets={})
        return self.engine.search(plan(question.query, synonyms), everywhere, limit=1).total

    def _promoted(self, question: Question, lexicon: Lexicon, here: int | None) -> tuple[Recommended, ...]:
        found = []
        for one in lexicon.promoted_for(question.query, here if question.scope == "here" else None):
            place = lexicon.sites.get(one.site)
            if place is not None and self.is_public(place.host, one.address):
                address = one.address if one.site == here else place.origin + one.address
                found.append(Recommended(title=one.title, address=address))
        return tuple(found[:SHOWN_PROMOTED])

    def _shows(self, found: Found, lexicon: Lexicon) -> bool:
        place = lexicon.sites.get(found.card["site"])
        return place is not None and self.is_public(place.host, found.card["address"])


def quoted(query: str) -> str:
    """What stands between quotation marks, when the whole question does."""
    text = query.strip()
    inside = text[1:-1].strip()
    return inside if len(text) > 2 and text[0] + text[-1] in QUOTES and needed(inside) else ""


def _narrowed(question: Question, site: int | None, now: datetime) -> Narrowed:
    ago = SPANS.get(question.span)
    since = int((now - ago).timestamp()) if ago else None
    return Narrowed(facets=question.filters, sites=(site,) if site is not None else None, since=since)


def _result(one: Found, lexicon: Lexicon, here: int | None, question: Question, synonyms: Synonyms) -> Result:
    card = one.card
    asked = fold(question.query)
    same = (other for term in synonyms if term in asked for other in synonyms[term])
    phrase = quoted(question.query)
    words = [fold(phrase)] if phrase else marked_words(question.query, same)
    return Result(
        title=mark(card["title"], words),
        address=_address(one, lexicon, here),
        excerpt=excerpt(one.text, words),
        site=lexicon.sites[card["site"]].name,
        column=lexicon.columns.get(card["column"], ""),
        kind=lexicon.kinds.get(card["kind"], ""),
        published_at=datetime.fromtimestamp(card["published"], UTC),
        hour_known=card["hour_known"],
        number=card["number"],
        validity=card["validity"],
        source=card["source"],
        attachments=tuple(name for name in card["attachments"] if any(word in fold(name) for word in words)),
    )


def _address(one: Found, lexicon: Lexicon, here: int | None) -> str:
    site, address = one.card["site"], str(one.card["address"])
    return address if site == here else lexicon.sites[site].origin + address


def _facets(hits: Hits, question: Question, lexicon: Lexicon) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """Facets with more than one value, and those where one is chosen, in the order in which they are shown."""
    shown = []
    for facet in SHORT:
        values = [(value, _name(facet, value, lexicon), count) for value, count in hits.facets.get(facet, ())]
        chosen = question.filters.get(facet, "")
        if chosen and facet != "column":
            values = [one for one in values if one[0] == chosen] or [(chosen, _name(facet, chosen, lexicon), 0)]
        if facet == "site" and question.scope == "here":
            continue
        if facet == "column" and question.scope == "all" and not (chosen or question.site):
            continue  # every site has a column of this name
        choices = [_choice(facet, value, name, count, question) for value, name, count in values if name]
        if facet == "year":
            choices.sort(key=lambda choice: choice.value, reverse=True)
        if len(choices) > 1 or chosen:
            shown.append((facet, tuple(choices[:MOST_CHOICES])))
    return tuple(shown)


def counted(cards: Iterable[dict[str, Any]]) -> dict[str, tuple[tuple[str, int], ...]]:
    """The facets of results that were sorted out by reading them, as an engine counts them."""
    found: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for card in cards:
        for facet in FACETS:
            value = card[MANY.get(facet, facet)]
            found[facet].update(map(str, value if facet in MANY else [value] if value else []))
    return {facet: tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0]))) for facet, counts in found.items()}


def _choice(facet: str, value: str, name: str, count: int, question: Question) -> Choice:
    chosen = question.filters.get(facet) == value
    changed = question.but(**{facet: "" if chosen else value})
    return Choice(facet=facet, value=value, name=name, count=count, chosen=chosen, question=changed)


def _name(facet: str, value: str, lexicon: Lexicon) -> str:
    if facet == "site":
        place = lexicon.sites.get(int(value))
        return place.name if place else ""
    if facet == "column":
        return lexicon.columns.get(int(value), "")
    if facet == "kind":
        return lexicon.kinds.get(value, "")
    if facet in lexicon.codes:
        return lexicon.codes[facet].get(value, "")
    return "" if facet == "validity" and value in NO_VALIDITY else value
