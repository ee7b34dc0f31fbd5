"""办事服务 of a site: the entrance, one page for each value of a facet, the catalogue of items (SERV-01, 02, 06, 07)."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content.models import ServiceGuide, ServiceItem
from jiyue.content.needs import Audience, LifeEvent
from jiyue.publishing import pages
from jiyue.publishing.composing.ground import ground
from jiyue.publishing.frame import Link
from jiyue.publishing.framing import address_of_column, origin_of
from jiyue.publishing.groups import group_of
from jiyue.publishing.offers import Offer, offers, services_column, themes_of
from jiyue.publishing.pages import Crumb, Page
from jiyue.publishing.reading import Reader
from jiyue.rules.code_words import WORDS

ONLINE, COUNTER = "online", "counter"
MODES = {ONLINE: gettext_lazy("网上办理"), COUNTER: gettext_lazy("按指南到现场办理")}
CLASSES = ServiceItem.ItemClass
# The three kinds that a site lists even when it has none of one (Xiangxi art. 16).
ALWAYS_LISTED = (CLASSES.LICENSING, CLASSES.APPROVAL, CLASSES.PUBLIC_SERVICE)
FACET = re.compile(r"(?P<facet>theme|event|audience|mode|unit)/(?P<code>[a-z0-9-]{1,60})/")
CATALOGUE = "catalogue/"
MAILBOX = re.compile(r"(省|市|区|县|州|旗)人民政府$")
MOST_ON_ENTRANCE = 20


@dataclass(frozen=True)
class _Kind:
    """One way to narrow: its name, its values with their words, and which offers belong to a value."""

    title: str
    values: dict[str, str]
    holds: Callable[[Offer, str], bool]


def compose_entrance(reader: Reader, column: dict[str, Any]) -> pages.ServicesPage:
    """The services column as the one entrance of the site."""
    found = offers(reader)
    facets = {name: _facet(reader, column, name) for name in ("audience", "mode", "theme", "event", "unit")}
    return pages.ServicesPage(
        **ground(reader, column["name"], address_of_column(column), column),
        total=len(found),
        catalogue=_catalogue_link(column),
        audiences=facets["audience"].links,
        modes=facets["mode"].links,
        themes=facets["theme"],
        events=facets["event"],
        units=facets["unit"] if len(facets["unit"].links) > 1 else None,
        entries=tuple(_entries(reader)),
        reach=_reach(reader, found),
        guides=tuple(_line(offer) for offer in found) if len(found) <= MOST_ON_ENTRANCE else (),
        empty_why="" if found else _("目前还没有发布办事指南。"),
    )


def _entries(reader: Reader) -> Iterator[Link]:
    """网上审批、区长信箱、呼叫中心、全程代办, as far as the signed settings name them (SERV-09; Chaoyang art. 37)."""
    profile = reader.structure["profile"]
    number = profile.get("call_centre", "")
    titles = {"approval_url": _("网上审批"), "mailbox_url": _mailbox(profile["owner"]), "call_centre": _("呼叫中心"),
              "agency_url": _("全程代办")}  # fmt: skip
    for name, title in titles.items():
        if profile.get(name):
            address = f"tel:{number}" if name == "call_centre" else profile[name]
            yield Link(title=title, address=address, note=number if name == "call_centre" else _host_of(address))


def _mailbox(owner: str) -> str:
    """区长信箱 of a district, by the name of the government; 领导信箱 of everybody else."""
    found = MAILBOX.search(owner)
    return _("%(head)s长信箱") % {"head": found[1]} if found else _("领导信箱")


def _host_of(address: str) -> str:
    return urlsplit(address).hostname or ""


def _reach(reader: Reader, found: list[Offer]) -> tuple[pages.SiteReach, ...]:
    """For each site whose guides a portal shows, how many can be applied for online; nothing where it is only one."""
    names = {profile["site"]: profile for profile in group_of(reader.site)}
    own = {"name": reader.frame.name, "host": reader.site.host}
    lines = []
    for site in dict.fromkeys(offer.site for offer in found):
        guides = [offer for offer in found if offer.site == site]
        facts, online = names.get(site, own), sum(offer.online for offer in guides)
        lines.append(pages.SiteReach(
            name=facts["name"], address=f"{origin_of(facts['host'])}/", total=len(guides), online=online,
            share=100 * online // len(guides),
        ))  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (-line.share, -line.total, line.name))) if len(lines) > 1 else ()


def compose_services(reader: Reader, address: str) -> Page | None:
    """The page at an address below the entrance; None for every other address, and for values that are not there."""
    column = services_column(reader)
    base = address_of_column(column) if column else ""
    if column is None or not address.startswith(base):
        return None
    rest = address.removeprefix(base)
    if rest == CATALOGUE:
        return _catalogue(reader, column)
    found = FACET.fullmatch(rest)
    return _list(reader, column, found["facet"], found["code"]) if found else None


def service_addresses(reader: Reader) -> list[str]:
    """Every address below the entrance."""
    column = services_column(reader)
    if column is None:
        return []
    base = address_of_column(column)
    lists = [f"{base}{name}/{code}/" for name, kind in _kinds(reader).items() for code in kind.values]
    return [f"{base}{CATALOGUE}", *lists]


def entrance_of(reader: Reader) -> pages.ServiceEntrance | None:
    """What the home page shows of the services; None on a site without them (SERV-01)."""
    column = services_column(reader)
    if column is None:
        return None
    return pages.ServiceEntrance(
        link=Link(title=column["name"], address=address_of_column(column)),
        total=len(offers(reader)),
        audiences=_facet(reader, column, "audience").links,
        themes=_facet(reader, column, "theme").links,
    )


def depth_word(depth: int) -> str:
    return str(ServiceGuide.OnlineDepth(depth).label)


def class_word(code: str) -> str:
    return str(CLASSES(code).label)


def words_of(choices: type[TextChoices], codes: Iterable[str]) -> tuple[str, ...]:
    """The words of some codes, in the order in which the choices are written."""
    codes = set(codes)
    return tuple(str(choice.label) for choice in choices if choice.value in codes)


def _kinds(reader: Reader) -> dict[str, _Kind]:
    found = offers(reader)
    units = {offer.unit_code: offer.unit for offer in found}
    used = {code for offer in found for code in offer.codes("life_events")}
    return {
        "audience": _Kind(_("按服务对象"), _worded(Audience), lambda offer, code: code in offer.codes("audiences")),
        "mode": _Kind(
            _("按办理方式"), {code: str(word) for code, word in MODES.items()},
            lambda offer, code: offer.online == (code == ONLINE),
        ),
        "theme": _Kind(
            _("按主题"), {code: WORDS.get(code, code) for code in themes_of(reader)},
            lambda offer, code: code in offer.codes("themes"),
        ),
        "event": _Kind(
            _("按人生事件和企业事件"), {code: word for code, word in _worded(LifeEvent).items() if code in used},
            lambda offer, code: code in offer.codes("life_events"),
        ),
        "unit": _Kind(
            _("按部门"), dict(sorted(units.items(), key=lambda unit: unit[1])),
            lambda offer, code: offer.unit_code == code,
        ),
    }  # fmt: skip


def _worded(choices: type[TextChoices]) -> dict[str, str]:
    return {str(choice.value): str(choice.label) for choice in choices}


def _facet(reader: Reader, column: dict[str, Any], name: str, current: str = "") -> pages.Facet:
    kind, found = _kinds(reader)[name], offers(reader)
    base = f"{address_of_column(column)}{name}/"
    links = (
        Link(title=word, address=f"{base}{code}/", note=_count(found, kind, code), current=code == current)
        for code, word in kind.values.items()
    )
    return pages.Facet(title=kind.title, links=tuple(links))


def _count(found: list[Offer], kind: _Kind, code: str) -> str:
    count = sum(kind.holds(offer, code) for offer in found)
    return _("%(count)s 项") % {"count": count} if count else _("暂无")


def _list(reader: Reader, column: dict[str, Any], name: str, code: str) -> pages.ServiceListPage | None:
    kind = _kinds(reader)[name]
    if code not in kind.values:
        return None
    word, address = kind.values[code], f"{address_of_column(column)}{name}/{code}/"
    title = f"{column['name']}：{word}"
    guides = tuple(_line(offer) for offer in offers(reader) if kind.holds(offer, code))
    return pages.ServiceListPage(
        **_below(reader, column, title, address, word),
        facet=_facet(reader, column, name, code),
        guides=guides,
        empty_why="" if guides else _("“%(what)s”目前还没有发布办事指南。") % {"what": word},
        entrance=Link(title=column["name"], address=address_of_column(column)),
    )


def _catalogue(reader: Reader, column: dict[str, Any]) -> pages.ServiceCataloguePage:
    by_item: dict[str, list[Offer]] = {}
    for offer in offers(reader):
        by_item.setdefault(offer.item["code"], []).append(offer)
    classes = tuple(
        pages.CatalogueClass(title=str(kind.label), anchor=str(kind.value).replace("_", "-"), lines=lines)
        for kind in CLASSES
        if (lines := tuple(_items(by_item, kind))) or kind in ALWAYS_LISTED
    )
    link = _catalogue_link(column)
    return pages.ServiceCataloguePage(
        **_below(reader, column, link.title, link.address, link.title), classes=classes, total=len(by_item),
        entrance=Link(title=column["name"], address=address_of_column(column)),
    )  # fmt: skip


def _items(by_item: dict[str, list[Offer]], kind: str) -> Iterable[pages.CatalogueLine]:
    for code, found in sorted(by_item.items()):
        # Guides signed at different times repeat their item as it was then; the newest code stands for all of a code.
        item = found[0].item
        if item["item_class"] != kind:
            continue
        yield pages.CatalogueLine(
            code=code, name=item["name"], audiences="、".join(words_of(Audience, item["audiences"])),
            charge=_("收费") if item["charged"] else _("不收费"), guides=tuple(map(_line, found)),
        )  # fmt: skip


def _catalogue_link(column: dict[str, Any]) -> Link:
    return Link(title=_("政务服务事项目录"), address=f"{address_of_column(column)}{CATALOGUE}")


def _below(reader: Reader, column: dict[str, Any], title: str, address: str, crumb: str) -> dict[str, Any]:
    base = ground(reader, title, address, column)
    return base | {"crumbs": (*base["crumbs"], Crumb(title=crumb, address=address)), "feeds": ()}


def _line(offer: Offer) -> pages.GuideLine:
    online = Link(title=_("在线办理"), address=offer.online_address) if offer.online else None
    return pages.GuideLine(
        title=offer.title, address=offer.address, unit=offer.unit, item_class=class_word(offer.item["item_class"]),
        depth=depth_word(offer.depth), online=online, forms=f"{offer.address}#materials" if offer.has_forms else "",
        consultation=offer.consultation_address,
    )  # fmt: skip
