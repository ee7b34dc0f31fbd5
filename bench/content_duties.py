"""How long it takes to look at every column of a platform, and at one, for what they owe.

    python bench/content_duties.py [--quick] [--sites 600] [--items 20]

600 sites of 12 columns with 20 public items each, and one column with 10,000. The first look makes a duty for each
column; the next one, as every night, finds nothing to do. Questions to the database must grow with the hundreds of
sites, not with the columns; one column must be answered from its index, whatever its size.
"""

import argparse
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parent))

from building.home import figure, own_home

GOAL_NIGHT = 60  # seconds for all sources
GOAL_ONE = 100  # milliseconds
BIG = 10_000
PIECE = 2_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5 items a column; the sites stay 600")
    parser.add_argument("--sites", type=int, default=600)
    parser.add_argument("--items", type=int)
    options = parser.parse_args()
    options.items = options.items or (5 if options.quick else 20)
    with own_home():
        return _measure(options)


def _measure(options: argparse.Namespace) -> int:
    from building.many_sites import build_platform

    from jiyue.publishing.duties import SOURCES, ColumnSource

    now = datetime.now(UTC)
    built = build_platform(sites=options.sites, records=100, supervised=options.sites * 2 // 3)
    _publish(built.column, options.items, now)
    _assign(built, now)
    print(f"{options.sites} sites, {built.columns} columns, {options.items} items in each, {BIG} in one")
    _report("columns, first look", [ColumnSource()], now)
    _report("columns, again", [ColumnSource()], now)
    took, _asked = _report("all sources, a night without news", SOURCES, now)
    figure("the night", f"{took:.1f} s", f"≤ {GOAL_NIGHT} s", met=took <= GOAL_NIGHT)
    took, _asked = _report("one column of 10,000 items", [ColumnSource()], now, [f"column:{built.column.pk}"])
    figure("one column", f"{took * 1000:.0f} ms", f"≤ {GOAL_ONE} ms", met=took * 1000 <= GOAL_ONE)
    return 0


def _publish(big, items: int, now: datetime) -> None:
    """Signed structures and public items as the publisher would leave them, unsealed: nobody bakes from these rows."""
    from django.db import transaction

    from jiyue.content.models import Column
    from jiyue.estate.models import Site
    from jiyue.identity.models import User
    from jiyue.publishing.models import PublicItem, SitePublication
    from jiyue.review.models import SignOff, Version

    began, author = now - timedelta(days=300), User.objects.first()
    with transaction.atomic():
        sites = list(Site.objects.all())
        versions = Version.objects.bulk_create([_structure(site, author, began) for site in sites])
        signed = SignOff.objects.bulk_create(
            [_signed(number, version, began) for number, version in enumerate(versions, start=1)]
        )
        by_site = {row.site_id: row for row in signed}
        SitePublication.objects.bulk_create([SitePublication(site=site, structure=by_site[site.pk]) for site in sites])
        Column.objects.update(opened_at=began)
        new, serial = [], 0
        for column in Column.objects.exclude(kind=Column.Kind.CHANNEL):
            for age in range(BIG if column.pk == big.pk else items):
                serial += 1
                at = now - timedelta(hours=1 + age)
                new.append(PublicItem(
                    site_id=column.site_id, identity=uuid4(), column=column, kind="article", state="shown",
                    sign_off=by_site[column.site_id], version_digest="0" * 64, serial=serial, address=f"/{serial}.html",
                    published_at=at, changed_at=at, seal="-",
                ))  # fmt: skip
        PublicItem.objects.bulk_create(new, batch_size=PIECE)


def _assign(built, now: datetime) -> None:
    """Every site follows a pack that sets a gap for every column."""
    from jiyue.identity.models import Organisation
    from jiyue.rules.models import PackAssignment, Proposal

    PackAssignment.objects.bulk_create(
        PackAssignment(
            organisation=top, pack="hebi", from_on=(now - timedelta(days=900)).date(), state=Proposal.State.APPROVED,
            grounds="-", proposed_by=built.editor, proposed_at=now, answered_by=built.supervisor, answered_at=now,
        ) for top in Organisation.objects.filter(superior=None)
    )  # fmt: skip


def _structure(site, author, at: datetime):
    from jiyue.content.structure import identity_of, structure_of
    from jiyue.domain.canonical import canonical, digest_of_text
    from jiyue.review.models import Subject, Version

    text = canonical(structure_of(site))
    return Version(
        subject=Subject.STRUCTURE, identity=identity_of(site), site=site, number=1, content=text,
        digest=digest_of_text(text), author=author, writers=[], created_at=at,
    )  # fmt: skip


def _signed(number: int, version, at: datetime):
    from jiyue.review.models import SignOff

    return SignOff(
        sequence=number, act=SignOff.Act.STRUCTURE, subject=version.subject, identity=version.identity,
        site_id=version.site_id, version=version, version_digest=version.digest, signers=[], signed_at=at,
        effective_at=at, previous="0" * 64, digest=f"{number:064}", seal="-",
    )  # fmt: skip


def _report(name: str, sources, now: datetime, subjects: list[str] | None = None) -> tuple[float, int]:
    from django.db import connection

    from jiyue.obligations.engine import refresh

    counted: list[int] = []

    def count(execute, sql, params, many, context):
        counted.append(1)
        return execute(sql, params, many, context)

    began = time.perf_counter()
    with connection.execute_wrapper(count):
        done = [refresh(source, subjects=subjects, now=now) for source in sources]
    took = time.perf_counter() - began
    arisen = sum(each.arisen for each in done)
    figure(f"{name} ({len(counted)} statements, {arisen} duties made)", f"{took:.2f} s")
    return took, len(counted)


if __name__ == "__main__":
    raise SystemExit(main())
