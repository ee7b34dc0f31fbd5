"""Where the public transcript of an interview stands, for who tells its live words."""

from uuid import UUID

from jiyue.content.models import Transcript
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.sealed import check_item


def transcript_address(interview: UUID) -> str:
    """The address of the newest public transcript at its own site; empty while there is none. Raises SealBroken."""
    named = Transcript.objects.filter(meeting__identity=interview).values("identity")
    items = PublicItem.objects.filter(identity__in=named, placed_by=None, state__in=LISTED).order_by("-published_at")
    item = items.select_related("sign_off").first()
    return check_item(item).address if item else ""
