"""`jiyue services`: compare a file with a site's services, bring in what is missing, write them out."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from jiyue.config.outcomes import DONE, FOUND, WrongUse
from jiyue.content.models import ItemDifference, Synchronisation
from jiyue.content.service_importing import ServiceFileRefused, import_entries, read_file
from jiyue.content.service_sheets import workbook_of
from jiyue.content.synchronising import synchronise
from jiyue.domain.actors import process
from jiyue.domain.service_items import written
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.publishing.services import ours, shown_guides


def run_services(options: argparse.Namespace) -> int:
    """One act. Raises WrongUse for an unknown site, person or file; 1 means that something differs or was refused."""
    site = _site(options.site)
    if options.act == "export":
        return _export(site, options)
    data, by = _data(options.file), _person(options.by) if options.act == "import" else None
    run = _compare(site, options, data, by)
    _tell(options, run)
    clean = not (run.different or run.only_here or run.only_there or run.refused or run.problems)
    return DONE if clean else FOUND


def _compare(site: Site, options: argparse.Namespace, data: bytes, by: User | None) -> Synchronisation:

    now, name = timezone.now(), Path(options.file).name
    try:
        lines = read_file(data)
        entries = [line.entry for line in lines if line.entry is not None]
        made = list(import_entries(site=site, entries=entries, source=name, by=by, now=now)) if by else []
    except (ServiceFileRefused, PermissionDenied) as refused:
        raise WrongUse(f"{options.file}：{refused}") from refused
    return synchronise(
        site=site, origin=Synchronisation.Origin.FILE, source=name, data=data, lines=lines, ours=ours(site), made=made,
        complete=not options.partial, by=by, actor=by.actor() if by else process("command:services"), now=now,
    )  # fmt: skip


def _export(site: Site, options: argparse.Namespace) -> int:
    entries = [one.entry for one in shown_guides([site]) if one.is_public and one.entry.code]
    is_sheet = options.output.lower().endswith(".xlsx")
    data = workbook_of(entries) if is_sheet else "".join(f"{written(entry)}\n" for entry in entries).encode()
    try:
        Path(options.output).write_bytes(data)
    except OSError as error:
        raise WrongUse(f"写不进 {options.output}：{error.strerror}") from error
    told = {"site": site.host, "file": options.output, "items": len(entries), "bytes": len(data)}
    _say(json.dumps(told, ensure_ascii=False) if options.json else f"{options.output}：{len(entries)} 份指南")
    return DONE


def _tell(options: argparse.Namespace, run: Synchronisation) -> None:
    rows = ItemDifference.objects.filter(last_run=run, state=ItemDifference.State.OPEN).order_by("code", "pk")
    if options.json:
        _say(json.dumps(_document(run, list(rows)), ensure_ascii=False, indent=1))
        return
    _say(
        f"读到 {run.items} 个事项：一致 {run.equal}，不一致 {run.different}，仅对方有 {run.only_there}，仅本站有 {run.only_here}"
    )
    if run.made_items or run.made_guides:
        _say(f"登记事项 {run.made_items} 个，新建指南草稿 {run.made_guides} 份")
    for problem in run.problems:
        _say(f"✗ {problem}")
    for row in rows:
        place = " ".join(filter(None, (row.field or row.kind, row.row, row.part)))
        _say(f"{row.code} {row.name}　{place}：{_short(row.ours)} → {_short(row.theirs)}")


def _document(run: Synchronisation, rows: list[Any]) -> dict[str, Any]:
    counts = ("items", "equal", "different", "only_here", "only_there", "refused", "made_items", "made_guides")
    facts = ("code", "name", "kind", "field", "row", "part", "ours", "theirs")
    return {
        "site": run.site.host, "source": run.source, "digest": run.digest, **{name: getattr(run, name) for name in counts},
        "problems": run.problems, "differences": [{name: getattr(row, name) for name in facts} for row in rows],
    }  # fmt: skip


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _site(host: str) -> Site:
    site = Site.objects.filter(host=host).select_related("owner").first()
    if site is None:
        raise WrongUse(f"没有域名为 {host} 的网站；--site 填网站的域名")
    return site


def _person(name: str) -> User:
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise WrongUse(f"没有可用的账号 {name}；--by 填登录名")
    return person


def _data(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        raise WrongUse(f"读不了 {name}：{getattr(error, 'strerror', None) or error}") from error


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
