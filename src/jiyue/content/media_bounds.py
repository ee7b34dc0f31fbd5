"""How large, how long and how sharp pictures and videos of a draft may be (PAGE-06; Hebi art. 24).

No text that was read sets a figure, so the shipped bounds are 0, which means not set; a unit sets its own among the
thresholds of its checks, and from then on a submission that breaks one is refused.
"""

import struct
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from django.utils.translation import gettext as _

from jiyue.checks.queries import settings_for
from jiyue.checks.settings import Settings
from jiyue.content.file_types import ending
from jiyue.content.models import Attachment, FileUse, Picture, Record

MIB = 1 << 20
VIDEOS = frozenset({"mp4", "webm"})
MOST_BOXES = 200
_BOX = struct.Struct(">I4s")


def beyond(record: Record, *, on: date) -> list[str]:
    """A sentence for each picture or video of the draft that breaks a bound of its unit; none where nothing is set."""
    bounds = settings_for(record.site.owner, now=on)
    if not any(bounds.threshold(name) for name in ("picture.side", "video.megabytes", "video.seconds")):
        return []
    uses = FileUse.objects.filter(record=record.pk, in_draft=True).select_related("picture", "attachment")
    uses = uses.order_by("pk")
    return [
        sentence for use in uses
        for sentence in (_picture(use.picture, bounds) if use.picture else _video(use.attachment, bounds))
    ]  # fmt: skip


def _picture(picture: Picture, bounds: Settings) -> Iterator[str]:
    least, side = bounds.threshold("picture.side"), min(picture.width, picture.height)
    if least and side < least:
        yield _("图片“%(title)s”短边只有 %(side)s 像素，低于本单位规定的 %(least)s 像素") % {
            "title": picture.title, "side": side, "least": least,
        }  # fmt: skip


def _video(attachment: Attachment | None, bounds: Settings) -> Iterator[str]:
    if attachment is None or ending(attachment.filename) not in VIDEOS:
        return
    most, size = bounds.threshold("video.megabytes"), attachment.file_size or 0
    if most and size > most * MIB:
        yield _("视频“%(title)s”有 %(size)s MB，超过本单位规定的 %(most)s MB") % {
            "title": attachment.title, "size": -(-size // MIB), "most": most,
        }  # fmt: skip
    longest = bounds.threshold("video.seconds")
    length = _length(attachment) if longest else None
    if longest and length is not None and length > longest:
        yield _("视频“%(title)s”长 %(length)s 秒，超过本单位规定的 %(longest)s 秒") % {
            "title": attachment.title, "length": round(length), "longest": longest,
        }  # fmt: skip


def _length(attachment: Attachment) -> float | None:
    with attachment.file.open("rb") as file:
        return seconds_of(file)


def seconds_of(file: BinaryIO) -> float | None:
    """How long an MP4 plays, in seconds; None where it does not say so where an MP4 says it (WebM never does)."""
    inside = _box(file, b"moov", end=None)
    header = _box(file, b"mvhd", end=inside[1]) if inside else None
    if header is None:
        return None
    data = file.read(min(header[1] - header[0], 32))
    wide = data[:1] == b"\x01"
    form, start = (struct.Struct(">IQ"), 20) if wide else (struct.Struct(">II"), 12)
    if len(data) < start + form.size:
        return None
    scale, length = form.unpack_from(data, start)
    return length / scale if scale else None


def _box(file: BinaryIO, name: bytes, *, end: int | None) -> tuple[int, int] | None:
    """Go into the first box of this name from where the file stands; gives begin and end of its content."""
    for _number in range(MOST_BOXES):
        at = file.tell()
        head = file.read(_BOX.size)
        if len(head) < _BOX.size or (end is not None and at >= end):
            return None
        size, found = _BOX.unpack(head)
        start = at + _BOX.size
        if size == 1:  # the length stands after the name, in eight bytes
            long = file.read(8)
            if len(long) < 8:
                return None
            size, start = int.from_bytes(long, "big"), start + 8
        if found == name:
            return start, at + size
        if size < _BOX.size:
            return None
        file.seek(at + size)
    return None
