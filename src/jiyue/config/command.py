"""`jiyue`: the command line (design 10). What needs no database imports no Django and starts in under a second.

Exit status: 0 done and clean, 1 done and something found or refused, 2 wrong use or unreadable input.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from jiyue.checks.command import add_options
from jiyue.config import environment
from jiyue.config.database import existing_home, open_database
from jiyue.config.options import OneLineParser
from jiyue.config.outcomes import DONE, FOUND, WRONG_USE, WrongUse
from jiyue.config.service_acts import add_acts as add_service_acts
from jiyue.foundation.home import Home
from jiyue.rules.command import add_acts
from jiyue.search.command import add_acts as add_search_acts

PATIENCE: Final = 60.0  # seconds that a command waits for the worker to be done with a site
PARTS: Final = {
    "console": "后台", "portal": "门户", "worker": "发布、定时和提醒", "indexer": "更新检索索引", "search": "回答检索",
    "counter": "接收来信、回答办理进度",
    "nginx": "让前面的 nginx 跟上发布", "setup": "建立或升级数据库", "demo-loader": "装入示范城市",
    "facts": "核对全部应办事项", "feeds": "读取上级门户", "mails": "发送每日邮件", "uploads": "清理没有用上的上传",
    "examination": "复查公开内容", "services": "比对办事服务", "standards": "核对数据标准", "exchange": "读取交换来源",
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
    for add in (_add_demo, _add_up, _add_run, _add_setup, _add_import, _add_export, _add_bake, _add_releases, _add_rollback,
                _add_resume, _add_verify, _add_reconcile, _add_keys, _add_rules, _add_check,
                _add_search, _add_services):  # fmt: skip
        add(commands)
    return parser


def _command(commands: Any, name: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _with_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 文档")


# ---- running -------------------------------------------------------------------------------------------------------


def _add_demo(commands: Any) -> None:
    _command(commands, "demo", "装入示范城市（如果还没有），然后启动", _demo)


def _add_up(commands: Any) -> None:
    _command(commands, "up", "在本机启动后台、门户和发布进程", _up)


def _add_run(commands: Any) -> None:
    parser = _command(commands, "run", "单独运行一个进程，例如在另一台机器上", _run)
    parser.add_argument(
        "part", metavar="PART", choices=PARTS, help="；".join(f"{name} {text}" for name, text in PARTS.items())
    )


def _add_setup(commands: Any) -> None:
    _command(commands, "setup", "建立或升级数据库，收集后台静态文件", lambda _options: _run_part("setup"))


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


# ---- publishing ----------------------------------------------------------------------------------------------------


def _add_bake(commands: Any) -> None:
    parser = _command(commands, "bake", "按签发台账生成并发布；--all 重新生成全部页面", _bake)
    parser.add_argument("--site", metavar="HOST", help="网站的域名")
    parser.add_argument("--all", action="store_true", help="重新生成网站的全部页面")
    _with_json(parser)


def _bake(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.publishing.models import SitePublication
    from jiyue.publishing.publisher import Publisher

    publisher, outcomes = Publisher(), []
    for site in _sites(options.site):
        if options.all:
            SitePublication.objects.filter(site=site).update(look="")
        outcome = _at_its_turn(partial(publisher.publish, site), site.host)
        outcomes.append({"site": site.host, "release": outcome.release, "pages": outcome.pages,
                         "deployed": outcome.deployed, "failed": outcome.failed, "held": outcome.held})  # fmt: skip
    _print(options, outcomes, _bake_line)
    return FOUND if any(outcome["failed"] for outcome in outcomes) else DONE


def _at_its_turn(publish: Callable[..., Any], host: str) -> Any:
    """Publish as soon as the worker has done with the site. Raises WrongUse after PATIENCE."""
    from django.utils import timezone

    from jiyue.publishing.turns import SiteBusy

    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            return publish(now=timezone.now())
        except SiteBusy:
            time.sleep(0.2)
    raise WrongUse(f"后台一直在发布 {host}，请过一会儿再试")


def _bake_line(outcome: dict) -> str:
    if outcome.get("held"):
        return f"{outcome['site']}：发布已暂停，用 jiyue resume {outcome['site']} 恢复"
    if outcome["release"] is None:
        return f"{outcome['site']}：没有需要发布的内容"
    return f"{outcome['site']}：第 {outcome['release']} 批，{outcome['pages']} 页，失败 {outcome['failed']} 件"


def _add_releases(commands: Any) -> None:
    parser = _command(commands, "releases", "列出一个网站的发布批次", _releases)
    parser.add_argument("site", metavar="HOST", help="网站的域名")
    _with_json(parser)


def _releases(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    deployer = _deployer()
    if options.site not in deployer.hosts():
        raise WrongUse(f"没有 {options.site} 的发布批次")
    rows = [{**asdict(release), "digest": release.digest} for release in deployer.releases(options.site)]
    _print(options, rows, _release_line)
    return DONE


def _release_line(row: dict) -> str:
    kind = {"publish": "发布", "rollback": "回退"}.get(row["kind"], row["kind"])
    return f"{row['sequence']:>6}  {_in_beijing(row['at'])}  {kind}  {row['root'][:16]}  {row['reason']}".rstrip()


def _in_beijing(moment: str) -> str:
    from zoneinfo import ZoneInfo

    return datetime.fromisoformat(moment).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S")


def _add_rollback(commands: Any) -> None:
    parser = _command(commands, "rollback", "回退到以前的批次，并暂停该网站的发布", _rollback)
    parser.add_argument("site", metavar="HOST", help="网站的域名")
    parser.add_argument("--to", type=int, required=True, metavar="N", help="批次号，见 jiyue releases")
    parser.add_argument("--reason", required=True, help="为什么回退，写入发布链和审计记录")
    _with_json(parser)


def _rollback(options: argparse.Namespace) -> int:
    open_database()

    from jiyue.domain.actors import process
    from jiyue.publishing.actions import roll_back
    from jiyue.publishing.publisher import Publisher

    [site] = _sites(options.site)
    try:
        back = partial(
            roll_back, publisher=Publisher(), site=site, to_release=options.to, reason=options.reason,
            by=process("command:rollback"),
        )  # fmt: skip
        done = _at_its_turn(back, site.host)
    except LookupError as error:
        raise WrongUse(f"{options.site} 没有第 {options.to} 批；用 jiyue releases {options.site} 查看") from error
    row = {"site": site.host, "release": done.release.sequence, "restores": options.to, "kept": list(done.kept)}
    _print(options, [row], lambda row: f"{row['site']}：第 {row['release']} 批，内容同第 {row['restores']} 批；发布已暂停，"
           f"用 jiyue resume {row['site']} 恢复")  # fmt: skip
    return DONE


def _add_resume(commands: Any) -> None:
    parser = _command(commands, "resume", "回退之后恢复发布", _resume)
    parser.add_argument("site", metavar="HOST", help="网站的域名")
    _with_json(parser)


def _resume(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.domain.actors import process
    from jiyue.publishing.actions import resume
    from jiyue.publishing.publisher import Publisher

    [site] = _sites(options.site)
    again = partial(resume, publisher=Publisher(), site=site, by=process("command:resume"))
    outcome = _at_its_turn(again, site.host)
    _print(
        options,
        [{"site": site.host, "release": outcome.release, "pages": outcome.pages, "failed": outcome.failed}],
        _bake_line,
    )
    return DONE


def _add_verify(commands: Any) -> None:
    parser = _command(commands, "verify", "核对发布链、签名和每一个公开文件", _verify)
    parser.add_argument("site", nargs="?", metavar="HOST", help="网站的域名")
    parser.add_argument("--quick", action="store_true", help="只核对目录、大小和权限，不读取内容")
    parser.add_argument("--first-key", default="", metavar="ID", help="从别处得知的第一把公钥的编号")
    parser.add_argument(
        "--witness", metavar="FILE", help="以前保存的 /.well-known/jiyue-release.json，用来发现被截短的链"
    )
    _with_json(parser)


def _verify(options: argparse.Namespace) -> int:
    from jiyue.publishing.problem_wording import CHINESE
    from jiyue.publishing.verifying import print_json, verify

    try:
        witness = Path(options.witness).read_bytes() if options.witness else b""
        report = verify(
            existing_home(), options.site, deep=not options.quick, first_key=options.first_key, witness=witness
        )
    except OSError as error:
        raise WrongUse(f"读不了 {options.witness}：{error.strerror}") from error
    except LookupError as error:
        raise WrongUse(f"这里没有 {options.site} 的任何发布记录") from error
    if not report.hosts and not report.problems:
        raise WrongUse(
            f"{Home.from_environment().path} 里还没有任何网站的发布记录，没有可核对的；请看 JIYUE_HOME 是否设对"
        )
    if options.json:
        print_json(report)
    else:
        _tell(report, CHINESE)
    return FOUND if report.problems else DONE


def _tell(report: Any, language: str) -> None:
    data = report.as_json(language)
    for problem in data["problems"]:
        sys.stdout.write(f"✗ {problem['path']}  {problem['sentence']}\n")
    count = f"{report.files} 个文件，{report.directories} 个目录，{report.seconds:.2f} 秒"
    sys.stdout.write(f"核对完毕：{count}，{len(report.problems) or '没有'}{' 处' if report.problems else ''}问题\n")


def _add_reconcile(commands: Any) -> None:
    parser = _command(commands, "reconcile", "核对数据库与签发台账，修复并报告不一致", _reconcile)
    parser.add_argument("--reads", action="store_true", help="只核对每个页面生成时的依赖记录（每夜自动执行）")
    _with_json(parser)


def _reconcile(options: argparse.Namespace) -> int:
    open_database()
    from dataclasses import asdict

    from django.utils import timezone

    from jiyue.publishing.reconciling import Findings, reconcile
    from jiyue.publishing.remembering import mend_reads

    now = timezone.now()
    found = Findings(items=[f"reads:{host}" for host in mend_reads(now=now)]) if options.reads else reconcile(now=now)
    _print(options, [asdict(found)], lambda row: "一致" if found.clean else json.dumps(row, ensure_ascii=False))
    return DONE if found.clean else FOUND


def _add_keys(commands: Any) -> None:
    parser = _command(commands, "keys", "列出签名密钥，或更换（rotate）", _keys)
    parser.add_argument(
        "act", metavar="ACT", nargs="?", choices=["list", "rotate"], default="list", help="list 或 rotate"
    )
    _with_json(parser)


def _keys(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from jiyue.foundation.keys import KeyRing

    home = existing_home()
    if options.act == "rotate":
        _rotate()
    rows = [asdict(key) for key in KeyRing(home).public_keys()]
    _print(options, rows, _key_line)
    return DONE


def _key_line(row: dict) -> str:
    first = row["introduced_by"] in ("", row["key_id"])
    return f"{row['key_id']}  {_in_beijing(row['created_at'])}  {'第一把' if first else '由 ' + row['introduced_by'] + ' 引入'}"


def _rotate() -> None:
    open_database()
    from django.utils import timezone

    from jiyue.domain.actors import process
    from jiyue.publishing.actions import rotate_key
    from jiyue.publishing.publisher import Publisher

    rotate_key(publisher=Publisher(), by=process("command:keys"), now=timezone.now())


# ---- importing -----------------------------------------------------------------------------------------------------


def _add_import(commands: Any) -> None:
    parser = _command(commands, "import", "导入文件（JSONL、DOCX、PDF、HTML、TXT）为草稿", _import)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--site", required=True, metavar="HOST", help="网站的域名")
    parser.add_argument("--column", required=True, metavar="PATH", help="栏目路径，例如 zwgk/zcwj")
    parser.add_argument("--by", required=True, metavar="USER", help="以哪个编辑账号录入")
    parser.add_argument("--source", default="", metavar="TEXT", help="来源；用于没有注明来源的稿件")
    parser.add_argument("--name", default="", help="批次名称")
    parser.add_argument("--submit", action="store_true", help="导入后把可以送审的稿件作为一个批次送审")
    _with_json(parser)


def _import(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.config.importing import run_import

    return run_import(options)


def _add_export(commands: Any) -> None:
    parser = _command(commands, "export", "导出网站公开的资源库：JSONL 和按摘要存放的文件，供其他平台导入", _export)
    parser.add_argument("--site", required=True, metavar="HOST", help="网站的域名")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="写到哪个文件夹；中断后用同一条命令继续")
    _with_json(parser)


def _export(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.config.exporting import run_export

    return run_export(options)


# ---- rules ---------------------------------------------------------------------------------------------------------


def _add_rules(commands: Any) -> None:
    add_acts(_command(commands, "rules", "查询规则：期限、依据、逐日说明；检查和比较规则包", _rules))


def _rules(options: argparse.Namespace) -> int:
    from jiyue.rules.asking import CannotAnswer, run

    try:
        return run(options)
    except CannotAnswer as error:
        raise WrongUse(str(error)) from error


# ---- checks --------------------------------------------------------------------------------------------------------


def _add_check(commands: Any) -> None:
    add_options(_command(commands, "check", "内容检测：个人信息、涉密标志、暗链、公文要素、错别字等", _check))


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

    return check_templates(_sites(options.site), as_json=options.json)


# ---- search --------------------------------------------------------------------------------------------------------


def _add_search(commands: Any) -> None:
    add_search_acts(_command(commands, "search", "检索：试查，查看索引状况，重新建立索引", _search))


def _search(options: argparse.Namespace) -> int:
    from jiyue.config.searching import run_search

    return run_search(options)


# ---- services ------------------------------------------------------------------------------------------------------


def _add_services(commands: Any) -> None:
    add_service_acts(_command(commands, "services", "办事服务：比对、录入和导出事项与指南", _services), _services)


def _services(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.config.services import run_services

    return run_services(options)


# ---- what several commands need ------------------------------------------------------------------------------------


def _deployer() -> Any:
    from jiyue.foundation.keys import KeyRing
    from jiyue.publishing.deploying import Deployer

    home = existing_home()
    return Deployer(home, KeyRing(home))


def _sites(host: str | None) -> list[Any]:
    from jiyue.estate.models import Site

    if host is None:
        return list(Site.objects.filter(sign_offs__isnull=False).distinct())
    site = Site.objects.filter(host=host).first()
    if site is None:
        raise WrongUse(f"没有域名为 {host} 的网站")
    return [site]


def _print(options: argparse.Namespace, rows: list[dict], line: Callable[[dict], str]) -> None:
    if options.json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n")
        return
    for row in rows:
        sys.stdout.write(line(row) + "\n")


if __name__ == "__main__":
    sys.exit(main())
