"""Portal pages in a browser: axe in every mode, every width, without script, by keyboard, under a strict policy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route

from jiyue.portal.gallery import render_gallery
from tests.browser.chromium import chromium
from tests.browser.patience import patient

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'"
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
WIDTHS = (320, 390, 768, 1440, 1920)
HOST = "http://gallery.localhost"
AXE: dict[str, object] = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}},
}
# Colours are all that a mode changes.
CONTRAST: dict[str, object] = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "color-contrast-enhanced"]}

pytestmark = pytest.mark.slow
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    render_gallery(folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def _answer(route: Route, folder: Path) -> None:
    path = folder / route.request.url.removeprefix(HOST).partition("?")[0].partition("#")[0].lstrip("/")
    if not path.is_file():
        route.fulfill(status=404, body="")
        return
    kind = KINDS.get(path.suffix, "application/octet-stream")
    route.fulfill(status=200, body=path.read_bytes(), headers={"content-type": kind, "content-security-policy": POLICY})


@pytest.fixture
def opened(browser: Browser, gallery: Path) -> Iterator[Open]:
    """Opens a page of the gallery; `refused` of the page collects what the policy refused and scripts that failed."""
    contexts: list[BrowserContext] = []

    def open_page(name: str, *, width: int = 1280, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.route("**/*", lambda route: _answer(route, gallery))
        page = patient(context.new_page())
        page.refused = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.refused.append(str(error)))  # type: ignore[attr-defined]
        page.on("console", lambda said: "Security Policy" in said.text and page.refused.append(said.text))  # type: ignore[attr-defined]
        page.goto(f"{HOST}/{name}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def _names(gallery: Path) -> list[str]:
    return sorted(path.name for path in gallery.glob("*.html") if path.name not in {"index.html", "moved.html"})


def _faults(page: Page, options: dict[str, object] = AXE) -> list[tuple[str, str, list[str]]]:
    found = Axe().run(page, options=options).response["violations"]
    return [(page.url, each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]


def _set_theme(page: Page, theme: str) -> None:
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)


def test_axe_sees_what_is_wrong(opened: Open) -> None:
    page = opened("article.html", bypass_csp=True)
    page.add_style_tag(content=".body p { color: #999 } .body h2 { color: #666; font-size: 1rem }")
    page.evaluate("document.querySelector('.picture img').removeAttribute('alt')")
    assert {fault[1] for fault in _faults(page)} == {"color-contrast", "color-contrast-enhanced", "image-alt"}


def test_axe_finds_nothing_on_any_page_in_light_dark_and_high_contrast(opened: Open, gallery: Path) -> None:
    faults = []
    page = opened("home.html")
    for name in _names(gallery):
        page.goto(f"{HOST}/{name}")
        faults += [("light", *fault) for fault in _faults(page)]
        for theme in ("dark", "contrast"):
            _set_theme(page, theme)
            faults += [(theme, *fault) for fault in _faults(page, CONTRAST)]
    assert faults == []
    assert page.refused == []  # type: ignore[attr-defined]


def test_axe_finds_nothing_in_the_opened_settings_on_a_phone(opened: Open) -> None:
    page = opened("policy.html", width=390)
    page.click("summary")
    assert _faults(page) == []


def _too_wide(page: Page) -> list[int]:
    """The widths at which the page is wider than its window."""
    wide = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(width)
    return wide


def test_no_page_is_wider_than_the_window_in_any_size_of_type(opened: Open, gallery: Path) -> None:
    page = opened("home.html")
    wide = {}
    for name in _names(gallery):
        page.goto(f"{HOST}/{name}")
        for size in ("", "large", "largest"):
            page.evaluate("size => { document.documentElement.dataset.size = size }", size)
            wide[name, size] = _too_wide(page)
    assert {place: widths for place, widths in wide.items() if widths} == {}


def test_type_grows_to_the_sizes_of_the_large_modes(opened: Open) -> None:
    page = opened("article.html")
    sizes = []
    for choice in ("", "large", "largest"):
        page.evaluate("size => localStorage.setItem('display-size', size)", choice)
        page.reload()
        sizes.append(page.evaluate("getComputedStyle(document.querySelector('.body p')).fontSize"))
    assert sizes == ["18px", "22px", "26px"]


def test_the_device_decides_when_the_reader_has_not(opened: Open) -> None:
    dark = opened("article.html", color_scheme="dark")
    assert dark.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 29)"
    dark.evaluate("localStorage.setItem('display-theme', 'light')")
    dark.reload()
    assert dark.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_choice_is_made_by_keyboard_and_kept(opened: Open) -> None:
    page = opened("article.html")
    page.focus("summary")
    page.keyboard.press("Enter")
    page.focus("input[name=display-theme][value='']")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.goto(f"{HOST}/column.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "contrast"


def test_the_first_stop_of_the_keyboard_leads_to_the_text(opened: Open) -> None:
    page = opened("article.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("name", ["home.html", "policy.html", "column.html"])
def test_every_stop_of_the_keyboard_is_seen(opened: Open, name: str) -> None:
    page = opened(name)
    unseen = []
    for _ in range(page.locator("a[href], button, summary, input, [tabindex='0']").count()):
        page.keyboard.press("Tab")
        place = page.evaluate(
            "() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();"
            " return [e.tagName, e.textContent.trim().slice(0, 20), s.outlineStyle, parseFloat(s.outlineWidth), r.bottom] }"
        )
        if place[0] != "BODY" and (place[2] != "solid" or place[3] < 3 or place[4] <= 0):
            unseen.append(place)
    assert unseen == []


def test_without_script_everything_is_there_but_the_settings(opened: Open) -> None:
    page = opened("policy.html", java_script_enabled=False)
    assert page.is_visible("h1")
    assert page.is_visible(".outline a")
    assert page.is_visible(".site-footer")
    assert not page.is_visible("[data-display]")
    assert not page.is_visible("[data-print]")


def test_paper_carries_the_text_and_the_address_and_no_menus(opened: Open) -> None:
    page = opened("policy.html")
    page.emulate_media(media="print")
    assert page.is_visible(".official")
    assert page.is_visible(".facts")
    assert page.is_visible(".page-address")
    assert [part for part in (".channels", ".site-map", ".outline", ".site-tools") if page.is_visible(part)] == []


def test_paper_is_black_on_white_whatever_the_mode_on_screen(opened: Open) -> None:
    page = opened("policy.html", color_scheme="dark")
    page.emulate_media(media="print")
    colours = "[document.body, document.querySelector('.downloads a')].map(e => getComputedStyle(e).color)"
    seen = []
    for theme in (None, "dark", "contrast"):
        if theme:
            _set_theme(page, theme)
        seen.append(page.evaluate(colours))
        seen.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert seen == [["rgb(0, 0, 0)", "rgb(0, 0, 0)"], "rgb(255, 255, 255)"] * 3


def test_wider_spacing_of_text_cuts_nothing_off(opened: Open) -> None:
    page = opened("home.html", width=390, bypass_csp=True)
    page.add_style_tag(content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important }")
    cut = page.evaluate(
        "() => [...document.querySelectorAll('a, h1, h2, p, dd, time')].filter("
        "e => e.getClientRects().length && !e.closest('.hide') && !e.matches('.hide') && e.scrollWidth > e.clientWidth + 1"
        " && getComputedStyle(e).display !== 'inline').map(e => e.textContent)"
    )
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_forced_colours_keep_the_shape_of_states_and_zones(opened: Open) -> None:
    page = opened("column.html", forced_colors="active")
    assert _faults(page) == []
    assert page.evaluate("getComputedStyle(document.querySelector('.channels')).borderTopStyle") == "solid"


def test_mourning_is_grey_in_every_mode(opened: Open) -> None:
    page = opened("home_mourning.html")
    assert page.evaluate("getComputedStyle(document.documentElement).filter") == "grayscale(1)"
