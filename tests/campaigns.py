"""Surveys and opinion calls for the tests' city, answered as through the counter."""

from datetime import datetime, timedelta

from jiyue.content.actions import save_draft
from jiyue.content.models import OpinionCall, Record, Survey
from jiyue.interaction.letterbox import Contribution, new_token
from jiyue.interaction.receiving import empty_box
from jiyue.publishing.models import PublicItem
from tests.cast import Tenant, draft, reviewed
from tests.letters import box

QUESTIONS = [
    ("single", {"question": "您多久去一次湖边？", "options": "每天\n每周\n很少"}),
    ("text", {"question": "为什么很少去？", "needed": False, "after": 1, "after_option": 3, "longest": 50}),
    ("multiple", {"question": "希望先修哪几段？", "options": "北段\n中段\n南段", "most": 2}),
    ("scale", {"question": "您对步道满意吗？", "points": 5, "low": "很不满意", "high": "很满意"}),
    ("ranking", {"question": "请按要紧的次序排列", "options": "照明\n路面\n座椅", "needed": False}),
    ("matrix", {"question": "各段怎么样？", "rows": "北段\n南段", "columns": "好\n一般\n差", "needed": False}),
]
ANSWERS = {"q1": "3", "q2": "路太远", "q3": "1,3", "q4": "4", "q5": "2,1,3", "q6": "1,3"}
DAY = timedelta(days=1)


def survey_draft(tenant: Tenant, *, now: datetime, questions=QUESTIONS, **fields) -> Survey:
    """A survey that could be submitted; it runs from an hour ago for ten days."""
    given = {
        "title": "湖滨步道修缮，您说先修哪里", "purpose": "了解先修哪一段，结果用来排修缮次序。", "asked_by": "澄湖市水利局",
        "opens_at": now - DAY / 24, "closes_at": now + 10 * DAY, "body": [], **fields,
    }  # fmt: skip
    survey = draft(tenant, now=now, kind=Record.Kind.SURVEY, **given)
    rows = [
        {"type": kind, "value": {"needed": True, **value}, "id": f"q{n}"} for n, (kind, value) in enumerate(questions)
    ]
    survey.questions = survey.questions.stream_block.to_python(rows)
    return save_draft(record=survey, by=tenant.editor, now=now)


def call_draft(tenant: Tenant, *, now: datetime, **fields) -> OpinionCall:
    body = [
        {"type": "paragraph", "value": "<p>第一条 为了保护步道，制定本办法。</p>", "id": "a"},
        {"type": "paragraph", "value": "<p>第二条 步道夜间照明到二十二时。</p>", "id": "b"},
    ]
    given = {
        "title": "《湖滨步道管理办法（草案）》征求意见", "purpose": "听取市民意见后修改印发。", "asked_by": "澄湖市水利局",
        "opens_at": now - DAY / 24, "closes_at": now + 10 * DAY, "body": body, **fields,
    }  # fmt: skip
    return draft(tenant, now=now, kind=Record.Kind.OPINION_CALL, **given)


def signed(tenant: Tenant, record: Record, *, now: datetime) -> Record:
    reviewed(tenant, record, now=now)
    return type(record).objects.get(pk=record.pk)


def address_of(record: Record) -> str:
    return PublicItem.objects.get(identity=record.identity, placed_by=None).address


def contribution(record: Record, fields: dict[str, str], *, now: datetime, token: str = "", **other) -> Contribution:
    version = record.versions.order_by("-number").first()
    facts = {
        "token": token or new_token(), "kind": record.kind, "about": str(record.identity), "version": version.digest,
        "host": record.site.host, "at": now.isoformat(), "language": "zh-CN", "fields": fields,
    }  # fmt: skip
    return Contribution(**facts | other)


def answered(record: Record, fields: dict[str, str] = ANSWERS, *, now: datetime, **how) -> None:
    """Drop one answer or opinion into the box and let the worker take it."""
    box().drop_contribution(contribution(record, fields, now=now, **how))
    empty_box(now=now)
