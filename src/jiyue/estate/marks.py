"""标识图片: the official pictures beside the marks of a footer, as a site was given them (Hubei art. 15).

The platform ships none: such a picture belongs to whoever issues it, and leads to the record that it stands for. It is
drawn anew before it is kept, without whatever else lay in the file. Rows are never changed: another picture is another
row, so that what was sent for sign-off can still be looked at.
"""

import io
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from jiyue.domain.actors import Actor
from jiyue.estate.events import MarkPictureChanged
from jiyue.estate.models import MarkPicture, Site
from jiyue.foundation.audit import record
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore

LARGEST: Final = 2 * 1024 * 1024  # bytes of an upload
LONGEST_SIDE: Final = 4000  # pixels of an upload; more is no mark but an attack on the memory
SMALLEST_SIDE: Final = 32  # pixels; below this nobody can read what it says
KEPT_WIDTH, KEPT_HEIGHT = 320, 144  # pixels: twice what the footer shows, for sharp screens
FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP")


@transaction.atomic
def put_mark_picture(
    *, site: Site, mark: str, picture: bytes | None, address: str, by: Actor, now: datetime
) -> MarkPicture:
    """Show a picture beside a mark from the next sign-off of the structure on; without `picture` only its link changes.

    Raises ValidationError for what is no picture, is too large or too small, and for a link that is none.
    """
    before = current_of(site, mark)
    row = MarkPicture(site=site, mark=mark, address=address, created_at=now)
    if picture is not None:
        data, row.width, row.height = _drawn(picture)
        row.digest, row.size = ObjectStore(Home(settings.JIYUE_HOME)).put(data), len(data)
    elif before is not None:
        row.digest, row.size, row.width, row.height = before.digest, before.size, before.width, before.height
    else:
        raise ValidationError({"picture": _("请选择图片文件")})
    row.full_clean(validate_constraints=False)
    _end(before, now)
    row.save()
    _record(site, mark, before, row, by=by, now=now)
    return row


@transaction.atomic
def drop_mark_picture(*, site: Site, mark: str, by: Actor, now: datetime) -> None:
    """Show the words of a mark alone again, from the next sign-off of the structure on; nothing to do without one."""
    before = current_of(site, mark)
    if before is not None:
        _end(before, now)
        _record(site, mark, before, None, by=by, now=now)


def current_of(site: Site, mark: str) -> MarkPicture | None:
    """The picture that the next sign-off would show beside a mark."""
    return MarkPicture.objects.filter(site=site, mark=mark, ended_at=None).first()


def shown_marks(site: Site) -> list[dict[str, Any]]:
    """The pictures of a site as plain facts, for the sign-off of its structure."""
    rows = MarkPicture.objects.filter(site=site, ended_at=None).order_by("mark")
    return [_facts(row) for row in rows]


def _facts(row: MarkPicture) -> dict[str, Any]:
    names = ("mark", "address", "digest", "size", "width", "height")
    return {name: getattr(row, name) for name in names}


def _end(row: MarkPicture | None, now: datetime) -> None:
    if row is not None:
        MarkPicture.objects.filter(pk=row.pk).update(ended_at=now)


def _record(site: Site, mark: str, before: MarkPicture | None, after: MarkPicture | None, *, by, now) -> None:
    event = MarkPictureChanged(
        subject=f"site:{site.host}", site=site.host, mark=mark, before=_facts(before) if before else {},
        after=_facts(after) if after else {},
    )  # fmt: skip
    record(event, by=by, at=now)


def _drawn(data: bytes) -> tuple[bytes, int, int]:
    """The picture upright, small enough for a footer, as PNG: bytes, width, height in pixels."""
    if len(data) > LARGEST:
        raise ValidationError({"picture": _("图片文件不能超过 2 MB")})
    try:
        opened = Image.open(io.BytesIO(data), formats=FORMATS)
        _refuse_size(opened)
        image = ImageOps.exif_transpose(opened)
        image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError({"picture": _("这个文件不是能打开的图片，请用 PNG、JPEG、GIF 或 WebP 格式")}) from error
    image.thumbnail((KEPT_WIDTH, KEPT_HEIGHT))
    out = io.BytesIO()
    image.convert("RGBA").save(out, "PNG", optimize=True)
    return out.getvalue(), *image.size


def _refuse_size(image: Image.Image) -> None:
    longest, shortest = max(image.size), min(image.size)
    if longest > LONGEST_SIDE or shortest < SMALLEST_SIDE:
        sentence = _("图片是 %(width)d×%(height)d 像素，每边应当在 %(least)d 到 %(most)d 像素之间")
        size = {"width": image.width, "height": image.height}
        raise ValidationError({"picture": sentence % {**size, "least": SMALLEST_SIDE, "most": LONGEST_SIDE}})
