"""Taking in a file: each line a letter of its own transaction, the same outer number never twice.

Cut off half way, the file is brought again: what was registered is known by then.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.domain.cases import Kind
from jiyue.domain.first_words import beginning
from jiyue.domain.letters import tidied
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.account_comments import comment_known, number_of_comment, register_comment
from jiyue.interaction.actions import register_letter
from jiyue.interaction.calls import call_known, centre_of
from jiyue.interaction.events import LetterFileTaken
from jiyue.interaction.letter_files import layouts
from jiyue.interaction.letter_files.layouts import (
    ACCOUNT,
    CENTRE,
    KIND,
    LINK,
    NAME,
    NUMBER,
    PHONE,
    SENT_AT,
    TEXT,
    Layout,
)
from jiyue.interaction.letter_files.reading import Line, moment_of, read_file
from jiyue.interaction.models import BroughtFile, Case
from jiyue.interaction.policies import may_register, sites_reported_at

_LIKE_A_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9-]{1,40}")
_OF_A_PERSON = re.compile(
    r"1[3-9][0-9]{9}|[1-9][0-9]{5}(18|19|20)[0-9]{9}[0-9Xx]"
)  # a mobile telephone, an identity card
TAKEN, KNOWN, REFUSED = "taken", "known", "refused"
Values = Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of one line. `case` is the key of the letter where the desk has it."""

    line: int
    number: str
    outcome: str
    words: str = ""
    case: int | None = None


@dataclass(frozen=True)
class Desk:
    """Where lines are registered, by whom and when; `about` are the sites that error reports may be about, by name."""

    site: Site
    by: User
    now: datetime
    about: Mapping[str, Site]


def take_file(*, site: Site, layout: Layout, name: str, data: bytes, by: User, now: datetime) -> BroughtFile:
    """Register what the file brings at the desk of `site`; the row says what became of each line.

    Raises PermissionDenied for whoever may not register letters there, reading.FileRefused.
    """
    if not may_register(by, site):
        raise PermissionDenied(_("您不能为这个网站登记来信"))
    lines = read_file(data, layout)
    desk = Desk(site, by, now, _sites_by_name(site))
    with override(layouts.KEPT_IN):  # what is kept of the lines is read by others than whoever brings them
        outcomes = list(_outcomes(desk, layout, lines))
    counts = {each: sum(one.outcome == each for one in outcomes) for each in (TAKEN, KNOWN, REFUSED)}
    with transaction.atomic():
        row = BroughtFile.objects.create(
            site=site, source=layout.source, name=tidied(name)[:200], digest=hashlib.sha256(data).hexdigest(), by=by,
            at=now, lines=[asdict(one) for one in outcomes], **counts,
        )  # fmt: skip
        event = LetterFileTaken(
            subject=f"letter-file:{row.pk}", site=site.host, channel=layout.source, name=row.name, digest=row.digest,
            **counts,
        )  # fmt: skip
        record(event, by=by.actor(), at=now)
    return row


def known_report(desk: Desk, values: Values) -> Case | None:
    """The report that has this number of the national platform already, from a file or registered by hand at this desk.

    What `handing_out.cases_at` hands out for the desk is what is known here, so that no known report goes unanswered.
    """
    rows = Case.objects.filter(outer_number=values[NUMBER], parent=None).order_by("pk")
    by_hand = rows.filter(
        site=desk.site, kind=Kind.ERROR_REPORT, source=Case.Source.SUPERIOR, handed_by=layouts.PLATFORM
    )  # fmt: skip
    return rows.filter(source=Case.Source.PLATFORM).first() or by_hand.first()


def _known_call(desk: Desk, values: Values) -> Case | None:
    return call_known(centre_of(desk.site, values[CENTRE]), values[NUMBER])


def _known_comment(_desk: Desk, values: Values) -> Case | None:
    return comment_known(values[ACCOUNT], _comment_number(values))


def _outcomes(desk: Desk, layout: Layout, lines: Iterable[Line]) -> Iterator[Outcome]:
    known_as, register = WAYS[layout.source]
    for line in lines:
        number = _number_of(line.values)
        if line.refused:
            yield Outcome(line.number, number, REFUSED, line.refused)
            continue
        known = known_as(desk, line.values)
        if known is not None:
            yield _known(desk.site, line.number, number, known)
            continue
        try:
            with transaction.atomic():
                case = register(desk, line.values)
            yield Outcome(line.number, number, TAKEN, case=case.pk)
        except ValidationError as error:
            meanwhile = known_as(desk, line.values)  # by somebody who brought the same file
            if meanwhile is None:
                yield Outcome(line.number, number, REFUSED, "；".join(error.messages))
            else:
                yield _known(desk.site, line.number, number, meanwhile)
        except (DataError, IntegrityError):
            yield Outcome(line.number, number, REFUSED, _("没有登记成，请再上传一次；还是不行请联系运维"))


def _known(site: Site, line: int, number: str, known: Case) -> Outcome:
    if known.site_id != site.pk and known.source == Case.Source.PLATFORM:
        return Outcome(line, number, REFUSED, _("这个编号已由别的网站登记，请联系国家平台核对"))
    if known.site_id != site.pk:
        return Outcome(line, number, REFUSED, _("这个编号已由别的网站登记，请和给文件的单位核对"))
    return Outcome(line, number, KNOWN, _("这个编号以前登记过"), known.pk)


def _report(desk: Desk, values: Values) -> Case:
    wrong = desk.about.get(_name_of(values[layouts.SITE]))
    if wrong is None:
        raise ValidationError(_("“网站”不是这里受理的；请填本站或者下属单位网站的域名或标识码"))
    category = values[layouts.CATEGORY]
    fields = {"category": layouts.categories().get(category, category), "about": wrong.host}
    return register_letter(
        site=desk.site, kind=Kind.ERROR_REPORT, title=_title(values), text=values[TEXT], outer_number=values[NUMBER],
        handed_by=layouts.PLATFORM, received_at=_moment(desk, values, layouts.ERRORS), by=desk.by, now=desk.now,
        sender={key: values[key] for key in (NAME, PHONE, layouts.EMAIL)}, source=Case.Source.PLATFORM,
        page=values[layouts.PAGE], fields={key: text for key, text in fields.items() if text},
    )  # fmt: skip


def _call(desk: Desk, values: Values) -> Case:
    return register_letter(
        site=desk.site, kind=_kind(values), title=_title(values), text=values[TEXT], outer_number=values[NUMBER],
        handed_by=centre_of(desk.site, values[CENTRE]), received_at=_moment(desk, values, layouts.CALLS), by=desk.by,
        now=desk.now, sender={key: values[key] for key in (NAME, PHONE)}, source=Case.Source.HOTLINE,
        consents=values[layouts.PUBLIC] == layouts.YES,
    )  # fmt: skip


def _comment(desk: Desk, values: Values) -> Case:
    return register_comment(
        site=desk.site, kind=_kind(values), account=values[ACCOUNT], link=values[LINK], text=values[TEXT],
        title=values[layouts.TITLE], name=values[NAME], outer_number=values[NUMBER],
        received_at=_moment(desk, values, layouts.COMMENTS), by=desk.by, now=desk.now,
    )  # fmt: skip


def _known_superior(desk: Desk, values: Values) -> Case | None:
    """At this desk: a superior may send the same number to several units."""
    rows = Case.objects.filter(source=Case.Source.SUPERIOR, parent=None, outer_number=values[NUMBER], site=desk.site)
    return rows.filter(handed_by=values[layouts.SUPERIOR]).order_by("pk").first()


def _from_superior(desk: Desk, values: Values) -> Case:
    Site.objects.select_for_update().get(pk=desk.site.pk)  # two who bring the same file at once register it once
    if _known_superior(desk, values) is not None:
        raise ValidationError(_("这个编号以前登记过"))
    at = _moment(desk, values, layouts.SUPERIORS)
    return register_letter(
        site=desk.site, kind=_kind(values), title=_title(values), text=values[TEXT], outer_number=values[NUMBER],
        handed_by=values[layouts.SUPERIOR], received_at=at, by=desk.by, now=desk.now,
        sender={key: values[key] for key in (NAME, PHONE, layouts.EMAIL)}, source=Case.Source.SUPERIOR,
        consents=values[layouts.PUBLIC] == layouts.YES, superior_limit=values[layouts.LIMIT],
    )  # fmt: skip


WAYS: dict[str, tuple[Callable[[Desk, Values], Case | None], Callable[[Desk, Values], Case]]] = {
    Case.Source.PLATFORM: (known_report, _report), Case.Source.HOTLINE: (_known_call, _call),
    Case.Source.ACCOUNT: (_known_comment, _comment), Case.Source.SUPERIOR: (_known_superior, _from_superior),
}  # fmt: skip


def _moment(desk: Desk, values: Values, layout: Layout) -> datetime:
    at = moment_of(values[SENT_AT])
    if at is None or at > desk.now:
        name = next(column.heading for column in layout.taken if column.key == SENT_AT)
        raise ValidationError(_("“%(name)s”不能晚于现在，请核对") % {"name": name})
    return at


def _kind(values: Values) -> str:
    return layouts.kinds().get(values[KIND], Kind.ENQUIRY)


def _number_of(values: Values) -> str:
    """What is told of a line besides its place: its number, where it looks like one. Columns are shifted easily, and what is
    kept of a file is neither sealed nor taken away with the letter.
    """
    number = values.get(NUMBER, "")
    return number if _LIKE_A_NUMBER.fullmatch(number) and not _OF_A_PERSON.fullmatch(number) else ""


def _title(values: Values) -> str:
    return values[layouts.TITLE] or beginning(values[TEXT])


def _comment_number(values: Values) -> str:
    at = moment_of(values[SENT_AT])
    return values[NUMBER] or number_of_comment(
        account=values[ACCOUNT], link=values[LINK], text=values[TEXT], name=values[NAME], at=at
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
