"""政策文件库: the policy library of a site, and that of a portal's whole group."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content import needs
from jiyue.publishing import pages, shelving
from jiyue.publishing.composing.ground import ground
from jiyue.publishing.frame import Link, LinkGroup
from jiyue.publishing.models import PublicItem, ShelfPlace
from jiyue.publishing.pages import LibraryLine
from jiyue.publishing.reading import Reader
from jiyue.publishing.shelving import ALL, FACETS, NAMED, NEEDS, Library, closed_pages, facet_of, value_of

FRONT = 30  # documents on the first page of the library and of a shelf
TITLES = {
    "issuer": gettext_lazy("发文机关"),
    "subject": gettext_lazy("主题分类"),
    "validity": gettext_lazy("有效性"),
    "audience": gettext_lazy("面向对象"),
    "theme": gettext_lazy("办事主题"),
    "event": gettext_lazy("人生事件和企业事件"),
}
VALIDITIES = {
    "valid": gettext_lazy("现行有效"),
    "amended": gettext_lazy("已修改"),
    "not_yet": gettext_lazy("尚未施行"),
    "expired": gettext_lazy("已失效"),
    "repealed": gettext_lazy("已废止"),
    "unchecked": gettext_lazy("有效性未核定"),
}
# What the search page calls the same choice; others it does not know.
ASKED = {"issuer": "u", "validity": "v", "audience": "a", "theme": "h", "event": "e"}


def libraries_of(reader: Reader) -> list[Library]:
    """The libraries that a site shows: its own, and that of its group where it has one."""
    sites = reader.whole_group()
    return [Library(reader.site.pk), *([Library(reader.site.pk, sites)] if sites else [])]


def compose_library(reader: Reader, address: str) -> pages.LibraryPage | None:
    """The page of the policy library at an address; None where there is none."""
    found = shelving.ADDRESS.match(address)
    if found is None:
        return None
    libraries = libraries_of(reader)
    library = next((each for each in libraries if bool(each.sites) == bool(found["group"])), None)
    if library is None:
        return None
    shelf = f"{found['facet']}:{found['value']}" if found["facet"] else ALL
    if found["year"]:
        return _year(reader, library, shelf, int(found["year"]), int(found["number"] or 0))
    return _front(reader, library, libraries) if shelf == ALL else _shelf(reader, library, shelf)


def shelf_links(reader: Reader, item: PublicItem, content: dict[str, Any], *facets: str) -> tuple[Link, ...]:
    """The shelves of these facets on which a document stands, each leading into the site's own library."""
    library = Library(reader.site.pk)
    shelves = [(shelf, name) for shelf, name in shelving.shelves_of(item, content).items() if facet_of(shelf) in facets]
    return tuple(Link(title=_name(shelf, name), address=library.shelf_address(shelf)) for shelf, name in shelves)


def _front(reader: Reader, library: Library, libraries: list[Library]) -> pages.LibraryPage:
    for site in library.sites:
        reader.note(shelving.member_key(site))
    lines = _lines(reader, library.newest(ALL)[:FRONT], ALL)
    years = library.years(ALL)
    other = next((each for each in libraries if each != library), None)
    return pages.LibraryPage(
        **_ground(reader, library, title_of(reader, library), library.base),
        lead=_lead(reader, library),
        items=lines,
        total=sum(count for _year, count in years),
        facets=tuple(_facets(reader, library)),
        years=tuple(_years(library, ALL, years)),
        other=Link(title=title_of(reader, other), address=other.base) if other else None,
        asked=_asked(library, ALL),
        is_narrowed=True,
        empty_why="" if lines else _("这里还没有政策文件。文件签发以后会自动出现在这里。"),
    )


def _shelf(reader: Reader, library: Library, shelf: str) -> pages.LibraryPage | None:
    newest = library.newest(shelf)
    lines = _lines(reader, newest[:FRONT], shelf)
    if not lines:
        return None
    name = _name(shelf, newest.values_list("name", flat=True)[0])
    years = library.years(shelf)
    return pages.LibraryPage(
        **_ground(reader, library, _titled(library, shelf, name), library.shelf_address(shelf), shelf, name),
        lead="",
        items=lines,
        total=sum(count for _year, count in years),
        years=tuple(_years(library, shelf, years)),
        shelf=_home_of(reader, library),
        asked=_asked(library, shelf, name),
        is_narrowed=facet_of(shelf) in ASKED,
    )


def _year(reader: Reader, library: Library, shelf: str, year: int, number: int) -> pages.LibraryPage | None:
    rows = library.year(shelf, year)
    count = rows.count()
    closed = closed_pages(count)
    if not count or number > closed:
        return None
    begins = (number - 1 if number else closed) * shelving.LENGTH
    ends = number * shelving.LENGTH if number else count
    lines = _lines(reader, rows[begins:ends], shelf)[::-1]
    name = _name(shelf, rows.values_list("name", flat=True)[0]) if shelf != ALL else ""
    word = _("%(year)s年") % {"year": year}
    title = _("%(what)s（%(year)s）") % {"what": _titled(library, shelf, name), "year": word}
    address = library.year_address(shelf, year, number or None)
    base = _ground(reader, library, title, address, shelf, name)
    crumb = pages.Crumb(title=word, address=library.year_address(shelf, year))
    newer = number + 1 if number and number < closed else None
    older = (number or closed + 1) - 1
    return pages.LibraryPage(
        **base | {"crumbs": (*base["crumbs"], crumb)},
        lead="",
        items=lines,
        total=None if number else count,
        shelf=_home_of(reader, library, shelf, name),
        asked=(*_asked(library, shelf, name), ("y", str(year))),
        is_narrowed=shelf == ALL or facet_of(shelf) in ASKED,
        number=number or None,
        newer=library.year_address(shelf, year, newer) if number else "",
        older=library.year_address(shelf, year, older) if older else "",
    )


def library_link() -> Link:
    """The way into a site's own library."""
    return Link(title=_("政策文件库"), address=shelving.BASE)


def title_of(reader: Reader, library: Library) -> str:
    """What a library is called."""
    return _("全部网站政策文件库") if library.sites else _("政策文件库")


def _lead(reader: Reader, library: Library) -> str:
    words = {"site": reader.frame.name}
    if library.sites:
        return _("收录%(site)s和所属各网站公开的政策文件，按发文机关、年份、有效性和办事需要归类。") % words
    return _("收录%(site)s公开的政策文件，按发文机关、年份、有效性和办事需要归类。") % words


def _ground(
    reader: Reader, library: Library, title: str, address: str, shelf: str = ALL, name: str = ""
) -> dict[str, Any]:
    base = ground(reader, title, address)
    crumbs = [pages.Crumb(title=title_of(reader, library), address=library.base)]
    if shelf != ALL:
        crumbs.append(pages.Crumb(title=name, address=library.shelf_address(shelf)))
    return base | {"crumbs": tuple(crumbs), "feeds": (), "description": _lead(reader, library)}


def _home_of(reader: Reader, library: Library, shelf: str = ALL, name: str = "") -> Link:
    title = name if shelf != ALL else title_of(reader, library)
    return Link(title=title, address=library.shelf_address(shelf))


def _titled(library: Library, shelf: str, name: str) -> str:
    if shelf == ALL:
        return _("全部网站政策文件") if library.sites else _("政策文件")
    if library.sites:
        return _("全部网站政策文件：%(name)s") % {"name": name}
    return _("政策文件：%(name)s") % {"name": name}


def _name(shelf: str, name: str) -> str:
    """The words of a shelf: an editor's where it is named, ours where it is a code."""
    facet, value = facet_of(shelf), value_of(shelf)
    if facet in NAMED or shelf == ALL:
        return name
    if facet == "validity":
        return str(VALIDITIES[value])
    return str(dict(needs.NEEDS[NEEDS[facet]].choices)[value])


def _facets(reader: Reader, library: Library) -> Iterable[LinkGroup]:
    counts = library.counts()
    for found in counts.values():
        for shelf, *_facts in found:
            # Whose name a list bears, a signed document has to bear too: the rows of shelves alone prove nothing.
            reader.shelved(library.places(shelf).order_by("pk")[:1])
    for facet in FACETS:
        found = _in_order(facet, counts[facet])
        links = tuple(
            Link(
                title=_name(shelf, name),
                address=library.shelf_address(shelf),
                note=_("%(count)s 件") % {"count": count},
            )
            for shelf, name, count in found
        )
        if links:
            yield LinkGroup(title=str(TITLES[facet]), links=links)


def _in_order(facet: str, found: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Lists of ours in their own order, names by how many documents they have."""
    if facet in NAMED:
        return sorted(found, key=lambda one: (-one[2], one[1]))
    codes = list(VALIDITIES) if facet == "validity" else list(needs.NEEDS[NEEDS[facet]].values)
    return sorted(found, key=lambda one: codes.index(value_of(one[0])))


def _years(library: Library, shelf: str, years: list[tuple[int, int]]) -> Iterable[Link]:
    for year, count in years:
        note = _("%(count)s 件") % {"count": count}
        yield Link(title=str(year), address=library.year_address(shelf, year), note=note)


def _asked(library: Library, shelf: str, name: str = "") -> tuple[tuple[str, str], ...]:
    given = [("t", "policy_document"), ("o", "date"), *([("s", "all")] if library.sites else [])]
    if (facet := facet_of(shelf)) in ASKED:
        given.append((ASKED[facet], name if facet in NAMED else value_of(shelf)))
    return tuple(given)


def _lines(reader: Reader, places: QuerySet[ShelfPlace], shelf: str) -> tuple[LibraryLine, ...]:
    found = reader.shelved(places)
    # Who comes with a need, and not for an office, reads what a document means first.
    explained = reader.explaining([item for item, _card in found]) if facet_of(shelf) in NEEDS else {}
    return tuple(
        LibraryLine(
            item=reader.card_for(item, card),
            interpretations=tuple(
                Link(title=content["title"], address=reader.address_of(other))
                for other, content in explained.get(item.identity, ())
            ),
        )
        for item, card in found
    )
