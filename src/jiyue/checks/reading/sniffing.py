"""What a file is, by its content; its name is only compared."""

import json

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_OTHER_PICTURES = (b"BM", b"II*\x00", b"MM\x00*")
_NAMED = {
    "pdf": "PDF",
    "docx": "DOCX",
    "docm": "DOCX",
    "html": "HTML",
    "htm": "HTML",
    "shtml": "HTML",
    "txt": "TXT",
    "jsonl": "JSONL",
    "ndjson": "JSONL",
}


def picture_type(content: bytes) -> str:
    """The media type of a picture a browser shows, else the empty text."""
    for start, media_type in _PICTURES:
        if content.startswith(start):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return ""


def kind_of(content: bytes) -> str:
    """PDF, ZIP, OLE, PICTURE, HTML, JSONL or TXT."""
    if b"%PDF-" in content[:1024]:
        return "PDF"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "ZIP"
    if content.startswith(_OLE):
        return "OLE"
    if picture_type(content) or (content.startswith(_OTHER_PICTURES) and b"\x00" in content[:64]):
        return "PICTURE"
    return _text_kind(content)


def kind_by_name(name: str) -> str:
    """What the name's extension promises, or the empty text."""
    return _NAMED.get(name.rpartition(".")[2].lower(), "") if "." in name else ""


def _text_kind(content: bytes) -> str:
    start = content[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(
        (b"<!doctype html", b"<html", b"<head", b"<body", b"<div", b"<table", b"<p>", b"<p ", b"<meta")
    ):
        return "HTML"
    if start.startswith((b"<?xml", b"<!--")) and b"<html" in start:
        return "HTML"
    return "JSONL" if _is_jsonl(content) else "TXT"


def _is_jsonl(content: bytes) -> bool:
    first = content.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    if not first.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False
