"""`jiyue report disclosure`: tables three and four of a site's annual disclosure report as a file.

An unbalanced report writes nothing: the sentence names each column and the difference.
"""

import argparse
import sys
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.config.outcomes import DONE, FOUND, WrongUse
from jiyue.disclosure.exporting import FORMS, written
from jiyue.disclosure.reporting import YEARS, sentence, tables_of
from jiyue.domain.disclosure_report import Unbalanced
from jiyue.estate.models import Site
from jiyue.foundation import durable


def run_report(options: argparse.Namespace) -> int:
    """Write the file. Raises WrongUse for a site, a year or a kind of file that there is not."""
    site = Site.objects.filter(host=options.site).select_related("owner").first()
    if site is None:
        raise WrongUse(_("没有域名为 %(host)s 的网站；--site 填网站的域名") % {"host": options.site})
    if not options.period.isdecimal() or int(options.period) not in YEARS:
        raise WrongUse(_("年份 %(year)s 不对，写四位数字，例如 2026") % {"year": options.period})
    path = Path(options.output)
    form = path.suffix.removeprefix(".").lower()
    if form not in FORMS:
        raise WrongUse(_("文件名以 .docx、.xlsx 或 .json 结尾：%(name)s") % {"name": path.name})
    with override("zh-hans"):
        try:
            data = written(tables_of(site, int(options.period)), form)
        except Unbalanced as error:
            sys.stderr.write(f"jiyue: {sentence(error)}\n")
            return FOUND
    try:
        durable.replace(path, data, mode=0o644)
    except OSError as error:
        raise WrongUse(_("写不了 %(path)s：%(why)s") % {"path": path, "why": error.strerror or error}) from error
    return DONE
