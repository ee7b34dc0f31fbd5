"""Who may do what, in lines of Chinese that people type, and back: `市级部门：可以（至多 1 个）`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiyue.domain.rule_terms import Eligibility
from jiyue.domain.rulesets import Parameter
from jiyue.rules import wording
from jiyue.rules.code_words import WORDS
from jiyue.rules.library import shipped

_LINE = re.compile(r"(?P<subject>[^：:]+)[：:]\s*(?P<answers>[^（(]+)(?:[（(](?P<more>[^）)]*)[）)])?")
_MOST = re.compile(r"至多\s*([0-9]{1,4})\s*个?")


def lines_of(answers: Iterable[Mapping[str, Any]]) -> str:
    """Rulings as lines."""
    return "\n".join(map(_line, answers))


def rulings_of(text: str, parameter: Parameter) -> list[dict[str, Any]]:
    """Lines as the `answers` of a pack. Raises ValidationError with every line that cannot be read."""
    codes, found, wrong = codes_of(parameter), [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match:
            found.append(_ruling(match, codes))
        else:
            wrong.append(_("第 %(n)s 行看不懂，请写成“对象：答案”") % {"n": number})
    if wrong:
        raise ValidationError(wrong)
    return found


def codes_of(parameter: Parameter) -> dict[str, str]:
    """The code behind each word, first those that packs use for this very thing: two codes may be said alike."""
    codes = {wording.code(code): code for code in WORDS}
    return codes | {wording.code(code): code for code in _used(parameter.name)}


def _used(parameter: str) -> Sequence[str]:
    library = shipped()
    values = (value for name in library.names for value in library.pack(name).values.get(parameter, ()))
    terms = [value.terms for value in values if isinstance(value.terms, Eligibility)]
    return [code for each in terms for ruling in each.rulings for code in (ruling.subject, *ruling.answer)]


def _line(ruling: Mapping[str, Any]) -> str:
    answer = ruling["answer"] if isinstance(ruling["answer"], list) else [ruling["answer"]]
    most = _("至多 %(n)s 个") % {"n": ruling["most"]} if "most" in ruling else ""
    more = "；".join(filter(None, (most, ruling.get("note", ""))))
    said = f"{wording.code(ruling['for'])}：{'、'.join(map(wording.code, answer))}"
    return f"{said}（{more}）" if more else said


def _ruling(match: re.Match[str], codes: Mapping[str, str]) -> dict[str, Any]:
    answers = [codes.get(word.strip(), word.strip()) for word in match["answers"].split("、") if word.strip()]
    subject = match["subject"].strip()
    ruling: dict[str, Any] = {
        "for": codes.get(subject, subject), "answer": answers[0] if len(answers) == 1 else answers,
    }  # fmt: skip
    more = match["more"] or ""
    if most := _MOST.search(more):
        ruling["most"] = int(most[1])
    if note := _MOST.sub("", more).strip("；; "):
        ruling["note"] = note
    return ruling
