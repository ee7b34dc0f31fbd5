"""Classes of a rule with their limits, in lines that people type, and back: `需要核实或办理的：15 个工作日`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.domain.limits import parse_limit
from jiyue.domain.rule_terms import LONGEST_CLASS
from jiyue.rules import wording

_WORKING_DAYS = r"\s*(\d{1,4})\s*个?工作日"
_LINE = re.compile(rf"(?P<name>[^：:]+)[：:]{_WORKING_DAYS}(?:[（(，,]\s*最迟{_WORKING_DAYS}[）)]?)?")


class ClassesField(forms.CharField):
    """One line each: the class in the words of the text, and its limit in working days."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("分类期限"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
            help_text=gettext_lazy(
                "文件分类规定期限时才填，一行一类，写成“类别：期限”，类别用文件的字样，例如“需要核实或办理的：15 个工作日”；"
                "有最迟期限的写成“10 个工作日（最迟 15 个工作日）”。上面的期限是没有分类时的期限"
            ),
        )  # fmt: skip

    def clean(self, value: Any) -> list[dict[str, str]]:
        found, wrong = [], []
        for number, line in enumerate(super().clean(value).splitlines(), 1):
            if not line.strip():
                continue
            match = _LINE.fullmatch(line.strip())
            if match is None or len(match["name"].strip()) > LONGEST_CLASS:
                wrong.append(_("第 %(n)s 行看不懂，请写成“类别：几个工作日”，类别不超过 40 字") % {"n": number})
                continue
            row = {"name": match["name"].strip(), "limit": f"{match[2]} working-days"}
            found.append({**row, **({"latest": f"{match[3]} working-days"} if match[3] else {})})
        if wrong:
            raise ValidationError(wrong)
        return found


def lines_of_classes(classes: Iterable[Mapping[str, str]]) -> str:
    """The classes of a rule as lines."""
    return "\n".join(map(_line, classes))


def _line(row: Mapping[str, str]) -> str:
    latest = f"（最迟 {wording.limit(parse_limit(row['latest']))}）" if "latest" in row else ""
    return f"{row['name']}：{wording.limit(parse_limit(row['limit']))}{latest}"
