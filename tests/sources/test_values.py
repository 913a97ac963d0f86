"""Printed values become typed values, or a problem that names its rule."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from kg import dates, values
from kg.dates import Period
from kg.values import Money, ValueProblem

SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "\u2009"])
DAYS = st.dates(date(dates.EARLIEST_YEAR, 1, 1), date(dates.LATEST_YEAR, 12, 31))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2023-08-01", date(2023, 8, 1)),
        ("2023-8-1", date(2023, 8, 1)),
        ("2023–08–01", date(2023, 8, 1)),
        ("20230801", date(2023, 8, 1)),
        ("2023/08/01", date(2023, 8, 1)),
        ("01/08/2023", date(2023, 8, 1)),
        ("01-08-2023", date(2023, 8, 1)),
        ("1.8.2023", date(2023, 8, 1)),
        ("1 augusti 2023", date(2023, 8, 1)),
        ("den 1 AUG. 2023", date(2023, 8, 1)),
        ("2023-08-01T00:00:00", date(2023, 8, 1)),
        ("2023-08-01 00:00:00", date(2023, 8, 1)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_date_is_read_in_every_spelling(printed: str, expected: date) -> None:
    assert dates.parse_date(printed) == expected


@pytest.mark.parametrize(
    ("printed", "rule"),
    [
        ("2023-02-31", "impossible-date"),
        ("2023-02-29", "impossible-date"),
        ("31/13/2023", "impossible-date"),
        ("1023-02-03", "implausible-date"),
        ("hösten 2023", "not-a-date"),
        ("2023", "not-a-date"),
        ("3 hösten 2023", "not-a-date"),
        ("2023-08-01-2023-09-01", "not-a-date"),
        ("", "not-a-date"),
    ],
)
def test_a_wrong_date_names_its_rule(printed: str, rule: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        dates.parse_date(printed)

    assert caught.value.rule == rule


@given(DAYS, DAYS, st.sampled_from([" - ", "-", " – ", " till ", " -- ", "–", " t.o.m. "]))
def test_a_period_is_read_with_every_sign_between(start: date, end: date, sign: str) -> None:
    assert dates.parse_period(f"{start}{sign}{end}") == Period(start, end)


@given(DAYS, DAYS)
def test_a_compact_period_is_read(start: date, end: date) -> None:
    assert dates.parse_period(f"{start:%Y%m%d}-{end:%Y%m%d}") == Period(start, end)


def test_half_a_period_keeps_its_half() -> None:
    assert dates.parse_period("2017-09-01 - ") == Period(date(2017, 9, 1), None)
    assert dates.parse_period(" - 2017-09-01") == Period(None, date(2017, 9, 1))


@given(st.integers(0, 10**12), SPACES)
def test_money_in_groups_of_three_is_read(amount: int, space: str) -> None:
    assert values.parse_money(f"{amount:,}".replace(",", space)) == Money(Decimal(amount), "SEK")


@given(st.decimals(0, 10**9, places=2), st.sampled_from([" ", ".", "\u00a0"]))
def test_money_with_decimal_comma_is_read(amount: Decimal, group: str) -> None:
    printed = f"{amount:,.2f}".replace(",", "G").replace(".", ",").replace("G", group)

    assert values.parse_money(f"{printed} EUR") == Money(amount, "EUR")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("9 612 018 kr", Money(Decimal(9612018), "SEK")),
        ("9612018:-", Money(Decimal(9612018), "SEK")),
        ("9612018,-", Money(Decimal(9612018), "SEK")),
        ("SEK 9 612 018", Money(Decimal(9612018), "SEK")),
        ("€ 1,234.50", Money(Decimal("1234.50"), "EUR")),
        ("0", Money(Decimal(0), "SEK")),
        ("1.5", Money(Decimal("1.5"), "SEK")),
    ],
)
def test_money_is_read_with_its_currency(printed: str, expected: Money) -> None:
    assert values.parse_money(printed) == expected


@pytest.mark.parametrize(
    ("printed", "rule"),
    [
        ("-5 000", "negative-amount"),
        ("−5 000", "negative-amount"),
        ("12 34 567", "not-a-number"),
        ("1 2345", "not-a-number"),
        ("1.23.4", "not-a-number"),
        ("cirka 5 000", "not-an-amount"),
        ("5 000 USD", "not-an-amount"),
        ("9" * 40, "not-a-number"),
    ],
)
def test_a_wrong_amount_names_its_rule(printed: str, rule: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        values.parse_money(printed)

    assert caught.value.rule == rule


@given(st.integers(0, 1000))
def test_a_rate_is_the_same_in_every_spelling(per_mille: int) -> None:
    fraction = Decimal(per_mille) / 1000
    per_cent = Decimal(per_mille) / 10

    assert values.parse_rate(f"{per_cent} %".replace(".", ",")) == fraction
    assert values.parse_rate(f"{per_cent}%") == fraction
    assert values.parse_rate(f"{per_cent} procent") == fraction
    if per_cent > 1:
        assert values.parse_rate(f"{per_cent}") == fraction
    if fraction < 1:
        assert values.parse_rate(f"{fraction:.3f}".replace(".", ",") + "0") == fraction


@pytest.mark.parametrize("printed", ["101%", "-1%", "1000"])
def test_an_impossible_rate_is_refused(printed: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        values.parse_rate(printed)

    assert caught.value.rule == "impossible-rate"


@pytest.mark.parametrize(
    ("printed", "rule"), [("-3", "negative-count"), ("3,5", "not-a-count"), ("många", "not-a-number")]
)
def test_a_wrong_count_names_its_rule(printed: str, rule: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        values.parse_count(printed)

    assert caught.value.rule == rule


@given(st.from_regex(r"\A[0-9]{9}\Z"))
def test_the_check_digit_agrees_with_an_independent_library(nine: str) -> None:
    digit = luhn.calc_check_digit(nine)

    assert values.passes_luhn(nine + digit)
    assert not values.passes_luhn(nine + str((int(digit) + 1) % 10))


@pytest.mark.parametrize(
    "printed", ["212000-3005", "2120003005", "SE212000300501", "162120003005", "212000–3005", "212000 3005"]
)
def test_an_organisation_number_is_read_in_every_spelling(printed: str) -> None:
    assert values.parse_organisation_number(printed) == "2120003005"


@pytest.mark.parametrize(
    ("printed", "rule"),
    [
        ("2220002486", "wrong-check-digit"),
        ("222000248", "not-an-organisation-number"),
        ("Linköping", "not-an-organisation-number"),
        ("8001011239", "person-number"),
        ("000000-0000", "not-an-organisation-number"),
        ("19800101-1239", "person-number"),
    ],
)
def test_a_wrong_organisation_number_names_its_rule(printed: str, rule: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        values.parse_organisation_number(printed)

    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("58220", "58220"),
        ("582 20", "58220"),
        ("SE-582 20", "58220"),
        ("58220 LINKÖPING", "58220"),
        ("58220.0", "58220"),
        ("Box 12345, 221 00 Lund", "22100"),
        ("Storgatan 1, S-582 20 Linköping", "58220"),
    ],
)
def test_a_postcode_is_five_digits(printed: str, expected: str) -> None:
    assert values.parse_postcode(printed) == expected


@pytest.mark.parametrize("printed", ["5822", "05822", "582200", "58 220 A", "12345 678", "D-10115 Berlin", "FI-20100"])
def test_a_wrong_postcode_is_refused(printed: str) -> None:
    with pytest.raises(ValueProblem):
        values.parse_postcode(printed)


@given(st.text(max_size=40))
def test_no_text_breaks_a_parser(text: str) -> None:
    for parse in (
        dates.parse_date,
        dates.parse_period,
        values.parse_number,
        values.parse_money,
        values.parse_rate,
        values.parse_count,
        values.parse_boolean,
        values.parse_postcode,
        values.parse_organisation_number,
    ):
        try:
            parse(text)
        except ValueProblem as problem:
            assert problem.rule


@given(st.text(st.sampled_from(" \t\n\x0b\x1c\x85\u00a0\u1680\u200b\u200c\u202f\u3000\ufeffa1å–")))
def test_tidying_takes_every_white_space_for_one(text: str) -> None:
    spaces = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+")

    assert values.tidy(text) == spaces.sub(" ", text).strip()
