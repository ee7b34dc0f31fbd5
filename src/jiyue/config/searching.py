"""`jiyue search`: try a question, see how the index stands, build it anew."""

import argparse
import json
import sys

from jiyue.config import environment
from jiyue.config.database import existing_home, open_database
from jiyue.config.outcomes import DONE, FOUND, WrongUse
from jiyue.foundation.home import Home
from jiyue.search import commanding
from jiyue.search.engines import NAMES, engine_named
from jiyue.search.engines.base import Engine, EngineDown


def run_search(options: argparse.Namespace) -> int:
    """`jiyue search`; gives the exit status. Raises WrongUse for an unknown site."""
    home = existing_home()
    try:
        engine = chosen_engine(home)
        asks = options.act == "query"
        facts = commanding.query(options, home, engine) if asks else _kept_up(options, home, engine)
    except LookupError as error:
        raise WrongUse(f"没有域名为 {options.site} 的网站") from error
    except EngineDown as error:
        sys.stderr.write(f"jiyue: 检索暂时不可用：{error}；索引由 jiyue up 建立，也可以运行 jiyue search rebuild\n")
        return FOUND
    _say(options, facts)
    return FOUND if facts.get("failing") else DONE


def chosen_engine(home: Home) -> Engine:
    """The engine that the environment names. Raises EngineDown when it cannot be one."""
    name = environment.one_of("JIYUE_SEARCH_ENGINE", "embedded", NAMES)
    return engine_named(name, index=home.index, address=environment.text("JIYUE_SEARCH_ADDRESS"))


def _kept_up(options: argparse.Namespace, home: Home, engine: Engine) -> dict:
    open_database()
    from jiyue.search import upkeep

    return upkeep.status(options) if options.act == "status" else upkeep.rebuild(home, engine)


def _say(options: argparse.Namespace, facts: dict) -> None:
    if options.json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False, indent=1, default=str) + "\n")
    elif options.act == "query":
        sys.stdout.writelines(
            f"{row['title']}  {row['number']}  {row['published_at'][:10]}\n    {row['address']}\n"
            for row in facts["results"]
        )
        sys.stdout.write(f"共 {facts['total']} 条\n")
    elif options.act == "status":
        sys.stdout.write(f"已索引 {facts['indexed']} 条（公开 {facts['public']} 条），等待 {facts['waiting']} 条，"
                         f"失败 {facts['failing']} 条，有附件读不了的 {facts['unread']} 条\n")  # fmt: skip
    elif facts["indexed"] < 0:
        sys.stdout.write("已通知正在运行的索引进程重新建立索引\n")
    else:
        sys.stdout.write(f"已重新建立索引，共 {facts['indexed']} 条\n")
