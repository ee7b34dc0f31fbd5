"""The home page."""

from typing import Any

from django.utils.translation import gettext as _

from jiyue.publishing import pages
from jiyue.publishing.composing.ground import block_of, columns_of_kind, ground
from jiyue.publishing.composing.library import library_link
from jiyue.publishing.composing.machines import COUNTER, takes_letters
from jiyue.publishing.composing.services import entrance_of
from jiyue.publishing.frame import Link, LinkGroup
from jiyue.publishing.framing import address_of_column, children_of, origin_of, window_of
from jiyue.publishing.groups import group_of
from jiyue.publishing.offers import offers, services_column
from jiyue.publishing.pages import ListBlock
from jiyue.publishing.read_keys import clock_key, group_key, site_key
from jiyue.publishing.reading import Reader, picture_of

HEADLINES = 6
WRITE, FOLLOW = f"{COUNTER}write", f"{COUNTER}follow"
HOME_KINDS = ("notices", "policy_documents", "interpretations")
HOME_BLOCKS = 6
TASKS = 12
NEIGHBOURS = ("department", "portal", "subsite")


def compose_home(reader: Reader) -> pages.HomePage:
    """The home page: what matters now, and the ways into everything else."""
    first = next(iter(columns_of_kind(reader, "news")), None)
    address = address_of_column(first) if first else ""
    news = reader.newest(first, HEADLINES + 6) if first else []
    lead = next((card for card in news if card.picture), None)
    headlines = tuple(card for card in news if card is not lead)[:HEADLINES]
    topics = columns_of_kind(reader, "topics")
    reader.note(clock_key(reader.site.pk))
    return pages.HomePage(
        **ground(reader, reader.frame.name, "/"),
        lead=lead,
        headlines=ListBlock(title=first["name"], address=address, items=headlines) if first and headlines else None,
        lists=tuple(_home_lists(reader)),
        doors=tuple(_doors(reader)),
        services=entrance_of(reader),
        topics=tuple(_topic_cards(reader, topics)),
        topics_address=address_of_column(topics[0]) if topics else "",
        neighbours=tuple(_neighbours(reader)),
        window=window_of(reader.structure, reader.at),
    )


def _home_lists(reader: Reader) -> list[ListBlock]:
    """First what binds people (notices, documents, what they mean), then what other units report."""
    first = [columns[0] for kind in HOME_KINDS if (columns := _news_first(columns_of_kind(reader, kind)))]
    others = [column for column in columns_of_kind(reader, "news")[1:] if column not in first]
    urgent = [
        found for found in columns_of_kind(reader, "notices") if found["channel"] == "news" and found not in first
    ]
    return [block for block in (block_of(reader, column) for column in [*first, *urgent, *others]) if block.items][
        :HOME_BLOCKS
    ]


def _news_first(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of several columns of a kind, the one in the news speaks for all: notices before calls for opinions."""
    return sorted(columns, key=lambda column: column["channel"] != "news")


def _doors(reader: Reader) -> list[LinkGroup]:
    tops = {top["channel"]: top for top in children_of(reader.structure, None) if top["kind"] == "channel"}
    doors = []
    for channel, title in (("services", _("我要办")), ("openness", _("我要查")), ("interaction", _("我要说"))):
        top = tops.get(channel)
        links = _ways_in(reader, top) if top else ()
        if channel == "interaction" and takes_letters(reader):
            links = (Link(title=_("写信"), address=WRITE), Link(title=_("查询办理进度"), address=FOLLOW), *links)
        if channel == "openness" and columns_of_kind(reader, "policy_documents"):
            links = (library_link(), *links)
        if links and (top or channel == "interaction"):
            doors.append(LinkGroup(title=title, links=links, address=address_of_column(top) if top else ""))
    return doors


def _ways_in(reader: Reader, top: dict[str, Any]) -> tuple[Link, ...]:
    """What one can do there in words: the guides of the first column for services, else the columns."""
    entrance = services_column(reader) if top["channel"] == "services" else None
    if entrance and (found := offers(reader)):
        return tuple(Link(title=offer.title, address=offer.address) for offer in found[:TASKS])
    children = children_of(reader.structure, top["id"])
    guides = reader.newest(children[0], TASKS) if top["channel"] == "services" and children else []
    if guides:
        return tuple(Link(title=card.title, address=card.address) for card in guides)
    return tuple(Link(title=child["name"], address=address_of_column(child)) for child in children)


def _neighbours(reader: Reader) -> list[LinkGroup]:
    """The sites of a portal's group, by their kind; nothing on sites without one."""
    reader.note(group_key(reader.site.pk))
    links: dict[str, list[Link]] = {kind: [] for kind in NEIGHBOURS}
    for profile in group_of(reader.site):
        reader.note(site_key(profile["site"]))
        links[profile["kind"]].append(Link(title=profile["name"], address=origin_of(profile["host"])))
    titles = {"department": _("部门网站"), "portal": _("地方政府网站"), "subsite": _("分站")}
    return [LinkGroup(title=titles[kind], links=tuple(found)) for kind, found in links.items() if found]


def _topic_cards(reader: Reader, columns: list[dict[str, Any]]) -> list[pages.TopicCard]:
    pairs = [pair for column in columns for pair in reader.contents_in(column, 6) if pair[0].kind == "topic"]
    pairs.sort(key=lambda pair: pair[1]["detail"]["archived"])  # what still goes on comes first
    return [
        pages.TopicCard(
            title=content["title"], address=item.address, summary=content["summary"],
            picture=picture_of(content["cover"]), archived=content["detail"]["archived"],
        )
        for item, content in pairs
    ][:4]  # fmt: skip
