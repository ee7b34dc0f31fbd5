"""Which page stands at an address, filled from signed-off content. One function a kind of page; nothing is rendered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date

from jiyue.publishing import pages
from jiyue.publishing.frame import Link, LinkGroup
from jiyue.publishing.framing import CHANNEL_KEYS, SITE_MAP, address_of_column, children_of, origin_of, site_map_groups
from jiyue.publishing.models import ListPage, PublicItem
from jiyue.publishing.pages import Crumb, ListBlock, Page
from jiyue.publishing.projection import LISTED, LOCAL, check_item
from jiyue.publishing.reading import Reader, picture_of, validity_of
from jiyue.review.ledger import genuine
from jiyue.review.models import SignOff

FORMS = {
    "text": "文字解读", "digital": "数字解读", "graphic": "图表图解", "audio": "音频解读", "video": "视频解读",
    "animation": "动漫解读", "scene": "场景演示",
}  # fmt: skip
SCOPES = {"active": "主动公开", "on_request": "依申请公开"}
PICTURED_KINDS = frozenset({"gallery", "topics"})
SINGLE_PAGE_KINDS = frozenset({"overview", "disclosure_guide"})
HEADLINES, SHORT_LIST = 6, 5
HOME_KINDS = ("notices", "policy_documents", "interpretations")
HOME_BLOCKS = 6
TASKS = 12
FEED_LENGTH = 20


def compose_item(reader: Reader, item: PublicItem) -> Page:
    """The page of a public item. Raises SealBroken when its content is not what was signed."""
    content = reader.content(item)
    return _ITEM_PAGES[item.kind](reader, item, content)


def compose_gone(reader: Reader, item: PublicItem) -> pages.GonePage:
    """The 410 page of a withdrawn item. It does not repeat the title: that may be what was wrong."""
    return pages.GonePage(
        **_base(reader, "这个页面已经撤下", item.address, column=reader.columns.get(item.column_id)),
        reason="内容发布有误，发布单位已将其撤下。",
        withdrawn_at=item.changed_at,
    )


def compose_moved(reader: Reader, item: PublicItem) -> pages.MovedPage:
    """The stub left where a merged item was."""
    [row] = genuine([item.sign_off])
    target = row.instruction["target"]
    return pages.MovedPage(**_base(reader, "这个页面已合并到新的地址", item.address), target=target)


def compose_home(reader: Reader) -> pages.HomePage:
    """The home page: what matters now, and the ways into everything else."""
    first = next(iter(_columns_of_kind(reader, "news")), None)
    address = address_of_column(first) if first else ""
    news = reader.newest(first, HEADLINES + 6) if first else []
    lead = next((card for card in news if card.picture), None)
    headlines = tuple(card for card in news if card is not lead)[:HEADLINES]
    topics = _columns_of_kind(reader, "topics")
    return pages.HomePage(
        **_base(reader, reader.frame.name, "/"),
        lead=lead,
        headlines=ListBlock(title=first["name"], address=address, items=headlines) if first and headlines else None,
        lists=tuple(_home_lists(reader)),
        doors=tuple(_doors(reader)),
        topics=tuple(_topic_cards(reader, topics)),
        topics_address=address_of_column(topics[0]) if topics else "",
    )


def compose_column(reader: Reader, column: dict[str, Any]) -> Page:
    """The page of a column, by its kind."""
    compose = _COLUMN_PAGES.get(column["kind"], _list_column)
    return compose(reader, column)


def compose_list_page(reader: Reader, column: dict[str, Any], page: ListPage) -> pages.ColumnPage:
    """A closed list page; its neighbours are the page before and the page after (the newest page for the last one)."""
    following = reader.list_pages(column).filter(number=page.number + 1).exists()
    return pages.ColumnPage(
        **_base(reader, column["name"], list_address(column, page.number), column=column),
        items=tuple(reader.page(page)),
        number=page.number,
        newer=list_address(column, page.number + 1) if following else address_of_column(column),
        older=list_address(column, page.number - 1) if page.number > 1 else "",
        pictured=column["kind"] in PICTURED_KINDS,
    )


def compose_site_map(reader: Reader) -> pages.SiteMapPage:
    return pages.SiteMapPage(**_base(reader, "网站地图", SITE_MAP), groups=tuple(site_map_groups(reader.structure)))


def compose_not_found(reader: Reader) -> pages.NotFoundPage:
    return pages.NotFoundPage(**_base(reader, "没有找到这个页面", "/404.html"))


def compose_general_gone(reader: Reader) -> pages.GonePage:
    return pages.GonePage(**_base(reader, "这个页面已经撤下", "/410.html"))


def compose_unavailable(reader: Reader) -> pages.UnavailablePage:
    return pages.UnavailablePage(**_base(reader, "网站暂时不能访问", "/503.html"))


def compose_feed(reader: Reader, form: str, column: dict[str, Any] | None = None) -> pages.Feed:
    """RSS or Atom of a column (with everything below it) or of the whole site."""
    top = children_of(reader.structure, None)
    cards = reader.newest_below(column, FEED_LENGTH) if column else _newest_of_all(reader, top)
    home = reader.frame.origin + (address_of_column(column) if column else "/")
    title = f"{column['name']} - {reader.frame.name}" if column else reader.frame.name
    newest = max((card.published_at for card in cards), default=reader.at)
    return pages.Feed(
        form=form,  # type: ignore[arg-type]
        title=title,
        address=home + FEED_NAMES[form],
        home=home,
        description=column["description"] if column else f"{reader.frame.name}最新信息",
        updated_at=newest,
        items=tuple(_absolute(reader, card) for card in cards),
        author=reader.frame.owner,
    )


FEED_NAMES = {"rss": "rss.xml", "atom": "atom.xml"}


def compose_robots(reader: Reader) -> pages.Robots:
    return pages.Robots(site_map=f"{reader.frame.origin}/sitemap.xml")


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


def month_span(year: int, month: int) -> tuple[datetime, datetime]:
    """Begin and end (exclusive) of a month as Asia/Shanghai counts it."""
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=LOCAL), datetime(*following, 1, tzinfo=LOCAL)


def list_address(column: dict[str, Any], number: int) -> str:
    return f"{address_of_column(column)}list/{number}.html"


# ---- what all pages have in common ---------------------------------------------------------------------------------


def _base(
    reader: Reader, title: str, address: str, column: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "frame": reader.frame,
        "title": title,
        "address": address,
        "canonical": reader.frame.origin + address,
        "column": _facts(reader, column) if column else None,
        "crumbs": tuple(_crumbs(reader, column)) if column else (),
        "feeds": tuple(_feeds(reader, column)),
        "description": (column or {}).get("description", ""),
        **more,
    }


def _facts(reader: Reader, column: dict[str, Any]) -> pages.ColumnFacts:
    return pages.ColumnFacts(
        name=column["name"],
        address=address_of_column(column),
        description=column["description"],
        keywords=tuple(column["keywords"]) or (column["name"],),
        kinds=(column["name"],),
        channel=CHANNEL_KEYS[column["channel"]],
        keeper=column["responsible"],
    )


def _crumbs(reader: Reader, column: dict[str, Any]) -> list[Crumb]:
    chain = []
    at: dict[str, Any] | None = column
    while at is not None:
        chain.append(Crumb(title=at["name"], address=address_of_column(at)))
        at = reader.columns.get(at["parent"]) if at["parent"] else None
    return chain[::-1]


def _feeds(reader: Reader, column: dict[str, Any] | None) -> list[Link]:
    if column is None:
        return [Link(title=reader.frame.name, address=f"/{name}") for name in FEED_NAMES.values()]
    return [Link(title=column["name"], address=address_of_column(column) + name) for name in FEED_NAMES.values()]


def _absolute(reader: Reader, card: pages.ListItem) -> pages.ListItem:
    return replace(card, address=reader.frame.origin + card.address)


def _newest_of_all(reader: Reader, top: list[dict[str, Any]]) -> list[pages.ListItem]:
    cards = [card for column in top for card in reader.newest_below(column, FEED_LENGTH)]
    return sorted(cards, key=lambda card: card.published_at, reverse=True)[:FEED_LENGTH]


# ---- documents -----------------------------------------------------------------------------------------------------


def _document(reader: Reader, item: PublicItem, content: dict[str, Any]) -> dict[str, Any]:
    column = reader.columns.get(item.column_id)
    pictures = [facts["address"] for facts in content["files"] if "width" in facts]
    base = _base(reader, content["title"], item.address, column)
    base["description"] = content["summary"] or content["text"][:120]
    if item.placed_by_id:
        base["canonical"] = _at_origin(item)
    return base | {
        "keywords": tuple(content["keywords"]),
        "published_at": item.published_at,
        "source": content["source"],
        "author": content["author"],
        "subtitle": content["subtitle"],
        "body": content["body"],
        "images": tuple(pictures),
        "origin": _origin(item, content),
        "banner": _banner(item),
        "corrections": tuple(_corrections(item)),
    }


def _origin(item: PublicItem, content: dict[str, Any]) -> Link | None:
    if item.placed_by_id:
        return Link(title=item.sign_off.site.name, address=_at_origin(item))
    original = content["original"]
    if not original["address"]:
        return None
    return Link(title=original["source"] or content["source"], address=original["address"])


def _at_origin(item: PublicItem) -> str:
    """The address of a placed record at its own site: the one that search engines should keep."""
    origin = PublicItem.objects.select_related("site").get(identity=item.identity, placed_by=None)
    return origin_of(origin.site.host) + check_item(origin).address


def _banner(item: PublicItem) -> str:
    return "本文件已经废止，仅供查阅。" if item.state == PublicItem.State.REPEALED else ""


def _corrections(item: PublicItem) -> list[pages.Correction]:
    if item.serial == item.sign_off.sequence:  # still the first sign-off: spares a query for each of many pages
        return []
    rows = SignOff.objects.filter(identity=item.identity, act=SignOff.Act.CORRECT)
    rows = rows.filter(sequence__lte=item.sign_off.sequence).order_by("sequence")
    return [pages.Correction(at=row.effective_at, what=row.instruction.get("reason", "")) for row in genuine(rows)]


def _article(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    return pages.ArticlePage(**_document(reader, item, content))


def _notice(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    return pages.NoticePage(**_document(reader, item, content), valid_until=_day(content["detail"]["valid_until"]))


def _policy_document(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    detail = content["detail"]
    return pages.PolicyDocumentPage(
        **_document(reader, item, content),
        index_number=detail["index_number"],
        document_number=detail["document_number"],
        issuers=tuple(name for name in detail["issuer"].split("、") if name),
        drafting_unit=detail["drafting_unit"] or "",
        written_on=_day(detail["written_on"]),
        issued_on=_day(detail["issued_on"]),
        effective_on=_day(detail["effective_on"]),
        expires_on=_day(detail["expires_on"]),
        validity=validity_of(item, content),
        subject_class=content["subject_class"],
        public_scope=SCOPES[detail["public_scope"]],
        outline=tuple(_outline(content)),
        interpretations=tuple(_interpretations(reader, item)),
    )


def _interpretations(reader: Reader, item: PublicItem) -> list[pages.InterpretationLink]:
    return [
        pages.InterpretationLink(
            title=content["title"],
            address=found.address,
            form=FORMS[content["detail"]["form"]],
            published_at=found.published_at,
        )
        for found, content in reader.interpretations_of(item.identity)
    ]


def _interpretation(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    explained = [reader.listed_item(identity) for identity in content["detail"]["documents"]]
    return pages.InterpretationPage(
        **_document(reader, item, content),
        form=FORMS[content["detail"]["form"]],
        interpreting_unit=content["responsible"],
        policies=tuple(_policy_link(reader, found) for found in explained if found is not None),
        outline=tuple(_outline(content)),
    )


def _policy_link(reader: Reader, item: PublicItem) -> pages.PolicyLink:
    content = reader.content(item)
    return pages.PolicyLink(
        title=content["title"],
        address=item.address,
        document_number=content["detail"].get("document_number", ""),
        published_at=item.published_at,
        validity=validity_of(item, content),
    )


def _outline(content: dict[str, Any]) -> list[pages.OutlineItem]:
    """Headings and articles; none when the only heading is the document's own title."""
    # Headings are levels 2 to 4 of the body, articles (第三条) level 5; the page speaks of chapter, section, article.
    return [
        pages.OutlineItem(
            title=entry["text"], anchor=entry["id"], level=3 if entry["level"] == 5 else entry["level"] - 1
        )
        for entry in content["outline"]
        if entry["text"] != content["title"]
    ]


def _leader(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    column, detail = reader.columns.get(item.column_id), content["detail"]
    return pages.LeaderPage(
        **_base(reader, content["title"], item.address, column),
        name=content["title"],
        post=detail["post"],
        duties=detail["duties"],
        body=content["body"],
        picture=picture_of(content["cover"]),
        published_at=item.published_at,
        others=tuple(_leader_cards(reader, column)) if column else (),
    )


def _institution(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    detail = content["detail"]
    return pages.InstitutionPage(
        **_base(reader, content["title"], item.address, reader.columns.get(item.column_id)),
        name=content["title"],
        published_at=item.published_at,
        head=detail["head"],
        body=content["body"],
        office_address=detail["address"],
        office_hours=detail["hours"],
        phone=detail["telephone"],
    )


def _topic(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    detail = content["detail"]
    return pages.TopicPage(
        **_base(reader, content["title"], item.address, reader.columns.get(item.column_id)),
        purpose=content["summary"],
        keeper=content["responsible"],
        picture=picture_of(content["cover"]),
        ends_on=_day(detail["ends_on"]),
        archived_on=_day(detail["ends_on"]) or item.changed_at.date() if detail["archived"] else None,
        body=content["body"],
        lists=tuple(_told(reader, item)),
    )


def _told(reader: Reader, item: PublicItem) -> list[ListBlock]:
    cards = reader.told_of(item.identity)
    return [ListBlock(title="专题内容", items=tuple(cards))] if cards else []


def _gallery(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    # Pictures and films stand in the body as they were reviewed, each with its words.
    return pages.GalleryPage(**_document(reader, item, content))


def _plain(reader: Reader, item: PublicItem, content: dict[str, Any]) -> Page:
    base = _base(reader, content["title"], item.address, reader.columns.get(item.column_id))
    return pages.PlainPage(**base, body=content["body"], updated_at=item.changed_at)


_ITEM_PAGES: dict[str, Callable[[Reader, PublicItem, dict[str, Any]], Page]] = {
    "article": _article,
    "notice": _notice,
    "policy_document": _policy_document,
    "interpretation": _interpretation,
    "leader": _leader,
    "institution": _institution,
    "topic": _topic,
    "gallery": _gallery,
    "plain_page": _plain,
}


# ---- columns -------------------------------------------------------------------------------------------------------


def _list_column(reader: Reader, column: dict[str, Any]) -> Page:
    last = reader.list_pages(column).order_by("-number").first()
    items = tuple(reader.newest(column))
    return pages.ColumnPage(
        **_base(reader, column["name"], address_of_column(column), column),
        items=items,
        lists=tuple(_sub_lists(reader, column)),
        older=list_address(column, last.number) if last else "",
        total=reader.total(column),
        empty_why="" if items else _why_empty(column),
        siblings=tuple(_siblings(reader, column)),
        pictured=column["kind"] in PICTURED_KINDS,
    )


def _why_empty(column: dict[str, Any]) -> str:
    keeper = column["responsible"]
    return f"这个栏目由{keeper}负责，目前还没有发布内容。" if keeper else "这个栏目目前还没有发布内容。"


def _sub_lists(reader: Reader, column: dict[str, Any]) -> list[ListBlock]:
    children = children_of(reader.structure, column["id"])
    blocks = [_block(reader, child) for child in children if child["kind"] not in {"leaders", "institutions"}]
    return [block for block in blocks if block.items]


def _block(reader: Reader, column: dict[str, Any]) -> ListBlock:
    items = tuple(reader.newest(column, SHORT_LIST))
    return ListBlock(title=column["name"], address=address_of_column(column), items=items)


def _siblings(reader: Reader, column: dict[str, Any]) -> list[Link]:
    near = children_of(reader.structure, column["parent"]) if column["parent"] else []
    return [Link(title=each["name"], address=address_of_column(each), current=each is column) for each in near]


def _single_page_column(reader: Reader, column: dict[str, Any]) -> Page:
    pairs = reader.contents_in(column, 1)
    if not pairs or pairs[0][0].kind != "plain_page":
        return _list_column(reader, column)
    item, content = pairs[0]
    base = _base(reader, content["title"], address_of_column(column), column)
    return pages.PlainPage(
        **base | {"canonical": reader.frame.origin + item.address}, body=content["body"], updated_at=item.changed_at
    )


def _leaders_column(reader: Reader, column: dict[str, Any]) -> Page:
    cards = tuple(_leader_cards(reader, column))
    groups = (pages.LeaderGroup(title=column["name"], leaders=cards),) if cards else ()
    base = _base(reader, column["name"], address_of_column(column), column)
    return pages.LeadersPage(**base, groups=groups, empty_why="" if cards else _why_empty(column))


def _leader_cards(reader: Reader, column: dict[str, Any]) -> list[pages.LeaderCard]:
    return [
        pages.LeaderCard(
            name=content["title"],
            post=content["detail"]["post"],
            address=item.address,
            picture=picture_of(content["cover"]),
        )
        for item, content in _in_order(reader.contents_in(column))
    ]


def _institutions_column(reader: Reader, column: dict[str, Any]) -> Page:
    lines = tuple(
        pages.InstitutionLine(
            name=content["title"],
            address=item.address,
            phone=content["detail"].get("telephone", ""),
            duties=content["summary"],
        )
        for item, content in _in_order(reader.contents_in(column))
    )
    groups = (pages.InstitutionGroup(title=column["name"], institutions=lines),) if lines else ()
    base = _base(reader, column["name"], address_of_column(column), column)
    return pages.InstitutionsPage(**base, groups=groups, empty_why="" if lines else _why_empty(column))


def _in_order(pairs: list[tuple[PublicItem, dict[str, Any]]]) -> list[tuple[PublicItem, dict[str, Any]]]:
    return sorted(pairs, key=lambda pair: (pair[1]["detail"].get("position", 0), pair[0].serial))


_COLUMN_PAGES: dict[str, Callable[[Reader, dict[str, Any]], Page]] = {
    "leaders": _leaders_column,
    "institutions": _institutions_column,
    **dict.fromkeys(SINGLE_PAGE_KINDS, _single_page_column),
}


# ---- home ----------------------------------------------------------------------------------------------------------


def _home_lists(reader: Reader) -> list[ListBlock]:
    """First what binds people (notices, documents, what they mean), then what other units report."""
    first = [columns[0] for kind in HOME_KINDS if (columns := _columns_of_kind(reader, kind))]
    others = [column for column in _columns_of_kind(reader, "news")[1:] if column not in first]
    urgent = [column for column in _columns_of_kind(reader, "notices")[1:] if column["channel"] == "news"]
    return [block for block in (_block(reader, column) for column in [*first, *urgent, *others]) if block.items][
        :HOME_BLOCKS
    ]


def _doors(reader: Reader) -> list[LinkGroup]:
    tops = {top["channel"]: top for top in children_of(reader.structure, None) if top["kind"] == "channel"}
    doors = []
    for channel, title in (("services", "我要办"), ("openness", "我要查"), ("interaction", "我要说")):
        top = tops.get(channel)
        links = _ways_in(reader, top) if top else ()
        if top and links:
            doors.append(LinkGroup(title=title, links=links, address=address_of_column(top)))
    return doors


def _ways_in(reader: Reader, top: dict[str, Any]) -> tuple[Link, ...]:
    """What one can do there in words: the guides themselves for services, else the columns."""
    guides = reader.newest_below(top, TASKS) if top["channel"] == "services" else []
    if guides:
        return tuple(Link(title=card.title, address=card.address) for card in guides)
    return tuple(
        Link(title=child["name"], address=address_of_column(child))
        for child in children_of(reader.structure, top["id"])
    )


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


def _columns_of_kind(reader: Reader, kind: str) -> list[dict[str, Any]]:
    return [column for column in reader.open_columns() if column["kind"] == kind]


def _day(text: str | None) -> date | None:
    return parse_date(text) if text else None
