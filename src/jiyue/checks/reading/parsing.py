"""HTML of strangers, parsed within bounds: elements that stand inside each other cost a parser, and every reader after it,
the square of their depth, and a hundred kilobytes of them stop a process for minutes.

How deep they stand only a parser can say: comments, quotes and implied ends deceive any count of tags. So a page with
many tags is parsed by a process of its own first (`page_worker`), which may use some seconds.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from jiyue.checks.reading.bounds import MIB, Unread

WORKER: Final = Path(__file__).with_name("page_worker.py")
FEW: Final = 4_000  # tags that no arrangement makes slow to parse
MOST: Final = 300_000
DEEPEST: Final = 1_500  # elements inside each other; honest pages stay below 60
_TAGS: Final = re.compile(r"<[^<>]*>")
SECONDS: Final = 3  # of the processor
MEMORY: Final = 2048 * MIB


def parsed(html: str, *, deepest: int = DEEPEST) -> LexborHTMLParser:
    """The page. Raises Unread `tower` for one that was built to exhaust whoever opens it.

    Who looks at every element with all that stands inside it says a smaller `deepest`.
    """
    if not parses_in_time(html):
        raise Unread("tower")
    page = LexborHTMLParser(html)
    if html.count("<") > deepest and page.root is not None and _is_deep(page.root, deepest):
        raise Unread("tower")
    return page


def parses_in_time(html: str) -> bool:
    """May a process that others wait for hand this to a parser, whichever it is?"""
    tags = html.count("<")
    return tags <= FEW or (tags <= MOST and _ends(html))


def words_between_tags(html: str) -> str:
    """What is left of a page that is not parsed: its text, a line for every tag."""
    return _TAGS.sub("\n", html)


def _ends(html: str) -> bool:
    command = [sys.executable, "-I", str(WORKER), str(SECONDS), str(MEMORY)]
    given = html.encode("utf-8", "replace")
    try:
        done = subprocess.run(  # noqa: S603 - our own file, numbers only
            command, input=given, capture_output=True, timeout=10 * SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _is_deep(root: LexborNode, deepest: int) -> bool:
    """Walks without recursion, which is what a tower would exhaust first."""
    node, depth = root, 0
    while depth <= deepest:
        inner = node.child
        if inner is not None:
            node, depth = inner, depth + 1
            continue
        following = node.next
        while following is None:
            above = node.parent
            if above is None or depth <= 1:
                return False
            node, depth = above, depth - 1
            following = node.next
        node = following
    return True
