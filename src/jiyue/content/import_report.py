"""What an import understood, for the person who ran it and for the reviewer who signs for the batch."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from jiyue.content import reading_words
from jiyue.content.importing import Kept, Told
from jiyue.content.intake import Refusal
from jiyue.content.intake.items import FIELD_NAMES
from jiyue.content.models.records import State

READ, DOUBTFUL, NOT_READY, REFUSED, DUPLICATE = "read", "doubtful", "not_ready", "refused", "duplicate"
FIELDS = (
    "title",
    "issuers",
    "document_number",
    "index_number",
    "written_on",
    "effective_on",
    "addressee",
    "published_on",
)
ROW_FOR_BATCH = ("source", "record", "key", "title", "status", "doubts", "absences", "lacks")
OPEN_STATES = frozenset({State.DRAFT, State.RETURNED})


@dataclass
class ImportReport:
    """Grows while an import runs. Rows are plain data; their sentences are worded when they are added."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    fields: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FIELDS})
    reasons: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: {name: Counter() for name in FIELDS})
    made: int = 0
    there: int = 0
    unchecked: int = 0  # policy documents of which no source says whether they are in force

    def add(self, group: Iterable[Told]) -> None:
        for told in group:
            if isinstance(told, Refusal):
                self._add_refusal(told)
            else:
                self._add_kept(told)

    @property
    def submittable(self) -> list[UUID]:
        """Identities of the drafts that lack nothing and are in nobody's review."""
        return [UUID(row["record"]) for row in self.documents if row["state"] in OPEN_STATES and not row["lacks"]]

    def counts(self) -> dict[str, int]:
        """Documents by what became of them; refusals and duplicates are no documents of the library."""
        found = Counter(row["status"] for row in [*self.documents, *self.refused])
        return {name: found[name] for name in (READ, DOUBTFUL, NOT_READY, REFUSED, DUPLICATE)}

    def understood(self) -> dict[str, dict[str, int]]:
        """For each field of the policy documents: found, doubtful, absent."""
        return {
            name: {level: counter[level] for level in ("found", "doubtful", "absent")}
            for name, counter in self.fields.items()
        }

    def why(self) -> dict[str, list[dict[str, Any]]]:
        """For each field what stands behind the three numbers, the most frequent reason first."""
        return {
            name: [
                {"level": level, "why": why, "count": count}
                for (level, why), count in sorted(counter.items(), key=lambda each: (-each[1], each[0]))
            ]
            for name, counter in self.reasons.items()
        }

    def for_batch(self) -> dict[str, Any]:
        """What a batch keeps and its reviewers see: nothing that differs between a first run and a repeated one."""
        documents = [{name: row[name] for name in ROW_FOR_BATCH} for row in self.documents]
        return {
            "counts": self.counts(),
            "fields": self.understood(),
            "reasons": self.why(),
            "documents": documents,
            "refused": [row for row in self.refused if row["status"] == REFUSED],
            "unchecked": self.unchecked,
        }

    def is_clean(self) -> bool:
        counts = self.counts()
        return not (counts[DOUBTFUL] or counts[NOT_READY] or counts[REFUSED])

    def _add_refusal(self, refusal: Refusal) -> None:
        status = DUPLICATE if refusal.note.code == "duplicate" else REFUSED
        self.refused.append({
            "source": reading_words.place_of(refusal), "status": status, "code": refusal.note.code,
            "why": str(refusal.note.message),
        })  # fmt: skip

    def _add_kept(self, kept: Kept) -> None:
        self.made, self.there = self.made + kept.new, self.there + (not kept.new)
        if kept.item.kind == "policy_document":
            self.unchecked += 1
            for name in FIELDS:
                level, why = reading_words.judged(kept.item, name)
                self.fields[name][level] += 1
                self.reasons[name][level, why] += 1
        self.documents.append(_row(kept))


def _row(kept: Kept) -> dict[str, Any]:
    record = kept.record
    return {
        "source": reading_words.place_of(kept.item),
        "record": str(record.identity),
        "key": record.pk,
        "kind": record.kind,
        "title": record.title,
        "state": record.state,
        "column": record.column.path,
        "new": kept.new,
        "status": NOT_READY if kept.lacks else DOUBTFUL if kept.doubts else READ,
        "doubts": list(kept.doubts),
        "absences": list(kept.absences),
        "lacks": list(kept.lacks),
    }


def field_name(name: str) -> str:
    """The Chinese name of a field of the report."""
    return str(FIELD_NAMES[name])
