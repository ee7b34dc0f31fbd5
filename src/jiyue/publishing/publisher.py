"""From the ledger to what the public sees, one site at a time.

1. which sign-offs are due, 2. project them, 3. what else must be rebuilt, 4. bake, 5. prepare the tree, 6. switch,
7. note it. Every step can be repeated: a process that was killed anywhere is answered by running the whole again.
Before the switch nothing public has changed; after it, a repeated run finds that nothing is left to do.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.content.actions import set_state
from jiyue.content.models.records import State
from jiyue.domain.actors import process
from jiyue.domain.canonical import digest_of
from jiyue.domain.manifests import File, walk
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyRing
from jiyue.foundation.objects import ObjectDamaged, ObjectMissing
from jiyue.publishing import incidents, relating, shelving, together, troubles, turns
from jiyue.publishing.agenda import RETRY_AFTER, due_rows
from jiyue.publishing.baking import Baked, BakeFailed, Baker
from jiyue.publishing.change_feed import ChangeFeed
from jiyue.publishing.composing import paper_for
from jiyue.publishing.deploying import BaseMoved, Deployer, Prepared
from jiyue.publishing.events import BakeHasFailed, ReleaseDeployed
from jiyue.publishing.framing import CATALOGUES, frame_of, mark_files, next_change_after
from jiyue.publishing.groups import call_group, superiors_of
from jiyue.publishing.models import Incident, PageRead, Publication, PublicItem, ShelfCall, SitePublication
from jiyue.publishing.pages import ListItem, Renderer
from jiyue.publishing.projection import (
    Changes,
    apply,
    due_to_turn,
    follow,
    known_columns,
    outdated,
    shown_by,
    take_back,
    take_back_early,
    turn,
    turned,
)
from jiyue.publishing.read_keys import clock_key, group_key, services_key
from jiyue.publishing.reading import Reader
from jiyue.publishing.rebuilding import what_to_bake
from jiyue.publishing.reconciling import rebuild, refuse_older_ledger, signed_structure
from jiyue.publishing.remembering import keep_reads
from jiyue.publishing.renditions import keeping
from jiyue.publishing.sealed import SealBroken, check_item
from jiyue.publishing.shown_files import files_left, files_of
from jiyue.publishing.turns import SiteBusy
from jiyue.review.models import SignOff, Subject

PUBLISHER = process("publisher")
ASSETS = "assets/"
MOVED_TRIES = 3
# A record that is on its way through a newer review keeps the state of that review.
MIRRORED = frozenset({State.SIGNED_OFF, State.FAILED})


@dataclass
class Plan:
    """A release that is baked, verified and waits for its moment."""

    site: Site
    rows: list[SignOff]
    prepared: Prepared
    baked: Baked
    look: str
    group_changed_at: datetime | None = None
    changes: Changes = field(default_factory=Changes)
    failed: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What one run for one site did."""

    release: int | None = None
    deployed: int = 0
    failed: int = 0
    pages: int = 0
    held: bool = False


class Publisher:
    """Publishes sites of one home. Keep one for the life of a process: it holds compiled templates and read cards."""

    def __init__(self, home: Home | None = None) -> None:
        self.home = (home or Home(settings.JIYUE_HOME)).prepare()
        self.keys = KeyRing(self.home)
        self.deployer = Deployer(self.home, self.keys)
        self.renderer: Renderer = import_string(settings.JIYUE_RENDERER)()
        self._looks: dict[int, str] = {}
        self._cards: dict[str, ListItem] = {}

    def publish(self, site: Site, *, now: datetime) -> Outcome:
        """Bring one site up to its ledger as of `now`. Raises SiteBusy; faults become incidents and failed rows."""
        self.keys.ensure(now=now)
        with self.alone(site):
            for _try in range(MOVED_TRIES):
                plan = self.plan(site, at=now)
                if plan is None:
                    return Outcome(held=SitePublication.objects.filter(site=site, held_since__isnull=False).exists())
                try:
                    return self.switch(plan, now=now)
                except BaseMoved:
                    continue
            raise SiteBusy(site.host)

    def plan(self, site: Site, *, at: datetime) -> Plan | None:
        """Steps 1 to 5 as of the moment `at`, which may lie ahead; None when there is nothing to do."""
        rows = due_rows(site, at=at)
        state, _new = SitePublication.objects.get_or_create(site=site)
        if state.held_since is not None:
            return None
        by_clock = state.next_change_at is not None and state.next_change_at <= at
        called = by_clock or state.group_changed_at is not None or due_to_turn(at=at, site=site).exists()
        called = called or ShelfCall.objects.filter(site=site).exists()
        needed = bool(rows) or called or outdated(site).exists() or self._look_changed(state)
        if not needed and not state.files_due:
            return None
        troubles.report_put_off(site, at)
        try:
            refuse_older_ledger(site, self.deployer.newest(site.host))
            # What is signed is public first; files to take away are made when nothing else waits.
            filed = set() if needed else self._filed(state, at=at)
            return self._planned_or_rebuilt(site, rows, filed, at=at) if needed or filed else None
        except SealBroken as broken:
            troubles.report_seal(site, broken, at)
            raise
        except troubles.TROUBLES as error:
            troubles.report_trouble(site, error, at)
            raise

    def switch(self, plan: Plan, *, now: datetime) -> Outcome:
        """Steps 6 and 7. Raises BaseMoved when somebody released this site meanwhile, and what else is in TROUBLES."""
        head = (
            SignOff.objects.filter(site=plan.site).order_by("-sequence").values_list("digest", flat=True).first() or ""
        )
        try:
            release = self.deployer.switch(plan.prepared, now=now, ledger_head=head)
        except troubles.TROUBLES as error:
            troubles.report_trouble(plan.site, error, now)
            raise
        self._note(plan, release, now)
        return Outcome(release.sequence, len(plan.rows), len(plan.failed), plan.baked.pages)

    def alone(self, site: Site) -> AbstractContextManager[None]:
        """The turn of a site (`turns.alone`). Raises SiteBusy."""
        return turns.alone(self.home, site)

    def reader(self, site: Site, *, at: datetime) -> tuple[Reader, dict[str, File | None], str]:
        """A reader of the site, the files that all its pages share, the digest of its look.

        Raises LookupError before a structure is signed.
        """
        structure = signed_structure(site)
        assets, files = self.renderer.assets(structure["profile"]["colour"])
        frame = self.renderer.with_fragments(frame_of(structure, assets=assets, at=at))
        reader = Reader(site, structure, frame, at, cards=self._cards, store=self.deployer.store)
        shared = Baker(reader, self.renderer, self.deployer.store).put_assets(files) | mark_files(structure)
        return reader, shared, self.look_of(frame)

    def look_of(self, frame) -> str:
        """A digest of everything that all pages of a site share: templates and styles change it, and so does the frame."""
        fragments = frame.fragments
        headers = sorted((key, str(header)) for key, header in fragments.header.items())
        return digest_of([str(fragments.head), headers, str(fragments.footer), self.renderer.edition])

    # ---- steps ---------------------------------------------------------------------------------------------------

    def _filed(self, state: SitePublication, *, at: datetime) -> set[str]:
        """Make files that documents lack; gives the documents whose files may go out now."""
        items = keeping.due_items(state.site)
        reader = self.reader(state.site, at=at)[0]
        with override(CATALOGUES[reader.frame.language]):
            papers = ((item, paper_for(reader, check_item(item), reader.content(item))) for item in items)
            done, all_done = keeping.make(papers, self.deployer.store, now=at)
        if not items:
            SitePublication.objects.filter(pk=state.pk).update(files_due=False)
        return {str(item.identity) for item in done} if all_done else set()

    def _planned_or_rebuilt(self, site: Site, rows: list[SignOff], filed: set[str], *, at: datetime) -> Plan | None:
        try:
            return self._planned(site, rows, filed, at=at)
        except SealBroken as broken:
            troubles.report_seal(site, broken, at)
            rebuild(site, now=at)
            return self._planned(site, rows, filed, at=at)

    def _planned(self, site: Site, rows: list[SignOff], filed: set[str], *, at: datetime) -> Plan | None:
        take_back_early(site, at=at)
        changes, refused = apply(site, rows, columns=known_columns(site), at=at)
        follow(site, changes)
        turn(site, changes, at=at)
        self._wait_with(site, rows, changes, refused, at=at)
        changes.group_shelves, changes.calls = shelving.calls_for(site)
        changes.filed = filed
        self._fail(site, [row for row in rows if row.pk in refused], refused, at)
        if not SitePublication.objects.filter(site=site, structure__isnull=False).exists():
            return None
        reader, assets, look = self.reader(site, at=at)
        state = SitePublication.objects.get(site=site)
        changes.everything = changes.everything or look != state.look
        if changes.everything:
            relating.fill(site)
        if state.group_changed_at is not None:
            changes.keys.add(group_key(site.pk))
        if state.next_change_at is not None and state.next_change_at <= at:
            changes.keys.add(clock_key(site.pk))
        draft = _Draft(site, changes, [row for row in rows if row.pk not in refused], refused, assets, at)
        while (made := self._baked_and_prepared(draft, reader)) is None:
            continue
        baked, prepared = made
        Publication.objects.filter(sign_off__in=draft.good).update(
            state=Publication.State.BAKED, baked_at=at, problem=""
        )
        return Plan(site, draft.good, prepared, baked, look, state.group_changed_at, changes, draft.refused)

    def _baked_and_prepared(self, draft: "_Draft", reader: Reader) -> tuple[Baked, Prepared] | None:
        """Steps 3 to 5; None when something had to be left out and they must be repeated."""
        newest, standing = self.deployer.standing(draft.site.host)
        head = newest.ledger_head if newest else ""
        feed = ChangeFeed(reader, draft.good, standing=standing, head=head, whole=draft.changes.everything)
        baker = Baker(reader, self.renderer, self.deployer.store, feed)
        try:
            addresses, items = what_to_bake(reader, draft.changes, self.deployer, feed)
            baked = baker.bake(addresses, items=(item for item in items if item.address not in draft.kept))
            return baked, self.deployer.prepare(draft.site.host, self._files(draft, baked))
        except BakeFailed as failure:
            self._leave_out(draft, failure)
        except (ObjectMissing, ObjectDamaged) as lost:
            self._leave_out_file(draft, lost)
        return None

    def _files(self, draft: "_Draft", baked: Baked) -> dict[str, File | None]:
        files = {**draft.assets, **files_left(draft.site, draft.changes), **baked.changes}
        if draft.changes.everything and not draft.kept:
            newest = self.deployer.newest(draft.site.host)
            there = walk(newest.root if newest else None, self.deployer.store.get)
            # Styles stay: a page that a browser kept from yesterday still asks for yesterday's.
            strays = {path: None for path, _file in there if path not in files and not path.startswith(ASSETS)}
            files = {**strays, **files}
        return files

    def _leave_out(self, draft: "_Draft", failure: BakeFailed) -> None:
        """Fail the sign-offs whose page cannot be baked, or keep a page as it stands. Raises when it is neither."""
        culprits = [row for row in draft.good if _address_of(draft.site, row) == failure.address]
        if not culprits and PublicItem.objects.filter(site=draft.site, address=failure.address).exists():
            self._keep_page(draft, failure)
            return
        failed = culprits or draft.good
        why = {row.pk: str(failure) for row in failed}
        failed = [*failed, *self._wait_with(draft.site, draft.good, draft.changes, why, at=draft.at)]
        draft.refused |= why
        self._fail(draft.site, failed, draft.refused, draft.at)
        draft.good = [row for row in draft.good if row not in failed]
        _join(draft.changes, take_back(draft.site, failed, at=draft.at))
        draft.changes.items = [item for item in draft.changes.items if item.address != failure.address]
        if not culprits:
            raise failure

    def _wait_with(
        self, site: Site, rows: list[SignOff], changes: Changes, refused: dict[int, str], *, at: datetime
    ) -> list[SignOff]:
        """Refuse with `refused` what was signed together with them, so that nobody sees one part without the other."""
        waiting = together.torn(rows, [row for row in rows if row.pk in refused])
        if waiting:
            because = "；".join(sorted(set(refused.values())))
            refused |= {row.pk: _("与它同步签发的稿件还不能发布：%(why)s") % {"why": because} for row in waiting}
            _join(changes, take_back(site, waiting, at=at))
            gone = {row.identity for row in waiting}
            changes.items = [item for item in changes.items if item.identity not in gone]
        return waiting

    def _keep_page(self, draft: "_Draft", failure: BakeFailed) -> None:
        what = _("%(address)s 无法重新生成，仍是原来的页面：%(why)s") % {
            "address": failure.address,
            "why": str(failure),
        }
        subject = f"{draft.site.host} {failure.address}"
        incidents.report(kind=Incident.Kind.DEPLOY, subject=subject, what=what, now=draft.at, site=draft.site)
        draft.kept.add(failure.address)

    def _leave_out_file(self, draft: "_Draft", lost: ObjectMissing | ObjectDamaged) -> None:
        """A page's damaged object is written anew; a record whose file is lost fails alone. Raises otherwise."""
        digest = lost.args[0]
        owners = [row for row in draft.good if digest in {found for found, _path in files_of(row, shown=True)}]
        if owners:
            self._leave_out(draft, BakeFailed(_address_of(draft.site, owners[0]), f"{type(lost).__name__}: {digest}"))
        elif isinstance(lost, ObjectDamaged) and digest not in draft.removed:
            troubles.report_trouble(draft.site, lost, draft.at)
            self.deployer.store.remove(digest)
            draft.removed.add(digest)
        else:
            raise lost

    def _look_changed(self, state: SitePublication) -> bool:
        if state.structure_id is None:
            return False
        if not state.look:  # forgotten on purpose: everything is to be baked anew
            return True
        if state.site_id not in self._looks:
            # Templates change with the program only, so one look a process and site is enough.
            at = state.released_at or state.structure.effective_at  # type: ignore[union-attr]  # its key was asked above
            self._looks[state.site_id] = self.reader(state.site, at=at)[2]
        return self._looks[state.site_id] != state.look

    @transaction.atomic
    def _note(self, plan: Plan, release, now: datetime) -> None:
        site = plan.site
        keep_reads(site, plan.baked.reads)
        turned(plan.changes)
        shelving.answered(plan.changes.calls)
        shelving.call_viewers(superiors_of(site), plan.changes.shelves, now=now)
        Publication.objects.filter(sign_off__in=plan.rows).update(
            state=Publication.State.DEPLOYED, deployed_at=now, release=release.sequence, problem="", next_try_at=None
        )
        reader, _files, _look = self.reader(site, at=now)
        SitePublication.objects.filter(site=site).update(
            look=plan.look, release=release.sequence, released_at=now, problem="",
            next_change_at=next_change_after(reader.structure, now),
            files_due=PageRead.objects.filter(site=site, key=keeping.DUE).exists(),
        )  # fmt: skip
        SitePublication.objects.filter(site=site, group_changed_at=plan.group_changed_at).update(group_changed_at=None)
        guides = services_key(site.pk) in plan.changes.keys
        if guides or any(row.subject == Subject.STRUCTURE for row in plan.rows):
            call_group(site, now=now)
        self._looks[site.pk] = plan.look
        _mirror(plan.rows)
        event = ReleaseDeployed(
            subject=f"release:{site.host}:{release.sequence}", site=site.host, release=release.sequence, root=release.root,
            sign_offs=[row.sequence for row in plan.rows], pages=plan.baked.pages, late_seconds=_late(plan.rows, now),
            turned=sorted(plan.changes.restated),
        )  # fmt: skip
        record(event, by=PUBLISHER, at=now)
        for kind in (Incident.Kind.DISK, Incident.Kind.DEPLOY, Incident.Kind.LEDGER):
            incidents.close(kind=kind, subject=site.host, now=now)

    @transaction.atomic
    def _fail(self, site: Site, rows: list[SignOff], why: dict[int, str], now: datetime) -> None:
        for row in rows:
            publication = Publication.objects.get(sign_off=row)
            wait = RETRY_AFTER[min(publication.attempts, len(RETRY_AFTER) - 1)]
            first = publication.problem != why[row.pk]
            publication.state, publication.problem = Publication.State.FAILED, why[row.pk]
            publication.attempts += 1
            publication.next_try_at = now + timedelta(seconds=wait)
            publication.save()
            if row.subject == Subject.RECORD:
                set_state(record=row.version.its_record, state=State.FAILED, only_from=MIRRORED)
            if first:
                event = BakeHasFailed(
                    subject=f"{row.subject}:{row.identity}", site=site.host, sequence=row.sequence, problem=why[row.pk]
                )
                record(event, by=PUBLISHER, at=now)


@dataclass
class _Draft:
    """A plan in the making; what cannot be baked is taken out of it."""

    site: Site
    changes: Changes
    good: list[SignOff]
    refused: dict[int, str]
    assets: dict[str, File | None]
    at: datetime
    kept: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)


def _late(rows: list[SignOff], now: datetime) -> float:
    """By how many seconds the latest of the scheduled sign-offs missed its moment; 0 without any."""
    late = [(now - row.effective_at).total_seconds() for row in rows if row.effective_at > row.signed_at]
    return round(max(late, default=0.0), 3)


def _join(changes: Changes, taken: Changes) -> None:
    """What was taken back touches pages as what was put there did."""
    changes.keys |= taken.keys
    for (shelf, _year), place in taken.shelves.items():
        shelving.lower(changes.shelves, shelf, place)


def _address_of(site: Site, row: SignOff) -> str:
    found = PublicItem.objects.filter(site=site, identity=shown_by(row)).values_list("address", flat=True)
    return found.first() or ""


def _mirror(rows: list[SignOff]) -> None:
    # What was published and withdrawn in one release shows its end only: MIRRORED lets no second state follow a first.
    last = {row.identity: row for row in rows if row.subject == Subject.RECORD}
    for row in last.values():
        gone = row.act == SignOff.Act.WITHDRAW and row.instruction.get("kind") != "repealed"
        state = State.WITHDRAWN if gone else State.PUBLISHED
        set_state(record=row.version.its_record, state=state, only_from=MIRRORED)
