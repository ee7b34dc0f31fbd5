"""Waiting in a browser: a busy machine draws slowly, and nothing here fails for having come late."""

from playwright.sync_api import Page

LONGEST = 120_000  # milliseconds


def patient(page: Page) -> Page:
    """The page, with time for whatever it is asked to do."""
    page.set_default_timeout(LONGEST)
    page.set_default_navigation_timeout(LONGEST)
    return page


def after_its_timers(page: Page, milliseconds: int) -> None:
    """Wait by the page's own clock: every timer it had already set for this time or less has run by then."""
    page.evaluate("(time) => new Promise((done) => setTimeout(done, time))", milliseconds)
