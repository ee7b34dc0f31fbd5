"""What a reviewer of an import sees: how it was understood, the drawn sample, and everything that is doubtful."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content.import_report import DOUBTFUL, FIELDS, NOT_READY, READ, REFUSED, field_name
from jiyue.content.models import Record
from jiyue.content.reading_words import origin_of, why_in_words

MOST_DOUBTS = 300
COUNTS = {
    READ: gettext_lazy("读懂"),
    DOUBTFUL: gettext_lazy("存疑"),
    NOT_READY: gettext_lazy("不在批次内（信息不全，仍是草稿）"),
    REFUSED: gettext_lazy("没有录入（文件读不出来）"),
}


def batch_body(content: dict[str, Any]) -> dict[str, Any]:
    """The facts of a batch's frozen content; nothing here is read from what may have changed since."""
    report = content.get("report") or {}
    listed, documents = set(report.get("records", ())), report.get("documents", [])
    by_identity = {row["record"]: row for row in documents}
    doubtful = [row for row in documents if row["record"] in listed and row["doubts"]]
    return {
        "kind": "batch",
        "count": len(content["versions"]),
        "files": report.get("files", []),
        "counts": [
            (label, report["counts"][name]) for name, label in COUNTS.items() if name in report.get("counts", {})
        ],
        "fields": _fields(report),
        "stopped": [
            (by_identity.get(row["identity"], {}).get("title", ""), row["reasons"])
            for row in content.get("stopped", ())
        ],
        "unchecked": report.get("unchecked", 0),
        "seed": report.get("seed", ""),
        "sample": _sample(content.get("sample", []), by_identity, report.get("readings", {})),
        "doubtful": doubtful[:MOST_DOUBTS],
        "more_doubtful": max(0, len(doubtful) - MOST_DOUBTS),
        "refused": report.get("refused", [])[:MOST_DOUBTS],
    }


@dataclass(frozen=True)
class FieldRow:
    """One field over all documents: how many, in hundredths of all, and what stands behind each number."""

    name: str
    levels: dict[str, int]
    shares: dict[str, int]
    why: list[tuple[str, str, int]]  # level, words, how many


def _fields(report: dict[str, Any]) -> list[FieldRow]:
    """The fields in the order of a document's head, those that no document could have left out."""
    counted = report.get("fields", {})
    return [_field(name, counted[name], report) for name in FIELDS if any(counted.get(name, {}).values())]


def _field(name: str, levels: dict[str, int], report: dict[str, Any]) -> FieldRow:
    total = sum(levels.values())
    reasons = report.get("reasons", {}).get(name, [])
    return FieldRow(
        name=field_name(name), levels=levels,
        shares={level: round(100 * count / total) for level, count in levels.items()},
        why=[(each["level"], why_in_words(each["level"], each["why"]), each["count"]) for each in reasons],
    )  # fmt: skip


def _sample(
    identities: list[str], by_identity: dict[str, dict[str, Any]], readings: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """The drawn records in the order of the draw, each with how it was read."""
    records = {str(record.identity): record for record in
               Record.objects.filter(identity__in=identities).select_related("column").defer("body")}  # fmt: skip
    return [
        {
            "identity": identity, "record": records[identity], "row": by_identity.get(identity, {}),
            "fields": _read(readings.get(identity, {})),
        }
        for identity in identities if identity in records
    ]  # fmt: skip


def _read(reading: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    return [_value(name, reading[name]) for name in FIELDS if name in reading]


def _value(name: str, field: dict[str, Any]) -> dict[str, str]:
    level = field["confidence"]
    why = field["why"] if level == "doubtful" else origin_of(field["from"])
    return {"name": field_name(name), "value": field["value"], "level": level, "why": why_in_words(level, why)}


def sampled_in_words(content: dict[str, Any], ticked: Collection[str]) -> str:
    """What the signature says of the sample. Raises ValidationError while a drawn document was not looked at."""
    drawn = content.get("sample", [])
    left = [identity for identity in drawn if identity not in ticked]
    if left:
        raise ValidationError(
            _("抽到的 %(n)s 篇中还有 %(left)s 篇没有勾选“已核对”；请逐篇打开核对后再签。")
            % {"n": len(drawn), "left": len(left)}
        )
    return _("抽到的 %(n)s 篇已逐篇核对。") % {"n": len(drawn)}
