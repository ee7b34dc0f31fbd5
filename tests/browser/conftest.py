"""What holds for every test in a browser."""

from playwright.sync_api import expect

from tests.browser.patience import LONGEST

expect.set_options(timeout=LONGEST)
