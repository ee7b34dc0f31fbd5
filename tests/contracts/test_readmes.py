"""What a newcomer reads first is true: both languages show the same commands and pictures, and every link leads somewhere."""

import re
from pathlib import Path

import pytest

from jiyue.config.command import PARTS
from jiyue.config.command import _parser as parser

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    {
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "src").rglob("README.md"),
        *(ROOT / "deploy").rglob("*.md"),
    }
)
COMMAND = re.compile(r"(?:^|`)(?:\.venv/bin/)?jiyue ([a-z]+)(?: ([a-z][a-z-]*)\b)?", re.MULTILINE)


def commands(page: str) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]


def pictures(page: str) -> list[str]:
    return re.findall(r"!\[[^]]+\]\(([^)]+)\)", (ROOT / page).read_text("utf-8"))


def test_both_readmes_show_the_same_commands_and_pictures():
    assert commands("README.md") == commands("README.zh-CN.md")
    assert pictures("README.md") == pictures("README.zh-CN.md")
    assert {Path(name).name for name in pictures("README.md")} == {
        file.name for file in (ROOT / "docs/pictures").iterdir()
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_that_a_page_names_is_there():
    known = next(action for action in parser()._actions if action.dest == "_run" or action.metavar == "COMMAND").choices
    for page in PAGES:
        for name, part in COMMAND.findall(page.read_text("utf-8")):
            assert name in known, f"{page}: jiyue {name}"
            assert name != "run" or part in PARTS, f"{page}: jiyue run {part}"
