"""The checklist of a site held against its deployed pages. Reads, and writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils.module_loading import import_string

from jiyue.domain.canonical import digest_of
from jiyue.domain.page_rules import Item, checklist
from jiyue.domain.rule_terms import Setting
from jiyue.domain.rulesets import RuleSet
from jiyue.estate.models import Site
from jiyue.foundation.objects import ObjectDamaged, ObjectMissing
from jiyue.publishing.framing import address_of_column
from jiyue.publishing.page_rules.ground import Fault, Ground, Named, Page, Picked, Read
from jiyue.publishing.page_rules.picking import KINDS, pick
from jiyue.publishing.page_rules.probes import PROBES, is_about
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.reconciling import signed_structure
from jiyue.publishing.sealed import SealBroken
from jiyue.rules.queries import ruleset_for

FOOTER = "site.footer"


class NothingPublic(LookupError):
    """The site has no signed structure or no release: there are no pages to look at."""


@dataclass
class OfKind:
    """What came of one item on the pages of one kind. `address` and `said` tell of the first page at fault."""

    read: int = 0
    failed: int = 0
    hints: int = 0
    address: str = ""
    said: list[Any] = field(default_factory=list)

    def note(self, page: Page, faults: list[Fault]) -> None:
        self.read += 1
        bad, hints = [one for one in faults if not one.hint], [one for one in faults if one.hint]
        self.failed += bool(bad)
        self.hints += bool(hints) and not bad
        told = bad or ([] if self.failed else hints)
        if told and (not self.said or (bad and self.failed == 1)):
            self.address, self.said = page.address, [told[0].message, dict(told[0].values)]


@dataclass
class Report:
    """What came of the whole checklist: of each item by kind of page. Items for the eye have no entry."""

    site: Site
    items: list[Item]
    edition: str
    pages: int = 0
    found: dict[str, dict[str, OfKind]] = field(default_factory=dict)

    def of(self, item: Item) -> dict[str, OfKind]:
        return self.found.get(item.key, {})

    def fails(self, item: Item) -> bool:
        return any(one.failed for one in self.of(item).values())

    @property
    def failing(self) -> list[Item]:
        return [item for item in self.items if self.fails(item)]


def look(site: Site, *, on: date) -> Report:
    """Hold the checklist in force for the owner of a site against its deployed pages. Raises NothingPublic."""
    structure, read = _deployed(site)
    rules = ruleset_for(site.owner, on=on)
    items = checklist(rules, on)
    ground = Ground(named(structure, rules, on), read)
    report = Report(site, items, edition_of(ground))
    examine(report, ground, pick(site, structure, ground))
    return report


def examine(report: Report, ground: Ground, picked: Iterable[Picked]) -> None:
    """Read each page once and ask every item that is about its kind."""
    asked = [item for item in report.items if not item.by_eye and not item.off]
    for one in sorted(set(picked), key=lambda one: (KINDS.index(one.kind), one.address)):
        content = ground.file(one.address)
        if content is None:
            continue
        page = Page(one, content)
        report.pages += 1
        for item in asked:
            if is_about(item.look, page.kind):
                of_kind = report.found.setdefault(item.key, {}).setdefault(page.kind, OfKind())
                of_kind.note(page, list(PROBES[item.look](page, ground, item)))


def named(structure: dict[str, Any], rules: RuleSet, on: date) -> Named:
    profile = structure["profile"]
    columns = frozenset(address_of_column(column) for column in structure["columns"] if not column["closed"])
    return Named(profile["name"], profile["host"], profile["identification_code"], columns, _marks(rules, on))


def edition_of(ground: Ground) -> str:
    """Which edition of the templates and of the site's frame the public sees. Notices come and go without changing it."""
    shared = "head link[rel~='stylesheet'], body > header, body > footer"
    frame = [node.html for node in ground.home.css(shared)] if ground.home is not None else []
    return digest_of([import_string(settings.JIYUE_RENDERER)().edition, *frame])


def _marks(rules: RuleSet, on: date) -> frozenset[str]:
    """A local text names what it stresses; the rest stays as the texts above it say."""
    values = [pack.in_force(FOOTER, on) for pack in rules.chain] if FOOTER in rules.parameters else []
    lists = [value.terms.value for value in values if value is not None and isinstance(value.terms, Setting)]
    return frozenset(mark for one in lists for mark in one)


def _deployed(site: Site) -> tuple[dict[str, Any], Read]:
    try:
        structure = signed_structure(site)
    except (LookupError, ObjectDoesNotExist, SealBroken) as error:
        # A broken seal is found, repaired and reported by whoever bakes; until then nothing can be said of the pages.
        raise NothingPublic(site.host) from error
    newest, read = Publisher().deployer.standing(site.host)
    if newest is None:
        raise NothingPublic(site.host)

    def there(address: str) -> bytes | None:
        try:
            return read(address)
        except (ObjectMissing, ObjectDamaged):
            return None  # `jiyue verify` and the nightly check of the facts report it; here the page cannot be opened

    return structure, there
