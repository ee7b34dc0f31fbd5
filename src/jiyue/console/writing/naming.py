"""Policy documents named line by line: a clearing-up decision repeals twenty at once, and its text lists their numbers."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content.models import PolicyDocument
from jiyue.domain.document_numbers import canonical, numbers_in

MOST_LINES = 200


class NamedDocuments(forms.CharField):
    """One document a line, by its number or its whole title. `queryset` limits what can be named; set by the form."""

    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    queryset: QuerySet[PolicyDocument] = PolicyDocument.objects.none()

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Rows as lines; what was typed stays as it was typed."""
        return value if isinstance(value, str) or value is None else "\n".join(_line(document) for document in value)

    def clean(self, value: Any) -> list[PolicyDocument]:
        """The documents named. Raises ValidationError with a sentence for every line that names none, or more than one."""
        lines = [line for line in (raw.strip() for raw in (value or "").splitlines()) if line]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("一次最多写 %(most)d 份文件") % {"most": MOST_LINES})
        found: dict[int, PolicyDocument] = {}
        errors = []
        for line in lines:
            documents = self._named(line)
            if len(documents) == 1:
                found[documents[0].pk] = documents[0]
            elif documents:
                errors.append(_("有不止一份文件叫“%(line)s”，请写发文字号") % {"line": line})
            else:
                errors.append(
                    _("没有找到“%(line)s”：请写完整的标题或发文字号；下级单位的文件要已经发布") % {"line": line}
                )
        if errors:
            raise ValidationError(errors)
        return list(found.values())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial or []), (data or "").replace("\r\n", "\n"))

    def _named(self, line: str) -> list[PolicyDocument]:
        found = self.queryset.defer("body")
        number = next(numbers_in(line), None)
        if number is not None:
            by_number = list(found.filter(document_number__in={canonical(line), number.value})[:2])
            if by_number:
                return by_number
        return list(found.filter(title=_title(line))[:2])


def _title(line: str) -> str:
    """《标题》（字号） → 标题; a title that holds book marks of its own stays whole."""
    marked = re.fullmatch(r"《(.+)》(?:[（(][^（）()]*[)）])?", line)
    return marked[1] if marked else line


def _line(document: PolicyDocument) -> str:
    return (
        f"《{document.title}》（{document.document_number}）" if document.document_number else f"《{document.title}》"
    )


HELP = gettext_lazy("每行写一份，写发文字号或完整的标题，例如“澄政发〔2020〕3号”")
