from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class RecordCreated(Event):
    code: ClassVar[str] = "content.record_created"
    kind: str
    title: str
    column: str


@dataclass(frozen=True, kw_only=True)
class RecordEdited(Event):
    code: ClassVar[str] = "content.record_edited"
    title: str
    revision: int


@dataclass(frozen=True, kw_only=True)
class RecordDeleted(Event):
    code: ClassVar[str] = "content.record_deleted"
    title: str


@dataclass(frozen=True, kw_only=True)
class ColumnSaved(Event):
    code: ClassVar[str] = "content.column_saved"
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ColumnClosed(Event):
    code: ClassVar[str] = "content.column_closed"
    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ColumnReopened(Event):
    code: ClassVar[str] = "content.column_reopened"
    path: str


@dataclass(frozen=True, kw_only=True)
class FileStored(Event):
    code: ClassVar[str] = "content.file_stored"
    kind: str
    name: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class FileDescribed(Event):
    """What is said of a file and by what right it is shown; its bytes are the same."""

    code: ClassVar[str] = "content.file_described"
    kind: str
    name: str
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FilesRemoved(Event):
    """Files that nobody used left the library of a site."""

    code: ClassVar[str] = "content.files_removed"
    kind: str
    names: list[str]


@dataclass(frozen=True, kw_only=True)
class ExchangeSourceAdded(Event):
    """A site follows the change feed of another installation."""

    code: ClassVar[str] = "content.exchange_source_added"
    name: str
    address: str
    column: str


@dataclass(frozen=True, kw_only=True)
class ExchangeSourceStopped(Event):
    code: ClassVar[str] = "content.exchange_source_stopped"
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Exchanged(Event):
    """One attempt to read a source: how many records became drafts, and why it failed if it did."""

    code: ClassVar[str] = "content.exchanged"
    name: str
    state: str
    taken: int
    changed: int
    withdrawn: int
    refused: int
    problem: str


@dataclass(frozen=True, kw_only=True)
class ExchangeExported(Event):
    """The public library of a site was written to a folder, to be taken in elsewhere."""

    code: ClassVar[str] = "content.exchange_exported"
    records: int
    problem: str


@dataclass(frozen=True, kw_only=True)
class ReuseConsidered(Event):
    """A new column was proposed beside similar ones, which were looked at; `reason` says why it is needed all the same."""

    code: ClassVar[str] = "content.reuse_considered"
    name: str
    reason: str
    found: list[str]


@dataclass(frozen=True, kw_only=True)
class ColumnsLimited(Event):
    code: ClassVar[str] = "content.columns_limited"
    user: str
    role: str
    columns: list


@dataclass(frozen=True, kw_only=True)
class PlacementChanged(Event):
    code: ClassVar[str] = "content.placement_changed"
    record: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReviewDateSet(Event):
    code: ClassVar[str] = "content.review_date_set"
    title: str
    before: str
    after: str
    note: str


@dataclass(frozen=True, kw_only=True)
class CommitmentMade(Event):
    code: ClassVar[str] = "content.commitment_made"
    title: str
    unit: str
    due_on: str


@dataclass(frozen=True, kw_only=True)
class CommitmentKept(Event):
    code: ClassVar[str] = "content.commitment_kept"
    title: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class CommitmentWithdrawn(Event):
    code: ClassVar[str] = "content.commitment_withdrawn"
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChangeNotified(Event):
    code: ClassVar[str] = "content.change_notified"
    what: str
    path: str
    changed_at: str


@dataclass(frozen=True, kw_only=True)
class ChangeNoticeWithdrawn(Event):
    code: ClassVar[str] = "content.change_notice_withdrawn"
    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReprintAsked(Event):
    code: ClassVar[str] = "content.reprint_asked"
    title: str
    address: str
    released_at: str


@dataclass(frozen=True, kw_only=True)
class ReprintWithdrawn(Event):
    code: ClassVar[str] = "content.reprint_withdrawn"
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ColumnDecisionProposed(Event):
    code: ClassVar[str] = "content.column_decision_proposed"
    path: str
    outcome: str
    grounds: str


@dataclass(frozen=True, kw_only=True)
class ColumnDecisionMade(Event):
    code: ClassVar[str] = "content.column_decision_made"
    path: str
    outcome: str
    state: str
    opinion: str


@dataclass(frozen=True, kw_only=True)
class ColumnDecisionDone(Event):
    code: ClassVar[str] = "content.column_decision_done"
    path: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ColumnChangeReported(Event):
    code: ClassVar[str] = "content.column_change_reported"
    path: str
    change: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ColumnChangeAnswered(Event):
    code: ClassVar[str] = "content.column_change_answered"
    path: str
    change: str
    state: str
    opinion: str


@dataclass(frozen=True, kw_only=True)
class CatalogueItemSaved(Event):
    code: ClassVar[str] = "content.catalogue_item_saved"
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CatalogueItemRemoved(Event):
    code: ClassVar[str] = "content.catalogue_item_removed"
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CatalogueImported(Event):
    code: ClassVar[str] = "content.catalogue_imported"
    name: str
    added: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class WithholdingProposed(Event):
    code: ClassVar[str] = "content.withholding_proposed"
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class WithholdingDecided(Event):
    code: ClassVar[str] = "content.withholding_decided"
    name: str
    state: str
    opinion: str


@dataclass(frozen=True, kw_only=True)
class ServiceItemSaved(Event):
    """Kept in the catalogue of `organisation`; `before` is empty for a new one."""

    code: ClassVar[str] = "content.service_item_saved"
    item: str
    name: str
    organisation: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ServiceItemEnded(Event):
    code: ClassVar[str] = "content.service_item_ended"
    item: str
    name: str
    ended_on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    code: ClassVar[str] = "content.case_opened"
    title: str


@dataclass(frozen=True, kw_only=True)
class CasePlanned(Event):
    code: ClassVar[str] = "content.case_planned"
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CaseMaterialChanged(Event):
    code: ClassVar[str] = "content.case_material_changed"
    title: str
    moved: str  # in | out


@dataclass(frozen=True, kw_only=True)
class CaseDissolved(Event):
    code: ClassVar[str] = "content.case_dissolved"
    title: str
    plan: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, kw_only=True)
class TakingRuleSaved(Event):
    code: ClassVar[str] = "content.taking_rule_saved"
    rule: str
    column: str


@dataclass(frozen=True, kw_only=True)
class TakingRuleChanged(Event):
    code: ClassVar[str] = "content.taking_rule_changed"
    rule: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ServicesImported(Event):
    """Items and draft guides made from the file `name`; `refused` entries were not."""

    code: ClassVar[str] = "content.services_imported"
    name: str
    items: int
    guides: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class ServicesCompared(Event):
    """One comparison with `source`; `trouble` says in words why it did not take place."""

    code: ClassVar[str] = "content.services_compared"
    source: str
    digest: str
    items: int
    different: int
    only_here: int
    only_there: int
    trouble: str


@dataclass(frozen=True, kw_only=True)
class ServiceSourceSet(Event):
    """Where the service platform's file lies; empty ends the nightly comparison."""

    code: ClassVar[str] = "content.service_source_set"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class DifferencesTaken(Event):
    """The other side's word was taken for these elements of an item, into a draft."""

    code: ClassVar[str] = "content.differences_taken"
    item: str
    name: str
    elements: list


@dataclass(frozen=True, kw_only=True)
class DifferenceKept(Event):
    code: ClassVar[str] = "content.difference_kept"
    item: str
    name: str
    element: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuestionGathered(Event):
    code: ClassVar[str] = "content.question_gathered"
    words: str
    source: str


@dataclass(frozen=True, kw_only=True)
class QuestionChosen(Event):
    code: ClassVar[str] = "content.question_chosen"
    words: str


@dataclass(frozen=True, kw_only=True)
class QuestionDeclined(Event):
    code: ClassVar[str] = "content.question_declined"
    words: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    code: ClassVar[str] = "content.question_answered"
    words: str
    title: str
    section: str


@dataclass(frozen=True, kw_only=True)
class CampaignSaved(Event):
    code: ClassVar[str] = "content.campaign_saved"
    title: str
    place: str
    held_on: str
    documents: int


@dataclass(frozen=True, kw_only=True)
class CampaignRemoved(Event):
    code: ClassVar[str] = "content.campaign_removed"
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SourceProposed(Event):
    code: ClassVar[str] = "content.source_proposed"
    name: str
    host: str
    grounds: str


@dataclass(frozen=True, kw_only=True)
class SourceDecided(Event):
    code: ClassVar[str] = "content.source_decided"
    name: str
    host: str
    state: str
    opinion: str


@dataclass(frozen=True, kw_only=True)
class TextKept(Event):
    code: ClassVar[str] = "content.text_kept"
    title: str
    role: str
    address: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class FeedSaved(Event):
    code: ClassVar[str] = "content.feed_saved"
    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class FeedStopped(Event):
    code: ClassVar[str] = "content.feed_stopped"
    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class EntryPassed(Event):
    code: ClassVar[str] = "content.entry_passed"
    title: str
    address: str
