"""`jiyue`: the command line (design 10). What needs no database imports no Django and starts in under a second.

Exit status: 0 done and clean, 1 done and something found or refused, 2 wrong use or unreadable input.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from jiyue.checks.command import add_options
from jiyue.config import environment
from jiyue.config.database import open_database
from jiyue.config.letter_file_acts import add_acts as add_file_acts
from jiyue.config.options import OneLineParser, command, with_json
from jiyue.config.outcomes import DONE, FOUND, WRONG_USE, WrongUse
from jiyue.config.release_acts import add_acts as add_release_acts
from jiyue.config.release_acts import sites_of
from jiyue.config.service_acts import add_acts as add_service_acts
from jiyue.foundation.home import Home
from jiyue.rules.command import add_acts
from jiyue.search.command import add_acts as add_search_acts

PARTS: Final = {
    "console": "后台", "portal": "门户", "worker": "发布、定时和提醒", "indexer": "更新检索索引", "search": "回答检索",
    "counter": "接收来信、回答办理进度",
    "nginx": "让前面的 nginx 跟上发布", "setup": "建立或升级数据库", "demo-loader": "装入示范城市",
    "facts": "核对全部应办事项", "feeds": "读取上级门户", "mails": "发送每日邮件", "uploads": "清理没有用上的上传",
    "examination": "复查公开内容", "services": "比对办事服务", "standards": "核对数据标准", "exchange": "读取交换来源",
    "analyses": "分析来信情况",
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status."""
    try:
        options = _parser().parse_args(arguments)
        return int(options.run(options))
    except WrongUse as error:
        sys.stderr.write(f"jiyue: {error}\n")
        return WRONG_USE
    except KeyboardInterrupt:
        return FOUND
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; what was asked for was done.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="jiyue", description="集约：政府网站集约化平台")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_demo, _add_up, _add_run, _add_setup, _add_import, _add_export, add_release_acts, _add_rules, _add_check,
                _add_search, _add_services, _add_letter_files, _add_report):  # fmt: skip
        add(commands)
    return parser


# ---- running -------------------------------------------------------------------------------------------------------


def _add_demo(commands: Any) -> None:
    command(commands, "demo", "装入示范城市（如果还没有），然后启动", _demo)


def _add_up(commands: Any) -> None:
    command(commands, "up", "在本机启动后台、门户和发布进程", _up)


def _add_run(commands: Any) -> None:
    parser = command(commands, "run", "单独运行一个进程，例如在另一台机器上", _run)
    parser.add_argument(
        "part", metavar="PART", choices=PARTS, help="；".join(f"{name} {text}" for name, text in PARTS.items())
    )


def _add_setup(commands: Any) -> None:
    command(commands, "setup", "建立或升级数据库，收集后台静态文件", lambda _options: _run_part("setup"))


def _demo(_options: argparse.Namespace) -> int:
    ports = _ports()
    _refuse_taken(ports)
    return _prepare("setup") or _prepare("demo-loader") or _start(ports, say=_say_demo)


def _up(_options: argparse.Namespace) -> int:
    ports = _ports()
    _refuse_taken(ports)
    return _prepare("setup") or _start(ports, say=lambda: sys.stdout.write("集约已启动，按 Ctrl+C 停止\n"))


def _start(ports: dict[str, int], say: Callable[[], object]) -> int:
    from jiyue.config.forking import call_oneself
    from jiyue.config.processes import StartFailed, Supervisor

    call_oneself("up")

    def ready() -> None:
        say()
        sys.stdout.flush()

    more = ("nginx",) if environment.text("JIYUE_NGINX_DIRECTORY") else ()
    try:
        return Supervisor(Home.from_environment().prepare().path, ports, more=more).run(ready)
    except StartFailed as error:
        sys.stderr.write(f"jiyue: {error}\n")
        return FOUND


def _say_demo() -> None:
    # The text was written by the loader's process, so that this one, which only watches, stays small.
    sys.stdout.write((Home.from_environment().logs / "demo.txt").read_text())


def _ports() -> dict[str, int]:
    return {
        "portal": environment.number("JIYUE_PORTAL_PORT", 8080),
        "console": environment.number("JIYUE_CONSOLE_PORT", 8000),
    }


def _prepare(part: str) -> int:
    """Run a preparing part unless this program already did; gives its exit status."""
    from jiyue.config import freshness

    home = Home.from_environment().prepare()
    if freshness.is_fresh(home, part):
        return DONE
    if part == "setup":
        freshness.forget(home, "demo-loader")
        sys.stderr.write("正在准备数据库和静态文件，第一次需要一两分钟……\n")
    status = _run_part(part)
    if status == DONE:
        freshness.prepared(home, part)
    return status


def _run_part(part: str) -> int:
    """Run a part in a process of its own and wait for it: its memory goes with it."""
    return subprocess.run([sys.executable, "-m", "jiyue.config.command", "run", part], check=False).returncode  # noqa: S603


def _refuse_taken(ports: dict[str, int]) -> None:
    from jiyue.config.processes import answers

    names = {"portal": "JIYUE_PORTAL_PORT", "console": "JIYUE_CONSOLE_PORT"}
    for part, port in ports.items():
        if answers(port):
            raise WrongUse(f"端口 {port} 已被占用；请设置 {names[part]} 换一个端口")


def _run(options: argparse.Namespace) -> int:
    from jiyue.config import running
    from jiyue.config.forking import call_oneself

    call_oneself(options.part)
    return running.PARTS[options.part]()


# ---- importing -----------------------------------------------------------------------------------------------------


def _add_import(commands: Any) -> None:
    parser = command(commands, "import", "导入文件（JSONL、DOCX、PDF、HTML、TXT）为草稿", _import)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--site", required=True, metavar="HOST", help="网站的域名")
    parser.add_argument("--column", required=True, metavar="PATH", help="栏目路径，例如 zwgk/zcwj")
    parser.add_argument("--by", required=True, metavar="USER", help="以哪个编辑账号录入")
    parser.add_argument("--source", default="", metavar="TEXT", help="来源；用于没有注明来源的稿件")
    parser.add_argument("--name", default="", help="批次名称")
    parser.add_argument("--submit", action="store_true", help="导入后把可以送审的稿件作为一个批次送审")
    with_json(parser)


def _import(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.config.importing import run_import

    return run_import(options)


def _add_export(commands: Any) -> None:
    parser = command(commands, "export", "导出网站公开的资源库：JSONL 和按摘要存放的文件，供其他平台导入", _export)
    parser.add_argument("--site", required=True, metavar="HOST", help="网站的域名")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="写到哪个文件夹；中断后用同一条命令继续")
    with_json(parser)


def _export(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.config.exporting import run_export

    return run_export(options)


def _add_report(commands: Any) -> None:
    parser = command(commands, "report", "生成报表：disclosure 是政府信息公开年度报告的表三、表四", _report)
    parser.add_argument("kind", choices=("disclosure",), metavar="KIND", help="disclosure")
    parser.add_argument("--site", required=True, metavar="HOST", help="网站的域名")
    parser.add_argument("--period", required=True, metavar="YEAR", help="年份，例如 2026")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="写到哪个文件：.docx、.xlsx 或 .json")


def _report(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.config.reporting import run_report

    return run_report(options)


# ---- rules ---------------------------------------------------------------------------------------------------------


def _add_rules(commands: Any) -> None:
    add_acts(command(commands, "rules", "查询规则：期限、依据、逐日说明；检查和比较规则包", _rules))


def _rules(options: argparse.Namespace) -> int:
    from jiyue.rules.asking import CannotAnswer, run

    try:
        return run(options)
    except CannotAnswer as error:
        raise WrongUse(str(error)) from error


# ---- checks --------------------------------------------------------------------------------------------------------


def _add_check(commands: Any) -> None:
    add_options(command(commands, "check", "内容检测：个人信息、涉密标志、暗链、公文要素、错别字等", _check))


def _check(options: argparse.Namespace) -> int:
    if options.templates:
        return _check_templates(options)
    if options.site or not options.sources:
        raise WrongUse("请写要检查的文件；检查网站的模板用 jiyue check --templates --site 域名")
    from jiyue.checks.asking import CannotAnswer, run

    try:
        return run(options)
    except CannotAnswer as error:
        raise WrongUse(str(error)) from error


def _check_templates(options: argparse.Namespace) -> int:
    if options.sources or options.kind or options.only:
        raise WrongUse("--templates 检查已经发布的页面，不能同时写文件、--kind 或 --only")
    open_database()
    from jiyue.config.page_checking import check_templates

    return check_templates(sites_of(options.site), as_json=options.json)


# ---- search --------------------------------------------------------------------------------------------------------


def _add_search(commands: Any) -> None:
    add_search_acts(command(commands, "search", "检索：试查，查看索引状况，重新建立索引", _search))


def _search(options: argparse.Namespace) -> int:
    from jiyue.config.searching import run_search

    return run_search(options)


# ---- files of letters: error reports, calls, comments ------------------------------------------------------------------


def _add_letter_files(commands: Any) -> None:
    for name, words in (
        ("errors", "“我为政府网站找错”：接收国家平台的文件，生成报送的文件"),
        ("hotline", "热线工单：接收呼叫中心的文件，生成回传办理结果的文件"),
        ("superiors", "上级转办：接收上级给的文件，生成回送办理结果的文件"),
        ("comments", "账号评论：接收新媒体账号上的评论，导出要发的回复"),
    ):
        add_file_acts(command(commands, name, words, _letter_files), name, _letter_files)


def _letter_files(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.config.letter_files import run_letter_files

    return run_letter_files(options)


# ---- services ------------------------------------------------------------------------------------------------------


def _add_services(commands: Any) -> None:
    add_service_acts(command(commands, "services", "办事服务：比对、录入和导出事项与指南", _services), _services)


def _services(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.config.services import run_services

    return run_services(options)


if __name__ == "__main__":
    sys.exit(main())
