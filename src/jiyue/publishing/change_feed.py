"""变更清单 and records for other installations: what a site made public, in the order in which the public got it.

Everything here is files of the tree, signed with it like every page: no endpoint, no account, nothing that is not public
anyway. The feed is a log, and the log is what the newest release says, not a table: a release appends the sign-offs that
it brings and that stand on no page yet, so nothing that somebody writes into the database alters what was told. A full
page never changes again; the newest page also stands at HEAD. Who reads on remembers the number reached and the digest of
the sign-off that stands there: should another one stand there some day (the site was rolled back, or has a new host), the
order was made anew and is read from its beginning. Nothing is ever missed, at the price of being told twice (ADR 0021).
"""

import json
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from math import inf
from typing import Any, Final

from jiyue.content.exchange_forms import PAGE_LENGTH
from jiyue.content.standards import exchanged
from jiyue.domain.canonical import canonical, digest_of_text
from jiyue.foundation.objects import ObjectMissing
from jiyue.publishing.models import LISTED, Publication, PublicItem
from jiyue.publishing.reading import Reader
from jiyue.publishing.sealed import check_item
from jiyue.review.models import SignOff, Subject
from jiyue.review.sealing import is_genuine
from jiyue.rules.standards import shipped

HEAD: Final = "/exchange/changes.json"
_PAGE: Final = re.compile(r"^/exchange/changes/([1-9][0-9]{0,6})\.json$")


class ChangeFeed:
    """The feed of one site: what stands in its newest release, and what the release in the making adds."""

    def __init__(
        self,
        reader: Reader,
        releasing: Iterable[SignOff],
        *,
        standing: Callable[[str], bytes | None],
        head: str = "",
        whole: bool = False,
    ) -> None:
        """`standing` gives the bytes that the newest release has at an address, `head` is that release's last sign-off.

        `whole`: everything is baked anew, so sign-offs that were deployed before and stand on no page of the feed (the
        site was rolled back and goes on, or has a new host) are told now.
        """
        self._reader = reader
        self._standing = standing
        self._releasing = list(releasing)
        self._head = head
        self._whole = whole

    def addresses_due(self) -> list[str]:
        """The pages on which what is being released stands, and the newest page under its lasting name."""
        if not self._added:
            return []
        first = self._before // PAGE_LENGTH + 1
        return [page_address(number) for number in range(first, _page_of(self._newest) + 1)] + [HEAD]

    def all_addresses(self) -> list[str]:
        """Every page of the feed."""
        if not self._newest:
            return []
        return [page_address(number) for number in range(1, _page_of(self._newest) + 1)] + [HEAD]

    def file_at(self, address: str) -> bytes | None:
        """The bytes of a file of the feed; None where there is none (any more)."""
        newest = self._newest
        if address == HEAD:
            return _encoded(self._page(_page_of(newest)) | {"newest": newest}) if newest else None
        found = _PAGE.match(address)
        if found is None or int(found[1]) > _page_of(newest):
            return None
        return _encoded(self._page(int(found[1])))

    def _page(self, number: int) -> dict[str, Any]:
        first = (number - 1) * PAGE_LENGTH
        changes = self._changes_of(number)
        return {
            "standard": shipped().editions["change_feed"][-1].words,
            "origin": self._reader.frame.origin,
            "page": number,
            "full": len(changes) == PAGE_LENGTH,
            "after": self._changes_of(number - 1)[-1]["sign_off"] if first else "",
            "changes": changes,
        }

    def _changes_of(self, number: int) -> list[dict[str, Any]]:
        first, before = (number - 1) * PAGE_LENGTH, self._before
        told = self._read(page_address(number))["changes"] if first < before else []
        new = self._added[max(first - before, 0) : max(first + PAGE_LENGTH - before, 0)]
        return [*told, *(_change(self._reader, place, row) for place, row in enumerate(new, first + len(told) + 1))]

    @property
    def _newest(self) -> int:
        return self._before + len(self._added)

    @cached_property
    def _before(self) -> int:
        """How many changes the newest release tells; 0 where a page of them is lost, and the feed begins anew."""
        try:
            told = int(self._read(HEAD)["newest"])
            for number in range(1 if self._whole else max(_page_of(told) - 1, 1), _page_of(told) + 1):
                self._read(page_address(number))
        except _NotThere:
            return 0
        return told

    @cached_property
    def _added(self) -> list[SignOff]:
        """What stands on no page yet, in the order of the ledger. A row that nobody signed is not told (ADR 0003)."""
        rows = {row.digest: row for row in self._releasing}
        if self._whole or not self._before:
            deployed = Publication.objects.filter(site=self._reader.site, release__isnull=False)
            before = SignOff.objects.filter(publication__in=deployed, effective_at__lte=self._reader.at)
            rows |= {row.digest: row for row in before.iterator(chunk_size=2000)}
        if self._whole or any(row.sequence <= self._sequence_before for row in rows.values()):
            for number in range(1, _page_of(self._before) + 1) if self._before else ():
                for change in self._read(page_address(number))["changes"]:
                    rows.pop(change["sign_off"], None)
        return sorted(filter(is_genuine, rows.values()), key=lambda row: row.sequence)

    @cached_property
    def _sequence_before(self) -> float:
        """Where in the ledger the newest release stands: what was signed later stands on no page."""
        row = SignOff.objects.filter(site=self._reader.site, digest=self._head).first()
        return row.sequence if row is not None and is_genuine(row) else inf

    def _read(self, address: str) -> dict[str, Any]:
        """A file of the feed as the newest release has it. Raises _NotThere."""
        try:
            data = self._standing(address)
        except ObjectMissing as lost:  # it was damaged, was told of and taken away
            raise _NotThere(address) from lost
        if data is None:
            raise _NotThere(address)
        found: dict[str, Any] = json.loads(data)
        return found


class _NotThere(LookupError):
    """The newest release has no such page of the feed."""


def page_address(number: int) -> str:
    return f"/exchange/changes/{number}.json"


def record_address(item: PublicItem) -> str:
    """Where the data of a public record stand: beside its page."""
    return data_beside(item.address)


def data_beside(address: str) -> str:
    """`/zwgk/2026/1122/7.json` for `/zwgk/2026/1122/7.html`."""
    return f"{address.removesuffix('.html')}.json"


def is_of_the_feed(address: str) -> bool:
    return address == HEAD or _PAGE.match(address) is not None


def record_file(reader: Reader, item: PublicItem) -> bytes | None:
    """The record as its standard describes it; None for what another site only shows, and for what is not public."""
    if item.state not in LISTED or item.placed_by_id is not None:
        return None
    return exchange_item(reader.frame.origin, item, reader.content(item)).encode()


def exchange_item(origin: str, item: PublicItem, content: dict[str, Any]) -> str:
    """One record on its way between installations, with the digests of what was signed and of itself, as JSON."""
    record = canonical(exchanged(content))
    edition = shipped().in_force(item.kind, item.changed_at.date())
    envelope = {
        "standard": edition.words if edition else "",
        "origin": origin,
        "address": origin + item.address,
        "state": item.state,
        "published_at": item.published_at.isoformat(),
        "changed_at": item.changed_at.isoformat(),
        "version": item.version_digest,
        "sign_off": item.sign_off.digest,
        "digest": digest_of_text(record),
    }
    # The record goes in as the text that was digested: to write its 20 kB twice costs as much as to lay out the page.
    return f'{_compact(envelope)[:-1]},"record":{record}}}'


def _change(reader: Reader, number: int, row: SignOff) -> dict[str, Any]:
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
    if row.subject == Subject.RECORD:
        item = PublicItem.objects.filter(site=reader.site, identity=row.identity).first()
        change["record"] = reader.frame.origin + record_address(check_item(item)) if item else None
    return change


def _page_of(number: int) -> int:
    return max(1, -(-number // PAGE_LENGTH))


def _encoded(data: dict[str, Any]) -> bytes:
    return _compact(data).encode()


def _compact(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
