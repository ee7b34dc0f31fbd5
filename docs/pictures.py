"""Take the pictures of the README from a running demo city: `make pictures`.

Uses the home that JIYUE_HOME names (default `var/`), loads the city there if it is absent, and starts it on ports of its
own. Needs Chromium: CHROMIUM names it, else it is looked for on the path.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
CONSOLE_PORT, PORTAL_PORT = "8490", "8491"
PORTAL = f"http://www.chenghu.localhost:{PORTAL_PORT}"
CONSOLE = f"http://console.localhost:{CONSOLE_PORT}"
PASSWORD = re.search(r"^password: (\S+)", Path("src/jiyue/demo/city/accounts.yaml").read_text("utf-8"), re.MULTILINE)[1]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
STOPPED = "联络人名单"  # a draft of the demo city that the checks stop
PATIENCE = 300  # seconds for a city that has to be loaded first


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    command = [str(Path(sys.executable).with_name("jiyue")), "demo"]
    ports = {"JIYUE_CONSOLE_PORT": CONSOLE_PORT, "JIYUE_PORTAL_PORT": PORTAL_PORT}
    demo = subprocess.Popen(command, env=os.environ | ports, stdout=subprocess.PIPE, text=True)
    try:
        _await_ready(demo)
        with sync_playwright() as playwright:
            chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            _portal(browser)
            _console(browser)
            browser.close()
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(30)


def _await_ready(demo: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    for line in demo.stdout:
        if "Ctrl+C" in line:
            return
        if time.monotonic() > until:
            break
    raise SystemExit("the demo did not start")


def _portal(browser: Browser) -> None:
    page = browser.new_page(viewport=WIDE, locale="zh-CN")
    _take(page, f"{PORTAL}/", "portal-home")
    page.get_by_role("link", name="政策文件库").first.click()
    _take(page, page.url, "portal-library")
    page.get_by_role("link", name="已废止").first.click()
    _take(page, _first(page, r"/\d+\.html"), "portal-document")
    page = browser.new_page(viewport=NARROW, locale="zh-CN", device_scale_factor=2)
    _take(page, f"{PORTAL}/", "portal-phone")
    _take(page, f"{PORTAL}/hudong/", "portal-counter")


def _console(browser: Browser) -> None:
    _signed_in(browser, "bianji", _writing)
    _signed_in(browser, "zhandian", _owing)
    _signed_in(browser, "zhongshen", _reviewing)
    _signed_in(browser, "xinjian", _answering)


def _writing(page: Page) -> None:
    """A draft with something that the checks have to say, and their panel open beside it."""
    page.goto(f"{CONSOLE}/records/?q={STOPPED}")
    page.goto(_first(page, r"/records/\d+/edit/"), wait_until="networkidle")
    page.locator('[data-side-panel-toggle="checks"]').first.click()
    page.locator("[data-jy-checks]").get_by_role("button", name=re.compile("找到它")).first.click()
    page.locator(".jc-here").first.wait_for()
    page.wait_for_timeout(1_000)  # it is scrolled to gently
    _keep(page, "console-editor")


def _owing(page: Page) -> None:
    _take(page, f"{CONSOLE}/duties/", "console-duties")
    page.goto(_first(page, r"/duties/\d+/"))
    page.locator("details[open]").filter(has_text="逐日").first.scroll_into_view_if_needed()
    _keep(page, "console-reason")


def _reviewing(page: Page) -> None:
    page.goto(f"{CONSOLE}/")
    _take(page, _first(page, r"/reviews/\d+/"), "console-review")


def _answering(page: Page) -> None:
    _take(page, f"{CONSOLE}/letters/", "console-letters")
    _take(page, _first(page, r"/letters/\d+/"), "console-letter")


def _first(page: Page, ending: str) -> str:
    """The first link of the page's content that ends so."""
    links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.href)")
    return next(link for link in links if re.search(f"{ending}$", link))


def _signed_in(browser: Browser, username: str, then: Callable[[Page], None]) -> None:
    page = browser.new_context(viewport=WIDE, locale="zh-CN").new_page()
    page.goto(f"{CONSOLE}/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_load_state()
    then(page)
    page.context.close()


def _take(page: Page, address: str, name: str) -> None:
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise SystemExit(f"{address}: {answer.status if answer else 'no answer'}")
    _keep(page, name)


def _keep(page: Page, name: str) -> None:
    """As a PNG of at most 128 colours: a third of the size, and nobody sees the difference."""
    with Image.open(BytesIO(page.screenshot())) as picture:
        small = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}.png", optimize=True)
    sys.stdout.write(f"{name}: {page.url}\n")


if __name__ == "__main__":
    main()
