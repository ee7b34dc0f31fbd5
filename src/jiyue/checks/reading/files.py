"""A file by its content, whatever its name says."""

from jiyue.checks.matter import Matter, Trouble
from jiyue.checks.reading.pages import matter_of_html
from jiyue.checks.reading.plain import matter_of_text


def matter_of_file(content: bytes, name: str, *, source: str = "") -> Matter:
    """Text and places of a TXT, HTML, DOCX, XLSX, PDF or picture. What cannot be read is in `troubles`, never raised."""
    source = source or name
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return Matter(source=source, text="", troubles=(Trouble("unknown", {"name": name}),))
    return matter_of_html(text, source=source) if "<" in text[:200] else matter_of_text(text, source=source)
