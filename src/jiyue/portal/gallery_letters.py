"""Sample pages of 来信公开: an answer, the list, one value of a facet."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jiyue.publishing.frame import Link, SiteFrame
from jiyue.publishing.pages import (
    AnswerLine,
    AnswersPage,
    Bar,
    Chart,
    ColumnFacts,
    Crumb,
    Facet,
    FigureLine,
    LetterFiguresPage,
    ListItem,
    PublicAnswerPage,
    TalkLine,
)

BASE = "/zmhd/lxgk/"
ORIGIN = "https://www.chenghu.localhost"
AT = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
COLUMN = ColumnFacts(
    name="来信公开", address=BASE, channel="zmhd", description="群众来信和答复，隐去个人信息后公开。", keywords=("来信",),
    kinds=("来信公开",), keeper="市政府办公室",
)  # fmt: skip
CRUMBS = (Crumb(title="政民互动", address="/zmhd/"), Crumb(title="来信公开", address=BASE))
FEEDS = (Link(title="来信公开", address=f"{BASE}rss.xml"), Link(title="来信公开", address=f"{BASE}atom.xml"))
ASKED = "湖滨步道晚上十点就关灯了，散步的人还很多。请问关灯时间是怎么定的，能不能晚一点？"
KINDS = Facet(title="按类别", links=tuple(
    Link(title=word, address=f"{BASE}kind/{code}/", note=f"{count} 件")
    for code, word, count in (("enquiry", "咨询", 31), ("complaint", "投诉", 12), ("help", "求助", 6))
))  # fmt: skip
UNITS = Facet(title="按答复单位", links=tuple(
    Link(title=word, address=f"{BASE}unit/{n:08x}/", note=f"{n * 9} 件")
    for n, word in enumerate(("澄湖市人民政府", "澄湖市教育局", "澄湖市水利和湖泊局"), 1)
))  # fmt: skip


def _place(address: str, title: str) -> dict[str, Any]:
    crumbs = CRUMBS if address == BASE else (*CRUMBS, Crumb(title=title, address=address))
    return {"title": title, "address": address, "canonical": ORIGIN + address, "column": COLUMN, "crumbs": crumbs}


def _line(n: int, title: str, kind: str, unit: str) -> AnswerLine:
    item = ListItem(title=title, address=f"{BASE}2026/1120/{n}.html", published_at=AT, source=unit, summary=ASKED)
    return AnswerLine(
        item=item, letter_kind=kind, unit=unit, accepted_on=date(2026, 11, 12), answered_on=date(2026, 11, 17)
    )


LINES = (
    _line(3, "湖滨步道几点关灯", "咨询", "澄湖市人民政府"),
    _line(2, "孩子转学要带哪些材料", "咨询", "澄湖市教育局"),
    _line(1, "河边有人倒建筑垃圾", "投诉", "澄湖市水利和湖泊局"),
)


def public_answer(frame: SiteFrame) -> PublicAnswerPage:
    return PublicAnswerPage(
        frame=frame, **_place(f"{BASE}2026/1120/3.html", "湖滨步道几点关灯"), description=ASKED, published_at=AT,
        source="澄湖市人民政府", body="", letter_kind="咨询", unit="澄湖市人民政府", received_on=date(2026, 11, 11),
        services=(Link(title="城市照明设施维护办事指南", address="/zwfw/bszn/2026/1101/3.html", note="市园林管理中心"),),
        accepted_on=date(2026, 11, 12), answered_on=date(2026, 11, 17), rating=5, question=(ASKED, "联系电话×××。"),
        answer=("您好。", "步道照明自本月起延长到晚上十一点，由市园林管理中心负责维护。"),
        banner="来信人要求重办，这件事正在重新办理，新的答复会更正在这里。",
    )  # fmt: skip


def answers_list(frame: SiteFrame) -> AnswersPage:
    return AnswersPage(
        frame=frame, **_place(BASE, "来信公开"), feeds=FEEDS, lines=LINES, total=49, facets=(KINDS, UNITS), writes=True,
        years=(Link(title="2026", address=f"{BASE}2026/"), Link(title="2025", address=f"{BASE}2025/")),
        figures=Link(title="来信办理统计", address=f"{BASE}statistics/"), older=f"{BASE}list/1.html",
    )  # fmt: skip


def answers_of_kind(frame: SiteFrame) -> AnswersPage:
    marked = replace(KINDS, links=(replace(KINDS.links[0], current=True), *KINDS.links[1:]))
    return replace(
        answers_list(frame), **_place(f"{BASE}kind/enquiry/", "来信公开：咨询"), lines=LINES[:2], total=31,
        facets=(marked, UNITS), older="", writes=False, entrance=Link(title="来信公开", address=BASE),
    )  # fmt: skip


def answers_older(frame: SiteFrame) -> AnswersPage:
    return AnswersPage(
        frame=frame, **_place(f"{BASE}list/2.html", "来信公开"), lines=LINES, number=2, newer=f"{BASE}list/3.html",
        older=f"{BASE}list/1.html", years=(Link(title="2025", address=f"{BASE}2025/"),),
    )  # fmt: skip


def answers_empty(frame: SiteFrame) -> AnswersPage:
    return replace(
        answers_list(frame), lines=(), total=0, facets=(), years=(), older="", empty_why="还没有公开的来信和答复。"
    )


def letter_figures(frame: SiteFrame) -> LetterFiguresPage:
    def line(title: str, received: int, answered: int) -> FigureLine:
        return FigureLine(
            title=title,
            received=received,
            answered=answered,
            in_time="96%",
            median="4 个工作日",
            satisfaction="88%（120 人评价）",
        )

    bars = tuple(
        Bar(title=word, value=value, length=1000 * value // 310)
        for word, value in (("咨询", 310), ("投诉", 120), ("建议", 44), ("求助", 61), ("网站找错", 9))
    )
    scores = tuple(Bar(title=f"{n} 分", value=n * 7, length=200 * n) for n in (5, 4, 3, 2, 1))
    return LetterFiguresPage(
        frame=frame, **_place(f"{BASE}statistics/", "来信办理统计（2026 年）"), year=2026, as_of=date(2026, 11, 22),
        whole=line("合计", 544, 501), kinds=(line("咨询", 310, 300), line("投诉", 120, 98)),
        talks=(
            TalkLine(
                title="澄湖市人民政府", held=210, taken=198, in_time="97%", letters=31, satisfaction="90%（88 人评价）"
            ),
        ),
        classes=(line("咨询、建议类", 260, 251), line("投诉、求助类", 148, 139)),
        channels=(line("网站", 402, 371), line("热线电话", 142, 130)),
        units=(line("澄湖市人民政府", 400, 380), line("澄湖市教育局", 144, 121)),
        charts=(Chart(title="按类别收到的来信（件）", bars=bars), Chart(title="来信人评价（人次）", bars=scores)),
        years=(
            Link(title="2026", address=f"{BASE}statistics/", current=True),
            Link(title="2025", address=f"{BASE}statistics/2025/"),
        ),
        entrance=Link(title="来信公开", address=BASE),
    )  # fmt: skip
