"""What `jiyue errors`, `jiyue hotline`, `jiyue comments` and `jiyue superiors` can be asked for. Imports no Django."""

import argparse
from collections.abc import Callable

SOURCES = {"errors": "platform", "hotline": "hotline", "comments": "account", "superiors": "superior"}
TAKE = {
    "errors": "接收国家平台的找错文件，逐行登记；登记过的编号不再登记",
    "hotline": "接收热线的工单文件，逐行登记；登记过的工单不再登记",
    "comments": "接收账号上的评论文件，逐行登记；登记过的评论不再登记",
    "superiors": "接收上级转办的文件，逐行登记；登记过的编号不再登记",
}  # fmt: skip
OUT = {
    "errors": "把还没有报送的答复意见和答复写成文件，并记下已报送", "hotline": "把还没有回传的办理结果写成文件，并记下已回传",
    "comments": "把审核过、等着发到账号上的回复写成文件；平台不代发",
    "superiors": "把还没有回送的办理结果写成文件，并记下已回送",
}  # fmt: skip


def add_acts(parser: argparse.ArgumentParser, name: str, run: Callable[[argparse.Namespace], int]) -> None:
    """Add what the command `name` can do; imports no Django."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    take = acts.add_parser("take", help=TAKE[name])
    take.add_argument("file", metavar="FILE", help="每行一个 JSON 的 .jsonl，或 .xlsx；列由本平台自定")
    out = acts.add_parser("hand-out", help=OUT[name])
    out.add_argument("-o", "--output", required=True, metavar="FILE", help="写到哪个文件：.jsonl 或 .xlsx")
    out.set_defaults(to="")
    if name == "superiors":
        out.add_argument("--to", metavar="UNIT", help="给哪个上级单位；只有一个的可以不写")
    for act in (take, out):
        act.add_argument("--site", required=True, metavar="HOST", help="受理网站的域名")
        act.add_argument("--by", required=True, metavar="USER", help="以哪个账号办理，要是这个网站的信件受理人")
        act.set_defaults(run=run, source=SOURCES[name])
