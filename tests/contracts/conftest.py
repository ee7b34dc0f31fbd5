"""The tests that walk over the whole console look at thousands of pages, and only at what a reader sees of them."""

import pytest


@pytest.fixture(autouse=True)
def no_copies_of_contexts(monkeypatch):
    """Django's client copies the context of every template it sees rendered, a fifth of a page's time."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)
