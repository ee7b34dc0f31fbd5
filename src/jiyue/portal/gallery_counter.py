"""Sample pages of the counter: what it answers to turns that somebody might take, put into the frame of the gallery.

The turns are taken in a home of their own that is gone afterwards; nothing is sent and nothing kept.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jiyue.domain.questionnaires import read
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import LetterBox
from jiyue.portal import gallery_matter as matter
from jiyue.portal.counter.campaigns import OPINION_CALL, SURVEY, Campaign
from jiyue.portal.counter.following import Following
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Guard
from jiyue.portal.counter.interviews import Asking, Interview, LiveWords
from jiyue.portal.counter.joining import Joining
from jiyue.portal.counter.mailboxes import mailboxes_in
from jiyue.portal.counter.sheets import Sheets
from jiyue.portal.counter.stopping import Stopping
from jiyue.portal.counter.writing import Said, Writing
from jiyue.portal.environment import PortalRenderer
from jiyue.portal.gallery_talks import talks
from jiyue.portal.gallery_voices import voices_turns
from jiyue.publishing.frame import Link, SiteFrame
from jiyue.publishing.pages import CounterPage, LeaderMailbox
from jiyue.publishing.serving.feeds import file_for

NOW = matter.AT + timedelta(minutes=10)
HOST, NOBODY, TOKEN = "www.chenghu.localhost", "gallery", "0" * 32
BESIDE = (Link(title="信息公开指南", address="/zwgk/zn/"), Link(title="信息公开年报", address="/zwgk/gknb/"))
MAILBOXES = (
    LeaderMailbox(
        leader="5b0c1c8e-5f0e-4c1c-9b46-0d5d1f1a0001", name="示范甲", post="市长",
        words="受理对全市工作的意见和建议，7 个工作日内回复。", is_open=True,
    ),
    LeaderMailbox(
        leader="5b0c1c8e-5f0e-4c1c-9b46-0d5d1f1a0002", name="示范乙", post="副市长", words="分管教育、卫生健康、文化旅游。",
        is_open=True,
    ),
    LeaderMailbox(
        leader="5b0c1c8e-5f0e-4c1c-9b46-0d5d1f1a0003", name="示范丙", post="副市长", words="外出学习，12 月 20 日以后再收信。",
        is_open=False,
    ),
)  # fmt: skip
LETTER = {"token": TOKEN, "title": "路灯不亮", "text": "湖滨路北段的路灯三天不亮了。"}
REPORT = {**LETTER, "kind": "report", "naming": "named"}
REQUEST = {
    **LETTER, "kind": "disclosure", "form": "electronic", "delivery": "post", "applicant": "company", "name": "示范公司",
}  # fmt: skip
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"type": "single", "question": "您多久去一次湖边？", "options": "每天\n每周\n很少", "needed": True},
    {"type": "multiple", "question": "去做什么？", "hint": "最多选两项。", "options": "散步\n跑步\n钓鱼", "most": 2},
    {"type": "scale", "question": "步道好走吗？", "points": 5, "low": "难走", "high": "好走", "needed": True},
    {"type": "ranking", "question": "先修哪一段？", "options": "北段\n南段\n东段"},
    {"type": "matrix", "question": "各段的情况", "rows": "路面\n灯光", "columns": "满意\n不满意"},
    {"type": "text", "question": "还有什么要说？"},
)
WORDS: tuple[dict[str, Any], ...] = (
    {"text": "各位网友，大家好。", "who": "林小满"},
    {"text": "老小区今年提前供暖吗？", "who": "网友", "public": True},
    {"text": "十一月一日开始试供暖。", "who": "周明澄", "state": "amended"},
    {"text": "", "who": "许安湖", "state": "taken_back"},
)


def counter(frame: SiteFrame) -> CounterPage:
    return CounterPage(
        frame=frame, title="我要说", address="/hudong/", canonical=f"https://{HOST}/hudong/", beside=BESIDE, mailboxes=MAILBOXES,
        limits=("咨询、建议类：5 个工作日（最迟 10 个工作日）", "投诉、求助类：10 个工作日（最迟 15 个工作日）"),
    )  # fmt: skip


def counter_pages(renderer: PortalRenderer, frame: str) -> Iterator[tuple[str, str]]:
    """File name and page of each sample turn; `frame` is the counter's page as it was baked."""
    sheets = Sheets(renderer, mails=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).prepare()
        turns = (
            *_letters(home, frame), *_campaigns(home), *_interviews(home), *voices_turns(home), *_stopping(home),
            *_following(home), *talks(home),
        )  # fmt: skip
        for name, said in turns:
            yield f"counter_{name}.html", sheets.page(frame, said.sheet)


def _letters(home: Home, frame: str) -> Iterator[tuple[str, Said]]:
    writing, mailboxes = Writing(LetterBox(home), Guard(home)), mailboxes_in(frame)

    def posted(step: str, **typed: str) -> Said:
        return writing.posted(Sent({"step": step, "go": "next", **typed}), NOBODY, HOST, mailboxes=mailboxes, now=NOW)

    yield "kind", posted("kind", token=TOKEN)
    for kind in ("leader_letter", "report", "disclosure", "error_report"):
        yield f"{kind}", posted("kind", token=TOKEN, kind=kind)
    yield "leader_wrong", posted("leader", token=TOKEN, kind="leader_letter")
    yield "leader_closed", posted("leader", token=TOKEN, kind="leader_letter", leader=MAILBOXES[-1].leader)
    yield "leader_matter", posted("leader", token=TOKEN, kind="leader_letter", leader=MAILBOXES[0].leader)
    yield "report_wrong", posted("naming", token=TOKEN, kind="report")
    for step in ("naming", "matter", "person"):
        yield f"report_after_{step}", posted(step, **REPORT)
    yield "report_check", posted("person", **REPORT, name="示范人", phone="000-5550201")
    for step in ("matter", "how", "applicant"):
        yield f"disclosure_after_{step}", posted(step, **REQUEST)
    yield "disclosure_wrong", posted("matter", token=TOKEN, kind="disclosure")


def _campaigns(home: Home) -> Iterator[tuple[str, Said]]:
    joining, sample = Joining(LetterBox(home), Guard(home)), _campaign()
    draft = replace(
        sample, kind=OPINION_CALL, paragraphs=("为了保护湖滨步道，制定本办法。", "湖滨步道由市水利和湖泊局管理。")
    )
    over = replace(sample, closes_at=matter.AT)
    answered = {"token": TOKEN, "q1": "1", "q3": "4"}

    def posted(campaign: Campaign, **typed: str) -> Said:
        return joining.posted(campaign, Sent({"token": TOKEN, "go": "next", **typed}), NOBODY, "", HOST, now=NOW)

    yield "survey", joining.opened(sample, {}, "", now=NOW)
    yield "survey_wrong", posted(sample)
    yield "survey_human", posted(sample, **answered, page="0")
    yield "survey_check", posted(_in_two_pages(sample), **answered, page="1")
    yield "survey_thanks", joining.opened(sample, {}, f"jy_a_{sample.about[:8]}={TOKEN}.1", now=NOW)
    yield "survey_over", joining.opened(over, {}, "", now=NOW)
    yield "opinion", joining.opened(draft, {"at": "1"}, "", now=NOW)
    yield "opinion_wrong", posted(draft)


def _interviews(home: Home) -> Iterator[tuple[str, Said]]:
    asking, live, sample = Asking(LetterBox(home), Guard(home)), LiveWords(home.path), _interview()
    over = sample.closes_at + timedelta(hours=1)
    yield "ask", asking.opened(sample, {}, now=NOW)
    yield "ask_wrong", asking.posted(sample, Sent({"token": TOKEN}), NOBODY, HOST, now=NOW)
    yield "ask_over", asking.opened(sample, {}, now=over)
    yield "live_coming", live.shown(sample, {}, HOST, now=sample.opens_at - timedelta(hours=1))
    _tell(home, sample, state="on")
    yield "live", live.shown(sample, {}, HOST, now=NOW)
    yield "live_over", live.shown(sample, {}, HOST, now=over)
    _tell(home, sample, state="moved")
    yield "live_moved", live.shown(sample, {}, HOST, now=over)


def _stopping(home: Home) -> Iterator[tuple[str, Said]]:
    stopping, link = Stopping(LetterBox(home)), {"n": "20261120-483920", "k": TOKEN}
    yield "stop", stopping.opened(link, "")
    yield "stop_broken", stopping.opened({}, "")
    yield "stop_done", stopping.posted(Sent(link), {}, NOBODY, "", now=NOW)


def _following(home: Home) -> Iterator[tuple[str, Said]]:
    """A request for information that was answered, with what its applicant may take away."""
    box, number, code = LetterBox(home), "20261118-995009", "9901000001"
    until = (NOW + timedelta(days=180)).date().isoformat()
    names = {
        "letter-2026-12.pdf": "政府信息公开申请答复书 澄湖市人民政府公开〔2026〕12号.pdf",
        "letter-2026-12.docx": "政府信息公开申请答复书 澄湖市人民政府公开〔2026〕12号.docx",
        "answer-2026-12-1.docx": "湖滨步道夜间照明方案.docx",
    }
    files: list[dict[str, object]] = [
        {"id": own, "name": name, "size": 48_000, "until": until} for own, name in names.items()
    ]
    over = {"id": "letter-2026-3.pdf", "name": "补正告知书.pdf", "size": 0, "until": "2026-01-01"}
    step = {"at": matter.AT.isoformat(), "state": "decided", "text": "已答复", "until": "", "why": ""}
    state = {
        "v": 1, "number": number, "title": "湖滨步道夜间照明方案", "kind": "disclosure", "state": "decided", "steps": [step],
        "reply": "您申请的政府信息可以公开，现予以公开。", "may": [], "unit": "澄湖市人民政府", "until": "",
        "files": [*files, over],
    }  # fmt: skip
    box.tickets.write(number, box.tickets.issue(code), state)
    following, typed = Following(box), {"number": number, "code": code}
    yield "case", following.posted(Sent(typed), NOBODY, now=NOW)
    yield "case_gone", following.posted(Sent({**typed, "take": "letter-2026-3.pdf"}), NOBODY, now=NOW)


def _campaign() -> Campaign:
    return Campaign(
        kind=SURVEY, about="0123abcd-0000-4000-8000-000000000000", version="f" * 64, address="/zmhd/dczj/2026/1101/7.html",
        title="湖滨步道修缮，您说先修哪里", purpose="了解市民怎样到湖边、希望先修哪一段步道。", asked_by="澄湖市水利和湖泊局",
        opens_at=matter.AT, closes_at=matter.AT + timedelta(days=20), questionnaire=read(QUESTIONS),
    )  # fmt: skip


def _in_two_pages(campaign: Campaign) -> Campaign:
    later = {"type": "text", "question": "为什么天天去？", "after": 1, "after_option": 1}
    return replace(campaign, questionnaire=read((*QUESTIONS, later)))


def _interview() -> Interview:
    return Interview(
        about="0123abcd-0000-4000-8000-000000000001", version="f" * 64, address="/zmhd/zxft/2026/1101/7.html",
        title="冬季供暖怎么保障", opens_at=matter.AT, closes_at=matter.AT + timedelta(hours=1), takes_questions=True,
        has_live=True, seated=("林小满", "周明澄", "许安湖"),
    )  # fmt: skip


def _tell(home: Home, interview: Interview, *, state: str) -> None:
    """Words as the console puts them where readers get them."""
    path = file_for(home.path, HOST, interview.about)
    path.parent.mkdir(parents=True, exist_ok=True)
    words = [_word(n, NOW, **word) for n, word in enumerate(WORDS, 1)]
    page = {"v": 1, "interview": interview.about, "seq": len(words), "state": state, "transcript": "/zmhd/zxft/9.html"}
    path.write_text(json.dumps({**page, "words": words}, ensure_ascii=False), encoding="utf-8")


def _word(n: int, at: datetime, **word: Any) -> dict[str, Any]:
    return {"n": n, "changed": n, "at": at.isoformat(), "state": "said", "public": False, "picture": None, **word}
