"""What the trail keeps of interviews: who did what to which word or question; the words themselves stand in sealed rows."""

from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class QuestionChosen(Event):
    code: ClassVar[str] = "interaction.interview_question_chosen"
    title: str
    number: int


@dataclass(frozen=True, kw_only=True)
class QuestionSetAside(Event):
    code: ClassVar[str] = "interaction.interview_question_aside"
    title: str
    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class LiveWordWritten(Event):
    """A recorder said, amended or took back words, or ended; `told` says that a hint at a person was seen and answered."""

    code: ClassVar[str] = "interaction.live_word"
    title: str
    live_act: str
    number: int
    target: int
    reason: str
    told: bool


@dataclass(frozen=True, kw_only=True)
class LiveWordsRefused(Event):
    """Live words whose seal, chain or signed plan does not hold: they are taken out of the public's sight."""

    code: ClassVar[str] = "interaction.live_refused"
    title: str
    number: int


@dataclass(frozen=True, kw_only=True)
class TranscriptDrawnUp(Event):
    code: ClassVar[str] = "interaction.transcript_drawn_up"
    title: str
    transcript: str
    number: int
