"""What an import understood of a document and what not, in words: one sentence for each code of the reader."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiyue.content.intake.items import FIELD_NAMES, Field, Item

# What a policy document is asked for; 主送机关 and 施行日期 are lacking in many that are complete.
ASKED = ("title", "issuers", "document_number", "index_number", "written_on")
DOUBTS = {
    "several_numbers": _("文首有几个文号，取了第一个"),
    "run_on": _("标题、文号和正文连在一起，没有分行"),
    "title_note": _("取自标题下的题注，不是版头或落款"),
    "no_kind": _("标题没有以文种结尾，可能不完整"),
    "label_differs": _("信息表里的日期与落款不同，取了落款"),
    "signed_by_another": _("落款单位不是发文机关"),
    "unsigned": _("取自文末的日期，前面没有署名"),
    "several_dates": _("文中有几个不同的日期，取了最后一个"),
    "signature_differs": _("标题里的机关与落款不同"),
    "odd_length": _("位数不是 20 位或 29 位"),
    "text_differs": _("来源给出的与正文不同，取了来源的"),
    "source_differs": _("来源给出的与正文不同，取了正文的"),
}
ABSENCES = {
    "none": _("文中没有找到"),
    "only_cited": _("文中只引用了别的文件的文号"),
    "from_issue": _("文中写明自公布之日起施行"),
    "starts_with_body": _("文件从正文开始，没有标题"),
    "no_such_day": _("文中的日期并不存在"),
    "year_out_of_range": _("文中的年份不合常理"),
}
ORIGINS = {
    "text": _("从正文读到"),
    "record": _("来源数据给出"),
    "page": _("网页信息给出"),
    "file": _("文件属性给出"),
}
_CHECK = _("请核对")


def shown(value: Any) -> str:
    """A field's value as it is read aloud; days in ISO 8601."""
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def doubts(item: Item) -> Iterator[str]:
    """A sentence for each doubtful field, then the warnings of the intake."""
    for name, field in item.fields.items():
        if field.confidence == "doubtful":
            yield doubt(name, field)
    for note in item.notes:
        if note.level != "info":
            yield str(note.message)


def doubt(name: str, field: Field) -> str:
    return gettext("%(field)s“%(value)s”存疑：%(why)s。") % {
        "field": FIELD_NAMES.get(name, name),
        "value": shown(field.value)[:80],
        "why": DOUBTS.get(field.why, _CHECK),
    }


def absences(item: Item) -> Iterator[str]:
    """A sentence for each asked field of a policy document that was not found."""
    if item.kind != "policy_document":
        return
    for name in ASKED:
        if name not in item.fields:
            why = ABSENCES.get(item.reading.absent.get(name, "none"), _CHECK)
            yield gettext("%(field)s留空：%(why)s。") % {"field": FIELD_NAMES[name], "why": why}


def judged(item: Item, name: str) -> tuple[str, str]:
    """found, doubtful or absent; and the code of why: where it was found, what is doubtful, what is missing."""
    field = item.fields.get(name)
    if field is None:
        return "absent", item.reading.absent.get(name, "none")
    return field.confidence, field.why if field.confidence == "doubtful" else origin_of(field.source)


def origin_of(source: str) -> str:
    """text, record, page or file: the kind of place a value was read from."""
    return source.partition(":")[0]


def why_in_words(level: str, why: str) -> str:
    """A code of `judged` for a reader."""
    words = {"found": ORIGINS, "doubtful": DOUBTS, "absent": ABSENCES}.get(level, {})
    return str(words.get(why, _CHECK if level != "found" else why))


def reading_of(item: Item) -> dict[str, Any]:
    """How the item was understood, as plain data that stays with the record."""
    return {
        "source": place_of(item),
        "fields": {
            name: {"value": shown(field.value), "confidence": field.confidence, "why": field.why, "from": field.source}
            for name, field in item.fields.items()
        },
        "absent": dict(item.reading.absent),
        "notes": [note.code for note in item.notes],
    }


def place_of(item: Any) -> str:
    """`文件.jsonl:12` for a record of a list, else the file's name; for items and refusals."""
    return item.source if item.line is None else f"{item.source}:{item.line}"
