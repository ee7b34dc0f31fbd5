"""A live answer put into the baked frame of the search page."""

from markupsafe import escape

from jiyue.portal.environment import PortalRenderer
from jiyue.search.answering import Answer

BEGIN, END = '<div id="search-answer">', "</main>"  # everything between them is the answer's
PAGE_ERROR = '<p class="page-error"'  # or before this, where the site has it
LANGUAGE = "zh-CN"


class Answers:
    """Renders answers. Keep one for the life of a process: it holds the compiled template."""

    def __init__(self, renderer: PortalRenderer) -> None:
        self._template = renderer.template("parts/search_answer.html", LANGUAGE)

    def page(self, frame: str, answer: Answer, problem: str = "") -> str:
        """The whole page; `problem` is `busy` or `down` when there is no answer."""
        before, _mark, rest = frame.partition(BEGIN)
        end = PAGE_ERROR if PAGE_ERROR in rest else END
        _idle, _mark, after = rest.rpartition(end)
        if answer.question.query:
            before = before.replace("<title>", f"<title>{escape(answer.question.query)}_", 1)
        return f"{before}{BEGIN}{self._template.render(answer=answer, problem=problem)}</div>\n{end}{after}"
