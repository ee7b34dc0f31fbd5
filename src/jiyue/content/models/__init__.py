from jiyue.content.models.columns import Column, ColumnLimit
from jiyue.content.models.files import Attachment, Picture, PictureRendition
from jiyue.content.models.placements import Placement
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

__all__ = [
    "RECORD_TYPES",
    "Article",
    "Attachment",
    "Column",
    "ColumnLimit",
    "Gallery",
    "Institution",
    "Interpretation",
    "Leader",
    "NoticeItem",
    "Picture",
    "PictureRendition",
    "Placement",
    "PlainPage",
    "PolicyDocument",
    "Record",
    "Topic",
]
