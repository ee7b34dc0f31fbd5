"""What was reviewed and signed (`reviews`), what the checks found in it (`checks`), and who else was asked (`concerns`)."""

from jiyue.review.models.checks import CheckRun, Examination, Examined, FileRun, Finding, Waiver, WaiverRevocation
from jiyue.review.models.concerns import LeakCase, UnitConsent
from jiyue.review.models.inspecting import InspectedItem, Inspection, InspectionFinding
from jiyue.review.models.rectifying import Rectification
from jiyue.review.models.reviews import (
    Batch,
    BatchOrder,
    Decision,
    Level,
    Review,
    ReviewRoute,
    SignOff,
    Subject,
    Version,
)

__all__ = [
    "Batch", "BatchOrder", "CheckRun", "Decision", "Examination", "Examined", "FileRun", "Finding", "InspectedItem",
    "Inspection", "InspectionFinding", "LeakCase", "Level", "Rectification", "Review", "ReviewRoute", "SignOff", "Subject",
    "UnitConsent", "Version", "Waiver", "WaiverRevocation",
]  # fmt: skip
