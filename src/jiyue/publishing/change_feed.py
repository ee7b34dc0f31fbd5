"""变更清单 and records for other installations: what a site made public, in the order in which the public got it.

Everything here is files of the tree, signed with it like every page: no endpoint, no account, nothing that is not public
anyway. A change has the number of its place in that order. A full page of the feed never changes again; the newest page
also stands at HEAD. Who reads on remembers the number reached and the digest of the sign-off that stands there: should
another one stand there some day (a page that could not be baked at first came later), the order was made anew and is
read from its beginning. Nothing is ever missed, at the price of being told twice (ADR 0021).
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from jiyue.content.exchange_forms import PAGE_LENGTH
from jiyue.content.standards import exchanged
from jiyue.domain.canonical import digest_of
from jiyue.publishing.models import LISTED, Publication, PublicItem
from jiyue.publishing.reading import Reader
from jiyue.review.models import SignOff, Subject
from jiyue.rules.standards import shipped

HEAD: Final = "/exchange/changes.json"
_PAGE: Final = re.compile(r"^/exchange/changes/([1-9][0-9]{0,6})\.json$")


def addresses_due(reader: Reader) -> list[str]:
    """The pages of the feed on which what is being released stands, and the newest page under its lasting name."""
    before, after = _published(reader), _newest(reader)
    first, last = before // PAGE_LENGTH + 1, _page_of(after)
    return [page_address(number) for number in range(first, last + 1)] + [HEAD] if after else []


def all_addresses(reader: Reader) -> list[str]:
    """Every page of the feed."""
    newest = _newest(reader)
    return [page_address(number) for number in range(1, _page_of(newest) + 1)] + [HEAD] if newest else []


def page_address(number: int) -> str:
    return f"/exchange/changes/{number}.json"


def record_address(item: PublicItem) -> str:
    """Where the data of a public record stand: beside its page."""
    return data_beside(item.address)


def data_beside(address: str) -> str:
    """`/zwgk/2026/1122/7.json` for `/zwgk/2026/1122/7.html`."""
    return f"{address.removesuffix('.html')}.json"


def file_at(reader: Reader, address: str) -> bytes | None:
    """The bytes of a file of the feed; None where there is none (any more)."""
    newest = _newest(reader)
    if address == HEAD:
        return _encoded(_page(reader, _page_of(newest), newest) | {"newest": newest}) if newest else None
    found = _PAGE.match(address)
    if found is None or int(found[1]) > _page_of(newest):
        return None
    return _encoded(_page(reader, int(found[1]), newest))


def is_of_the_feed(address: str) -> bool:
    return address == HEAD or _PAGE.match(address) is not None


def record_file(reader: Reader, item: PublicItem) -> bytes | None:
    """The record as its standard describes it; None for what another site only shows, and for what is not public."""
    if item.state not in LISTED or item.placed_by_id is not None:
        return None
    return _encoded(exchange_item(reader.frame.origin, item, reader.content(item)))


def exchange_item(origin: str, item: PublicItem, content: dict[str, Any]) -> dict[str, Any]:
    """One record on its way between installations, with the digests of what was signed and of itself."""
    record = exchanged(content)
    edition = shipped().in_force(item.kind, item.changed_at.date())
    return {
        "standard": edition.words if edition else "",
        "origin": origin,
        "address": origin + item.address,
        "state": item.state,
        "published_at": item.published_at.isoformat(),
        "changed_at": item.changed_at.isoformat(),
        "version": item.version_digest,
        "sign_off": item.sign_off.digest,
        "digest": digest_of(record),
        "record": record,
    }


def _page(reader: Reader, number: int, newest: int) -> dict[str, Any]:
    first = (number - 1) * PAGE_LENGTH
    # One row more than the page: the last of the page before is what this page follows.
    rows = list(_rows(reader, max(first - 1, 0), min(first + PAGE_LENGTH, newest)))
    before = rows.pop(0) if first else None
    shown = PublicItem.objects.filter(site=reader.site, identity__in=[row.identity for row in rows])
    addresses = dict(shown.values_list("identity", "address"))
    return {
        "standard": _feed_standard(),
        "origin": reader.frame.origin,
        "page": number,
        "full": newest >= number * PAGE_LENGTH,
        "after": before.digest if before else "",
        "changes": [
            _change(reader, place, row, addresses.get(row.identity)) for place, row in enumerate(rows, first + 1)
        ],
    }


def _change(reader: Reader, number: int, row: SignOff, address: str | None) -> dict[str, Any]:
    change: dict[str, Any] = {
        "number": number,
        "act": row.act,
        "identity": str(row.identity),
        "at": row.effective_at.isoformat(),
        "version": row.version_digest,
        "sign_off": row.digest,
        "record": None,
    }
    if row.act == SignOff.Act.WITHDRAW:
        return change | {"withdrawal": row.instruction.get("kind", "error")}
    if row.subject == Subject.RECORD and address is not None:
        change["record"] = reader.frame.origin + data_beside(address)
    return change


def _feed_standard() -> str:
    return shipped().editions["change_feed"][-1].words


def _rows(reader: Reader, start: int, end: int) -> Iterator[SignOff]:
    known = _published(reader)
    out = Publication.objects.filter(site=reader.site, release__isnull=False).order_by("release", "sign_off")
    for publication in out.select_related("sign_off")[start : min(end, known)]:
        yield publication.sign_off
    yield from _releasing(reader)[max(start - known, 0) : max(end - known, 0)]


def _releasing(reader: Reader) -> Sequence[SignOff]:
    """What the release in the making brings, in the order of the ledger."""
    return sorted(reader.releasing, key=lambda row: row.pk)


def _published(reader: Reader) -> int:
    return Publication.objects.filter(site=reader.site, release__isnull=False).count()


def _newest(reader: Reader) -> int:
    return _published(reader) + len(reader.releasing)


def _page_of(number: int) -> int:
    return max(1, -(-number // PAGE_LENGTH))


def _encoded(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
