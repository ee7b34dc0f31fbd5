"""How values are written for readers: moments, days, sizes, feeds' dates, and data blocks for machines.

A baked page stays for years, so every time is absolute ("2026-11-21 09:30"), never "today". Readers see
Asia/Shanghai; machines get the offset.
"""

import json
import re
from datetime import UTC, date, datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from jiyue.domain.qr_codes import TooLong, qr_code

SHANGHAI = ZoneInfo("Asia/Shanghai")
_SIZES = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))
# What XML 1.0 may not hold, escaped or not; one such character makes a whole feed unreadable.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Inside <script> only "</", "<!--" and "<script" can end or change the block; U+2028/9 trouble old parsers.
_SCRIPT_ESCAPES = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


class NaiveMoment(ValueError):
    """A moment without a time zone reached a template."""


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise NaiveMoment(f"{moment!r} has no time zone")
    return moment.astimezone(SHANGHAI)


def minute(moment: datetime) -> str:
    """`2026-11-21 09:30` in Asia/Shanghai, the format the development guideline asks for."""
    return _local(moment).isoformat(" ", "minutes")[:16]


def minute_after(moment: datetime, begin: datetime) -> str:
    """An end beside its beginning: `11:30` on the same day of Asia/Shanghai, `2026-11-22 11:30` on another."""
    end = minute(moment)
    return end[11:] if end[:10] == minute(begin)[:10] else end


def day(value: date | datetime) -> str:
    """`2026-11-21`; of a moment, its day in Asia/Shanghai."""
    return (_local(value) if isinstance(value, datetime) else value).isoformat()[:10]


def written_day(value: date | datetime) -> str:
    """`2026年11月21日`, as official documents write it."""
    local = _local(value) if isinstance(value, datetime) else value
    return f"{local.year}年{local.month}月{local.day}日"


def month_and_day(value: date | datetime) -> str:
    """`11-21`; only where the year stands elsewhere or is in the `datetime` attribute."""
    return day(value)[5:]


def machine(moment: date | datetime) -> str:
    """ISO 8601 with the offset of Asia/Shanghai, for `datetime` attributes and feeds."""
    return _local(moment).isoformat(timespec="seconds") if isinstance(moment, datetime) else moment.isoformat()


def rfc822(moment: datetime) -> str:
    """The date format of RSS 2.0, in UTC."""
    _local(moment)
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def file_size(size: int) -> str:
    """`1.2 MB`: one decimal below 10, none above; a file has at least 1 KB."""
    for unit, name in _SIZES:
        if size >= unit:
            amount = size / unit
            return f"{amount:.1f} {name}" if amount < 9.95 else f"{amount:.0f} {name}"
    return "1 KB"


def data_block(value: object) -> Markup:
    """JSON that cannot leave the `<script type="application/ld+json">` it is put into."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _SCRIPT_ESCAPES:  # much faster than one translate() on Chinese text
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - every character that could end the block is escaped


def xml_text(text: str) -> str:
    """The text without the characters that XML cannot carry."""
    return _NOT_XML.sub("", text)


def comma_list(words: tuple[str, ...]) -> str:
    """Several values of one tag, with the ASCII comma of the national practice."""
    return ",".join(words)


def qr_drawing(address: str) -> Markup:
    """The address as a QR code, drawn in the page itself; nothing for one too long to be scanned comfortably.

    What it says stands beside it in words, so the drawing is hidden from those who listen.
    """
    try:
        code = qr_code(address)
    except TooLong:
        return Markup("")
    return Markup(
        '<svg class="qr-code" viewBox="0 0 {0} {0}" aria-hidden="true"><path stroke="#000" d="{1}"/></svg>'
    ).format(code.view, code.path)


FILTERS = {
    "minute": minute,
    "minute_after": minute_after,
    "day": day,
    "written_day": written_day,
    "month_and_day": month_and_day,
    "machine": machine,
    "rfc822": rfc822,
    "file_size": file_size,
    "data_block": data_block,
    "comma_list": comma_list,
    "xml_text": xml_text,
    "qr_drawing": qr_drawing,
}
