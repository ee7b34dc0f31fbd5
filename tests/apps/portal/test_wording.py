"""How moments, days, sizes and data blocks are written."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jiyue.portal.wording import (
    NaiveMoment,
    data_block,
    day,
    file_size,
    machine,
    minute,
    minute_after,
    rfc822,
    written_day,
    xml_text,
)

MOMENT = datetime(2026, 11, 20, 16, 30, 59, tzinfo=UTC)


def test_moments_are_told_in_shanghai_to_the_minute() -> None:
    assert minute(MOMENT) == "2026-11-21 00:30"
    assert day(MOMENT) == "2026-11-21"
    assert machine(MOMENT) == "2026-11-21T00:30:59+08:00"
    assert rfc822(MOMENT) == "Fri, 20 Nov 2026 16:30:59 GMT"


def test_days_have_no_zone() -> None:
    assert day(date(2026, 1, 5)) == machine(date(2026, 1, 5)) == "2026-01-05"
    assert written_day(date(2026, 1, 5)) == "2026年1月5日"


def test_an_end_on_the_day_of_its_beginning_is_told_without_the_day() -> None:
    """The day is that of Shanghai: here it changes between the two, though not in UTC."""
    begin = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert minute_after(begin + timedelta(minutes=20), begin) == "23:50"
    assert minute_after(begin + timedelta(hours=1), begin) == "2026-11-21 00:30"


@pytest.mark.parametrize("write", [minute, day, machine, rfc822, written_day])
def test_a_moment_without_zone_is_refused(write: object) -> None:
    with pytest.raises(NaiveMoment):
        write(datetime(2026, 1, 5, 9, 0))  # type: ignore[operator]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "1 KB"), (900, "1 KB"), (1024, "1.0 KB"), (48_300, "47 KB"), (1_258_291, "1.2 MB"), (3 * 1024**3, "3.0 GB")],
)
def test_sizes_are_told_in_the_unit_that_fits(size: int, words: str) -> None:
    assert file_size(size) == words


def test_a_data_block_cannot_end_its_element() -> None:
    assert "<" not in data_block({"a": "</script><!--<script>&\u2028"})
    assert ">" not in data_block({"a": "]]>"})


def test_xml_keeps_only_what_it_can_carry() -> None:
    assert xml_text("甲\x00乙\x0b丙\n") == "甲乙丙\n"
