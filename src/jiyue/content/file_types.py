"""Uploads are judged by their content, not by their name (SECU-15)."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class FileType:
    media_type: str
    starts: tuple[bytes, ...] = ()
    at: int = 0
    image: bool = False
    member: str = ""


OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
ZIP = (b"PK\x03\x04",)
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES: dict[str, FileType] = {
    "gif": FileType("image/gif", (b"GIF87a", b"GIF89a"), image=True),
    "jpg": FileType("image/jpeg", (b"\xff\xd8\xff",), image=True),
    "jpeg": FileType("image/jpeg", (b"\xff\xd8\xff",), image=True),
    "png": FileType("image/png", (b"\x89PNG\r\n\x1a\n",), image=True),
    "webp": FileType("image/webp", (b"WEBP",), at=8, image=True),
    "pdf": FileType("application/pdf", (b"%PDF-",)),
    "doc": FileType("application/msword", OLE),
    "xls": FileType("application/vnd.ms-excel", OLE),
    "ppt": FileType("application/vnd.ms-powerpoint", OLE),
    "wps": FileType("application/vnd.ms-works", OLE),
    "docx": FileType(f"{OFFICE}.wordprocessingml.document", ZIP, member="word/document.xml"),
    "xlsx": FileType(f"{OFFICE}.spreadsheetml.sheet", ZIP, member="xl/workbook.xml"),
    "pptx": FileType(f"{OFFICE}.presentationml.presentation", ZIP, member="ppt/presentation.xml"),
    "ofd": FileType("application/ofd", ZIP, member="OFD.xml"),
    "zip": FileType("application/zip", ZIP),
    "mp3": FileType("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "wav": FileType("audio/wav", (b"WAVE",), at=8),
    "ogg": FileType("audio/ogg", (b"OggS",)),
    "mp4": FileType("video/mp4", (b"ftyp",), at=4),
    "webm": FileType("video/webm", (b"\x1aE\xdf\xa3",)),
    "txt": FileType("text/plain"),
    "csv": FileType("text/csv"),
}
MACROS = "vbaProject.bin"


def media_type_of(name: str) -> str:
    """The media type that belongs to a name's ending; application/octet-stream for endings this house does not take."""
    known = TYPES.get(ending(name))
    return known.media_type if known else "application/octet-stream"


def ending(name: str) -> str:
    return PurePath(name).suffix.lower().lstrip(".")


def refuse_disguised(*, name: str, data: bytes, images_only: bool = False) -> None:
    """Raise ValidationError unless the bytes are what the name's ending says, and of a kind this house takes."""
    known = TYPES.get(ending(name))
    if known is None or (images_only and not known.image):
        raise ValidationError(_("不接收“%(name)s”这种类型的文件") % {"name": name})
    if not data:
        raise ValidationError(_("“%(name)s”是空文件") % {"name": name})
    if not _looks_like(known, data):
        raise ValidationError(_("“%(name)s”的内容与扩展名不符，请确认文件没有改过名") % {"name": name})
    if known.member:
        _refuse_macros(name, data)


def _looks_like(known: FileType, data: bytes) -> bool:
    if not known.starts:
        return b"\x00" not in data[:4096]
    if not any(data.startswith(start, known.at) for start in known.starts):
        return False
    return not known.member or known.member in _members(data)


def _members(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except zipfile.BadZipFile:
        return []


def _refuse_macros(name: str, data: bytes) -> None:
    if any(member.endswith(MACROS) for member in _members(data)):
        raise ValidationError(_("“%(name)s”含有宏，请另存为不含宏的文件后再上传") % {"name": name})
