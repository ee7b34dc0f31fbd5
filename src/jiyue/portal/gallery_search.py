"""Sample answers of the search page, one with everything in it and some without."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from markupsafe import Markup

from jiyue.search.answering import Answer, Choice, Recommended, Result
from jiyue.search.asking import Question

AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
ASKED = Question(query="营商环境", scope="all", kind="policy_document", page=2)


def _result(title: str, **more: object) -> Result:
    given: dict[str, object] = {
        "title": Markup(title), "address": "/zwgk/5/2026/1120/7.html", "site": "澄湖市人民政府", "column": "政策文件",  # noqa: S704
        "excerpt": Markup("…为了持续优化<mark>营商环境</mark>，激发市场主体活力，结合本市实际，制定本办法…"),
        "kind": "政策文件", "published_at": AT, "hour_known": True,
    } | more  # fmt: skip
    return Result(**given)  # type: ignore[arg-type]


def _choice(value: str, name: str, count: int, *, chosen: bool = False) -> Choice:
    return Choice(facet="", value=value, name=name, count=count, chosen=chosen, question=ASKED)


def answers() -> Iterator[tuple[str, Answer, str]]:
    """File name, answer and problem of each sample."""
    results = (
        _result("澄湖市优化<mark>营商环境</mark>办法", number="澄政发〔2026〕5号", validity="valid"),
        _result("关于修改<mark>营商环境</mark>有关规定的决定", number="澄政发〔2024〕11号", validity="repealed"),
        _result("企业开办一窗办结", attachments=("办理<mark>营商环境</mark>评价表.xlsx",), hour_known=False),
    )
    found: tuple[tuple[str, tuple[Choice, ...]], ...] = (
        ("site", (_choice("1", "澄湖市人民政府", 21), _choice("2", "澄湖市教育局", 2))),
        ("column", (_choice("10", "政务公开", 23), _choice("12", "政策文件", 20))),
        ("kind", (_choice("policy_document", "政策文件", 23, chosen=True),)),
        ("theme", (_choice("housing", "住房", 9), _choice("utilities", "公用事业", 2))),
        ("event", (_choice("home", "买房租房", 7), _choice("running", "经营管理", 2))),
        ("year", (_choice("2026", "2026", 20), _choice("2024", "2024", 3))),
        ("validity", (_choice("valid", "valid", 20), _choice("repealed", "repealed", 3))),
    )
    facets = tuple((facet, tuple(replace(choice, facet=facet) for choice in choices)) for facet, choices in found)
    promoted = (Recommended(title="营商环境投诉举报怎么办", address="/zwfw/1.html"),)
    full = Answer(
        question=ASKED, total=23, results=results, facets=facets, promoted=promoted, corrections=("营商环境",)
    )
    yield "search_found.html", full, ""
    yield "search_nothing.html", Answer(question=Question(query="火星签证", year="2026"), elsewhere=3), ""
    yield "search_start.html", Answer(question=Question()), ""
    yield "search_busy.html", Answer(question=Question(query="营商环境")), "busy"
