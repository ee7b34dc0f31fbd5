"""docs/rules/worked-example.md is what the committed packs, calendars and real letters give."""

import importlib.util
import os
from datetime import datetime
from pathlib import Path

import pytest

from jiyue.domain.deadlines import SHANGHAI
from jiyue.rules.library import shipped

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "docs" / "rules" / "worked_example.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("worked_example", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def letters(script):
    folder = Path(os.environ.get("JIYUE_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "citizen_letters").is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("test data is missing: set JIYUE_TEST_DATA")
        pytest.skip("no test data beside the checkout")
    return script.letters(folder)


def test_the_committed_page_is_what_the_letters_give(script, letters):
    assert script.PAGE.read_text(encoding="utf-8") == script.page(shipped(), letters)


def test_every_letter_is_judged_once_under_every_pack(script, letters):
    library = shipped()
    for name in library.names:
        answer = library.ruleset(name).answer(script.PARAMETER, script.TODAY)
        verdicts = [script.judge(answer, letter, library.calendar) for letter in letters]
        assert len(verdicts) == 1665
        assert set(verdicts) == {script.IN_TIME, script.BY_LATEST, script.LATE}


def test_a_reply_in_the_last_second_is_in_time(script):
    # From Friday 28 September 2018: 29 and 30 are worked, then 8 to 10 October are the third to the fifth day.
    asked, last = _at("2018-09-28 17:00:00"), _at("2018-10-10 23:59:59")
    library = shipped()
    hebi = library.ruleset("hebi").answer(script.PARAMETER, script.TODAY)
    latest = _at("2018-10-17 23:59:59")
    for replied, verdict in (
        (last, script.IN_TIME),
        (_at("2018-10-11 00:00:00"), script.BY_LATEST),
        (latest, script.BY_LATEST),
        (_at("2018-10-18 00:00:00"), script.LATE),
    ):
        assert script.judge(hebi, script.Letter(asked, replied), library.calendar) == verdict


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
