"""Every public template: well-formed, escaped, light, complete, and telling the same with little and with much data."""

import gzip
import re
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, datetime
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

import polib
import pytest
from tests.apps.portal.reading import read

from jiyue.portal.environment import LOCALE, TEMPLATES, FrameNotPrepared, PortalRenderer, portal_renderer
from jiyue.portal.gallery import render_gallery, sample_frame, sample_pages
from jiyue.portal.gallery_pages import article, home, policy
from jiyue.publishing.pages import HomePage, NotFoundPage, Page, PlatformNotFound, template_for

FRAME, FILES = sample_frame()
PAGES = sample_pages(FRAME)
RENDERED = {name: portal_renderer().render(page) for name, page in PAGES.items()}
SITE_PAGES = [name for name, page in PAGES.items() if isinstance(page, Page)]
CANARY = "\"'><img src=x onerror=alert(1)></script><!--"
# Fields that hold HTML sanitised by the review, and codes that choose a branch.
NOT_TEXT = {"body", "validity", "kind", "colour", "form", "channel", "key", "fragments"}


def _minimal(page: Page) -> Page:
    """The same page with every optional field at its default."""
    optional = {f.name for f in fields(page) if f.default is not MISSING or f.default_factory is not MISSING}
    return type(page)(**{f.name: getattr(page, f.name) for f in fields(page) if f.name not in optional})


def _poisoned(value: Any, name: str = "") -> Any:
    """The value with the canary at the end of every text in it, however deep."""
    if isinstance(value, str):
        return value if name in NOT_TEXT else value + CANARY
    if isinstance(value, tuple):
        return tuple(_poisoned(each, name) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{f.name: _poisoned(getattr(value, f.name), f.name) for f in fields(value) if f.name not in NOT_TEXT},
        )
    return value


def _poisoned_page(page: Page) -> Page:
    return replace(_poisoned(page), frame=portal_renderer().with_fragments(_poisoned(page.frame)))


def test_every_kind_of_page_has_a_sample_and_every_template_a_page() -> None:
    assert {type(page) for page in PAGES.values()} == {*_leaves(Page), PlatformNotFound}
    rendered = {template_for(page) for page in PAGES.values()}
    own = {path.name for path in TEMPLATES.glob("*.html")} - {"base.html", "document_base.html", "error_base.html"}
    assert rendered == own


def _leaves(kind: type) -> list[type]:
    # dataclass(slots=True) makes a second class; only the one that carries slots is real.
    below = [each for each in kind.__subclasses__() if "__slots__" in vars(each)]
    named = [kind] if "template" in vars(kind) and isinstance(vars(kind)["template"], str) else []
    return named + [leaf for each in below for leaf in _leaves(each)]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_well_formed(name: str) -> None:
    page = read(RENDERED[name])
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.references) <= set(page.ids)
    assert page.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.levels, page.levels[1:], strict=False)), page.levels


@pytest.mark.parametrize("name", SITE_PAGES)
def test_a_page_with_the_least_data_is_well_formed_too(name: str) -> None:
    page = read(portal_renderer().render(_minimal(PAGES[name])))
    assert page.faults == []
    assert page.levels.count(1) == 1
    assert "None" not in page.text


@pytest.mark.parametrize("name", SITE_PAGES)
def test_no_text_leaves_its_place(name: str) -> None:
    html = portal_renderer().render(_poisoned_page(PAGES[name]))
    assert "<img src=x" not in html
    assert "<!--" not in html
    assert html.count("</script>") == html.count("<script")
    assert "onerror" not in read(html).attributes
    assert read(html).faults == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_no_other_host_and_runs_nothing_inline(name: str) -> None:
    page = read(RENDERED[name])
    assert [address for address in page.resources if not re.match(r"/(?!/)", address)] == []
    assert page.inline == []
    assert [name for name in page.attributes if name == "style" or name.startswith("on")] == []


@pytest.mark.parametrize("name", SITE_PAGES)
def test_a_page_says_whose_site_it_is(name: str) -> None:
    page = read(RENDERED[name])
    assert page.meta["SiteName"] == ["澄湖市人民政府"]
    assert page.meta["SiteDomain"] == ["www.chenghu.localhost"]
    assert page.meta["SiteIDCode"] == ["9901000001"]


@pytest.mark.parametrize("name", SITE_PAGES)
def test_the_footer_carries_the_seven_marks(name: str) -> None:
    footer = RENDERED[name].split('<footer class="site-footer"')[1]
    marks = (
        "党政机关",
        "我为政府网站找错",
        "9901000001",
        "示ICP备",
        "示公网安备",
        "澄湖市人民政府办公室",
        "000-5550100",
        "网站地图",
    )
    assert [mark for mark in marks if mark not in footer] == []


def test_the_header_names_the_site_in_full_and_the_five_channels() -> None:
    header = RENDERED["article.html"].split("</header>")[0]
    channels = re.findall(r'<nav class="channels".*?</nav>', header, re.S)[0]
    assert re.findall(r">([^<>]+)</a>", channels) == ["政务动态", "政务公开", "政务服务", "政民互动", "专题专栏"]
    assert re.findall(r'aria-current="true">([^<]+)<', channels) == ["政务动态"]
    assert '<span class="site-title">澄湖市人民政府</span>' in header


def test_an_article_carries_the_tags_of_the_national_guide() -> None:
    meta = read(RENDERED["article.html"]).meta
    expected = {
        "ColumnName": "澄湖要闻",
        "ColumnDescription": "市委、市政府重要活动和全市要事。",
        "ColumnKeywords": "澄湖要闻,澄湖市",
        "ColumnType": "澄湖要闻",
        "ArticleTitle": "全市冬季供暖准备工作推进会召开，老旧管网改造月底前完成",
        "PubDate": "2026-11-20 09:30",
        "ContentSource": "澄湖日报",
        "Keywords": "供暖,管网改造",
        "Author": "吴试",
        "Description": "今年改造四十二公里老旧供热管网，余下三公里月底前完成。",
        "Image": "/files/gallery/dawn.svg",
        "Url": "/zwdt/1/2026/1120/1.html",
    }
    assert {name: ",".join(meta[name]) for name in expected} == expected


def test_column_tags_stand_on_columns_and_content_tags_do_not() -> None:
    meta = read(RENDERED["column.html"]).meta
    assert meta["ColumnName"] == ["政策文件"]
    assert "ArticleTitle" not in meta


def test_a_placed_item_points_to_its_origin() -> None:
    page = replace(article(FRAME), canonical="https://slj.chenghu.localhost/gzdt/2026/1120/9.html")
    links = read(portal_renderer().render(page)).links
    assert [link["href"] for link in links if link["rel"] == "canonical"] == [page.canonical]


def test_errors_are_not_for_search_engines() -> None:
    assert read(RENDERED["404.html"]).meta["robots"] == ["noindex"]
    assert "canonical" not in RENDERED["404.html"]


def test_a_withdrawn_page_says_why_and_when() -> None:
    text = read(RENDERED["410.html"]).text
    assert "撤下的原因：发布有误，正文已重新发布。" in text
    assert "2026-11-20 09:30" in text


def test_a_platform_answer_shows_nothing_of_any_site() -> None:
    html = RENDERED["platform_404.html"]
    assert "澄湖" not in html
    assert "/assets/" not in html


LIGHT = ("article.html", "policy.html", "home.html", "column.html", "voiced.html", "counter.html")


@pytest.mark.parametrize("name", LIGHT)
def test_a_page_is_light(name: str) -> None:
    sent = [RENDERED[name].encode(), *(file.content for file in FILES if file.address in RENDERED[name])]
    assert sum(len(gzip.compress(each, 6)) for each in sent) < 21_500  # the goal is 60 KB; the rest is for the text


def test_a_page_loads_only_the_scripts_that_it_needs() -> None:
    scripts = {name: set(re.findall(r'src="/assets/(\w+)-', RENDERED[name])) for name in LIGHT}
    assert scripts.pop("counter.html") == {"portal", "counter"}
    assert scripts.pop("voiced.html") == {"portal", "voices"}
    assert set().union(*scripts.values()) == {"portal"}


def test_a_baked_page_never_speaks_of_today() -> None:
    assert [name for name, html in RENDERED.items() if re.search("今天|昨天|天前|小时前", html)] == []


def test_blocks_without_data_leave_no_trace() -> None:
    bare = HomePage(frame=FRAME, title=FRAME.name, address="/", canonical="https://www.chenghu.localhost/")
    html = portal_renderer().render(bare)
    main = html.split("<main")[1].split("</main>")[0]
    # Each page of a site that takes letters ends with this.
    assert read(main.partition(">")[2]).text == "这页有错？ 页面找错"


def test_mourning_is_baked_into_the_root() -> None:
    grey, _ = sample_frame(mourning=True)
    assert '<html lang="zh-CN" class="mourning">' in portal_renderer().render(home(grey))
    assert "mourning" not in RENDERED["home.html"]


def test_a_numbered_list_page_does_not_depend_on_the_total() -> None:
    assert "共 " not in read(RENDERED["column_older.html"]).text
    assert "第 12 页" in read(RENDERED["column_older.html"]).text


def test_a_document_in_force_needs_no_warning_and_one_that_is_not_has_it() -> None:
    valid = portal_renderer().render(replace(policy(FRAME), validity="valid", validity_note=""))
    assert 'class="kicker"' not in valid
    assert 'class="kicker"' in RENDERED["policy.html"]


def test_a_frame_must_be_prepared() -> None:
    page = NotFoundPage(frame=replace(FRAME, fragments=None), title="x", address="/404.html", canonical="")
    with pytest.raises(FrameNotPrepared):
        portal_renderer().render(page)


def test_a_language_uses_its_catalogue() -> None:
    class Shouting(NullTranslations):
        def gettext(self, message: str) -> str:
            return f"[{message}] & more"

    renderer = PortalRenderer({"en": Shouting()})
    frame = renderer.with_fragments(replace(FRAME, language="en"))
    html = renderer.render(NotFoundPage(frame=frame, title="x", address="/404.html", canonical=""))
    assert "[我为政府网站找错] &amp; more" in html
    assert '<html lang="en">' in html


def test_the_gallery_is_written_whole(tmp_path: Path) -> None:
    written = render_gallery(tmp_path)
    assert {path.name for path in written} >= set(PAGES)
    assert (tmp_path / FRAME.assets.stylesheet.lstrip("/")).is_file()


def test_moments_are_shown_in_shanghai() -> None:
    page = replace(article(FRAME), published_at=datetime(2026, 12, 31, 16, 5, tzinfo=UTC))
    html = portal_renderer().render(page)
    assert '<time datetime="2027-01-01T00:05:00+08:00">2027-01-01 00:05</time>' in html


HAN = re.compile("[\u4e00-\u9fff]+")


def _in_english(value: Any, name: str = "") -> Any:
    """The value without a Chinese character, however deep: what is left in a page was said by the program."""
    if isinstance(value, str):
        return HAN.sub("text", value)
    if isinstance(value, tuple):
        return tuple(_in_english(each, name) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _in_english(getattr(value, f.name), f.name) for f in fields(value) if f.init})
    return value


@pytest.fixture(scope="module")
def english(tmp_path_factory) -> PortalRenderer:
    """A renderer with the catalogue as it is in the repository, compiled here."""
    compiled = tmp_path_factory.mktemp("catalogue") / "django.mo"
    polib.pofile(str(LOCALE / "en" / "LC_MESSAGES" / "django.po")).save_as_mofile(str(compiled))
    with compiled.open("rb") as file:
        return PortalRenderer({"en": GNUTranslations(file)})


@pytest.mark.parametrize("name", SITE_PAGES)
def test_a_page_in_another_language_speaks_it_throughout(name: str, english: PortalRenderer) -> None:
    page = _in_english(replace(PAGES[name], frame=replace(FRAME, language="en", fragments=None)))
    html = english.render(replace(page, frame=english.with_fragments(page.frame)))
    assert '<html lang="en"' in html
    assert HAN.findall(html) == []


def test_a_language_without_a_catalogue_is_chinese_and_no_error() -> None:
    frame = portal_renderer().with_fragments(replace(FRAME, language="xx"))
    assert "网站标识码" in portal_renderer().render(replace(PAGES["article.html"], frame=frame))
