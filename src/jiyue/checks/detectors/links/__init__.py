"""Addresses of links: broken form, local files, bare numbers, shorteners, expired and foreign hosts (link.*)."""

from collections.abc import Iterator

from jiyue.checks.detectors.links.forms import form_problem
from jiyue.checks.detectors.links.hosts import Standing, host_of, is_numeric, own_hosts, standing, within
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Link, Matter
from jiyue.checks.settings import Settings, Word
from jiyue.checks.shipped import shipped_list

_BASIS = "《政府网站发展指引》（国办发〔2017〕47号）"


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What this family finds; a host that is only foreign is told once, at its first link."""
    own, told = own_hosts(matter, settings), set()
    expired = {word.text.strip().lower().removeprefix("www."): word for word in settings.words_of("link") if word.text}
    for link in matter.links:
        if problem := form_problem(link.href, is_page=matter.html is not None):
            yield _broken(link, problem)
            continue
        host = host_of(link.href)
        if not host or host in told:
            continue
        if finding := _of_host(link, host, expired, own, limited=bool(settings.hosts)):
            told.add(host)
            yield finding
    yield from _forms(matter, own)


def _broken(link: Link, problem: str) -> Finding:
    return Finding(
        detector="link.broken-form",
        severity=Severity.WARN,
        message=problem,
        start=link.start,
        end=link.end,
        excerpt=f"{link.text.strip()[:30]} {link.href[:100]}".strip(),
        suggestion=_("改成完整、可以打开的地址，或删除链接"),
        basis=_BASIS,
    )


def _of_host(link: Link, host: str, expired: dict[str, Word], own: frozenset[str], *, limited: bool) -> Finding | None:
    if over := next((word for name, word in expired.items() if within(host, (name,))), None):
        return _host_finding("expired", over.severity, _("链接到已停用的网站：%(host)s"), link, host, over.suggestion)
    if within(host, frozenset(shipped_list("hosts")["shorteners"])):
        return _host_finding("shortened", Severity.WARN, _("短链接看不出真实去向：%(host)s"), link, host)
    rank = standing(host, own)
    if rank <= Standing.KNOWN:
        return None
    if is_numeric(host):
        return _host_finding("bare-address", Severity.NOTE, _("链接直接使用 IP 地址：%(host)s"), link, host)
    if rank is Standing.TRADE:
        return _host_finding("foreign", Severity.WARN, _("链接到可疑的站外网址：%(host)s"), link, host)
    if rank is Standing.RISKY or limited:
        return _host_finding("foreign", Severity.WARN, _("链接到名单以外的网址：%(host)s"), link, host)
    return _host_finding("foreign", Severity.NOTE, _("链接到站外网址：%(host)s"), link, host)


def _host_finding(kind: str, severity: Severity, message: str, link: Link, host: str, advice: str = "") -> Finding:
    return Finding(
        detector=f"link.{kind}",
        severity=severity,
        message=message,
        start=link.start,
        end=link.end,
        excerpt=f"{link.text.strip()[:30]} {link.href[:100]}".strip(),
        suggestion=advice or _("确认对方网站可信并仍在使用；常用的可以加入本单位允许链接的名单"),
        basis=_BASIS,
        values={"host": host[:80]},
    )


def _forms(matter: Matter, own: frozenset[str]) -> Iterator[Finding]:
    """Forms that send what a visitor types to somebody else."""
    for element in matter.elements:
        host = host_of(element.attributes.get("action", "")) if element.tag == "form" else ""
        if host and standing(host, own) > Standing.KNOWN:
            yield Finding(
                detector="link.foreign",
                severity=Severity.WARN,
                message=_("表单把填写内容提交到站外：%(host)s"),
                start=element.start,
                end=element.start,
                excerpt=element.attributes["action"][:100],
                suggestion=_("核对表单的提交地址"),
                basis=_BASIS,
                values={"host": host[:80]},
            )
