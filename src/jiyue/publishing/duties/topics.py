"""专题: when its work has ended it goes to the archive (COL-09; Hebi art. 29)."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from jiyue.content.models import Record, Topic
from jiyue.domain.duties import Fact
from jiyue.publishing.duties.reach import named, reaches
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.moments import chunks, midnight
from jiyue.publishing.validity import signed_content

ARCHIVE = "topic.archive"


class TopicSource:
    """A public topic whose last day is over owes its archiving; the signed version that says so meets it."""

    code = "topics"
    parameters = (ARCHIVE,)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        items = PublicItem.objects.filter(kind=Record.Kind.TOPIC, placed_by=None, state__in=LISTED).order_by("pk")
        identities = named(subjects, "record")
        if identities is not None:
            items = items.filter(identity__in=identities)
        for reach in reaches(set(items.values_list("site", flat=True))):
            for some in chunks(items.filter(site__in=list(reach.since)).select_related("sign_off__version")):
                topics = Topic.objects.select_related("site").in_bulk(
                    [item.identity for item in some], field_name="identity"
                )
                yield from (fact for item in some if (fact := _fact(topics[item.identity], item)))


def _fact(topic: Topic, item: PublicItem) -> Fact | None:
    """By what was signed, not by the draft: an end that is only typed moves no clock."""
    detail = signed_content(item)["detail"]
    if not detail["ends_on"]:
        return None
    over = midnight(date.fromisoformat(detail["ends_on"]) + timedelta(days=1))
    return Fact(
        parameter=ARCHIVE, subject=f"record:{topic.identity}", title=topic.title,
        unit=topic.responsible_id or topic.site.owner_id, site=topic.site_id, area=f"column:{topic.column_id}",
        started_at=over, met_at=max(item.changed_at, over) if detail["archived"] else None,
    )  # fmt: skip
