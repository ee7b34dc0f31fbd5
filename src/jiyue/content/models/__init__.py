from jiyue.content.models.answers import PublicAnswer
from jiyue.content.models.asking import PolicyCampaign, PublicQuestion
from jiyue.content.models.campaigns import CAMPAIGNS, CampaignResult, OpinionCall, Survey
from jiyue.content.models.cases import PolicyCase
from jiyue.content.models.catalogue import CatalogueItem, InformationClass, Withholding
from jiyue.content.models.columns import Column, ColumnLimit
from jiyue.content.models.comments import CommentOrder
from jiyue.content.models.exchanges import Exchange, ExchangedItem, ExchangeSource
from jiyue.content.models.files import Attachment, Licence, Picture, PictureRendition
from jiyue.content.models.interviews import Interview, Transcript
from jiyue.content.models.mailboxes import LeaderMailbox
from jiyue.content.models.placements import Placement
from jiyue.content.models.planning import EditorialPlan
from jiyue.content.models.records import (
    RECORD_TYPES,
    Article,
    Gallery,
    Institution,
    Interpretation,
    Leader,
    NoticeItem,
    PlainPage,
    PolicyDocument,
    Record,
    Topic,
)
from jiyue.content.models.reprinting import Feed, FeedEntry, KeptText, PermittedSource
from jiyue.content.models.services import ServiceGuide, ServiceItem
from jiyue.content.models.stewardship import ChangeNotice, ColumnDecision, ColumnFiling, Commitment, ReprintTask
from jiyue.content.models.synchronisations import ItemDifference, ServiceSource, Synchronisation
from jiyue.content.models.takings import TakingRule
from jiyue.content.models.tasks import ProgressDuty
from jiyue.content.models.uses import FileUse

__all__ = [
    "CAMPAIGNS",
    "RECORD_TYPES",
    "Article",
    "Attachment",
    "CampaignResult",
    "CatalogueItem",
    "ChangeNotice",
    "Column",
    "ColumnDecision",
    "ColumnFiling",
    "ColumnLimit",
    "CommentOrder",
    "Commitment",
    "EditorialPlan",
    "Exchange",
    "ExchangeSource",
    "ExchangedItem",
    "Feed",
    "FeedEntry",
    "FileUse",
    "Gallery",
    "InformationClass",
    "Institution",
    "Interpretation",
    "Interview",
    "ItemDifference",
    "KeptText",
    "Leader",
    "LeaderMailbox",
    "Licence",
    "NoticeItem",
    "OpinionCall",
    "PermittedSource",
    "Picture",
    "PictureRendition",
    "Placement",
    "PlainPage",
    "PolicyCampaign",
    "PolicyCase",
    "PolicyDocument",
    "ProgressDuty",
    "PublicAnswer",
    "PublicQuestion",
    "Record",
    "ReprintTask",
    "ServiceGuide",
    "ServiceItem",
    "ServiceSource",
    "Survey",
    "Synchronisation",
    "TakingRule",
    "Topic",
    "Transcript",
    "Withholding",
]
