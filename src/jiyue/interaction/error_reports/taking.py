"""Taking in a file of error reports: each line a letter of its own transaction, the same outer number never twice.

Cut off half way, the file is brought again: what was registered is known by then.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.domain.cases import Kind
from jiyue.domain.letters import tidied
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.actions import register_letter
from jiyue.interaction.error_models import ErrorFile
from jiyue.interaction.error_reports import columns
from jiyue.interaction.error_reports.reading import Line, moment_of, read_file
from jiyue.interaction.events import ErrorFileTaken
from jiyue.interaction.models import Case
from jiyue.interaction.policies import may_register, sites_reported_at

TAKEN, KNOWN, REFUSED = "taken", "known", "refused"
TITLE_FROM_TEXT = 30  # characters


@dataclass(frozen=True)
class Outcome:
    """What became of one line. `case` is the key of the letter where the desk has it."""

    line: int
    number: str
    outcome: str
    words: str = ""
    case: int | None = None


def take_file(*, site: Site, name: str, data: bytes, by: User, now: datetime) -> ErrorFile:
    """Register what the file brings at the desk of `site`; the row says what became of each line.

    Raises PermissionDenied for whoever may not register letters there, reading.FileRefused.
    """
    if not may_register(by, site):
        raise PermissionDenied(_("您不能为这个网站登记来信"))
    lines = read_file(data)
    with override(columns.KEPT_IN):  # what is kept of the lines is read by others than whoever brings them
        outcomes = list(_outcomes(site, lines, by=by, now=now))
    counts = {each: sum(one.outcome == each for one in outcomes) for each in (TAKEN, KNOWN, REFUSED)}
    with transaction.atomic():
        row = ErrorFile.objects.create(
            site=site, name=tidied(name)[:200], digest=hashlib.sha256(data).hexdigest(), by=by, at=now,
            lines=[asdict(one) for one in outcomes], **counts,
        )  # fmt: skip
        event = ErrorFileTaken(
            subject=f"error-file:{row.pk}", site=site.host, name=row.name, digest=row.digest, **counts
        )
        record(event, by=by.actor(), at=now)
    return row


def known_case(site: Site, number: str) -> Case | None:
    """The report that has this number of the national platform already, from a file or registered by hand at this desk.

    What `handing_out.reports_at` hands out for the desk is what is known here, so that no known report goes unanswered.
    """
    rows = Case.objects.filter(outer_number=number, parent=None).order_by("pk")
    by_hand = rows.filter(
        site=site, kind=Kind.ERROR_REPORT, source=Case.Source.SUPERIOR, handed_by=columns.PLATFORM
    )  # fmt: skip
    return rows.filter(source=Case.Source.PLATFORM).first() or by_hand.first()


def _outcomes(site: Site, lines: Iterable[Line], *, by: User, now: datetime) -> Iterator[Outcome]:
    about = _sites_by_name(site)
    for line in lines:
        number = line.values.get(columns.NUMBER, "")[:60]
        if line.refused:
            yield Outcome(line.number, number, REFUSED, line.refused)
            continue
        known = known_case(site, number)
        if known is not None:
            yield _known(site, line.number, number, known)
            continue
        try:
            with transaction.atomic():
                case = _registered(site, line, about, by=by, now=now)
            yield Outcome(line.number, number, TAKEN, case=case.pk)
        except ValidationError as error:
            meanwhile = known_case(site, number)  # by somebody who brought the same file
            if meanwhile is None:
                yield Outcome(line.number, number, REFUSED, "；".join(error.messages))
            else:
                yield _known(site, line.number, number, meanwhile)
        except (DataError, IntegrityError):
            yield Outcome(line.number, number, REFUSED, _("没有登记成，请再上传一次；还是不行请联系运维"))


def _known(site: Site, line: int, number: str, known: Case) -> Outcome:
    if known.site_id != site.pk:
        return Outcome(line, number, REFUSED, _("这个编号已由别的网站登记，请联系国家平台核对"))
    return Outcome(line, number, KNOWN, _("这个编号以前登记过"), known.pk)


def _registered(site: Site, line: Line, about: dict[str, Site], *, by: User, now: datetime) -> Case:
    values = line.values
    wrong = about.get(_name_of(values[columns.SITE]))
    if wrong is None:
        raise ValidationError(
            _("“%(name)s”不是这里受理的网站；请填本站或者下属单位网站的域名或标识码") % {"name": values[columns.SITE]}
        )
    at = moment_of(values[columns.SENT_AT])
    if at is None or at > now:
        raise ValidationError(_("“提交时间”不能晚于现在，请核对"))
    category = values[columns.CATEGORY]
    fields = {"category": columns.categories().get(category, category), "about": wrong.host}
    return register_letter(
        site=site, kind=Kind.ERROR_REPORT, title=values[columns.TITLE] or _beginning(values[columns.TEXT]),
        text=values[columns.TEXT], outer_number=values[columns.NUMBER], handed_by=columns.PLATFORM, received_at=at,
        by=by, now=now, sender={key: values[key] for key in (columns.NAME, columns.PHONE, columns.EMAIL)},
        source=Case.Source.PLATFORM, page=values[columns.PAGE], fields={key: text for key, text in fields.items() if text},
    )  # fmt: skip


def _sites_by_name(site: Site) -> dict[str, Site]:
    """The sites about which this desk takes reports, by host and by identification code."""
    found: dict[str, Site] = {}
    for each in sites_reported_at(site).order_by("pk"):
        found.setdefault(each.host.lower(), each)
        if each.identification_code:
            found.setdefault(each.identification_code.lower(), each)
    return found


def _name_of(typed: str) -> str:
    """Host or code, also where a whole address was typed."""
    return typed.lower().removeprefix("https://").removeprefix("http://").partition("/")[0]


def _beginning(text: str) -> str:
    line = text.partition("\n")[0]
    return line if len(line) <= TITLE_FROM_TEXT else f"{line[:TITLE_FROM_TEXT]}……"
