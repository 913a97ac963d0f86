"""Numbers of people in descriptions: which are the project's own, and whether they contradict the planned number."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.quality.headcounts import disagreement, headcounts
from kg.quality.numbers import number, quantities

CASES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "headcounts.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_there_are_cases() -> None:
    assert len(CASES) > 50


@pytest.mark.parametrize(("planned", "expected", "text"), CASES)
def test_a_text_contradicts_the_field_only_with_the_projects_own_number(planned: str, expected: str, text: str) -> None:
    stated = [] if planned == "-" else [int(planned)]
    found = disagreement(stated, headcounts(text))

    assert (found.count.quantity.printed if found else "-") == expected.removeprefix("totalt ")
    assert found is None or found.count.quote in text


@given(st.integers(2, 999_999))
def test_numbers_are_read_back_with_any_separator(value: int) -> None:
    plain, parted = str(value), f"{value:,}"

    for separator in (" ", "\u00a0", "\u202f", "."):
        assert number(parted.replace(",", separator)) == value
        (found,) = quantities(f"för {parted.replace(',', separator)} personer")
        assert (found.value, found.allows(value)) == (value, True)
    assert number(plain) == value


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for found in quantities(text):
        assert text[found.start : found.end] == found.printed
    headcounts(text)
