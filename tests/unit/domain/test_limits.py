from fractions import Fraction

import pytest

from jiyue.domain.limits import (
    FixedDate,
    NotALimit,
    Period,
    Rate,
    SameDay,
    Share,
    Span,
    Unit,
    WithEvent,
    parse_least,
    parse_limit,
    parse_month_day,
    parse_most,
    parse_share,
    parse_span,
)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("12 hours", Span(12, Unit.HOURS)),
        ("30 days", Span(30, Unit.DAYS)),
        ("5 working-days", Span(5, Unit.WORKING_DAYS)),
        ("2 weeks", Span(2, Unit.WEEKS)),
        ("6 months", Span(6, Unit.MONTHS)),
        ("1 year", Span(1, Unit.YEARS)),
        ("same-day", SameDay()),
        ("with-event", WithEvent()),
        ("by 01-31", FixedDate(1, 31)),
    ],
)
def test_a_limit_is_read_and_written_alike(text, limit):
    assert parse_limit(text) == limit
    assert str(limit) == text


def test_one_of_a_unit_may_be_written_either_way():
    assert parse_span("1 years") == parse_span("1 year") == Span(1, Unit.YEARS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("soon", "unknown_form"),
        ("5", "unknown_form"),
        ("-5 days", "unknown_form"),
        ("2.5 days", "unknown_form"),
        ("５ days", "unknown_form"),
        ("5  days", "unknown_form"),
        ("5 workdays", "unknown_unit"),
        ("0 days", "zero"),
        ("201 years", "too_large"),
        ("999999999 hours", "too_large"),
        ("by 13-01", "no_such_day"),
        ("by 02-30", "no_such_day"),
        ("by 02-29", "not_every_year"),
        ("by 1-31", "unknown_form"),
    ],
)
def test_what_is_no_limit_is_refused_with_its_reason(text, code):
    with pytest.raises(NotALimit) as refused:
        parse_limit(text)
    assert (refused.value.code, refused.value.text) in {(code, text), (code, text.removeprefix("by "))}


def test_rates_have_one_bound_and_may_have_a_period():
    assert parse_least("3 per week") == Rate(least=3, per=Period.WEEK)
    assert parse_most("1 per year") == Rate(most=1, per=Period.YEAR)
    assert parse_most("0") == Rate(most=0)
    assert str(parse_least("1 per half-year")) == "1 per half-year"
    assert str(parse_most("1")) == "1"
    with pytest.raises(ValueError, match="one bound"):
        Rate(least=1, most=1)
    with pytest.raises(ValueError, match="one bound"):
        Rate()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0 per week", "zero"),
        ("1 per fortnight", "unknown_period"),
        ("per week", "unknown_form"),
        ("99999", "too_large"),
    ],
)
def test_what_is_no_least_rate_is_refused(text, code):
    with pytest.raises(NotALimit) as refused:
        parse_least(text)
    assert refused.value.code == code


def test_a_share_is_rounded_up_because_only_that_keeps_the_minimum():
    thirty = parse_share("30 %")
    assert [thirty.least_of(total) for total in (0, 1, 3, 7, 10, 11)] == [0, 1, 1, 3, 3, 4]
    assert thirty.is_met(part=3, total=10)
    assert not thirty.is_met(part=3, total=11)
    assert parse_share("33.3%") == Share(Fraction(333, 10))
    assert str(parse_share("80 %")) == "80 %"


@pytest.mark.parametrize(("text", "code"), [("0 %", "out_of_range"), ("101 %", "out_of_range"), ("80", "unknown_form")])
def test_what_is_no_share_is_refused(text, code):
    with pytest.raises(NotALimit) as refused:
        parse_share(text)
    assert refused.value.code == code


def test_a_named_day_stands_alone_too():
    assert parse_month_day("01-31") == FixedDate(1, 31)
