"""`jiyue bake`, `releases`, `rollback`, `resume`, `verify`, `reconcile`, `keys`: what an operator does with the release chain."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from jiyue.config.database import existing_home, open_database
from jiyue.config.options import command, with_json
from jiyue.config.outcomes import DONE, FOUND, WrongUse, show
from jiyue.foundation.home import Home

PATIENCE: Final = 60.0  # seconds that a command waits for the worker to be done with a site


def add_acts(commands: Any) -> None:
    """Add these commands to `jiyue`."""
    for add in (_add_bake, _add_releases, _add_rollback, _add_resume, _add_verify, _add_reconcile, _add_keys):
        add(commands)


def _add_bake(commands: Any) -> None:
    parser = command(commands, "bake", "按签发台账生成并发布；--all 重新生成全部页面", _bake)
    parser.add_argument("--site", metavar="HOST", help="网站的域名")
    parser.add_argument("--all", action="store_true", help="重新生成网站的全部页面")
    with_json(parser)


def _bake(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.publishing.models import SitePublication
    from jiyue.publishing.publisher import Publisher

    publisher, outcomes = Publisher(), []
    for site in sites_of(options.site):
        if options.all:
            SitePublication.objects.filter(site=site).update(look="")
        outcome = _at_its_turn(partial(publisher.publish, site), site.host)
        outcomes.append({"site": site.host, "release": outcome.release, "pages": outcome.pages,
                         "deployed": outcome.deployed, "failed": outcome.failed, "held": outcome.held})  # fmt: skip
    show(options, outcomes, _bake_line)
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
    parser = command(commands, "releases", "列出一个网站的发布批次", _releases)
    parser.add_argument("site", metavar="HOST", help="网站的域名")
    with_json(parser)


def _releases(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    deployer = _deployer()
    if options.site not in deployer.hosts():
        raise WrongUse(f"没有 {options.site} 的发布批次")
    rows = [{**asdict(release), "digest": release.digest} for release in deployer.releases(options.site)]
    show(options, rows, _release_line)
    return DONE


def _release_line(row: dict) -> str:
    kind = {"publish": "发布", "rollback": "回退"}.get(row["kind"], row["kind"])
    return f"{row['sequence']:>6}  {_in_beijing(row['at'])}  {kind}  {row['root'][:16]}  {row['reason']}".rstrip()


def _in_beijing(moment: str) -> str:
    from zoneinfo import ZoneInfo

    return datetime.fromisoformat(moment).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S")


def _add_rollback(commands: Any) -> None:
    parser = command(commands, "rollback", "回退到以前的批次，并暂停该网站的发布", _rollback)
    parser.add_argument("site", metavar="HOST", help="网站的域名")
    parser.add_argument("--to", type=int, required=True, metavar="N", help="批次号，见 jiyue releases")
    parser.add_argument("--reason", required=True, help="为什么回退，写入发布链和审计记录")
    with_json(parser)


def _rollback(options: argparse.Namespace) -> int:
    open_database()

    from jiyue.domain.actors import process
    from jiyue.publishing.actions import roll_back
    from jiyue.publishing.publisher import Publisher

    [site] = sites_of(options.site)
    try:
        back = partial(
            roll_back, publisher=Publisher(), site=site, to_release=options.to, reason=options.reason,
            by=process("command:rollback"),
        )  # fmt: skip
        done = _at_its_turn(back, site.host)
    except LookupError as error:
        raise WrongUse(f"{options.site} 没有第 {options.to} 批；用 jiyue releases {options.site} 查看") from error
    row = {"site": site.host, "release": done.release.sequence, "restores": options.to, "kept": list(done.kept)}
    show(options, [row], lambda row: f"{row['site']}：第 {row['release']} 批，内容同第 {row['restores']} 批；发布已暂停，"
           f"用 jiyue resume {row['site']} 恢复")  # fmt: skip
    return DONE


def _add_resume(commands: Any) -> None:
    parser = command(commands, "resume", "回退之后恢复发布", _resume)
    parser.add_argument("site", metavar="HOST", help="网站的域名")
    with_json(parser)


def _resume(options: argparse.Namespace) -> int:
    open_database()
    from jiyue.domain.actors import process
    from jiyue.publishing.actions import resume
    from jiyue.publishing.publisher import Publisher

    [site] = sites_of(options.site)
    again = partial(resume, publisher=Publisher(), site=site, by=process("command:resume"))
    outcome = _at_its_turn(again, site.host)
    show(
        options,
        [{"site": site.host, "release": outcome.release, "pages": outcome.pages, "failed": outcome.failed}],
        _bake_line,
    )
    return DONE


def _add_verify(commands: Any) -> None:
    parser = command(commands, "verify", "核对发布链、签名和每一个公开文件", _verify)
    parser.add_argument("site", nargs="?", metavar="HOST", help="网站的域名")
    parser.add_argument("--quick", action="store_true", help="只核对目录、大小和权限，不读取内容")
    parser.add_argument("--first-key", default="", metavar="ID", help="从别处得知的第一把公钥的编号")
    parser.add_argument(
        "--witness", metavar="FILE", help="以前保存的 /.well-known/jiyue-release.json，用来发现被截短的链"
    )
    with_json(parser)


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
    parser = command(commands, "reconcile", "核对数据库与签发台账，修复并报告不一致", _reconcile)
    parser.add_argument("--reads", action="store_true", help="只核对每个页面生成时的依赖记录（每夜自动执行）")
    with_json(parser)


def _reconcile(options: argparse.Namespace) -> int:
    open_database()
    from dataclasses import asdict

    from django.utils import timezone

    from jiyue.publishing.reconciling import Findings, reconcile
    from jiyue.publishing.remembering import mend_reads

    now = timezone.now()
    found = Findings(items=[f"reads:{host}" for host in mend_reads(now=now)]) if options.reads else reconcile(now=now)
    show(options, [asdict(found)], lambda row: "一致" if found.clean else json.dumps(row, ensure_ascii=False))
    return DONE if found.clean else FOUND


def _add_keys(commands: Any) -> None:
    parser = command(commands, "keys", "列出签名密钥，或更换（rotate）", _keys)
    parser.add_argument(
        "act", metavar="ACT", nargs="?", choices=["list", "rotate"], default="list", help="list 或 rotate"
    )
    with_json(parser)


def _keys(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from jiyue.foundation.keys import KeyRing

    home = existing_home()
    if options.act == "rotate":
        _rotate()
    rows = [asdict(key) for key in KeyRing(home).public_keys()]
    show(options, rows, _key_line)
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


def _deployer() -> Any:
    from jiyue.foundation.keys import KeyRing
    from jiyue.publishing.deploying import Deployer

    home = existing_home()
    return Deployer(home, KeyRing(home))


def sites_of(host: str | None) -> list[Any]:
    from jiyue.estate.models import Site

    if host is None:
        return list(Site.objects.filter(sign_offs__isnull=False).distinct())
    site = Site.objects.filter(host=host).first()
    if site is None:
        raise WrongUse(f"没有域名为 {host} 的网站")
    return [site]
