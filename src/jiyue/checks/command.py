"""The options of `jiyue check`. Light on purpose: it is read at each start of `jiyue`; `asking` does the work."""

import argparse

KINDS = ("text", "html", "docx", "xlsx", "pdf", "image")


def add_options(parser: argparse.ArgumentParser) -> None:
    """FILE, URL or `-`, and how to look at it."""
    parser.add_argument("sources", nargs="*", metavar="FILE", help="文件、http(s) 网址，或 - 表示标准输入")
    parser.add_argument(
        "--templates", action="store_true", help="不检查文件，对照网页设计规范检查一个网站已经发布的页面"
    )
    parser.add_argument("--site", metavar="HOST", help="网站的域名，与 --templates 一起用；不写就检查全部网站")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 文档")
    parser.add_argument("--kind", choices=KINDS, help="按哪种格式读取；缺省按内容判断")
    parser.add_argument("--only", metavar="FAMILY", action="append", default=[],
                        help="只运行一类检测，例如 personal-data；可以写多次")  # fmt: skip
    parser.add_argument("--least", choices=("block", "warn", "note"), default="note", help="只列出这一级及更重的问题")
