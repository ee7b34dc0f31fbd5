"""From text, HTML, body blocks and files to `Matter`."""

from jiyue.checks.reading.body import matter_of_body
from jiyue.checks.reading.files import matter_of_file
from jiyue.checks.reading.pages import matter_of_html
from jiyue.checks.reading.plain import matter_of_text

__all__ = ["matter_of_body", "matter_of_file", "matter_of_html", "matter_of_text"]
