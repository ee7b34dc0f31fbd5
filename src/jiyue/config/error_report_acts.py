"""What `jiyue errors` can be asked for. Imports no Django."""

import argparse
from collections.abc import Callable


def add_acts(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    """Add what `jiyue errors` can do; imports no Django."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    take = acts.add_parser("take", help="接收国家平台的找错文件，逐行登记；登记过的编号不再登记")
    take.add_argument("file", metavar="FILE", help="每行一个 JSON 的 .jsonl，或 .xlsx；列由本平台自定")
    out = acts.add_parser("hand-out", help="把还没有报送的答复意见和答复写成文件，并记下已报送")
    out.add_argument("-o", "--output", required=True, metavar="FILE", help="写到哪个文件：.jsonl 或 .xlsx")
    for act in (take, out):
        act.add_argument("--site", required=True, metavar="HOST", help="受理网站的域名")
        act.add_argument("--by", required=True, metavar="USER", help="以哪个账号办理，要是这个网站的信件受理人")
        act.set_defaults(run=run)
