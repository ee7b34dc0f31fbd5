"""Two overseers at the same moment: one decision counts, the other person reads why hers does not."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from jiyue.obligations.enrolling import enrol
from jiyue.obligations.models import StandingDuty
from jiyue.rules.actions import ChangeNotAllowed, Unusable, approve, assign_pack, install_pack, propose_override
from jiyue.rules.models import LocalPack, Override, PackAssignment
from tests.apps.rules.decisions import overseers, pack_files

REPLY = "message.reply"


def override(cast, now, by, days: int) -> Override:
    return propose_override(
        organisation=cast.city.organisation, parameter=REPLY, value=f"limit: {days} working-days", from_on=now.date(),
        document="澄湖市留言办理规定", grounds="本地要求更高", by=by, now=now,
    )  # fmt: skip


def assignment(cast, now, by, number: int) -> PackAssignment:
    pack = ("hebi", "xiangxi")[number % 2]
    return assign_pack(
        organisation=cast.city.organisation, pack=pack, from_on=now.date(), grounds="按属地适用", by=by, now=now
    )


def own_pack(cast, now, by, number: int) -> LocalPack:
    """Two governments take the same name, from different days on: no constraint of one table could see that."""
    unit = (cast.city, cast.outside)[number % 2].organisation
    files = pack_files("chenghu", {REPLY: {now.date().isoformat(): f"{number} working-days"}})
    return install_pack(
        name="chenghu", files=files, in_force_on=now.date() + timedelta(days=number), grounds="自行规定",
        organisation=unit, by=by, now=now,
    )  # fmt: skip


MAKERS = [override, assignment, own_pack]


@pytest.mark.django_db
@pytest.mark.parametrize("make", MAKERS)
def test_the_second_of_two_for_the_same_is_refused_in_words(cast, now, make):
    one, two = overseers(None, now=now)
    first, second = make(cast, now, one, 4), make(cast, now, two, 3)
    approve(proposal=first, by=two, now=now)
    with pytest.raises(Unusable):
        approve(proposal=second, by=one, now=now)
    second.refresh_from_db()
    assert second.state == "proposed"


@pytest.mark.django_db
def test_the_same_proposal_is_answered_once(cast, now):
    one, two = overseers(None, now=now)
    third = overseers(None, now=now, prefix="lingwai")[0]
    proposal = override(cast, now, one, 3)
    stale = Override.objects.get(pk=proposal.pk)
    approve(proposal=proposal, by=two, now=now)
    with pytest.raises((ChangeNotAllowed, Unusable)):
        approve(proposal=stale, by=third, now=now)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", MAKERS)
def test_at_the_very_same_moment_too(cast, now, make):
    """On PostgreSQL; of two processes on SQLite one has begun before the other, which is the test above."""
    one, two = overseers(None, now=now)
    first, second = make(cast, now, one, 4), make(cast, now, two, 3)
    told = together(lambda: approve(proposal=first, by=two, now=now), lambda: approve(proposal=second, by=one, now=now))
    assert sorted(map(type, told), key=str) == [type(None), Unusable]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_unit_is_enrolled_once(cast, now):
    act = {"parameter": "site.report", "unit": cast.city.organisation, "from_on": now.date(), "by": cast.overseer}
    told = together(*[lambda: enrol(**act, now=now)] * 2)
    assert [isinstance(each, ValidationError) for each in told].count(True) == 1
    assert StandingDuty.objects.count() == 1


def together(*acts: Callable[[], object]) -> list[Exception | None]:
    """Let these begin at the same moment, each in its own connection; gives what each was refused with."""
    ready = threading.Barrier(len(acts))
    told: list[Exception | None] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            ready.wait()
            acts[place]()
        except (ValidationError, PermissionDenied) as refusal:
            told[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
