"""Pages for machines and pages that every site has once: feeds, site maps, robots.txt, errors."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from jiyue.domain.deadlines import local
from jiyue.domain.rule_terms import Deadline
from jiyue.interaction.duties import REPLY
from jiyue.publishing import pages
from jiyue.publishing.composing.ground import FEED_NAMES, ground
from jiyue.publishing.frame import Link
from jiyue.publishing.framing import SITE_MAP, address_of_column, children_of, site_map_groups
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.projection import month_span
from jiyue.publishing.reading import Reader
from jiyue.rules import wording
from jiyue.rules.queries import answer_for

FEED_LENGTH = 20
INTERACTION = "interaction"  # the code of the block
COUNTER = "/hudong/"
BESIDE = frozenset({"disclosure_guide", "disclosure_report"})  # beside the asking for information (DISC-03)
SEARCH = "/search/"  # passed on to whoever answers questions; what is baked there is the frame of the answer


def compose_site_map(reader: Reader) -> pages.SiteMapPage:
    return pages.SiteMapPage(**ground(reader, _("网站地图"), SITE_MAP), groups=tuple(site_map_groups(reader.structure)))


def compose_search(reader: Reader) -> pages.SearchPage:
    return pages.SearchPage(**ground(reader, _("搜索"), SEARCH))


def takes_letters(reader: Reader) -> bool:
    """Is 互动交流 switched on in the signed structure of the site?"""
    return INTERACTION in reader.frame.blocks


def compose_counter(reader: Reader) -> pages.CounterPage | None:
    """The frame of the pages on which people write; None where the site takes no letters."""
    if not takes_letters(reader):
        return None
    columns = [column for column in reader.open_columns() if column["kind"] in BESIDE]
    beside = tuple(Link(title=column["name"], address=address_of_column(column)) for column in columns)
    mailboxes = tuple(_mailboxes(reader))
    return pages.CounterPage(
        **ground(reader, _("我要说"), COUNTER), beside=beside, mailboxes=mailboxes, limits=tuple(_limits(reader))
    )


def _limits(reader: Reader) -> Iterator[str]:
    """By when letters are answered by the rules of the site's unit on this day; nothing where they set no figure."""
    terms = answer_for(reader.site.owner, REPLY, on=local(reader.at).date()).terms
    if isinstance(terms, Deadline):
        for each in terms.classes:
            yield f"{each.name}：{wording.class_limit(each)}"
        if not terms.classes:
            yield wording.terms(terms)


def _mailboxes(reader: Reader) -> Iterator[pages.LeaderMailbox]:
    """The leaders of the signed structure who are public themselves, in its order."""
    for facts in reader.structure.get("mailboxes", ()):
        item = reader.listed_item(UUID(facts["leader"]))
        if item is not None:
            content = reader.content(item)
            yield pages.LeaderMailbox(
                leader=facts["leader"], name=content["title"], post=content["detail"].get("post", ""), words=facts["words"],
                is_open=facts["open"],
            )  # fmt: skip


def compose_not_found(reader: Reader) -> pages.NotFoundPage:
    return pages.NotFoundPage(**ground(reader, _("没有找到这个页面"), "/404.html"))


def compose_general_gone(reader: Reader) -> pages.GonePage:
    return pages.GonePage(**ground(reader, _("这个页面已经撤下"), "/410.html"))


def compose_unavailable(reader: Reader) -> pages.UnavailablePage:
    return pages.UnavailablePage(**ground(reader, _("网站暂时不能访问"), "/503.html"))


def compose_feed(reader: Reader, form: str, column: dict[str, Any] | None = None) -> pages.Feed:
    """RSS or Atom of a column (with everything below it) or of the whole site."""
    top = children_of(reader.structure, None)
    cards = reader.newest_below(column, FEED_LENGTH) if column else _newest_of_all(reader, top)
    home = reader.frame.origin + (address_of_column(column) if column else "/")
    title = f"{column['name']} - {reader.frame.name}" if column else reader.frame.name
    newest = max((card.updated_at or card.published_at for card in cards), default=reader.at)
    return pages.Feed(
        form=form,  # type: ignore[arg-type]
        title=title,
        address=home + FEED_NAMES[form],
        home=home,
        description=column["description"] if column else _("%(site)s最新信息") % {"site": reader.frame.name},
        updated_at=newest,
        items=tuple(_absolute(reader, card) for card in cards),
        author=reader.frame.owner,
    )


def _newest_of_all(reader: Reader, top: list[dict[str, Any]]) -> list[pages.ListItem]:
    cards = [card for column in top for card in reader.newest_below(column, FEED_LENGTH)]
    return sorted(cards, key=lambda card: card.published_at, reverse=True)[:FEED_LENGTH]


def _absolute(reader: Reader, card: pages.ListItem) -> pages.ListItem:
    return replace(card, address=reader.frame.origin + card.address)


def compose_robots(reader: Reader) -> pages.Robots:
    return pages.Robots(site_map=f"{reader.frame.origin}/sitemap.xml", refused=(SEARCH, COUNTER))


def compose_site_map_index(reader: Reader, parts: list[str]) -> pages.SiteMapXml:
    """`sitemap.xml`: the list of the parts, one for the columns and one for each year of documents."""
    entries = [pages.SiteMapEntry(address=f"{reader.frame.origin}/sitemap/{part}.xml") for part in parts]
    return pages.SiteMapXml(entries=tuple(entries), index=True)


def compose_site_map_part(reader: Reader, part: str) -> pages.SiteMapXml:
    """`columns`, or a month such as `2026-11`."""
    found: list[tuple[str, datetime | None]]
    if part == "columns":
        found = [("/", None), *((address_of_column(column), None) for column in reader.open_columns())]
    else:
        begins, ends = month_span(*map(int, part.split("-")))
        items = PublicItem.objects.filter(
            site=reader.site, state__in=LISTED, published_at__gte=begins, published_at__lt=ends
        )
        found = [(item.address, item.changed_at) for item in items.only("address", "changed_at").order_by("address")]
    origin = reader.frame.origin
    return pages.SiteMapXml(
        entries=tuple(pages.SiteMapEntry(address=origin + address, changed_at=changed) for address, changed in found)
    )
