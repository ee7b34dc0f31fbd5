"""A finding in settings, columns, notices or windows: every place with these words, and whether it was changed since."""

import json
from dataclasses import dataclass
from datetime import datetime

from jiyue.content.structure import structure_of
from jiyue.review import checking
from jiyue.review.models import CheckRun, Finding
from jiyue.review.structure_words import Said, matter_of_structure, said_at


@dataclass(frozen=True)
class Place:
    """`mended`: the settings as they are now, signed off or not, have these words there no more."""

    said: Said
    mended: bool


def places_of(finding: Finding, *, now: datetime) -> list[Place]:
    """All places of the public structure with the words of a finding. Reads the present settings with the present lists."""
    content, engine = structure_of(finding.site), checking.engine_for(finding.site, now=now)
    left = [found.start for found in engine.read(matter_of_structure(content, at=now)) if found.key == finding.key]
    still = {(said.kept, said.key) for start in left if (said := said_at(content, start, at=now))}
    public = (said for said in said_where(finding) if not said.is_over(now))
    return [Place(said, (said.kept, said.key) not in still) for said in public]


def said_where(finding: Finding) -> list[Said]:
    """Where it stands in the version that was found at fault; each place once."""
    content = json.loads(finding.version.content)
    run = CheckRun.objects.filter(version=finding.version).order_by("-pk").first()
    found = [one.start for one in checking.findings_of(run) if one.key == finding.key] if run else []
    said = [said_at(content, start, at=finding.version.created_at) for start in found]
    return list(dict.fromkeys(one for one in said if one is not None))
