"""What the checks read of a site's settings, columns, notices and windows, and where each of these words is changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Any

from jiyue.checks.matter import Link, Matter, Part

# Said as all places are, in Chinese: they are kept with what was found.
PROFILE = {
    "name": "网站名称", "owner": "主办单位", "operator": "承办单位", "contact": "联系方式", "email": "电子邮箱",
    "address": "联系地址", "error_report_url": "我要纠错入口", "approval_url": "网上审批入口", "mailbox_url": "领导信箱入口",
    "call_centre": "呼叫中心电话", "agency_url": "全程代办入口",
}  # fmt: skip


class Kept(StrEnum):
    """What holds the words, and so which screen changes them."""

    PROFILE = "profile"
    COLUMN = "column"
    NOTICES = "notices"
    WINDOWS = "windows"
    MARKS = "marks"
    MAILBOXES = "mailboxes"
    COMMENTS = "comments"


@dataclass(frozen=True)
class Said:
    """One text of a structure: its place in words, and what holds it; `key` is that of a column.

    `until` is when it goes by itself; None means: it stays. `address` is where it leads, for what is a link.
    """

    place: str
    words: str
    kept: Kept
    key: int = 0
    until: datetime | None = None
    address: str = ""

    def is_over(self, at: datetime) -> bool:
        """Has its time passed, so that nobody sees it any more?"""
        return self.until is not None and self.until <= at


def said_in(content: Mapping[str, Any]) -> Iterator[Said]:
    """Every text of a structure's snapshot that people read, in the order in which it is kept."""
    parts = chain(
        _profile(content),
        _columns(content),
        _notices(content),
        _windows(content),
        _marks(content),
        _mailboxes(content),
        _comment_orders(content),
    )
    return (said for said in parts if said.words.strip())


def matter_of_structure(content: Mapping[str, Any], *, at: datetime) -> Matter:
    """All these texts as one matter, each a paragraph that bears its place; without what was over at the moment `at`."""
    text, parts, links = "", [], []
    for said in said_in(content):
        if said.is_over(at):
            continue
        words = said.words.replace("\r\n", "\n").replace("\r", "\n")
        parts.append(Part("paragraph", len(text), len(text) + len(words), said.place))
        if said.address:
            links.append(Link(said.address, words, len(text), len(text) + len(words)))
        text += f"{words}\n"
    return Matter(source="", text=text, parts=tuple(parts), links=tuple(links))


def said_at(content: Mapping[str, Any], offset: int, *, at: datetime) -> Said | None:
    """The text in which a character of `matter_of_structure` of the same moment stands."""
    part = matter_of_structure(content, at=at).part_at(offset)
    return next((said for said in said_in(content) if part and said.place == part.place), None)


def _profile(content: Mapping[str, Any]) -> Iterator[Said]:
    profile = content.get("profile", {})
    for name, label in PROFILE.items():
        if profile.get(name) and not (name == "email" and _is_own(profile)):
            address = profile[name] if name.endswith("_url") else ""
            yield Said(f"网站设置“{label}”", f"{label}：{profile[name]}", Kept.PROFILE, address=address)


def _is_own(profile: Mapping[str, Any]) -> bool:
    """Is this an address under the site's own domain? Then it is the unit's and nobody's own."""
    domain = str(profile["email"]).rpartition("@")[2].lower()
    return f".{profile.get('host', '')}".endswith(f".{domain}")


def _columns(content: Mapping[str, Any]) -> Iterator[Said]:
    for column in content.get("columns", ()):
        where, key = f"栏目“{column['name']}”（/{column['path']}/）", column["id"]
        yield Said(f"{where}的名称与说明", f"{column['name']}：{column['description']}", Kept.COLUMN, key)
        yield Said(f"{where}的关键词", "，".join(column["keywords"]), Kept.COLUMN, key)


def _notices(content: Mapping[str, Any]) -> Iterator[Said]:
    for number, notice in enumerate(content.get("notices", ()), 1):
        yield Said(f"第 {number} 条网站公告", notice["text"], Kept.NOTICES, until=_end(notice))


def _windows(content: Mapping[str, Any]) -> Iterator[Said]:
    for number, window in enumerate(content.get("windows", ()), 1):
        words = f"{window['title']}：{window['address']}"
        yield Said(f"第 {number} 个首页飘窗", words, Kept.WINDOWS, until=_end(window), address=window["address"])


def _marks(content: Mapping[str, Any]) -> Iterator[Said]:
    for number, mark in enumerate(content.get("marks", ()), 1):
        yield Said(f"第 {number} 张标识图片的链接", mark["address"], Kept.MARKS, address=mark["address"])


def _mailboxes(content: Mapping[str, Any]) -> Iterator[Said]:
    for number, mailbox in enumerate(content.get("mailboxes", ()), 1):
        yield Said(f"第 {number} 个领导信箱的说明", mailbox["words"], Kept.MAILBOXES)


def _comment_orders(content: Mapping[str, Any]) -> Iterator[Said]:
    for number, order in enumerate(content.get("comments", ()), 1):
        yield Said(f"第 {number} 项评论评价安排公布的评论管理员", order["named"], Kept.COMMENTS)


def _end(planned: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(planned["until"])
