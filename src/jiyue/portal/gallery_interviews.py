"""Sample pages of interviews and transcripts."""

from datetime import timedelta
from typing import Any

from jiyue.portal import gallery_matter as matter
from jiyue.publishing.frame import Link, Picture, SiteFrame
from jiyue.publishing.pages import Crumb, InterviewPage, Seated, TranscriptPage

ADDRESS = "/zmhd/zxft/2026/1101/7.html"
TRANSCRIPT = Link(title="“冬季供暖怎么保障”访谈实录", address="/zmhd/zxft/2026/1120/9.html")
SEATED: dict[str, Any] = {
    "host_name": "林小满",
    "guests": (
        Seated(name="周明澄", post="澄湖市住房和城乡建设局局长"),
        Seated(name="许安湖", post="澄湖市供热中心主任"),
    ),
}
SAID: dict[str, Any] = {
    "purpose": "今年冬天什么时候供暖、家里不热找谁、费用怎么算，请住建局和供热中心的负责同志回答。",
    "asked_by": "澄湖市人民政府办公室", "contact": "000-12345", "opens_at": matter.AT,
    "closes_at": matter.AT + timedelta(hours=1), **SEATED,
}  # fmt: skip


def _facts(frame: SiteFrame, address: str, title: str) -> dict[str, Any]:
    crumbs = (Crumb(title="政民互动", address="/zmhd/"), Crumb(title="在线访谈", address="/zmhd/zxft/"))
    return {
        "frame": frame, "title": title, "address": address, "canonical": f"https://www.chenghu.localhost{address}",
        "crumbs": crumbs, "published_at": matter.AT, "source": "澄湖市人民政府办公室",
        "body": "<p>供暖季将至，欢迎提前留言提问。</p>",
    }  # fmt: skip


def interview(frame: SiteFrame) -> InterviewPage:
    picture = Picture(address="/files/gallery/lake.svg", alt="初冬的湖边住宅区", width=960, height=540)
    return InterviewPage(
        **_facts(frame, ADDRESS, "冬季供暖怎么保障"), **SAID, state="open", ask=f"/hudong/ask?of={ADDRESS}",
        live=f"/hudong/live?of={ADDRESS}", video="https://video.example.invalid/1",
        picture=picture,
    )  # fmt: skip


def interview_over(frame: SiteFrame) -> InterviewPage:
    return InterviewPage(
        **_facts(frame, "/zmhd/zxft/2026/1001/5.html", "冬季供暖怎么保障"),
        **SAID,
        state="over",
        transcripts=(TRANSCRIPT,),
    )


def transcript(frame: SiteFrame) -> TranscriptPage:
    said = (
        "<p><strong>主持人：</strong>各位网友，大家好。</p>"
        "<p><strong>网友：</strong>老小区今年提前供暖吗？</p>"
        "<p><strong>周明澄：</strong>已经定了，十一月一日开始试供暖。</p>"
    )
    facts = _facts(frame, TRANSCRIPT.address, TRANSCRIPT.title) | {"body": said}
    return TranscriptPage(
        **facts, interview=Link(title="冬季供暖怎么保障", address=ADDRESS), opens_at=matter.AT,
        video="https://video.example.invalid/1", **SEATED,
    )  # fmt: skip
