"""The signed plan of an interview: what the ledger says, at a moment, of who may publish live words and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jiyue.content.models import Interview
from jiyue.domain.interviews import guests_in, may_speak_live, speakers
from jiyue.review.ledger import content_of
from jiyue.review.models import SignOff
from jiyue.review.sealing import is_genuine


@dataclass(frozen=True)
class Plan:
    """`version` is the digest of what was signed."""

    version: str
    detail: Mapping[str, Any]

    @property
    def opens_at(self) -> datetime:
        return datetime.fromisoformat(self.detail["opens_at"])

    @property
    def closes_at(self) -> datetime:
        return datetime.fromisoformat(self.detail["closes_at"])

    @property
    def speakers(self) -> dict[str, str]:
        """Names by the code of who speaks."""
        return speakers(self.detail["host_name"], self.detail["guests"])

    def without_seated(self, text: str) -> str:
        """The text with host and guests named by no name: who sits there is signed and public, and no hint at a person."""
        titles = {guest.name: guest.post for guest in guests_in(self.detail["guests"])}
        for name in (self.detail["host_name"], *titles):
            post = titles.get(name, "")
            called = [name, *(f"{name[:1]}{post[-length:]}" for length in (4, 3, 2) if len(post) >= length)]
            for word in filter(None, called):
                text = text.replace(word, "“”")  # a word in its place would be read as a name in its turn
        return text

    def names(self, recorder: str) -> bool:
        """Is this the name of an account that may publish live words?"""
        return bool(self.detail["has_live"]) and recorder in self.detail["recorders"]

    def is_open(self, at: datetime) -> bool:
        return bool(self.detail["has_live"]) and may_speak_live(
            opens_at=self.opens_at, closes_at=self.closes_at, at=at
        )  # fmt: skip


class Plans:
    """All plans that were ever signed for one interview, read once; each ledger row is believed only with its seal."""

    def __init__(self, interview: Interview) -> None:
        rows = SignOff.objects.filter(identity=interview.identity).select_related("version").order_by("-sequence")
        self._rows = [row for row in rows if is_genuine(row)]
        self._read: dict[str, Plan] = {}

    def at(self, moment: datetime) -> Plan | None:
        """The plan in effect; None before it was public and after it was withdrawn. Raises SignOffRefused."""
        row = next((row for row in self._rows if row.effective_at <= moment), None)
        if row is None or row.act == SignOff.Act.WITHDRAW or row.version is None:
            return None
        if row.version_digest not in self._read:
            content = content_of(row.version, digest=row.version_digest)
            self._read[row.version_digest] = Plan(row.version_digest, content["detail"])
        return self._read[row.version_digest]
