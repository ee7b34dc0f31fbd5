"""What `jiyue services` can be asked for. Imports no Django."""

import argparse
from collections.abc import Callable


def add_acts(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    """Add what `jiyue services` can do; imports no Django."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    compare = acts.add_parser("compare", help="把对方的事项文件和网站公开的指南比对，不改任何内容")
    bring = acts.add_parser("import", help="录入网站没有的：督办账号登记事项，编辑账号新建指南草稿；然后比对")
    export = acts.add_parser("export", help="把网站公开的指南写成交换格式（.jsonl）或表格（.xlsx）")
    for act in (compare, bring):
        act.add_argument("file", metavar="FILE", help="交换格式（每行一个 JSON）或 .xlsx")
        act.add_argument("--partial", action="store_true", help="文件只是一部分事项：对方没有的不算差异")
    bring.add_argument("--by", required=True, metavar="USER", help="以哪个账号录入")
    export.add_argument("-o", "--output", required=True, metavar="FILE")
    for act in (compare, bring, export):
        act.add_argument("--site", required=True, metavar="HOST", help="网站的域名")
        act.add_argument("--json", action="store_true", help="输出一个 JSON 文档")
        act.set_defaults(run=run)
