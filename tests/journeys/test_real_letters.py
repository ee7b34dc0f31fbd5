"""Letters that people really wrote, 2011 to 2020, with the answers that they were given and when.

They go through the acts as if they had been written here, up to the public list: clocks, figures, repeated letters and
what readers get are compared with lines of their own that use nothing of the program. Some sixty in CI; all 1,665
with JIYUE_LETTERS=all.
"""

import html
import re
import statistics
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from jiyue.content.models import PublicAnswer
from jiyue.domain.deadlines import SHANGHAI, Due
from jiyue.domain.duty_moments import moments_of
from jiyue.domain.letter_figures import median
from jiyue.domain.rulesets import Answer
from jiyue.foundation.audit import broken_links
from jiyue.foundation.home import Home
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import publicity
from jiyue.interaction.accounts import counted_anew, sums_of
from jiyue.interaction.models import Case, PublicVersion
from jiyue.interaction.queries import alike
from jiyue.interaction.sealed import opened
from jiyue.publishing import figures
from jiyue.publishing.publisher import Publisher
from jiyue.review.refusals import NotReady, StoppedByChecks
from jiyue.rules.library import shipped
from jiyue.rules.reckoning import reckon
from tests.cast import sign_all
from tests.letters import answered, letter, office
from tests.public_answers import BASE, confirmed, everything_outside, with_answers
from tests.real_letters import last_day, moment, real, wanted, worked_between
from tests.unit.domain.calendars import SHIPPED

TODAY = date(2026, 11, 22)
PACKS = ("national", "hubei", "ningxia", "hebi", "chaoyang", "xiangxi")
# 鹤壁第二十九条, as a person reads it. 湘西第十七条 says what the nation does; where a text says 及时 or the like, the nation's
# days hold, which rest on two reports of 2015 and 2017 alone.
LIMITS = dict.fromkeys(PACKS, (7, 15)) | {"hebi": (5, 10)}
REPEATED = 34  # of all letters; each pair was read, and each asks for the same


@pytest.mark.req("INT-04", "CAL-01")
@pytest.mark.parametrize("pack", PACKS)
def test_the_clock_of_each_letter_under_each_pack(pack):
    answer = shipped().ruleset(pack).answer("message.reply", TODAY)
    usual, longest = LIMITS[pack]
    late = 0
    for row in real():
        start = moment(row["asked_at"])
        found = reckon(answer, start=start, calendar=SHIPPED)
        latest = found.latest or slowest(answer, start)
        assert found.due.at.astimezone(SHANGHAI).date() == last_day(start.date(), usual), row["id"]
        assert latest.at.astimezone(SHANGHAI).date() == last_day(start.date(), longest), row["id"]
        late += moment(row["replied_at"]) > latest.at
    assert late == sum(
        moment(row["replied_at"]).date() > last_day(moment(row["asked_at"]).date(), longest) for row in real()
    )
    assert 0 < late < len(real())


def slowest(answer: Answer, start: datetime) -> Due:
    """Until when a letter may be answered that was at once said to be of the class with the longest limit (湘西)."""
    names = [each.name for each in answer.found.terms.classes]
    moments = [moments_of(answer, start=start, calendar=SHIPPED, classed=[(name, start)]) for name in names]
    return max((each.due for each in moments), key=lambda due: due.at)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.req("INT-03", "INT-04", "INT-05")
def test_real_letters_go_all_the_way_to_the_public_list_and_repeated_ones_are_hinted(cast):
    rows = wanted()
    founded = moment(rows[0]["asked_at"]) - timedelta(days=1)
    desk = office(with_answers(cast.city, now=founded, figures=True), now=founded)
    cases = taken_in(rows, desk)
    for row in sorted(rows, key=lambda row: row["replied_at"]):
        answered(cases[row["id"]], desk, now=moment(row["replied_at"]), text=row["reply"])
    stored = Case.objects.in_bulk(field_name="number")
    assert all(
        case.state == "answered" and case.met_at == moment(row["replied_at"])
        for row, case in ((row, stored[cases[row["id"]].number]) for row in rows)
    )
    assert_figures(cast.city, rows)
    public = [row for row in rows if made_public(stored[cases[row["id"]].number], desk, row)]
    site, end = cast.city.site, moment(max(row["replied_at"] for row in rows)) + timedelta(days=1)
    Publisher().publish(site, now=end)
    assert figures.state_all(end) == 1
    Publisher().publish(site, now=end)
    root = Home(Path(settings.JIYUE_HOME)).public_root(site.host) / BASE
    assert len(public) > 0.95 * len(rows)  # for the others the checks want more hidden than is proposed
    assert listed(root) == Counter(in_the_list(row) for row in public)
    assert told(root) == counted(rows)
    assert_nothing_private([*cases.values()])
    assert broken_links(AuditEvent.objects.order_by("sequence")) == []


def taken_in(rows: list[dict], desk) -> dict[str, Case]:
    """Each letter through the box, and which earlier ones the clerk was shown beside it."""
    hinted: set[tuple[str, str]] = set()
    cases: dict[str, Case] = {}
    for row in rows:
        case = letter(
            desk.tenant, now=moment(row["asked_at"]), title=row["title"], text=row["content"],
            phone=f"000-{int(row['user'].strip('AU')):08d}",
        )  # fmt: skip
        cases[row["id"]] = case
        hinted |= {
            (case.number, other.case.number)
            for other in alike(case, desk.clerk)
            if not other.same_sender or other.share >= 0.5
        }
    ids = {case.number: key for key, case in cases.items()}
    assert {(ids[one], ids[other]) for one, other in hinted} == repeated(rows)
    assert len(hinted) == REPEATED or len(rows) < len(real())
    return cases


def made_public(case: Case, desk, row: dict) -> bool:
    """As the program proposes it, each place looked at, reviewed and signed; False where the checks wanted more hidden."""
    now = moment(row["replied_at"])
    words = {} if len(case.title) <= 60 else {"title": f"{case.title[:58]}…"}
    try:
        review = publicity.submit(version=confirmed(case, desk, now=now, **words), by=desk.handler, now=now)
    except (NotReady, StoppedByChecks):
        return False
    sign_all(desk.tenant, review, now=now)
    return True


def in_the_list(row: dict) -> tuple[str, str]:
    """The days that readers see: accepted, which was the moment of the answer here, and answered."""
    day = moment(row["replied_at"]).date().isoformat()
    return day, day


def listed(root: Path) -> Counter:
    """What stands in the list, page by page, read as a reader's program would."""
    found = {}
    for page in (root / "index.html", *(root / "list").glob("*.html")):
        for line in re.findall(r'<li class="item">(.*?)</li>', page.read_text(), re.DOTALL):
            [address] = re.findall(r'href="([^"]+)"', line)
            found[address] = tuple(re.findall(r'<time[^>]*datetime="(\d{4}-\d\d-\d\d)', line))
            assert (root.parents[1] / address.lstrip("/")).exists(), address
    return Counter(found.values())


def assert_figures(city, rows: list[dict]) -> None:
    """What the program counted, against a count by lines of our own."""
    sums = sums_of(city.site.pk)
    assert sums == counted_anew(city.site.pk)
    assert sorted(sums) == sorted({row["asked_at"][:4] for row in rows})
    for year, kinds in sums.items():
        asked = [(moment(row["asked_at"]), moment(row["replied_at"])) for row in rows if row["asked_at"][:4] == year]
        days = [worked_between(start.date(), end.date()) for start, end in asked]
        [found] = kinds.values()
        assert (found["received"], found["answered"]) == (len(asked), len(asked))
        assert median({int(n): count for n, count in found["days"].items()}) == statistics.median(days)
        assert found["in_time"] == sum(end.date() <= last_day(start.date(), 7) for start, end in asked)


def repeated(rows: list[dict]) -> set[tuple[str, str]]:
    """Pairs within 60 days whose texts share half of their pairs of characters, by lines of our own."""

    def pairs(row):
        plain = "".join(filter(str.isalnum, row["title"] + row["content"]))
        return {plain[n] + plain[n + 1] for n in range(len(plain) - 1)}

    found = set()
    for n, row in enumerate(rows):
        for other in rows[:n]:
            if moment(row["asked_at"]) - moment(other["asked_at"]) <= timedelta(days=60):
                mine, theirs = pairs(row), pairs(other)
                if len(mine & theirs) * 2 >= len(mine | theirs):
                    found.add((row["id"], other["id"]))
    return found


def told(root: Path) -> dict[str, tuple[str, ...]]:
    """Received, answered, in time and median of each year, as the pages of the statistics tell them."""
    found = {}
    for page in (root / "statistics").rglob("index.html"):
        text = page.read_text()
        [year] = re.findall(r"<h1>[^<]*（(\d{4}) 年）", text)
        found[year] = tuple(html.unescape(value) for value in re.findall(r"<dt>[^<]+</dt><dd>([^<]+)</dd>", text)[:4])
    return found


def counted(rows: list[dict]) -> dict[str, tuple[str, ...]]:
    """The same by lines of our own."""
    years: dict[str, list[dict]] = {}
    for row in rows:
        years.setdefault(row["asked_at"][:4], []).append(row)
    found = {}
    for year, asked in years.items():
        pairs = [(moment(row["asked_at"]).date(), moment(row["replied_at"]).date()) for row in asked]
        kept = sum(end <= last_day(start, 7) for start, end in pairs)
        middle = statistics.median(worked_between(start, end) for start, end in pairs)
        found[year] = (str(len(pairs)), str(len(pairs)), f"{100 * kept // len(pairs)}%", f"{middle:g} 个工作日")
    return found


def assert_nothing_private(cases: Iterable[Case]) -> None:
    """No number of a letter and no telephone number that its sender left, in any byte that leaves the house."""
    outside = b"".join(data for _path, data in everything_outside(Home(Path(settings.JIYUE_HOME))))
    assert PublicAnswer.objects.exists() and PublicVersion.objects.exists()
    private = {case.number for case in cases} | {opened("sender", case.number, case.sender)["phone"] for case in cases}
    assert [one for one in private if one.encode() in outside] == []
