"""Which content type and which response headers a file gets, by its name and its address alone."""

import re

CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "webmanifest": "application/manifest+json; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "pdf": "application/pdf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "wps": "application/vnd.ms-works",
    "ofd": "application/ofd",
    "zip": "application/zip",
    "gz": "application/gzip",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "woff2": "font/woff2",
}
FALLBACK_TYPE = "application/octet-stream"

# Uploads are somebody else's bytes: only what a browser shows without running it may open in the page.
UPLOADS = "/files/"
SHOWN_UPLOADS = frozenset(("png", "jpg", "jpeg", "webp", "avif", "gif", "pdf", "mp4", "webm", "mp3", "ogg", "txt"))

# Both carry the digest of their content in the address, so what lies there never changes.
IMMUTABLE = re.compile(r"/files/[0-9a-f]{2}/[0-9a-f]{16}/|/assets/(?:.*[./-])?[0-9a-f]{10,}[./-]")
KEEP_FOR_EVER = "public, max-age=31536000, immutable"
ASK_EVERY_TIME = "no-cache"
NEVER_KEEP = "no-store"

PAGE_POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'self'"
# An SVG opened as a page of its own is a document that may carry script.
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
# A notice shown while a site is offline must bring its own style: the site's files are not served then.
NOTICE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICIES = {
    "text/html; charset=utf-8": PAGE_POLICY,
    "application/xml; charset=utf-8": DRAWING_POLICY,
    "image/svg+xml": DRAWING_POLICY,
}


def extension(name: str) -> str:
    """What follows the last dot of a file name, in lower case; empty without a dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def content_type(name: str) -> str:
    return CONTENT_TYPES.get(extension(name), FALLBACK_TYPE)


def is_shown(address: str) -> bool:
    """May a browser open it in place, or must it save it?"""
    if not address.startswith(UPLOADS):
        return True
    return extension(address) in SHOWN_UPLOADS


def cache_control(address: str) -> str:
    return KEEP_FOR_EVER if IMMUTABLE.match(address) else ASK_EVERY_TIME


def headers_for(address: str, name: str) -> dict[str, str]:
    """All headers that follow from the address and the file's name; length, entity tag and encoding come later."""
    kind = content_type(name)
    headers = {"Content-Type": kind, "Cache-Control": cache_control(address), **SECURITY_HEADERS}
    if kind in POLICIES:
        headers["Content-Security-Policy"] = POLICIES[kind]
    if not is_shown(address):
        headers["Content-Disposition"] = "attachment"
    return headers


def page_headers(policy: str = PAGE_POLICY) -> dict[str, str]:
    """Headers of a page that tells why there is nothing here (404, 410, 503 …); never kept by anybody."""
    return {
        "Content-Type": CONTENT_TYPES["html"],
        "Cache-Control": NEVER_KEEP,
        **SECURITY_HEADERS,
        "Content-Security-Policy": policy,
    }


def encoded(headers: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("latin-1")
