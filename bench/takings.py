"""One item, many takers: how long from its signature until every site that takes it by rule has it in the ledger (C1).

    PYTHONPATH=src:. python bench/takings.py [--takers 200]

Works in a home of its own that is deleted afterwards. Publishing the sites is measured elsewhere (`bench/publishing.py`).
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takers", type=int, default=200)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="jiyue-takings-"))
    os.environ |= {"JIYUE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base"}
    try:
        json.dump(_measured(options.takers), sys.stdout, indent=1)
        sys.stdout.write("\n")
    finally:
        shutil.rmtree(home)


def _measured(takers: int) -> dict[str, float]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.cast import build_cast, draft, reviewed

    from jiyue.config.takings import heed_signed
    from jiyue.foundation import outbox
    from jiyue.review import taking
    from jiyue.review.models import SignOff

    now = datetime.now(UTC)
    outbox.subscribe("review.signed_off", heed_signed)
    cast = build_cast(now=now)
    _rules(cast, takers, now)
    while outbox.deliver(now=now):
        continue
    record = draft(cast.city, now=now, emergency=True)
    began = time.perf_counter(), time.process_time()
    reviewed(cast.city, record, now=now)
    signed = time.perf_counter()
    while outbox.deliver(now=now):
        continue
    planned = time.perf_counter()
    record.__class__.objects.filter(pk=record.pk).update(state="published")
    while taking.take_due(now=now):
        continue
    taken = time.perf_counter()
    if SignOff.objects.filter(act="place").count() != takers:
        raise SystemExit("not every site took it")
    return {
        "takers": takers, "planning_seconds": round(planned - signed, 3), "taking_seconds": round(taken - planned, 3),
        "processor_seconds": round(time.process_time() - began[1], 3),
    }  # fmt: skip


def _rules(cast, takers: int, now: datetime) -> None:
    from tests.cast import TEST, sign_all

    from jiyue.content.actions import save_column
    from jiyue.content.models import Column, TakingRule
    from jiyue.content.takings import save_rule
    from jiyue.estate.actions import appoint, save_site
    from jiyue.estate.models import Block, Site
    from jiyue.review.taking import submit_rule

    outside = cast.outside
    for number in range(takers):
        site = Site(
            name=f"取用网站{number}", kind=Site.Kind.DEPARTMENT, host=f"taker{number}.chenghu.localhost",
            owner=outside.organisation, blocks=list(Block.values),
        )  # fmt: skip
        save_site(site=site, by=TEST, now=now)
        for role in ("editor", "final"):
            appoint(user=outside.people[role], site=site, role=_role(role), by=TEST, now=now)
        column = Column(
            site=site, kind=Column.Kind.NEWS, channel=Column.Channel.NEWS, name="要闻", slug="yw",
            responsible=outside.organisation, description="要闻的说明", keywords="要闻",
        )  # fmt: skip
        save_column(column=column, by=TEST, now=now)
        rule = TakingRule(column=column, origin=cast.city.site, from_on=now.date())
        rule = save_rule(rule=rule, by=outside.editor, now=now)
        sign_all(outside, submit_rule(rule=rule, by=outside.editor, now=now), now=now)


def _role(part: str) -> str:
    from tests.cast import SITE_PEOPLE

    return SITE_PEOPLE[part]


if __name__ == "__main__":
    main()
