"""Pages with the content of `building.documents`."""

from datetime import timedelta

from django.utils import timezone
from wagtail.models import Locale, Page, Site
from wagtail_peer.models import ArticlePage, ColumnPage

from building.bodies import blocks

COLUMNS = 23  # as many links as the header of the site it is compared with


def fill(pages: int) -> list[str]:
    """`pages` articles in the first of the columns; gives their addresses."""
    Locale.objects.create(language_code="zh-hans")
    root = Page.add_root(instance=Page(title="root", slug="root"))
    home = root.add_child(instance=ColumnPage(title="澄湖市人民政府", slug="zf", show_in_menus=True))
    Site.objects.create(hostname="localhost", port=80, site_name="澄湖市人民政府", root_page=home, is_default_site=True)
    columns = [
        home.add_child(instance=ColumnPage(title=f"综合信息{n}", slug=f"c{n}", show_in_menus=True))
        for n in range(COLUMNS)
    ]
    articles = [columns[0].add_child(instance=_article(n)) for n in range(pages)]
    return [article.get_url() for article in articles]


def _article(number: int) -> ArticlePage:
    mark = f"第{number:06d}号"
    return ArticlePage(
        title=f"关于印发{mark}实施方案的通知", slug=f"a{number}", source="市政府办公室", body=_in_wagtail(blocks(mark)),
        summary=f"{mark}实施方案的主要内容。", first_published_at=timezone.now() - timedelta(minutes=number),
    )  # fmt: skip


def _in_wagtail(body: list[dict]) -> list[dict]:
    """Its table block needs no list of merged cells; everything else is the same."""
    return [block | {"value": {k: v for k, v in block["value"].items() if k != "mergeCells"}}
            if block["type"] == "table" else block for block in body]  # fmt: skip
