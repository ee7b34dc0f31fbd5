"""The options of `jiyue search`. Light on purpose: it is read at each start of `jiyue`; `commanding` does the work."""

import argparse
from typing import Any


def add_acts(parser: argparse.ArgumentParser) -> None:
    """The acts of `jiyue search`, each with its options; `act` holds the one chosen."""
    acts = parser.add_subparsers(required=True, metavar="ACT", dest="act")
    query = _act(acts, "query", "像访问者那样检索")
    query.add_argument("text", metavar="TEXT", help="检索词")
    query.add_argument("--site", metavar="HOST", help="只查这个网站；缺省为全部网站")
    query.add_argument("--page", type=int, default=1, metavar="N", help="第几页，缺省为第 1 页")
    _act(acts, "status", "索引的状况：已索引、等待、读不了的附件").add_argument(
        "--site", metavar="HOST", help="网站的域名"
    )
    _act(acts, "rebuild", "重新建立索引；建好之前仍用原来的索引")


def _act(acts: Any, name: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 文档")
    return parser
