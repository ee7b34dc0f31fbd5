"""A reprint must say what its original says (reprint.altered; REPR-04)."""

from collections.abc import Iterator

from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings
from jiyue.domain.comparison import Change, ChangedLine
from jiyue.domain.reprints import altered

_BASIS = "《互联网新闻信息服务管理规定》第十五条"
_LONGEST = 60


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """Nothing for what is no reprint, or whose original nobody kept. Each finding covers all words it is about."""
    if matter.original is None:
        return
    one = matter.original
    found = altered(original=(one.title, one.text), reprint=(one.own_title, one.own_text))
    if found.title:
        start = max(0, matter.text.find(one.own_title))
        yield _finding(
            _("标题与原文不同，原文是“%(original)s”"), start, start + len(one.own_title), found.title[1],
            {"original": found.title[0][:_LONGEST]}, _("改回原标题"),
        )  # fmt: skip
    if found.text:
        # The whole text, so that letting one alteration stand lets no other one stand.
        yield _finding(
            _("正文与保存的原文有 %(n)s 处不同"), 0, len(matter.text), _first(found.text), {"n": str(len(found.text))},
            _("改成与原文一致；确需节选的，说明理由由审核人放行"), place="正文",
        )  # fmt: skip


def _finding(
    message: str, start: int, end: int, excerpt: str, values: dict[str, str], advice: str, *, place: str = ""
) -> Finding:
    return Finding(
        detector="reprint.altered", severity=Severity.WARN, message=message, start=start, end=end,
        excerpt=excerpt[:_LONGEST], suggestion=advice, basis=_BASIS, values=values, place=place,
    )  # fmt: skip


def _first(lines: tuple[ChangedLine, ...]) -> str:
    changed = (piece for line in lines for piece in line.pieces if piece.change is not Change.SAME)
    return next((f"－{piece.text}" if piece.change is Change.REMOVED else f"＋{piece.text}" for piece in changed), "")
