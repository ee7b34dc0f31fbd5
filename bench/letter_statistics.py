"""How long the figures about letters take: counted from the accounts of many letters, stated, baked, and after one more step.

    python bench/letter_statistics.py [--letters 1000000] [--quick]

An own home with one site. The accounts are written with their seals, as the steps write them; then everything is counted
anew from the accounts with each seal checked (what an audit does), the day's statement is written from the running sums,
the page is baked, and one more letter goes through its steps. Goal: statement and page ≤ 10 s with 1,000,000 letters
(issue 5, D); the count from all accounts is told beside it.
"""

import argparse
import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
GOAL = 10.0  # seconds
CHUNK = 5000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="2000 letters")
    options = parser.parse_args()
    letters = 2000 if options.quick else options.letters
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"JIYUE_HOME": f"{folder}/var", "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.test"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        return _measured(letters)


def _measured(letters: int) -> int:
    from tests.cast import build_cast
    from tests.letters import letter, office
    from tests.public_answers import with_answers

    from jiyue.interaction.accounts import counted_anew, sums_of
    from jiyue.publishing import figures
    from jiyue.publishing.publisher import Publisher

    now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    city = with_answers(build_cast(now=now).city, now=now, figures=True)
    desk = office(city, now=now)
    publisher = Publisher()
    publisher.publish(city.site, now=now)
    _fill(city.site.pk, letters)
    counting = _timed(lambda: counted_anew(city.site.pk))
    assert counted_anew(city.site.pk) == sums_of(city.site.pk) if letters <= 100_000 else True
    stating = _timed(lambda: figures.state_all(now))
    baking = _timed(lambda: publisher.publish(city.site, now=now))
    one_more = _timed(lambda: letter(desk.tenant, now=now))
    print(f"letters                      {letters:>12,}")
    print(f"counted anew, seals checked  {counting:>12.2f} s")
    print(f"statement of the day         {stating:>12.3f} s")
    print(f"pages baked and deployed     {baking:>12.3f} s")
    print(f"one more letter              {one_more:>12.3f} s")
    return 0 if stating + baking <= GOAL else 1


def _fill(site: int, letters: int) -> None:
    """Letters with sealed accounts, and the sums that their steps would have left."""
    from jiyue.interaction.accounts import ACCOUNT, FIGURES, account_facts, summed
    from jiyue.interaction.models import Case, LetterAccount, UnitFigures
    from jiyue.review.sealing import seals

    first, kinds = datetime(2016, 1, 4, 1, tzinfo=UTC), ("enquiry", "complaint", "suggestion", "help")
    for start in range(0, letters, CHUNK):
        cases = [_case(site, n, first, letters, kinds) for n in range(start, min(start + CHUNK, letters))]
        accounts = []
        for case in Case.objects.bulk_create(cases):
            account = LetterAccount(
                case=case, desk_id=site, kind=case.kind, received_on=case.received_at.date(), clock_at=case.clock_at,
                answered_at=case.met_at, days=case.pk % 12, in_time=case.pk % 9 > 0, rating=case.pk % 5 + 1,
            )  # fmt: skip
            account.seal = seals().seal(ACCOUNT, account_facts(account))
            accounts.append(account)
        LetterAccount.objects.bulk_create(accounts)
    sums = summed(LetterAccount.objects.filter(desk=site).iterator(chunk_size=2000))
    row = UnitFigures(desk_id=site, sums=sums)
    row.seal = seals().seal(FIGURES, {"desk": site, "sums": sums})
    row.save()


def _case(site: int, n: int, first: datetime, letters: int, kinds: tuple[str, ...]):
    from jiyue.interaction.models import Case

    days = (date(2026, 11, 1) - first.date()).days
    at = first + timedelta(days=n * days // letters)
    return Case(
        number=f"B{n:010d}", site_id=site, desk_id=site, kind=kinds[n % 4], state="closed", title="样信", text="样信",
        received_at=at, recorded_at=at, clock_at=at, accepted_at=at, met_at=at + timedelta(days=n % 12),
    )  # fmt: skip


def _timed(act) -> float:
    begins = time.perf_counter()
    act()
    return time.perf_counter() - begins


if __name__ == "__main__":
    sys.exit(main())
