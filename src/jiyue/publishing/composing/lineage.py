"""文件沿革: what a document's page says of the documents that changed it and of those that it changed."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiyue.publishing import pages, validity
from jiyue.publishing.composing.ground import day
from jiyue.publishing.framing import origin_of
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.reading import Reader
from jiyue.publishing.sealed import check_item


def banner(reader: Reader, item: PublicItem, content: dict[str, Any]) -> str:
    """The worded warning above a text that no longer holds, or not as it stands; empty for everything else."""
    changes = reader.changes_of(item)
    found = validity.standing_of(item, content, at=reader.at, changes=changes)
    by = next((change.content for change in changes if change.effect.by == found.by), None)
    words = {"by": _named(by) if by else "", "on": _worded(found.since) if found.since else ""}
    if found.code == "repealed" and found.by:
        return _("本文件已由%(by)s废止，自%(on)s起不再施行，仅供查阅。") % words
    if found.code == "repealed":
        return _("本文件已经废止，仅供查阅。")
    if found.code == "expired":
        return _("本文件自%(on)s起失效，仅供查阅。") % words if found.since else _("本文件已经失效，仅供查阅。")
    if found.code == "amended" and found.by:
        return _("本文件的部分内容已由%(by)s修改，自%(on)s起施行，请一并查阅。") % words
    return ""


def note(item: PublicItem, content: dict[str, Any]) -> str:
    """What stands beside the badge of a document whose day has not come."""
    effective_on = day(content["detail"]["effective_on"])
    if item.validity != PublicItem.Validity.NOT_YET or effective_on is None:
        return ""
    return _("%(on)s起施行") % {"on": _worded(effective_on)}


def ties(reader: Reader, item: PublicItem, content: dict[str, Any]) -> tuple[pages.DocumentTie, ...]:
    """All that changed the document and all that it changed, in the order of their days."""
    found = [
        _tie(reader, f"{_PASSIVE[effect.act]}_by", effect.on, other, told)
        for effect, other, told in reader.changes_of(item)
    ]
    effective_on = validity.effective_day(item, content)
    for name in validity.ACTS:
        for identity in content["detail"].get(name, ()):
            other = reader.listed_item(identity) or _elsewhere(identity)
            if other is not None:
                found.append(_tie(reader, name, effective_on, other, validity.signed_content(other)))
    return tuple(sorted(found, key=lambda tie: (tie.on, tie.how, tie.title)))


_PASSIVE = {"amends": "amended", "repeals": "repealed"}


def _tie(reader: Reader, how: str, on: date, other: PublicItem, content: dict[str, Any]) -> pages.DocumentTie:
    here = reader.listed_item(other.identity)
    return pages.DocumentTie(
        how=how, on=on, title=content["title"],
        address=here.address if here else origin_of(other.site.host) + other.address,
        document_number=content["detail"].get("document_number", ""),
    )  # fmt: skip


def _elsewhere(identity: str) -> PublicItem | None:
    """A document that only another site shows."""
    items = PublicItem.objects.filter(identity=identity, placed_by=None, state__in=LISTED)
    found = items.select_related("site", "sign_off__version").first()
    return check_item(found) if found else None


def _named(content: dict[str, Any]) -> str:
    """《标题》（文号）, with single book marks inside double ones."""
    number = content["detail"].get("document_number", "")
    title = f"《{content['title'].replace('《', '〈').replace('》', '〉')}》"
    return f"{title}（{number}）" if number else title


def _worded(on: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": on.year, "month": on.month, "day": on.day}
