"""What a reviewer of an import sees: how it was understood, the drawn sample, and everything that is doubtful."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from jiyue.content.import_report import DOUBTFUL, NOT_READY, READ, REFUSED, field_name
from jiyue.content.models import Record

MOST_DOUBTS = 300
COUNTS = {
    READ: _("读懂"),
    DOUBTFUL: _("存疑"),
    NOT_READY: _("不在批次内（信息不全，仍是草稿）"),
    REFUSED: _("没有录入（文件读不出来）"),
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
        "fields": [(field_name(name), levels) for name, levels in report.get("fields", {}).items()],
        "seed": report.get("seed", ""),
        "sample": _sample(content.get("sample", []), by_identity),
        "doubtful": doubtful[:MOST_DOUBTS],
        "more_doubtful": max(0, len(doubtful) - MOST_DOUBTS),
        "refused": report.get("refused", [])[:MOST_DOUBTS],
    }


def _sample(identities: list[str], by_identity: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The drawn records in the order of the draw, each with what was said of it."""
    records = {str(record.identity): record for record in
               Record.objects.filter(identity__in=identities).select_related("column").defer("body")}  # fmt: skip
    return [
        {"record": records[identity], "row": by_identity.get(identity, {})}
        for identity in identities if identity in records
    ]  # fmt: skip
