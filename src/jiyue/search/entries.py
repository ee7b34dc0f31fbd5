"""What the index holds of one public item, and what it gives back. Plain data; no database, no engine."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from jiyue.search.folding import clean, fold
from jiyue.search.numbers import index_tokens, number_tokens
from jiyue.search.sounds import initials, sounds, title_sounds
from jiyue.search.tokens import cut, gram_set, is_latin, is_word, words

LONGEST_TEXT = 60_000  # signs kept for excerpts; the whole text is looked up
LONGEST_TERM = 10  # signs of a suggested term
FACETS = ("site", "column", "kind", "year", "issuer", "validity", "item_class", "theme", "audience", "event")

# Facets of which an item may have several values: the field that holds them.
MANY = {"issuer": "issuers", "theme": "themes", "audience": "audiences", "event": "events"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """An attachment by its title, with the words found inside it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as one site shows it. `published` is in seconds since 1970; `columns` are its column and all above."""

    key: str
    site: int
    address: str
    column: int
    columns: tuple[int, ...]
    kind: str
    title: str
    text: str
    published: int
    year: int
    hour_known: bool = True
    subtitle: str = ""
    number: str = ""
    index_number: str = ""
    issuers: tuple[str, ...] = ()
    source: str = ""
    validity: str = ""
    item_class: str = ""  # of the item of a service guide
    themes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    attachments: tuple[Attached, ...] = ()

    def values(self, facet: str) -> tuple[str, ...]:
        """What the entry says in a facet that holds texts; nothing where it says nothing."""
        if facet in MANY:
            return tuple(getattr(self, MANY[facet]))
        return tuple(filter(None, [getattr(self, facet) or ("none" if facet == "validity" else "")]))

    @property
    def card(self) -> dict[str, Any]:
        """What a result shows, as JSON can hold it."""
        names = [attached.name for attached in self.attachments]
        facts = asdict(self) | {"attachments": names}
        for name in ("text", "columns", "keywords"):
            del facts[name]
        return {name: clean(value) if isinstance(value, str) else value for name, value in facts.items()}

    @property
    def whole_text(self) -> str:
        """Body and attachments, as excerpts are taken from."""
        parts = [self.subtitle, self.text, *(f"{one.name}\n{one.text}" for one in self.attachments)]
        return clean("\n".join(part for part in parts if part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """An entry as an engine indexes it: each field a list of tokens without spaces."""

    grams: list[str]
    title_grams: list[str]
    words: list[str]
    title_words: list[str]
    exact: str
    numbers: list[str]
    sounds: list[str]
    terms: list[str]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Everything that an engine looks up of an entry."""
        text = entry.whole_text
        names = " ".join((*entry.issuers, entry.source, *entry.keywords))
        heads = f"{entry.title} {entry.subtitle}"
        return cls(
            grams=gram_set(heads, text, entry.number, names),
            title_grams=gram_set(heads),
            words=words(text),
            title_words=words(heads) + words(names),
            exact=bare(entry.title),
            numbers=[*number_tokens(entry.number), *index_tokens(entry.number), *index_tokens(entry.index_number)],
            sounds=title_sounds(entry.title),
            terms=terms_of(entry.title),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One result as an engine gives it: its card, its text for the excerpt, and the engine's own score."""

    card: dict[str, Any]
    text: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What an engine answers. `facets` maps a facet to (value, number of items), most first."""

    total: int
    found: tuple[Found, ...]
    facets: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


def bare(text: str) -> str:
    """The text in compared form without any sign between the characters."""
    return "".join(sign for sign in fold(text) if sign.isalnum())


def terms_of(title: str) -> list[str]:
    """Terms worth suggesting: words of the title and pairs of neighbouring words. With how they sound.

    `营商环境`, `yingshanghuanjing|营商环境` and `~yshj|营商环境`: what a reader begins with leads to the term.
    """
    found: dict[str, None] = {}
    parts = cut(title)
    for one, two in zip(parts, [*parts[1:], ""], strict=False):
        for term in (one, one + two):
            if is_word(term) and len(term) <= LONGEST_TERM and not is_latin(term):
                found[term] = None
    for term in list(found):
        found |= {f"{sound}|{term}": None for sound in sounds(term)}
        found |= {f"~{letters}|{term}": None for letters in initials(term)}
    return list(found)
