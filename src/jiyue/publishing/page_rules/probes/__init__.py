"""One function for each way in which the program looks at an item; `domain.page_rules.PROBES` names them.

A probe gets a page, its ground and the item, and yields what is wrong. `KINDS` says which kinds of pages it is about.
"""

from collections.abc import Callable, Iterator

from jiyue.domain.page_rules import Item
from jiyue.publishing.page_rules.ground import Fault, Ground, Page
from jiyue.publishing.page_rules.probes import frame, layout, moving, tags, written

Probe = Callable[[Page, Ground, Item], Iterator[Fault]]

PROBES: dict[str, Probe] = {
    "full-name": frame.full_name,
    "zones": frame.zones,
    "same-frame": frame.same_frame,
    "footer-marks": frame.footer_marks,
    "channels": frame.channels,
    "home-groups": frame.home_groups,
    "search-offered": frame.search_offered,
    "breadcrumb": frame.breadcrumb,
    "two-clicks": frame.two_clicks,
    "site-tags": tags.site_tags,
    "column-tags": tags.column_tags,
    "article-tags": tags.article_tags,
    "page-title": tags.page_title,
    "markup": tags.markup,
    "time-shown": written.time_shown,
    "source-shown": written.source_shown,
    "address-shown": written.address_shown,
    "validity-shown": written.validity_shown,
    "headings": written.headings,
    "link-words": written.link_words,
    "pictures-described": written.pictures_described,
    "colours": layout.colours,
    "narrow-and-wide": layout.narrow_and_wide,
    "transfer-size": layout.weight,
    "files-there": layout.files_there,
    "new-windows": moving.new_windows,
    "floating": moving.floating,
    "playing": moving.playing,
    "plug-ins": moving.plug_ins,
}
DOCUMENTS = frozenset({
    "article", "notice", "policy_document", "interpretation", "gallery", "public_answer", "survey", "opinion_call",
    "campaign_result", "interview", "transcript",
})  # fmt: skip
COLUMNS = frozenset({"column", "list", "year", "leaders", "institutions", "services"})
INNER = DOCUMENTS | COLUMNS | {"leader", "institution", "topic", "plain_page", "service_guide"}
# A probe that is not here is about every page.
KINDS: dict[str, frozenset[str]] = {
    "column-tags": COLUMNS,
    "article-tags": DOCUMENTS,
    "time-shown": DOCUMENTS,
    "source-shown": DOCUMENTS,
    "address-shown": DOCUMENTS,
    "validity-shown": frozenset({"policy_document"}),
    "home-groups": frozenset({"home"}),
    "breadcrumb": INNER,
    "two-clicks": COLUMNS - {"list", "year"},
}


def is_about(look: str, kind: str) -> bool:
    return kind in KINDS[look] if look in KINDS else True
