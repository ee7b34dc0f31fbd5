"""Public versions of answered letters, made through the actions by the people whose work it is."""

import gzip
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from jiyue.content.actions import save_column
from jiyue.content.models import Column, PublicAnswer
from jiyue.foundation.home import Home
from jiyue.interaction import publicity
from jiyue.interaction.models import Case, PublicVersion
from jiyue.publishing.publisher import Publisher
from tests.cast import TEST, Tenant, sign_all, structured
from tests.letters import Office

BASE = "zmhd/lxgk/"


def with_answers(tenant: Tenant, *, now: datetime, figures: bool = False) -> Tenant:
    """The same tenant with 政民互动 and 来信公开 at `/zmhd/lxgk/`, signed."""
    top = Column(
        site=tenant.site, kind=Column.Kind.CHANNEL, channel=Column.Channel.INTERACTION, name="政民互动", slug="zmhd",
        responsible=tenant.organisation, position=30,
    )  # fmt: skip
    tenant.columns["zmhd"] = save_column(column=top, by=TEST, now=now)
    answers = Column(
        site=tenant.site, parent=top, kind=Column.Kind.ANSWERS, channel=Column.Channel.INTERACTION, name="来信公开",
        slug="lxgk", responsible=tenant.organisation, position=31, publishes_figures=figures,
    )  # fmt: skip
    tenant.columns["lxgk"] = save_column(column=answers, by=TEST, now=now)
    structured(tenant, now=now)
    return tenant


def prepared(case: Case, office: Office, *, now: datetime, **words: str) -> PublicVersion:
    """The suggested texts, or others, before the reviewer of replies."""
    found = publicity.suggested(case, now=now)
    given = {"title": found.title, "question": found.question, "answer": found.answer, **words}
    known = PublicVersion.objects.filter(case=case).first()
    return publicity.prepare(
        case=case, column=office.tenant.columns["lxgk"], by=office.handler, now=now, version=known.version if known else 0,
        **given,
    )  # fmt: skip


def confirmed(case: Case, office: Office, *, now: datetime, **words: str) -> PublicVersion:
    version = prepared(case, office, now=now, **words)
    keys = [place.key for found in publicity.places_of(version).values() for place in found]
    return publicity.confirm(version=version, looked_at=keys, by=office.replier, now=now)


def made_public(case: Case, office: Office, *, now: datetime, **words: str) -> PublicAnswer:
    """Prepared, confirmed, reviewed, signed and published."""
    version = confirmed(case, office, now=now, **words)
    sign_all(office.tenant, publicity.submit(version=version, by=office.handler, now=now), now=now)
    Publisher().publish(office.tenant.site, now=now)
    return PublicVersion.objects.get(case=case).record


def everything_outside(home: Home) -> Iterator[tuple[Path, bytes]]:
    """Every file of the deployed trees as readers get it, packed ones unpacked: pages, feeds, maps, data, changes."""
    for root in (*(one.resolve() for one in home.deployed.iterdir()), home.heads, home.releases):
        for folder, _folders, names in os.walk(root, followlinks=True):
            for path in (Path(folder) / name for name in names):
                data = path.read_bytes()
                yield path, gzip.decompress(data) if path.suffix == ".gz" else data
