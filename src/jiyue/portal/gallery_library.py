"""Sample pages of the policy library: its front, a shelf by need, an older page of a year, and one that is empty."""

from dataclasses import replace
from datetime import date

from jiyue.portal import gallery_matter as matter
from jiyue.publishing.frame import Link, LinkGroup, SiteFrame, Validity
from jiyue.publishing.pages import Crumb, LibraryLine, LibraryPage, ListItem

HOME = Crumb(title="政策文件库", address="/zcwjk/")


def _line(title: str, number: str, validity: Validity, *, day: int, explained: str = "") -> LibraryLine:
    item = ListItem(
        title=title, address=f"/zwgk/5/2026/11{day:02d}/7.html", published_at=matter.AT, document_number=number,
        validity=validity, issuer="澄湖市人民政府", dated_on=date(2026, 11, day),
    )  # fmt: skip
    links = (Link(title=explained, address="/zwgk/6/2026/1120/9.html"),) if explained else ()
    return LibraryLine(item=item, interpretations=links)


def _links(base: str, *names: tuple[str, str, int]) -> tuple[Link, ...]:
    return tuple(Link(title=name, address=f"{base}{code}/", note=f"{count} 件") for code, name, count in names)


LINES = (
    _line("澄湖市既有住宅加装电梯管理办法", "澄政规〔2026〕4号", "amended", day=18, explained="一图读懂加装电梯"),
    _line("澄湖市湖泊岸线保护管理办法", "澄政规〔2026〕2号", "not_yet", day=12),
    _line("澄湖市湖面网箱养殖管理规定", "澄政规〔2021〕3号", "repealed", day=3),
)
FACETS = (
    LinkGroup(
        title="发文机关",
        links=_links(
            "/zcwjk/issuer/", ("8a1b", "澄湖市人民政府", 21), ("77c0", "澄湖市人民政府办公室", 12),
            *((f"{n:04x}", f"澄湖市第{n}办事机构", 1) for n in range(1, 12)),
        ),
    ),
    LinkGroup(title="有效性", links=_links("/zcwjk/validity/", ("valid", "现行有效", 30), ("repealed", "已废止", 3))),
    LinkGroup(title="办事主题", links=_links("/zcwjk/theme/", ("housing", "住房", 4), ("employment", "就业", 2))),
)  # fmt: skip


def policy_library(frame: SiteFrame) -> LibraryPage:
    """The front with everything in it."""
    return LibraryPage(
        frame=frame, title="政策文件库", address="/zcwjk/", canonical=f"{frame.origin}/zcwjk/", crumbs=(HOME,),
        lead="收录澄湖市人民政府公开的政策文件，按发文机关、年份、有效性和办事需要归类。", items=LINES, total=33,
        facets=FACETS, years=_links("/zcwjk/", ("2026", "2026", 20), ("2025", "2025", 13)),
        other=Link(title="全部网站政策文件库", address="/zcwjk/group/"), asked=(("t", "policy_document"),), is_narrowed=True,
    )  # fmt: skip


def policy_shelf(frame: SiteFrame) -> LibraryPage:
    """The documents that one need asks for."""
    crumbs = (HOME, Crumb(title="住房", address="/zcwjk/theme/housing/"))
    return replace(
        policy_library(frame), title="政策文件：住房", address=crumbs[1].address, crumbs=crumbs, lead="", facets=(),
        items=LINES[:1], total=1, other=None, is_narrowed=False, shelf=Link(title=HOME.title, address=HOME.address),
    )  # fmt: skip


def policy_year(frame: SiteFrame) -> LibraryPage:
    """A full page of a year."""
    return replace(
        policy_shelf(frame), title="政策文件（2026年）", address="/zcwjk/2026/2.html", total=None, years=(), number=2,
        newer="/zcwjk/2026/", older="/zcwjk/2026/1.html",
    )  # fmt: skip


def policy_library_empty(frame: SiteFrame) -> LibraryPage:
    """A library without documents."""
    return replace(
        policy_library(frame), items=(), total=0, facets=(), years=(), other=None,
        empty_why="这里还没有政策文件。文件签发以后会自动出现在这里。",
    )  # fmt: skip
