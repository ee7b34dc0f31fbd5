"""Small copies of private pictures, for the screens that show which one is meant."""

from typing import Any

from wagtail.images.exceptions import InvalidFilterSpecError

from jiyue.content.models import Picture

THUMB = "max-160x120"


def thumb_of(file: Any) -> str:
    """The address of a small copy; none where it is no picture, the upload is lost, or it cannot be drawn."""
    if not isinstance(file, Picture):
        return ""
    try:
        return str(file.get_rendition(THUMB).url)
    except (OSError, InvalidFilterSpecError):
        return ""
