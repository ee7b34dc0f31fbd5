"""What the trail keeps of surveys and opinion calls: which one, how many, by whom it was decided; no word of anybody's."""

from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event, Private


@dataclass(frozen=True, kw_only=True)
class AnswersBegan(Event):
    """The first answer came in; from now on the questions stay as they are."""

    code: ClassVar[str] = "interaction.answers_began"
    title: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class TextQuoted(Event):
    code: ClassVar[str] = "interaction.text_quoted"
    title: str
    question: int


@dataclass(frozen=True, kw_only=True)
class QuoteDropped(Event):
    code: ClassVar[str] = "interaction.quote_dropped"
    title: str
    question: int


@dataclass(frozen=True, kw_only=True)
class OpinionsGrouped(Event):
    code: ClassVar[str] = "interaction.opinions_grouped"
    title: str
    group: str
    number: int


@dataclass(frozen=True, kw_only=True)
class OpinionGroupDecided(Event):
    code: ClassVar[str] = "interaction.opinion_group_decided"
    title: str
    group: str
    opinion_outcome: str


@dataclass(frozen=True, kw_only=True)
class ResultDrawnUp(Event):
    code: ClassVar[str] = "interaction.result_drawn_up"
    title: str
    result: str
    number: int


@dataclass(frozen=True, kw_only=True)
class AnswersExported(Event):
    code: ClassVar[str] = "interaction.answers_exported"
    private = Private.TAKEN
    title: str
    number: int
