"""What a letter asks, in its first sentences: for whoever has ten seconds."""

import re

_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;]?[”’」』)）]*")
# With these a letter begins, and they ask nothing.
_GREETING = re.compile(r"^[^，,。！!？?：:\n]{0,12}[：:，,]?\s*(您好|你好)([，,。！!：:\s]+|$)")


TITLE_FROM_TEXT = 30  # characters


def first_sentences(text: str, most: int = 120) -> str:
    """Whole sentences from the beginning, without the greeting, up to `most` characters; a longer first one is cut."""
    plain = _GREETING.sub("", " ".join(text.split()).strip(), count=1) or text.strip()
    found = ""
    for match in _SENTENCE.finditer(plain):
        if found and len(found) + len(match[0]) > most:
            break
        found += match[0]
    return found.strip() if len(found) <= most else f"{found[:most].rstrip()}…"


def beginning(text: str) -> str:
    """A title for what has none: the beginning of its first line."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= TITLE_FROM_TEXT else f"{line[:TITLE_FROM_TEXT]}……"
