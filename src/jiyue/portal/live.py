"""What the processes that answer live (search, counter) share: parameters as they were sent, and an answer packed to send."""

import gzip
from collections.abc import Mapping
from urllib.parse import parse_qs

from jiyue.publishing.serving import media
from jiyue.publishing.serving.answers import Answer
from jiyue.publishing.serving.requests import Request

GZIP_LEVEL = 3
SMALLEST_ZIPPED = 1000  # bytes
MOST_PARAMETERS = 30


def parameters(query: str) -> dict[str, list[str]]:
    """The parameters of an address; whatever cannot be read is no parameter."""
    try:
        raw = query.encode("latin-1").decode("utf-8", "replace")
        return parse_qs(raw, errors="replace", max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return {}


def packed(status: int, headers: Mapping[str, str], body: bytes, request: Request) -> Answer:
    """An answer with this body, compressed where that pays and the asker can read it."""
    described = {**headers, "Vary": "Accept-Encoding"}
    if request.fields.takes_gzip and len(body) >= SMALLEST_ZIPPED:
        body = gzip.compress(body, GZIP_LEVEL, mtime=0)
        described["Content-Encoding"] = "gzip"
    return Answer(status, media.encoded(described) + f"Content-Length: {len(body)}\r\n".encode(), body)
