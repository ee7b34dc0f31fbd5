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
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
CONSOLE_PORT, PORTAL_PORT = "8490", "8491"
PORTAL = f"http://www.chenghu.localhost:{PORTAL_PORT}"
CONSOLE = f"http://console.localhost:{CONSOLE_PORT}"
PASSWORD = re.search(r"^password: (\S+)", Path("src/jiyue/demo/city/accounts.yaml").read_text("utf-8"), re.MULTILINE)[1]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
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
    documents = page.locator('a[href*="/zwgk/"][href$=".html"]')
    document = documents.first.get_attribute("href") if documents.count() else "/"
    _take(page, f"{PORTAL}{document}", "portal-document")
    page = browser.new_page(viewport=NARROW, locale="zh-CN", device_scale_factor=2)
    _take(page, f"{PORTAL}/", "portal-phone")


def _console(browser: Browser) -> None:
    _signed_in(browser, "bianji", lambda page: _take(page, f"{CONSOLE}/records/", "console-records"))
    _signed_in(browser, "chushen", _reviewing)


def _reviewing(page: Page) -> None:
    _take(page, f"{CONSOLE}/", "console-work")
    reviews = page.locator('main a[href*="/reviews/"]')
    if reviews.count():
        _take(page, CONSOLE + reviews.first.get_attribute("href"), "console-review")


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
    page.screenshot(path=PICTURES / f"{name}.png")
    sys.stdout.write(f"{name}: {address}\n")


if __name__ == "__main__":
    main()
