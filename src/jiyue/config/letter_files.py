"""`jiyue errors`, `jiyue hotline`, `jiyue comments`, `jiyue superiors`: files of letters, as the console takes and gives them."""

import argparse
import sys
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from jiyue.config.outcomes import DONE, FOUND, WrongUse
from jiyue.console.letters.views_files import OUTCOMES, workbook_of
from jiyue.estate.models import Site
from jiyue.foundation import durable
from jiyue.identity.models import User
from jiyue.interaction.letter_files.handing_out import as_jsonl, hand_out, note_download
from jiyue.interaction.letter_files.layouts import Layout, layout_of
from jiyue.interaction.letter_files.reading import FileRefused
from jiyue.interaction.letter_files.taking import take_file


def run_letter_files(options: argparse.Namespace) -> int:
    """One act. Raises WrongUse for a site, person or file that is none; 1 means that a line was refused or nothing waits."""
    site = Site.objects.filter(host=options.site).select_related("owner").first()
    if site is None:
        raise WrongUse(f"没有域名为 {options.site} 的网站；--site 填网站的域名")
    by = User.objects.filter(username=options.by, is_active=True).first()
    if by is None:
        raise WrongUse(f"没有可用的账号 {options.by}；--by 填登录名")
    try:
        layout = layout_of(options.source)
        if options.act == "take":
            return _take(site, layout, by, options.file)
        return _hand_out(site, layout, by, Path(options.output), options.to)
    except PermissionDenied as refusal:
        raise WrongUse(str(refusal)) from refusal


def _take(site: Site, layout: Layout, by: User, name: str) -> int:
    try:
        row = take_file(
            site=site, layout=layout, name=Path(name).name, data=Path(name).read_bytes(), by=by, now=timezone.now()
        )
    except (OSError, FileRefused) as error:
        raise WrongUse(f"{name}：{getattr(error, 'strerror', None) or error}") from error
    for line in row.lines:
        words = f"：{line['words']}" if line["words"] else ""
        sys.stdout.write(f"第 {line['line']} 行 {line['number']} {OUTCOMES[line['outcome']][1]}{words}\n")
    sys.stdout.write(f"已登记 {row.taken} 条，以前登记过 {row.known} 条，没有登记 {row.refused} 条\n")
    return FOUND if row.refused else DONE


def _hand_out(site: Site, layout: Layout, by: User, path: Path, to: str) -> int:
    form = path.suffix.lower()
    if form not in (".jsonl", ".xlsx"):
        raise WrongUse(f"文件名以 .jsonl 或 .xlsx 结尾：{path.name}")
    if not path.parent.is_dir():
        raise WrongUse(f"没有 {path.parent} 这个目录")
    now = timezone.now()
    try:
        row = hand_out(site=site, layout=layout, by=by, now=now, to=to)
    except ValidationError as error:
        sys.stderr.write(f"jiyue: {'；'.join(error.messages)}\n")
        return FOUND
    note_download(handout=row, name=path.name, by=by, now=now)
    try:
        durable.replace(path, as_jsonl(row) if form == ".jsonl" else workbook_of(row, path.stem).content, mode=0o600)
    except OSError as error:
        why = error.strerror or error
        raise WrongUse(f"写不了 {path}：{why}；已经记为报送，可以在后台的文件页再次下载") from error
    sys.stdout.write(f"{path}：{row.count} 条\n")
    return DONE
