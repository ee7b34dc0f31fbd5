"""The headings of an interpretation: the places in it that answer a question of the public (POL-09)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from jiyue.content.interpretations import Demand
from jiyue.content.models import Interpretation
from jiyue.content.rendering import outline


def headings_of(interpretation: Interpretation) -> list[str]:
    """The headings of an interpretation as it stands in its draft, each once, in order."""
    blocks = interpretation.body.get_prep_value() if interpretation.body else []
    return list(dict.fromkeys(entry.text for entry in outline(blocks)))


def demands_of_answers(record: Interpretation) -> Iterator[Demand]:
    """Questions that point to a heading which is no longer there, or to a document that is no longer interpreted."""
    there, documents = set(headings_of(record)), set(record.documents.values_list("pk", flat=True))
    for row in record.answers.select_related("document"):
        if row.section and row.section not in there:
            sentence = _("问题“%(words)s”指向的小标题“%(section)s”已经不在解读里，请重新选择由哪一节回答")
            yield Demand("body", sentence % {"words": row.words, "section": row.section})
        if row.document_id not in documents:
            sentence = _("问题“%(words)s”问的是《%(title)s》，这份文件不在“解读的文件”里")
            yield Demand("documents", sentence % {"words": row.words, "title": row.document.title})
