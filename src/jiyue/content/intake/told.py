"""Records of interaction of another installation, told in plain paragraphs: letters and answers, surveys, calls, interviews.

Nobody can answer, vote or ask here what was asked elsewhere, and an answer was confirmed by who knows the letter. So they
come in as articles that name their origin: what everybody reads there, and nothing else (LIB-02).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any, Final

from jiyue.content.intake.items import IntakeRefused
from jiyue.domain.deadlines import local

ARTICLE: Final = "article"
# What of it can be told here; guides and topics lean on rows of their own unit.
TOLD: Final = frozenset({"public_answer", "survey", "opinion_call", "campaign_result", "interview", "transcript"})
OUTCOMES: Final = {
    "adopted": "采纳", "partly": "部分采纳", "rejected": "不采纳", "beside": "与本次征集无关",
}  # fmt: skip


def told(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The blocks of the article: what only its own kind of record holds in words, then its body.

    Raises IntakeRefused for figures that are none: the standard says of them only that they are an object.
    """
    try:
        said = [{"type": "paragraph", "value": f"<p>{escape(line)}</p>"} for line in _lines(record) if line.strip()]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise IntakeRefused("standard_broken", why="结果数据（figures）：与本类型的结构不符") from error
    return [*said, *record["blocks"]]


def _lines(record: Mapping[str, Any]) -> Iterator[str]:
    detail = record["detail"]
    if record["kind"] == "public_answer":
        yield f"来信（{detail['received_on']} 收到）："
        yield from detail["question"].splitlines()
        yield f"{detail['answering_unit']} {detail['answered_on']} 答复："
        yield from detail["answer"].splitlines()
        return
    yield from str(detail.get("purpose") or "").splitlines()
    if detail.get("opens_at") and detail.get("closes_at"):
        yield f"{detail.get('asked_by') or record['responsible']}，{_minute(detail['opens_at'])}至{_minute(detail['closes_at'])}"
    yield from (f"嘉宾：{line}" for line in str(detail.get("guests") or "").splitlines())
    yield from _figures(detail.get("figures") or {})


def _figures(figures: Mapping[str, Any]) -> Iterator[str]:
    if "answers" in figures:
        yield f"共收到 {figures['answers']} 份"
    for question in figures.get("questions", ()):
        counts = [f"{row['label']} {row['count']}" for row in question.get("options", ())]
        for row in question.get("rows", ()):
            pairs = zip(question["columns"], row["counts"], strict=False)
            counts.append(f"{row['label']}（{'，'.join(f'{name} {count}' for name, count in pairs)}）")
        yield f"{question['number']}. {question['words']}：{'；'.join(counts) or question['answered']}"
        yield from (f"“{words}”" for words in question.get("quotes", ()))
    for group in figures.get("groups", ()):
        outcome = OUTCOMES.get(group["outcome"], group["outcome"])
        yield f"{group['title']}（{group['count']} 条，{outcome}）：{group['summary']} {group['reason']}"


def _minute(moment: str) -> str:
    """A moment of a snapshot, which names its zone, as people here read it."""
    return f"{local(datetime.fromisoformat(moment)):%Y-%m-%d %H:%M}"
