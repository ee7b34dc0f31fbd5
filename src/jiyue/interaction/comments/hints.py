"""What of a comment somebody should look at, and what a keeper has looked at already. Nothing here looks at opinions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from re import compile as pattern

from django.utils.translation import gettext as _

from jiyue.checks.settings import Settings
from jiyue.domain.canonical import digest_of
from jiyue.domain.comments import MASK
from jiyue.interaction.masking import left
from jiyue.interaction.models import Comment, CommentExamined
from jiyue.review import checking

_LINK = pattern(r"https?://|www\.|[\w-]+\.(?:com|cn|net|top|vip|xyz|cc)\b")
_REACH = pattern(r"(?:微信|加[vV微]|[qQ]{2}|扫码|二维码|代办|优惠|低价|推广|兼职)")


@dataclass(frozen=True)
class Hint:
    """Something to look at before deciding; `words` stand in the comment. No hint decides."""

    what: str
    words: str = ""


def hints_in(text: str, settings: Settings) -> Iterator[Hint]:
    """What in these words may tell of a person or lead elsewhere."""
    for words in left(text, contact={}, settings=settings):
        yield Hint(_("可能是个人信息"), words)
    for words in dict.fromkeys(found[0] for found in _LINK.finditer(text)):
        yield Hint(_("有网址"), words)
    for words in dict.fromkeys(found[0] for found in _REACH.finditer(text)):
        yield Hint(_("像是广告"), words)


def doubts_in(words: str, replies: tuple[str, ...], settings: Settings) -> list[str]:
    """Which words to look at, of a comment as readers see it and of the answers below; a unit's own may lead anywhere."""
    found = {hint.words for hint in hints_in(words.replace(MASK, "，"), settings)}
    return sorted(found.union(*(left(text, contact={}, settings=settings) for text in replies)))


def looked_at(comment: Comment, words: str, *, now: datetime) -> None:
    """A keeper shows these words, with the hints of this moment beside them: the night need not ask about the same again."""
    engine = checking.engine_for(comment.site, now=now)
    doubts = doubts_in(words, (), engine.settings)
    values = {
        "engine": engine.name, "words": digest_of([words]), "doubts": doubts, "let_stand": doubts, "is_open": False,
        "at": now,
    }  # fmt: skip
    CommentExamined.objects.update_or_create(comment=comment, defaults=values)
