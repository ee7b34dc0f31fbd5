"""三类专题: which columns of a site serve the year's central work, policy focus and public concern, and how fresh (COL-12)."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.console.office.frame import paged
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.stewardship.frame import page, readable_sites
from jiyue.console.stewardship.views_columns import STATES, TONES, state_of
from jiyue.content.models import Column
from jiyue.content.policies import may_arrange_columns
from jiyue.estate.models import Site
from jiyue.publishing.freshness import public_columns
from jiyue.publishing.stewardship import ColumnLine, column_table

TOPICS = "console_topics"
MOST_SITES = 500  # in a file


@dataclass(frozen=True)
class Kept:
    """One column that serves a purpose, as the column table judges its updates."""

    line: ColumnLine

    @property
    def word(self) -> str:
        return str(STATES[state_of(self.line)])

    @property
    def tone(self) -> str:
        return TONES[state_of(self.line)]

    @property
    def told(self) -> str:
        updated = f"{timezone.localtime(self.line.updated_at):%Y-%m-%d}" if self.line.updated_at else _("没有公开内容")
        return f"{self.line.column.name}（{self.word}，{updated}）"


@dataclass(frozen=True)
class Line:
    """One site with what it keeps for each purpose, in the order of the purposes; an empty one is missing."""

    site: Site
    kept: list[tuple[str, list[Kept]]]
    arranges: bool

    @property
    def missing(self) -> list[str]:
        return [word for word, found in self.kept if not found]


def topics(request: HttpRequest) -> HttpResponse:
    """The sub-sites in sight, page by page; a purpose without an open public column is said to be missing."""
    only = request.GET.get("missing", "") == "1"
    sites, now = _sub_sites(request), timezone.now()
    if only:
        sites = [site for site in sites[:MOST_SITES] if len(_served(site)) < len(Column.Serves.values)]
    shown = paged(request, sites)
    context = {
        "rows": shown, "lines": [_line(request, site, now) for site in shown], "purposes": Column.Serves.choices,
        "only": only, "query": "missing=1" if only else "",
    }  # fmt: skip
    return page(request, "topics.html", tab=TOPICS, **context)


def export(request: HttpRequest) -> HttpResponse:
    """The same for a spreadsheet program: one line a site."""
    now = timezone.now()
    lines = (_line(request, site, now) for site in _sub_sites(request)[:MOST_SITES])
    head = [_("网站"), *(str(word) for _code, word in Column.Serves.choices), _("缺少")]
    rows = ([line.site.name, *("；".join(one.told for one in found) for _word, found in line.kept),
             "、".join(line.missing)] for line in lines)  # fmt: skip
    return as_xlsx("topics", _("三类专题"), [head, *rows])


def _sub_sites(request: HttpRequest):
    """Sites that are no portal of a government by themselves: they stand below another site or belong to a department."""
    return readable_sites(request).exclude(status=Site.Status.CLOSED).exclude(
        kind=Site.Kind.PORTAL, superior_site=None
    ).select_related("owner")  # fmt: skip


def _served(site: Site) -> set[str]:
    """Purposes for which the site has an open public column."""
    public = list(public_columns([site.pk]))
    columns = Column.objects.filter(pk__in=public, closed_at=None).exclude(serves="")
    return set(columns.values_list("serves", flat=True))


def _line(request: HttpRequest, site: Site, now: datetime) -> Line:
    lines = [line for line in column_table(site, now=now) if line.column.serves] if _served(site) else []
    kept = [
        (str(word), [Kept(line) for line in lines if line.column.serves == code])
        for code, word in Column.Serves.choices
    ]
    return Line(site, kept, may_arrange_columns(request.user, site))
