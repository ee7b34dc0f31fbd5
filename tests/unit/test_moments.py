"""A day without an hour is its midnight in Shanghai, whatever zone it is written in."""

from datetime import UTC, datetime, timedelta

from jiyue.domain.moments import SHANGHAI, begins_day


def test_midnight_in_shanghai_stands_for_a_day():
    assert begins_day(datetime(2004, 5, 17, tzinfo=SHANGHAI))
    assert begins_day(datetime(2004, 5, 16, 16, tzinfo=UTC))


def test_every_other_moment_has_its_hour():
    midnight = datetime(2004, 5, 17, tzinfo=SHANGHAI)
    assert not any(begins_day(midnight + timedelta(microseconds=after)) for after in (1, 10**6, 60 * 10**6))
    assert not begins_day(datetime(2004, 5, 17, tzinfo=UTC))
