"""Every offered screen, as every role that is offered it, with real things on it: no English left over (C4)."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from jiyue.console.catalogues import PROJECT
from jiyue.console.gate import OFFERED, may_open
from tests.cast import platform_people
from tests.contracts import console_walk
from tests.contracts.console_things import things_of
from tests.contracts.console_walk import address

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]
# Names that Chinese officials write in Latin letters too.
PROPER = frozenset(
    {
        "Word", "WPS", "DOCX", "PDF", "HTML", "TXT", "URL", "CSV", "XLSX", "ICP", "MB", "KB", "Ctrl", "English", "OFD", "SHA",
        "GIF", "JPG", "JPEG", "PNG", "WEBP", "RSS", "IP", "JSON", "AAA", "Ed", "YYYY", "MM", "DD", "HH", "SS", "ID", "AVIF",
        "SVG", "cn", "Alt", "JSONL", "Shift", "Cmd", "Esc", "Enter", "zcwj", "zwgk", "Excel", "iCalendar", "Atom", "GB", "Schema",
        "ZX",
        # The Guide's page tags, by the names that a web master looks for.
        "SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType",
        "ArticleTitle", "PubDate", "ContentSource",
    }
)  # fmt: skip
# The cast's names to sign in with.
ACCOUNTS = frozenset({"yunwei", "jianguan", "shenji", "duban"})
# Addresses, hosts, account names, digests, codes: things that people type, not words that we say.
THINGS = re.compile(
    r"(?:record|structure|batch|placement|picture|attachment|site|user|column|organisation|review|obligation|source):[\w-]+|https?://\S+|[\w-]+(?:\.[\w-]+)+|/[\w/.{}<>-]*|\b\w*_\w+\b|样\w+|\b[0-9a-f]{8,}\b|\b\w*\d\w*\b|#\w+|@\w+"
)
WORD = re.compile(r"[A-Za-z]{2,}")
# Never shown: what scripts read, and what a browser does not draw; and codes, which machines exchange and people type.
UNSEEN = frozenset({"script", "style", "svg", "noscript", "template", "code"})
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-w-progress-active-value")
# Answers that are no screens.
NOT_SCREENS = frozenset(
    {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog", "console_trail_export", "console_private_looks_export",
     "console_version_file",
     "console_private_file", "console_duty_export", "console_duty_proof", "console_catalogue_export",
     "console_column_table_export", "console_services_export", "console_service_depths_export",
     "console_service_file", "wagtailadmin_logout", "console_leak_report",
     "console_rectifications_export", "console_inspection_export",
     "console_concern_export", "console_letter_file", "console_error_blank", "console_call_blank", "console_comment_blank",
     "console_superior_blank",
     "console_error_handout_file", "console_letter_statistics_export", "console_letter_analysis_export", "console_survey_export",
     "console_enquiry_statistics_export", "console_enquiry_file", "console_page_votes_export",
     "console_disclosure_file", "console_disclosure_docx", "console_disclosure_pdf", "console_disclosure_report_export",
     "console_disclosure_answer_file", "console_disclosure_annual_export",
     "console_questions_export", "console_campaigns_export", "console_interpreted_export", "console_topics_export",
     "console_counts_export",
     "console_events_told_export", "console_accountability_export", "console_letters_watched_export",
     "console_standard_schema"}
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def compiled_before_we_began():
    """Messages are read when a process starts, so a test cannot compile them for itself: `make test` does."""
    for source in PROJECT.glob("*/LC_MESSAGES/*.po"):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            pytest.fail(f"{made.name} of {source.parts[-3]} is missing or old: run `make catalogues` first")


class Words(HTMLParser):
    """The texts a person sees or hears on a page."""

    VOID = frozenset(
        {"input", "img", "br", "hr", "meta", "link", "source", "col", "wbr", "area", "base", "embed", "track"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs):
        if tag in UNSEEN and tag not in self.VOID:
            self._hidden += 1
        if not self._hidden:
            given = dict(attrs)
            self.texts += [given[name] for name in SPOKEN if given.get(name)]
            if tag == "input" and given.get("type") in {"submit", "button"} and given.get("value"):
                self.texts.append(given["value"])

    def handle_endtag(self, tag):
        if tag in UNSEEN:
            self._hidden -= 1

    def handle_data(self, data):
        if not self._hidden and data.strip():
            self.texts.append(data.strip())


def english_in(page: str) -> list[str]:
    """Texts with Latin words that are neither names nor things."""
    words = Words()
    words.feed(page)
    return sorted({text[:80] for text in words.texts if set(WORD.findall(THINGS.sub(" ", text))) - PROPER - ACCOUNTS})


def test_no_screen_speaks_english_to_a_chinese_reader(cast, now):
    console_walk.load()
    things = things_of(cast.city, "澄湖", now=now)
    people = {**cast.city.people, **platform_people(cast)}
    found = {}
    for part, person in people.items():
        client = Client(headers={"Accept-Language": "en-US,en"})
        client.force_login(person, backend="jiyue.identity.backends.AccountBackend")
        for name in sorted(set(OFFERED) - NOT_SCREENS):
            if not may_open(person, name):
                continue
            answer = client.get(address(name, things), follow=True)
            if answer.status_code == 405:
                continue
            for text in english_in(_text(answer)):
                found.setdefault(text, []).append(f"{part} {name}")
    assert "\n".join(f"{text}: {where[:3]}" for text, where in found.items()) == ""


def test_the_way_in_speaks_chinese(client, db):
    page = client.get("/login/", headers={"Accept-Language": "en-US,en"}).content.decode()
    assert english_in(page) == []
    refused = client.post("/login/", {"username": "a", "password": "b"}).content.decode()
    assert english_in(refused) == []


def _text(answer) -> str:
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        return answer.json().get("html", "") or ""
    return answer.content.decode("utf-8", "replace")
