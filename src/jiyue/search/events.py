from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class AnswerPromoted(Event):
    code: ClassVar[str] = "search.answer_promoted"
    words: str
    title: str
    address: str


@dataclass(frozen=True, kw_only=True)
class PromotionEnded(Event):
    code: ClassVar[str] = "search.promotion_ended"
    words: str


@dataclass(frozen=True, kw_only=True)
class SynonymsAdded(Event):
    code: ClassVar[str] = "search.synonyms_added"
    words: str


@dataclass(frozen=True, kw_only=True)
class SynonymsEnded(Event):
    code: ClassVar[str] = "search.synonyms_ended"
    words: str
