"""The options of `jiyue rules`. Light on purpose: it is read at each start of `jiyue`; `asking` does the work."""

import argparse
from typing import Any

_PARAMETER = "参数名或要求编号，例如 message.reply 或 P-40"
_PACK = "规则包，例如 hebi"
_DAY = "哪一天的规定，缺省为今天"


def add_acts(parser: argparse.ArgumentParser) -> None:
    """The acts of `jiyue rules`, each with its options; `act` holds the one chosen."""
    acts = parser.add_subparsers(required=True, metavar="ACT", dest="act")
    _add_list(acts)
    _add_show(acts)
    _add_due(acts)
    _add_explain(acts)
    _add_check(acts)
    _add_compare(acts)


def _act(acts: Any, name: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 文档")
    return parser


def _add_list(acts: Any) -> None:
    parser = _act(acts, "list", "列出全部参数；--pack 写出一个规则包的规定")
    parser.add_argument("--pack", metavar="P", help=_PACK)
    parser.add_argument("--on", metavar="DAY", help=_DAY)


def _add_show(acts: Any) -> None:
    parser = _act(acts, "show", "一个参数的规定和依据；没有 --pack 时列出各规则包历次的规定")
    parser.add_argument("parameter", metavar="PARAM", help=_PARAMETER)
    parser.add_argument("--pack", metavar="P", help=_PACK)
    parser.add_argument("--on", metavar="DAY", help=_DAY)


def _add_due(acts: Any) -> None:
    _add_reckoning(_act(acts, "due", "从起算时间算出期限"))


def _add_explain(acts: Any) -> None:
    _add_reckoning(_act(acts, "explain", "说明期限怎样算出：规定、条款、出处、起算、逐日理由"))


def _add_reckoning(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("parameter", metavar="PARAM", help=_PARAMETER)
    parser.add_argument("--pack", metavar="P", required=True, help=_PACK)
    parser.add_argument(
        "--from", dest="start", metavar="TIME", required=True,
        help="起算时间：2025-09-29、2025-09-29T10:00 或 2025-09-29T10:00+08:00；没有时区的按北京时间",
    )  # fmt: skip
    parser.add_argument("--event", metavar="TIME", help="“同步”所随的另一事件的时间；缺省为起算时间")
    parser.add_argument("--latest", action="store_true", help="JSON 的 days 写到最迟期限，而不是一般期限")


def _add_check(acts: Any) -> None:
    parser = _act(acts, "check", "检查规则包的文件，逐行说明哪里不对、怎样改")
    parser.add_argument("path", metavar="FILE-or-DIR", help="一个文件、一个规则包的文件夹，或放着各规则包的文件夹")


def _add_compare(acts: Any) -> None:
    parser = _act(acts, "compare", "并排比较两个规则包；只列不同之处")
    parser.add_argument("left", metavar="A", help=_PACK)
    parser.add_argument("right", metavar="B", help=_PACK)
    parser.add_argument("--on", metavar="DAY", help=_DAY)
    parser.add_argument("--all", action="store_true", help="相同的也列出")
