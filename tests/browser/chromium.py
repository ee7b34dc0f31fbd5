"""Chromium as every browser test starts it: whichever is on the path. Only outside CI may it be absent."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
)  # fmt: skip


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """A started browser, with flags of its own where a test needs them; skips the test where there is none to start."""
    if PROGRAM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as player:
        started = player.chromium.launch(executable_path=PROGRAM, args=[*FLAGS, *more])
        yield started
        started.close()


@contextmanager
def beside_django(*more: str) -> Iterator[Browser]:
    """The same where the test asks the database too: Playwright's loop runs in this thread, and Django would refuse."""
    with chromium(*more) as started:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield started
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
