"""The duties that follow from what is public: one source a kind of fact, and what makes each look again."""

from jiyue.publishing.duties.campaigns import CampaignSource, CampaignYearSource
from jiyue.publishing.duties.columns import ColumnSource
from jiyue.publishing.duties.concerns import EmergencySource, RumourSource
from jiyue.publishing.duties.hearing import HEARD
from jiyue.publishing.duties.interpretations import InterpretationSource
from jiyue.publishing.duties.records import RecordSource
from jiyue.publishing.duties.rectifications import RectificationSource
from jiyue.publishing.duties.reprints import ReprintSource
from jiyue.publishing.duties.stewardship import CatalogueSource, ChangeSource, CommitmentSource
from jiyue.publishing.duties.tasks import ProgressSource
from jiyue.publishing.duties.topics import TopicSource

SOURCES = (
    ColumnSource(), RecordSource(), InterpretationSource(), ReprintSource(), CatalogueSource(), ChangeSource(),
    CommitmentSource(), EmergencySource(), RumourSource(), TopicSource(), RectificationSource(), ProgressSource(),
    CampaignSource(), CampaignYearSource(),
)  # fmt: skip

__all__ = [
    "HEARD",
    "SOURCES",
    "CampaignSource",
    "CampaignYearSource",
    "CatalogueSource",
    "ChangeSource",
    "ColumnSource",
    "CommitmentSource",
    "EmergencySource",
    "InterpretationSource",
    "ProgressSource",
    "RecordSource",
    "RectificationSource",
    "ReprintSource",
    "RumourSource",
    "TopicSource",
]
