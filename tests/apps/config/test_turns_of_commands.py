"""A command that publishes waits for the worker to be done with the site."""

from datetime import datetime

import pytest

from jiyue.config import release_acts
from jiyue.config.outcomes import WrongUse
from jiyue.publishing.turns import SiteBusy


def test_it_goes_on_as_soon_as_the_site_is_free():
    asked: list[datetime] = []

    def publish(*, now: datetime) -> str:
        asked.append(now)
        if len(asked) < 3:
            raise SiteBusy("www.chenghu.localhost")
        return "done"

    assert release_acts._at_its_turn(publish, "www.chenghu.localhost") == "done"
    assert len(asked) == 3 and asked == sorted(asked)


def test_it_says_in_one_line_that_the_site_stays_busy(monkeypatch):
    monkeypatch.setattr(release_acts, "PATIENCE", 0.3)

    def publish(*, now: datetime) -> str:
        raise SiteBusy("www.chenghu.localhost")

    with pytest.raises(WrongUse, match=r"后台一直在发布 www\.chenghu\.localhost"):
        release_acts._at_its_turn(publish, "www.chenghu.localhost")
