"""Addresses that cannot work, or that no page for the public may carry. Pure."""

import ipaddress
import re

from jiyue.checks.detectors.links.hosts import host_of
from jiyue.checks.findings import marked as _

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]{1,30}):")
_LOCAL = re.compile(r"file:|[a-zA-Z]:[\\/]|\\\\[\w.\-]+\\", re.IGNORECASE)
_CODE = re.compile(
    r"eval\s{0,3}\(|document\s{0,3}\.\s{0,3}(?:write|cookie)|location(?:\.href)?\s{0,3}=\s{0,3}['\"]?https?:|atob\(|unescape\(|fromCharCode",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"https?:/{0,3}\s{0,3}https?:?/{0,2}", re.IGNORECASE)
_MISTYPED = re.compile(
    r"(?:h{0,1}t{1,3}p{1,2}s?|https?)(?::/[^/]|:[^/]|//|/\s?/|；|;/|：|\.//)|(?:htp|htpp|hhtp|htttp|httpp|ttp|hptt|http\.)s?:",
    re.IGNORECASE,
)
_NO_SCHEME = re.compile(
    r"www\.[\w\-]+(?:\.[\w\-]+)+(?:[/?#]|$)|[\w\-]+(?:\.[\w\-]+){0,3}\.(?:gov\.cn|com\.cn|edu\.cn|org\.cn)(?:[/?#]|$)",
    re.IGNORECASE,
)
_WIDE = re.compile("[\uff01-\uff5e\u3000\u3002]")
_KNOWN = frozenset({"http", "https", "mailto", "tel", "sms", "ftp", "javascript", "data", "thunder", "weixin", "about"})
_LONGEST = 3000


def form_problem(href: str, *, is_page: bool) -> str:
    """What is wrong with an address as a message, "" for nothing. A whole page may call its own scripts by links; a
    body may not."""
    address = href[:_LONGEST].strip()
    if not address or address.startswith("#"):
        return ""
    if _LOCAL.match(address):
        return _("链接指向本机文件，别人打不开")
    if address.lower().startswith("javascript:"):
        return _script_problem(address, is_page)
    if address.lower().startswith(("mailto:", "tel:", "sms:")):
        return ""
    return _web_problem(address)


def _script_problem(address: str, is_page: bool) -> str:
    if _CODE.search(address) or not is_page:
        return _("链接里是脚本，不是地址")
    return ""


def _web_problem(address: str) -> str:
    head = address.split("?")[0]
    if _DOUBLED.match(address):
        return _("地址开头重复写了“http”")
    if _MISTYPED.match(address):
        return _("地址开头写错了，应为“http://”或“https://”")
    if _NO_SCHEME.match(address):
        return _("地址缺少“http://”或“https://”，会被当成本站的页面")
    host = host_of(address)
    if _WIDE.search(host or head):
        return _("地址里有全角字符")
    if host:
        return _host_problem(address, host)
    scheme = _SCHEME.match(address)
    return _("地址写法无法识别") if scheme and scheme[1].lower() not in _KNOWN else ""


def _host_problem(address: str, host: str) -> str:
    if " " in host or (".." in host) or host.startswith((".", "-")):
        return _("地址里的网站名称写错了")
    if _is_inner(host):
        return _("地址只在内网能打开")
    if "." not in host and not host.startswith("["):
        return _("地址里的网站名称不完整")
    return ""


def _is_inner(host: str) -> bool:
    if host == "localhost" or host.endswith((".local", ".lan", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return False
