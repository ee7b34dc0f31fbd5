"""Which words of a public answer were confirmed, and what stands in the way of submitting others."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiyue.content.models import PublicAnswer
from jiyue.domain.canonical import digest_of

# Everything of the record that readers see as words; who changes one of them must have the letter's reviewer confirm it.
WORDS = (
    "title", "subtitle", "source", "author", "keywords", "summary", "question", "answer", "answering_unit", "cover_alt",
    "original_source", "original_address",
)  # fmt: skip


def confirmed_words(record: PublicAnswer) -> str:
    """The digest of all words of a public answer."""
    words = {name: getattr(record, name) for name in WORDS}
    # A leader's name came later: where there is none, what was confirmed before holds.
    return digest_of({**words, **({"written_to": record.written_to} if record.written_to else {})})


def lacks_of_answer(record: PublicAnswer) -> Iterator[tuple[str, str]]:
    """Why a public answer cannot be submitted, by field: its words are others than those confirmed, or it has files."""
    if record.body or record.cover:
        yield "body", _("公开答复只有来信和答复的文字，不能带正文、题图和附件")
    if not record.confirmed or record.confirmed != confirmed_words(record):
        yield "title", _("公开答复的文字要由答复审核人逐处核对；要修改，请在信件的“公开”页面重新制作")


def service_named(record: PublicAnswer) -> dict[str, str] | None:
    """The service item that the letter asked about, as a version holds it."""
    item = record.service
    return {"identity": str(item.identity), "code": item.code, "name": item.name} if item else None


def answer_text(detail: Mapping[str, Any]) -> str:
    """Question and answer as text, for search and for everything that reads a version's words."""
    return f"{detail['question']}\n{detail['answer']}"
