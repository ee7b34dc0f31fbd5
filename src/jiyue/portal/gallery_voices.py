"""Sample pages with comments and votes: the article that takes them, and the turns at the counter."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import LetterBox
from jiyue.portal import gallery_matter as matter
from jiyue.portal.counter.commenting import Commenting
from jiyue.portal.counter.forms import Sent
from jiyue.portal.counter.guards import Guard
from jiyue.portal.counter.voices import Shown, Voices, gone
from jiyue.portal.counter.voting import Voting
from jiyue.portal.counter.writing import Said
from jiyue.portal.gallery_pages import article
from jiyue.publishing import pages
from jiyue.publishing.frame import SiteFrame

NOW = matter.AT + timedelta(minutes=10)
HOST, NOBODY, TOKEN = "www.chenghu.localhost", "gallery", "0" * 32
ABOUT = "0123abcd-0000-4000-8000-00000000000c"
SAID: tuple[dict[str, Any], ...] = (
    {"text": "写得很清楚，照着准备材料，一次就办好了。", "replies": [
        {"unit": "澄湖市人民政府办公室", "on": "2026-11-20", "text": "谢谢您告诉我们。"}
    ]},
    {"text": "建议把受理点列成一张表。联系我：×××，×××。", "covered": True},
    {"text": "供暖以后请再公布一次各小区的温度。"},
)  # fmt: skip


def voiced(frame: SiteFrame, *, about: str = ABOUT, **facts: str) -> pages.ArticlePage:
    """The article, with comments and votes under it."""
    full = article(frame)
    voices = pages.Voices(
        about=about, version="f" * 64, title=full.title, takes_comments=True, takes_votes=True,
        named="市政府办公室 示范管理", **facts,
    )  # fmt: skip
    return replace(full, voices=voices)


def voices_turns(home: Home) -> Iterator[tuple[str, Said]]:
    """Each page that somebody might meet; nothing is sent and nothing kept."""
    box, guard = LetterBox(home), Guard(home)
    commenting, voting, shown, sample = Commenting(box, guard), Voting(box, guard), Shown(home.path), _voices()
    over, text = replace(sample, closes_at=matter.AT.isoformat()), "希望多写几个办理地点。"

    def posted(way: Commenting | Voting, voices: Voices = sample, **typed: str) -> Said:
        return way.posted(voices, Sent({"token": TOKEN, "go": "next", **typed}), NOBODY, HOST, now=NOW)

    yield "comment", commenting.opened(sample, {}, now=NOW)
    yield "comment_wrong", posted(commenting)
    yield "comment_check", posted(commenting, text=text)
    yield "comment_human", posted(commenting, text=text, step="comment_check")
    yield "comment_over", posted(commenting, over, text=text)
    yield "vote", voting.opened(sample, {"useful": "no"}, now=NOW)
    yield "vote_wrong", posted(voting)
    yield "vote_over", voting.opened(over, {}, now=NOW)
    yield "comments_none", shown.page(sample, {}, HOST, now=NOW)
    path = home.live / HOST / "pages" / f"{ABOUT}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"n": n, "on": "2026-11-19", "covered": False, "replies": [], **one} for n, one in enumerate(SAID * 8, 1)]
    told = {"v": 1, "page": ABOUT, "broken": 0, "comments": rows, "useful": 31, "useless": 8}
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    yield "comments", shown.page(sample, {}, HOST, now=NOW)
    yield "comments_last", shown.page(over, {"p": "2"}, HOST, now=NOW)
    yield "voices_gone", gone({"text": text}, "")


def _voices() -> Voices:
    return Voices(
        address="/zwdt/1/2026/1120/1.html", about=ABOUT, version="f" * 64, title="全市冬季供暖准备工作推进会召开",
        takes_comments=True, takes_votes=True, opens_at="", closes_at="", named="市政府办公室 示范管理",
    )  # fmt: skip
