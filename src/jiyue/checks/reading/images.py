"""The words that a picture carries beside its pixels: EXIF, XMP, text chunks, comments; of an SVG all its text."""

import io
import re
from collections.abc import Iterator
from html import unescape

from lxml import etree
from PIL import ExifTags, Image, UnidentifiedImageError

from jiyue.checks.matter import whole
from jiyue.checks.reading.bounds import Unread
from jiyue.checks.reading.building import Builder

_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.S)
_TAG = re.compile(r"<[^>]{0,2000}>")
_ATTRIBUTE = re.compile(r'\w+:\w+="([^"]{1,500})"')
_MOST = 20_000


def read_picture(builder: Builder, content: bytes, name: str) -> None:
    """Adds nothing for a picture without words. Raises Unread `damaged`."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            for place, text in [*_exif(picture), *_chunks(picture)]:
                _add(builder, text, f"图片“{name}”的{place}")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError) as error:
        raise Unread("damaged") from error
    except Image.DecompressionBombError as error:
        raise Unread("suspicious") from error
    found = _XMP.search(content)
    if found:
        _add(builder, _words_of_xml(found[0].decode(errors="replace")), f"图片“{name}”的 XMP 信息")


def read_svg(builder: Builder, content: bytes, name: str) -> None:
    """Text, title and description, in their order. Raises Unread `damaged` or `suspicious` (entities)."""
    if re.search(rb"<!\s*ENTITY", content, re.I):
        raise Unread("suspicious")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unread("damaged") from error
    if root is None:
        raise Unread("damaged")
    for element in root.iter("{*}text", "{*}title", "{*}desc", "{*}flowPara", "{*}foreignObject"):
        _add(builder, "".join(element.itertext()), f"图片“{name}”里的文字")


def _add(builder: Builder, text: str, place: str) -> None:
    builder.add("metadata", whole(" ".join(text.split())[:_MOST]), place)


def _exif(picture: Image.Image) -> Iterator[tuple[str, str]]:
    exif = picture.getexif()
    fields = dict(exif)
    fields.update(exif.get_ifd(ExifTags.IFD.Exif))
    for tag, value in fields.items():
        name = ExifTags.TAGS.get(tag, str(tag))
        if isinstance(value, bytes):
            value = _decoded(name, value)
        if isinstance(value, str) and value.strip("\x00 "):
            yield f" EXIF 信息“{name}”", value.strip("\x00 ")


def _decoded(name: str, value: bytes) -> str:
    """XP… fields are UTF-16; a comment names its encoding in eight bytes."""
    if name.startswith("XP"):
        return value.decode("utf-16-le", "replace").strip("\x00")
    if name != "UserComment":
        return ""
    if value.startswith(b"UNICODE\x00"):
        return max((value[8:].decode(codec, "replace") for codec in ("utf-16-be", "utf-16-le")), key=_sense)
    return (
        value[8:].decode(errors="replace") if value[:5] in (b"ASCII", b"\x00" * 5) else value.decode(errors="replace")
    )


def _sense(text: str) -> int:
    return sum("\u4e00" <= sign <= "\u9fff" or sign.isascii() for sign in text)


def _chunks(picture: Image.Image) -> Iterator[tuple[str, str]]:
    # Text behind the pixels of a PNG is known only after loading; most writers put it before.
    texts = dict(getattr(picture, "text", None) or {})
    comment = picture.info.get("comment")
    if comment:
        texts["Comment"] = comment.decode(errors="replace") if isinstance(comment, bytes) else str(comment)
    for name, value in texts.items():
        yield f"文字“{name}”", _words_of_xml(value) if value.lstrip().startswith("<") else str(value)


def _words_of_xml(text: str) -> str:
    return unescape(" ".join([*_ATTRIBUTE.findall(text), _TAG.sub(" ", text)]))
