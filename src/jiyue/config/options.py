"""The options of `jiyue`: a call that cannot be carried out is answered in one line, in Chinese (design 10)."""

import argparse
import re
from collections.abc import Callable
from typing import Any, Final, NoReturn

from jiyue.config.outcomes import WrongUse

# argparse says what is wrong in English only.
_SAID: Final = (
    (re.compile(r"the following arguments are required: (?P<what>.+)"), "缺少 {what}"),
    (re.compile(r"unrecognized arguments: (?P<what>.+)"), "不认识 {what}"),
    (re.compile(r"argument (?P<what>.+): invalid choice: (?P<found>.+) \(choose from (?P<known>.+)\)"),
     "{what} 不能是 {found}；可用：{known}"),
    (re.compile(r"argument (?P<what>.+): invalid int value: (?P<found>.+)"), "{what} 应为整数，不能是 {found}"),
    (re.compile(r"argument (?P<what>.+): expected .*argument.*"), "{what} 后面缺少内容"),
    (re.compile(r"argument (?P<what>.+): ignored explicit argument (?P<found>.+)"), "{what} 后面不能写 {found}"),
    (re.compile(r"ambiguous option: (?P<found>.+) could match (?P<known>.+)"), "{found} 不明确；可能是 {known}"),
)  # fmt: skip


class _ChineseHelp(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class OneLineParser(argparse.ArgumentParser):
    """Raises WrongUse where argparse would print its usage and leave; its help is Chinese throughout."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _ChineseHelp, **options, "add_help": False})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        raise WrongUse(f"{in_chinese(message)}；用 {self.prog} --help 查看用法")


def in_chinese(message: str) -> str:
    """What argparse says; a message it did not have when this was written is given as it is."""
    for pattern, sentence in _SAID:
        if found := pattern.fullmatch(message):
            return sentence.format(**found.groupdict())
    return message


def command(commands: Any, name: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    """Add the command `name`, which `run` carries out; gives the parser for its options."""
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def with_json(parser: argparse.ArgumentParser) -> None:
    """Let the command answer in JSON (`outcomes.show`)."""
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 文档")
